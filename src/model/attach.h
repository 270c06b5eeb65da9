/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attach.h - an attachment: a guest's device on a network, made and kept by us.
 *
 * It is what a person asked for (net-attach). It outlives a stop of its network, and is put in place again when the
 * network starts.
 */
#ifndef VNM_MODEL_ATTACH_H
#define VNM_MODEL_ATTACH_H

#include "model/network.h"
#include "util/error.h"

/**
 * struct vnm_attach_ip - an address of the guest.
 * @host: of the host's end, where the two are all there is: a tun
 * @automatic: it was found for the guest, so another will do
 */
struct vnm_attach_ip {
	struct vnm_at at;
	struct vnm_addr address, host;
	struct vnm_uint prefix;
	enum vnm_tristate automatic;
};

/**
 * struct vnm_attachment - @dev: the device on the host, by which the attachment is known.
 * @netns:   path of the guest's network namespace; @netns_name: as it was given, if that was a name
 * @process: what tells the process from others by which it was given
 * @ifname:  the device inside of it; @parent: the one of the host that it is on top of, where there is no bridge
 * @created: the namespace is made for it, and goes with it
 * @gateway: no: no default route in the namespace; @router: it forwards packets
 * @dhcp: its IPv4 address is what a DHCP client in the namespace is given
 * @owner, @group: of a tap or tun; @portgroup: whose settings it has
 */
struct vnm_attachment {
	struct vnm_at at;
	enum vnm_attach_kind kind;
	char *network, *dev;
	struct vnm_mac mac;
	char *netns, *netns_name, *process, *ifname, *hostname, *parent, *portgroup;
	struct vnm_uint owner, group;
	enum vnm_tristate multi_queue, vnet_hdr, isolated, gateway, router, dhcp,
		created;
	struct vnm_attach_ip *ips;
	size_t n_ips;
};

/** struct vnm_attachments - those of one network. */
struct vnm_attachments {
	struct vnm_at at;
	struct vnm_attachment *items;
	size_t n_items;
};

struct vnm_mac vnm_attach_host_mac(const struct vnm_mac *guest);
const struct vnm_dhcp_host *vnm_attach_reservation(const struct vnm_network *net,
						   const struct vnm_attachment *attach);
bool vnm_attach_outside(const struct vnm_network *net, const struct vnm_addr *addr);
const struct vnm_ip *vnm_attach_subnet(const struct vnm_network *net, const struct vnm_addr *addr);
const struct vnm_attachment *vnm_attachments_next_tun(const struct vnm_attachments *guests,
						      size_t *i);
bool vnm_attach_isolated(const struct vnm_network *net, const struct vnm_attachment *attach);
int vnm_attach_validate(const struct vnm_attachment *attach, const struct vnm_network *net,
			struct vnm_error *err);

#endif
