/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frames_apply.c - add and delete elements of sets, by transactions; see frames_table.c.
 *
 * The table is created with the first element and deleted with the last. A table that somebody has changed is replaced,
 * with all its elements, in one transaction. A kernel without such tables is a warning at the start, not an error: they
 * only restrain misbehaving guests.
 */
#include "sys/firewall/frames_apply.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "sys/firewall/frames_kernel.h"
#include "sys/firewall/frames_write.h"
#include "sys/netlink/nl_batch.h"

#define TRIES 5 /* to remove elements that others, or a timeout, may delete meanwhile */

static void elements_of_group(const struct vnm_frames_group *group, bool by_name,
			      struct vnm_frames_elements *ret)
{
	for (size_t i = 0; i < group->n; i++)
		group->kind->elements(group->ops[i], by_name, ret);
}

/* Of several operations the error names the first; to find the culprit the caller tries each by itself. */
static int frames_fail(const struct vnm_frames_kind *kind, const struct vnm_op *op, int r,
		       const char *what, struct vnm_error *err)
{
	return vnm_nl_fail(err, r, NULL, "cannot %s the frame filter (nf_tables) of '%s'", what,
			   kind->name(op));
}

/* Does the error mean that the kernel, or the container, lacks the feature? */
static bool is_lack(int r)
{
	return r == -EOPNOTSUPP || r == -EPROTONOSUPPORT || r == -EAFNOSUPPORT || r == -ENOENT ||
	       r == -EPERM;
}

/* In one transaction: the elements of @group, and the whole table if it is incomplete. */
static int put_elements(struct vnm_sys *sys, const struct vnm_frames *is,
			const struct vnm_frames_group *group, bool by_name)
{
	struct vnm_frames_elements want __attribute__((cleanup(vnm_frames_elements_clear))) = { 0 };
	vnm_autobatch struct vnm_nl_batch batch = { .silent = 1 };

	elements_of_group(group, by_name, &want);
	/* Before Linux 6.10 the kernel does not answer an empty transaction. */
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
	return vnm_nft_commit(sys, &batch);
}

/* Without creating the table. Return: 0 if it could be created. */
static int probe_kernel(struct vnm_sys *sys)
{
	vnm_autobatch struct vnm_nl_batch batch = { 0 };

	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_BEGIN);
	vnm_frames_add_structure(&batch, false);
	return vnm_nft_run(&sys->nft_write_sock, &batch);
}

/* Is the table absent for lack of kernel support? The probe takes 10 to 15 ms, so it is made once for all networks. */
static bool is_lacking(struct vnm_sys *sys)
{
	if (sys->frames_lack == VNM_TRI_ABSENT)
		sys->frames_lack = is_lack(probe_kernel(sys)) ? VNM_TRI_YES : VNM_TRI_NO;
	return sys->frames_lack == VNM_TRI_YES;
}

/* One attempt. @ret_there: there is a table; @ret_gone: which has disappeared since it was read. */
static int try_apply(struct vnm_sys *sys, const struct vnm_frames_group *group, bool *ret_there,
		     bool *ret_gone, struct vnm_error *err)
{
	const struct vnm_frames *is = NULL;
	bool by_name;
	int r = vnm_frames_read(sys, &is);

	if (r < 0)
		return frames_fail(group->kind, group->ops[0], r, "read", err);
	by_name = is->there ? is->by_name : vnm_frames_by_name();
	r = put_elements(sys, is, group, by_name);
	if (is_lack(r) && by_name && !is->there)
		r = put_elements(sys, is, group, false);
	*ret_there = is->there;
	*ret_gone = is->there && r == -ENOENT;
	vnm_frames_forget(sys);
	return r;
}

/**
 * vnm_frames_apply() - add the operations' elements to the sets, in one transaction
 * @sys:   the handles
 * @group: the operations
 * @err:   set on failure; a kernel without such tables is a warning
 *
 * Return: 0 or -errno.
 */
int vnm_frames_apply(struct vnm_sys *sys, const struct vnm_frames_group *group,
		     struct vnm_error *err)
{
	bool there = false, gone = true, lack;
	int r = 0;

	for (int i = 0; i < TRIES && gone; i++) {
		gone = false;
		r = try_apply(sys, group, &there, &gone, err);
	}
	if (r < 0 && err->msg[0])
		return r;
	lack = is_lack(r) && !there; /* where there is a table, it is an error */
	for (size_t i = 0; i < group->n && lack && group->kind->warn_lack; i++)
		group->kind->warn_lack(sys, group->ops[i], r);
	return r < 0 && !lack ? frames_fail(group->kind, group->ops[0], r, "set", err) : 0;
}

