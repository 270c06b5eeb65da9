/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frames_apply.h - operations that consist of elements in our table of frames. */
#ifndef VNM_SYS_FRAMES_APPLY_H
#define VNM_SYS_FRAMES_APPLY_H

#include "sys/firewall/frames_read.h"
#include "sys/firewall/nft_write.h"
#include "sys/op_impl.h"

/**
 * struct vnm_frames_kind - a kind of such operations.
 * @elements:   adds an operation's elements to a list
 * @name:       the subject of messages about it
 * @warn_lack:  warns that the kernel has no such tables, by @r; NULL: another operation does
 * @add_learnt: adds to a removal the elements that the kernel has learnt because of it; @keep: stays, or NULL. NULL: none
 */
struct vnm_frames_kind {
	void (*elements)(const struct vnm_op *op, bool by_name, struct vnm_frames_elements *ret);
	const char *(*name)(const struct vnm_op *op);
	void (*warn_lack)(struct vnm_sys *sys, const struct vnm_op *op, int r);
	int (*add_learnt)(struct vnm_sys *sys, const struct vnm_op *op, const struct vnm_op *keep,
			  const struct vnm_frames *is, struct vnm_nl_batch *batch,
			  struct vnm_error *err);
};

/** struct vnm_frames_group - operations of one kind, of one network or several, that are carried out together. */
struct vnm_frames_group {
	const struct vnm_frames_kind *kind;
	const struct vnm_op *const *ops;
	size_t n;
};

int vnm_frames_apply(struct vnm_sys *sys, const struct vnm_frames_group *group,
		     struct vnm_error *err);
int vnm_frames_check(struct vnm_sys *sys, const struct vnm_frames_kind *kind,
		     const struct vnm_op *op, enum vnm_presence *ret, struct vnm_error *err);
int vnm_frames_remove(struct vnm_sys *sys, const struct vnm_frames_group *group,
		      const struct vnm_op *keep, struct vnm_error *err);

#endif
