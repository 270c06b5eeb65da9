/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bridge_wake.c - a bridge that nothing has been on yet is made ready for its ports.
 *
 * The kernel drops what the host sends by a bridge without a forwarding port, and for as long after the first one as its queue of such
 * events takes: half a second on a busy host. So the first port is a tap of nobody's.
 */
#include "sys/link/bridge_wake.h"

#include <net/if.h>
#include <poll.h>
#include <stdio.h>

#include "sys/link/link_set.h"
#include "sys/link/tap.h"
#include "util/mem.h"

#define PAUSE_MS 5
#define PAUSES_MAX 400

static int add_port(struct vnm_sys *sys, const struct vnm_link *bridge, const char *name,
		    struct vnm_error *err)
{
	struct vnm_link port;
	int r = vnm_link_need(sys, name, &port, err);

	if (r == 0)
		r = vnm_link_set_master(sys, &port, bridge->fact.index, err);
	return r < 0 ? r : vnm_link_set_flags(sys, &port, IFF_UP, IFF_UP, err);
}

/**
 * vnm_bridge_wake() - put a tap on a bridge, and wait until packets leave by the bridge, for two seconds at most
 * @sys:    the handles
 * @bridge: the bridge, without spanning tree, and up
 *
 * It is not missed where there are no taps: then packets may be lost.
 *
 * Return: a descriptor, with which the tap ends; or -errno.
 */
int vnm_bridge_wake(struct vnm_sys *sys, const struct vnm_link *bridge)
{
	struct vnm_link now = *bridge;
	struct vnm_error ignored = { 0 };
	char name[IF_NAMESIZE];
	vnm_autoclose int fd = -1;
	int r;

	snprintf(name, sizeof(name), "vnmwake%d", bridge->fact.index);
	r = vnm_tap_open(sys, name, false, bridge->fact.mtu, &fd, &ignored);
	if (r == 0)
		r = add_port(sys, bridge, name, &ignored);
	for (int i = 0; r == 0 && !now.running && i < PAUSES_MAX; i++) {
		(void)poll(NULL, 0, PAUSE_MS);
		r = vnm_link_read_index(sys, bridge->fact.index, &now);
	}
	return r < 0 ? r : vnm_steal_fd(&fd);
}
