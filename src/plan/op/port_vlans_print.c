/* SPDX-License-Identifier: GPL-2.0-or-later */
/* port_vlans_print.c - the commands that make a bridge port a member of its VLANs. */
#include "plan/op/port_vlans_print.h"

#include "model/vlan.h"

/**
 * vnm_port_vlans_print() - the commands, a line each
 * @dev:   the port, just put on its bridge: it is a member of the bridge's default VLAN
 * @vlans: as vnm_vlan_members_format() writes them; NULL: it stays as it is
 * @out:   where to
 */
void vnm_port_vlans_print(const char *dev, const char *vlans, struct vnm_buf *out)
{
	struct vnm_vlan_members members vnm_automembers = { 0 };
	bool has_default = false;

	if (!vlans || vnm_vlan_members_parse(vlans, &members) < 0)
		return;
	for (size_t i = 0; i < members.n; i++) {
		const struct vnm_vlan_member *member = &members.items[i];

		has_default |= member->id == VNM_VLAN_DEFAULT;
		vnm_buf_printf(out, "bridge vlan add dev %s vid %u%s%s\n", dev, member->id,
			       member->pvid ? " pvid" : "", member->untagged ? " untagged" : "");
	}
	if (!has_default)
		vnm_buf_printf(out, "bridge vlan del dev %s vid %d\n", dev, VNM_VLAN_DEFAULT);
}
