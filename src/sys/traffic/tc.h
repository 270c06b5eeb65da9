/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tc.h - common parts of traffic control requests: headers, rates, times. */
#ifndef VNM_SYS_TC_H
#define VNM_SYS_TC_H

#include <linux/pkt_sched.h>

#include "sys/netlink/netlink.h"

struct rtnl_tc;

#define VNM_TC_INGRESS TC_H_MAKE(TC_H_INGRESS, 0) /* the handle of every ingress qdisc */

void vnm_tc_init(struct rtnl_tc *tc, int ifindex, uint32_t parent, uint32_t handle,
		 const char *kind);
void vnm_tc_must(int code);
void vnm_tc_begin(struct vnm_nl_req *req, int type, int flags, int ifindex, uint32_t parent,
		  uint32_t handle);
int vnm_tc_parse(const struct nlmsghdr *hdr, struct nlattr **tb);
void vnm_tc_copy(const struct nlattr *attr, void *to, size_t size);
uint32_t vnm_tc_ticks(uint64_t bytes, uint64_t rate);
struct tc_ratespec vnm_tc_ratespec(uint64_t rate);
void vnm_tc_put_rate64(struct vnm_nl_req *req, int attr, uint64_t rate);
uint64_t vnm_tc_rate(const struct tc_ratespec *spec, const struct nlattr *rate64);
int vnm_tc_fail(struct vnm_error *err, int r, const struct vnm_nl_req *req, const char *what,
		const char *needs);

#endif
