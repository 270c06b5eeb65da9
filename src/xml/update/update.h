/* SPDX-License-Identifier: GPL-2.0-or-later */
/* update.h - changing one part of a definition: what net-update does to the text. Pure. */
#ifndef VNM_XML_UPDATE_UPDATE_H
#define VNM_XML_UPDATE_UPDATE_H

#include "model/network.h"
#include "util/error.h"
#include "xml/update/change.h"

struct vnm_schema;
struct vnm_section;

/**
 * struct vnm_update - one change.
 * @parent: which <ip> a DHCP entry belongs to, counted from 0; -1: the one that has DHCP, else the first
 * @xml:    one or more elements of the section, @len bytes, none of them NUL, and a NUL behind them
 * @file:   where they were read from, for messages; NULL: they were given on the command line
 * @hint:   gets what helps after a failure, allocated, if something does; NULL: nobody wants to know
 */
struct vnm_update {
	enum vnm_update_how how;
	const struct vnm_section *section;
	int parent;
	const char *xml, *file;
	size_t len;
	char **hint;
};

int vnm_network_update(struct vnm_network *net, const struct vnm_update *update,
		       struct vnm_error *err);
int vnm_network_update_check(const struct vnm_update *update, const char *name,
			     const struct vnm_schema *schema, struct vnm_error *err);

#endif
