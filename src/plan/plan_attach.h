/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_attach.h - what it takes to connect a guest, and what its network must know of it. Pure. */
#ifndef VNM_PLAN_PLAN_ATTACH_H
#define VNM_PLAN_PLAN_ATTACH_H

#include "model/attach.h"
#include "facts.h"
#include "op.h"

/** struct vnm_attach_facts - what was seen. @ino: of the namespace; @parent: of macvlans; @host: its links and
 * addresses, where they count, and by what traffic can be limited; @dhcp_client: the program; @made_dir: for
 * its record; @resolv: its directory is there; @dev_up: a device that was there before is up. */
struct vnm_attach_facts {
	uint32_t ino;
	const char *parent;
	const struct vnm_facts *host;
	const char *dhcp_client, *made_dir;
	bool resolv, dev_up;
};

void vnm_plan_attach(const struct vnm_network *net, const struct vnm_attach *attach,
		     const struct vnm_attach_facts *facts, struct vnm_plan *ret);
void vnm_plan_tun(const struct vnm_network *net, const struct vnm_attach *attach,
		  const struct vnm_facts *facts, struct vnm_plan *plan);
bool vnm_attach_isolated(const struct vnm_network *net, const struct vnm_attach *attach);
void vnm_attach_augment(struct vnm_network *net, const struct vnm_attach *attach);

#endif
