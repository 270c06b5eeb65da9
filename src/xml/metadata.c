/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * metadata.c - elements of other programs inside <metadata>.
 *
 * Each belongs to a namespace, by which it is requested, so it is returned without it; it is set without it, too,
 * with a prefix to store it with. Elements whose meaning would change in that round trip are returned with their
 * namespaces, and an element that is given with its namespace is stored unchanged.
 */
#include "xml/metadata.h"

#include <errno.h>
#include <libxml/tree.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/mem.h"
#include "xml/document.h"
#include "xml/verbatim.h"

#define EMPTY "<metadata/>"

static bool is_namespace(const xmlNs *ns, const char *uri)
{
	return ns && ns->href && !strcmp((const char *)ns->href, uri);
}

static bool is_in_namespace(const xmlNode *node, const char *uri)
{
	return node->type == XML_ELEMENT_NODE && is_namespace(node->ns, uri);
}

static xmlNode *find_element(xmlDoc *doc, const char *uri)
{
	xmlNode *node = xmlDocGetRootElement(doc)->children;

	while (node && !is_in_namespace(node, uri))
		node = node->next;
	return node;
}

static int parse_metadata(const char *metadata, xmlDoc **ret, struct vnm_error *err)
{
	const char *text = metadata ? metadata : EMPTY;

	return vnm_document_parse(text, strlen(text), "metadata", ret, err);
}

/* ---- reading ---- */

/* Does the element mean the same after its namespace was removed and set again? */
static bool can_strip_here(const xmlNode *node, const char *uri)
{
	if (!node->ns)
		return false;
	for (const xmlNs *ns = node->nsDef; ns; ns = ns->next)
		if (!ns->prefix && !is_namespace(ns, uri))
			return false;
	for (const xmlAttr *attr = node->properties; attr; attr = attr->next)
		if (is_namespace(attr->ns, uri))
			return false;
	return true;
}

static bool can_strip(const xmlNode *node, const char *uri)
{
	if (!can_strip_here(node, uri))
		return false;
	for (const xmlNode *child = node->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE && !can_strip(child, uri))
			return false;
	return true;
}

/* Children first, since their parents declare the namespaces that they use. */
static void strip_namespace(xmlNode *node, const char *uri)
{
	for (xmlNode *child = node->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE)
			strip_namespace(child, uri);
	if (is_in_namespace(node, uri))
		node->ns = NULL;
	for (xmlNs **at = &node->nsDef; *at;) {
		xmlNs *ns = *at;

		if (!is_namespace(ns, uri)) {
			at = &ns->next;
			continue;
		}
		*at = ns->next;
		xmlFreeNs(ns);
	}
}

/**
 * vnm_metadata_get() - the element of a namespace
 * @metadata: the whole <metadata> element, or NULL
 * @uri:      the namespace
 * @ret:      the element's text, without the namespace where that is possible; allocated
 * @err:      VNM_ERR_STATE with ENOENT when there is none
 *
 * Return: 0 or -errno.
 */
int vnm_metadata_get(const char *metadata, const char *uri, char **ret, struct vnm_error *err)
{
	vnm_autoxmlbuf xmlBuffer *text = NULL;
	vnm_autodoc xmlDoc *doc = NULL;
	vnm_autonode xmlNode *copy = NULL; /* before the document is freed */
	xmlNode *node;
	int r = parse_metadata(metadata, &doc, err);

	if (r < 0)
		return r;
	node = find_element(doc, uri);
	if (!node)
		return vnm_error_set(
			err, VNM_ERR_STATE, ENOENT,
			"metadata not found: Requested metadata element is not present");
	/* A copy declares all namespaces that it uses. */
	copy = xmlDocCopyNode(node, doc, 1);
	if (can_strip(copy, uri))
		strip_namespace(copy, uri);
	text = xmlBufferCreate();
	xmlNodeDump(text, doc, copy, 0, 1);
	*ret = vnm_strdup((const char *)xmlBufferContent(text));
	return 0;
}

/* ---- changing ---- */

static int finish_metadata(xmlDoc *doc, char **ret, struct vnm_error *err)
{
	xmlNode *root = xmlDocGetRootElement(doc);

	if (root->children)
		return vnm_verbatim_read(root, "metadata", ret, err);
	*ret = NULL;
	return 0;
}

static void remove_element(xmlDoc *doc, const char *uri)
{
	xmlNode *node = find_element(doc, uri);

	if (!node)
		return;
	xmlUnlinkNode(node);
	xmlFreeNode(node);
}

static int check_key(const char *key, struct vnm_error *err)
{
	if (xmlValidateNCName((const xmlChar *)key, 0) == 0 && strncasecmp(key, "xml", 3) != 0)
		return 0;
	return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
			     "failed to validate prefix for a new XML namespace: '%.80s'; it is a "
			     "name without ':' that does not begin with xml",
			     key);
}

/* For elements without one. Return: success; a prefix may be taken. */
static bool set_namespace(xmlNode *node, xmlNs *ns)
{
	for (xmlNode *child = node->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE && !set_namespace(child, ns))
			return false;
	if (node->ns)
		return true;
	xmlSetNs(node, ns);
	return xmlSearchNs(node->doc, node, ns->prefix) == ns;
}

