/* SPDX-License-Identifier: GPL-2.0-or-later */
/* query.c - net-list and net-info: the state of networks, and what they lack. */
#include "driver/query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "driver/guard.h"
#include "driver/versions.h"
#include "model/overlay.h"
#include "model/pci.h"
#include "model/vlan.h"
#include "model/vrf.h"
#include "run/guest_rival.h"
#include "run/health.h"
#include "run/others.h"
#include "run/evpn_look.h"
#include "run/overlay_look.h"
#include "run/survey.h"
#include "state/guest_store.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/firewall/frames_read.h"
#include "sys/firewall/fw_expected.h"
#include "sys/firewall/firewall.h"
#include "sys/host/accept_ra.h"
#include "sys/link/link.h"
#include "util/mem.h"
#include "xml/network_xml.h"

#define FORWARDS_BY "it forwards by device '%s' only, and that "
#define ATTEMPTS 5 /* attempts to read a network that another command is changing */

/* How closely networks are examined; from CHECKED on, drv->sys has the rules that all networks should have. */
enum depth {
	RECORDED,
	CHECKED, /* compared with the system */
	ACCOUNTED, /* and the number of leased addresses */
};

/*
 * How some of them are looked at. @journals: read already; valid under the lock, without it there are none. @net: gets the
 * definition; or NULL. @right: the rules of all are known to be as planned; else they are read, and recorded for @version,
 * unless it is zero
 */
struct view {
	enum depth depth;
	struct vnm_journals journals;
	struct vnm_network *net;
	struct vnm_fw_version version;
	bool right;
};

/* The network's journal: @ret is @view's, or @own's. Return: 0 or -errno. */
static int plan_of(struct vnm_driver *drv, const char *name, const struct view *view,
		   struct vnm_journal *own, const struct vnm_plan **ret, struct vnm_error *err)
{
	const struct vnm_journal *journal = vnm_journals_find(&view->journals, name);
	int r = 0;

	if (!journal)
		r = view->right ? vnm_journal_cache_read_others(&drv->journals, name, own, err)
				: vnm_journal_cache_read(&drv->journals, name, true, own, err);
	*ret = journal ? &journal->plan : &own->plan;
	return r;
}

/* @net: the definition in effect, without a name if that is lost. */
static int fill_health(struct vnm_driver *drv, const char *name, const struct vnm_network *net,
		       const struct view *view, struct vnm_info *info, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal own = { 0 };
	vnm_autohealth struct vnm_health health = { 0 };
	vnm_autofaults struct vnm_overlay_faults faults = { 0 };
	const struct vnm_plan *plan;
	int r = plan_of(drv, name, view, &own, &plan, err);

	if (r == 0)
		r = vnm_health_check(&drv->sys, &drv->paths, name, plan, view->right, &health, err);
	if (r < 0)
		return r;
	vnm_overlay_look(&drv->sys, &drv->paths, net, view->depth == ACCOUNTED, &faults);
	vnm_health_add_hosts(&health, &faults);
	if (health.rules_right && view->version.generation)
		vnm_rules_record_put(&drv->rules, name);
	vnm_driver_report_missing(drv, name, health.missing, health.n_missing);
	if (vnm_plan_find(plan, VNM_OP_RULE))
		info->firewall = vnm_enum_name(&vnm_enum_fw_backend, (int)plan->firewall);
	info->n_missing = vnm_health_missing(&health, &info->missing);
	info->n_faults = vnm_health_faults(&health, &info->faults);
	info->notes = health.notes;
	health.notes = (struct vnm_warnings){ 0 };
	for (size_t i = 0; i < health.found.notes.n; i++)
		vnm_warnings_add(&info->notes, "%s", health.found.notes.items[i]);
	if (net->name)
		vnm_driver_note_rivals(drv, net, &info->notes);
	return 0;
}

static void lack_definition(struct vnm_info *info)
{
	info->missing = vnm_array_add(info->missing, &info->n_missing, sizeof(*info->missing));
	info->missing[info->n_missing - 1] = vnm_strdup("its definition");
}

/* Is it in transition? Under the lock, none is. */
static enum vnm_passing on_its_way(struct vnm_driver *drv, const char *name)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error ignored = { 0 };

	if (drv->lock_fd >= 0 ||
	    vnm_journal_cache_read(&drv->journals, name, false, &journal, &ignored) < 0 ||
	    journal.state == VNM_JOURNAL_ACTIVE)
		return VNM_PASSING_NOT;
	return journal.state == VNM_JOURNAL_STARTING ? VNM_PASSING_UP : VNM_PASSING_DOWN;
}

