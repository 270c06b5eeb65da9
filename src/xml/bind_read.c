/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_read.c - from XML to structs, by the tables.
 *
 * Each attribute and child needs a row of the element; without one it is refused, so that no typing error goes
 * unnoticed.
 */
#include "xml/bind_read.h"

#include <errno.h>
#include <string.h>

#include "model/network.h"
#include "util/mem.h"
#include "xml/bind.h"
#include "xml/document.h"
#include "xml/scalar.h"
#include "xml/verbatim.h"

#define GOT_MAX 60 /* bytes of a wrong value or name that a message shows */

typedef char *xml_text;

static void cleanup_xml_text(xml_text *text)
{
	if (*text)
		xmlFree(*text);
}
#define autoxml __attribute__((cleanup(cleanup_xml_text)))

/* Bytes of @text that a message shows: GOT_MAX at most, and whole characters. */
static int shown(const char *text)
{
	size_t len = strnlen(text, GOT_MAX + 1);

	if (len <= GOT_MAX)
		return (int)len;
	for (len = GOT_MAX; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80;)
		len--;
	return (int)len;
}

static int where(const char *file, const xmlNode *node, struct vnm_error *err)
{
	if (!file)
		return err->sys ? -err->sys : -EINVAL;
	return vnm_error_prefix(err, "%s:%ld: ", file, xmlGetLineNo((xmlNode *)node));
}

/* "element <ip>: attribute 'address'" */
static void add_place(const struct vnm_element *elem, const struct vnm_field *field,
		      struct vnm_buf *out)
{
	if (field->kind == VNM_FIELD_ATTR)
		vnm_buf_printf(out, "element <%s>: attribute '%s'", elem->name, field->name);
	else
		vnm_buf_printf(out, "element <%s>",
			       field->kind == VNM_FIELD_TEXT ? elem->name : field->name);
}

static int read_scalar(const struct vnm_element *elem, const struct vnm_field *field,
		       const xmlNode *node, const char *file, void *obj, struct vnm_error *err)
{
	xml_text text autoxml = (char *)xmlNodeGetContent(node);
	vnm_autobuf struct vnm_buf message = { 0 };
	int r;

	if (field->flags & VNM_FIELD_OUTPUT)
		return 0;
	r = vnm_scalars[field->scalar].read(field, text ? text : "", (char *)obj + field->offset);
	if (r >= 0)
		return 0;
	add_place(elem, field, &message);
	vnm_buf_add(&message, ": expected ");
	vnm_scalar_expectation(field, &message);
	vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL, "%s, got '%.*s'", message.data,
		      shown(text ? text : ""), text ? text : "");
	return where(file, node->type == XML_ATTRIBUTE_NODE ? node->parent : node, err);
}

static bool same_namespace(const xmlNs *ns, const struct vnm_namespace *wanted)
{
	if (!ns || !wanted)
		return !ns && !wanted;
	return ns->href && !strcmp((const char *)ns->href, wanted->uri);
}

/** vnm_bind_is() - is the node one of these elements? */
bool vnm_bind_is(const struct vnm_element *elem, const xmlNode *node)
{
	return !strcmp((const char *)node->name, elem->name) && same_namespace(node->ns, elem->ns);
}

static const struct vnm_field *find_row(const struct vnm_element *elem, const xmlNode *node)
{
	bool attribute = node->type == XML_ATTRIBUTE_NODE;

	for (size_t i = 0; i < elem->n_fields; i++) {
		const struct vnm_field *field = &elem->fields[i];

		if (field->kind == VNM_FIELD_TEXT || (field->kind == VNM_FIELD_ATTR) != attribute)
			continue;
		if (!strcmp(field->name, (const char *)node->name) &&
		    same_namespace(node->ns, vnm_field_namespace(field)))
			return field;
	}
	return NULL;
}

