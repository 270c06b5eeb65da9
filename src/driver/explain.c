/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explain.c - net-explain: follow one packet of a guest's, and name what stops it.
 *
 * Theory of operation. Nothing is guessed from rules that are read. The guest's namespace is asked which way it sends the packet; the packet
 * is sent as the guest would, or the outside; the kernel reports each rule that it matches (sys/trace/trace.c), and is
 * asked for its routing decision. It is caught at its end, so that nobody receives it, and nothing of it is left.
 */
#include "driver/explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "driver/explain_end.h"
#include "driver/explain_guest.h"
#include "driver/explain_other.h"
#include "driver/explain_route.h"
#include "driver/trace.h"
#include "state/networks.h"
#include "state/session.h"
#include "util/mem.h"
#include "xml/network_xml.h"

#define EPHEMERAL 32768
#define FULL                                                    \
	"; the host's table of neighbours may be full (sysctl " \
	"net.ipv4.neigh.default.gc_thresh3)"
#define EPHEMERAL_COUNT 28232

static void case_clear(struct vnm_explain_case *of)
{
	vnm_network_clear(&of->network);
	vnm_explain_guest_clear(&of->guest);
}
#define autocase __attribute__((cleanup(case_clear)))

/**
 * vnm_explain_packet() - the packet that is asked about
 * @ask: what is asked
 * @ret: gets the packet, of a new connection each time: the answer about an old one would be another
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_explain_packet(const struct vnm_explain_ask *ask, struct vnm_packet *ret,
		       struct vnm_error *err)
{
	uint16_t port;

	*ret = (struct vnm_packet){
		.src = ask->from,
		.dst = ask->to,
		.proto = ask->proto,
		.dport = ask->port,
	};
	if (getrandom(ret->cookie, sizeof(ret->cookie), 0) != (ssize_t)sizeof(ret->cookie) ||
	    getrandom(&port, sizeof(port), 0) != (ssize_t)sizeof(port))
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "no random numbers: %s",
				     strerror(errno));
	ret->sport = (uint16_t)(EPHEMERAL + port % EPHEMERAL_COUNT);
	return 0;
}

/* The outside: by the device that leads to who sends it, from whoever is next there. */
static int arrive(struct vnm_explain_case *of, struct vnm_trace_job *job, struct vnm_error *err)
{
	static const struct vnm_mac neighbour = { true, { 0x02, 0, 0, 0, 0, 1 } };
	const struct vnm_route_question question = { .dst = of->ask->from };
	char name[VNM_IFNAME_SIZE], text[VNM_ADDR_STRLEN];
	struct vnm_route_answer answer;
	struct vnm_link link;
	int r = vnm_route_ask(&of->drv->sys, &question, &answer);

	if (r == 0 && answer.error < 0)
		r = answer.error;
	if (r == 0)
		r = vnm_link_read_index(&of->drv->sys, answer.out, &link);
	if (r < 0 || link.loopback)
		return vnm_error_set(
			err, VNM_ERR_USAGE, r < 0 ? -r : EINVAL,
			"the host has no device that leads to %s, for a packet to come "
			"in by: %s",
			vnm_addr_format(&of->ask->from, text),
			r < 0 ? strerror(-r) : "it is an address of its own");
	job->from = VNM_FROM_PORT;
	job->port = vnm_strdup(vnm_explain_device(of, answer.out, name));
	job->from_mac = neighbour;
	job->to_mac = link.fact.mac;
	vnm_explanation_hop(of->ret, "outside", "comes from %s in by %s",
			    vnm_addr_format(&of->ask->from, text), name);
	return 0;
}

static int follow(struct vnm_explain_case *of, struct vnm_trace_job *job, struct vnm_error *err)
{
	vnm_autotrail struct vnm_trail trail = { 0 };
	int r;

	of->ret->packet = job->packet;
	r = vnm_driver_trace(of->drv, job, &trail, err);
	if (r == -ENOBUFS) {
		vnm_explanation_stop(of->ret, VNM_REASON_PORT_UNPLUGGED,
				     "port '%s' takes no packet: nobody has its other end open",
				     job->port);
		return 0;
	}
	if (r == 0)
		vnm_explain_end(of, job, &trail);
	return r;
}

