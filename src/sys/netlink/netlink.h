/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netlink.h - rtnetlink: one socket, exchanges and dumps. */
#ifndef VNM_SYS_NETLINK_H
#define VNM_SYS_NETLINK_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "sys/netlink/nl_request.h"
#include "sys/sys.h"

/**
 * struct vnm_nl_sink - the receiver of an answer's messages.
 * @each:  called for every message; a negative return becomes the result of the request
 * @again: the dump was interrupted and is repeated: drop what came so far
 * @data:  for both
 */
struct vnm_nl_sink {
	int (*each)(const struct nlmsghdr *hdr, void *data);
	void (*again)(void *data);
	void *data;
};

/* RTNH_OK() reads the hop's length without checking that it is within the buffer. */
static inline bool vnm_hop_ok(const struct rtnexthop *hop, int left)
{
	return left >= (int)sizeof(*hop) && hop->rtnh_len >= sizeof(*hop) &&
	       hop->rtnh_len <= left;
}

int vnm_nl_do(struct vnm_sys *sys, struct vnm_nl_req *req, const struct vnm_nl_sink *sink);
int vnm_nl_dump(struct vnm_sys *sys, struct vnm_nl_req *req, const struct vnm_nl_sink *sink);
int vnm_nl_head(struct vnm_sys *sys, struct vnm_nl_req *req, size_t most,
		const struct vnm_nl_sink *sink);
int vnm_nl_open(struct vnm_sys *sys);
void vnm_nl_close(struct vnm_sys *sys);
int vnm_nl_fail(struct vnm_error *err, int rc, const struct vnm_nl_req *req, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
