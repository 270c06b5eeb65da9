/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explain_route.c - why the kernel does not route a packet.
 *
 * Its errors are few, and each has several causes: the settings, the same question without an incoming device, and the rules
 * of policy routing tell them apart.
 */
#include "driver/explain_route.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "state/session.h"
#include "sys/host/proc_sys.h"
#include "sys/trace/route_rule.h"
#include "util/file.h"
#include "util/mem.h"

#define STRICT 1 /* rp_filter: the way back must lead to the device that a packet came in by */

/**
 * vnm_explain_link() - read a device
 * @of:   the case; another failure than that it is not there is recorded
 * @sys:  the handles, of the namespace that it is in
 * @name: its name
 * @ret:  gets it
 *
 * Return: whether it is there.
 */
bool vnm_explain_link(struct vnm_explain_case *of, struct vnm_sys *sys, const char *name,
		      struct vnm_link *ret)
{
	int r = vnm_link_read(sys, name, ret);

	if (r < 0 && r != -ENODEV)
		of->failed = r;
	return r == 0;
}

/** vnm_explain_device() - the name of a device of the host; "?" when it is gone */
const char *vnm_explain_device(struct vnm_explain_case *of, int index,
			       char ret[static VNM_IFNAME_SIZE])
{
	struct vnm_link link;
	bool there = index && vnm_link_read_index(&of->drv->sys, index, &link) == 0;

	snprintf(ret, VNM_IFNAME_SIZE, "%s", there ? link.fact.name : "?");
	return ret;
}

/**
 * vnm_explain_mend_way_back() - the command that leads answers to the guest again
 * @of:     the case
 * @answer: the route that does not
 *
 * The subnet's own route is missing, or a longer one is in its place.
 */
void vnm_explain_mend_way_back(struct vnm_explain_case *of, const struct vnm_route_answer *answer)
{
	const struct vnm_ip *ip = vnm_attach_subnet(&of->network, &of->guest.addr);
	char prefix[VNM_PREFIX_STRLEN], subnet[VNM_PREFIX_STRLEN], src[VNM_ADDR_STRLEN];
	const char *v6 = of->guest.addr.family == AF_INET6 ? "-6 " : "";
	char out[VNM_IFNAME_SIZE];
	struct vnm_prefix own;

	if (!ip)
		return;
	own = vnm_ip_prefix(ip);
	own = vnm_prefix_network(&own);
	if (answer->error == 0 && answer->prefix.len >= own.len)
		vnm_explanation_mend(of->ret, "ip %sroute del %s dev %s", v6,
				     vnm_prefix_format(&answer->prefix, prefix),
				     vnm_explain_device(of, answer->out, out));
	else
		vnm_explanation_mend(of->ret, "ip %sroute add %s dev %s src %s", v6,
				     vnm_prefix_format(&own, subnet), of->link.fact.name,
				     vnm_addr_format(&ip->address, src));
}

/* A setting below net/FAMILY/conf/DEV/. */
static int setting_of(int family, const char *dev, const char *name)
{
	vnm_autofree char *path = vnm_asprintf(VNM_PROC_SYS "net/ipv%d/conf/%s/%s",
					       family == AF_INET6 ? 6 : 4, dev, name);
	char value[VNM_PROC_SYS_VALUE];

	return vnm_proc_read(path, value, sizeof(value)) < 0 ? -1 : value[0] - '0';
}

static bool forwarding_off(struct vnm_explain_case *of, int family, const char *in)
{
	const char *key =
		family == AF_INET6 ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward";

	if (setting_of(family, "all", "forwarding") == 0) {
		vnm_explanation_stop(of->ret, VNM_REASON_FORWARDING_OFF,
				     "the host does not forward packets: %s is 0", key);
		vnm_explanation_mend(of->ret, "vnetmgr net-repair %s", of->ask->network);
		return true;
	}
	/* Of IPv6 the device's own setting says only whether the host is a router there. */
	if (family == AF_INET6 || setting_of(family, in, "forwarding") != 0)
		return false;
	vnm_explanation_stop(of->ret, VNM_REASON_DEVICE_FORWARDING_OFF,
			     "the host does not forward packets that come in by '%s': "
			     "net.ipv4.conf.%s.forwarding is 0",
			     in, in);
	vnm_explanation_mend(of->ret, "sysctl -w net.ipv4.conf.%s.forwarding=1", in);
	return true;
}

static bool refused_by_rule(struct vnm_explain_case *of, const struct vnm_route_question *question,
			    const char *in)
{
	const char *v6 = question->dst.family == AF_INET6 ? "-6 " : "";
	uint32_t preference;

	if (!vnm_route_refusal(&of->drv->sys, question, in, &preference))
		return false;
	vnm_explanation_stop(of->ret, VNM_REASON_ROUTE_RULE,
			     "the routing rule with preference %u refuses the packet (ip %srule "
			     "show pref %u)",
			     preference, v6, preference);
	vnm_explanation_mend(of->ret, "ip %srule del pref %u", v6, preference);
	return true;
}

