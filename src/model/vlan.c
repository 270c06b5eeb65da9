/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vlan.c - which VLANs a guest's port is a member of, on a bridge that filters them. Pure.
 *
 * As libvirt has it since 11.0: one tag is an access port, whose frames have no tag; with more, or trunk='yes', the port is a
 * trunk, whose frames have one. A trunk's native VLAN is that of frames which come in without a tag, and only
 * nativeMode='untagged' lets them go out without one; without a native VLAN such frames are dropped.
 */
#include "model/vlan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/buf.h"
#include "util/mem.h"
#include "util/parse.h"

/**
 * vnm_vlan_nearest() - the VLANs of a port
 * @net:   its network
 * @group: its portgroup; NULL: none
 * @own:   its own; NULL: none
 *
 * The nearest <vlan> is taken whole; they are not merged.
 *
 * Return: the VLANs, or NULL: it has none.
 */
const struct vnm_vlan *vnm_vlan_nearest(const struct vnm_network *net,
					const struct vnm_portgroup *group,
					const struct vnm_vlan *own)
{
	if (own && own->at.present)
		return own;
	if (group && group->vlan.at.present)
		return &group->vlan;
	return net->vlan.at.present ? &net->vlan : NULL;
}

static bool is_trunk(const struct vnm_vlan *vlan)
{
	return vlan->n_tags > 1 || vlan->trunk == VNM_TRI_YES;
}

/**
 * vnm_network_filters_vlans() - does a network's own bridge keep its ports in their VLANs?
 * @net: the network
 *
 * Only if it has a <vlan> somewhere, else guests' own tags pass, as on any bridge; or with macTableManager='libvirt', as libvirt has
 * it: the kernel takes ports out of promiscuous mode only then.
 */
bool vnm_network_filters_vlans(const struct vnm_network *net)
{
	bool has = net->vlan.at.present || net->uplink.vlans ||
		   net->bridge.mac_table == VNM_MAC_TABLE_LIBVIRT;

	for (size_t i = 0; i < net->n_portgroups; i++)
		has |= net->portgroups[i].vlan.at.present;
	return has && vnm_network_makes_bridge(net);
}

/* Of frames without a tag; 0: there is none. */
static uint16_t untagged_id(const struct vnm_vlan *vlan)
{
	if (!is_trunk(vlan))
		return (uint16_t)vlan->tags[0].id.v;
	for (size_t i = 0; i < vlan->n_tags; i++)
		if (vlan->tags[i].native != VNM_NATIVE_ABSENT)
			return (uint16_t)vlan->tags[i].id.v;
	return 0;
}

/**
 * vnm_network_host_vlan() - the VLAN of a network's own bridge itself, and so of the host's addresses on it
 * @net: the network
 *
 * That of its guests: the only tag of its <vlan>, or the native one. With an uplink the host stays where it was on its LAN, in the
 * uplink's native VLAN. Where nothing is said, and for ports of others, it is the kernel's default.
 *
 * Return: the ID; 0: the bridge does not filter VLANs, or the network's <vlan> is a trunk without a native VLAN.
 */
uint16_t vnm_network_host_vlan(const struct vnm_network *net)
{
	if (!vnm_network_filters_vlans(net))
		return 0;
	if (vnm_network_has_uplink(net))
		return net->uplink.native.set ? (uint16_t)net->uplink.native.v : VNM_VLAN_DEFAULT;
	return net->vlan.at.present ? untagged_id(&net->vlan) : VNM_VLAN_DEFAULT;
}

/** vnm_vlan_copy() - a deep copy of @from in @to, which is zeroed */
void vnm_vlan_copy(const struct vnm_vlan *from, struct vnm_vlan *to)
{
	*to = *from;
	to->tags = vnm_alloc((from->n_tags + 1) * sizeof(*to->tags));
	memcpy(to->tags, from->tags, from->n_tags * sizeof(*to->tags));
}

static int compare(const void *a, const void *b)
{
	const struct vnm_vlan_member *x = a, *y = b;

	return (int)x->id - (int)y->id;
}

