/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * match.h - which entry of a definition a given element refers to, where equal attributes do not decide.
 *
 * For the rows of sections.c: struct vnm_section.matches. Pure.
 */
#ifndef VNM_XML_UPDATE_MATCH_H
#define VNM_XML_UPDATE_MATCH_H

#include "xml/update/change.h"

/* Does @given refer to @entry? */
bool vnm_match_dhcp_host(const struct vnm_change *change, const void *entry, const void *given);
bool vnm_match_dhcp_range(const struct vnm_change *change, const void *entry, const void *given);
bool vnm_match_dns_host(const struct vnm_change *change, const void *entry, const void *given);
bool vnm_match_dns_srv(const struct vnm_change *change, const void *entry, const void *given);
bool vnm_match_route(const struct vnm_change *change, const void *entry, const void *given);
bool vnm_match_port_forward(const struct vnm_change *change, const void *entry, const void *given);
bool vnm_match_source_nat(const struct vnm_change *change, const void *entry, const void *given);
bool vnm_match_static_nat(const struct vnm_change *change, const void *entry, const void *given);

#endif
