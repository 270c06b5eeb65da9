/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tc_class.c - classes of an HTB; why the request for one is not libnl-route's: sys/traffic/tc.c. */
#include "sys/traffic/tc_class.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/route/class.h>

#include "sys/traffic/tc.h"

#define QUANTUM_MIN 1500u
#define QUANTUM_MAX 200000u

/** vnm_tc_class_equal() - have two classes the same rates and bursts? */
bool vnm_tc_class_equal(const struct vnm_tc_class *a, const struct vnm_tc_class *b)
{
	return a->rate == b->rate && a->ceil == b->ceil && a->buffer == b->buffer &&
	       a->cbuffer == b->cbuffer;
}

static int parse_class(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *tb[TCA_MAX + 1], *htb[TCA_HTB_MAX + 1];
	struct vnm_tc_class *class = data;
	struct tc_htb_opt opt;

	if (hdr->nlmsg_type != RTM_NEWTCLASS)
		return 0;
	if (vnm_tc_parse(hdr, tb) < 0 || !tb[TCA_OPTIONS] ||
	    nla_parse_nested(htb, TCA_HTB_MAX, tb[TCA_OPTIONS], NULL) < 0)
		return -EPROTO;
	vnm_tc_copy(htb[TCA_HTB_PARMS], &opt, sizeof(opt));
	*class = (struct vnm_tc_class){ vnm_tc_rate(&opt.rate, htb[TCA_HTB_RATE64]),
					vnm_tc_rate(&opt.ceil, htb[TCA_HTB_CEIL64]), opt.buffer,
					opt.cbuffer };
	return 0;
}

/**
 * vnm_tc_class_get() - read a class of an HTB
 * @sys:     the handles
 * @ifindex: the device
 * @id:      the class
 * @ret:     the class; its rate is 0 when there is none
 *
 * Return: 0 or -errno.
 */
int vnm_tc_class_get(struct vnm_sys *sys, int ifindex, uint32_t id, struct vnm_tc_class *ret)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	*ret = (struct vnm_tc_class){ 0 };
	vnm_tc_begin(&req, RTM_GETTCLASS, NLM_F_ECHO, ifindex, 0, id);
	r = vnm_nl_do(sys, &req, &(struct vnm_nl_sink){ .each = parse_class, .data = ret });
	return r == -ENOENT ? 0 : r;
}

/* An explicit quantum avoids the kernel's warning that its computed one is too small or too big. */
static uint32_t quantum(uint64_t rate)
{
	uint64_t q = rate / 10;

	return q < QUANTUM_MIN ? QUANTUM_MIN : q > QUANTUM_MAX ? QUANTUM_MAX : (uint32_t)q;
}

/**
 * vnm_tc_class_set() - add a class of an HTB, or change its rates
 * @sys:     the handles
 * @ifindex: the device
 * @parent:  the HTB or another class of it
 * @id:      the class
 * @class:   its rates
 * @err:     the error
 *
 * Return: 0 or -errno.
 */
int vnm_tc_class_set(struct vnm_sys *sys, int ifindex, uint32_t parent, uint32_t id,
		     const struct vnm_tc_class *class, struct vnm_error *err)
{
	struct tc_htb_opt opt = {
		.rate = vnm_tc_ratespec(class->rate),
		.ceil = vnm_tc_ratespec(class->ceil),
		.buffer = class->buffer,
		.cbuffer = class->cbuffer,
		.quantum = quantum(class->rate),
	};
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *options;
	int r;

	vnm_tc_begin(&req, RTM_NEWTCLASS, NLM_F_CREATE, ifindex, parent, id);
	vnm_nl_put_str(&req, TCA_KIND, "htb");
	options = vnm_nl_nest(&req, TCA_OPTIONS);
	vnm_nl_put(&req, TCA_HTB_PARMS, &opt, sizeof(opt));
	vnm_tc_put_rate64(&req, TCA_HTB_RATE64, class->rate);
	vnm_tc_put_rate64(&req, TCA_HTB_CEIL64, class->ceil);
	vnm_nl_nest_end(&req, options);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_tc_fail(err, r, &req, "an HTB class", "CONFIG_NET_SCH_HTB") : 0;
}

/**
 * vnm_tc_class_del() - delete a class of an HTB, with the qdisc in it; none is fine
 * @sys:     the handles
 * @ifindex: the device
 * @id:      the class; no filter may refer to it
 * @err:     the error
 *
 * Return: 0 or -errno.
 */
int vnm_tc_class_del(struct vnm_sys *sys, int ifindex, uint32_t id, struct vnm_error *err)
{
	struct rtnl_class *class = rtnl_class_alloc();
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_tc_init(TC_CAST(class), ifindex, 0, id, NULL);
	vnm_tc_must(rtnl_class_build_delete_request(class, &req.msg));
	rtnl_class_put(class);
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0 && r != -ENOENT && r != -ENODEV)
		return vnm_nl_fail(err, r, &req, "cannot delete the class %x:%x", id >> 16,
				   id & 0xffff);
	return 0;
}
