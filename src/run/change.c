/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * change.c - changes of active networks, with guests connected.
 *
 * Theory of operation. A live change is planned like a start, from the changed definition; what differs between
 * that plan and the network's journal is carried out (exec_change.c), and nothing else is touched. The new plan is
 * written as the pending journal before anything is done, and committed after the last step: so an interrupted
 * change is detected, and rolled back (driver/recover.c).
 */
#include "run/change.h"

#include <errno.h>
#include <string.h>

#include "plan/op/diff.h"
#include "run/definition.h"
#include "run/exec_change.h"
#include "run/guest_change.h"
#include "run/lease_stale.h"
#include "run/others.h"
#include "run/plan_network.h"
#include "state/assume.h"
#include "state/device_uses.h"
#include "state/session.h"
#include "sys/firewall/fw_expected.h"
#include "xml/network_xml.h"

static int refuse_obstacle(const struct vnm_network *net, const struct vnm_op *obstacle,
			   struct vnm_error *err)
{
	if (obstacle->type == VNM_OP_VRF)
		return vnm_error_set(
			err, VNM_ERR_ACTIVE, EBUSY,
			"Requested operation is not valid: network '%s' stays in its VRF, or in "
			"none, as long as it is active; change its persistent definition "
			"(net-define) and restart it: vnetmgr net-destroy, vnetmgr net-start",
			net->name);
	return vnm_error_set(err, VNM_ERR_ACTIVE, EBUSY,
			     "Requested operation is not valid: the bridge of network '%s', its "
			     "name and its MAC address stay as long as it is active; change its "
			     "persistent definition (net-update --config, net-define) and restart "
			     "it: vnetmgr net-destroy, vnetmgr net-start",
			     net->name);
}

static void report_diff(struct vnm_driver *drv, const struct vnm_diff *diff)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_diff_print(diff, &text);
	for (char *line = text.data, *save = NULL;
	     text.len && (line = strtok_r(save ? NULL : line, "\n", &save));)
		vnm_driver_report(drv, VNM_REPORT_DETAIL, "%s", line);
}

/**
 * vnm_driver_warn_partial_rollback() - a change of an active network could not be rolled back whole; it stays pending
 * @drv:  the driver
 * @name: the network
 * @err:  what failed
 */
void vnm_driver_warn_partial_rollback(struct vnm_driver *drv, const char *name,
				      const struct vnm_error *err)
{
	vnm_driver_report(drv, VNM_REPORT_WARNING,
			  "the change of network '%s' is rolled back in part only: %s; the next "
			  "command tries again",
			  name, err->msg);
}

/* What apply_change() would do. */
static int assume_change(struct vnm_driver *drv, const struct vnm_live_change *change,
			 const struct vnm_diff *diff, struct vnm_steps *steps,
			 struct vnm_error *err)
{
	int r = vnm_exec_change_prepare(&drv->sys, diff, err);

	if (r == 0)
		r = vnm_driver_assume(drv, change->net, change->to, err);
	if (r == 0 && change->kept)
		r = vnm_store_save(&drv->persistent, change->kept, err);
	if (r == 0 && steps)
		vnm_steps_add_diff(steps, diff);
	return r;
}

/* The change is committed; if one of these fails, the next command repeats it (recover.c). */
static void complete_change(struct vnm_driver *drv, const struct vnm_live_change *change)
{
	const char *name = change->net->name;
	struct vnm_error why = { 0 };

	if (vnm_store_commit(&drv->live, name, &why) < 0 ||
	    (change->kept && vnm_store_commit(&drv->persistent, name, &why) < 0) ||
	    (change->port && vnm_ports_commit(drv, name, &why) < 0))
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s; the next command tries again",
				  why.msg);
	vnm_driver_end_stale_leases(drv, change->net);
}

