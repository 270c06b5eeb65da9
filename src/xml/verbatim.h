/* verbatim.h - XML of other people inside a definition: <metadata>. */
#ifndef VNM_XML_VERBATIM_H
#define VNM_XML_VERBATIM_H

#include <libxml/tree.h>

#include "util/error.h"

int vnm_verbatim_read(xmlNode *node, const char *file, char **ret, struct vnm_error *err);

#endif
