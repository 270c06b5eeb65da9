/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * match.h - which entry of a definition an element that was given means, where equal attributes do not tell.
 *
 * For the rows of sections.c: struct vnm_section.matches. Pure.
 */
#ifndef VNM_XML_UPDATE_MATCH_H
#define VNM_XML_UPDATE_MATCH_H

#include "xml/update/change.h"

/** vnm_match - of @entry, which is there, and @given: are they about the same thing? */
#define VNM_MATCH(name) \
	bool vnm_match_##name(const struct vnm_change *change, const void *entry, const void *given)

VNM_MATCH(dhcp_host);
VNM_MATCH(dns_host);
VNM_MATCH(dns_srv);
VNM_MATCH(route);
VNM_MATCH(port_forward);
VNM_MATCH(source_nat);
VNM_MATCH(static_nat);

#endif
