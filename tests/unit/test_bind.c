/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_bind.c - the table engine, with a vocabulary of its own. */
#include "runner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/network.h"
#include "util/mem.h"
#include "xml/bind.h"
#include "xml/bind_print.h"
#include "xml/bind_read.h"
#include "xml/document.h"

const char vnm_suite[] = "bind";

struct leaf {
	struct vnm_at at;
	char *text;
	struct vnm_uint n;
};
struct inner {
	struct vnm_at at;
	char *s;
};
struct root {
	struct vnm_at at;
	struct vnm_uint live;
	char *s;
	struct vnm_uint n, zero;
	enum vnm_tristate yes;
	struct vnm_addr addr;
	struct vnm_mac mac;
	struct vnm_uuid uuid;
	char *note;
	struct inner inner;
	struct leaf *leaves;
	size_t n_leaves;
};

/* clang-format off */

#define AT(type, member) .offset = offsetof(struct type, member)
#define ELEMENT(var, pair) \
	static const struct vnm_element var##_element = { \
		#var, NULL, var##_rows, VNM_ARRAY_SIZE(var##_rows), pair }
#define ATTR .kind = VNM_FIELD_ATTR

static const struct vnm_field leaf_rows[] = {
	{ ATTR, .name = "n", .scalar = VNM_SCALAR_UINT, .min = 1, .max = 9,
	  .flags = VNM_FIELD_REQUIRED, AT(leaf, n) },
	{ .kind = VNM_FIELD_TEXT, .scalar = VNM_SCALAR_STRING, AT(leaf, text) },
};
ELEMENT(leaf, false);

static const struct vnm_field inner_rows[] = {
	{ ATTR, .name = "s", .scalar = VNM_SCALAR_STRING, AT(inner, s) },
};
ELEMENT(inner, true);

static const struct vnm_field root_rows[] = {
	{ ATTR, .name = "s", .scalar = VNM_SCALAR_STRING, AT(root, s) },
	{ ATTR, .name = "n", .scalar = VNM_SCALAR_UINT, .max = 100, AT(root, n) },
	{ ATTR, .name = "zero", .scalar = VNM_SCALAR_UINT, .max = 100,
	  .flags = VNM_FIELD_SKIP_ZERO, AT(root, zero) },
	{ ATTR, .name = "yes", .scalar = VNM_SCALAR_ENUM, AT(root, yes),
	  .table = &vnm_enum_tristate },
	{ ATTR, .name = "addr", .scalar = VNM_SCALAR_ADDR, AT(root, addr),
	  .expect = "an address of your choice" },
	{ ATTR, .name = "mac", .scalar = VNM_SCALAR_MAC, AT(root, mac) },
	{ ATTR, .name = "live", .scalar = VNM_SCALAR_UINT, .flags = VNM_FIELD_OUTPUT,
	  AT(root, live) },
	{ .kind = VNM_FIELD_CHILD_TEXT, .name = "uuid", .scalar = VNM_SCALAR_UUID, AT(root, uuid) },
	{ .kind = VNM_FIELD_CHILD_TEXT, .name = "note", .scalar = VNM_SCALAR_STRING,
	  AT(root, note) },
	{ .kind = VNM_FIELD_CHILD, .name = "inner", .element = &inner_element, AT(root, inner) },
	{ .kind = VNM_FIELD_LIST, .name = "leaf", .element = &leaf_element, AT(root, leaves),
	  .size = sizeof(struct leaf), .count_offset = offsetof(struct root, n_leaves) },
};
ELEMENT(root, false);

/* clang-format on */

static void root_clear(struct root *root)
{
	vnm_bind_clear(&root_element, root);
}
#define autoroot __attribute__((cleanup(root_clear)))

static int read_file(const char *xml, const char *file, struct root *root, struct vnm_error *err)
{
	vnm_autodoc xmlDoc *doc = NULL;
	int r = vnm_document_parse(xml, strlen(xml), "f", &doc, err);

	return r < 0 ? r : vnm_bind_read(&root_element, xmlDocGetRootElement(doc), file, root, err);
}

static void read_ok(const char *xml, struct root *root)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(read_file(xml, "f", root, &err), err);
}

