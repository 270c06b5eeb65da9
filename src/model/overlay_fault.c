/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * overlay_fault.c - what is wrong between the hosts of an overlay, as far as this one sees it. Pure.
 *
 * No host knows of the others more than what they answer. Each is asked for by the address that it has beside the gateway's, which
 * follows from its number; the VXLAN device knows from which host an answer came, and the MAC address in it follows from that host's
 * address and from the gateway's MAC address. So an answer says which number a host has, and whether it has the same gateway.
 */
#include "model/overlay_fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/overlay.h"
#include "util/mem.h"

/* ---- whom to ask ---- */

/** vnm_overlay_numbers() - how many hosts can be asked for by their numbers; 0: they have none, or no addresses of their own */
uint32_t vnm_overlay_numbers(const struct vnm_network *net)
{
	const struct vnm_overlay_host *host = &net->overlay.host;

	if (!host->at.present || !host->index.set || net->n_ips == 0)
		return 0;
	return host->of.v < VNM_OVERLAY_ASK_MAX ? host->of.v : VNM_OVERLAY_ASK_MAX;
}

/** vnm_overlay_number_address() - the address by which a host is asked for: that in the first subnet. Return: false: there is none. */
bool vnm_overlay_number_address(const struct vnm_network *net, uint32_t number,
				struct vnm_addr *ret)
{
	struct vnm_overlay_host host = net->overlay.host;
	struct vnm_prefix subnet;

	if (net->n_ips == 0)
		return false;
	subnet = vnm_ip_prefix(&net->ips[0]);
	host.index = (struct vnm_uint){ true, number };
	return vnm_overlay_own_address(&host, &subnet, ret);
}

/* The number of the host that has the address; 0: none has. */
static uint32_t number_of(const struct vnm_network *net, const struct vnm_addr *addr)
{
	struct vnm_addr own;

	for (uint32_t i = 1; i <= vnm_overlay_numbers(net); i++)
		if (vnm_overlay_number_address(net, i, &own) && vnm_addr_equal(&own, addr))
			return i;
	return 0;
}

/** vnm_overlay_answer_of() - a host's answer to the question for its number; NULL: there is none */
const struct vnm_overlay_answer *vnm_overlay_answer_of(const struct vnm_network *net,
						       const struct vnm_overlay_sight *sight,
						       const struct vnm_addr *host)
{
	for (size_t i = 0; i < sight->n_answers; i++)
		if (vnm_addr_equal(&sight->answers[i].host, host) &&
		    number_of(net, &sight->answers[i].addr))
			return &sight->answers[i];
	return NULL;
}

/* ---- faults ---- */

/** struct finder - @faults: gets them */
struct finder {
	const struct vnm_network *net;
	const struct vnm_overlay_sight *sight;
	struct vnm_overlay_faults *faults;
};

static struct vnm_overlay_fault *add(struct finder *finder, enum vnm_overlay_fault_kind kind,
				     const struct vnm_addr *host, char *text)
{
	struct vnm_overlay_faults *faults = finder->faults;

	faults->items = vnm_array_add(faults->items, &faults->n, sizeof(*faults->items));
	faults->items[faults->n - 1] =
		(struct vnm_overlay_fault){ .kind = kind, .host = *host, .text = text };
	return &faults->items[faults->n - 1];
}

/*
 * A machine that is set up by hand has no number: where guests behind it are known, and it never was known itself, that it does not
 * answer means nothing. Neither does silence after an echo request, where that is all that can be sent.
 */
static void find_silent(struct finder *finder, const struct vnm_overlay_way *way)
{
	const struct vnm_network *net = finder->net;
	const uint32_t numbers = vnm_overlay_numbers(net);
	char host[VNM_ADDR_STRLEN];

	vnm_addr_format(&way->host, host);
	if (!way->echoes && numbers > 0 && (way->known || !way->stations))
		add(finder, VNM_HOST_SILENT, &way->host,
		    vnm_asprintf("host %s does not answer: guests there are not reached", host));
	else if (!way->echoes && !way->stations)
		add(finder, VNM_HOST_SILENT, &way->host,
		    vnm_asprintf("host %s does not answer echo requests", host))
			->harmless = true;
	else if (way->echoes && numbers > 0 && numbers == net->overlay.host.of.v &&
		 (way->known || !way->stations))
		add(finder, VNM_HOST_ABSENT, &way->host,
		    vnm_asprintf("host %s does not answer on the network: it is not active "
				 "there, this host is none of its peers, or a packet filter "
				 "between them drops UDP port %u",
				 host, vnm_overlay_port(&net->overlay)));
}

