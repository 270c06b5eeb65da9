/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_send.c - send a packet as a guest, the outside or the host would.
 *
 * From a guest's namespace it is sent by the guest's own device, below the guest's own packet filter. Into the port of
 * a machine, or an uplink, a frame cannot be written: what is sent on such a device goes out of it. So a device of ours
 * sends it, and traffic control redirects all that this sends into the port (mirred, "ingress redirect"); it speaks neither ARP nor
 * IPv6, so that nothing else of it gets there. What the host sends itself is given to it as an IP packet.
 */
#include "sys/trace/trace_send.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_mirred.h>
#include <linux/veth.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/host/proc_sys.h"
#include "sys/link/link.h"
#include "sys/link/link_set.h"
#include "sys/netlink/netns_enter.h"
#include "sys/trace/trace_record.h"
#include "sys/traffic/tc.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/send.h"

#define EGRESS TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)

/** struct sending - a frame, and the device that sends it. */
struct sending {
	const char *dev;
	const uint8_t *frame;
	size_t len;
};

static int send_frame(void *data)
{
	const struct sending *sending = data;
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_ifindex = (int)if_nametoindex(sending->dev) };
	vnm_autoclose int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (to.sll_ifindex == 0)
		return -ENODEV;
	return vnm_send_to(fd, sending->frame, sending->len, &to, sizeof(to));
}

/* From the IP header on, to be routed. */
static int send_local(const struct vnm_packet *packet, const struct sending *sending)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} to = { .any.sa_family = (sa_family_t)packet->dst.family };
	vnm_autoclose int fd = socket(packet->dst.family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd < 0)
		return -errno;
	if (packet->dst.family == AF_INET6)
		memcpy(&to.v6.sin6_addr, packet->dst.b, sizeof(to.v6.sin6_addr));
	else
		memcpy(&to.v4.sin_addr, packet->dst.b, sizeof(to.v4.sin_addr));
	return vnm_send_to(fd, sending->frame + ETH_HLEN, sending->len - ETH_HLEN, &to,
			   packet->dst.family == AF_INET6 ? sizeof(to.v6) : sizeof(to.v4));
}

static int add_pair(struct vnm_sys *sys)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	struct vnm_nl_kind nests;
	struct nlattr *peer;

	vnm_nl_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(&req, IFLA_IFNAME, VNM_TRACE_DEVICE);
	vnm_nl_put_u32(&req, IFLA_GROUP, VNM_GROUP_GUEST);
	nests = vnm_nl_kind(&req, "veth");
	peer = vnm_nl_nest(&req, VETH_INFO_PEER);
	vnm_nl_put_raw(&req, &head, sizeof(head));
	vnm_nl_put_str(&req, IFLA_IFNAME, VNM_TRACE_PEER);
	vnm_nl_put_u32(&req, IFLA_GROUP, VNM_GROUP_GUEST);
	vnm_nl_nest_end(&req, peer);
	vnm_nl_kind_end(&req, &nests);
	return vnm_nl_do(sys, &req, NULL);
}

static int add_clsact(struct vnm_sys *sys, int ifindex)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_tc_begin(&req, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, ifindex, TC_H_CLSACT,
		     TC_H_MAKE(TC_H_CLSACT, 0));
	vnm_nl_put_str(&req, TCA_KIND, "clsact");
	return vnm_nl_do(sys, &req, NULL);
}

static void put_redirect(struct vnm_nl_req *req, int to)
{
	const struct tc_mirred mirred = { .action = TC_ACT_STOLEN,
					  .eaction = TCA_INGRESS_REDIR,
					  .ifindex = (uint32_t)to };
	struct nlattr *list = vnm_nl_nest(req, TCA_U32_ACT), *first = vnm_nl_nest(req, 1), *body;

	vnm_nl_put_str(req, TCA_ACT_KIND, "mirred");
	body = vnm_nl_nest(req, TCA_ACT_OPTIONS);
	vnm_nl_put(req, TCA_MIRRED_PARMS, &mirred, sizeof(mirred));
	vnm_nl_nest_end(req, body);
	vnm_nl_nest_end(req, first);
	vnm_nl_nest_end(req, list);
}

