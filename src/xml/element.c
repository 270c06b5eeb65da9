/* SPDX-License-Identifier: GPL-2.0-or-later */
/* element.c - find rows of the tables. */
#include "xml/element.h"

#include <string.h>

/**
 * vnm_element_row() - the row of an attribute or a child element
 * @elem: the rows
 * @name: its name, without prefix; of @len bytes
 *
 * Return: the row, or NULL.
 */
const struct vnm_field *vnm_element_row(const struct vnm_element *elem, const char *name,
					size_t len)
{
	for (size_t i = 0; i < elem->n_fields; i++) {
		const char *row_name = elem->fields[i].name;

		if (row_name && strlen(row_name) == len && !strncmp(row_name, name, len))
			return &elem->fields[i];
	}
	return NULL;
}

/** vnm_element_text() - the row of the element's own text, or NULL. */
const struct vnm_field *vnm_element_text(const struct vnm_element *elem)
{
	for (size_t i = 0; i < elem->n_fields; i++)
		if (elem->fields[i].kind == VNM_FIELD_TEXT)
			return &elem->fields[i];
	return NULL;
}

/** vnm_field_namespace() - the namespace of what a row stands for; NULL: none. */
const struct vnm_namespace *vnm_field_namespace(const struct vnm_field *field)
{
	return field->element ? field->element->ns : field->ns;
}

/** vnm_namespace_print() - the prefix of a namespace with its colon; nothing for none. */
void vnm_namespace_print(const struct vnm_namespace *ns, struct vnm_buf *out)
{
	if (ns)
		vnm_buf_printf(out, "%s:", ns->prefix);
}