/** vnm_frames_check() - vnm_op_impl.check of a kind that consists of set elements */
int vnm_frames_check(struct vnm_sys *sys, const struct vnm_frames_kind *kind,
		     const struct vnm_op *op, enum vnm_presence *ret, struct vnm_error *err)
{
	struct vnm_frames_elements want __attribute__((cleanup(vnm_frames_elements_clear))) = { 0 };
	const struct vnm_frames *is = NULL;
	int r = vnm_frames_read(sys, &is);

	if (r < 0)
		return frames_fail(kind, op, r, "read", err);
	*ret = VNM_PRESENT;
	kind->elements(op, is->by_name, &want);
	for (size_t i = 0; i < want.n; i++)
		if (!vnm_frames_elements_have(&is->elements, &want.items[i]))
			*ret = VNM_ABSENT;
	if (is->there && !is->whole) {
		*ret = VNM_ABSENT;
		snprintf(sys->why, sizeof(sys->why),
			 "somebody has changed table '" VNM_FRAMES_TABLE "' of nf_tables");
	}
	if (!is->there && *ret == VNM_ABSENT && is_lacking(sys))
		*ret = VNM_PRESENT; /* as far as the kernel supports it */
	return 0;
}

/* Delete the present elements of @want, except @kept. Return: how many the table has left. */
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

static int add_learnt_of_group(struct vnm_sys *sys, const struct vnm_frames_group *group,
			       const struct vnm_op *keep, const struct vnm_frames *is,
			       struct vnm_nl_batch *batch, struct vnm_error *err)
{
	int r = 0;

	for (size_t i = 0; i < group->n && r == 0 && group->kind->add_learnt; i++)
		r = group->kind->add_learnt(sys, group->ops[i], keep, is, batch, err);
	return r;
}

/* One attempt at vnm_frames_remove(): -ENOENT when an element has disappeared since the read; then nothing was done. */
static int try_remove_elements(struct vnm_sys *sys, const struct vnm_frames_group *group,
			       const struct vnm_op *keep, const struct vnm_frames *is,
			       struct vnm_error *err)
{
	struct vnm_frames_elements want __attribute__((cleanup(vnm_frames_elements_clear))) = { 0 };
	struct vnm_frames_elements kept __attribute__((cleanup(vnm_frames_elements_clear))) = { 0 };
	vnm_autobatch struct vnm_nl_batch batch = { .silent = 1 };
	int r = 0;

	elements_of_group(group, is->by_name, &want);
	if (keep)
		group->kind->elements(keep, is->by_name, &kept);
	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_BEGIN);
	if (add_gone(is, &want, &kept, &batch) == 0)
		vnm_nft_add_table(&batch, NFT_MSG_DELTABLE, NFPROTO_BRIDGE, VNM_FRAMES_TABLE);
	else
		r = add_learnt_of_group(sys, group, keep, is, &batch, err);
	if (r < 0 || batch.n == 1)
		return r; /* none of them is present, but others are */
	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_END);
	r = vnm_nft_commit(sys, &batch);
	vnm_frames_forget(sys);
	return r < 0 && r != -ENOENT ? frames_fail(group->kind, group->ops[0], r, "remove", err)
				     : r;
}

/**
 * vnm_frames_remove() - remove the operations' elements from the sets
 * @sys:   the handles
 * @group: the operations
 * @keep:  an operation whose elements stay; may be NULL
 * @err:   set on failure
 *
 * With the last element the table is deleted. One transaction for all: deleting the bridges afterwards waits until the
 * kernel has freed what it deleted (a grace period of RCU).
 *
 * Return: 0 or -errno.
 */
int vnm_frames_remove(struct vnm_sys *sys, const struct vnm_frames_group *group,
		      const struct vnm_op *keep, struct vnm_error *err)
{
	int r = -ENOENT;

	for (int i = 0; i < TRIES && r == -ENOENT; i++) {
		const struct vnm_frames *is = NULL;

		if (i > 0)
			vnm_frames_forget(sys);
		r = vnm_frames_read(sys, &is);
		if (r < 0)
			return frames_fail(group->kind, group->ops[0], r, "read", err);
		if (!is->there)
			return 0;
		r = try_remove_elements(sys, group, keep, is, err);
	}
	return r == -ENOENT ? frames_fail(group->kind, group->ops[0], r, "remove", err) : r;
}
