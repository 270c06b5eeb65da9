/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_metadata.c - <metadata> taken apart by namespace; its elements read, set and removed. */
#include "runner.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"
#include "xml/metadata.h"

const char vnm_suite[] = "metadata";

static void splits(const char *metadata, const struct vnm_metadata_part *should, size_t n_should)
{
	struct vnm_metadata_part *parts;
	size_t n;

	vnm_metadata_split(metadata, &parts, &n);
	VNM_ASSERT_INT_EQ_FATAL(n, n_should);
	for (size_t i = 0; i < n; i++) {
		VNM_ASSERT_STR_EQ(parts[i].uri, should[i].uri);
		VNM_ASSERT_STR_EQ(parts[i].text, should[i].text);
		VNM_ASSERT_STR_EQ(vnm_metadata_find(parts, n, should[i].uri), should[i].text);
	}
	VNM_ASSERT_STR_EQ(vnm_metadata_find(parts, n, "urn:other"), NULL);
	vnm_metadata_parts_free(parts, n);
}

static void test_nothing(void)
{
	splits(NULL, NULL, 0);
	splits("<metadata/>", NULL, 0);
	splits("<metadata> text <!-- note --> </metadata>", NULL, 0);
	splits("<metadata", NULL, 0);
}

static void test_each_its_own(void)
{
	static const struct vnm_metadata_part should[] = {
		{ "urn:a", "<a:x xmlns:a=\"urn:a\"><a:y>1</a:y></a:x>" },
		{ "urn:b", "<x xmlns=\"urn:b\"/>" },
	};

	splits("<metadata>\n <a:x xmlns:a='urn:a'><a:y>1</a:y></a:x>\n <x xmlns='urn:b'/>\n"
	       "</metadata>",
	       should, VNM_ARRAY_SIZE(should));
}

static void test_several_of_one(void)
{
	static const struct vnm_metadata_part should[] = {
		{ "urn:a", "<p:x xmlns:p=\"urn:a\"/><q:z xmlns:q=\"urn:a\">2</q:z>" },
		{ "", "<plain/>" },
	};

	splits("<metadata><p:x xmlns:p='urn:a'/><plain/><q:z xmlns:q='urn:a'>2</q:z></metadata>",
	       should, VNM_ARRAY_SIZE(should));
}

/* ---- one element ---- */

/* @should NULL: there is none. */
static void shows(const char *metadata, const char *uri, const char *should)
{
	vnm_autofree char *text = NULL;
	struct vnm_error err = { 0 };
	int r = vnm_metadata_get(metadata, uri, &text, &err);

	VNM_ASSERT_STR_EQ(text, should);
	if (should) {
		VNM_ASSERT_OK(r, err);
		return;
	}
	VNM_ASSERT_INT_EQ(r, -ENOENT);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_STATE);
}

/* Returns the whole, allocated; NULL when it was refused. */
static char *set(const char *metadata, const char *uri, const char *key, const char *xml)
{
	struct vnm_error err = { 0 };
	char *ret = NULL;

	return vnm_metadata_set(metadata, uri, key, xml, &ret, &err) == 0 ? ret : NULL;
}

static void refuses(const char *uri, const char *key, const char *xml, enum vnm_err code,
		    const char *word)
{
	struct vnm_error err = { 0 };
	char *ret = NULL;

	VNM_ASSERT_INT_EQ(vnm_metadata_set(NULL, uri, key, xml, &ret, &err), -EINVAL);
	VNM_ASSERT_INT_EQ(err.code, code);
	VNM_ASSERT_STR_EQ(ret, NULL);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, word));
}

static void test_none(void)
{
	shows(NULL, "urn:x", NULL);
	shows("<metadata/>", "urn:x", NULL);
	shows("<metadata><a:a xmlns:a='urn:a'><x:x xmlns:x='urn:x'/></a:a></metadata>", "urn:x",
	      NULL);
}

static void test_without_namespace(void)
{
	shows("<metadata><k:a xmlns:k='urn:x' n='1'><k:b>t</k:b></k:a></metadata>", "urn:x",
	      "<a n=\"1\">\n  <b>t</b>\n</a>");
	shows("<metadata><a xmlns='urn:x'><b/></a></metadata>", "urn:x", "<a>\n  <b/>\n</a>");
	shows("<metadata><k:a xmlns:k='urn:x'><j:b xmlns:j='urn:x'/></k:a></metadata>", "urn:x",
	      "<a>\n  <b/>\n</a>");
}

/* What others declared further up is declared where it is used. */
static void test_declared_above(void)
{
	shows("<metadata xmlns:k='urn:x' xmlns:o='urn:o'><k:a><o:b o:c='1'/></k:a></metadata>",
	      "urn:x", "<a xmlns:o=\"urn:o\">\n  <o:b o:c=\"1\"/>\n</a>");
}

/* An attribute that belongs to the namespace, a default, an element without: all would be something else after. */
static void test_as_it_is(void)
{
	static const char *const elements[] = {
		"<k:a xmlns:k=\"urn:x\" k:n=\"1\"/>",
		"<k:a xmlns:k=\"urn:x\" xmlns=\"urn:o\"/>",
		"<k:a xmlns:k=\"urn:x\"><b/>t</k:a>",
		"<a xmlns=\"urn:x\"><b xmlns=\"\"/>t</a>",
		"<k:a xmlns:k=\"urn:x\"><k:b k:n=\"1\" n=\"2\"/>t</k:a>",
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(elements); i++) {
		vnm_autofree char *text = vnm_asprintf("<metadata>%s</metadata>", elements[i]);

		shows(text, "urn:x", elements[i]);
	}
}

