/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_language.c - the language is the same in the schema, in the tables of the parser, and in the definitions that are
 * compared with libvirt's. What a word of it is: language.h.
 */
#include "language.h"

#include <fcntl.h>

#include "util/file.h"
#include "xml/document.h"

const char vnm_suite[] = "language";

/* ---- the tables ---- */

static void walk_table(struct words *words, const struct vnm_element *elem, const char *path)
{
	vnm_autofree char *word = join(path, '/', elem->ns ? elem->ns->prefix : NULL, elem->name);

	add(words, word);
	for (size_t i = 0; i < elem->n_fields; i++) {
		const struct vnm_field *field = &elem->fields[i];
		const char *prefix = field->ns ? field->ns->prefix : NULL;
		vnm_autofree char *inner = NULL;

		if (field->element) {
			walk_table(words, field->element, word);
		} else if (field->kind != VNM_FIELD_TEXT) {
			inner = join(word, field->kind == VNM_FIELD_ATTR ? '@' : '/', prefix,
				     field->name);
			add(words, inner);
		}
	}
}

static void the_tables(void)
{
	vnm_autoschemafiles struct schema schema = { 0 };
	vnm_autowords struct words tables = { 0 };

	read_schema(&schema);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(roots); i++)
		walk_table(&tables, roots[i], "");
	for (size_t i = 0; i < schema.words.n; i++)
		if (!strstr(schema.words.v[i], " since ") && !has(&tables, schema.words.v[i]))
			missing("the tables", schema.words.v[i]);
	for (size_t i = 0; i < tables.n; i++)
		if (!has(&schema.words, tables.v[i]))
			missing("the schema", tables.v[i]);
}

/* ---- the definitions that libvirt is asked about ---- */

static void walk_document(struct words *words, const xmlNode *node, const char *path)
{
	const char *prefix = node->ns ? prefix_of((const char *)node->ns->href) : NULL;
	vnm_autofree char *word = join(path, '/', prefix, (const char *)node->name);

	add(words, word);
	for (const xmlAttr *attr = node->properties; attr; attr = attr->next) {
		vnm_autofree char *at = NULL;

		prefix = attr->ns ? prefix_of((const char *)attr->ns->href) : NULL;
		at = join(word, '@', prefix, (const char *)attr->name);
		add(words, at);
	}
	for (const xmlNode *child = node->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE)
			walk_document(words, child, word);
}

/* What the reader refuses has no contents that could be compared. */
static bool read_document(struct words *words, const char *text)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autoport struct vnm_port port = { 0 };
	struct vnm_error err = { 0 };
	size_t len = strlen(text);
	vnm_autodoc xmlDoc *doc = NULL;

	if (vnm_network_xml_parse(text, len, "case", &net, &err) < 0 &&
	    vnm_port_xml_parse(text, len, "case", &port, &err) < 0)
		return false;
	CU_ASSERT_EQUAL_FATAL(vnm_document_parse(text, len, "case", &doc, &err), 0);
	walk_document(words, xmlDocGetRootElement(doc), "");
	return true;
}

/* See tests/parity/split.awk: lines with a mark in front are beside the definition; a port's stands in one line. */
static int read_cases(struct words *words, char *text)
{
	vnm_autobuf struct vnm_buf definition = { 0 };
	char *line, *rest = text;
	int n = 0;

	while ((line = strsep(&rest, "\n"))) {
		if (!strncmp(line, "== ", 3)) {
			n += read_document(words, vnm_buf_str(&definition));
			vnm_buf_clear(&definition);
		} else if (!strncmp(line, "@ ", 2)) {
			n += read_document(words, line + 2);
		} else if (strncmp(line, "? ", 2) != 0 && strncmp(line, "+ ", 2) != 0 &&
			   (*line || definition.len > 0)) {
			vnm_buf_printf(&definition, "%s\n", line);
		}
	}
	return n + read_document(words, vnm_buf_str(&definition));
}

static void the_comparison(void)
{
	vnm_autofree char *pattern =
		vnm_asprintf("%s/tests/parity/definitions/*.txt", vnm_test_srcdir());
	vnm_autoschemafiles struct schema schema = { 0 };
	vnm_autowords struct words cases = { 0 };
	glob_t files;
	int n = 0;

	read_schema(&schema);
	CU_ASSERT_EQUAL_FATAL(glob(pattern, 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		vnm_autofree char *text = NULL;
		size_t len;

		CU_ASSERT_EQUAL_FATAL(
			vnm_file_read(AT_FDCWD, files.gl_pathv[i], FILE_MAX, &text, &len), 0);
		n += read_cases(&cases, text);
	}
	globfree(&files);
	CU_ASSERT(n > 400);
	for (size_t i = 0; i < schema.words.n; i++)
		/* libvirt has none of ours. */
		if (!strstr(schema.words.v[i], " since ") && !strstr(schema.words.v[i], "vnm:") &&
		    !has(&cases, schema.words.v[i]))
			missing("tests/parity/definitions", schema.words.v[i]);
}

const struct vnm_test vnm_tests[] = {
	{ "the tables", the_tables },
	{ "the comparison", the_comparison },
	{ 0 },
};
