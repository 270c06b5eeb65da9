/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * driver.h - what can be done to networks: the whole of vnetmgr below its command line.
 *
 * A driver is one hold of the state directories: opening it takes the lock and finishes or takes back what an
 * earlier command left unfinished, closing it lets go. Those that only read may do without the lock. Nothing in here prints; what the user should see while
 * it happens goes through struct vnm_report.
 */
#ifndef VNM_RUN_DRIVER_H
#define VNM_RUN_DRIVER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/attach.h"
#include "model/network.h"
#include "plan/op/op.h"
#include "sys/process/dnsmasq.h"
#include "util/error.h"
#include "xml/update/update.h"

struct vnm_driver;
struct vnm_assumed;

enum vnm_report_kind {
	VNM_REPORT_WARNING, /* the user should know */
	VNM_REPORT_DETAIL, /* with -v: each step */
	VNM_REPORT_PROGRESS, /* "started 12 of 100": shown on a terminal only, overwritten by the next */
};

/** struct vnm_report - where lines for the user go. @line has no newline and no "warning:". @details: they are wanted, too. */
struct vnm_report {
	void (*line)(void *data, enum vnm_report_kind kind, const char *line);
	void *data;
	bool details;
};

/**
 * struct vnm_options - how the state is opened
 * @root:  NULL for the system's directories
 * @reads: nothing will be changed, so another command that takes long is not waited for
 * @again: it was open, and closed for others, who come first
 * @late:  where nothing was ever defined, nothing is made before it is known that something will be: vnm_driver_define()
 * @wait:  seconds to wait for another command; negative: as long as is usual
 * @assumed: nothing is done; what would be is told, and noted in here for those that come after it. NULL: it is done
 */
struct vnm_options {
	const char *root;
	bool reads, again, late;
	int wait;
	struct vnm_assumed *assumed;
	struct vnm_report report;
};

struct vnm_assumed *vnm_assumed_new(void);
void vnm_assumed_free(struct vnm_assumed *assumed);
int vnm_driver_open(const struct vnm_options *options, struct vnm_driver **ret,
		    struct vnm_error *err);
void vnm_driver_close(struct vnm_driver *drv);
bool vnm_driver_has_hooks(struct vnm_driver *drv);
void vnm_cleanup_driver(struct vnm_driver **drv);
#define vnm_autodriver __attribute__((cleanup(vnm_cleanup_driver)))

/** enum vnm_passing - what is neither active nor inactive. */
enum vnm_passing {
	VNM_PASSING_NOT,
	VNM_PASSING_UP, /* another command is starting it */
	VNM_PASSING_DOWN, /* another command is stopping it */
	VNM_PASSING_UNKNOWN, /* a newer version has started it, and this one cannot tell */
};

/** struct vnm_info - what can be said of one network. Free with vnm_infos_free(). */
struct vnm_info {
	char *name;
	enum vnm_passing passing;
	struct vnm_uuid uuid;
	bool active, persistent, autostart;
	char *bridge, *title; /* NULL: none */
	char **missing; /* active but degraded: what is not there ("dnsmasq", "bridge virbr0", "3 of 14 firewall rules") */
	size_t n_missing;
	char **faults; /* what else is wrong, a sentence each ("chain VNM_FWX is not first in FORWARD: ...") */
	size_t n_faults;
	struct vnm_warnings notes; /* what may be meant so */
	char *leases; /* of an active one: "3 of 253 (IPv4)"; NULL: it gives none */
	const char *mode; /* of forwarding: "nat"; without, "isolated"; NULL: not known */
	char **subnets, **ranges; /* "192.0.2.0/24", "192.0.2.2 - 192.0.2.254" */
	size_t n_subnets, n_ranges;
	size_t n_guests; /* attached by net-attach */
};

/**
 * struct vnm_result - what became of one network of a bulk command.
 * @name: the network (as the user named it when it was not found)
 * @detail: net-repair: what was put back ("dnsmasq, 3 of 14 firewall rules"); NULL: nothing to tell
 * @steps: what would be done, a step a line, where nothing is done; NULL: nothing
 * @skipped: nothing had to be done
 * @failed: see @err
 * @obstructed: net-repair: all that is ours is there, and what is in its way is others'; @failed, too
 */
struct vnm_result {
	char *name, *detail, *steps;
	bool skipped, failed, obstructed;
	struct vnm_error err;
};

/* Lookup. @ref: a name or a UUID. *ret_name is allocated. */
int vnm_driver_lookup(struct vnm_driver *drv, const char *ref, char **ret_name,
		      struct vnm_error *err);
int vnm_driver_lookup_name(struct vnm_driver *drv, const char *name, struct vnm_uuid *ret,
			   struct vnm_error *err);
