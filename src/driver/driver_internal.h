/* SPDX-License-Identifier: GPL-2.0-or-later */
/* driver_internal.h - what the driver's files share. Not for others. */
#ifndef VNM_RUN_DRIVER_INTERNAL_H
#define VNM_RUN_DRIVER_INTERNAL_H

#include "model/pool.h"
#include "plan/conflict/other_net.h"
#include "plan/plan.h"
#include "plan/plan_attach.h"
#include "driver/assume.h"
#include "driver/driver.h"
#include "run/exec.h"
#include "run/hook.h"
#include "state/journal.h"
#include "state/owner.h"
#include "state/paths.h"
#include "state/store.h"
#include "sys/sys.h"
#include "xml/attach_xml.h"
#include "xml/network_xml.h"

/**
 * struct vnm_driver - see driver.h
 * @root: as it was given; NULL: the system's directories
 * @assumed: nothing is done (assume.h); NULL: it is
 * @lock_fd: -1: another command is at work, and this one only reads
 * @late: vnm_driver_settle() is still to be called, with @wait as it was given
 * @previews: nothing may be made, not even what others are planned from
 * @owned: the run directory says that it describes our namespaces
 * @guard: for the uplinks that are started
 * @guests: the attachments of the network @guests_of, as last read
 * @guests_unread: that they could not be read was told
 * @persistent: the definitions; @live: those of active networks, in the run directory
 */
struct vnm_driver {
	struct vnm_paths paths;
	char *root;
	struct vnm_guard guard;
	struct vnm_report report;
	struct vnm_assumed *assumed;
	int lock_fd, autostart_fd, run_fd;
	bool owned, late, previews;
	int wait;
	struct vnm_store persistent, live;
	struct vnm_sys sys;
	struct vnm_attachments guests;
	char *guests_of;
	bool guests_unread;
	struct vnm_schema *schema; /* loaded when first needed */
};

/** struct vnm_other_nets - other networks, loaded; @refs points into @nets. */
struct vnm_other_nets {
	struct vnm_network *nets;
	struct vnm_other_net *refs;
	size_t n;
	bool partial; /* some could not be read */
};

/** struct vnm_ports - all ports of a network. */
struct vnm_ports {
	struct vnm_port *items;
	size_t n;
};

/** struct vnm_leases - the leases of a network that are in effect, and the file they were read from. @damaged: lines of it. */
struct vnm_leases {
	struct vnm_lease_entry *items;
	size_t n;
	char *text;
	int damaged;
};

#define VNM_DRIVER_ERROR_NOT_FOUND "Network not found: no network with matching name '%s'"