/* The names that are permitted in the place of an unknown one. */
static void add_names(const struct vnm_element *elem, bool attributes, struct vnm_buf *out)
{
	size_t before = out->len;

	for (size_t i = 0; i < elem->n_fields; i++) {
		const struct vnm_field *field = &elem->fields[i];

		if (field->kind == VNM_FIELD_TEXT || (field->flags & VNM_FIELD_OUTPUT) ||
		    (field->kind == VNM_FIELD_ATTR) != attributes)
			continue;
		vnm_buf_add(out, out->len > before ? ", " : "one of ");
		vnm_namespace_print(vnm_field_namespace(field), out);
		vnm_buf_add(out, field->name);
	}
	if (out->len == before)
		vnm_buf_add(out, "none");
}

static int unknown(const struct vnm_element *elem, const xmlNode *node, const char *file,
		   struct vnm_error *err)
{
	bool attribute = node->type == XML_ATTRIBUTE_NODE;
	const char *name = (const char *)node->name;
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_buf_printf(&text, attribute ? "unknown attribute '%.*s'" : "unknown element <%.*s>",
		       shown(name), name);
	if (node->ns && node->ns->href)
		vnm_buf_printf(&text, " of the namespace '%.*s'",
			       shown((const char *)node->ns->href), (const char *)node->ns->href);
	vnm_buf_printf(&text, " in <%s>; expected ", elem->name);
	add_names(elem, attribute, &text);
	vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL, "%s", text.data);
	return where(file, attribute ? node->parent : node, err);
}

static int read_attributes(const struct vnm_element *elem, const xmlNode *node, const char *file,
			   void *obj, struct vnm_error *err)
{
	for (const xmlAttr *attr = node->properties; attr; attr = attr->next) {
		const struct vnm_field *field = find_row(elem, (const xmlNode *)attr);
		int r = field ? read_scalar(elem, field, (const xmlNode *)attr, file, obj, err)
			      : unknown(elem, (const xmlNode *)attr, file, err);

		if (r < 0)
			return r;
	}
	return 0;
}

static int refuse_second(const struct vnm_field *field, const xmlNode *node, int first,
			 const char *file, struct vnm_error *err)
{
	vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL,
		      "element <%s> may stand only once (first at line %d)", field->name, first);
	return where(file, node, err);
}

static int first_line(const xmlNode *node)
{
	for (const xmlNode *n = node->prev; n; n = n->prev)
		if (n->type == XML_ELEMENT_NODE && n->ns == node->ns &&
		    !strcmp((const char *)n->name, (const char *)node->name))
			return (int)xmlGetLineNo((xmlNode *)n);
	return 0;
}

/* A child element that holds only text, and no attributes. */
static int read_child_text(const struct vnm_element *elem, const struct vnm_field *field,
			   xmlNode *node, const char *file, void *obj, struct vnm_error *err)
{
	const struct vnm_element bare = { .name = field->name };

	if (node->properties)
		return unknown(&bare, (const xmlNode *)node->properties, file, err);
	for (const xmlNode *child = node->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE)
			return unknown(&bare, child, file, err);
	return read_scalar(elem, field, node, file, obj, err);
}

static int read_child(const struct vnm_element *elem, xmlNode *node, const char *file, void *obj,
		      struct vnm_error *err)
{
	const struct vnm_field *field = find_row(elem, node);
	void **items;
	size_t *count;

	if (!field)
		return unknown(elem, node, file, err);
	if (field->kind != VNM_FIELD_LIST && first_line(node))
		return refuse_second(field, node, first_line(node), file, err);
	if (field->kind == VNM_FIELD_CHILD_TEXT)
		return read_child_text(elem, field, node, file, obj, err);
	if (field->kind == VNM_FIELD_VERBATIM)
		return vnm_verbatim_read(node, file, (char **)((char *)obj + field->offset), err);
	if (field->kind == VNM_FIELD_CHILD)
		return vnm_bind_read(field->element, node, file, (char *)obj + field->offset, err);
	items = (void **)((char *)obj + field->offset);
	count = (size_t *)((char *)obj + field->count_offset);
	*items = vnm_array_add(*items, count, field->size);
	return vnm_bind_read(field->element, node, file,
			     (char *)*items + (*count - 1) * field->size, err);
}

