/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nl_request.h - netlink messages, put together attribute by attribute. */
#ifndef VNM_SYS_NL_REQUEST_H
#define VNM_SYS_NL_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include "util/addr.h"

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

#endif
