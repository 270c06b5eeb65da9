// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frames.c - guests' frames that a bridge does not pass on: elements of sets come and go; see frames_table.c.
 *
 * The table comes with the first element and goes with the last. One that is not as it should be is replaced, with all
 * elements that are in it, in one transaction. Where the kernel has no such tables, that is told at the start, and no
 * fault: nothing depends on it but guests' manners.
 */
#include "sys/firewall/frames.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "sys/firewall/frames_kernel.h"
#include "sys/firewall/frames_read.h"
#include "sys/firewall/frames_table.h"
#include "sys/firewall/frames_write.h"
#include "sys/firewall/nft_write.h"
#include "sys/link/link.h"
#include "sys/netlink/nl_batch.h"
#include "util/mem.h"

#define TRIES 5 /* to take back what others, or time, take away meanwhile */
#define KERNEL_NEEDS "nf_tables for bridges (CONFIG_NF_TABLES_BRIDGE)"

static void add_name(struct vnm_frames_elements *list, enum vnm_frames_set set, const char *name)
{
	vnm_frames_elements_add(list, set, name, strlen(name));
}

static void add_pair(struct vnm_frames_elements *list, enum vnm_frames_set set, const char *name,
		     const struct vnm_mac *mac)
{
	uint8_t key[VNM_FRAMES_KEY] = { 0 };

	memcpy(key, name, strnlen(name, IFNAMSIZ - 1));
	memcpy(key + IFNAMSIZ, mac->b, sizeof(mac->b));
	vnm_frames_elements_add(list, set, key, sizeof(key));
}

static void add_hairpin(struct vnm_frames_elements *list, const char *name)
{
	uint8_t key[VNM_FRAMES_KEY] = { 0 };

	memcpy(key, name, strnlen(name, IFNAMSIZ - 1));
	memcpy(key + IFNAMSIZ, key, IFNAMSIZ);
	vnm_frames_elements_add(list, VNM_SET_HAIRPINS, key, sizeof(key));
}

static void add_station(struct vnm_frames_elements *list, const struct vnm_op_station *op,
			bool by_name)
{
	bool served = !op->unserved;

	if (served && !by_name)
		add_name(list, VNM_SET_STATIONS, op->dev);
	if (!op->bridge || !op->mac.set)
		return; /* nobody knows its MAC address */
	if (op->hairpin)
		add_hairpin(list, op->dev);
	if (served && by_name)
		add_pair(list, VNM_SET_HOMES, op->bridge, &op->mac);
	else if (served)
		vnm_frames_elements_add(list, VNM_SET_GUESTS, op->mac.b, sizeof(op->mac.b));
	add_pair(list, VNM_SET_AT_HOME, op->dev, &op->mac);
}

/* What an operation has in the sets. */
static void elements_of(const struct vnm_op *op, bool by_name, struct vnm_frames_elements *ret)
{
	const struct vnm_op_frames *frames = &op->frames;

	if (op->type == VNM_OP_STATION) {
		add_station(ret, &op->station, by_name);
		return;
	}
	if (frames->uplink) {
		add_name(ret, VNM_SET_UPLINKS, frames->uplink);
		add_pair(ret, VNM_SET_ROOTS, frames->uplink, &frames->mac);
		return;
	}
	vnm_frames_elements_add(ret, VNM_SET_BRIDGES, frames->mac.b, sizeof(frames->mac.b));
	if (frames->served && by_name)
		add_name(ret, VNM_SET_SERVED, frames->bridge);
	else if (frames->served)
		vnm_frames_elements_add(ret, VNM_SET_SERVERS, frames->mac.b, sizeof(frames->mac.b));
}

/** struct group - operations of one kind, of one network or several, that are carried out together. */
struct group {
	const struct vnm_op *const *ops;
	size_t n;
};

static void elements_of_group(const struct group *group, bool by_name,
			      struct vnm_frames_elements *ret)
{
	for (size_t i = 0; i < group->n; i++)
		elements_of(group->ops[i], by_name, ret);
}

