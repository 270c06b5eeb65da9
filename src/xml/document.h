/* SPDX-License-Identifier: GPL-2.0-or-later */
/* document.h - the careful side of libxml2: from bytes to a tree. */
#ifndef VNM_XML_DOCUMENT_H
#define VNM_XML_DOCUMENT_H

#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <stddef.h>

#include "util/error.h"

/** vnm_xml_fault - libxml2's argument of error handlers: const since 2.12. */
#if LIBXML_VERSION >= 21200
typedef const xmlError *vnm_xml_fault;
#else
typedef xmlError *vnm_xml_fault;
#endif

#define VNM_XML_MAX (1024 * 1024) /* bytes of a document */

int vnm_document_parse(const char *text, size_t len, const char *file, xmlDoc **ret,
		       struct vnm_error *err);
int vnm_document_check_root(xmlDoc *doc, const char *name, const char *file, struct vnm_error *err);

void vnm_document_init(void);
void vnm_cleanup_doc(xmlDoc **doc);
#define vnm_autodoc __attribute__((cleanup(vnm_cleanup_doc)))
void vnm_cleanup_node(xmlNode **node);
#define vnm_autonode __attribute__((cleanup(vnm_cleanup_node)))
void vnm_cleanup_xmlbuf(xmlBuffer **buffer);
#define vnm_autoxmlbuf __attribute__((cleanup(vnm_cleanup_xmlbuf)))

#endif
