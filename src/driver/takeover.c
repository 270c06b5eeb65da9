/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * takeover.c - a network that libvirt runs becomes one that vnetmgr runs, with its bridge and its guests' devices in place.
 *
 * Theory of operation. virsh net-destroy removes libvirt's rules and dnsmasq, and deletes the bridge by its name. So the bridge
 * has another name meanwhile, with all that is on it: devices, addresses, routes. Then it gets its own name again and the
 * group by which a bridge is vnetmgr's, and the start finds it and completes it. Guests keep their carrier; connections keep
 * their entries in conntrack.
 *
 *   record     RUN/NAME.takeover; RUN/NAME.others has the devices on the bridge
 *   rename     the bridge steps aside
 *   destroy    virsh net-destroy: from here on, the network is ours to start
 *   rename     back
 *   start      as net-start does
 *
 * Killed before destroy, the next command renames the bridge back, and libvirt has its network as before; killed after it, the next
 * command starts the network. If the start fails, which deletes the bridge, libvirt starts its network again, and the devices
 * are enslaved to the new bridge.
 */
#include "driver/takeover.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "driver/results.h"
#include "driver/start.h"
#include "driver/stop.h"
#include "plan/firewall/fwrule.h"
#include "run/others.h"
#include "state/networks.h"
#include "state/others_record.h"
#include "state/session.h"
#include "state/store.h"
#include "state/takeover_record.h"
#include "sys/link/link.h"
#include "sys/link/link_set.h"
#include "sys/link/others.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/** struct moving - a takeover. @others: the devices on the bridge */
struct moving {
	struct vnm_driver *drv;
	const struct vnm_virsh *virsh;
	const char *name;
	struct vnm_network net;
	struct vnm_takeover record;
	struct vnm_others others;
};

static void moving_clear(struct moving *moving)
{
	vnm_network_clear(&moving->net);
	vnm_others_clear(&moving->others);
}
#define automoving __attribute__((cleanup(moving_clear)))

static int virsh_one(const struct vnm_virsh *virsh, const char *command, const char *name,
		     struct vnm_error *err)
{
	const char *const words[] = { command, name, NULL };

	return vnm_virsh(virsh, words, NULL, NULL, err);
}

/* Return: 0 and the bridge by its number, if it has one of both names; -ENODEV. */
static int find_bridge(struct vnm_driver *drv, const struct vnm_takeover *record,
		       struct vnm_link *ret)
{
	int r = vnm_link_read_index(&drv->sys, record->index, ret);

	if (r < 0)
		return r;
	return !strcmp(ret->fact.kind, "bridge") && (!strcmp(ret->fact.name, record->bridge) ||
						     !strcmp(ret->fact.name, record->aside))
		       ? 0
		       : -ENODEV;
}

static int rename_bridge(struct moving *moving, const char *to, struct vnm_error *err)
{
	vnm_autofree char *what = vnm_asprintf("the bridge of network '%s'", moving->name);
	struct vnm_link link;
	int r = find_bridge(moving->drv, &moving->record, &link);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, -r, "%s is gone: %s", what,
				     strerror(-r));
	r = vnm_link_restore_name(&moving->drv->sys, &link, to, what, err);
	vnm_links_forget(&moving->drv->sys);
	return r;
}

static int prepare(struct moving *moving, struct vnm_error *err)
{
	const char *bridge = moving->net.bridge.name;
	struct vnm_link link;
	int r = bridge ? vnm_link_need(&moving->drv->sys, bridge, &link, err)
		       : vnm_error_set(err, VNM_ERR_UNSUPPORTED, EINVAL,
				       "network '%s' has no bridge of its own", moving->name);

	if (r == 0)
		r = vnm_others_of(&moving->drv->sys, &link, &moving->others, err);
	if (r < 0)
		return r;
	moving->record.index = link.fact.index;
	snprintf(moving->record.bridge, sizeof(moving->record.bridge), "%s", bridge);
	snprintf(moving->record.aside, sizeof(moving->record.aside), "vnmaside%d", link.fact.index);
	r = vnm_others_write(moving->drv, moving->name, NULL, &moving->others, err);
	return r < 0 ? r
		     : vnm_takeover_write(moving->drv->run_fd, moving->name, &moving->record, err);
}

