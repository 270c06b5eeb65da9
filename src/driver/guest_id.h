/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_id.h - guests that other programs attach and detach, by the IDs that they give them. */
#ifndef VNM_DRIVER_GUEST_ID_H
#define VNM_DRIVER_GUEST_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/attach.h"
#include "util/error.h"

struct vnm_driver;

/**
 * struct vnm_guest_view - what the program of an attached guest is told of it
 * @bridge:      NULL: the guest is on a device of the host
 * @servers:     the network's name servers, by index of the guest's addresses; AF_UNSPEC: none
 * @gateways:    of its addresses, likewise: the host's address in their subnet
 * @domain:      of the network; or NULL
 * @routed:      the guest has default routes by @gateways
 */
struct vnm_guest_view {
	char *bridge, *domain;
	struct vnm_mac bridge_mac, dev_mac;
	uint32_t mtu;
	struct vnm_addr *servers, *gateways;
	bool routed;
};

int vnm_driver_find_id(struct vnm_driver *drv, const char *network, const char *id,
		       struct vnm_attachment *ret, struct vnm_error *err);
int vnm_driver_detach_id(struct vnm_driver *drv, const char *network, const char *id,
			 struct vnm_error *err);
int vnm_driver_ids(struct vnm_driver *drv, const char *network, const char *prefix, char ***ret,
		   size_t *ret_n, struct vnm_error *err);
void vnm_driver_collect(struct vnm_driver *drv, const char *network);
int vnm_driver_check_id(struct vnm_driver *drv, const struct vnm_attachment *attach,
			struct vnm_error *err);
int vnm_driver_guest_view(struct vnm_driver *drv, const struct vnm_attachment *attach,
			  struct vnm_guest_view *ret, struct vnm_error *err);
void vnm_guest_view_clear(struct vnm_guest_view *view);
bool vnm_driver_name_taken(struct vnm_driver *drv, const char *network, const char *name);
int vnm_driver_has_default_route(struct vnm_driver *drv, const char *netns, bool *ret,
				 struct vnm_error *err);

#endif