static const char *name_of(const struct vnm_op *op)
{
	return op->type == VNM_OP_STATION ? op->station.dev : op->frames.bridge;
}

/* Of several it names the first; whoever wants to know which one it was tries each by itself. */
static int frames_fail(const struct vnm_op *op, int r, const char *what, struct vnm_error *err)
{
	return vnm_nl_fail(err, r, NULL, "cannot %s the frame filter (nf_tables) of '%s'", what,
			   name_of(op));
}

/* Does the error say that the kernel, or the container, has no such thing? */
static bool is_lack(int r)
{
	return r == -EOPNOTSUPP || r == -EPROTONOSUPPORT || r == -EAFNOSUPPORT || r == -ENOENT ||
	       r == -EPERM;
}

/* In one transaction: what belongs to @group, and the whole table where it is not whole. */
static int put_elements(struct vnm_sys *sys, const struct vnm_frames *is, const struct group *group,
			bool by_name)
{
	struct vnm_frames_elements want __attribute__((cleanup(vnm_frames_elements_clear))) = { 0 };
	vnm_autobatch struct vnm_nl_batch batch = { .silent = 1 };

	elements_of_group(group, by_name, &want);
	/* Before Linux 6.10 nobody answers a transaction in which nothing is. */
	if (want.n == 0 && (is->whole || !is->there))
		return 0;
	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_BEGIN);
	if (is->there && !is->whole)
		vnm_nft_add_table(&batch, NFT_MSG_DELTABLE, NFPROTO_BRIDGE, VNM_FRAMES_TABLE);
	if (!is->whole)
		vnm_frames_add_structure(&batch, by_name);
	for (size_t i = 0; i < is->elements.n && !is->whole; i++)
		if (vnm_frames_has_set(is->elements.items[i].set, by_name))
			vnm_frames_add_element(&batch, &is->elements.items[i], true);
	for (size_t i = 0; i < want.n; i++)
		vnm_frames_add_element(&batch, &want.items[i], true);
	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_END);
	return vnm_nft_run(&sys->nft_write_sock, &batch);
}

/* Nothing is made. Return: 0 where it could be. */
static int probe_kernel(struct vnm_sys *sys)
{
	vnm_autobatch struct vnm_nl_batch batch = { 0 };

	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_BEGIN);
	vnm_frames_add_structure(&batch, false);
	return vnm_nft_run(&sys->nft_write_sock, &batch);
}

/* Is the table not there because it cannot be? The question takes 10 to 15 ms, so it is asked once for all networks. */
static bool is_lacking(struct vnm_sys *sys)
{
	if (sys->frames_lack == VNM_TRI_ABSENT)
		sys->frames_lack = is_lack(probe_kernel(sys)) ? VNM_TRI_YES : VNM_TRI_NO;
	return sys->frames_lack == VNM_TRI_YES;
}

static void warn_lack(struct vnm_sys *sys, const struct vnm_op *op, int r)
{
	vnm_autofree char *what = NULL;

	if (!sys->notes || op->type == VNM_OP_STATION)
		return; /* its network has told it */
	if (op->frames.uplink)
		what = vnm_asprintf("BPDUs of guests on '%s' can reach the switches behind '%s'",
				    op->frames.bridge, op->frames.uplink);
	else
		what = vnm_asprintf("a guest on '%s' can pass for the others' router or DHCP "
				    "server",
				    op->frames.bridge);
	vnm_warnings_add(sys->notes,
			 "%s: the kernel has no " KERNEL_NEEDS ", or does not let us (%s)", what,
			 strerror(-r));
}

/* One attempt. @ret_gone: the table was there when it was looked at, and is not. */
static int try_apply(struct vnm_sys *sys, const struct group *group, bool *ret_gone,
		     struct vnm_error *err)
{
	const struct vnm_frames *is = NULL;
	bool by_name;
	int r = vnm_frames_read(sys, &is);

