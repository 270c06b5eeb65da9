/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bind.c - structs by the tables: presence, free, copy. */
#include "xml/bind.h"

#include <stdlib.h>
#include <string.h>

#include "model/network.h"
#include "util/mem.h"
#include "xml/scalar.h"

/** vnm_bind_present() - is the row's value present in the struct? */
bool vnm_bind_present(const struct vnm_field *field, const void *obj)
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
 * vnm_bind_clear() - free all that a struct owns by its rows, and make it absent
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
