/* SPDX-License-Identifier: GPL-2.0-or-later */
/* port_xml.c - the vocabulary of network ports; from text to struct and back. */
#include "xml/port_xml.h"

#include <stdlib.h>

#include "util/mem.h"
#include "xml/bind.h"
#include "xml/bind_print.h"
#include "xml/bind_read.h"
#include "xml/rows.h"
#include "xml/vocabulary.h"

/* Tables, one row a line. */
/* clang-format off */

#define OBJECT vnm_port_owner
static const struct vnm_field owner_rows[] = {
	CHILD_TEXT("name", STRING, name, DEFAULT("required")),
	CHILD_TEXT("uuid", UUID, uuid, DEFAULT("required")),
};
ELEMENT(owner, "owner", MODES("ports"));
#undef OBJECT

#define OBJECT vnm_port_bandwidth
static const struct vnm_field bandwidth_rows[] = {
	ATTR("classID", UINT, class_id, NUMBER(0, 65535), DEFAULT("printed")),
	SHARED_CHILD("inbound", inbound, inbound),
	SHARED_CHILD("outbound", outbound, outbound),
};
ELEMENT(bandwidth, "bandwidth", MODES("ports"));
#undef OBJECT

#define OBJECT vnm_rxfilters
static const struct vnm_field rxfilters_rows[] = {
	ATTR("trustGuest", ENUM, trust_guest, YES_NO, DEFAULT("the group's")),
};
ELEMENT(rxfilters, "rxfilters", MODES("ports"));
#undef OBJECT

#define OBJECT vnm_pci_address
static const struct vnm_field plug_address_rows[] = {
	ATTR("domain", HEX, domain, HEX_DIGITS(4), DEFAULT("printed")),
	ATTR("bus", HEX, bus, REQUIRED, HEX_DIGITS(2), DEFAULT("printed")),
	ATTR("slot", HEX, slot, REQUIRED, .max = 0x1f, .digits = 2, DEFAULT("printed")),
	ATTR("function", HEX, function, REQUIRED, .max = 7, .digits = 1, DEFAULT("printed")),
};
ELEMENT(plug_address, "address", MODES("ports"));
#undef OBJECT

#define OBJECT vnm_plug
static const struct vnm_field plug_rows[] = {
	ATTR("type", ENUM, type, REQUIRED, .table = &vnm_enum_plug_type, DEFAULT("printed")),
	ATTR("bridge", STRING, bridge, DEFAULT("printed")),
	ATTR("macTableManager", ENUM, mac_table, .table = &vnm_enum_mac_table, DEFAULT("printed")),
	ATTR("dev", STRING, dev, DEFAULT("printed")),
	ATTR("mode", ENUM, mode, .table = &vnm_enum_direct_mode, DEFAULT("printed")),
	ATTR("managed", ENUM, managed, YES_NO, DEFAULT("printed")),
	SHARED_CHILD("driver", driver, driver),
	CHILD("address", address, plug_address),
};
ELEMENT(plug, "plug", MODES("ports"));
#undef OBJECT

#define OBJECT vnm_port
static const struct vnm_field port_rows[] = {
	CHILD_TEXT("uuid", UUID, uuid, DEFAULT("random")),
	CHILD("owner", owner, owner),
	CHILD_TEXT("group", STRING, group, DEFAULT("the default")),
	SHARED_CHILD("mac", mac, mac),
	SHARED_CHILD("virtualport", virtualport, virtualport),
	CHILD("bandwidth", bandwidth, bandwidth),
	SHARED_CHILD("vlan", vlan, vlan),
	SHARED_CHILD("port", options, port_options),
	CHILD("rxfilters", rxfilters, rxfilters),
	CHILD("plug", plug, plug),
};
SHARED_ELEMENT(port, "networkport", MODES("ports"));
#undef OBJECT

/* clang-format on */

/**
 * vnm_port_xml_parse() - from text to port
 * @text: the XML
 * @len:  its length in bytes, at most VNM_XML_MAX
 * @file: its name, for messages
 * @ret:  written on success only; free with vnm_port_clear()
 * @err:  VNM_ERR_XML_SYNTAX or VNM_ERR_XML_SCHEMA, with file and line
 *
 * Whether the port is consistent is checked by vnm_port_validate().
 *
 * Return: 0 or -errno.
 */
int vnm_port_xml_parse(const char *text, size_t len, const char *file, struct vnm_port *ret,
		       struct vnm_error *err)
{
	vnm_autoport struct vnm_port port = { 0 };
	int r = vnm_bind_parse(&vnm_element_port, text, len, file, &port, err);

	if (r < 0)
		return r;
	/* As for libvirt, an empty group is none. */
	if (port.group && !*port.group) {
		free(port.group);
		port.group = NULL;
	}
	port.file = vnm_strdup(file);
	*ret = port;
	port = (struct vnm_port){ 0 };
	return 0;
}

/** vnm_port_xml_format() - print a port, after vnm_port_allot(), as virsh net-port-dumpxml does. */
void vnm_port_xml_format(const struct vnm_port *port, struct vnm_buf *out)
{
	vnm_bind_print(&vnm_element_port, port, 0, out);
}

/** vnm_port_copy() - a deep copy of @from in @to, which is zeroed. */
void vnm_port_copy(const struct vnm_port *from, struct vnm_port *to)
{
	vnm_bind_copy(&vnm_element_port, from, to);
	to->file = from->file ? vnm_strdup(from->file) : NULL;
}

/** vnm_port_clear() - free a port; reusable afterwards. */
void vnm_port_clear(struct vnm_port *port)
{
	vnm_bind_clear(&vnm_element_port, port);
	free(port->file);
	port->file = NULL;
}