/* From the pending journal to its commit. Until then, all that is pending is void. */
static int carry_out(struct vnm_driver *drv, const struct vnm_live_change *change,
		     const struct vnm_diff *diff, struct vnm_error *err)
{
	const struct vnm_network *net = change->net;
	int r = vnm_journal_cache_write_pending(&drv->journals, net->name, change->to, err);

	if (r == 0)
		r = vnm_device_uses_note(drv->run_fd, net->name, change->to, err);
	if (r == 0)
		r = vnm_store_write_pending(&drv->live, net, err);
	if (r == 0 && change->port)
		r = vnm_port_write_pending(drv, net->name, change->port, err);
	if (r == 0)
		r = vnm_exec_change(&drv->sys, diff, change->to, err);
	if (r == 0)
		r = vnm_driver_change_guests(drv, net->name, net, change->from, change->to, err);
	if (r == 0 && change->kept)
		r = vnm_store_write_pending(&drv->persistent, change->kept, err);
	if (r == 0)
		r = vnm_driver_mark_leases(drv, net, err);
	return r < 0 ? r : vnm_journal_cache_commit(&drv->journals, net->name, err);
}

static int apply_change(struct vnm_driver *drv, const struct vnm_live_change *change,
			const struct vnm_diff *diff, struct vnm_error *err)
{
	const char *name = change->net->name;
	struct vnm_warnings warnings = { 0 };
	struct vnm_error why = { 0 };
	int r;

	report_diff(drv, diff);
	/* A repair that goes on with other networks must not take the new rules for somebody else's. */
	vnm_fw_expected_drop(&drv->sys);
	drv->sys.warnings = &warnings;
	r = carry_out(drv, change, diff, err);
	drv->sys.warnings = NULL;
	vnm_driver_warn(drv, &warnings);
	if (r == 0) {
		complete_change(drv, change);
		return 0;
	}
	vnm_driver_unmark_leases(drv, name);
	if (vnm_driver_rollback_change(drv, name, change->to, change->from, &why) < 0)
		vnm_driver_warn_partial_rollback(drv, name, &why);
	return r;
}

/**
 * vnm_driver_rollback_change() - roll back a change of an active network
 * @drv:  the driver
 * @name: the network
 * @from: the pending plan, any part of which may be applied
 * @to:   the plan of its journal
 * @err:  set on failure; then its files stay, and the next command tries again
 *
 * Return: 0 or -errno.
 */
int vnm_driver_rollback_change(struct vnm_driver *drv, const char *name,
			       const struct vnm_plan *from, const struct vnm_plan *to,
			       struct vnm_error *err)
{
	vnm_autodiff struct vnm_diff diff = { 0 };
	int r;

	vnm_diff_plans(from, to, &diff);
	r = vnm_exec_change(&drv->sys, &diff, to, err);
	if (r == 0)
		r = vnm_driver_change_guests(drv, name, NULL, from, to, err);
	if (r == 0)
		r = vnm_store_abort(&drv->live, name, err);
	if (r == 0)
		r = vnm_store_abort(&drv->persistent, name, err);
	if (r == 0)
		r = vnm_ports_abort(drv, name, err);
	return r < 0 ? r : vnm_journal_abort(drv->run_fd, name, err);
}

/* What else may be dropped by others is found when the network is looked at. */
static bool changes_rules(const struct vnm_diff *diff)
{
	for (size_t i = 0; i < diff->n; i++) {
		const struct vnm_op *op =
			diff->steps[i].new ? diff->steps[i].new : diff->steps[i].old;

		if (op->type == VNM_OP_RULE || op->type == VNM_OP_ADDRESS)
			return true;
	}
	return false;
}

/**
 * vnm_driver_change() - change an active network, with guests connected
 * @drv:    the driver; that of a dry run only prepares the change and assumes it
 * @change: the change
 * @steps:  gets the steps of a dry run; or NULL
 * @err:    set on failure; then the network is unchanged
 *
 * Return: 0 or -errno: -EBUSY when it takes a restart.
 */