/* Return: 0, also when its plan cannot be read: see vnm_info.passing; or -errno. */
static int check_info(struct vnm_driver *drv, const char *name, const struct vnm_network *net,
		      const struct view *view, struct vnm_info *info, struct vnm_error *err)
{
	int r;

	if (drv->lock_fd < 0 && vnm_driver_changing(drv, name))
		return 0;
	r = fill_health(drv, name, net, view, info, err);
	if (r < 0 && err->code == VNM_ERR_NEWER) {
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err->msg);
		info->passing = VNM_PASSING_UNKNOWN;
		r = 0;
	}
	/* Without the lock, it may have been stopped meanwhile. */
	return r == -ENOENT && drv->lock_fd < 0 ? 0 : r;
}

static void add_text(char ***list, size_t *n, char *text)
{
	*list = vnm_array_add(*list, n, sizeof(**list));
	(*list)[*n - 1] = text;
}

static void add_ranges(const struct vnm_network *net, const struct vnm_ip *ip,
		       struct vnm_info *info)
{
	for (size_t i = 0; i < ip->dhcp.n_ranges; i++) {
		const struct vnm_dhcp_range range = vnm_dhcp_range_here(net, ip, i);

		info->ranges = vnm_array_add(info->ranges, &info->n_ranges, sizeof(*info->ranges));
		info->ranges[info->n_ranges - 1].start = range.start;
		info->ranges[info->n_ranges - 1].end = range.end;
	}
}

static void describe_overlay(const struct vnm_network *net, struct vnm_info *info)
{
	const struct vnm_overlay *overlay = &net->overlay;

	if (!overlay->at.present)
		return;
	info->vni = overlay->vni.v;
	info->vxlan_port = vnm_overlay_port(overlay);
	info->vtep = overlay->local;
	info->overlay_mtu = vnm_network_mtu(net).v;
	for (size_t i = 0; i < overlay->n_peers; i++) {
		if (!vnm_overlay_is_peer(overlay, i))
			continue;
		info->peers = vnm_array_add(info->peers, &info->n_peers, sizeof(*info->peers));
		info->peers[info->n_peers - 1] = overlay->peers[i].address;
	}
}

static void add_devices(const struct vnm_network *net, struct vnm_info *info)
{
	const char *dev =
		vnm_network_has_uplink(net) ? net->uplink.dev : vnm_network_forward_dev(net);

	char address[VNM_PCI_STRLEN];

	for (size_t i = 0; vnm_network_is_pool(net) && i < net->forward.n_interfaces; i++)
		add_text(&info->devices, &info->n_devices,
			 vnm_strdup(net->forward.interfaces[i].dev));
	for (size_t i = 0; i < net->forward.n_addresses; i++)
		add_text(&info->devices, &info->n_devices,
			 vnm_strdup(vnm_pci_format(&net->forward.addresses[i], address)));
	if (net->forward.pf.at.present)
		add_text(&info->devices, &info->n_devices, vnm_strdup(net->forward.pf.dev));
	if (dev && info->n_devices == 0)
		add_text(&info->devices, &info->n_devices, vnm_strdup(dev));
}

/* FRR was asked for the check: this costs nothing. */
static void describe_evpn(struct vnm_driver *drv, const struct vnm_network *net,
			  struct vnm_info *info)
{
	vnm_autoevpn_state struct vnm_evpn_state state = { 0 };
	struct vnm_error ignored = { 0 };

	if (!net->overlay.evpn.at.present)
		return;
	info->asn = net->overlay.evpn.asn.v;
	if (!info->active || drv->paths.public ||
	    vnm_evpn_look(&drv->sys, &drv->paths, net, &state, &ignored) < 0)
		return;
	free(info->peers);
	info->peers = vnm_steal(&state.hosts);
	info->n_peers = state.n_hosts;
	info->sessions = vnm_steal(&state.sessions);
	info->n_sessions = state.n_sessions;
	state.n_sessions = 0;
}

