/* SPDX-License-Identifier: GPL-2.0-or-later */
/* legible.h - a document must not deceive its reader about the order of its characters. */
#ifndef VNM_XML_LEGIBLE_H
#define VNM_XML_LEGIBLE_H

#include <libxml/tree.h>

#include "util/error.h"

int vnm_document_check_legible(xmlDoc *doc, const char *file, struct vnm_error *err);

#endif