static void find_gateway(struct finder *finder, const struct vnm_overlay_answer *answer)
{
	const struct vnm_mac right = vnm_overlay_host_mac(finder->net, &answer->host);
	char host[VNM_ADDR_STRLEN];

	if (vnm_mac_equal(&answer->mac, &right))
		return;
	add(finder, VNM_HOST_GATEWAY, &answer->host,
	    vnm_asprintf("the gateway has another MAC address on host %s: guests that move lose "
			 "it; the definition there has another name, <uuid> or <mac>",
			 vnm_addr_format(&answer->host, host)));
}

/* Nobody else has this host's number, and no two others have the same. */
static void find_number(struct finder *finder, size_t at)
{
	const struct vnm_overlay_answer *answers = finder->sight->answers, *one = &answers[at];
	const uint32_t number = number_of(finder->net, &one->addr);
	char first[VNM_ADDR_STRLEN], second[VNM_ADDR_STRLEN];

	if (!number)
		return;
	vnm_addr_format(&one->host, first);
	if (number == finder->net->overlay.host.index.v)
		add(finder, VNM_HOST_NUMBER, &one->host,
		    vnm_asprintf("host %s has number %u, as this one has: both lease the same "
				 "addresses",
				 one->host.family ? first : "that is not known", number));
	for (size_t i = 0; i < at; i++)
		if (vnm_addr_equal(&answers[i].addr, &one->addr))
			add(finder, VNM_HOST_NUMBER, &one->host,
			    vnm_asprintf("hosts %s and %s both have number %u: both lease the "
					 "same addresses",
					 vnm_addr_format(&answers[i].host, second), first, number));
}

static void find_packets(struct finder *finder, const struct vnm_overlay_way *way)
{
	char host[VNM_ADDR_STRLEN];

	if (!way->mtu)
		return;
	add(finder, VNM_HOST_PACKETS, &way->host,
	    vnm_asprintf("packets to host %s may have %u bytes at most, not %u: larger ones are "
			 "%s; set mtu='%u' in <vnm:overlay> on all hosts",
			 vnm_addr_format(&way->host, host), way->mtu, finder->net->overlay.mtu.v,
			 way->lost ? "lost" : "fragmented on the way", way->mtu))
		->harmless = !way->lost;
}

static void find_twin(struct finder *finder, const struct vnm_overlay_guest *guest)
{
	const struct vnm_overlay_sight *sight = finder->sight;
	char addr[VNM_ADDR_STRLEN], host[VNM_ADDR_STRLEN], mac[VNM_MAC_STRLEN];

	for (size_t i = 0; i < sight->n_answers; i++) {
		const struct vnm_overlay_answer *answer = &sight->answers[i];

		if (!vnm_addr_equal(&answer->addr, &guest->addr))
			continue;
		vnm_addr_format(&answer->host, host);
		add(finder, VNM_HOST_TWIN, &answer->host,
		    vnm_asprintf("%s of guest %s is also the address of a guest of %s%s, %s",
				 vnm_addr_format(&guest->addr, addr), guest->name,
				 answer->host.family ? "host " : "another host",
				 answer->host.family ? host : "",
				 vnm_mac_format(&answer->mac, mac)));
	}
}

/**
 * vnm_overlay_find_faults() - find what is wrong
 * @net:   the network, with what is this host's
 * @sight: what was seen of the others
 * @ret:   gets the faults; free with vnm_overlay_faults_clear()
 */
void vnm_overlay_find_faults(const struct vnm_network *net, const struct vnm_overlay_sight *sight,
			     struct vnm_overlay_faults *ret)
{
	struct finder finder = { net, sight, ret };

	*ret = (struct vnm_overlay_faults){ 0 };
	for (size_t i = 0; i < sight->n_ways; i++) {
		const struct vnm_overlay_answer *answer =
			vnm_overlay_answer_of(net, sight, &sight->ways[i].host);

		if (answer)
			find_gateway(&finder, answer);
		else
			find_silent(&finder, &sight->ways[i]);
		find_packets(&finder, &sight->ways[i]);
	}
	for (size_t i = 0; i < sight->n_answers; i++)
		find_number(&finder, i);
	for (size_t i = 0; i < sight->n_guests; i++)
		find_twin(&finder, &sight->guests[i]);
}

/** vnm_overlay_sight_clear() - free what was seen */
void vnm_overlay_sight_clear(struct vnm_overlay_sight *sight)
{
	for (size_t i = 0; i < sight->n_guests; i++)
		free(sight->guests[i].name);
	free(sight->guests);
	free(sight->answers);
	free(sight->ways);
	*sight = (struct vnm_overlay_sight){ 0 };
}

/** vnm_overlay_faults_clear() - free the faults */
void vnm_overlay_faults_clear(struct vnm_overlay_faults *faults)
{
	for (size_t i = 0; i < faults->n; i++)
		free(faults->items[i].text);
	free(faults->items);
	*faults = (struct vnm_overlay_faults){ 0 };
}
