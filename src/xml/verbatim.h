/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verbatim.h - foreign XML inside a definition: <metadata>. */
#ifndef VNM_XML_VERBATIM_H
#define VNM_XML_VERBATIM_H

#include <libxml/tree.h>

#include "util/buf.h"
#include "util/error.h"

int vnm_verbatim_read(xmlNode *node, const char *file, char **ret, struct vnm_error *err);
void vnm_verbatim_print(const char *text, int depth, struct vnm_buf *out);

#endif
