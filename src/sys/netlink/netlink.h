/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netlink.h - rtnetlink: one socket, requests and dumps. */
#ifndef VNM_SYS_NETLINK_H
#define VNM_SYS_NETLINK_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "sys/sys.h"

struct nl_msg;
struct nlattr;

/** struct vnm_nl_kind - the nests that vnm_nl_kind() has opened. */
struct vnm_nl_kind {
	struct nlattr *info, *data;
};

/**
 * struct vnm_nl_req - a request being put together.
 * @msg:  the message
 * @extack: the kernel's message about an error ("mtu less than device minimum"); "": none
 */
struct vnm_nl_req {
	struct nl_msg *msg;
	char extack[96];
};

#define vnm_autonl __attribute__((cleanup(vnm_nl_req_clear)))

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

void vnm_nl_begin(struct vnm_nl_req *req, int type, int flags, void *head, size_t len);
void vnm_nl_req_clear(struct vnm_nl_req *req);
void vnm_nl_put(struct vnm_nl_req *req, int attr, const void *data, size_t len);
void vnm_nl_put_raw(struct vnm_nl_req *req, const void *data, size_t len);
void vnm_nl_put_u8(struct vnm_nl_req *req, int attr, uint8_t value);
void vnm_nl_put_u32(struct vnm_nl_req *req, int attr, uint32_t value);
void vnm_nl_put_str(struct vnm_nl_req *req, int attr, const char *value);
struct nlattr *vnm_nl_nest(struct vnm_nl_req *req, int attr);
void vnm_nl_nest_end(struct vnm_nl_req *req, struct nlattr *nest);
struct vnm_nl_kind vnm_nl_kind(struct vnm_nl_req *req, const char *kind);
void vnm_nl_kind_end(struct vnm_nl_req *req, const struct vnm_nl_kind *nests);
void vnm_nl_get_addr(const struct nlattr *attr, int family, struct vnm_addr *ret);

int vnm_nl_do(struct vnm_sys *sys, struct vnm_nl_req *req, const struct vnm_nl_sink *sink);
int vnm_nl_dump(struct vnm_sys *sys, struct vnm_nl_req *req, const struct vnm_nl_sink *sink);
int vnm_nl_open(struct vnm_sys *sys);
void vnm_nl_close(struct vnm_sys *sys);
int vnm_nl_fail(struct vnm_error *err, int rc, const struct vnm_nl_req *req, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
