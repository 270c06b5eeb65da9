/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attach_prefix.c - the prefix lengths of a guest's addresses, where they are not said: those of the network's subnets, or, on the
 * host's LAN, of the host's own subnets there.
 */
#include "driver/attach_prefix.h"

#include <errno.h>
#include <sys/socket.h>

#include "state/session.h"
#include "sys/link/address_list.h"
#include "sys/link/link.h"
#include "util/mem.h"

/* 0: the host has no address there whose subnet has it. */
static unsigned length_on_lan(struct vnm_driver *drv, const char *dev, const struct vnm_addr *addr)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	struct vnm_error ignored = { 0 };
	struct vnm_fact_link link;
	unsigned len = 0;

	if (vnm_link_read_fact(&drv->sys, dev, &link) < 0 ||
	    vnm_observe_addresses(&drv->sys, &facts, &ignored) < 0)
		return 0;
	for (size_t i = 0; i < facts.n_addresses; i++) {
		const struct vnm_prefix *prefix = &facts.addresses[i].prefix;

		if (facts.addresses[i].ifindex == link.index && prefix->len > len &&
		    vnm_prefix_contains(prefix, addr))
			len = prefix->len;
	}
	return len;
}

static unsigned length_of(struct vnm_driver *drv, const struct vnm_network *net,
			  const struct vnm_attachment *attach, const struct vnm_addr *addr)
{
	const struct vnm_ip *subnet = vnm_attach_subnet(net, addr);
	const char *dev = vnm_network_is_pool(net) ? attach->parent : net->bridge.name;

	if (subnet)
		return vnm_ip_prefix(subnet).len;
	return net->n_ips == 0 && dev ? length_on_lan(drv, dev, addr) : 0;
}

static int refuse(const struct vnm_network *net, const struct vnm_addr *addr, struct vnm_error *err)
{
	char text[VNM_ADDR_STRLEN];

	return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
			     "nothing says how large the subnet of %s is on network '%s', which "
			     "has no <ip>: give its prefix length, as in --ip %s/%d",
			     vnm_addr_format(addr, text), net->name, text,
			     addr->family == AF_INET ? 24 : 64);
}

/**
 * vnm_attach_complete_prefixes() - fill in the prefix lengths that were not given
 * @drv:    the driver
 * @net:    the network, active
 * @attach: the guest; its parent is known
 * @err:    VNM_ERR_USAGE: nothing says how long one is, and without it a namespace would reach nobody
 *
 * Return: 0 or -errno.
 */
int vnm_attach_complete_prefixes(struct vnm_driver *drv, const struct vnm_network *net,
				 struct vnm_attachment *attach, struct vnm_error *err)
{
	for (size_t i = 0; i < attach->n_ips; i++) {
		struct vnm_attach_ip *ip = &attach->ips[i];
		unsigned len = 0;

		if (ip->prefix.set)
			continue;
		if (attach->kind != VNM_ATTACH_TUN) /* there the guest has no other link */
			len = length_of(drv, net, attach, &ip->address);
		if (len == 0 && attach->kind == VNM_ATTACH_NETNS && net->n_ips == 0)
			return refuse(net, &ip->address, err);
		if (len == 0)
			len = vnm_addr_bits(ip->address.family);
		ip->prefix = (struct vnm_uint){ true, len };
	}
	return 0;
}
