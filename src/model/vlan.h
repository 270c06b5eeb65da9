/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vlan.h - which VLANs a guest's port is a member of, on a bridge that filters them. */
#ifndef VNM_MODEL_VLAN_H
#define VNM_MODEL_VLAN_H

#include "model/network.h"
#include "util/error.h"

#define VNM_VLAN_FIRST 1
#define VNM_VLAN_LAST 4094
#define VNM_VLAN_DEFAULT 1 /* of a bridge and what is put on it (default_pvid), which we leave */

/** struct vnm_vlan_member - @pvid: frames that come in without a tag belong to it; @untagged: frames go out without one */
struct vnm_vlan_member {
	uint16_t id;
	bool pvid, untagged;
};

/** struct vnm_vlan_members - of one port, by ID, each once. */
struct vnm_vlan_members {
	struct vnm_vlan_member *items;
	size_t n;
};

#define vnm_automembers __attribute__((cleanup(vnm_vlan_members_clear)))

const struct vnm_vlan *vnm_vlan_nearest(const struct vnm_network *net,
					const struct vnm_portgroup *group,
					const struct vnm_vlan *own);
bool vnm_network_filters_vlans(const struct vnm_network *net);
uint16_t vnm_network_host_vlan(const struct vnm_network *net);
void vnm_vlan_copy(const struct vnm_vlan *from, struct vnm_vlan *to);
void vnm_vlan_members(const struct vnm_vlan *vlan, struct vnm_vlan_members *ret);
void vnm_vlan_members_add(struct vnm_vlan_members *members, struct vnm_vlan_member member);
void vnm_vlan_members_sort(struct vnm_vlan_members *members);
char *vnm_vlan_members_format(const struct vnm_vlan_members *members);
int vnm_vlan_members_parse(const char *text, struct vnm_vlan_members *ret);
char *vnm_vlan_trunks(const struct vnm_vlan *vlan);
int vnm_vlan_list_parse(const char *text, struct vnm_vlan_members *ret);
void vnm_vlan_members_clear(struct vnm_vlan_members *members);
char *vnm_vlan_words(const struct vnm_vlan *vlan);
int vnm_vlan_refuse_unfiltered(const struct vnm_network *net, struct vnm_error *err);
int vnm_vlan_check_ids(const struct vnm_vlan *vlan, const char *whose, struct vnm_error *err);

#endif
