/* metadata.h - the elements of other people inside <metadata>: found, set and removed by their namespace. Pure. */
#ifndef VNM_XML_METADATA_H
#define VNM_XML_METADATA_H

#include "util/error.h"

int vnm_metadata_get(const char *metadata, const char *uri, char **ret, struct vnm_error *err);
int vnm_metadata_set(const char *metadata, const char *uri, const char *key, const char *xml,
		     char **ret, struct vnm_error *err);
int vnm_metadata_remove(const char *metadata, const char *uri, char **ret, struct vnm_error *err);

#endif