/* The way back to the source leads to another device, or nowhere. */
static bool filtered_source(struct vnm_explain_case *of, const struct vnm_route_question *question,
			    const char *in)
{
	const struct vnm_route_question back = { .dst = question->src, .mark = question->mark };
	int all = setting_of(AF_INET, "all", "rp_filter"),
	    own = setting_of(AF_INET, in, "rp_filter");
	char src[VNM_ADDR_STRLEN], out[VNM_IFNAME_SIZE], route[VNM_PREFIX_STRLEN];
	struct vnm_route_answer answer;
	int mode = all > own ? all : own;

	if (question->dst.family != AF_INET || mode < STRICT ||
	    vnm_route_ask(&of->drv->sys, &back, &answer) < 0)
		return false;
	if (answer.error == 0 && (mode != STRICT || answer.out == question->in))
		return false;
	vnm_explanation_stop(of->ret, VNM_REASON_SOURCE_FILTER,
			     "reverse path filtering on '%s' (rp_filter=%d): the way back to %s "
			     "leads to %s by route %s",
			     in, mode, vnm_addr_format(&question->src, src),
			     answer.error ? "nowhere" : vnm_explain_device(of, answer.out, out),
			     answer.error ? "none" : vnm_prefix_format(&answer.prefix, route));
	if (vnm_addr_equal(&question->src, &of->guest.addr))
		vnm_explain_mend_way_back(of, &answer);
	else
		vnm_explanation_mend(of->ret, "sysctl -w net.ipv4.conf.%s.rp_filter=2", in);
	return true;
}

static void refused_by_route(struct vnm_explain_case *of, enum vnm_reason reason, const char *kind,
			     const struct vnm_route_question *question)
{
	char dst[VNM_ADDR_STRLEN], mark[24] = "";

	if (question->mark)
		snprintf(mark, sizeof(mark), " mark %#x", question->mark);
	vnm_addr_format(&question->dst, dst);
	vnm_explanation_stop(of->ret, reason,
			     "the packet matches a route of type %s to %s%s (ip route show table "
			     "all type %s)",
			     kind, dst, mark, kind);
}

/* -EINVAL: an impossible address, reverse path filtering, or a blackhole. */
static void explain_invalid(struct vnm_explain_case *of, const struct vnm_route_question *question,
			    const char *in)
{
	struct vnm_route_question local = *question;
	char src[VNM_ADDR_STRLEN];
	struct vnm_route_answer answer;

	local.in = 0;
	local.src.family = AF_UNSPEC;
	if (vnm_route_ask(&of->drv->sys, &local, &answer) == 0 && answer.error == -EINVAL)
		return refused_by_route(of, VNM_REASON_ROUTE_BLACKHOLE, "blackhole", question);
	if (filtered_source(of, question, in))
		return;
	vnm_explanation_stop(of->ret, VNM_REASON_SOURCE_IMPOSSIBLE,
			     "the host takes no packet from %s on '%s': the address is the host's "
			     "own, or cannot be there",
			     vnm_addr_format(&question->src, src), in);
}

static void explain_error(struct vnm_explain_case *of, const struct vnm_route_question *question,
			  const char *in, int error)
{
	char dst[VNM_ADDR_STRLEN];

	if (question->in && error == -EHOSTUNREACH && forwarding_off(of, question->dst.family, in))
		return;
	if (refused_by_rule(of, question, question->in ? in : NULL))
		return;
	if (error == -EINVAL)
		return explain_invalid(of, question, in);
	if (error == -EACCES)
		return refused_by_route(of, VNM_REASON_ROUTE_PROHIBITED, "prohibit", question);
	if (error == -EHOSTUNREACH)
		return refused_by_route(of, VNM_REASON_ROUTE_UNREACHABLE, "unreachable", question);
	vnm_explanation_stop(of->ret, VNM_REASON_ROUTE_NONE, "the host has no route to %s: %s",
			     vnm_addr_format(&question->dst, dst), strerror(-error));
}

/**
 * vnm_explain_route() - ask for a route, and explain why there is none
 * @of:       the case
 * @question: the packet
 * @ret:      the decision
 *
 * Return: whether the packet is routed.
 */
bool vnm_explain_route(struct vnm_explain_case *of, const struct vnm_route_question *question,
		       struct vnm_route_answer *ret)
{
	char in[VNM_IFNAME_SIZE] = "lo";
	int r = vnm_route_ask(&of->drv->sys, question, ret);

	if (r < 0) {
		of->failed = r;
		return false;
	}
	if (question->in)
		vnm_explain_device(of, question->in, in);
	if (ret->error < 0) {
		explain_error(of, question, in, ret->error);
		return false;
	}
	return !(question->in && question->dst.family == AF_INET6 && ret->type == RTN_UNICAST &&
		 forwarding_off(of, AF_INET6, in));
}