/** vnm_vlan_members_add() - add a VLAN; vnm_vlan_members_sort() after the last */
void vnm_vlan_members_add(struct vnm_vlan_members *members, struct vnm_vlan_member member)
{
	members->items = vnm_array_add(members->items, &members->n, sizeof(*members->items));
	members->items[members->n - 1] = member;
}

/** vnm_vlan_members_sort() - by ID; of one that was added twice, what either has */
void vnm_vlan_members_sort(struct vnm_vlan_members *members)
{
	size_t n = 0;

	if (members->n > 0)
		qsort(members->items, members->n, sizeof(*members->items), compare);
	for (size_t i = 0; i < members->n; i++) {
		const struct vnm_vlan_member *item = &members->items[i];

		if (n == 0 || members->items[n - 1].id != item->id) {
			members->items[n++] = *item;
			continue;
		}
		members->items[n - 1].pvid |= item->pvid;
		members->items[n - 1].untagged |= item->untagged;
	}
	members->n = n;
}

/**
 * vnm_vlan_members() - what a port is to be a member of
 * @vlan: valid; NULL: nothing is said, and there are none
 * @ret:  zeroed; free with vnm_vlan_members_clear()
 */
void vnm_vlan_members(const struct vnm_vlan *vlan, struct vnm_vlan_members *ret)
{
	bool trunk = vlan && is_trunk(vlan);

	for (size_t i = 0; vlan && i < vlan->n_tags; i++) {
		const struct vnm_vlan_tag *tag = &vlan->tags[i];

		vnm_vlan_members_add(
			ret, (struct vnm_vlan_member){
				     .id = (uint16_t)tag->id.v,
				     .pvid = !trunk || tag->native != VNM_NATIVE_ABSENT,
				     .untagged = !trunk || tag->native == VNM_NATIVE_UNTAGGED });
	}
	vnm_vlan_members_sort(ret);
}

/**
 * vnm_vlan_members_format() - as it is in journals: "42:pvid:untagged,43"
 * @members: of a port
 *
 * Return: the text, allocated; NULL: there are none.
 */
char *vnm_vlan_members_format(const struct vnm_vlan_members *members)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	if (members->n == 0)
		return NULL;
	for (size_t i = 0; i < members->n; i++)
		vnm_buf_printf(&text, "%s%u%s%s", i ? "," : "", members->items[i].id,
			       members->items[i].pvid ? ":pvid" : "",
			       members->items[i].untagged ? ":untagged" : "");
	return vnm_buf_steal(&text);
}

static int parse_member(const char *text, struct vnm_vlan_member *ret)
{
	vnm_autofree char *copy = vnm_strdup(text);
	char *rest = copy, *word = strsep(&rest, ":");
	uint32_t id;

	*ret = (struct vnm_vlan_member){ 0 };
	if (vnm_parse_u32(word, VNM_VLAN_FIRST, VNM_VLAN_LAST, &id) < 0)
		return -EINVAL;
	ret->id = (uint16_t)id;
	while ((word = strsep(&rest, ":"))) {
		if (!strcmp(word, "pvid"))
			ret->pvid = true;
		else if (!strcmp(word, "untagged"))
			ret->untagged = true;
		else
			return -EINVAL;
	}
	return 0;
}

/**
 * vnm_vlan_members_parse() - the opposite of vnm_vlan_members_format()
 * @text: the text; NULL: none
 * @ret:  zeroed; free with vnm_vlan_members_clear(), after a failure, too
 *
 * Return: 0 or -EINVAL.
 */
int vnm_vlan_members_parse(const char *text, struct vnm_vlan_members *ret)
{
	vnm_autofree char *copy = text ? vnm_strdup(text) : NULL;
	char *rest = copy;

	for (const char *word; (word = strsep(&rest, ","));) {
		struct vnm_vlan_member member;

		if (parse_member(word, &member) < 0)
			return -EINVAL;
		vnm_vlan_members_add(ret, member);
	}
	vnm_vlan_members_sort(ret);
	return 0;
}

/**
 * vnm_vlan_list_parse() - VLANs of a list: "42,100-199"
 * @text: the list
 * @ret:  zeroed, gets them, without flags; free with vnm_vlan_members_clear(), after a failure, too
 *
 * Return: 0 or -EINVAL.
 */