static int explain_outbound(struct vnm_explain_case *of, struct vnm_trace_job *job,
			    struct vnm_error *err)
{
	int r;

	vnm_explain_port(of);
	if (!vnm_explanation_ended(of->ret))
		vnm_explain_departure(of, job);
	of->ret->packet = job->packet;
	r = vnm_explanation_ended(of->ret) || of->failed < 0 ? 0 : follow(of, job, err);
	if (r == 0 && of->ret->verdict != VNM_EXPLAINED_STOPPED)
		vnm_explain_silent(of);
	if (r == 0)
		vnm_explain_other_network(of);
	return r;
}

static int explain_inbound(struct vnm_explain_case *of, struct vnm_trace_job *job,
			   struct vnm_error *err)
{
	vnm_autofree char *port = NULL;
	int r = arrive(of, job, err);

	port = (char *)job->port;
	if (r < 0)
		return r;
	r = follow(of, job, err);
	if (r == 0 && !vnm_explanation_ended(of->ret))
		vnm_explain_port(of);
	return r;
}

static int load_case(struct vnm_explain_case *of, struct vnm_error *err)
{
	const char *bridge;
	int r = vnm_driver_need_active(of->drv, of->ask->network, err);

	if (r == 0)
		r = vnm_driver_load(of->drv, of->ask->network, &of->network, err);
	if (r < 0)
		return r;
	bridge = of->network.bridge.name;
	if (!bridge)
		return vnm_error_set(
			err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			"network '%s' has no bridge: its guests are on top of devices of "
			"the host, and their packets do not pass its packet filters",
			of->ask->network);
	if (of->network.vrf.at.present)
		return vnm_error_set(
			err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			"network '%s' is in VRF '%s', into which packets are not followed; "
			"vnetmgr net-doctor %s examines it",
			of->ask->network, of->network.vrf.name, of->ask->network);
	if (vnm_explain_link(of, &of->drv->sys, bridge, &of->link))
		return 0;
	vnm_explanation_stop(of->ret, VNM_REASON_BRIDGE_MISSING, "bridge '%s' does not exist",
			     bridge);
	vnm_explanation_mend(of->ret, "vnetmgr net-repair %s", of->ask->network);
	return 0;
}

static int explain(struct vnm_explain_case *of, struct vnm_error *err)
{
	struct vnm_trace_job job = { 0 };
	int r = load_case(of, err);

	if (r < 0 || vnm_explanation_ended(of->ret))
		return r;
	r = vnm_explain_find_guest(of, err);
	if (r == 0)
		r = vnm_explain_packet(of->ask, &job.packet, err);
	if (r < 0)
		return r;
	return of->ask->from.family ? explain_inbound(of, &job, err)
				    : explain_outbound(of, &job, err);
}

/**
 * vnm_driver_explain() - follow one packet, and name what stops it
 * @drv: the driver; one without the lock takes it while the packet is on its way
 * @ask: the packet
 * @ret: gets its way and what stops it; free with vnm_explanation_clear(), in any case
 * @err: set when that cannot be found out
 *
 * Return: 0, also when something stops it; -errno.
 */
int vnm_driver_explain(struct vnm_driver *drv, const struct vnm_explain_ask *ask,
		       struct vnm_explanation *ret, struct vnm_error *err)
{
	struct vnm_explain_case of autocase = { .drv = drv, .ask = ask, .ret = ret };
	int r;

	*ret = (struct vnm_explanation){ .firewall = drv->sys.fw_backend };
	r = explain(&of, err);
	if (r == 0 && of.failed < 0)
		r = vnm_error_set(err, VNM_ERR_SYSTEM, -of.failed,
				  "cannot ask the kernel about its way: %s%s", strerror(-of.failed),
				  of.failed == -ENOBUFS ? FULL : "");
	return r;
}
