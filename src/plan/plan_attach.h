/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_attach.h - what it takes to connect a guest, and what its network must know of it. Pure. */
#ifndef VNM_PLAN_PLAN_ATTACH_H
#define VNM_PLAN_PLAN_ATTACH_H

#include "model/attach.h"
#include "plan/facts.h"
#include "plan/op/op.h"

/** struct vnm_attach_facts - what was seen. @ino: of the namespace; @parent: of macvlans; @host: its links and
 * addresses, where they count, and by what traffic can be limited; @dhcp_client: the program; @made_dir: for
 * its record; @resolv: its directory is there; @dev_up, @dev_mtu: a device that was there before is up, and its MTU; @mtu: of
 * the bridge, where the definition does not say it: one of the host's, or one that is in the place of an uplink. @filter: frames
 * are filtered, so that a port may send back what came by it. @made_netns: the namespace was made for it. */
struct vnm_attach_facts {
	uint32_t ino, mtu, dev_mtu;
	const char *parent;
	const struct vnm_facts *host;
	const char *dhcp_client, *made_dir;
	bool resolv, dev_up, filter, made_netns;
};

void vnm_plan_attach(const struct vnm_network *net, const struct vnm_attachment *attach,
		     const struct vnm_attach_facts *facts, struct vnm_plan *ret);
void vnm_plan_tun(const struct vnm_network *net, const struct vnm_attachment *attach,
		  const struct vnm_attach_facts *facts, struct vnm_plan *plan);
uint32_t vnm_attach_mtu(const struct vnm_network *net, const struct vnm_attach_facts *facts);
bool vnm_attach_isolated(const struct vnm_network *net, const struct vnm_attachment *attach);
void vnm_attach_augment(struct vnm_network *net, const struct vnm_attachment *attach);

#endif