int vnm_driver_lookup_uuid(struct vnm_driver *drv, const char *uuid, char **ret_name,
			   struct vnm_error *err);
int vnm_driver_info(struct vnm_driver *drv, const char *name, bool check, struct vnm_info *ret,
		    struct vnm_error *err);
int vnm_driver_list(struct vnm_driver *drv, bool check, struct vnm_info **ret, size_t *ret_n,
		    struct vnm_error *err); /* sorted as virsh sorts */
void vnm_info_clear(struct vnm_info *info);
void vnm_infos_free(struct vnm_info *infos, size_t n);

/**
 * struct vnm_applied - what became, or would become, of a definition.
 * @repaired: what was put back, or NULL
 * @kept, @wanted: the kept definition before and after, as they are printed; NULL: none. Of no use unless @defined
 * @steps:    what would be done, where nothing is done
 */
struct vnm_applied {
	char *name, *repaired, *kept, *wanted;
	struct vnm_buf steps;
	bool defined, started, changed;
};

void vnm_applied_clear(struct vnm_applied *applied);
#define vnm_autoapplied __attribute__((cleanup(vnm_applied_clear)))

/* Definitions. @text of @len bytes came from @file (for messages). @ret: free with vnm_applied_clear(). */
int vnm_driver_define(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		      struct vnm_applied *ret, struct vnm_error *err);
int vnm_driver_undefine(struct vnm_driver *drv, const char *name, struct vnm_error *err);
int vnm_driver_set_autostart(struct vnm_driver *drv, const char *name, bool on,
			     struct vnm_error *err);
int vnm_driver_dumpxml(struct vnm_driver *drv, const char *name, bool inactive, char **ret,
		       struct vnm_error *err);

/* Ports of active networks. @ref: a port's UUID, unchecked. *ret_uuid: the same as it is printed, allocated. */
int vnm_driver_port_create(struct vnm_driver *drv, const char *name, const char *text, size_t len,
			   const char *file, char **ret_uuid, struct vnm_error *err);
int vnm_driver_port_delete(struct vnm_driver *drv, const char *name, const char *ref,
			   char **ret_uuid, struct vnm_error *err);
int vnm_driver_port_list(struct vnm_driver *drv, const char *name, char ***ret, size_t *ret_n,
			 struct vnm_error *err);
int vnm_driver_port_dumpxml(struct vnm_driver *drv, const char *name, const char *ref, char **ret,
			    struct vnm_error *err);

/** struct vnm_forward_entry - a row of what is reachable in a network: texts. @name NULL: it has none. */
struct vnm_forward_entry {
	char *proto, *address, *port, *from, *to, *state, *name;
};

int vnm_driver_guest_address(struct vnm_driver *drv, const char *network, const char *name,
			     int family, struct vnm_addr *ret, struct vnm_error *err);
int vnm_driver_forwards(struct vnm_driver *drv, const char *name, struct vnm_forward_entry **ret,
			size_t *ret_n, struct vnm_error *err);
void vnm_forward_entries_free(struct vnm_forward_entry *ways, size_t n);

/* Lifecycle. Bulk calls fill ret[0..n) (freed with vnm_results_free) and return 0 unless nothing could be tried. */
int vnm_driver_create(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		      struct vnm_applied *ret, struct vnm_error *err);
int vnm_driver_start(struct vnm_driver *drv, const char *const *names, size_t n,
		     struct vnm_result **ret, struct vnm_error *err);
int vnm_driver_destroy(struct vnm_driver *drv, const char *const *names, size_t n,
		       struct vnm_result **ret, struct vnm_error *err);
int vnm_driver_repair(struct vnm_driver *drv, const char *const *names, size_t n,
		      struct vnm_result **ret, struct vnm_error *err);
int vnm_driver_marked(struct vnm_driver *drv, char ***ret, size_t *ret_n, struct vnm_error *err);
int vnm_driver_autostart(struct vnm_driver *drv, const char *const *names, size_t n,
			 struct vnm_result **ret, struct vnm_error *err); /* boot */
int vnm_driver_autostop(struct vnm_driver *drv, struct vnm_result **ret, size_t *ret_n,
			struct vnm_error *err); /* shutdown: nobody keeps leases open */
void vnm_results_free(struct vnm_result *results, size_t n);

/**
 * struct vnm_guard - who puts an uplink back when nobody confirms that the host is still in reach.
 * @seconds:   how long to wait; 0: nobody does
 * @automatic: the gateway's answer is confirmation enough
 */
struct vnm_guard {
	unsigned seconds;
	bool automatic;
};

