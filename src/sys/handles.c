/* SPDX-License-Identifier: GPL-2.0-or-later */
/* handles.c - the handles: opened when first needed, all closed here. */
#include "sys/handles.h"

#include <netlink/socket.h>
#include <stdlib.h>

#include "sys/dbus/bus.h"
#include "sys/firewall/frames_read.h"
#include "sys/firewall/firewall.h"
#include "sys/firewall/fw_expected.h"
#include "sys/firewall/fw_nft_handles.h"
#include "sys/firewall/nft_chains.h"
#include "sys/firewall/nft_read.h"
#include "sys/frr/frr_seen.h"
#include "sys/host/accept_ra.h"
#include "sys/link/address.h"
#include "sys/link/link.h"
#include "sys/netlink/netlink.h"
#include "sys/netlink/netns.h"
#include "sys/netlink/netns_enter.h"
#include "sys/process/dnsmasq.h"
#include "util/forker.h"

/**
 * vnm_sys_init() - handles, none of them open yet
 * @sys:    any content
 * @run_fd: the run directory; borrowed, it must stay open until vnm_sys_clear()
 */
void vnm_sys_init(struct vnm_sys *sys, int run_fd)
{
	*sys = (struct vnm_sys){ .run_fd = run_fd };
}

/**
 * vnm_sys_clear() - close what was opened, free what was read
 * @sys: the handles; they can be initialised again
 */
void vnm_sys_clear(struct vnm_sys *sys)
{
	vnm_inner_free(sys->inner);
	vnm_netns_end_staging(sys);
	vnm_bus_free(sys->bus);
	vnm_nl_close(sys);
	vnm_fw_forget(sys);
	vnm_fw_expected_drop(sys);
	vnm_fw_nft_handles_free(sys->fw_nft_handles);
	vnm_frames_forget(sys);
	nl_socket_free(sys->nft_read_sock);
	nl_socket_free(sys->nft_write_sock);
	vnm_nft_free(sys->nft);
	vnm_running_free(sys->running);
	vnm_forker_end(sys->forker);
	vnm_accept_ra_forget(sys);
	vnm_frr_forget(sys);
	vnm_links_forget(sys);
	vnm_addresses_forget(sys);
	free(sys->echoes);
	*sys = (struct vnm_sys){ .run_fd = -1 };
}
