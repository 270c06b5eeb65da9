/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settled.c - the networks with files in a state directory, as recovery has listed it; see settled.h. */
#include "state/settled.h"

#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

static int name_cmp(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_names(char **names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

/** vnm_settled_defined() - had the network a definition there? False, if that is not known. */
bool vnm_settled_defined(const struct vnm_settled *settled, const char *name)
{
	return settled->n_definitions > 0 &&
	       bsearch(&name, settled->definitions, settled->n_definitions, sizeof(char *),
		       name_cmp);
}

/**
 * vnm_settled_names() - the networks that have a file, without looking for it
 * @settled: what was listed; or NULL
 * @suffix:  what follows the name: ".xml", ".journal"
 * @ret:     the names, sorted by bytes; free with vnm_names_free()
 * @ret_n:   how many
 *
 * Return: false: that is not known.
 */
bool vnm_settled_names(const struct vnm_settled *settled, const char *suffix, char ***ret,
		       size_t *ret_n)
{
	bool journals = !strcmp(suffix, ".journal");
	char **from, **names = NULL;
	size_t n_from, n = 0;

	if (!settled || !settled->known || (!journals && strcmp(suffix, ".xml") != 0))
		return false;
	from = journals ? settled->journals : settled->definitions;
	n_from = journals ? settled->n_journals : settled->n_definitions;
	for (size_t i = 0; i < n_from; i++) {
		names = vnm_array_add(names, &n, sizeof(*names));
		names[i] = vnm_strdup(from[i]);
	}
	*ret = names;
	*ret_n = n;
	return true;
}

/** vnm_settled_forget() - a file of a network is about to be added or removed. @settled may be NULL. */
void vnm_settled_forget(struct vnm_settled *settled)
{
	if (settled)
		settled->known = false;
}

/** vnm_settled_clear() - free the names. */
void vnm_settled_clear(struct vnm_settled *settled)
{
	free_names(settled->journals, settled->n_journals);
	free_names(settled->definitions, settled->n_definitions);
	*settled = (struct vnm_settled){ 0 };
}
