/* SPDX-License-Identifier: GPL-2.0-or-later */
/* port_xml.h - network ports as XML text. */
#ifndef VNM_XML_PORT_XML_H
#define VNM_XML_PORT_XML_H

#include <stddef.h>

#include "model/port.h"
#include "util/buf.h"
#include "util/error.h"
#include "xml/element.h"

extern const struct vnm_element vnm_element_port; /* the root of the tables */

int vnm_port_xml_parse(const char *text, size_t len, const char *file, struct vnm_port *ret,
		       struct vnm_error *err);
void vnm_port_xml_format(const struct vnm_port *port, struct vnm_buf *out);
void vnm_port_copy(const struct vnm_port *from, struct vnm_port *to);
void vnm_port_clear(struct vnm_port *port);

#define vnm_autoport __attribute__((cleanup(vnm_port_clear)))

#endif
