/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_facts.h - what was observed of the host for an attachment. */
#ifndef VNM_PLAN_ATTACH_FACTS_H
#define VNM_PLAN_ATTACH_FACTS_H

#include "model/network.h"
#include "plan/facts.h"

/** struct vnm_attach_facts - what was observed. @ino, @cookie: of the namespace; @parent: of macvlans; @host: its links and
 * addresses, where they count, and its traffic control features; @dhcp_client: the program; @made_dir: for its
 * pidfile record; @resolv: its directory exists; @dev_up, @dev_mtu: of a device that existed before; @mtu: of the
 * bridge, where the definition does not set it: one of the host's, or one with an uplink. @filter: frames are
 * filtered, so that a port may be a hairpin; @frames_by_port: as in facts. @made_netns: the namespace was created for it. @gateways: of the LAN that it is
 * on, one of each family. */
struct vnm_attach_facts {
	uint32_t ino, mtu, dev_mtu;
	uint64_t cookie;
	const char *parent;
	const struct vnm_facts *host;
	const char *dhcp_client, *made_dir;
	bool resolv, dev_up, filter, frames_by_port, made_netns;
	struct vnm_addr gateways[2];
	size_t n_gateways;
};

uint32_t vnm_attach_mtu(const struct vnm_network *net, const struct vnm_attach_facts *facts);

#endif