/* All that is sent: a key whose mask is zero. libnl-route knows no redirection to where packets come in. */
static int add_filter(struct vnm_sys *sys, int ifindex, int to)
{
	union { /* the keys follow the selector */
		struct tc_u32_sel sel;
		char room[sizeof(struct tc_u32_sel) + sizeof(struct tc_u32_key)];
	} all = { .room = { 0 } };
	struct tcmsg head = {
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = ifindex,
		.tcm_parent = EGRESS,
		.tcm_info = TC_H_MAKE(1u << 16, htons(ETH_P_ALL)),
	};
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *options;

	all.sel.flags = TC_U32_TERMINAL;
	all.sel.nkeys = 1;
	vnm_nl_begin(&req, RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(&req, TCA_KIND, "u32");
	options = vnm_nl_nest(&req, TCA_OPTIONS);
	vnm_nl_put(&req, TCA_U32_SEL, &all, sizeof(all));
	put_redirect(&req, to);
	vnm_nl_nest_end(&req, options);
	return vnm_nl_do(sys, &req, NULL);
}

/* The device that leads into a port. */
static int make_device(struct vnm_sys *sys, const char *port, struct vnm_error *err)
{
	struct vnm_link link, to;
	int r = vnm_link_need(sys, port, &to, err);

	if (r < 0)
		return r;
	r = add_pair(sys);
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot create '%s' to send a packet into '%s'",
				   VNM_TRACE_DEVICE, port);
	r = vnm_link_need(sys, VNM_TRACE_DEVICE, &link, err);
	if (r < 0)
		return r;
	(void)vnm_proc_write(VNM_PROC_SYS "net/ipv6/conf/" VNM_TRACE_DEVICE "/disable_ipv6", "1");
	r = add_clsact(sys, link.fact.index);
	if (r == 0)
		r = add_filter(sys, link.fact.index, to.fact.index);
	if (r < 0)
		return vnm_nl_fail(err, r, NULL,
				   "cannot send a packet into '%s' (the kernel needs "
				   "CONFIG_NET_SCH_INGRESS, CONFIG_NET_CLS_U32 and "
				   "CONFIG_NET_ACT_MIRRED)",
				   port);
	return vnm_link_set_flags(sys, &link, IFF_UP | IFF_NOARP, IFF_UP | IFF_NOARP, err);
}

static int send_into(struct vnm_sys *sys, const char *port, struct sending *sending,
		     struct vnm_error *err)
{
	int r = make_device(sys, port, err);

	if (r < 0)
		return r;
	sending->dev = VNM_TRACE_DEVICE;
	r = send_frame(sending);
	return r < 0 && r != -ENOBUFS
		       ? vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				       "cannot send a packet into '%s': %s", port, strerror(-r))
		       : r;
}

/**
 * vnm_trace_send() - send the packet of a job
 * @sys: the handles
 * @job: the job; a device that is needed for it goes with vnm_trace_recover()
 * @err: set on failure, unless -ENOBUFS
 *
 * Return: 0 or -errno; -ENOBUFS: the port is down, or its other end is not open.
 */
int vnm_trace_send(struct vnm_sys *sys, const struct vnm_trace_job *job, struct vnm_error *err)
{
	uint8_t frame[VNM_PACKET_MAX];
	struct sending sending = {
		.dev = job->dev,
		.frame = frame,
		.len = vnm_packet_frame(&job->packet, &job->from_mac, &job->to_mac, frame),
	};
	int r;

	if (job->from == VNM_FROM_PORT)
		return send_into(sys, job->port, &sending, err);
	r = job->from == VNM_FROM_HOST ? send_local(&job->packet, &sending)
				       : vnm_netns_run(job->ns, send_frame, &sending);
	/* A local packet that is refused by a rule, or has no route, is an answer, too. */
	if (r < 0 && job->from == VNM_FROM_NAMESPACE)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot send a packet by '%s' in network namespace '%s': %s",
				     job->dev, job->ns->path, strerror(-r));
	return 0;
}
