/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind.c - the table engine between XML and structs; see bind.h.
 *
 * Theory of operation. vnm_bind_read() walks the XML and looks each attribute and child up in the element's rows;
 * what has no row is refused, so a typing error never passes for an omission. vnm_bind_print(), _clear() and
 * _copy() walk the rows. What a scalar is - how it is read, printed, freed, whether it is there at all - stands
 * in one table, vnm_scalars[] (scalar.h).
 */
#include "xml/bind.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/network.h"
#include "util/mem.h"
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

/* Bytes of @text that a message shows: GOT_MAX at most, and no half of a character. */
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

/* What a person would call the place of a row. */
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

/**
 * vnm_bind_row() - the row of an attribute or a child element
 * @elem: the rows
 * @name: its name, without prefix; of @len bytes
 *
 * Return: the row, or NULL.
 */
const struct vnm_field *vnm_bind_row(const struct vnm_element *elem, const char *name, size_t len)
{
	for (size_t i = 0; i < elem->n_fields; i++) {
		const char *known = elem->fields[i].name;

		if (known && strlen(known) == len && !strncmp(known, name, len))
			return &elem->fields[i];
	}
	return NULL;
}

/* ---- reading ---- */

static const struct vnm_namespace *namespace_of(const struct vnm_field *field)
{
	return field->element ? field->element->ns : field->ns;
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
		    same_namespace(node->ns, namespace_of(field)))
			return field;
	}
	return NULL;
}

/* What stands before a name in our output. */
static const char *prefix_of(const struct vnm_namespace *ns)
{
	return ns ? ns->prefix : "";
}

static const char *colon_of(const struct vnm_namespace *ns)
{
	return ns ? ":" : "";
}

