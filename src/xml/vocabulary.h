/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vocabulary.h - the elements of a network definition, some of them shared with other documents. */
#ifndef VNM_XML_VOCABULARY_H
#define VNM_XML_VOCABULARY_H

#include "xml/element.h"

extern const struct vnm_element vnm_element_network; /* the root */
extern const struct vnm_element vnm_element_driver, vnm_element_inbound, vnm_element_mac,
	vnm_element_outbound, vnm_element_port_options, vnm_element_virtualport, vnm_element_vlan;

const struct vnm_field *vnm_field_find(const char *path);

#endif
