/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * evpn.c - by which BGP the hosts of an overlay find each other: a part of FRR's configuration.
 *
 * It is in frr.conf, for FRR's next start, and in effect. frr.conf says which lines are ours, so it is changed before FRR is told of new
 * ones, and after they are taken back: whatever a killed command leaves, the next one knows what to take back. All networks with EVPN
 * need the same part; the last one takes it away. A network that starts or stops beside others changes nothing: FRR hears of its VXLAN
 * device by itself.
 */
#include "sys/op_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/frr_conf.h"
#include "plan/frr_text.h"
#include "sys/frr/frr_file.h"
#include "sys/frr/frr_seen.h"
#include "sys/frr/vtysh.h"
#include "util/mem.h"

static const char *const show_running[] = { "show bgp l2vpn evpn summary json",
					    "show running-config", NULL };

static const char *conf_dir(const struct vnm_op_evpn *evpn)
{
	return evpn->conf ? evpn->conf : VNM_FRR_CONF;
}

static int refuse_foreign(const struct vnm_op_evpn *evpn, const char *what, struct vnm_error *err)
{
	return vnm_error_set(
		err, VNM_ERR_FOREIGN, EBUSY,
		"FRR is configured by somebody else (%s); vnetmgr leaves that alone: add "
		"what \"vnetmgr net-dumpxml --frr %s\" prints, or take BGP out of it",
		what, evpn->network);
}

/* Does FRR run BGP by other lines than those of @part? Only lines of BGP matter: which others there are, it alone knows. */
static bool runs_other_bgp(const char *running, const char *part)
{
	vnm_autobuf struct vnm_buf rest = { 0 };

	vnm_frr_undo(running, part, &rest);
	return rest.len && strstr(rest.data, "no router bgp ") != NULL;
}

static int evpn_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_evpn *evpn = &op->evpn;
	vnm_autofree char *conf = NULL, *running = NULL, *part = NULL, *path = NULL;
	vnm_autobuf struct vnm_buf want = { 0 };
	int r = vnm_frr_file_read(conf_dir(evpn), &conf, err);

	(void)sys;
	if (r < 0)
		return r;
	path = vnm_asprintf("%s/frr.conf", conf_dir(evpn));
	if (vnm_frr_conf_foreign(conf))
		return refuse_foreign(evpn, path, err);
	part = vnm_frr_conf_part(conf);
	vnm_frr_fragment(evpn, true, &want);
	if (!strcmp(part, want.data))
		return 0;
	r = vnm_vtysh_show(evpn, show_running, &running, err);
	if (r < 0)
		return r;
	return runs_other_bgp(running, part)
		       ? refuse_foreign(evpn, "\"vtysh -c 'show running-config'\" has it", err)
		       : 0;
}

/*
 * Take back what @old has and @part has not. What is not in effect cannot be taken back, so FRR's complaints are of no interest, but
 * whether it is in effect still. If bgpd does not run, nothing is.
 */
static int take_back(const struct vnm_op_evpn *evpn, const char *old, const char *part,
		     struct vnm_error *err)
{
	vnm_autobuf struct vnm_buf undo = { 0 };
	vnm_autofree char *runs = NULL;
	struct vnm_error why = { 0 };
	int r;

	vnm_frr_undo(old, part, &undo);
	if (!undo.len || vnm_vtysh_feed(evpn, undo.data, &why) == 0 ||
	    !vnm_frr_daemon_runs(evpn, "bgpd"))
		return 0;
	r = vnm_vtysh_show(evpn, show_running, &runs, err);
	if (r == 0 && vnm_frr_leaves(old, part, runs)) {
		*err = why;
		r = vnm_error_errno(err);
	}
	return r;
}

static int feed(const struct vnm_op_evpn *evpn, const char *old, const char *part,
		struct vnm_error *err)
{
	int r = take_back(evpn, old, part, err);

	return r == 0 && *part ? vnm_vtysh_feed(evpn, part, err) : r;
}

/* vtysh is content when the daemon that a line is for does not run. */
static int verify_runs(const struct vnm_op_evpn *evpn, const char *part, struct vnm_error *err)
{
	vnm_autobuf struct vnm_buf lacks = { 0 };
	vnm_autofree char *runs = NULL;
	int r = vnm_vtysh_show(evpn, show_running, &runs, err);

	if (r < 0)
		return r;
	vnm_frr_undo(part, runs, &lacks);
	return lacks.len ? vnm_error_set(
				   err, VNM_ERR_STATE, EIO,
				   "FRR did not take all of its configuration for network "
				   "'%s'; \"vtysh -c 'show running-config'\" shows which it has",
				   evpn->network)
			 : 0;
}

static int feed_verified(const struct vnm_op_evpn *evpn, const char *old, const char *part,
			 struct vnm_error *err)
{
	int r = feed(evpn, old, part, err);

	return r < 0 ? r : verify_runs(evpn, part, err);
}