/* What vnetmgr does not do is said where nothing of the network would show it. */
static void note_hypervisor(const struct vnm_network *net, struct vnm_warnings *notes)
{
	static const char *const switches[VNM_VIRTUALPORT_COUNT] = {
		[VNM_VIRTUALPORT_8021QBG] = "the switch is told of it by lldpad",
		[VNM_VIRTUALPORT_8021QBH] = "the network card is told of it",
		[VNM_VIRTUALPORT_MIDONET] = "MidoNet is told of it by mm-ctl",
	};
	enum vnm_virtualport_type type = net->virtualport.type;

	if (vnm_network_mode(net) == VNM_FORWARD_HOSTDEV)
		vnm_warnings_add(notes,
				 "guests get PCI devices: net-port-create hands one out, with MAC "
				 "address and VLAN; giving it to the guest is the hypervisor's "
				 "work");
	if (net->virtualport.at.present && switches[type])
		vnm_warnings_add(notes,
				 "<virtualport type='%s'>: connecting a guest is the hypervisor's "
				 "work, for a port of net-port-create; %s",
				 vnm_enum_name(&vnm_enum_virtualport_type, (int)type),
				 switches[type]);
}

/* Texts from the definition, for people. */
static void describe(struct vnm_driver *drv, const struct vnm_network *net, struct vnm_info *info)
{
	char text[VNM_PREFIX_STRLEN];

	info->mode = vnm_enum_name(&vnm_enum_forward_mode, (int)vnm_network_mode(net));
	if (!info->mode)
		info->mode = "isolated";
	if (net->vlan.at.present)
		info->vlan = vnm_vlan_words(&net->vlan);
	if (net->vrf.at.present)
		info->vrf = vnm_strdup(net->vrf.name);
	add_devices(net, info);
	note_hypervisor(net, &info->notes);
	for (size_t i = 0; i < net->n_ips; i++) {
		struct vnm_prefix prefix = vnm_ip_prefix(&net->ips[i]);

		prefix = vnm_prefix_network(&prefix);
		add_text(&info->subnets, &info->n_subnets,
			 vnm_strdup(vnm_prefix_format(&prefix, text)));
		add_ranges(net, &net->ips[i], info);
	}
	info->n_guests = vnm_attachments_get(drv, net->name)->n_items;
	describe_overlay(net, info);
}

/** vnm_driver_flags() - a network's state, whose definition does not matter; all false where there is no such network */
struct vnm_flags vnm_driver_flags(struct vnm_driver *drv, const char *name)
{
	return (struct vnm_flags){
		.active = vnm_driver_active(drv, name),
		.persistent = vnm_store_has(&drv->persistent, name),
		.autostart = vnm_autostart_get(drv->autostart_fd, name),
	};
}

/* Which VRF a device is in; "": none. Return: 0 or -errno. */
static int read_vrf(struct vnm_driver *drv, const char *dev, char ret[static VNM_IFNAME_SIZE])
{
	struct vnm_link link = { 0 };
	int r = vnm_link_read(&drv->sys, dev, &link);

	*ret = '\0';
	if (r < 0 || !link.fact.master)
		return r;
	r = vnm_link_read_index(&drv->sys, link.fact.master, &link);
	if (r == 0 && !strcmp(link.fact.kind, "vrf"))
		memcpy(ret, link.fact.name, VNM_IFNAME_SIZE);
	return r;
}

/* Its rules name the device: they are whole, and have no effect until it comes, gets that name, or is in the network's VRF. */
static void note_forward_device(struct vnm_driver *drv, const struct vnm_network *net,
				struct vnm_warnings *notes)
{
	const char *dev = vnm_network_forward_dev(net);
	vnm_autofree char *wrong = NULL, *mend = NULL;
	char vrf[VNM_IFNAME_SIZE];
	int r;

	if (!dev || !vnm_network_makes_bridge(net))
		return;
	r = read_vrf(drv, dev, vrf);
	if (r == -ENODEV)
		vnm_warnings_add(notes,
				 FORWARDS_BY "does not exist: nothing gets out until it does", dev);
	if (r < 0)
		return;
	wrong = vnm_vrf_misplaced(net, *vrf ? vrf : NULL);
	mend = vnm_vrf_placing(net, dev);
	if (wrong)
		vnm_warnings_add(notes, FORWARDS_BY "%s; name another device, or: %s", dev, wrong,
				 mend);
}