static void refused(const char *xml, const char *msg)
{
	struct root root autoroot = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_INT_EQ(read_file(xml, "f", &root, &err), -EINVAL);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_XML_SCHEMA);
	VNM_ASSERT_STR_EQ(err.msg, msg);
}

static void printed(const struct root *root, const char *should)
{
	vnm_autobuf struct vnm_buf out = { 0 };

	vnm_bind_print(&root_element, root, 0, &out);
	VNM_ASSERT_STR_EQ(out.data, should);
}

static const char full[] =
	"<root s='text' n='0' zero='7' yes='no' addr='192.0.2.1' mac='52:54:00:12:34:56'>\n"
	"  <uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7</uuid>\n"
	"  <note>a &amp; b</note>\n"
	"  <inner s='x'>\n"
	"  </inner>\n"
	"  <leaf n='1'>one</leaf>\n"
	"  <leaf n='2'>two</leaf>\n"
	"  <leaf n='3'></leaf>\n"
	"</root>\n";

static void read_all(void)
{
	struct root root autoroot = { 0 };

	read_ok(full, &root);
	CU_ASSERT(root.at.present && root.inner.at.present);
	VNM_ASSERT_INT_EQ(root.at.line, 1);
	VNM_ASSERT_INT_EQ(root.inner.at.line, 4);
	VNM_ASSERT_STR_EQ(root.s, "text");
	CU_ASSERT(root.n.set && root.n.v == 0);
	CU_ASSERT(root.zero.set && root.zero.v == 7);
	VNM_ASSERT_INT_EQ(root.yes, VNM_TRI_NO);
	VNM_ASSERT_INT_EQ(root.addr.b[0], 192);
	CU_ASSERT(root.mac.set && root.uuid.set);
	VNM_ASSERT_STR_EQ(root.note, "a & b");
	VNM_ASSERT_STR_EQ(root.inner.s, "x");
	VNM_ASSERT_INT_EQ_FATAL(root.n_leaves, 3);
	VNM_ASSERT_STR_EQ(root.leaves[1].text, "two");
	VNM_ASSERT_INT_EQ(root.leaves[1].n.v, 2);
	VNM_ASSERT_INT_EQ(root.leaves[1].at.line, 7);
	VNM_ASSERT_STR_EQ(root.leaves[2].text, "");
	printed(&root, full);
}

static void nothing(void)
{
	struct root root autoroot = { 0 };

	read_ok("<root/>", &root);
	CU_ASSERT(root.at.present && !root.inner.at.present && !root.s && !root.n.set &&
		  !root.mac.set);
	CU_ASSERT(!root.uuid.set && !root.addr.family && !root.n_leaves && !root.leaves);
	printed(&root, "<root/>\n");
}

/* A number 0 that means none, what only libvirt prints, and an element that is always a pair. */
static void flags(void)
{
	struct root root autoroot = { 0 };

	read_ok("<root zero='0' live='anything at all'><inner/></root>", &root);
	CU_ASSERT(root.zero.set);
	printed(&root, "<root>\n  <inner>\n  </inner>\n</root>\n");
}

/* Comments, processing instructions, CDATA and other orders change nothing. */
static void noise(void)
{
	struct root root autoroot = { 0 };

	read_ok("<?xml version='1.0'?><!-- a --><root>\n"
		"<?pi x?><leaf n='1'>o<!-- b -->ne</leaf> <!-- c -->"
		"<inner s=\"x\"/><leaf n='2'><![CDATA[<two>]]></leaf>\n<note><!-- d -->"
		"&#65;</note></root><!-- e -->",
		&root);
	printed(&root,
		"<root>\n  <note>A</note>\n  <inner s='x'>\n  </inner>\n  <leaf n='1'>one</leaf>\n"
		"  <leaf n='2'>&lt;two&gt;</leaf>\n</root>\n");
}

static void escapes(void)
{
	struct root root autoroot = { 0 };
	struct root again autoroot = { 0 };
	vnm_autobuf struct vnm_buf out = { 0 };
	static const char nasty[] = "&<>\"' &amp; <a b='c'/> ]]> \xc3\xbc";

	root.at.present = true;
	root.s = vnm_strdup(nasty);
	root.note = vnm_strdup(nasty);
	vnm_bind_print(&root_element, &root, 0, &out);
	read_ok(out.data, &again);
	VNM_ASSERT_STR_EQ(again.s, nasty);
	VNM_ASSERT_STR_EQ(again.note, nasty);
	VNM_ASSERT_INT_EQ(again.n_leaves, 0);
	vnm_buf_clear(&out);
	vnm_bind_print(&root_element, &again, 2, &out);
	CU_ASSERT(!strncmp(out.data, "    <root s='&amp;&lt;&gt;&quot;&apos; ", 38));
}

