/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seen.c - all devices and addresses as they are at one moment, for a command that looks at many networks. */
#include "sys/link/seen.h"

#include "sys/frr/frr_seen.h"
#include "sys/link/address.h"
#include "sys/link/link.h"

/** vnm_devices_see() - read all devices and addresses at once; until vnm_devices_forget(), they are those of now */
void vnm_devices_see(struct vnm_sys *sys)
{
	vnm_links_see(sys);
	vnm_addresses_see(sys);
}

/** vnm_devices_forget() - the end of vnm_devices_see(), and before anything changes devices or addresses */
void vnm_devices_forget(struct vnm_sys *sys)
{
	vnm_links_forget(sys);
	vnm_frr_forget(sys);
	vnm_addresses_forget(sys);
}
