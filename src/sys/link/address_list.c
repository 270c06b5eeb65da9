/* SPDX-License-Identifier: GPL-2.0-or-later */
/* address_list.c - the global addresses of all devices. */
#include "sys/link/address_list.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>

#include "sys/link/link.h"
#include "sys/netlink/netlink.h"
#include "util/mem.h"

/* Devices that carry a global address: their indexes, without repetition. */
struct carriers {
	uint32_t *index;
	size_t n;
};

static void carriers_clear(struct carriers *carriers)
{
	free(carriers->index);
	*carriers = (struct carriers){ 0 };
}

static void carriers_again(void *data)
{
	carriers_clear(data);
}

static bool carries(const struct carriers *carriers, uint32_t index)
{
	for (size_t i = 0; i < carriers->n; i++)
		if (carriers->index[i] == index)
			return true;
	return false;
}

static int carriers_one(const struct nlmsghdr *hdr, void *data)
{
	const struct ifaddrmsg *head = nlmsg_data(hdr);
	struct carriers *carriers = data;

	if (hdr->nlmsg_type != RTM_NEWADDR || nlmsg_datalen(hdr) < (int)sizeof(*head))
		return 0;
	if (head->ifa_scope != RT_SCOPE_UNIVERSE || carries(carriers, head->ifa_index))
		return 0;
	carriers->index = vnm_array_add(carriers->index, &carriers->n, sizeof(*carriers->index));
	carriers->index[carriers->n - 1] = head->ifa_index;
	return 0;
}

/**
 * vnm_addr_others() - count the links, besides ours, on which this host has an address
 * @sys:    the handles
 * @family: AF_INET or AF_INET6
 * @ret:    how many devices are up, are neither loopback nor a bridge of ours, and carry a global
 *          address of that family
 * @err:    the error
 *
 * Return: 0 or -errno.
 */
int vnm_addr_others(struct vnm_sys *sys, int family, size_t *ret, struct vnm_error *err)
{
	struct ifaddrmsg head = { .ifa_family = (uint8_t)family };
	struct carriers carriers __attribute__((cleanup(carriers_clear))) = { 0 };
	vnm_autolinks struct vnm_links links = { 0 };
	vnm_autonl struct vnm_nl_req req = { 0 };
	size_t n = 0;
	int r = vnm_links_read(sys, &links, err);

	if (r < 0)
		return r;
	vnm_nl_begin(&req, RTM_GETADDR, 0, &head, sizeof(head));
	r = vnm_nl_dump(sys, &req,
			&(struct vnm_nl_sink){ carriers_one, carriers_again, &carriers });
	if (r < 0)
		return vnm_nl_fail(err, r, &req, "cannot list the addresses");
	for (size_t i = 0; i < links.n; i++) {
		const struct vnm_link *link = &links.items[i];

		if (link->fact.up && !link->loopback && !vnm_link_in_our_group(link) &&
		    carries(&carriers, (uint32_t)link->fact.index))
			n++;
	}
	*ret = n;
	return 0;
}

static void addresses_again(void *data)
{
	((struct vnm_facts *)data)->n_addresses = 0;
}

static int addresses_one(const struct nlmsghdr *hdr, void *data)
{
	const struct ifaddrmsg *head = nlmsg_data(hdr);
	struct vnm_facts *facts = data;
	struct vnm_fact_address address = { 0 };
	struct nlattr *tb[IFA_MAX + 1];

	if (hdr->nlmsg_type != RTM_NEWADDR || nlmsg_datalen(hdr) < (int)sizeof(*head))
		return 0;
	if (head->ifa_scope != RT_SCOPE_UNIVERSE || head->ifa_flags & IFA_F_TENTATIVE ||
	    (head->ifa_family != AF_INET && head->ifa_family != AF_INET6))
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, IFA_MAX, NULL) < 0)
		return -EPROTO;
	vnm_nl_get_addr(tb[IFA_LOCAL] ? tb[IFA_LOCAL] : tb[IFA_ADDRESS], head->ifa_family,
			&address.prefix.addr);
	address.prefix.len = head->ifa_prefixlen;
	address.ifindex = (int)head->ifa_index;
	facts->addresses =
		vnm_array_add(facts->addresses, &facts->n_addresses, sizeof(*facts->addresses));
	facts->addresses[facts->n_addresses - 1] = address;
	return 0;
}

/**
 * vnm_observe_addresses() - the global addresses of all devices, for the planner
 * @sys:   the handles
 * @facts: gets the addresses in place of those it had
 * @err:   the error
 *
 * Return: 0 or -errno.
 */
int vnm_observe_addresses(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err)
{
	struct ifaddrmsg head = { .ifa_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	facts->n_addresses = 0;
	vnm_nl_begin(&req, RTM_GETADDR, 0, &head, sizeof(head));
	r = vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ addresses_one, addresses_again, facts });
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot list the addresses") : 0;
}
