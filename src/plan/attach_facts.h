/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_facts.h - what was seen of the host for a guest that is to be connected. */
#ifndef VNM_PLAN_ATTACH_FACTS_H
#define VNM_PLAN_ATTACH_FACTS_H

#include "model/network.h"
#include "plan/facts.h"

/** struct vnm_attach_facts - what was seen. @ino: of the namespace; @parent: of macvlans; @host: its links and
 * addresses, where they count, and by what traffic can be limited; @dhcp_client: the program; @made_dir: for
 * its record; @resolv: its directory is there; @dev_up, @dev_mtu: a device that was there before is up, and its MTU; @mtu: of
 * the bridge, where the definition does not say it: one of the host's, or one that has an uplink. @filter: frames
 * are filtered, so that a port may send back what came by it. @made_netns: the namespace was made for it. */
struct vnm_attach_facts {
	uint32_t ino, mtu, dev_mtu;
	const char *parent;
	const struct vnm_facts *host;
	const char *dhcp_client, *made_dir;
	bool resolv, dev_up, filter, made_netns;
};

uint32_t vnm_attach_mtu(const struct vnm_network *net, const struct vnm_attach_facts *facts);

#endif