static bool is_blank(const xmlNode *node)
{
	return node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE || xmlIsBlankNode(node);
}

static int read_content(const struct vnm_element *elem, xmlNode *node, const char *file, void *obj,
			struct vnm_error *err)
{
	const struct vnm_field *text = vnm_element_text(elem);
	int r = 0;

	for (xmlNode *child = node->children; child && r == 0; child = child->next) {
		if (child->type == XML_ELEMENT_NODE) {
			r = read_child(elem, child, file, obj, err);
		} else if (!text && !is_blank(child)) {
			vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL,
				      "element <%s> may not hold text", elem->name);
			r = where(file, node, err);
		}
	}
	return r == 0 && text ? read_scalar(elem, text, node, file, obj, err) : r;
}

static int check_required(const struct vnm_element *elem, const xmlNode *node, const char *file,
			  const void *obj, struct vnm_error *err)
{
	for (size_t i = 0; i < elem->n_fields; i++) {
		const struct vnm_field *field = &elem->fields[i];

		if (!(field->flags & VNM_FIELD_REQUIRED) || vnm_bind_present(field, obj))
			continue;
		if (field->kind == VNM_FIELD_ATTR)
			vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL,
				      "missing attribute '%s' in <%s>", field->name, elem->name);
		else
			vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL,
				      "missing element <%s> in <%s>", field->name, elem->name);
		return where(file, node, err);
	}
	return 0;
}

/**
 * vnm_bind_read_part() - vnm_bind_read() of an element that may be incomplete
 *
 * Arguments and return value as there; required attributes may be missing, but not in its children.
 */
int vnm_bind_read_part(const struct vnm_element *elem, xmlNode *node, const char *file, void *obj,
		       struct vnm_error *err)
{
	struct vnm_at *at = obj;
	int r;

	*at = (struct vnm_at){ true, (int)xmlGetLineNo(node) };
	r = read_attributes(elem, node, file, obj, err);
	return r < 0 ? r : read_content(elem, node, file, obj, err);
}

/**
 * vnm_bind_read() - read an element into its struct
 * @elem: the rows
 * @node: the XML element
 * @file: its file, for messages; NULL: messages carry no place
 * @obj:  the struct, zeroed; its first member is a struct vnm_at. After a failure it holds a part, for vnm_bind_clear()
 * @err:  VNM_ERR_XML_SCHEMA with file, line, element and what was expected
 *
 * Return: 0 or -EINVAL.
 */
int vnm_bind_read(const struct vnm_element *elem, xmlNode *node, const char *file, void *obj,
		  struct vnm_error *err)
{
	int r = vnm_bind_read_part(elem, node, file, obj, err);

	return r == 0 ? check_required(elem, node, file, obj, err) : r;
}

/** vnm_bind_read_tree() - vnm_bind_parse() of a text that is a tree already. Return: 0 or -EINVAL. */
int vnm_bind_read_tree(const struct vnm_element *elem, xmlDoc *doc, const char *file, void *obj,
		       struct vnm_error *err)
{
	int r = vnm_document_check_root(doc, elem->name, file, err);

	return r < 0 ? r : vnm_bind_read(elem, xmlDocGetRootElement(doc), file, obj, err);
}

/**
 * vnm_bind_parse() - read a document of one element
 * @elem: the rows of its root
 * @text: the XML
 * @len:  its length in bytes, at most VNM_XML_MAX
 * @file: its name, for messages
 * @obj:  as vnm_bind_read()
 * @err:  VNM_ERR_XML_SYNTAX or VNM_ERR_XML_SCHEMA, with file and line
 *
 * Return: 0 or -errno.
 */
int vnm_bind_parse(const struct vnm_element *elem, const char *text, size_t len, const char *file,
		   void *obj, struct vnm_error *err)
{
	vnm_autodoc xmlDoc *doc = NULL;
	int r = vnm_document_parse(text, len, file, &doc, err);

	return r < 0 ? r : vnm_bind_read_tree(elem, doc, file, obj, err);
}
