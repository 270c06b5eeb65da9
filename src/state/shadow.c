/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shadow.c - files that a dry run has written; see shadow.h. */
#include "state/shadow.h"

#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

/**
 * vnm_shadow_get() - the assumed contents of a file
 * @shadow: the files; NULL: there are none
 * @file:   its name
 *
 * Return: the file; NULL: unchanged, see the directory.
 */
const struct vnm_shadow_file *vnm_shadow_get(const struct vnm_shadow *shadow, const char *file)
{
	for (size_t i = 0; shadow && i < shadow->n; i++)
		if (!strcmp(shadow->items[i].file, file))
			return &shadow->items[i];
	return NULL;
}

/**
 * vnm_shadow_put() - write or remove a file in the shadow
 * @shadow: the files
 * @file:   its name
 * @text:   its contents; NULL: it is removed
 */
void vnm_shadow_put(struct vnm_shadow *shadow, const char *file, const char *text)
{
	struct vnm_shadow_file *item = (struct vnm_shadow_file *)vnm_shadow_get(shadow, file);
	char *copy = text ? vnm_strdup(text) : NULL;

	if (!item) {
		shadow->items = vnm_array_add(shadow->items, &shadow->n, sizeof(*shadow->items));
		item = &shadow->items[shadow->n - 1];
		item->file = vnm_strdup(file);
	}
	free(item->text);
	item->text = copy;
}

/** vnm_shadow_clear() - empty the shadow */
void vnm_shadow_clear(struct vnm_shadow *shadow)
{
	for (size_t i = 0; i < shadow->n; i++) {
		free(shadow->items[i].file);
		free(shadow->items[i].text);
	}
	free(shadow->items);
	*shadow = (struct vnm_shadow){ 0 };
}