static void values(void)
{
	refused("<root n='101'/>",
		"f:1: element <root>: attribute 'n': expected a number from 0 to 100, got '101'");
	refused("<root n=''/>",
		"f:1: element <root>: attribute 'n': expected a number from 0 to 100, got ''");
	refused("<root n='-1'/>",
		"f:1: element <root>: attribute 'n': expected a number from 0 to 100, got '-1'");
	refused("<root n=' 1'/>",
		"f:1: element <root>: attribute 'n': expected a number from 0 to 100, got ' 1'");
	refused("<root n='99999999999999999999'/>",
		"f:1: element <root>: attribute 'n': expected a number from 0 to "
		"100, got '99999999999999999999'");
	refused("<root yes='YES'/>",
		"f:1: element <root>: attribute 'yes': expected 'yes' or 'no', got 'YES'");
	refused("<root addr='x'/>",
		"f:1: element <root>: attribute 'addr': expected an address of your choice, got "
		"'x'");
	refused("<root mac='52:54'/>",
		"f:1: element <root>: attribute 'mac': expected a MAC address such as "
		"52:54:00:12:34:56, got '52:54'");
	refused("<root><uuid>zz</uuid></root>", "f:1: element <uuid>: expected a UUID, got 'zz'");
	refused("<root>\n<leaf n='0'/></root>",
		"f:2: element <leaf>: attribute 'n': expected a number from 1 to 9, got '0'");
}

/* A message shows the beginning of what is long, whole characters of it, in one line. */
static void strings(void)
{
	struct root root autoroot = { 0 };
	vnm_autobuf struct vnm_buf xml = { 0 };

	vnm_buf_add(&xml, "<root s='");
	for (int i = 0; i < 1023; i++)
		vnm_buf_addc(&xml, 'x');
	vnm_buf_add(&xml, "'/>");
	read_ok(xml.data, &root);
	VNM_ASSERT_INT_EQ(strlen(root.s), 1023);

	vnm_buf_clear(&xml);
	vnm_buf_add(&xml, "<root s='x");
	for (int i = 0; i < 600; i++)
		vnm_buf_add(&xml, "\xc3\xbc");
	vnm_buf_add(&xml, "'/>");
	refused(xml.data,
		"f:1: element <root>: attribute 's': expected text of at most 1023 bytes without "
		"control characters, got 'x"
		"üüüüüüüüüüüüüüüüüüüüüüüüüüüüü'");
	refused("<root s='a&#10;b'/>",
		"f:1: element <root>: attribute 's': expected text of at most 1023 bytes without "
		"control characters, got 'a?b'");
	refused("<root s='&#9;'/>",
		"f:1: element <root>: attribute 's': expected text of at most 1023 bytes without "
		"control characters, got '?'");
	refused("<root s='&#127;'/>",
		"f:1: element <root>: attribute 's': expected text of at most 1023 bytes without "
		"control characters, got '?'");
	refused("<root><note>a\nb</note></root>",
		"f:1: element <note>: expected text of at most 1023 bytes without "
		"control characters, got 'a?b'");
}

static void unknown_names(void)
{
	refused("<root frob='1'/>",
		"f:1: unknown attribute 'frob' in <root>; expected one of s, n, zero, yes, addr, "
		"mac");
	refused("<root>\n\n<frob/></root>",
		"f:3: unknown element <frob> in <root>; expected one of uuid, note, inner, leaf");
	refused("<root><inner><x/></inner></root>",
		"f:1: unknown element <x> in <inner>; expected none");
	refused("<root><leaf n='1'><x/></leaf></root>",
		"f:1: unknown element <x> in <leaf>; expected none");
	refused("<root><note a='1'/></root>",
		"f:1: unknown attribute 'a' in <note>; expected none");
	refused("<root><note><b/></note></root>",
		"f:1: unknown element <b> in <note>; expected none");
	refused("<root S='1'/>",
		"f:1: unknown attribute 'S' in <root>; expected one of s, n, zero, yes, addr, mac");
	/* the names are right, but they are somebody else's */
	refused("<root><leaf xmlns='urn:x' n='1'/></root>",
		"f:1: unknown element <leaf> of the namespace 'urn:x' in "
		"<root>; expected one of uuid, note, inner, leaf");
	refused("<root xmlns:a='urn:x' a:s='1'/>",
		"f:1: unknown attribute 's' of the namespace 'urn:x' in <root>; "
		"expected one of s, n, zero, yes, addr, mac");
}

