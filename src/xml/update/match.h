/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * match.h - which entry of a definition an element that was given means, where equal attributes do not tell.
 *
 * For the rows of sections.c: struct vnm_section.matches. Pure.
 */
#ifndef VNM_XML_UPDATE_MATCH_H
#define VNM_XML_UPDATE_MATCH_H

#include "xml/update/change.h"

/* Of @entry, which is there, and @given: are they about the same thing? */
bool vnm_match_dhcp_host(const struct vnm_change *change, const void *entry, const void *given);
bool vnm_match_dns_host(const struct vnm_change *change, const void *entry, const void *given);
bool vnm_match_dns_srv(const struct vnm_change *change, const void *entry, const void *given);
bool vnm_match_route(const struct vnm_change *change, const void *entry, const void *given);
bool vnm_match_port_forward(const struct vnm_change *change, const void *entry, const void *given);
bool vnm_match_source_nat(const struct vnm_change *change, const void *entry, const void *given);
bool vnm_match_static_nat(const struct vnm_change *change, const void *entry, const void *given);

#endif