static int read_info(struct vnm_driver *drv, const char *name, const struct view *view,
		     struct vnm_info *ret, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_info info = { .passing = on_its_way(drv, name) };
	struct vnm_flags flags = vnm_driver_flags(drv, name);
	bool lost;
	int r;

	info.active = flags.active;
	info.persistent = flags.persistent;
	info.autostart = flags.autostart;
	r = vnm_driver_load(drv, name, &net, err);
	if (r < 0 && !info.active)
		return r;
	lost = r < 0;
	if (view->depth >= CHECKED && info.active && !drv->paths.public) {
		r = check_info(drv, name, &net, view, &info, err);
		if (r < 0)
			return r;
	}
	if (lost)
		lack_definition(&info);
	if (!lost && view->depth >= ACCOUNTED && info.active) {
		info.n_leases = vnm_driver_lease_use(drv, &net, info.leases, &info.notes);
		note_forward_device(drv, &net, &info.notes);
	}
	if (!lost)
		describe(drv, &net, &info);
	if (!lost && view->depth >= ACCOUNTED)
		describe_evpn(drv, &net, &info);
	info.name = vnm_strdup(lost ? name : net.name);
	info.uuid = net.uuid;
	info.bridge = net.bridge.name ? vnm_strdup(net.bridge.name) : NULL;
	info.title = net.title ? vnm_strdup(net.title) : NULL;
	if (view->net) {
		vnm_network_clear(view->net);
		*view->net = net;
		net = (struct vnm_network){ 0 };
	}
	*ret = info;
	return 0;
}

/* The cached firewall tables, read for another network, may be older than this one. */
static void forget_tables(struct vnm_driver *drv)
{
	vnm_fw_forget(&drv->sys);
	vnm_frames_forget(&drv->sys);
	vnm_accept_ra_forget(&drv->sys);
}

/* The same without the lock: repeated until nothing changes meanwhile. */
static int read_until_stable(struct vnm_driver *drv, const char *name, const struct view *view,
			     struct vnm_info *ret, struct vnm_error *err)
{
	struct vnm_versions before, after = vnm_versions_of(drv, name);

	for (int i = 0; i < ATTEMPTS; i++) {
		int r;

		before = after;
		forget_tables(drv);
		r = read_info(drv, name, view, ret, err);
		after = vnm_versions_of(drv, name);
		if (vnm_versions_same(&before, &after))
			return r;
		if (r == 0)
			vnm_info_clear(ret);
	}
	/* It changes all the time: report only that it is in transition. */
	return read_info(drv, name, &(struct view){ .depth = RECORDED, .net = view->net }, ret,
			 err);
}

static int read_stable_info(struct vnm_driver *drv, const char *name, const struct view *view,
			    struct vnm_info *ret, struct vnm_error *err)
{
	return drv->lock_fd >= 0 ? read_info(drv, name, view, ret, err)
				 : read_until_stable(drv, name, view, ret, err);
}

/* Are the rules of all active networks known to be as planned? */
static void recall_rules(struct vnm_driver *drv, char *const *names, size_t n, struct view *view)
{
	if (view->depth < CHECKED || drv->lock_fd < 0 || n < VNM_RULES_RECORD_MIN)
		return;
	view->right = vnm_rules_record_load(&drv->rules, &drv->sys, &view->version);
	for (size_t i = 0; i < n && view->right; i++)
		view->right = !vnm_driver_active(drv, names[i]) ||
			      vnm_rules_record_has(&drv->rules, names[i]);
	if (!view->right)
		vnm_rules_record_clear(&drv->rules);
}

/* What depends on more than the rules is judged each time. */
static void record_rules(struct vnm_driver *drv, const struct view *view)
{
	if (!view->right && view->version.generation && !vnm_fw_expected_by_devices(&drv->sys))
		vnm_rules_record_write(&drv->rules, &view->version);
}

static void see_others(struct vnm_driver *drv, const char *name, const struct view *view)
{
	vnm_autojournal struct vnm_journal own = { 0 };
	struct vnm_error ignored = { 0 };
	const struct vnm_plan *plan;

	if (plan_of(drv, name, view, &own, &plan, &ignored) == 0)
		vnm_driver_see_others(drv, name, plan);
}

/* The system is not compared with the public summary, which has no plans. */
static const char as_recorded[] = "as the last command left it: only root can see what is missing";

/**
 * vnm_driver_info() - the state of one network
 * @drv:   the driver; between vnm_driver_survey() and vnm_driver_survey_end() for many networks
 * @name:  the network
 * @check: compare an active network with the system, too
 * @ret:   free with vnm_info_clear()
 * @err:   set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_info(struct vnm_driver *drv, const char *name, bool check, struct vnm_info *ret,
		    struct vnm_error *err)
{
	return vnm_driver_info_net(drv, name, check, ret, NULL, err);
}

/**
 * vnm_driver_info_net() - the same, with the definition
 * @net: gets it, with a name, unless it cannot be read; zeroed; free with vnm_network_clear(); or NULL
 */
