/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network_xml.c - network definitions: from text to struct and back. */
#include "xml/network_xml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"
#include "xml/bind.h"
#include "xml/bind_print.h"
#include "xml/bind_read.h"
#include "xml/legible.h"
#include "xml/show.h"
#include "xml/vocabulary.h"

static int check_name(const struct vnm_network *net, const char *file, struct vnm_error *err)
{
	if (net->name && *net->name)
		return 0;
	return vnm_error_set(err, VNM_ERR_NO_NAME, EINVAL, "%s:%d: missing name information", file,
			     net->at.line);
}

/**
 * vnm_network_xml_read() - from a tree to a definition
 * @doc:  the tree, of vnm_document_parse()
 * @file: its name, for messages
 * @ret:  as for vnm_network_xml_parse()
 * @err:  VNM_ERR_XML_SCHEMA or VNM_ERR_NO_NAME, with file and line
 *
 * Return: 0 or -errno.
 */
int vnm_network_xml_read(xmlDoc *doc, const char *file, struct vnm_network *ret,
			 struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	int r = vnm_bind_read_tree(&vnm_element_network, doc, file, &net, err);

	if (r == 0)
		r = check_name(&net, file, err);
	if (r < 0)
		return r;
	/* As in libvirt, an empty name is replaced by a generated one. */
	if (net.bridge.name && !*net.bridge.name) {
		free(net.bridge.name);
		net.bridge.name = NULL;
	}
	net.file = vnm_strdup(file);
	*ret = net;
	net = (struct vnm_network){ 0 };
	return 0;
}

/**
 * vnm_network_xml_parse() - from text to definition
 * @text: the XML
 * @len:  its length in bytes, at most VNM_XML_MAX
 * @file: its name, for messages
 * @ret:  written on success only; free with vnm_network_clear()
 * @err:  VNM_ERR_XML_SYNTAX, VNM_ERR_XML_SCHEMA or VNM_ERR_NO_NAME, with file and line
 *
 * Whether the definition is consistent is checked by vnm_network_validate().
 *
 * Return: 0 or -errno.
 */
int vnm_network_xml_parse(const char *text, size_t len, const char *file, struct vnm_network *ret,
			  struct vnm_error *err)
{
	vnm_autodoc xmlDoc *doc = NULL;
	int r = vnm_document_parse(text, len, file, &doc, err);

	return r < 0 ? r : vnm_network_xml_read(doc, file, ret, err);
}

/**
 * vnm_network_xml_check_tree() - vnm_network_xml_check() of a text that is a tree already
 *
 * Return: 0 or -errno.
 */
int vnm_network_xml_check_tree(xmlDoc *doc, const char *file, const struct vnm_schema *schema,
			       struct vnm_error *err)
{
	int r = vnm_document_check_legible(doc, file, err);

	return r < 0 ? r : vnm_schema_check(schema, doc, file, err);
}

/**
 * vnm_network_xml_check() - check a text against the schema, and for characters that mislead its reader
 * @text:   the XML
 * @len:    its length in bytes, at most VNM_XML_MAX
 * @file:   its name, for messages
 * @schema: the schema
 * @err:    VNM_ERR_XML_SYNTAX or VNM_ERR_XML_SCHEMA, with file and line
 *
 * To be called last: the typed reader and the validation have better messages.
 *
 * Return: 0 or -errno.
 */
int vnm_network_xml_check(const char *text, size_t len, const char *file,
			  const struct vnm_schema *schema, struct vnm_error *err)
{
	vnm_autodoc xmlDoc *doc = NULL;
	int r = vnm_document_parse(text, len, file, &doc, err);

	return r < 0 ? r : vnm_network_xml_check_tree(doc, file, schema, err);
}

static void print(const struct vnm_network *net, int depth, bool secrets, struct vnm_buf *out)
{
	vnm_autonetwork struct vnm_network shown = { 0 };

	vnm_network_copy(net, &shown);
	vnm_network_show(&shown);
	if (!secrets)
		free(vnm_steal(&shown.overlay.evpn.password));
	vnm_bind_print(&vnm_element_network, &shown, depth, out);
}

/**
 * vnm_network_xml_format() - print a definition as virsh net-dumpxml does
 * @net: the definition
 * @out: where to
 *
 * Defaults that libvirt always prints (mode, stp, delay, units) are printed; elements without content and ipv6='no' are
 * not, and neither are passwords.
 */
void vnm_network_xml_format(const struct vnm_network *net, struct vnm_buf *out)
{
	print(net, 0, false, out);
}

/** vnm_network_xml_nest() - the same inside @depth other elements. */
void vnm_network_xml_nest(const struct vnm_network *net, int depth, struct vnm_buf *out)
{
	print(net, depth, false, out);
}

/** vnm_network_xml_format_secret() - with passwords: for a file, or for who may see them. */
void vnm_network_xml_format_secret(const struct vnm_network *net, struct vnm_buf *out)
{
	print(net, 0, true, out);
}

/** vnm_network_clear() - free a definition; reusable afterwards. */
void vnm_network_clear(struct vnm_network *net)
{
	vnm_bind_clear(&vnm_element_network, net);
	free(net->file);
	net->file = NULL;
}

/** vnm_network_copy() - a deep copy of @from in @to, which is zeroed. */
void vnm_network_copy(const struct vnm_network *from, struct vnm_network *to)
{
	vnm_bind_copy(&vnm_element_network, from, to);
	to->file = from->file ? vnm_strdup(from->file) : NULL;
}