/* In the file, and then in effect; if that fails, as it was. */
static int change_part(const struct vnm_op_evpn *evpn, const char *conf, const char *part,
		       struct vnm_error *err)
{
	vnm_autofree char *old = vnm_frr_conf_part(conf), *text = vnm_frr_conf_with(conf, part);
	struct vnm_error ignored = { 0 };
	int r;

	if (!strcmp(old, part))
		return verify_runs(evpn, part, &ignored) == 0 ? 0
							      : feed_verified(evpn, old, part, err);
	r = vnm_vtysh_verify(evpn, part, err);
	if (r == 0)
		r = vnm_frr_file_write(conf_dir(evpn), text, err);
	if (r < 0)
		return r;
	r = feed_verified(evpn, old, part, err);
	if (r == 0)
		return 0;
	/* What could not be taken back is for the revert, which looks into the file. */
	if (feed(evpn, part, old, &ignored) == 0)
		(void)vnm_frr_file_write(conf_dir(evpn), conf, &ignored);
	return r;
}

/* Another network has told FRR, which would take a second look longer than all the rest of a start. */
static bool is_told(struct vnm_sys *sys, const struct vnm_op_evpn *evpn, const char *conf,
		    const char *want)
{
	vnm_autofree char *part = vnm_frr_conf_part(conf);

	return !strcmp(part, want) && vnm_frr_user_has_others(sys, evpn->network) &&
	       vnm_frr_daemon_runs(evpn, "zebra") && vnm_frr_daemon_runs(evpn, "bgpd");
}

static int evpn_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_evpn *evpn = &op->evpn;
	const bool missed = sys->frr_seen != NULL; /* a repair has looked, and found it wanting */
	vnm_autobuf struct vnm_buf part = { 0 };
	vnm_autofree char *conf = NULL;
	int r = vnm_frr_file_read(conf_dir(evpn), &conf, err);

	vnm_frr_forget(sys);
	vnm_frr_file_sweep(conf_dir(evpn));
	if (r < 0)
		return r;
	if (vnm_frr_conf_foreign(conf))
		return refuse_foreign(evpn, conf_dir(evpn), err);
	r = vnm_frr_user_add(sys, evpn->network, err);
	if (r < 0)
		return r;
	vnm_frr_fragment(evpn, true, &part);
	if (!missed && is_told(sys, evpn, conf, part.data))
		return 0;
	return change_part(evpn, conf, part.data, err);
}

static int evpn_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_evpn *evpn = &op->evpn;
	vnm_autofree char *conf = NULL, *part = NULL, *rest = NULL;
	bool last = false;
	int r = vnm_frr_user_remove(sys, evpn->network, &last, err);

	vnm_frr_forget(sys);
	vnm_frr_file_sweep(conf_dir(evpn));
	if (r < 0 || !last)
		return r;
	r = vnm_frr_file_read(conf_dir(evpn), &conf, err);
	if (r < 0)
		return r;
	part = vnm_frr_conf_part(conf);
	if (!*part)
		return 0;
	rest = vnm_frr_conf_with(conf, "");
	r = take_back(evpn, part, "", err);
	return r < 0 ? r : vnm_frr_file_write(conf_dir(evpn), rest, err);
}

/*
 * Is it in frr.conf? A password is changed network by network: of those that share the part, the one that was changed last is right, and
 * a repair of another does not take it back.
 */
static bool is_written(struct vnm_sys *sys, const struct vnm_op_evpn *evpn, const char *part,
		       const char *want)
{
	return !strcmp(part, want) || (vnm_frr_same_but_password(part, want) &&
				       vnm_frr_user_has_others(sys, evpn->network));
}

static int evpn_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	const struct vnm_op_evpn *evpn = &op->evpn;
	vnm_autobuf struct vnm_buf want = { 0 }, lacks = { 0 };
	vnm_autofree char *conf = NULL, *part = NULL;
	struct vnm_error why = { 0 };
	const char *seen;
	int r = vnm_frr_file_read(conf_dir(evpn), &conf, err);

	*ret = VNM_ABSENT;
	if (r < 0)
		return r;
	part = vnm_frr_conf_part(conf);
	vnm_frr_fragment(evpn, true, &want);
	if (!is_written(sys, evpn, part, want.data)) {
		snprintf(sys->why, VNM_WHY_SIZE, "frr.conf does not have it");
		return 0;
	}
	seen = vnm_frr_see(sys, evpn, &why);
	if (!seen) {
		snprintf(sys->why, VNM_WHY_SIZE, "%.120s", why.msg);
		return 0;
	}
	vnm_frr_undo(part, seen, &lacks);
	if (!lacks.len)
		*ret = VNM_PRESENT;
	else
		snprintf(sys->why, VNM_WHY_SIZE, "FRR runs another configuration");
	return 0;
}

static int evpn_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
		       struct vnm_error *err)
{
	(void)old;
	return evpn_apply(sys, new, err);
}

const struct vnm_op_impl vnm_impl_evpn = {
	.prepare = evpn_prepare,
	.apply = evpn_apply,
	.check = evpn_check,
	.revert = evpn_revert,
	.change = evpn_change,
};