void vnm_driver_report(struct vnm_driver *drv, enum vnm_report_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int vnm_driver_run_hook(struct vnm_driver *drv, enum vnm_hook_op op, const struct vnm_network *net,
			const char *port_xml, struct vnm_error *err);
void vnm_driver_notify_hook(struct vnm_driver *drv, enum vnm_hook_op op,
			    const struct vnm_network *net, const char *port_xml);
void vnm_driver_warn(struct vnm_driver *drv, struct vnm_warnings *notes);
void vnm_driver_report_steps(struct vnm_driver *drv);
void vnm_driver_report_missing(struct vnm_driver *drv, const char *name,
			       const struct vnm_missing *missing, size_t n);
int vnm_driver_own(struct vnm_driver *drv, struct vnm_error *err);
int vnm_driver_settle(struct vnm_driver *drv, struct vnm_error *err);
int vnm_driver_ask_for_root(int r, struct vnm_error *err);

bool vnm_driver_active(struct vnm_driver *drv, const char *name);
int vnm_driver_state_readable(struct vnm_driver *drv, const char *name, struct vnm_error *err);
int vnm_driver_refuse_inactive(const char *name, struct vnm_error *err);
int vnm_driver_need_active(struct vnm_driver *drv, const char *name, struct vnm_error *err);
int vnm_driver_names(struct vnm_driver *drv, char ***ret, size_t *ret_n, struct vnm_error *err);
int vnm_driver_journal_names(struct vnm_driver *drv, char ***ret, size_t *ret_n,
			     struct vnm_error *err);
int vnm_driver_load(struct vnm_driver *drv, const char *name, struct vnm_network *ret,
		    struct vnm_error *err);

int vnm_driver_schema(const char *file, struct vnm_schema **ret, struct vnm_error *err);
int vnm_driver_validate(struct vnm_driver *drv, const struct vnm_network *net, unsigned becomes,
			struct vnm_warnings *warnings, struct vnm_error *err);
int vnm_driver_parse_and_validate(struct vnm_driver *drv, const char *text, size_t len,
				  const char *file, unsigned becomes, struct vnm_network *ret,
				  struct vnm_error *err);
int vnm_driver_fill_defaults(struct vnm_driver *drv, struct vnm_network *net,
			     const struct vnm_other_nets *peers, struct vnm_error *err);
int vnm_driver_start_nets(struct vnm_driver *drv, struct vnm_network *nets,
			  struct vnm_result *results, size_t n, struct vnm_error *err);

int vnm_attach_move(struct vnm_driver *drv, const char *old, const char *to, struct vnm_error *err);
const struct vnm_attachments *vnm_attachments_look(struct vnm_driver *drv, const char *name);
int vnm_attachments_load_error(struct vnm_driver *drv, const char *name, struct vnm_error *err);
void vnm_attachments_load(struct vnm_driver *drv, const char *name, struct vnm_attachments *ret);

int vnm_driver_generate_mac(struct vnm_mac *ret, struct vnm_error *err);
void vnm_driver_reattach(struct vnm_driver *drv, const struct vnm_network *net,
			 struct vnm_buf *steps);
int vnm_driver_repair_attachments(struct vnm_driver *drv, const struct vnm_network *net,
				  struct vnm_buf *text, struct vnm_buf *steps,
				  struct vnm_error *err);
int vnm_driver_renumber(struct vnm_driver *drv, const struct vnm_network *net, bool tell,
			struct vnm_error *err);
void vnm_driver_renumber_all(struct vnm_driver *drv, const struct vnm_network *nets,
			     struct vnm_job *jobs, size_t n);
void vnm_driver_warn_outside(struct vnm_driver *drv, const struct vnm_network *net);
void vnm_driver_preview_guests(struct vnm_driver *drv, const struct vnm_network *old,
			       const struct vnm_network *net, struct vnm_buf *steps);
int vnm_driver_settle_guests(struct vnm_driver *drv, const struct vnm_network *old,
			     const struct vnm_network *net, struct vnm_error *err);
void vnm_driver_address_guests(struct vnm_driver *drv, const struct vnm_network *net);
void vnm_driver_drop_attachments(struct vnm_driver *drv, const char *name);
int vnm_driver_change_guests(struct vnm_driver *drv, const char *name,
			     const struct vnm_network *net, const struct vnm_plan *from,
			     const struct vnm_plan *to, struct vnm_error *err);
int vnm_driver_unplug_attachments(struct vnm_driver *drv, const char *name,
				  struct vnm_error *err);
void vnm_driver_warn_attachments(struct vnm_driver *drv, const char *name);
void vnm_driver_recover_attachments(struct vnm_driver *drv);

int vnm_other_nets_load(struct vnm_driver *drv, const char *except, struct vnm_other_nets *ret,
			struct vnm_error *err);
void vnm_other_nets_clear(struct vnm_other_nets *peers);
#define vnm_autoother_nets __attribute__((cleanup(vnm_other_nets_clear)))

void vnm_jobs_free(struct vnm_job *jobs, size_t n);
void vnm_result_fail(struct vnm_result *result, const struct vnm_error *err);
struct vnm_result *vnm_results_new(const char *const *names, size_t n);

int vnm_ports_load(struct vnm_driver *drv, const char *name, bool coming, struct vnm_ports *ret,
		   struct vnm_error *err);
void vnm_ports_clear(struct vnm_ports *ports);
#define vnm_autoports __attribute__((cleanup(vnm_ports_clear)))
struct vnm_port_users vnm_driver_port_users(struct vnm_driver *drv, const char *name,
					    const struct vnm_ports *ports);
int vnm_driver_show_ports(struct vnm_driver *drv, struct vnm_network *net, struct vnm_error *err);
void vnm_driver_warn_ports(struct vnm_driver *drv, const char *name);
void vnm_driver_sweep_ports(struct vnm_driver *drv);
int vnm_driver_drop_ports(struct vnm_driver *drv, const char *name, struct vnm_error *err);

int vnm_leases_load(struct vnm_driver *drv, const char *name, struct vnm_leases *ret,
		    struct vnm_error *err);
void vnm_leases_clear(struct vnm_leases *leases);
#define vnm_autoleases __attribute__((cleanup(vnm_leases_clear)))
void vnm_driver_with_guests(struct vnm_driver *drv, const struct vnm_network *net,
			    struct vnm_network *ret);
void vnm_lease_holder(const struct vnm_lease_entry *lease, struct vnm_buf *out);
void vnm_lease_rival_text(const struct vnm_lease_entry *lease, const struct vnm_dhcp_host *rival,
			  struct vnm_buf *out);
char *vnm_driver_lease_use(struct vnm_driver *drv, const struct vnm_network *net,
			   struct vnm_warnings *notes);
void vnm_driver_explain_dhcp(struct vnm_driver *drv, const struct vnm_attachment *attach,
			     bool failed);
void vnm_driver_warn_full(struct vnm_driver *drv, const struct vnm_network *net);
int vnm_driver_mark_leases(struct vnm_driver *drv, const struct vnm_network *net,
			   struct vnm_error *err);
void vnm_driver_unmark_leases(struct vnm_driver *drv, const char *name);
void vnm_driver_settle_leases(struct vnm_driver *drv, const struct vnm_network *net);
void vnm_driver_recover_leases(struct vnm_driver *drv);
void vnm_driver_preview_leases(struct vnm_driver *drv, const struct vnm_network *net,
			       struct vnm_buf *steps);
int vnm_driver_drop_leases(struct vnm_driver *drv, const char *name, struct vnm_error *err);
void vnm_driver_finish_undefines(struct vnm_driver *drv);
void vnm_driver_preview_advertised(struct vnm_driver *drv, const struct vnm_plan *plan,
				   struct vnm_buf *steps);
void vnm_driver_forget_all(struct vnm_driver *drv, const struct vnm_owner *owner);
int vnm_driver_forget(struct vnm_driver *drv, const char *name, struct vnm_error *err);
void vnm_driver_roll_back(struct vnm_driver *drv, struct vnm_job *jobs, size_t n);
int vnm_driver_tear_down(struct vnm_driver *drv, struct vnm_job *jobs, size_t n);
int vnm_driver_post_guard(struct vnm_driver *drv, const struct vnm_network *net,
			  struct vnm_error *err);
void vnm_driver_recover_guards(struct vnm_driver *drv);
void vnm_driver_finish_renames(struct vnm_driver *drv);
int vnm_driver_recover(struct vnm_driver *drv, struct vnm_error *err);
int vnm_driver_rollback_change(struct vnm_driver *drv, const char *name,
			       const struct vnm_plan *from, const struct vnm_plan *to,
			       struct vnm_error *err);
void vnm_driver_warn_left_out(struct vnm_driver *drv, const struct vnm_facts *facts);
int vnm_driver_observe(struct vnm_driver *drv, const struct vnm_network *nets, size_t n,
		       struct vnm_facts *ret, struct vnm_error *err);
int vnm_driver_observe_known(struct vnm_driver *drv, const struct vnm_network *net,
			     const struct vnm_plan *old, struct vnm_facts *ret,
			     struct vnm_error *err);
int vnm_driver_note_bridges(struct vnm_driver *drv, const struct vnm_network *nets, size_t n,
			    struct vnm_facts *facts, struct vnm_error *err);
int vnm_driver_check_forwards(struct vnm_driver *drv, const struct vnm_network *net,
			      const struct vnm_network *old, const struct vnm_other_net *mates,
			      size_t n_mates, struct vnm_error *err);
int vnm_driver_check_listeners(struct vnm_driver *drv, const struct vnm_network *net,
			       const struct vnm_network *old, struct vnm_warnings *warnings,
			       struct vnm_error *err);
int vnm_driver_plan(struct vnm_driver *drv, const struct vnm_network *net,
		    const struct vnm_network *old, const struct vnm_facts *facts,
		    const struct vnm_other_net *mates, size_t n_mates, struct vnm_plan *ret,
		    struct vnm_error *err);
int vnm_driver_change(struct vnm_driver *drv, const struct vnm_network *net,
		      const struct vnm_network *kept, const struct vnm_plan *from,
		      const struct vnm_plan *to, struct vnm_buf *steps, struct vnm_error *err);
int vnm_driver_reconcile(struct vnm_driver *drv, const char *name, struct vnm_error *err);
int vnm_driver_replan(struct vnm_driver *drv, const struct vnm_network *net,
		      const struct vnm_plan *old, struct vnm_plan *ret, struct vnm_error *err);
void vnm_driver_compare_kept(struct vnm_driver *drv, const struct vnm_network *net,
			     struct vnm_applied *ret);
void vnm_driver_inherit_generated(struct vnm_driver *drv, struct vnm_network *net);
int vnm_driver_check_conflicts(struct vnm_driver *drv, struct vnm_network *net, unsigned becomes,
			       struct vnm_error *err);
void vnm_driver_drop_known(struct vnm_driver *drv, struct vnm_network *before,
			   const struct vnm_other_nets *peers, unsigned becomes,
			   struct vnm_warnings *warnings);
int vnm_driver_need_schema(struct vnm_driver *drv, struct vnm_error *err);
void vnm_driver_set_runtime_defaults(struct vnm_network *net);

#endif
