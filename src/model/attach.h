/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attach.h - an attachment: a guest's device on a network, created and maintained by us.
 *
 * It is what net-attach requested. It outlives a stop of its network, and is attached again when the network starts.
 */
#ifndef VNM_MODEL_ATTACH_H
#define VNM_MODEL_ATTACH_H

#include "model/network.h"
#include "util/error.h"

/**
 * struct vnm_attach_ip - an address of the guest.
 * @host:      of the host's end of a tun
 * @automatic: chosen for the guest, so it may change
 */
struct vnm_attach_ip {
	struct vnm_at at;
	struct vnm_addr address, host;
	struct vnm_uint prefix;
	enum vnm_tristate automatic;
};

/** struct vnm_attach_alias - one more name of the guest. */
struct vnm_attach_alias {
	struct vnm_at at;
	char *name;
};

/**
 * struct vnm_attachment - @dev: the device on the host, which identifies the attachment.
 * @netns:   path of the guest's network namespace; @netns_name: its name, if one was given
 * @process: the identity of the process by which it was given
 * @ifname:  the device inside of it; @parent: the one of the host that it is on top of, where there is no bridge
 * @created: the namespace is created for it, and removed with it
 * @gateway: no: no default route in the namespace; @router: it forwards packets
 * @dhcp:    a DHCP client in the namespace gets its IPv4 address
 * @owner, @group: of a tap or tun; @portgroup: the source of its settings
 * @id:      of the program that made it and will detach it, for which it has a name of its own ("cni:CONTAINER/IFNAME"); it ends
 *           with its namespace or device
 * @aliases: more names in the DNS, which several guests may share
 * @forwards: ports of the host that lead to the guest, for as long as it is attached; without a target
 * @vlan:    of its port; not present: its portgroup's, or the network's
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
	char *id;
	struct vnm_attach_ip *ips;
	size_t n_ips;
	struct vnm_attach_alias *aliases;
	size_t n_aliases;
	struct vnm_port_forward *forwards;
	size_t n_forwards;
	struct vnm_vlan vlan;
};

/** struct vnm_attachments - those of one network. */
struct vnm_attachments {
	struct vnm_at at;
	struct vnm_attachment *items;
	size_t n_items;
};

struct vnm_mac vnm_attach_host_mac(const struct vnm_mac *guest);
bool vnm_attach_served(const struct vnm_network *net);
const struct vnm_dhcp_host *vnm_attach_reservation(const struct vnm_network *net,
						   const struct vnm_attachment *attach);
bool vnm_attach_outside(const struct vnm_network *net, const struct vnm_addr *addr);
const struct vnm_ip *vnm_attach_subnet(const struct vnm_network *net, const struct vnm_addr *addr);
const struct vnm_attachment *vnm_attachments_next_tun(const struct vnm_attachments *guests,
						      size_t *i);
const struct vnm_vlan *vnm_attach_vlan(const struct vnm_network *net,
				       const struct vnm_attachment *attach);
bool vnm_attach_isolated(const struct vnm_network *net, const struct vnm_attachment *attach);
int vnm_attach_check_vlan(const struct vnm_attachment *attach, const struct vnm_network *net,
			  struct vnm_error *err);
int vnm_attach_validate(const struct vnm_attachment *attach, const struct vnm_network *net,
			struct vnm_error *err);

#endif
