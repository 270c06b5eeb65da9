/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frr_seen.c - what FRR runs and knows, asked for once.
 *
 * The question takes as long as a hundred others of a check, and its answer is about all networks. While all devices are those of one
 * moment (vnm_devices_see()), it is, too.
 */
#include "sys/frr/frr_seen.h"

#include <stdlib.h>

#include "sys/frr/vtysh.h"
#include "util/mem.h"

/**
 * vnm_frr_see() - FRR's sessions, its VNIs as bgpd and as zebra know them, all hosts' own routes, and its configuration, as text
 * @sys:  the handles
 * @evpn: where it is
 * @err:  as vnm_vtysh_show()
 *
 * Return: the text, which @sys owns; NULL: it cannot be asked.
 */
const char *vnm_frr_see(struct vnm_sys *sys, const struct vnm_op_evpn *evpn, struct vnm_error *err)
{
	static const char *const commands[] = { "show bgp l2vpn evpn summary json",
						"show bgp l2vpn evpn vni json",
						"show evpn vni json",
						"show bgp l2vpn evpn route detail type 3 json",
						"show running-config",
						NULL };

	if (!sys->links_seen)
		vnm_frr_forget(sys);
	if (!sys->frr_seen && vnm_vtysh_show(evpn, commands, &sys->frr_seen, err) < 0)
		return NULL;
	return sys->frr_seen;
}

/** vnm_frr_forget() - drop the answer */
void vnm_frr_forget(struct vnm_sys *sys)
{
	free(vnm_steal(&sys->frr_seen));
}
