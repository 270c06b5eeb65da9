/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe_forward.c - is anybody at the IPv6 addresses that ports are forwarded to? For IPv4: probe_arp.c. */
#include "sys/doctor/probe_forward.h"

#include <sys/socket.h>

#include "sys/link/neighbour.h"
#include "util/mem.h"
#include "util/patience.h"

#define WAIT_MS 1000
#define TARGETS_MAX 64

static void add_target(const struct vnm_case *c, struct vnm_probe *probes, size_t *n,
		       const struct vnm_addr *addr)
{
	if (addr->family != AF_INET6 || *n == TARGETS_MAX || !vnm_case_subnet_of(c, addr) ||
	    vnm_case_is_ours(c, addr))
		return;
	for (size_t i = 0; i < *n; i++)
		if (vnm_addr_equal(&probes[i].addr, addr))
			return;
	probes[(*n)++].addr = *addr;
}

/**
 * vnm_probe_forwards() - ask for the IPv6 addresses that ports are forwarded to
 * @sys: the handles
 * @c:   the case; gets who answers. Best effort
 */
void vnm_probe_forwards(struct vnm_sys *sys, struct vnm_case *c)
{
	vnm_autofree struct vnm_probe *probes = vnm_alloc(TARGETS_MAX * sizeof(*probes));
	size_t n = 0;

	for (size_t i = 0; i < c->net->n_port_forwards; i++) {
		const struct vnm_forward_target target =
			vnm_port_forward_target(&c->net->port_forwards[i], 0);

		add_target(c, probes, &n, &target.address);
	}
	if (n == 0 || !c->bridge ||
	    vnm_neighbours_probe(sys, c->bridge, probes, n, (unsigned)vnm_patience_ms(WAIT_MS)) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		c->probes.answers = vnm_array_add(c->probes.answers, &c->probes.n_answers,
						  sizeof(*c->probes.answers));
		c->probes.answers[c->probes.n_answers - 1] = (struct vnm_case_answer){
			.addr = probes[i].addr, .macs = { probes[i].mac }, .n = probes[i].answered
		};
	}
}