int vnm_vlan_list_parse(const char *text, struct vnm_vlan_members *ret)
{
	vnm_autofree char *copy = vnm_strdup(text);
	char *rest = copy;

	for (char *word; (word = strsep(&rest, ","));) {
		const char *first = strsep(&word, "-");
		uint32_t from, to;

		if (vnm_parse_u32(first, VNM_VLAN_FIRST, VNM_VLAN_LAST, &from) < 0 ||
		    vnm_parse_u32(word ? word : first, from, VNM_VLAN_LAST, &to) < 0)
			return -EINVAL;
		for (; from <= to; from++)
			vnm_vlan_members_add(ret, (struct vnm_vlan_member){ .id = (uint16_t)from });
	}
	vnm_vlan_members_sort(ret);
	return 0;
}

/**
 * vnm_vlan_trunks() - the VLANs of a trunk: "42,43"
 * @vlan: valid
 *
 * Return: the list, by number, each once, allocated; NULL: it is no trunk.
 */
char *vnm_vlan_trunks(const struct vnm_vlan *vlan)
{
	struct vnm_vlan_members members vnm_automembers = { 0 };

	for (size_t i = 0; is_trunk(vlan) && i < vlan->n_tags; i++)
		vnm_vlan_members_add(
			&members, (struct vnm_vlan_member){ .id = (uint16_t)vlan->tags[i].id.v });
	vnm_vlan_members_sort(&members);
	return vnm_vlan_members_format(&members);
}

/** vnm_vlan_members_clear() - free them; reusable afterwards */
void vnm_vlan_members_clear(struct vnm_vlan_members *members)
{
	free(members->items);
	*members = (struct vnm_vlan_members){ 0 };
}

/**
 * vnm_vlan_words() - for people: "42", or "trunk of 42, 123 (native, untagged)"
 * @vlan: the VLANs
 *
 * Return: the text, allocated.
 */
char *vnm_vlan_words(const struct vnm_vlan *vlan)
{
	static const char *const natives[] = { [VNM_NATIVE_ABSENT] = "",
					       [VNM_NATIVE_TAGGED] = " (native, tagged)",
					       [VNM_NATIVE_UNTAGGED] = " (native, untagged)" };
	bool trunk = is_trunk(vlan);
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_buf_add(&text, trunk ? "trunk of " : "");
	for (size_t i = 0; i < vlan->n_tags; i++)
		vnm_buf_printf(&text, "%s%u%s", i ? ", " : "", vlan->tags[i].id.v,
			       trunk ? natives[vlan->tags[i].native] : "");
	return vnm_buf_steal(&text);
}

/**
 * vnm_vlan_refuse_unfiltered() - a guest of a network whose own bridge filters no VLANs cannot be in one
 * @net: the network
 * @err: VNM_ERR_UNSUPPORTED
 *
 * Return: -EOPNOTSUPP.
 */
int vnm_vlan_refuse_unfiltered(const struct vnm_network *net, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "bridge '%s' does not filter VLANs, so a guest would not be kept in "
			     "one; give network '%s', or a portgroup, a <vlan>; <vlan><tag "
			     "id='%d'/></vlan> leaves all others where they are",
			     net->bridge.name ? net->bridge.name : "", net->name, VNM_VLAN_DEFAULT);
}

/**
 * vnm_vlan_check_ids() - are they VLANs that a bridge can have?
 * @vlan:  valid otherwise: libvirt's format allows 0 and 4095, which are reserved
 * @whose: "network 'lan'", for messages
 * @err:   VNM_ERR_XML_MEANING
 *
 * Return: 0 or -EINVAL.
 */
int vnm_vlan_check_ids(const struct vnm_vlan *vlan, const char *whose, struct vnm_error *err)
{
	for (size_t i = 0; i < vlan->n_tags; i++) {
		uint32_t id = vlan->tags[i].id.v;

		if (id < VNM_VLAN_FIRST || id > VNM_VLAN_LAST)
			return vnm_error_set(err, VNM_ERR_XML_MEANING, EINVAL,
					     "VLAN %u of %s is reserved; a port can be in VLANs %d "
					     "to %d",
					     id, whose, VNM_VLAN_FIRST, VNM_VLAN_LAST);
	}
	return 0;
}
