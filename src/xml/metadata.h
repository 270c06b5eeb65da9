/* SPDX-License-Identifier: GPL-2.0-or-later */
/* metadata.h - elements of other programs inside <metadata>: found, set and removed by their namespaces. Pure. */
#ifndef VNM_XML_METADATA_H
#define VNM_XML_METADATA_H

#include <stddef.h>

#include "util/error.h"

/** struct vnm_metadata_part - one namespace, and the text of its elements. */
struct vnm_metadata_part {
	char *uri, *text;
};

int vnm_metadata_get(const char *metadata, const char *uri, char **ret, struct vnm_error *err);
int vnm_metadata_set(const char *metadata, const char *uri, const char *key, const char *xml,
		     char **ret, struct vnm_error *err);
int vnm_metadata_remove(const char *metadata, const char *uri, char **ret, struct vnm_error *err);
void vnm_metadata_split(const char *metadata, struct vnm_metadata_part **ret, size_t *ret_n);
void vnm_metadata_parts_free(struct vnm_metadata_part *parts, size_t n);
const char *vnm_metadata_find(const struct vnm_metadata_part *parts, size_t n, const char *uri);

#endif