static int put_into_namespace(xmlNode *node, const char *uri, const char *key,
			      struct vnm_error *err)
{
	xmlNs *ns;

	if (is_in_namespace(node, uri))
		return 0;
	if (node->ns)
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "element <%.60s> belongs to the namespace '%.80s', not to "
				     "'%.80s'; leave out its namespace",
				     (const char *)node->name, (const char *)node->ns->href, uri);
	ns = xmlNewNs(node, (const xmlChar *)uri, (const xmlChar *)key);
	if (ns && set_namespace(node, ns))
		return 0;
	return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
			     "failed to create a new XML namespace: the element uses the prefix "
			     "'%.80s' for another one; choose another key",
			     key);
}

/**
 * vnm_metadata_set() - set or replace the element of a namespace
 * @metadata: the whole <metadata> element, or NULL
 * @uri:      the namespace
 * @key:      the prefix to store it with
 * @xml:      the element; without a namespace, or with this one and any prefix
 * @ret:      the new whole, allocated
 * @err:      VNM_ERR_USAGE, or that of reading the element
 *
 * Whether @uri is valid as a namespace is checked when the whole is read.
 *
 * Return: 0 or -errno.
 */
int vnm_metadata_set(const char *metadata, const char *uri, const char *key, const char *xml,
		     char **ret, struct vnm_error *err)
{
	vnm_autodoc xmlDoc *doc = NULL, *given = NULL;
	vnm_autonode xmlNode *old = NULL;
	xmlNode *node;
	int r = check_key(key, err);

	if (r == 0)
		r = vnm_document_parse(xml, strlen(xml), "metadata", &given, err);
	if (r == 0)
		r = put_into_namespace(xmlDocGetRootElement(given), uri, key, err);
	if (r == 0)
		r = parse_metadata(metadata, &doc, err);
	if (r < 0)
		return r;
	node = xmlDocCopyNode(xmlDocGetRootElement(given), doc, 1);
	old = find_element(doc, uri);
	if (old)
		xmlReplaceNode(old, node);
	else
		xmlAddChild(xmlDocGetRootElement(doc), node);
	return finish_metadata(doc, ret, err);
}

/**
 * vnm_metadata_remove() - remove the element of a namespace, if there is one
 * @metadata: the whole <metadata> element, or NULL
 * @uri:      the namespace
 * @ret:      the new whole, allocated; NULL when nothing is left of it
 * @err:      set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_metadata_remove(const char *metadata, const char *uri, char **ret, struct vnm_error *err)
{
	vnm_autodoc xmlDoc *doc = NULL;
	int r = parse_metadata(metadata, &doc, err);

	if (r < 0)
		return r;
	remove_element(doc, uri);
	return finish_metadata(doc, ret, err);
}

static struct vnm_metadata_part *part_for(struct vnm_metadata_part **parts, size_t *n,
					  const char *uri)
{
	for (size_t i = 0; i < *n; i++)
		if (!strcmp((*parts)[i].uri, uri))
			return &(*parts)[i];
	*parts = vnm_array_add(*parts, n, sizeof(**parts));
	(*parts)[*n - 1] = (struct vnm_metadata_part){ vnm_strdup(uri), vnm_strdup("") };
	return &(*parts)[*n - 1];
}

static void append_element(struct vnm_metadata_part *part, xmlDoc *doc, xmlNode *node)
{
	vnm_autoxmlbuf xmlBuffer *text = xmlBufferCreate();
	char *longer;

	xmlNodeDump(text, doc, node, 0, 0);
	longer = vnm_asprintf("%s%s", part->text, (const char *)xmlBufferContent(text));
	free(part->text);
	part->text = longer;
}

/**
 * vnm_metadata_split() - split <metadata> by namespace
 * @metadata: the whole element, as a definition holds it; NULL: there is none
 * @ret:      a part for each namespace, in their order; free with vnm_metadata_parts_free()
 * @ret_n:    how many; 0 also for a text that is no XML
 */
void vnm_metadata_split(const char *metadata, struct vnm_metadata_part **ret, size_t *ret_n)
{
	vnm_autodoc xmlDoc *doc = NULL;
	struct vnm_error ignored = { 0 };

	*ret = NULL;
	*ret_n = 0;
	if (!metadata ||
	    vnm_document_parse(metadata, strlen(metadata), "metadata", &doc, &ignored) < 0)
		return;
	for (xmlNode *node = xmlDocGetRootElement(doc)->children; node; node = node->next)
		if (node->type == XML_ELEMENT_NODE)
			append_element(part_for(ret, ret_n,
						node->ns ? (const char *)node->ns->href : ""),
				       doc, node);
}

/** vnm_metadata_parts_free() - free what vnm_metadata_split() returned. */
void vnm_metadata_parts_free(struct vnm_metadata_part *parts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(parts[i].uri);
		free(parts[i].text);
	}
	free(parts);
}

/** vnm_metadata_find() - the text that belongs to a namespace, or NULL. */
const char *vnm_metadata_find(const struct vnm_metadata_part *parts, size_t n, const char *uri)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(parts[i].uri, uri))
			return parts[i].text;
	return NULL;
}