static void test_set(void)
{
	vnm_autofree char *one = set(NULL, "urn:x", "k", "<a n='1'><b>t</b></a>");
	vnm_autofree char *two = set(one, "urn:y", "k", "<c/>");
	vnm_autofree char *again = set(two, "urn:x", "j", "<d/>");

	VNM_ASSERT_STR_EQ(one, "<metadata>\n"
			       "    <k:a xmlns:k=\"urn:x\" n=\"1\">\n"
			       "      <k:b>t</k:b>\n"
			       "    </k:a>\n"
			       "  </metadata>");
	VNM_ASSERT_STR_EQ(again, "<metadata>\n"
				 "    <j:d xmlns:j=\"urn:x\"/>\n"
				 "    <k:c xmlns:k=\"urn:y\"/>\n"
				 "  </metadata>");
}

/* What is shown can be set again, and is the same then. */
static void test_there_and_back(void)
{
	static const char *const elements[] = {
		"<k:a xmlns:k='urn:x' n='1'><k:b>t<!-- c --><k:d/></k:b></k:a>",
		"<k:a xmlns:o='urn:o' xmlns:k='urn:x' o:n='1'><o:b><k:c/></o:b></k:a>",
		"<k:a xmlns:k='urn:x' k:n='1' n='2'><b/><k:b/></k:a>",
		"<a xmlns='urn:x'><b xmlns=''/><c xmlns='urn:o'/><k:d xmlns:k='urn:x'/></a>",
		"<k:a xmlns:k='urn:x' xmlns='urn:o'><b/><k:c/></k:a>",
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(elements); i++) {
		vnm_autofree char *before = set(NULL, "urn:x", "k", elements[i]);
		vnm_autofree char *text = NULL, *after = NULL;
		struct vnm_error err = { 0 };

		VNM_ASSERT_OK_FATAL(vnm_metadata_get(before, "urn:x", &text, &err), err);
		after = set(before, "urn:x", "k", text);
		VNM_ASSERT_STR_EQ(after, before);
	}
}

static void test_refused(void)
{
	static const char *const keys[] = { "", "1", "a b", "a:b", "xml", "XMLx", "xmlns", "a\"" };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(keys); i++)
		refuses("urn:x", keys[i], "<a/>", VNM_ERR_USAGE, "prefix");
	refuses("urn:x", "k", "", VNM_ERR_XML_SYNTAX, "metadata");
	refuses("urn:x", "k", "text", VNM_ERR_XML_SYNTAX, "metadata:1");
	refuses("urn:x", "k", "<a>", VNM_ERR_XML_SYNTAX, "metadata:1");
	refuses("urn:x", "k", "<a/><b/>", VNM_ERR_XML_SYNTAX, "metadata:1");
	refuses("urn:x", "k", "<o:a/>", VNM_ERR_XML_SYNTAX, "metadata:1");
	refuses("urn:x", "k", "<!DOCTYPE a><a/>", VNM_ERR_XML_SYNTAX, "DOCTYPE");
	refuses("urn:x", "k", "<o:a xmlns:o='urn:o'/>", VNM_ERR_USAGE, "'urn:o', not to 'urn:x'");
	refuses("urn:x", "k", "<a xmlns:k='urn:o'/>", VNM_ERR_USAGE, "another key");
	refuses("urn:x", "k", "<a><b xmlns:k='urn:o'><c/></b></a>", VNM_ERR_USAGE, "another key");
}

static void removes(const char *metadata, const char *uri, const char *should)
{
	vnm_autofree char *rest = NULL;
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK(vnm_metadata_remove(metadata, uri, &rest, &err), err);
	VNM_ASSERT_STR_EQ(rest, should);
}

static void test_remove(void)
{
	static const char both[] =
		"<metadata><k:a xmlns:k='urn:x'/><k:b xmlns:k='urn:y'/></metadata>";

	removes(NULL, "urn:x", NULL);
	removes("<metadata><k:a xmlns:k='urn:x'/></metadata>", "urn:x", NULL);
	removes(both, "urn:x", "<metadata>\n    <k:b xmlns:k=\"urn:y\"/>\n  </metadata>");
	removes(both, "urn:z",
		"<metadata>\n    <k:a xmlns:k=\"urn:x\"/>\n    <k:b xmlns:k=\"urn:y\"/>\n"
		"  </metadata>");
}

const struct vnm_test vnm_tests[] = {
	{ "nothing", test_nothing },
	{ "each_its_own", test_each_its_own },
	{ "several_of_one", test_several_of_one },
	{ "none", test_none },
	{ "without_namespace", test_without_namespace },
	{ "declared_above", test_declared_above },
	{ "as_it_is", test_as_it_is },
	{ "set", test_set },
	{ "there_and_back", test_there_and_back },
	{ "refused", test_refused },
	{ "remove", test_remove },
	{ NULL, NULL },
};