	if (r < 0)
		return frames_fail(group->ops[0], r, "look at", err);
	by_name = is->there ? is->by_name : vnm_frames_by_name();
	r = put_elements(sys, is, group, by_name);
	if (is_lack(r) && by_name && !is->there)
		r = put_elements(sys, is, group, false);
	*ret_gone = is->there && r == -ENOENT;
	vnm_frames_forget(sys);
	return r;
}

static int frames_apply(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			struct vnm_error *err)
{
	const struct group group = { ops, n };
	bool gone = true;
	int r = 0;

	for (int i = 0; i < TRIES && gone; i++) {
		gone = false;
		r = try_apply(sys, &group, &gone, err);
	}
	if (r < 0 && err->msg[0])
		return r;
	for (size_t i = 0; i < n && is_lack(r); i++)
		warn_lack(sys, ops[i], r);
	return r < 0 && !is_lack(r) ? frames_fail(ops[0], r, "set", err) : 0;
}

static int frames_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			struct vnm_error *err)
{
	struct vnm_frames_elements want __attribute__((cleanup(vnm_frames_elements_clear))) = { 0 };
	const struct vnm_frames *is = NULL;
	int r = vnm_frames_read(sys, &is);

	if (r < 0)
		return frames_fail(op, r, "look at", err);
	*ret = VNM_PRESENT;
	elements_of(op, is->by_name, &want);
	for (size_t i = 0; i < want.n; i++)
		if (!vnm_frames_elements_have(&is->elements, &want.items[i]))
			*ret = VNM_ABSENT;
	if (is->there && !is->whole) {
		*ret = VNM_ABSENT;
		snprintf(sys->why, sizeof(sys->why),
			 "somebody has changed table '" VNM_FRAMES_TABLE "' of nf_tables");
	}
	if (!is->there && *ret == VNM_ABSENT && is_lacking(sys))
		*ret = VNM_PRESENT; /* all that can be */
	return 0;
}

/* Ports of a bridge on which we are the server no more: nobody knows what they will be a part of. */
static int add_learnt(struct vnm_sys *sys, const char *bridge, const struct vnm_frames *is,
		      struct vnm_nl_batch *batch, struct vnm_error *err)
{
	vnm_autolinks struct vnm_links links = { 0 };
	const struct vnm_link *master;
	int r = is->learnt.n > 0 ? vnm_links_read(sys, &links, err) : 0;

	master = r == 0 ? vnm_links_find(&links, bridge) : NULL;
	for (size_t i = 0; master && i < links.n; i++) {
		struct vnm_frames_element port = { .set = VNM_SET_PORTS };

		memcpy(port.key, &links.items[i].fact.index, sizeof(links.items[i].fact.index));
		if (links.items[i].fact.master == master->fact.index &&
		    vnm_frames_elements_have(&is->learnt, &port))
			vnm_frames_add_element(batch, &port, false);
	}
	return r;
}

/* Those of @want that are there go, but for @kept. Return: how many are left of the table's. */
static size_t add_gone(const struct vnm_frames *is, const struct vnm_frames_elements *want,
		       const struct vnm_frames_elements *kept, struct vnm_nl_batch *batch)
{
	struct vnm_frames_elements gone __attribute__((cleanup(vnm_frames_elements_clear))) = { 0 };
	size_t left = is->elements.n;

	for (size_t i = 0; i < want->n; i++) {
		const struct vnm_frames_element *element = &want->items[i];

		if (!vnm_frames_elements_have(&is->elements, element) ||
		    vnm_frames_elements_have(kept, element) ||
		    vnm_frames_elements_have(&gone, element))
			continue;
		vnm_frames_elements_add(&gone, element->set, element->key, sizeof(element->key));
		vnm_frames_add_element(batch, element, false);
		left--;
	}
	return left;
}