void vnm_driver_set_guard(struct vnm_driver *drv, const struct vnm_guard *guard);
int vnm_driver_confirm(struct vnm_driver *drv, const char *name, struct vnm_error *err);
bool vnm_driver_guarded(struct vnm_driver *drv, const char *name);
int vnm_driver_guard_left(struct vnm_driver *drv, const char *name);

/* Changes of one part of a definition (xml/update/update.h). */
enum vnm_affect { VNM_AFFECT_LIVE = 1 << 0, VNM_AFFECT_CONFIG = 1 << 1 };

int vnm_driver_affect(struct vnm_driver *drv, const char *name, unsigned flags, unsigned *ret,
		      struct vnm_error *err);
int vnm_driver_update(struct vnm_driver *drv, const char *name, unsigned flags,
		      const struct vnm_update *update, unsigned *ret, struct vnm_buf *steps,
		      struct vnm_error *err);
int vnm_driver_live_update(struct vnm_driver *drv, const struct vnm_network *old,
			   struct vnm_network *net, const struct vnm_network *kept,
			   struct vnm_buf *steps, struct vnm_error *err);

/* Guests' devices (model/attach.h). */
int vnm_driver_attach(struct vnm_driver *drv, const char *name, struct vnm_attachment *attach,
		      unsigned wanted_auto, struct vnm_error *err);
int vnm_driver_preview_attach(struct vnm_driver *drv, const char *name,
			      struct vnm_attachment *attach, unsigned wanted_auto,
			      struct vnm_plan *ret, struct vnm_error *err);
int vnm_driver_preview_detach(struct vnm_driver *drv, const char *name, const char *dev,
			      struct vnm_plan *ret, struct vnm_error *err);
int vnm_driver_detach(struct vnm_driver *drv, const char *name, const char *dev,
		      struct vnm_error *err);
/** struct vnm_attached - an attachment and what is seen of it. @state: a word, or a few. @leased: by DHCP. @to, @from: bytes, of the guest. */
struct vnm_attached {
	struct vnm_attachment attach;
	const char *state;
	bool carrier;
	struct vnm_prefix leased;
	uint64_t to, from;
};

int vnm_driver_attached(struct vnm_driver *drv, const char *name, struct vnm_attached **ret,
			size_t *ret_n, struct vnm_error *err);
uint32_t vnm_driver_mtu(struct vnm_driver *drv, const char *dev);
void vnm_driver_leased(struct vnm_driver *drv, const struct vnm_attachment *attach,
		       struct vnm_prefix *ret);
void vnm_attached_free(struct vnm_attached *attached, size_t n);

/**
 * struct vnm_note - what a definition says and nothing is made of
 * @kind:   which
 * @text:   the new one; NULL: remove it
 * @uri:    of metadata: the namespace
 * @key:    of metadata: its prefix; NULL without @text
 * @edited: the new one was made of @seen, and is refused when that is not there any more
 * @seen:   NULL: there was none
 */
struct vnm_note {
	enum vnm_note_kind { VNM_NOTE_TITLE, VNM_NOTE_DESCRIPTION, VNM_NOTE_METADATA } kind;
	const char *text, *uri, *key;
	bool edited;
	const char *seen;
};

int vnm_driver_annotate(struct vnm_driver *drv, const char *name, unsigned flags,
			const struct vnm_note *note, struct vnm_error *err);
int vnm_driver_annotation(struct vnm_driver *drv, const char *name, unsigned *flags,
			  const struct vnm_note *note, char **ret, struct vnm_error *err);
int vnm_driver_replace(struct vnm_driver *drv, const char *name, const char *seen,
		       const char *text, char **ret_name, struct vnm_error *err);
int vnm_driver_rename(struct vnm_driver *drv, const char *name, const char *to,
		      struct vnm_error *err);


int vnm_driver_apply(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		     struct vnm_applied *ret, struct vnm_error *err);
int vnm_driver_compare(struct vnm_driver *drv, const char *name, const char *text, size_t len,
		       const char *file, char **ret_kept, char **ret_other, struct vnm_error *err);

/* What net-destroy would do; changes nothing. */
int vnm_driver_preview_destroy(struct vnm_driver *drv, const char *name, struct vnm_plan *ret,
			       struct vnm_error *err);

/** Leases in effect now, sorted by MAC as virsh sorts; @mac NULL: all. *ret_prefix_len[i] belongs to (*ret)[i]. */
int vnm_driver_leases(struct vnm_driver *drv, const char *name, const struct vnm_mac *mac,
		      struct vnm_lease_entry **ret, unsigned **ret_prefix_len, size_t *ret_n,
		      struct vnm_error *err);
int vnm_driver_release(struct vnm_driver *drv, const char *name, const char *ref, bool dry,
		       struct vnm_lease_entry **ret, size_t *ret_n, struct vnm_error *err);

#endif
