// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan_services.c - the host's services for guests, opened whatever the host's own firewall is.
 *
 * An administrator's INPUT and OUTPUT may reject by default.
 */
#include "plan/firewall/plan_services.h"

#include <stdio.h>
#include <sys/socket.h>

#include "model/attach.h"
#include "plan/firewall/plan_nat.h"
#include "plan/firewall/plan_source.h"
#include "util/mem.h"

#define PORT_DNS 53
#define PORT_DHCP_SERVER 67
#define PORT_DHCP_CLIENT 68
#define PORT_TFTP 69
#define PORT_DHCP6_CLIENT 546
#define PORT_DHCP6_SERVER 547

enum {	/* of ICMPv6 (RFC 4861, RFC 3810) */
	LISTENER_QUERY = 130, ROUTER_SOLICIT = 133, ROUTER_ADVERT, NEIGHBOUR_SOLICIT,
	NEIGHBOUR_ADVERT, LISTENER_REPORT = 143,
};

/*
 * By the bridge and its VRF. What the host sends to a port of a VRF passes OUTPUT twice, to the VRF and to the port; what it receives
 * has the VRF as its device, but for neighbour discovery.
 */
static void add_both(struct vnm_fw *fw, enum vnm_fw_chain chain, struct vnm_fwrule rule)
{
	const char *const devices[] = { fw->bridge, vnm_fw_from(fw) };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(devices); i++) {
		snprintf(chain == VNM_CHAIN_INP ? rule.in : rule.out, VNM_IFNAME_SIZE, "%s",
			 devices[i]);
		vnm_fw_add(fw, chain, VNM_TARGET_ACCEPT, rule);
	}
}

static void add_ports(struct vnm_fw *fw, enum vnm_fw_chain chain, uint8_t proto, uint16_t port)
{
	struct vnm_fwrule rule = vnm_fw_between(vnm_fw_from(fw), NULL);

	rule.proto = proto;
	rule.dport = port;
	if (chain == VNM_CHAIN_INP)
		vnm_fw_add(fw, chain, VNM_TARGET_ACCEPT, rule);
	else
		add_both(fw, chain, (struct vnm_fwrule){ .proto = proto, .dport = port });
}

/* Answers of dnsmasq, to any port. */
static void add_answers(struct vnm_fw *fw)
{
	struct vnm_fwrule rule = { .sport = PORT_DNS };

	rule.proto = IPPROTO_UDP;
	add_both(fw, VNM_CHAIN_OUT, rule);
	rule.proto = IPPROTO_TCP;
	add_both(fw, VNM_CHAIN_OUT, rule);
}

static void add_icmp6(struct vnm_fw *fw, enum vnm_fw_chain chain, uint8_t type)
{
	add_both(fw, chain, (struct vnm_fwrule){ .proto = IPPROTO_ICMPV6, .icmp6 = type });
}

/*
 * Neighbour discovery is subject to rules, unlike ARP: without it nobody finds the host, or learns that it is a
 * router. With MLD snooping, a bridge forwards the host's multicast groups only if the host answers queries.
 */
static void add_neighbours(struct vnm_fw *fw)
{
	bool advertises = vnm_network_wants_dnsmasq(fw->net);

	if (fw->family != AF_INET6 || !vnm_network_has_family(fw->net, AF_INET6))
		return;
	add_icmp6(fw, VNM_CHAIN_INP, NEIGHBOUR_SOLICIT);
	add_icmp6(fw, VNM_CHAIN_INP, NEIGHBOUR_ADVERT);
	add_icmp6(fw, VNM_CHAIN_INP, LISTENER_QUERY);
	add_icmp6(fw, VNM_CHAIN_OUT, NEIGHBOUR_SOLICIT);
	add_icmp6(fw, VNM_CHAIN_OUT, NEIGHBOUR_ADVERT);
	add_icmp6(fw, VNM_CHAIN_OUT, LISTENER_REPORT);
	if (!advertises)
		return;
	add_icmp6(fw, VNM_CHAIN_INP, ROUTER_SOLICIT);
	add_icmp6(fw, VNM_CHAIN_OUT, ROUTER_ADVERT);
}

static bool has_tftp(const struct vnm_network *net)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (net->ips[i].tftp.at.present && net->ips[i].tftp.root)
			return true;
	return false;
}

static void add_served(struct vnm_fw *fw, enum vnm_fw_chain chain, uint16_t dhcp)
{
	const bool v4 = fw->family == AF_INET, tftp = v4 && has_tftp(fw->net);

	if (chain == VNM_CHAIN_INP) {
		vnm_plan_service_guard(fw, PORT_DNS);
		if (tftp)
			vnm_plan_service_guard(fw, PORT_TFTP);
	}
	add_ports(fw, chain, IPPROTO_UDP, PORT_DNS);
	add_ports(fw, chain, IPPROTO_TCP, PORT_DNS);
	add_ports(fw, chain, IPPROTO_UDP, dhcp);
	if (v4)
		add_ports(fw, chain, IPPROTO_TCP, dhcp);
	if (tftp)
		add_ports(fw, chain, IPPROTO_UDP, PORT_TFTP);
}

/* Guests of a network without the host do not reach any of its addresses. */
static void add_services(struct vnm_fw *fw)
{
	const bool v4 = fw->family == AF_INET;

	if (fw->net->n_ips == 0)
		vnm_fw_add(fw, VNM_CHAIN_INP, VNM_TARGET_DROP, vnm_fw_between(fw->bridge, NULL));
	add_neighbours(fw);
	if (!vnm_network_wants_dnsmasq(fw->net) || !vnm_network_has_family(fw->net, fw->family))
		return;
	add_served(fw, VNM_CHAIN_INP, v4 ? PORT_DHCP_SERVER : PORT_DHCP6_SERVER);
	add_served(fw, VNM_CHAIN_OUT, v4 ? PORT_DHCP_CLIENT : PORT_DHCP6_CLIENT);
	add_answers(fw);
}

/* Guests behind a tun have DNS and port forwarding, too, by their own device. */
static void add_tuns(const struct vnm_fw *fw)
{
	const struct vnm_attachment *tun;

	for (size_t i = 0; (tun = vnm_attachments_next_tun(fw->in->guests, &i));) {
		struct vnm_fw beside = *fw;

		beside.bridge = tun->dev;
		vnm_plan_port_forwards_of(&beside);
		if (!vnm_network_wants_dnsmasq(fw->net) ||
		    !vnm_network_has_family(fw->net, fw->family))
			continue;
		vnm_plan_service_guard(&beside, PORT_DNS);
		add_ports(&beside, VNM_CHAIN_INP, IPPROTO_UDP, PORT_DNS);
		add_ports(&beside, VNM_CHAIN_INP, IPPROTO_TCP, PORT_DNS);
		add_answers(&beside);
	}
}

/** vnm_plan_services() - the rules for the host's services, on the bridge and on tuns. */
void vnm_plan_services(struct vnm_fw *fw)
{
	add_services(fw);
	add_tuns(fw);
}
