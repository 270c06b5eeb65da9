/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_xml.c - the vocabulary of attachments; from text to struct and back. */
#include "xml/attach_xml.h"

#include <errno.h>

#include "xml/bind.h"
#include "xml/bind_print.h"
#include "xml/bind_read.h"
#include "xml/rows.h"
#include "xml/vocabulary.h"

/* clang-format off */

#define OBJECT vnm_attach_ip
static const struct vnm_field attach_ip_rows[] = {
	ATTR("address", ADDR, address, REQUIRED),
	ATTR("host", ADDR, host),
	ATTR("prefix", UINT, prefix, REQUIRED, NUMBER(1, 128)),
	ATTR("auto", ENUM, automatic, YES_NO),
};
ELEMENT(attach_ip, "ip");
#undef OBJECT

#define OBJECT vnm_attach_alias
static const struct vnm_field attach_alias_rows[] = { ATTR("name", STRING, name, REQUIRED) };
ELEMENT(attach_alias, "alias");
#undef OBJECT

#define OBJECT vnm_port_forward
static const struct vnm_field attach_forward_rows[] = {
	ATTR("proto", ENUM, proto, REQUIRED, .table = &vnm_enum_proto),
	ATTR("address", ADDR, address),
	ATTR("port", PORTS, port, REQUIRED),
	ATTR("toPort", UINT, to_port, NUMBER(1, 65535)),
};
ELEMENT(attach_forward, "forward");
#undef OBJECT

#define OBJECT vnm_attachment
static const struct vnm_field attach_rows[] = {
	ATTR("kind", ENUM, kind, REQUIRED, .table = &vnm_enum_attach_kind),
	ATTR("network", STRING, network, REQUIRED),
	ATTR("dev", STRING, dev, REQUIRED),
	ATTR("mac", MAC, mac),
	ATTR("netns", STRING, netns),
	ATTR("netnsName", STRING, netns_name),
	ATTR("process", STRING, process),
	ATTR("ifname", STRING, ifname),
	ATTR("hostname", STRING, hostname),
	ATTR("parent", STRING, parent),
	ATTR("portgroup", STRING, portgroup),
	ATTR("owner", UINT, owner, NUMBER(0, UINT32_MAX)),
	ATTR("group", UINT, group, NUMBER(0, UINT32_MAX)),
	ATTR("multiqueue", ENUM, multi_queue, YES_NO),
	ATTR("vnetHdr", ENUM, vnet_hdr, YES_NO),
	ATTR("isolated", ENUM, isolated, YES_NO),
	ATTR("gateway", ENUM, gateway, YES_NO),
	ATTR("router", ENUM, router, YES_NO),
	ATTR("dhcp", ENUM, dhcp, YES_NO),
	ATTR("created", ENUM, created, YES_NO),
	ATTR("id", STRING, id),
	LIST("ip", ips, attach_ip),
	LIST("alias", aliases, attach_alias),
	LIST("forward", forwards, attach_forward),
	SHARED_CHILD("vlan", vlan, vlan),
};
ELEMENT(attach, "attachment");
#undef OBJECT

#define OBJECT vnm_attachments
static const struct vnm_field attachments_rows[] = { LIST("attachment", items, attach) };
ELEMENT(attachments, "attachments");
#undef OBJECT

/* clang-format on */

/**
 * vnm_attachments_parse() - read the attachments of a network
 * @text: the XML
 * @len:  its length in bytes
 * @file: its name, for messages
 * @ret:  written on success only; free with vnm_attachments_clear()
 * @err:  VNM_ERR_XML_SYNTAX or VNM_ERR_XML_SCHEMA
 *
 * Return: 0 or -errno.
 */
int vnm_attachments_parse(const char *text, size_t len, const char *file,
			  struct vnm_attachments *ret, struct vnm_error *err)
{
	vnm_autoattachments struct vnm_attachments attachments = { 0 };
	int r = vnm_bind_parse(&attachments_element, text, len, file, &attachments, err);

	if (r < 0)
		return r;
	*ret = attachments;
	attachments = (struct vnm_attachments){ 0 };
	return 0;
}

/** vnm_attachments_format() - print the attachments of a network. */
void vnm_attachments_format(const struct vnm_attachments *attachments, struct vnm_buf *out)
{
	vnm_bind_print(&attachments_element, attachments, 0, out);
}

/** vnm_attachments_copy() - a deep copy of @from in @to, which is zeroed. */
void vnm_attachments_copy(const struct vnm_attachments *from, struct vnm_attachments *to)
{
	vnm_bind_copy(&attachments_element, from, to);
}

/** vnm_attachments_clear() - free attachments; reusable afterwards. */
void vnm_attachments_clear(struct vnm_attachments *attachments)
{
	vnm_bind_clear(&attachments_element, attachments);
}

/** vnm_attach_copy() - a deep copy of @from in @to, which is zeroed. */
void vnm_attach_copy(const struct vnm_attachment *from, struct vnm_attachment *to)
{
	vnm_bind_copy(&attach_element, from, to);
}

/** vnm_attach_clear() - free an attachment; reusable afterwards. */
void vnm_attach_clear(struct vnm_attachment *attach)
{
	vnm_bind_clear(&attach_element, attach);
}
