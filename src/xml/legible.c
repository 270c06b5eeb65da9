/* SPDX-License-Identifier: GPL-2.0-or-later */
/* legible.c - a document must not deceive its reader about the order of its characters. */
#include "xml/legible.h"

#include <errno.h>
#include <libxml/tree.h>

#include "util/bidi.h"

static int check_text(const xmlNode *at, const xmlChar *text, const char *file,
		      struct vnm_error *err)
{
	const xmlNode *element = at;
	uint32_t c;

	if (!text || !vnm_bidi_find((const char *)text, &c))
		return 0;
	while (element->type != XML_ELEMENT_NODE && element->parent)
		element = element->parent;
	return vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL,
			     "%s:%ld: the character U+%04X in <%.60s> changes the order in which "
			     "others are shown, and is not allowed; leave it out",
			     file, xmlGetLineNo(element), c,
			     element->type == XML_ELEMENT_NODE ? (const char *)element->name : "");
}

static int check_attributes(const xmlNode *node, const char *file, struct vnm_error *err)
{
	int r = 0;

	for (const xmlNs *ns = node->nsDef; r == 0 && ns; ns = ns->next) {
		r = check_text(node, ns->href, file, err);
		if (r == 0)
			r = check_text(node, ns->prefix, file, err);
	}
	for (const xmlAttr *attr = node->properties; r == 0 && attr; attr = attr->next) {
		r = check_text(node, attr->name, file, err);
		for (const xmlNode *text = attr->children; r == 0 && text; text = text->next)
			r = check_text(node, text->content, file, err);
	}
	return r;
}

/* The next node in the order of the text; NULL after the last. */
static const xmlNode *next_of(const xmlNode *node)
{
	if (node->type == XML_ELEMENT_NODE && node->children)
		return node->children;
	while (node && !node->next)
		node = node->parent;
	return node ? node->next : NULL;
}

/**
 * vnm_document_check_legible() - refuse invisible characters that reorder the visible ones
 * @doc:  the tree
 * @file: its name, for messages
 * @err:  VNM_ERR_XML_SCHEMA, with file and line
 *
 * All that is stored and printed is searched: texts, attributes, names, and the contents of <metadata>.
 *
 * Return: 0 or -EINVAL.
 */
int vnm_document_check_legible(xmlDoc *doc, const char *file, struct vnm_error *err)
{
	int r = 0;

	for (const xmlNode *node = doc->children; r == 0 && node; node = next_of(node)) {
		r = check_text(node, node->name, file, err);
		if (r == 0 && node->type == XML_ELEMENT_NODE)
			r = check_attributes(node, file, err);
		else if (r == 0)
			r = check_text(node, node->content, file, err);
	}
	return r;
}
