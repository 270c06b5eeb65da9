/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verbatim.c - foreign XML inside a definition: stored unchanged, and printed as libvirt prints it.
 *
 * Its elements belong to namespaces, one element to each, by which their owners find them.
 */
#include "xml/verbatim.h"

#include <errno.h>
#include <libxml/hash.h>
#include <stdbool.h>
#include <string.h>

#include "util/mem.h"
#include "xml/document.h"

#define KEPT_DEPTH 1 /* depth of <metadata> in a definition */

static void cleanup_hash(xmlHashTable **hash)
{
	if (*hash)
		xmlHashFree(*hash, NULL);
}

/* @owners: the children before this one, by their namespaces. */
static int check_child(xmlNode *parent, xmlNode *child, xmlHashTable *owners, const char *file,
		       struct vnm_error *err)
{
	const xmlNode *first;
	long line = xmlGetLineNo(child);

	if (child->type == XML_COMMENT_NODE || child->type == XML_PI_NODE || xmlIsBlankNode(child))
		return 0;
	if (child->type != XML_ELEMENT_NODE)
		return vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL,
				     "%s:%ld: element <%s> may not hold text", file,
				     xmlGetLineNo(parent), (const char *)parent->name);
	if (!child->ns || !child->ns->href)
		return vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL,
				     "%s:%ld: element <%.60s> in <%s> needs a namespace of its "
				     "own: <x:%.60s xmlns:x='...'>",
				     file, line, (const char *)child->name,
				     (const char *)parent->name, (const char *)child->name);
	first = xmlHashLookup(owners, child->ns->href);
	if (first)
		return vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL,
				     "%s:%ld: a second element of the namespace '%.80s' in <%s> "
				     "(the first is at line %ld)",
				     file, line, (const char *)child->ns->href,
				     (const char *)parent->name, xmlGetLineNo(first));
	xmlHashAddEntry(owners, child->ns->href, child);
	return 0;
}

static void drop_comments(xmlNode *node)
{
	for (xmlNode *child = node->children, *next; child; child = next) {
		next = child->next;
		if (child->type == XML_ELEMENT_NODE)
			continue;
		xmlUnlinkNode(child);
		xmlFreeNode(child);
	}
}

/**
 * vnm_verbatim_read() - store an element unchanged
 * @node: the element; of a document read without blank nodes
 * @file: its file, for messages
 * @ret:  its text, as it is printed one level deep, without the first line's indentation; allocated
 * @err:  VNM_ERR_XML_SCHEMA when a child has no namespace, or the same as another one
 *
 * A copy declares all namespaces that it uses.
 *
 * Return: 0 or -EINVAL.
 */
int vnm_verbatim_read(xmlNode *node, const char *file, char **ret, struct vnm_error *err)
{
	vnm_autonode xmlNode *copy = NULL;
	vnm_autoxmlbuf xmlBuffer *text = NULL;
	xmlHashTable *owners __attribute__((cleanup(cleanup_hash))) = NULL;

	owners = xmlHashCreate(0);
	for (xmlNode *child = node->children; child; child = child->next) {
		int r = check_child(node, child, owners, file, err);

		if (r < 0)
			return r;
	}
	copy = xmlDocCopyNode(node, node->doc, 1);
	text = xmlBufferCreate();
	drop_comments(copy);
	if (xmlNodeDump(text, node->doc, copy, KEPT_DEPTH, 1) < 0)
		return vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL,
				     "%s:%ld: cannot print element <%s>", file, xmlGetLineNo(node),
				     (const char *)node->name);
	*ret = vnm_strdup((const char *)xmlBufferContent(text));
	return 0;
}

/**
 * vnm_verbatim_print() - print an element that was stored unchanged
 * @text:  what vnm_verbatim_read() gave
 * @depth: its depth
 * @out:   where to, without the first line's indentation
 *
 * Only libxml2 knows which blanks between the tags are indentation, and which are content.
 */
void vnm_verbatim_print(const char *text, int depth, struct vnm_buf *out)
{
	vnm_autoxmlbuf xmlBuffer *deeper = NULL;
	vnm_autodoc xmlDoc *doc = NULL;
	struct vnm_error ignored = { 0 };

	if (depth != KEPT_DEPTH &&
	    vnm_document_parse(text, strlen(text), "metadata", &doc, &ignored) == 0) {
		deeper = xmlBufferCreate();
		if (xmlNodeDump(deeper, doc, xmlDocGetRootElement(doc), depth, 1) >= 0)
			text = (const char *)xmlBufferContent(deeper);
	}
	vnm_buf_add(out, text);
}
