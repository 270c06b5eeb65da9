/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * language.h - for the tests of the language: lists of its elements and attributes, and the schema's list.
 *
 * A word is the path of an element from the root, such as "network/ip/dhcp", or of an attribute, "network/ip@prefix";
 * and, for what came to libvirt after 9.0, the same once more with " since 10.1". What has a namespace has its usual
 * prefix.
 */
#ifndef VNM_TESTS_UNIT_LANGUAGE_H
#define VNM_TESTS_UNIT_LANGUAGE_H

#include "runner.h"

#include <glob.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"
#include "xml/network_xml.h"
#include "xml/port_xml.h"
#include "xml/vocabulary.h"

#define FILE_MAX (1024 * 1024)
#define MARK_NS "urn:vnetmgr:schema"

static const struct vnm_namespace namespaces[] = {
	{ "vnm", "urn:vnetmgr:network:1" },
	{ "dnsmasq", "http://libvirt.org/schemas/network/dnsmasq/1.0" },
};

static const struct vnm_element *const roots[] = { &vnm_element_network, &vnm_element_port };

/* ---- lists of words ---- */

struct words {
	char **v;
	size_t n;
};

static void words_clear(struct words *words)
{
	for (size_t i = 0; i < words->n; i++)
		free(words->v[i]);
	free(words->v);
	*words = (struct words){ 0 };
}

#define vnm_autowords __attribute__((cleanup(words_clear)))

static bool has(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (!strcmp(words->v[i], word))
			return true;
	return false;
}

static void add(struct words *words, const char *word)
{
	if (has(words, word))
		return;
	words->v = vnm_array_add(words->v, &words->n, sizeof(*words->v));
	words->v[words->n - 1] = vnm_strdup(word);
}

/* The version is as long as it looks like one, and may end a sentence. */
static void add_since(struct words *words, const char *word, const char *version)
{
	size_t len = strspn(version, "0123456789.");
	vnm_autofree char *since = NULL;

	if (len > 0 && version[len - 1] == '.')
		len--;
	since = vnm_asprintf("%s since %.*s", word, (int)len, version);
	add(words, since);
}

/* Prints what is amiss, and fails once for each. */
static void missing(const char *where, const char *word)
{
	printf("\n    not in %s: %s", where, word);
	CU_FAIL("a word is missing");
}

static const char *prefix_of(const char *uri)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(namespaces); i++)
		if (uri && !strcmp(uri, namespaces[i].uri))
			return namespaces[i].prefix;
	return NULL;
}

/* A path with one more name. @mark: '/' or '@' */
static char *join(const char *path, char mark, const char *prefix, const char *name)
{
	return vnm_asprintf("%s%.*s%s%s%s", path, *path ? 1 : 0, &mark, prefix ?: "",
			    prefix ? ":" : "", name);
}

/* ---- the schema ---- */

/** struct schema - the files of schemas/, and what was found in them. */
struct schema {
	xmlDoc *docs[16];
	size_t n_docs;
	struct words words;
};

static void schema_clear(struct schema *schema)
{
	for (size_t i = 0; i < schema->n_docs; i++)
		xmlFreeDoc(schema->docs[i]);
	words_clear(&schema->words);
}

#define vnm_autoschemafiles __attribute__((cleanup(schema_clear)))

static bool is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, BAD_CAST name);
}

static xmlNode *find_define(const struct schema *schema, const xmlChar *name)
{
	for (size_t i = 0; i < schema->n_docs; i++) {
		xmlNode *node = xmlDocGetRootElement(schema->docs[i])->children;

		for (; node; node = node->next) {
			vnm_autofree xmlChar *is_name = xmlGetNoNsProp(node, BAD_CAST "name");

			if (is(node, "define") && xmlStrEqual(is_name, name))
				return node;
		}
	}
	printf("\n    the schema has no <define name='%s'>", (const char *)name);
	CU_FAIL_FATAL("a define is missing");
	return NULL;
}

/* An element's namespace is that of the nearest element of the schema that names one; an attribute's its own. */
static const char *schema_prefix(const xmlNode *node)
{
	bool inherited = is(node, "element");

	for (; node && node->type == XML_ELEMENT_NODE; node = inherited ? node->parent : NULL) {
		vnm_autofree xmlChar *uri = xmlGetNoNsProp(node, BAD_CAST "ns");

		if (uri)
			return prefix_of((const char *)uri);
	}
	return NULL;
}

static void walk_schema(struct schema *schema, const xmlNode *node, const char *path,
			const xmlChar *since);

static void walk_named(struct schema *schema, const xmlNode *node, const char *path,
		       const xmlChar *since)
{
	vnm_autofree xmlChar *name = xmlGetNoNsProp(node, BAD_CAST "name");
	vnm_autofree char *word = NULL;

	if (!name)
		return; /* of any name: other people's */
	word = join(path, is(node, "element") ? '/' : '@', schema_prefix(node), (char *)name);
	add(&schema->words, word);
	if (since)
		add_since(&schema->words, word, (const char *)since);
	walk_schema(schema, node, word, NULL);
}

/* @since: the mark of what surrounds the node */
static void walk_schema(struct schema *schema, const xmlNode *node, const char *path,
			const xmlChar *since)
{
	for (const xmlNode *child = node->children; child; child = child->next) {
		vnm_autofree xmlChar *own =
			xmlGetNsProp(child, BAD_CAST "libvirt", BAD_CAST MARK_NS);
		const xmlChar *mark = own ?: since;

		if (is(child, "element") || is(child, "attribute")) {
			walk_named(schema, child, path, mark);
		} else if (is(child, "ref")) {
			vnm_autofree xmlChar *name = xmlGetNoNsProp(child, BAD_CAST "name");

			walk_schema(schema, find_define(schema, name), path, mark);
		} else if (is(child, "value") && mark) {
			add_since(&schema->words, path, (const char *)mark);
		} else {
			walk_schema(schema, child, path, mark);
		}
	}
}

static void read_schema(struct schema *schema)
{
	vnm_autofree char *pattern = vnm_asprintf("%s/schemas/*.rng", vnm_test_srcdir());
	glob_t files;

	CU_ASSERT_EQUAL_FATAL(glob(pattern, 0, NULL, &files), 0);
	CU_ASSERT_FATAL(files.gl_pathc <= VNM_ARRAY_SIZE(schema->docs));
	for (size_t i = 0; i < files.gl_pathc; i++) {
		schema->docs[i] = xmlReadFile(files.gl_pathv[i], NULL, XML_PARSE_NONET);
		CU_ASSERT_PTR_NOT_NULL_FATAL(schema->docs[i]);
		schema->n_docs++;
	}
	globfree(&files);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(roots); i++)
		walk_schema(schema, find_define(schema, BAD_CAST roots[i]->name), "", NULL);
	CU_ASSERT(schema->words.n > 200);
}

#endif
