/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tc.c - common parts of traffic control requests: headers, rates, times.
 *
 * libnl-route builds the requests (rtnl_*_build_*_request()); sys/netlink/netlink.c sends them, because libnl's own
 * rtnl_*_add() drops the kernel's extended error and folds its errno. What libnl-route cannot express is built here:
 *
 * - HTB classes (tc_class.c): rtnl_htb_set_rbuffer() takes a burst as an int of bytes and rounds the time that it lasts to
 *   microseconds; the kernel counts ticks of 64 ns. A burst could not exceed 2 GiB, and a class that is read back would
 *   differ from the one that was set.
 * - the police action (tc_filter.c): libnl-route has none, up to 3.12 at least.
 * - the parsing of answers: libnl-route parses the options of each kind that it knows before the caller can ask for the
 *   kind. Options of a foreign qdisc that it does not understand would be an error, where it only counts that it is foreign.
 */
#include "sys/traffic/tc.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/route/tc.h>
#include <string.h>

#include "util/mem.h"

#define TICKS_PER_SECOND 15625000u /* /proc/net/psched */

/**
 * vnm_tc_must() - end the program when a setter or builder of libnl-route failed
 * @code: what it returned
 *
 * Its objects are on the heap and the values valid, so that a failure is running out of memory.
 */
void vnm_tc_must(int code)
{
	if (code < 0)
		vnm_oom();
}

/**
 * vnm_tc_init() - fill in the identity of a new libnl-route object
 * @tc:      the new object; NULL, when there was no memory for it, ends the program
 * @ifindex: the device
 * @parent:  the qdisc or class that it is attached to
 * @handle:  its number; 0: the kernel chooses
 * @kind:    such as "htb"; NULL: any, for a deletion
 */
void vnm_tc_init(struct rtnl_tc *tc, int ifindex, uint32_t parent, uint32_t handle,
		 const char *kind)
{
	if (!tc)
		vnm_oom();
	rtnl_tc_set_ifindex(tc, ifindex);
	rtnl_tc_set_parent(tc, parent);
	rtnl_tc_set_handle(tc, handle);
	if (kind)
		vnm_tc_must(rtnl_tc_set_kind(tc, kind));
}

/**
 * vnm_tc_begin() - start a request that libnl-route does not build
 * @req:     the request
 * @type:    RTM_*QDISC, RTM_*TCLASS
 * @flags:   NLM_F_*
 * @ifindex: the device
 * @parent:  the qdisc or class that the object is attached to; 0: any
 * @handle:  its number
 */
void vnm_tc_begin(struct vnm_nl_req *req, int type, int flags, int ifindex, uint32_t parent,
		  uint32_t handle)
{
	struct tcmsg head = {
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = ifindex,
		.tcm_parent = parent,
		.tcm_handle = handle,
	};

	vnm_nl_begin(req, type, flags, &head, sizeof(head));
}

/**
 * vnm_tc_parse() - the attributes of an answer
 * @hdr: the answer
 * @tb:  gets them: TCA_MAX + 1
 *
 * Return: 0 or -EPROTO; an object without a kind is one.
 */
int vnm_tc_parse(const struct nlmsghdr *hdr, struct nlattr **tb)
{
	return nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct tcmsg), tb, TCA_MAX, NULL) < 0 ||
			       !tb[TCA_KIND]
		       ? -EPROTO
		       : 0;
}

/**
 * vnm_tc_copy() - the structure in an attribute
 * @attr: the attribute, or NULL
 * @to:   gets it; members that the kernel's version of it does not have are zero
 * @size: its size
 */
void vnm_tc_copy(const struct nlattr *attr, void *to, size_t size)
{
	memset(to, 0, size);
	if (attr)
		nla_memcpy(to, attr, (int)size);
}

/**
 * vnm_tc_fail() - set the error of an object that could not be created
 * @err:   the error
 * @r:     what the request returned
 * @req:   the request
 * @what:  the object, "an HTB queue"
 * @needs: of the kernel's configuration; an unknown kind and a missing device differ only in the extended error
 *
 * Return: @r.
 */
int vnm_tc_fail(struct vnm_error *err, int r, const struct vnm_nl_req *req, const char *what,
		const char *needs)
{
	return vnm_nl_fail(err, r, req,
			   "cannot limit the bandwidth: cannot create %s (the kernel needs %s)",
			   what, needs);
}

/**
 * vnm_tc_ticks() - how long it takes to send: what a burst is to the kernel
 * @bytes: this much
 * @rate:  at so many bytes a second
 *
 * Return: ticks of 64 ns, at least one; what does not fit is as much as fits (274 s).
 */
uint32_t vnm_tc_ticks(uint64_t bytes, uint64_t rate)
{
	double ticks = (double)bytes * TICKS_PER_SECOND / (double)rate;

	return ticks < 1 ? 1 : ticks >= UINT32_MAX ? UINT32_MAX : (uint32_t)ticks;
}

/**
 * vnm_tc_ratespec() - a rate in the kernel's structures; of 2^32 bytes a second and more it is capped there
 * @rate: bytes a second
 */
struct tc_ratespec vnm_tc_ratespec(uint64_t rate)
{
	return (struct tc_ratespec){
		.linklayer = TC_LINKLAYER_ETHERNET,
		.rate = rate > UINT32_MAX ? UINT32_MAX : (uint32_t)rate,
	};
}

/**
 * vnm_tc_put_rate64() - add a rate that vnm_tc_ratespec() has capped; another one adds nothing
 * @req:  the request
 * @attr: its attribute
 * @rate: bytes a second
 */
void vnm_tc_put_rate64(struct vnm_nl_req *req, int attr, uint64_t rate)
{
	if (rate > UINT32_MAX)
		vnm_nl_put(req, attr, &rate, sizeof(rate));
}

/**
 * vnm_tc_rate() - a rate in an answer
 * @spec:   in the structure
 * @rate64: in its attribute, or NULL
 *
 * Return: bytes a second.
 */
uint64_t vnm_tc_rate(const struct tc_ratespec *spec, const struct nlattr *rate64)
{
	return rate64 ? nla_get_u64((struct nlattr *)rate64) : spec->rate;
}
