// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * others.c - devices that others have enslaved to a bridge of ours: QEMU's bridge helper, LXC, nspawn, Docker, people.
 *
 * They are foreign: none is set up or down for good, or released. They are enslaved again when our bridge was deleted and
 * is back. A device is recognised if its index, name, kind, MAC address and, of a veth pair, the index of the other end
 * are the same; the index alone can be reused by request.
 *
 * Released while it is up, a device would join its guest to the host: it gets an IPv6 link-local address, accepts router
 * advertisements and answers ARP for the host's addresses. So these settings are changed until it is enslaved again, and
 * their old values recorded.
 */
#include "sys/link/others.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/link/bridge_record.h"
#include "sys/link/link.h"
#include "sys/link/link_needed.h"
#include "sys/link/link_set.h"
#include "sys/link/port_vlans.h"
#include "sys/netlink/netlink.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/parse.h"

/* What keeps a guest from the host. With a loose reverse path filter for "all", no device has a strict one. */
static const struct {
	const char *family, *setting;
	int value;
} shields[VNM_SHIELD_COUNT] = {
	[VNM_SHIELD_IPV6] = { "ipv6", "disable_ipv6", 1 },
	[VNM_SHIELD_ARP] = { "ipv4", "arp_ignore", 8 },
	[VNM_SHIELD_SENDER] = { "ipv4", "rp_filter", 1 },
};

static char *shield_path(const struct vnm_other *other, size_t i)
{
	return vnm_asprintf("/proc/sys/net/%s/conf/%s/%s", shields[i].family, other->name,
			    shields[i].setting);
}

static int other_fail(int rc, const char *what, const char *on, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_SYSTEM, -rc, "cannot %s %s: %s", what, on, strerror(-rc));
}

/* Has the device the name still? /proc/sys goes by name. Return: 1, 0 or -errno. */
static int is_called_so(struct vnm_sys *sys, const struct vnm_other *other, struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_link_read_index(sys, other->index, &link);

	if (r == -ENODEV)
		return 0;
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", other->name);
	return !strcmp(link.fact.name, other->name);
}

static int note_one(struct vnm_other *other, size_t i, struct vnm_error *err)
{
	vnm_autofree char *path = shield_path(other, i);
	char value[16];
	uint32_t before;
	int r = vnm_proc_read(path, value, sizeof(value));

	if (r == -ENOENT) /* such as without IPv6 */
		return 0;
	if (r < 0)
		return other_fail(r, "read", path, err);
	if (vnm_parse_u32(value, 0, INT32_MAX, &before) == 0 && (int)before != shields[i].value)
		other->before[i] = (int)before;
	return 0;
}

/**
 * vnm_other_note() - record the settings that vnm_other_shield() will replace, unless recorded already
 * @sys:   the handles
 * @other: the device; gets them
 * @err:   set on failure
 *
 * Return: 0 or -errno; 0 also for a device that is gone.
 */
int vnm_other_note(struct vnm_sys *sys, struct vnm_other *other, struct vnm_error *err)
{
	int r = 1;

	for (size_t i = 0; i < VNM_SHIELD_COUNT && r > 0; i++) {
		if (other->before[i] != VNM_SHIELD_UNSET)
			continue;
		r = is_called_so(sys, other, err);
		if (r > 0 && note_one(other, i, err) < 0)
			r = -EIO;
	}
	return r < 0 ? r : 0;
}

static int set_shield(const struct vnm_other *other, size_t i, bool on, struct vnm_error *err)
{
	vnm_autofree char *path = shield_path(other, i);
	vnm_autofree char *value = vnm_asprintf("%d", on ? shields[i].value : other->before[i]);
	int r = vnm_proc_write(path, value);

	return r < 0 && r != -ENOENT ? other_fail(r, "write", path, err) : 0;
}

/* As many as can be set. */
static int set_shields(struct vnm_sys *sys, const struct vnm_other *other, bool on,
		       struct vnm_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < VNM_SHIELD_COUNT; i++) {
		int r = other->before[i] == VNM_SHIELD_UNSET ? 0 : is_called_so(sys, other, err);

		if (r > 0)
			r = set_shield(other, i, on, err);
		if (r < 0)
			failed = r;
	}
	return failed;
}

/**
 * vnm_other_shield() - keep the guest of a device that leaves our bridge from the host. After vnm_other_note().
 * @sys:   the handles
 * @other: the device
 * @err:   set on failure; what can be set is
 *
 * Return: 0 or -errno; 0 also for a device that is gone.
 */
int vnm_other_shield(struct vnm_sys *sys, const struct vnm_other *other, struct vnm_error *err)
{
	return set_shields(sys, other, true, err);
}

/** vnm_other_unshield() - restore the settings of a device that is on a bridge again. As vnm_other_shield(). */
int vnm_other_unshield(struct vnm_sys *sys, const struct vnm_other *other, struct vnm_error *err)
{
	return set_shields(sys, other, false, err);
}