int vnm_driver_info_net(struct vnm_driver *drv, const char *name, bool check, struct vnm_info *ret,
			struct vnm_network *net, struct vnm_error *err)
{
	struct view view = { .depth = check ? ACCOUNTED : RECORDED, .net = net };
	const bool own = check && drv->lock_fd >= 0 && !drv->sys.fw_expected;
	int r;

	if (own)
		vnm_health_expect_rules(&drv->sys, &drv->journals, &view.journals);
	r = read_stable_info(drv, name, &view, ret, err);
	if (r == 0 && check && ret->active && drv->paths.public)
		vnm_warnings_add(&ret->notes, "%s", as_recorded);
	else if (r == 0 && check && ret->active) {
		see_others(drv, name, &view);
		ret->guarded = vnm_driver_guarded(drv, name);
		ret->guard_left = ret->guarded ? vnm_driver_guard_left(drv, name) : -1;
	}
	if (own)
		vnm_fw_expected_drop(&drv->sys);
	vnm_journals_clear(&view.journals);
	return r;
}

/** vnm_info_state() - the state in a word: "active", "inactive", "degraded", "starting", "stopping" or "unknown" */
const char *vnm_info_state(const struct vnm_info *info)
{
	static const char *const passing[] = {
		[VNM_PASSING_UP] = "starting",
		[VNM_PASSING_DOWN] = "stopping",
		[VNM_PASSING_UNKNOWN] = "unknown",
	};

	if (info->passing)
		return passing[info->passing];
	if (!info->active)
		return "inactive";
	return info->n_missing || info->n_faults ? "degraded" : "active";
}

/** vnm_info_clear() - free the contents. */
void vnm_info_clear(struct vnm_info *info)
{
	free(info->name);
	free(info->bridge);
	free(info->title);
	vnm_names_free(info->devices, info->n_devices);
	vnm_names_free(info->subnets, info->n_subnets);
	free(info->ranges);
	for (size_t i = 0; i < info->n_sessions; i++)
		free(info->sessions[i].state);
	free(info->sessions);
	free(info->peers);
	vnm_names_free(info->missing, info->n_missing);
	vnm_names_free(info->faults, info->n_faults);
	free(info->vlan);
	free(info->vrf);
	vnm_warnings_clear(&info->notes);
	*info = (struct vnm_info){ 0 };
}

/** vnm_infos_free() - free what vnm_driver_list() returned. */
void vnm_infos_free(struct vnm_info *infos, size_t n)
{
	for (size_t i = 0; i < n; i++)
		vnm_info_clear(&infos[i]);
	free(infos);
}

/* As virsh sorts: by name without regard to case. */
static int info_cmp(const void *a, const void *b)
{
	const struct vnm_info *x = a, *y = b;
	int order = strcasecmp(x->name, y->name);

	return order ? order : strcmp(x->name, y->name);
}

/**
 * vnm_driver_list() - all networks
 * @drv:   the driver
 * @check: compare the active ones with the system
 * @ret:   sorted as virsh sorts; free with vnm_infos_free()
 * @ret_n: how many
 * @err:   set when the state directories cannot be read at all
 *
 * A network whose definition cannot be read is left out with a warning.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_list(struct vnm_driver *drv, bool check, struct vnm_info **ret, size_t *ret_n,
		    struct vnm_error *err)
{
	struct view view = { .depth = check ? CHECKED : RECORDED };
	struct vnm_info *infos = NULL;
	char **names;
	size_t n_names, n = 0;
	int r;

	r = vnm_driver_names(drv, &names, &n_names, err);
	if (r < 0)
		return r;
	recall_rules(drv, names, n_names, &view);
	if (check)
		vnm_driver_survey(drv, !view.right, &view.journals);
	for (size_t i = 0; i < n_names; i++) {
		struct vnm_error why = { 0 };
		struct vnm_info info = { 0 };

		if (read_stable_info(drv, names[i], &view, &info, &why) < 0) {
			/* Without the lock, it may have been defined or removed meanwhile. */
			if (drv->lock_fd < 0 && why.code == VNM_ERR_NO_NETWORK)
				continue;
			vnm_driver_report(drv, VNM_REPORT_WARNING, "network '%s' is left out: %s",
					  names[i], why.msg);
			continue;
		}
		infos = vnm_array_add(infos, &n, sizeof(*infos));
		infos[n - 1] = info;
	}
	vnm_names_free(names, n_names);
	record_rules(drv, &view);
	if (check)
		vnm_driver_survey_end(drv);
	vnm_journals_clear(&view.journals);
	if (n > 0)
		qsort(infos, n, sizeof(*infos), info_cmp);
	*ret = infos;
	*ret_n = n;
	return 0;
}
