/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explain_service.c - does anybody listen where a packet arrives?
 *
 * It is not delivered, so that nobody refuses it. The host's sockets are known, and those of a guest in a namespace; of a machine they
 * are not.
 */
#include "driver/explain_service.h"

#include <string.h>
#include <sys/socket.h>

#include "state/guest_store.h"
#include "state/session.h"
#include "sys/host/sockets.h"
#include "sys/netlink/netns_enter.h"
#include "util/mem.h"

/** struct listening - is there a socket for it? */
struct listening {
	const struct vnm_addr *addr;
	uint16_t port;
	uint8_t proto;
};

static bool is_any(const struct vnm_addr *addr)
{
	static const uint8_t any[16];

	return !memcmp(addr->b, any, vnm_addr_bits(addr->family) / 8);
}

/* One for all addresses of IPv6 takes packets of IPv4, too. */
static bool takes(const struct vnm_socket *socket, const struct listening *of)
{
	return socket->listens && socket->port == of->port &&
	       (is_any(&socket->addr) || vnm_addr_equal(&socket->addr, of->addr));
}

/* Return: 1: somebody listens; 0: nobody does; -errno: not known. */
static int in_family(const struct listening *of, int family)
{
	vnm_autosockets struct vnm_sockets sockets = { 0 };
	int r = vnm_sockets_read(of->proto == IPPROTO_UDP ? VNM_PROTO_UDP : VNM_PROTO_TCP, family,
				 &sockets);

	for (size_t i = 0; r == 0 && i < sockets.n; i++)
		if (takes(&sockets.items[i], of))
			return 1;
	return r;
}

/* Return: as in_family(). */
static int look(void *data)
{
	const struct listening *of = data;
	int r = in_family(of, AF_INET6);

	return r == 0 && of->addr->family == AF_INET ? in_family(of, AF_INET) : r;
}

/* Return: whether nobody listens, for certain. */
static bool is_deserted(struct vnm_explain_case *of, int r)
{
	if (r < 0)
		of->failed = r;
	return r == 0;
}

static const char *proto_word(uint8_t proto)
{
	return proto == IPPROTO_UDP ? "udp" : "tcp";
}

static bool has_port(const struct vnm_explain_case *of)
{
	return of->ret->packet.proto == IPPROTO_TCP || of->ret->packet.proto == IPPROTO_UDP;
}

/**
 * vnm_explain_host_service() - is a packet that is delivered to the host for somebody?
 * @of:     the case
 * @at:     as it is delivered, or NULL
 * @leader: the rule that has translated its destination; NULL: none
 */
void vnm_explain_host_service(struct vnm_explain_case *of, const struct vnm_trace_event *at,
			      const struct vnm_trace_event *leader)
{
	struct listening listening = { at ? &at->dst : NULL, at ? at->dport : 0,
				       of->ret->packet.proto };
	vnm_autofree char *led = NULL;
	char to[VNM_ADDR_STRLEN];

	if (!at || !has_port(of) || !is_deserted(of, look(&listening)))
		return;
	vnm_addr_format(&at->dst, to);
	led = vnm_asprintf("leads the packet to port %u of the host, at %s, where nobody listens",
			   at->dport, to);
	if (leader)
		return vnm_explanation_astray(of->ret, VNM_REASON_LED_ELSEWHERE, leader,
					      of->link.fact.name, led);
	vnm_explanation_stop(of->ret, VNM_REASON_NO_SERVICE,
			     "nobody on the host listens on %s port %u at %s",
			     proto_word(listening.proto), at->dport, to);
}

static const struct vnm_attachment *guest_at(struct vnm_explain_case *of,
					     const struct vnm_addr *addr)
{
	const struct vnm_attachments *guests = vnm_attachments_get(of->drv, of->ask->network);

	for (size_t i = 0; i < guests->n_items; i++)
		for (size_t k = 0; k < guests->items[i].n_ips; k++)
			if (guests->items[i].kind == VNM_ATTACH_NETNS &&
			    vnm_addr_equal(&guests->items[i].ips[k].address, addr))
				return &guests->items[i];
	return NULL;
}

/**
 * vnm_explain_guest_service() - does the guest at an address listen on a port?
 * @of:   the case
 * @addr: its address: of a guest in a namespace, to which net-attach gave it; else nothing is known
 * @port: the port
 */
void vnm_explain_guest_service(struct vnm_explain_case *of, const struct vnm_addr *addr,
			       uint16_t port)
{
	const struct vnm_attachment *guest = has_port(of) ? guest_at(of, addr) : NULL;
	const struct vnm_op_netns ns = { guest ? guest->netns : NULL, 0 };
	struct listening listening = { addr, port, of->ret->packet.proto };
	char to[VNM_ADDR_STRLEN];

	if (!guest || !ns.path || !is_deserted(of, vnm_netns_run(&ns, look, &listening)))
		return;
	vnm_explanation_stop(of->ret, VNM_REASON_NO_SERVICE,
			     "the packet gets to guest %s, and nobody there listens on %s port %u "
			     "at %s",
			     guest->netns_name ? guest->netns_name : guest->dev,
			     proto_word(listening.proto), port, vnm_addr_format(addr, to));
}