/** vnm_other_same() - are both the same device? */
bool vnm_other_same(const struct vnm_other *a, const struct vnm_other *b)
{
	return a->index == b->index && a->peer == b->peer && !strcmp(a->kind, b->kind) &&
	       !strcmp(a->name, b->name) && vnm_mac_equal(&a->mac, &b->mac);
}

static void from_link(const struct vnm_link *link, struct vnm_other *ret)
{
	*ret = (struct vnm_other){
		.index = link->fact.index,
		.peer = link->other,
		.bridge = link->fact.master,
		.mac = link->fact.mac,
		.settings = link->port.settings,
		.set = link->port.set,
	};
	snprintf(ret->kind, sizeof(ret->kind), "%s", link->fact.kind);
	snprintf(ret->name, sizeof(ret->name), "%s", link->fact.name);
	for (size_t i = 0; i < VNM_SHIELD_COUNT; i++)
		ret->before[i] = VNM_SHIELD_UNSET;
}

/** vnm_other_copy() - replace one of a list by another */
void vnm_other_copy(struct vnm_other *to, const struct vnm_other *from)
{
	char *vlans = from->vlans ? vnm_strdup(from->vlans) : NULL;

	free(to->vlans);
	*to = *from;
	to->vlans = vlans;
}

/** vnm_others_add() - append a device to a list: a copy of it */
void vnm_others_add(struct vnm_others *others, const struct vnm_other *other)
{
	others->items = vnm_array_add(others->items, &others->n, sizeof(*others->items));
	others->items[others->n - 1] = (struct vnm_other){ 0 };
	vnm_other_copy(&others->items[others->n - 1], other);
}

/** vnm_others_clear() - free a list. */
void vnm_others_clear(struct vnm_others *others)
{
	for (size_t i = 0; i < others->n; i++)
		free(others->items[i].vlans);
	free(others->items);
	*others = (struct vnm_others){ 0 };
}

/* A bridge whose index is not recorded: the repair that created it was killed. Return: 1, 0 or -errno. */
static int find_by_marks(struct vnm_sys *sys, const char *bridge, struct vnm_link *ret)
{
	int r = vnm_link_read(sys, bridge, ret);

	if (r < 0)
		return r == -ENODEV ? 0 : r;
	return vnm_link_in_our_group(ret) && !strcmp(ret->fact.kind, "bridge");
}

/* Those that it would not get by itself. @ret: allocated, or NULL. */
static int read_vlans(struct vnm_sys *sys, const struct vnm_link *port,
		      const struct vnm_link *bridge, char **ret, struct vnm_error *err)
{
	struct vnm_vlan_members members vnm_automembers = { 0 };
	int r = bridge->vlan_filtering ? vnm_port_vlans_read(sys, port, &members) : 0;

	*ret = NULL;
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot read the VLANs of '%s'", port->fact.name);
	if (members.n != 1 || members.items[0].id != bridge->default_vlan ||
	    !members.items[0].pvid || !members.items[0].untagged)
		*ret = vnm_vlan_members_format(&members);
	return 0;
}

/**
 * vnm_others_of() - the ports of any bridge, except devices that we made
 * @sys:    the handles
 * @bridge: the bridge
 * @ret:    the devices; free with vnm_others_clear()
 * @err:    set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_others_of(struct vnm_sys *sys, const struct vnm_link *bridge, struct vnm_others *ret,
		  struct vnm_error *err)
{
	vnm_autolinks struct vnm_links links = { 0 };
	int r = vnm_links_read_ports(sys, bridge->fact.name, &links, err);

	for (size_t i = 0; r == 0 && i < links.n; i++) {
		struct vnm_other other;

		if (links.items[i].fact.master != bridge->fact.index ||
		    vnm_link_in_our_group(&links.items[i]))
			continue;
		from_link(&links.items[i], &other);
		r = read_vlans(sys, &links.items[i], bridge, &other.vlans, err);
		vnm_others_add(ret, &other);
		free(other.vlans);
	}
	return r;
}

/**
 * vnm_others_on() - the ports of a bridge of ours, except devices that we made
 * @sys:    the handles
 * @bridge: the name that it was given
 * @ret:    the devices; free with vnm_others_clear()
 * @err:    set on failure
 *
 * It is for the caller to leave out existing devices of net-attach, and an uplink.
 *
 * Return: the index of the bridge; 0 when there is none; -errno.
 */
int vnm_others_on(struct vnm_sys *sys, const char *bridge, struct vnm_others *ret,
		  struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_bridge_record_find(sys, bridge, &link);

	if (r == 0)
		r = find_by_marks(sys, bridge, &link);
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot inspect bridge '%s'", bridge);
	if (r == 0)
		return 0;
	r = vnm_others_of(sys, &link, ret, err);
	return r < 0 ? r : link.fact.index;
}

