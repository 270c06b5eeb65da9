/* SPDX-License-Identifier: GPL-2.0-or-later */
/* update.h - changing one part of a definition: what net-update does to the text. Pure. */
#ifndef VNM_XML_UPDATE_H
#define VNM_XML_UPDATE_H

#include "model/network.h"
#include "util/error.h"

struct vnm_schema;

enum vnm_update_how {
	VNM_UPDATE_MODIFY,
	VNM_UPDATE_DELETE,
	VNM_UPDATE_ADD_LAST,
	VNM_UPDATE_ADD_FIRST,
	VNM_UPDATE_HOW_COUNT
};

/** enum vnm_section - what can be changed; the first twelve are libvirt's. */
enum vnm_section {
	VNM_SECTION_BRIDGE,
	VNM_SECTION_DOMAIN,
	VNM_SECTION_IP,
	VNM_SECTION_IP_DHCP_HOST,
	VNM_SECTION_IP_DHCP_RANGE,
	VNM_SECTION_FORWARD,
	VNM_SECTION_FORWARD_INTERFACE,
	VNM_SECTION_FORWARD_PF,
	VNM_SECTION_PORTGROUP,
	VNM_SECTION_DNS_HOST,
	VNM_SECTION_DNS_TXT,
	VNM_SECTION_DNS_SRV,
	VNM_SECTION_DNS_FORWARDER,
	VNM_SECTION_BANDWIDTH,
	VNM_SECTION_MTU,
	VNM_SECTION_ROUTE,
	VNM_SECTION_PORT_FORWARD,
	VNM_SECTION_REDIRECT,
	VNM_SECTION_SOURCE_NAT,
	VNM_SECTION_STATIC_NAT,
	VNM_SECTION_ALLOW,
	VNM_SECTION_COUNT
};

extern const struct vnm_enum vnm_enum_update_how, vnm_enum_section;

/**
 * struct vnm_update - one change.
 * @parent: which <ip> a DHCP entry belongs to, counted from 0; -1: the one that has DHCP, else the first
 * @xml:    one or more elements of the section, @len bytes, none of them NUL, and a NUL behind them
 * @file:   where they were read from, for messages; NULL: they were given on the command line
 */
struct vnm_update {
	enum vnm_update_how how;
	enum vnm_section section;
	int parent;
	const char *xml, *file;
	size_t len;
};

int vnm_network_update(struct vnm_network *net, const struct vnm_update *update,
		       struct vnm_error *err);
int vnm_network_update_check(const struct vnm_update *update, const char *name,
			     const struct vnm_schema *schema, struct vnm_error *err);

#endif