/* What may stand where something unknown stood. */
static void add_names(const struct vnm_element *elem, bool attributes, struct vnm_buf *out)
{
	size_t before = out->len;

	for (size_t i = 0; i < elem->n_fields; i++) {
		const struct vnm_field *field = &elem->fields[i];

		if (field->kind == VNM_FIELD_TEXT || (field->flags & VNM_FIELD_OUTPUT) ||
		    (field->kind == VNM_FIELD_ATTR) != attributes)
			continue;
		vnm_buf_printf(out, "%s%s%s%s", out->len > before ? ", " : "one of ",
			       prefix_of(namespace_of(field)), colon_of(namespace_of(field)),
			       field->name);
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

static const struct vnm_field *text_row(const struct vnm_element *elem)
{
	for (size_t i = 0; i < elem->n_fields; i++)
		if (elem->fields[i].kind == VNM_FIELD_TEXT)
			return &elem->fields[i];
	return NULL;
}

static int read_content(const struct vnm_element *elem, xmlNode *node, const char *file, void *obj,
			struct vnm_error *err)
{
	const struct vnm_field *text = text_row(elem);
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

static bool is_present(const struct vnm_field *field, const void *obj)
{
	const void *value = (const char *)obj + field->offset;

	if (field->kind == VNM_FIELD_LIST)
		return *(const size_t *)((const char *)obj + field->count_offset) > 0;
	if (field->kind == VNM_FIELD_CHILD)
		return ((const struct vnm_at *)value)->present;
	if (field->kind == VNM_FIELD_VERBATIM)
		return *(char *const *)value != NULL;
	return vnm_scalars[field->scalar].has(field, value);
}

static int check_required(const struct vnm_element *elem, const xmlNode *node, const char *file,
			  const void *obj, struct vnm_error *err)
{
	for (size_t i = 0; i < elem->n_fields; i++) {
		const struct vnm_field *field = &elem->fields[i];

		if (!(field->flags & VNM_FIELD_REQUIRED) || is_present(field, obj))
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
 * vnm_bind_read_part() - vnm_bind_read() of an element that need not be whole
 *
 * Arguments and return value as there; what is required may be missing, but not in its children.
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
 * @obj:  the struct, zeroed; its first member is a struct vnm_at. After a failure it holds what was read so
 *        far, for vnm_bind_clear()
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

/* ---- printing ---- */

static void indent_by(int n, struct vnm_buf *out)
{
	while (n-- > 0)
		vnm_buf_add(out, "  ");
}

static void print_value(const struct vnm_field *field, const void *obj, struct vnm_buf *out)
{
	vnm_scalars[field->scalar].print(field, (const char *)obj + field->offset, out);
}

/* struct spaces - the namespaces of what is there, each once. */
struct spaces {
	const struct vnm_namespace *items[4];
	size_t n;
};

static void note_space(const struct vnm_namespace *ns, struct spaces *ret)
{
	for (size_t i = 0; i < ret->n; i++)
		if (ret->items[i] == ns)
			return;
	if (ns && ret->n < VNM_ARRAY_SIZE(ret->items))
		ret->items[ret->n++] = ns;
}

static void gather_spaces(const struct vnm_element *elem, const void *obj, struct spaces *ret);

static void gather_below(const struct vnm_field *field, const void *obj, struct spaces *ret)
{
	const char *at = (const char *)obj + field->offset;

	if (field->kind == VNM_FIELD_CHILD)
		gather_spaces(field->element, at, ret);
	for (size_t i = 0; field->kind == VNM_FIELD_LIST &&
			   i < *(const size_t *)((const char *)obj + field->count_offset);
	     i++)
		gather_spaces(field->element, *(char *const *)at + i * field->size, ret);
}

static void gather_spaces(const struct vnm_element *elem, const void *obj, struct spaces *ret)
{
	for (size_t i = 0; i < elem->n_fields; i++)
		if (is_present(&elem->fields[i], obj))
			note_space(namespace_of(&elem->fields[i]), ret);
	for (size_t i = 0; i < elem->n_fields; i++)
		if (is_present(&elem->fields[i], obj))
			gather_below(&elem->fields[i], obj, ret);
}

/* All of them are declared in the outermost element. */
static void print_namespaces(const struct vnm_element *elem, const void *obj, struct vnm_buf *out)
{
	struct spaces spaces = { 0 };

	gather_spaces(elem, obj, &spaces);
	for (size_t i = 0; i < spaces.n; i++)
		if (spaces.items[i] != elem->ns)
			vnm_buf_printf(out, " xmlns:%s='%s'", spaces.items[i]->prefix,
				       spaces.items[i]->uri);
}

static bool print_attributes(const struct vnm_element *elem, const void *obj, struct vnm_buf *out)
{
	bool content = elem->pair;

	for (size_t i = 0; i < elem->n_fields; i++) {
		const struct vnm_field *field = &elem->fields[i];

		if (!is_present(field, obj))
			continue;
		if (field->kind != VNM_FIELD_ATTR) {
			content = true;
			continue;
		}
		vnm_buf_addc(out, ' ');
		vnm_buf_add(out, prefix_of(namespace_of(field)));
		vnm_buf_add(out, colon_of(namespace_of(field)));
		vnm_buf_add(out, field->name);
		vnm_buf_add(out, "='");
		print_value(field, obj, out);
		vnm_buf_addc(out, '\'');
	}
	return content;
}

static void print_element(const struct vnm_element *elem, const void *obj, int indent,
			  bool outermost, struct vnm_buf *out);

static void print_list(const struct vnm_field *field, const void *obj, int indent,
		       struct vnm_buf *out)
{
	const char *items = *(char *const *)((const char *)obj + field->offset);
	size_t count = *(const size_t *)((const char *)obj + field->count_offset);

	for (size_t i = 0; i < count; i++)
		print_element(field->element, items + i * field->size, indent, false, out);
}

static void print_child(const struct vnm_field *field, const void *obj, int indent,
			struct vnm_buf *out)
{
	if (!is_present(field, obj))
		return;
	if (field->kind == VNM_FIELD_LIST) {
		print_list(field, obj, indent, out);
	} else if (field->kind == VNM_FIELD_CHILD) {
		print_element(field->element, (const char *)obj + field->offset, indent, false,
			      out);
	} else if (field->kind == VNM_FIELD_VERBATIM) {
		indent_by(indent, out);
		vnm_verbatim_print(*(char *const *)((const char *)obj + field->offset), indent,
				   out);
		vnm_buf_addc(out, '\n');
	} else if (field->kind == VNM_FIELD_CHILD_TEXT) {
		indent_by(indent, out);
		vnm_buf_printf(out, "<%s>", field->name);
		print_value(field, obj, out);
		vnm_buf_printf(out, "</%s>\n", field->name);
	}
}

static void print_element(const struct vnm_element *elem, const void *obj, int indent,
			  bool outermost, struct vnm_buf *out)
{
	const struct vnm_field *text = text_row(elem);

	indent_by(indent, out);
	vnm_buf_printf(out, "<%s%s%s", prefix_of(elem->ns), colon_of(elem->ns), elem->name);
	if (outermost)
		print_namespaces(elem, obj, out);
	if (!print_attributes(elem, obj, out)) {
		vnm_buf_add(out, "/>\n");
		return;
	}
	if (text) {
		vnm_buf_addc(out, '>');
		print_value(text, obj, out);
	} else {
		vnm_buf_add(out, ">\n");
		for (size_t i = 0; i < elem->n_fields; i++)
			print_child(&elem->fields[i], obj, indent + 1, out);
		indent_by(indent, out);
	}
	vnm_buf_printf(out, "</%s%s%s>\n", prefix_of(elem->ns), colon_of(elem->ns), elem->name);
}

/**
 * vnm_bind_print() - print an element as virsh does: single quotes, two blanks of indentation
 * @elem:   the rows
 * @obj:    the struct
 * @indent: depth
 * @out:    where to
 */
void vnm_bind_print(const struct vnm_element *elem, const void *obj, int indent,
		    struct vnm_buf *out)
{
	print_element(elem, obj, indent, true, out);
}

/* ---- freeing and copying ---- */

static bool is_allocated(const struct vnm_field *field)
{
	return field->kind == VNM_FIELD_VERBATIM || field->scalar == VNM_SCALAR_STRING ||
	       field->scalar == VNM_SCALAR_TEXT;
}

static void clear_list(const struct vnm_field *field, void *obj)
{
	char **items = (char **)((char *)obj + field->offset);
	size_t *count = (size_t *)((char *)obj + field->count_offset);

	for (size_t i = 0; i < *count; i++)
		vnm_bind_clear(field->element, *items + i * field->size);
	free(*items);
	*items = NULL;
	*count = 0;
}

/**
 * vnm_bind_clear() - free all that the rows of a struct own, and make it absent
 * @elem: the rows
 * @obj:  the struct; reusable afterwards
 */
void vnm_bind_clear(const struct vnm_element *elem, void *obj)
{
	for (size_t i = 0; i < elem->n_fields; i++) {
		const struct vnm_field *field = &elem->fields[i];
		void *value = (char *)obj + field->offset;

		if (field->kind == VNM_FIELD_LIST) {
			clear_list(field, obj);
		} else if (field->kind == VNM_FIELD_CHILD) {
			vnm_bind_clear(field->element, value);
		} else if (is_allocated(field)) {
			free(*(char **)value);
			*(char **)value = NULL;
		} else {
			memset(value, 0, vnm_scalars[field->scalar].size);
		}
	}
	*(struct vnm_at *)obj = (struct vnm_at){ 0 };
}

static void copy_list(const struct vnm_field *field, const void *from, void *to)
{
	const char *items = *(char *const *)((const char *)from + field->offset);
	size_t count = *(const size_t *)((const char *)from + field->count_offset);
	void **out = (void **)((char *)to + field->offset);
	size_t *out_count = (size_t *)((char *)to + field->count_offset);

	for (size_t i = 0; i < count; i++) {
		*out = vnm_array_add(*out, out_count, field->size);
		vnm_bind_copy(field->element, items + i * field->size,
			      (char *)*out + i * field->size);
	}
}

/**
 * vnm_bind_copy() - a deep copy
 * @elem: the rows
 * @from: the struct
 * @to:   zeroed
 */
void vnm_bind_copy(const struct vnm_element *elem, const void *from, void *to)
{
	*(struct vnm_at *)to = *(const struct vnm_at *)from;
	for (size_t i = 0; i < elem->n_fields; i++) {
		const struct vnm_field *field = &elem->fields[i];
		const void *source = (const char *)from + field->offset;
		void *target = (char *)to + field->offset;

		if (field->kind == VNM_FIELD_LIST)
			copy_list(field, from, to);
		else if (field->kind == VNM_FIELD_CHILD)
			vnm_bind_copy(field->element, source, target);
		else if (is_allocated(field))
			*(char **)target =
				*(char *const *)source ? vnm_strdup(*(char *const *)source) : NULL;
		else
			memcpy(target, source, vnm_scalars[field->scalar].size);
	}
}
