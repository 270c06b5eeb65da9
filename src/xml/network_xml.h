/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network_xml.h - network definitions as XML text: read with every check, print as virsh prints. */
#ifndef VNM_XML_NETWORK_XML_H
#define VNM_XML_NETWORK_XML_H

#include <stddef.h>

#include "model/network.h"
#include "util/buf.h"
#include "util/error.h"
#include "xml/document.h"
#include "xml/schema.h"

int vnm_network_xml_read(xmlDoc *doc, const char *file, struct vnm_network *ret,
			 struct vnm_error *err);
int vnm_network_xml_parse(const char *text, size_t len, const char *file, struct vnm_network *ret,
			  struct vnm_error *err);
int vnm_network_xml_check(const char *text, size_t len, const char *file,
			  const struct vnm_schema *schema, struct vnm_error *err);
int vnm_network_xml_check_tree(xmlDoc *doc, const char *file, const struct vnm_schema *schema,
			       struct vnm_error *err);
void vnm_network_xml_format(const struct vnm_network *net, struct vnm_buf *out);
void vnm_network_xml_format_secret(const struct vnm_network *net, struct vnm_buf *out);
void vnm_network_xml_nest(const struct vnm_network *net, int depth, struct vnm_buf *out);

void vnm_network_clear(struct vnm_network *net);
void vnm_network_copy(const struct vnm_network *from, struct vnm_network *to);

#define vnm_autonetwork __attribute__((cleanup(vnm_network_clear)))

#endif
