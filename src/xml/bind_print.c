/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bind_print.c - from structs to XML, by the tables: as virsh prints it. */
#include "xml/bind_print.h"

#include "util/mem.h"
#include "xml/bind.h"
#include "xml/scalar.h"
#include "xml/verbatim.h"

static void indent_by(int n, struct vnm_buf *out)
{
	while (n-- > 0)
		vnm_buf_add(out, "  ");
}

static void print_value(const struct vnm_field *field, const void *obj, struct vnm_buf *out)
{
	vnm_scalars[field->scalar].print(field, (const char *)obj + field->offset, out);
}

/* struct spaces - the namespaces that are used, each once. */
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
		if (vnm_bind_present(&elem->fields[i], obj))
			note_space(vnm_field_namespace(&elem->fields[i]), ret);
	for (size_t i = 0; i < elem->n_fields; i++)
		if (vnm_bind_present(&elem->fields[i], obj))
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

		if (!vnm_bind_present(field, obj))
			continue;
		if (field->kind != VNM_FIELD_ATTR) {
			content = true;
			continue;
		}
		vnm_buf_addc(out, ' ');
		vnm_namespace_print(vnm_field_namespace(field), out);
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
	if (!vnm_bind_present(field, obj))
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
	const struct vnm_field *text = vnm_element_text(elem);

	indent_by(indent, out);
	vnm_buf_addc(out, '<');
	vnm_namespace_print(elem->ns, out);
	vnm_buf_add(out, elem->name);
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
	vnm_buf_add(out, "</");
	vnm_namespace_print(elem->ns, out);
	vnm_buf_printf(out, "%s>\n", elem->name);
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