static void structure(void)
{
	refused("<root>\n<inner/>\n<inner/></root>",
		"f:3: element <inner> may stand only once (first at line 2)");
	refused("<root><note/>\n<note/></root>",
		"f:2: element <note> may stand only once (first at line 1)");
	refused("<root>\n<leaf/></root>", "f:2: missing attribute 'n' in <leaf>");
	refused("<root>text</root>", "f:1: element <root> may not hold text");
	refused("<root><inner><![CDATA[x]]></inner></root>",
		"f:1: element <inner> may not hold text");
	refused("<root>\n<inner>x<!-- y --></inner></root>",
		"f:2: element <inner> may not hold text");
}

/* Without a file there is no place to name, as for XML that was not read from one. */
static void no_file(void)
{
	struct root root autoroot = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_INT_EQ(read_file("<root n='x'/>", NULL, &root, &err), -EINVAL);
	VNM_ASSERT_STR_EQ(
		err.msg, "element <root>: attribute 'n': expected a number from 0 to 100, got 'x'");
}

/* libxml2 keeps an element's line in 16 bits; beyond that the text in it gives the line. */
static void many_lines(void)
{
	vnm_autobuf struct vnm_buf xml = { 0 };

	vnm_buf_add(&xml, "<root>");
	for (int i = 0; i < 70000; i++)
		vnm_buf_addc(&xml, '\n');
	vnm_buf_add(&xml, "<inner>\n</inner>\n<frob>x</frob></root>");
	refused(xml.data,
		"f:70003: unknown element <frob> in <root>; expected one of uuid, note, inner, "
		"leaf");
}

/* What was read before the mistake is freed by the one who gave the struct (valgrind, ASan). */
static void half_read(void)
{
	struct root root = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_INT_EQ(
		read_file("<root s='x'><note>n</note><leaf n='1'>a</leaf><leaf n='2'>b<c/></leaf>"
			  "</root>",
			  "f", &root, &err),
		-EINVAL);
	VNM_ASSERT_INT_EQ(root.n_leaves, 2);
	root_clear(&root);
	CU_ASSERT(!root.s && !root.note && !root.leaves && !root.n_leaves && !root.at.present);
}

static void copy(void)
{
	struct root from = { 0 };
	struct root to autoroot = { 0 };

	read_ok(full, &from);
	vnm_bind_copy(&root_element, &from, &to);
	CU_ASSERT(to.s != from.s && to.note != from.note && to.leaves != from.leaves);
	CU_ASSERT_FATAL(to.n_leaves == 3);
	CU_ASSERT(to.leaves[0].text != from.leaves[0].text);
	VNM_ASSERT_INT_EQ(to.leaves[2].at.line, 8);
	root_clear(&from);
	printed(&to, full);
}

static void clear(void)
{
	struct root root = { 0 };
	const struct root zero = { 0 };

	read_ok(full, &root);
	root_clear(&root);
	CU_ASSERT(!memcmp(&root, &zero, sizeof(root)));
	read_ok(full, &root);
	printed(&root, full);
	root_clear(&root);
	root_clear(&root);
}

const struct vnm_test vnm_tests[] = {
	{ "read all", read_all },
	{ "nothing", nothing },
	{ "flags", flags },
	{ "noise", noise },
	{ "escapes", escapes },
	{ "values", values },
	{ "strings", strings },
	{ "unknown names", unknown_names },
	{ "structure", structure },
	{ "no file", no_file },
	{ "many lines", many_lines },
	{ "half read", half_read },
	{ "copy", copy },
	{ "clear", clear },
	{ 0 },
};