/* The group, and the MAC address of the definition, by which the start finds a bridge of ours. */
static int adopt(struct moving *moving, struct vnm_error *err)
{
	struct vnm_link link;
	int r = find_bridge(moving->drv, &moving->record, &link);

	if (r == -ENODEV)
		return 0; /* the start makes a new one, and enslaves what was on it */
	r = rename_bridge(moving, moving->record.bridge, err);
	if (r == 0)
		r = vnm_link_need(&moving->drv->sys, moving->record.bridge, &link, err);
	return r < 0 ? r
		     : vnm_link_set_group(&moving->drv->sys, &link, VNM_GROUP_BASE,
					  &moving->net.mac.address, err);
}

static int start(struct moving *moving, struct vnm_error *err)
{
	struct vnm_result *results;
	int r;

	vnm_links_forget(&moving->drv->sys);
	r = vnm_driver_start(moving->drv, &moving->name, 1, &results, err);
	return r < 0 ? r : vnm_results_take_one(results, err);
}

/* All devices that were on the bridge before, on the one that has its name now. */
static int enslave_again(struct moving *moving, struct vnm_error *err)
{
	struct vnm_link link;
	int failed = 0, r;

	vnm_links_forget(&moving->drv->sys);
	r = vnm_link_need(&moving->drv->sys, moving->record.bridge, &link, err);
	for (size_t i = 0; r == 0 && i < moving->others.n; i++)
		if (vnm_other_put(&moving->drv->sys, &moving->others.items[i], link.fact.index,
				  err) < 0)
			failed = -EIO;
	return r < 0 ? r : failed;
}

/* After a start that failed. @err: why; gets what else failed. */
static void give_up(struct moving *moving, struct vnm_error *err)
{
	struct vnm_error more = { 0 };
	int r = virsh_one(moving->virsh, "net-start", moving->name, &more);

	if (r == 0)
		r = enslave_again(moving, &more);
	if (r < 0)
		vnm_error_prefix(err, "libvirt cannot have it back (%s): ", more.msg);
	else
		vnm_error_prefix(err, "it cannot be started here, and libvirt has it again: ");
	vnm_driver_drop_others(moving->drv, moving->name);
	vnm_takeover_drop(moving->drv->run_fd, moving->name);
}

static int step_aside(struct moving *moving, struct vnm_error *err)
{
	struct vnm_error ignored = { 0 };
	int r = rename_bridge(moving, moving->record.aside, err);

	if (r == 0)
		r = virsh_one(moving->virsh, "net-destroy", moving->name, err);
	if (r == 0)
		return 0;
	(void)rename_bridge(moving, moving->record.bridge, &ignored);
	vnm_driver_drop_others(moving->drv, moving->name);
	vnm_takeover_drop(moving->drv->run_fd, moving->name);
	return r;
}

static void name_others(const struct vnm_others *others, struct vnm_buf *out)
{
	for (size_t i = 0; i < others->n; i++)
		vnm_buf_printf(out, "%s%s", i ? ", " : " with ", others->items[i].name);
}

/**
 * vnm_driver_take_over() - start a network in the place of the one that libvirt runs
 * @drv:   the driver
 * @virsh: how libvirt is reached; it must answer
 * @name:  the network, defined here as it is in libvirt, and inactive here
 * @ret:   gets " with DEVICE, ..." for devices that are on the bridge
 * @err:   set on failure: then libvirt runs it as before, unless the message says that it cannot
 *
 * Return: 0 or -errno.
 */
int vnm_driver_take_over(struct vnm_driver *drv, const struct vnm_virsh *virsh, const char *name,
			 struct vnm_buf *ret, struct vnm_error *err)
{
	struct moving moving automoving = { .drv = drv, .virsh = virsh, .name = name };
	int r = vnm_store_load(&drv->persistent, name, &moving.net, err);

	if (r == 0)
		r = prepare(&moving, err);
	if (r == 0)
		r = step_aside(&moving, err);
	if (r < 0)
		return r;
	r = adopt(&moving, err);
	if (r == 0)
		r = start(&moving, err);
	if (r < 0) {
		give_up(&moving, err);
		return r;
	}
	vnm_takeover_drop(drv->run_fd, name);
	name_others(&moving.others, ret);
	return 0;
}

static int stop(struct moving *moving, struct vnm_error *err)
{
	struct vnm_result *results;
	int r = vnm_driver_destroy(moving->drv, &moving->name, 1, &results, err);

	return r < 0 ? r : vnm_results_take_one(results, err);
}