int vnm_driver_change(struct vnm_driver *drv, const struct vnm_live_change *change,
		      struct vnm_steps *steps, struct vnm_error *err)
{
	vnm_autodiff struct vnm_diff diff = { 0 };
	bool right;
	int r;

	vnm_diff_plans(change->from, change->to, &diff);
	if (diff.obstacle)
		return refuse_obstacle(change->net, diff.obstacle, err);
	if (drv->assumed)
		return assume_change(drv, change, &diff, steps, err);
	right = !changes_rules(&diff) && vnm_rules_record_has(&drv->rules, change->net->name);
	r = apply_change(drv, change, &diff, err);
	if (r < 0)
		return r;
	if (right)
		vnm_rules_record_keep(&drv->rules, change->net->name);
	vnm_driver_see_others(drv, change->net->name, change->to);
	return 0;
}

/* Its network stays as it is. */
static int change_port_alone(struct vnm_driver *drv, const char *name,
			     const struct vnm_port_change *port, struct vnm_error *err)
{
	struct vnm_error ignored = { 0 };
	int r = vnm_port_write_pending(drv, name, port, err);

	if (r == 0)
		r = vnm_ports_commit(drv, name, err);
	if (r < 0)
		(void)vnm_ports_abort(drv, name, &ignored);
	return r;
}

/* Plan it again, with the port, if any. @text, @steps: get the differences; or NULL. */
static int change_planned(struct vnm_driver *drv, const char *name,
			  const struct vnm_port_change *port, struct vnm_buf *text,
			  struct vnm_steps *steps, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autoplan struct vnm_plan plan = { 0 };
	vnm_autodiff struct vnm_diff diff = { 0 };
	const struct vnm_live_change change = {
		.net = &net, .port = port, .from = &journal.plan, .to = &plan
	};
	int r = vnm_store_load(&drv->live, name, &net, err);

	if (r < 0)
		return r;
	vnm_driver_set_runtime_defaults(&net);
	r = vnm_driver_journal(drv, name, true, &journal, err);
	if (r == 0)
		r = vnm_driver_replan(drv, &net, &journal.plan, port, &plan, err);
	if (r < 0)
		return r;
	vnm_diff_plans(&journal.plan, &plan, &diff);
	if (diff.n == 0 && !diff.obstacle)
		return port ? change_port_alone(drv, name, port, err) : 0;
	r = vnm_driver_change(drv, &change, steps, err);
	if (r == 0 && text)
		vnm_diff_describe(&diff, text);
	return r;
}

/**
 * vnm_driver_change_port() - create, delete or replace a port, with the floor and the rules that its network has for it
 * @drv:  the driver
 * @name: the network
 * @port: the port
 * @err:  set on failure; then nothing is changed
 *
 * Return: 0 or -errno.
 */
int vnm_driver_change_port(struct vnm_driver *drv, const char *name,
			   const struct vnm_port_change *port, struct vnm_error *err)
{
	return vnm_port_change_concerns_network(port)
		       ? change_planned(drv, name, port, NULL, NULL, err)
		       : change_port_alone(drv, name, port, err);
}

/**
 * vnm_driver_reconcile() - plan an active network again by its live definition, and apply the difference
 * @drv:  the driver
 * @name: the network
 * @err:  set on failure; then the network is unchanged
 *
 * Return: 0 or -errno.
 */
int vnm_driver_reconcile(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	return vnm_driver_reconcile_told(drv, name, NULL, NULL, err);
}

/**
 * vnm_driver_reconcile_told() - the same, and tell the difference
 * @text:  gets it in one line (vnm_diff_describe()); or NULL
 * @steps: gets the steps of a dry run; or NULL
 */
int vnm_driver_reconcile_told(struct vnm_driver *drv, const char *name, struct vnm_buf *text,
			      struct vnm_steps *steps, struct vnm_error *err)
{
	return change_planned(drv, name, NULL, text, steps, err);
}