/**
 * vnm_other_where() - where is a device that was on a bridge of ours?
 * @sys:    the handles
 * @other:  the device
 * @bridge: the index of the bridge in question; 0: none
 */
enum vnm_whereabouts vnm_other_where(struct vnm_sys *sys, const struct vnm_other *other, int bridge)
{
	struct vnm_link link;
	struct vnm_other now;
	int r = vnm_link_read_index(sys, other->index, &link);

	if (r < 0)
		return r == -ENODEV ? VNM_OTHER_GONE : VNM_OTHER_UNKNOWN;
	from_link(&link, &now);
	if (!vnm_other_same(other, &now))
		return VNM_OTHER_GONE;
	if (link.fact.master == 0)
		return VNM_OTHER_ALONE;
	return link.fact.master == bridge ? VNM_OTHER_HERE : VNM_OTHER_ELSEWHERE;
}

/* Flags can be set once the device is enslaved; it is set up after them. */
static int restore_settings(struct vnm_sys *sys, const struct vnm_other *other,
			    struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_link link;
	int r = vnm_link_read_index(sys, other->index, &link);

	if (r == 0)
		r = vnm_link_set_port(sys, &link,
				      other->settings & link.port.settings &
					      (other->set ^ link.port.set),
				      other->set, &req);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot set the bridge port flags of '%s'",
				   other->name)
		     : 0;
}

/** vnm_other_is_restricted() - has the port fewer rights than a default one? Then it must not have those for a moment either. */
bool vnm_other_is_restricted(const struct vnm_other *other)
{
	return other->vlans || other->set & (VNM_PORT_SETTING(IFLA_BRPORT_ISOLATED) |
					     VNM_PORT_SETTING(VNM_IFLA_BRPORT_LOCKED));
}

static int refuse_needed(struct vnm_sys *sys, const struct vnm_link *link, struct vnm_error *err)
{
	char what[VNM_NEEDED_SIZE];
	int r = vnm_link_needed(sys, &link->fact, what, err);

	if (r < 0 || !*what)
		return r;
	return vnm_error_set(err, VNM_ERR_FOREIGN, EBUSY,
			     "device '%s' %s by now, which the host would lose", link->fact.name,
			     what);
}

static int read_other(struct vnm_sys *sys, const struct vnm_other *other, struct vnm_link *ret,
		   struct vnm_error *err)
{
	int r = vnm_link_read_index(sys, other->index, ret);

	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", other->name) : 0;
}

/** vnm_other_put_lowers() - will vnm_other_put() set the device down for a moment? Return: 1, 0 or -errno. */
int vnm_other_put_lowers(struct vnm_sys *sys, const struct vnm_other *other, struct vnm_error *err)
{
	struct vnm_link link;
	int r;

	if (!vnm_other_is_restricted(other))
		return 0;
	r = read_other(sys, other, &link, err);
	return r < 0 ? r : link.fact.up;
}

/** vnm_other_raise() - set up again what an interrupted vnm_other_put() set down. Return: 0 or -errno. */
int vnm_other_raise(struct vnm_sys *sys, const struct vnm_other *other, struct vnm_error *err)
{
	struct vnm_link link;
	int r = read_other(sys, other, &link, err);

	return r < 0 ? r : vnm_link_set_flags(sys, &link, IFF_UP, IFF_UP, err);
}

/**
 * vnm_other_put() - enslave a released device to a bridge again
 * @sys:    the handles
 * @other:  the device, with its settings as a port; @lowered: an earlier call was interrupted
 * @bridge: the bridge's index
 * @err:    set on failure; then the device is released
 *
 * A failed request may have taken effect, if only the answer was lost.
 *
 * Return: 0 or -errno.
 */
int vnm_other_put(struct vnm_sys *sys, const struct vnm_other *other, int bridge,
		  struct vnm_error *err)
{
	struct vnm_error ignored = { 0 };
	struct vnm_link link;
	bool lower;
	int up_again, r = read_other(sys, other, &link, err);

	if (r < 0)
		return r;
	lower = link.fact.up && vnm_other_is_restricted(other);
	r = refuse_needed(sys, &link, err);
	if (r == 0 && lower)
		r = vnm_link_set_flags(sys, &link, 0, IFF_UP, err);
	if (r == 0)
		r = vnm_link_set_master(sys, &link, bridge, err);
	if (r == 0)
		r = restore_settings(sys, other, err);
	if (r == 0 && other->vlans)
		r = vnm_port_vlans_set(sys, &link, other->vlans, err);
	if (r < 0)
		(void)vnm_link_set_master(sys, &link, 0, &ignored);
	if (!lower && !other->lowered)
		return r;
	up_again = vnm_link_set_flags(sys, &link, IFF_UP, IFF_UP, r < 0 ? &ignored : err);
	return r < 0 ? r : up_again;
}