static int add_learnt_of_group(struct vnm_sys *sys, const struct group *group,
			       const struct vnm_op *keep, const struct vnm_frames *is,
			       struct vnm_nl_batch *batch, struct vnm_error *err)
{
	int r = 0;

	if (keep && keep->frames.served)
		return 0;
	for (size_t i = 0; i < group->n && r == 0; i++)
		if (group->ops[i]->type == VNM_OP_FRAMES && group->ops[i]->frames.served)
			r = add_learnt(sys, group->ops[i]->frames.bridge, is, batch, err);
	return r;
}

/* One attempt at remove_elements(): -ENOENT when something was gone since it was looked at, and so nothing was done. */
static int try_remove_elements(struct vnm_sys *sys, const struct group *group,
			       const struct vnm_op *keep, const struct vnm_frames *is,
			       struct vnm_error *err)
{
	struct vnm_frames_elements want __attribute__((cleanup(vnm_frames_elements_clear))) = { 0 };
	struct vnm_frames_elements kept __attribute__((cleanup(vnm_frames_elements_clear))) = { 0 };
	vnm_autobatch struct vnm_nl_batch batch = { .silent = 1 };
	int r = 0;

	elements_of_group(group, is->by_name, &want);
	if (keep)
		elements_of(keep, is->by_name, &kept);
	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_BEGIN);
	if (add_gone(is, &want, &kept, &batch) == 0)
		vnm_nft_add_table(&batch, NFT_MSG_DELTABLE, NFPROTO_BRIDGE, VNM_FRAMES_TABLE);
	else
		r = add_learnt_of_group(sys, group, keep, is, &batch, err);
	if (r < 0 || batch.n == 1)
		return r; /* nothing of it is there, and something of others */
	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_END);
	r = vnm_nft_run(&sys->nft_write_sock, &batch);
	vnm_frames_forget(sys);
	return r < 0 && r != -ENOENT ? frames_fail(group->ops[0], r, "take back", err) : r;
}

/*
 * All elements of @group go but those of @keep, which may be NULL; with the last one of all, the table. In one transaction,
 * whatever their number: the bridges' end waits for what the kernel has to free of it (a grace period of RCU).
 */
static int remove_elements(struct vnm_sys *sys, const struct group *group,
			   const struct vnm_op *keep, struct vnm_error *err)
{
	int r = -ENOENT;

	for (int i = 0; i < TRIES && r == -ENOENT; i++) {
		const struct vnm_frames *is = NULL;

		if (i > 0)
			vnm_frames_forget(sys);
		r = vnm_frames_read(sys, &is);
		if (r < 0)
			return frames_fail(group->ops[0], r, "look at", err);
		if (!is->there)
			return 0;
		r = try_remove_elements(sys, group, keep, is, err);
	}
	return r == -ENOENT ? frames_fail(group->ops[0], r, "take back", err) : r;
}

static int frames_revert(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			 struct vnm_error *err)
{
	return remove_elements(sys, &(struct group){ ops, n }, NULL, err);
}

static int frames_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
			 struct vnm_error *err)
{
	int r = frames_apply(sys, &new, 1, err);

	return r < 0 ? r : remove_elements(sys, &(struct group){ &old, 1 }, new, err);
}

/** vnm_frames_there() - is the table there, so that a port may have its rules? Return: 1, 0 or -errno. */
int vnm_frames_there(struct vnm_sys *sys, struct vnm_error *err)
{
	const struct vnm_frames *is = NULL;
	int r = vnm_frames_read(sys, &is);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot look at the rules for frames between guests: %s",
				     strerror(-r));
	return is->there;
}

const struct vnm_op_impl vnm_impl_frames = {
	.apply_many = frames_apply,
	.check = frames_check,
	.revert_many = frames_revert,
	.change = frames_change,
};

const struct vnm_op_impl vnm_impl_station = {
	.apply_many = frames_apply,
	.check = frames_check,
	.revert_many = frames_revert,
};