/**
 * vnm_driver_hand_back() - stop an active network here, and let libvirt run it
 * @drv:   the driver
 * @virsh: how libvirt is reached
 * @name:  the network
 * @text:  the definition that libvirt is to have of it
 * @ret:   gets " with DEVICE, ..." for devices that are on libvirt's new bridge
 * @err:   set on failure; then it is started here again, if libvirt has not
 *
 * libvirt makes its own bridge, so guests are cut for as long as that takes.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_hand_back(struct vnm_driver *drv, const struct vnm_virsh *virsh, const char *name,
			 const char *text, struct vnm_buf *ret, struct vnm_error *err)
{
	struct moving moving automoving = { .drv = drv, .virsh = virsh, .name = name };
	const char *const define[] = { "net-define", "/dev/stdin", NULL };
	struct vnm_error ignored = { 0 };
	int r = vnm_store_load(&drv->live, name, &moving.net, err);

	if (r == 0)
		r = vnm_others_on(&drv->sys, moving.net.bridge.name, &moving.others, err);
	if (r < 0)
		return r;
	snprintf(moving.record.bridge, sizeof(moving.record.bridge), "%s", moving.net.bridge.name);
	r = stop(&moving, err);
	if (r < 0)
		return r;
	(void)virsh_one(virsh, "net-destroy", name, &ignored); /* of mode bridge, if it is active */
	r = vnm_virsh(virsh, define, text, NULL, err);
	if (r == 0)
		r = virsh_one(virsh, "net-start", name, err);
	if (r < 0) {
		(void)start(&moving, &ignored);
		return r;
	}
	vnm_driver_drop_others(drv, name);
	name_others(&moving.others, ret);
	return enslave_again(&moving, err);
}

/* libvirt's answer comes after what it was doing with this network. */
static bool runs_in_libvirt(const struct vnm_virsh *virsh, const char *name)
{
	static const char active[] = "Active:";
	const char *const words[] = { "net-info", name, NULL };
	vnm_autofree char *text = NULL;
	struct vnm_error ignored = { 0 };
	const char *line;

	if (vnm_virsh(virsh, words, NULL, &text, &ignored) < 0)
		return false;
	line = strstr(text, active);
	return line &&
	       !strncmp(line + strlen(active) + strspn(line + strlen(active), " "), "yes", 3);
}

static void recover_one(struct vnm_driver *drv, const char *name)
{
	const struct vnm_virsh virsh = { .uri = VNM_VIRSH_URI, .run_fd = drv->run_fd };
	struct moving moving automoving = { .drv = drv, .virsh = &virsh, .name = name };
	struct vnm_error err = { 0 };
	bool libvirt = runs_in_libvirt(&virsh, name);
	int r = vnm_takeover_read(drv->run_fd, name, &moving.record);

	if (r == 0 && !vnm_driver_active(drv, name))
		r = vnm_store_load(&drv->persistent, name, &moving.net, &err);
	if (r == 0 && libvirt)
		r = rename_bridge(&moving, moving.record.bridge, &err);
	else if (r == 0 && !vnm_driver_active(drv, name))
		r = adopt(&moving, &err);
	if (r == 0 && !libvirt && !vnm_driver_active(drv, name))
		r = start(&moving, &err);
	if (r < 0)
		vnm_driver_report(
			drv, VNM_REPORT_WARNING,
			"network '%s' was being taken over from libvirt when the command was "
			"interrupted: %s",
			name, *err.msg ? err.msg : strerror(-r));
	else
		vnm_driver_report(
			drv, VNM_REPORT_WARNING,
			"network '%s' was being taken over from libvirt when the command was "
			"interrupted; it runs %s now. vnetmgr net-import --start goes on",
			name, libvirt ? "in libvirt" : "here");
	vnm_takeover_drop(drv->run_fd, name);
}

/**
 * vnm_driver_resume_takeovers() - complete takeovers from libvirt that were interrupted, or leave them to libvirt
 * @drv: the driver, just opened; nothing happens unless recovery has found one
 */
void vnm_driver_resume_takeovers(struct vnm_driver *drv)
{
	struct vnm_error ignored = { 0 };
	char **names;
	size_t n;

	if (!drv->interrupted || drv->assumed ||
	    vnm_store_names(&drv->live, VNM_TAKEOVER_SUFFIX, &names, &n, &ignored) < 0)
		return;
	drv->interrupted = false;
	vnm_virsh_recover(drv->run_fd);
	for (size_t i = 0; i < n; i++)
		recover_one(drv, names[i]);
	vnm_names_free(names, n);
}
