/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nl_batch.h - many changes in one message to the kernel: no signal can divide them. */
#ifndef VNM_SYS_NL_BATCH_H
#define VNM_SYS_NL_BATCH_H

#include "sys/netlink/netlink.h"
#include "util/buf.h"

/** struct vnm_nl_step - one change. @tag: the caller's; @rc: the kernel's answer, 0 or -errno. */
struct vnm_nl_step {
	size_t at;
	int tag, rc;
};

/**
 * struct vnm_nl_batch - zero-initialise. @silent: how many at the end are not answered: the end of a transaction.
 * @keep: the socket stays open, for batches only
 * @notice: gets messages that are no answers: of changes with NLM_F_ECHO, and before the last answer
 */
struct vnm_nl_batch {
	struct vnm_buf data;
	struct vnm_nl_step *steps;
	size_t n;
	size_t silent;
	bool keep;
	struct vnm_nl_sink notice;
};

#define vnm_autobatch __attribute__((cleanup(vnm_nl_batch_clear)))

void vnm_nl_batch_add(struct vnm_nl_batch *batch, const struct vnm_nl_req *req, int tag);
int vnm_nl_batch_run(struct vnm_sys *sys, struct vnm_nl_batch *batch);
void vnm_nl_batch_clear(struct vnm_nl_batch *batch);

#endif
