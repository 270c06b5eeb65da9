/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_hostile.c - every field of the vocabulary, with what somebody might put into it who means harm.
 *
 * The fields are taken from the definitions of tests/data that are accepted, and held against the tables: a new field
 * without a definition that has it is a failure here. Whatever is still accepted with a hostile value must keep the
 * promises of tests/fuzz/fuzz.c: one line stays one line for dnsmasq, no option comes that nobody asked for, an
 * operation is one line of the journal, and the definition is printed so that it is read as the same again.
 * VNM_HOSTILE=N adds N random values a field.
 */
#include "runner.h"

#include <dirent.h>
#include <fcntl.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../fuzz/fuzz.h"
#include "model/validate.h"
#include "plan/dnsmasq/dnsmasq_line.h"
#include "util/file.h"
#include "util/mem.h"
#include "xml/vocabulary.h"

const char vnm_suite[] = "hostile";

#define SEEN_MAX 2 /* definitions in which a field is tried */
#define RANDOM 24 /* values a field, without VNM_HOSTILE */

#define X8 "xxxxxxxx"
#define X64 X8 X8 X8 X8 X8 X8 X8 X8
#define X512 X64 X64 X64 X64 X64 X64 X64 X64

/* Put in place of a value, and behind the value that is there. */
static const char *const hostile[] = {
	"",
	" ",
	"\n",
	"\ndhcp-script=/x",
	"x\ndhcp-script=/x\n",
	"\r\ndhcp-script=/x",
	"\rdhcp-script=/x",
	"\tx",
	"\vx",
	"\fx",
	"\x01",
	"\x1b[31m",
	"\x7f",
	"\"",
	"\"\n\"",
	"\"x\",\"y",
	"\"x\"\"y\"",
	"\"x\" # y",
	"\"x\\\",dhcp-script=/x",
	"\\",
	"\\ndhcp-script=/x",
	"#",
	" # x",
	"x #",
	",",
	",x",
	",set:x",
	"ignore",
	",ignore",
	"/",
	"/x/#",
	"//",
	"/../../etc/passwd",
	"../../x",
	".",
	"..",
	"=",
	"=dhcp-script=/x",
	"dhcp-script=/x",
	"-x",
	"--dhcp-script=/x",
	"dhcp-scr\"ip\"t=/x",
	"\"dhcp-script\"=/x",
	"\"dhcp-script=/x\"",
	"*",
	"%s%s%s%n",
	"%d",
	"$(x)",
	"`x`",
	";x",
	"|x",
	"&x",
	"<x/>",
	"'",
	"]]>",
	"<!--",
	"\xc3\xa9",
	"\xe2\x80\xae"
	"gpj",
	"\xe2\x80\xa8",
	"\xef\xbb\xbf",
	"\xff\xfe",
	"\xc0\x8a",
	"0",
	"-1",
	"00",
	"0x10",
	"1e3",
	"65536",
	"4294967296",
	"18446744073709551616",
	"99999999999999999999999999",
	"::1%lo",
	"[::1]",
	"127.0.0.1",
	"0.0.0.0/0",
	X64,
	X64 X64 X64 X64,
	X512,
	X512 X512 "dhcp-script=/x",
	X512 X512 "\ndhcp-script=/x",
	X512 X512 X512 X512,
};

/** struct place - a field, in a definition that has it. */
struct place {
	char *path; /* network/ip/@address, network/name */
	xmlNode *node; /* an attribute or an element with text */
};

/** struct world - all definitions that are accepted, and the places in them. */
struct world {
	xmlDoc **docs;
	size_t n_docs;
	struct place *places;
	size_t n_places;
	unsigned long runs, accepted;
};

static bool accepts(const char *text, size_t len, struct vnm_network *net)
{
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };
	int r = vnm_network_xml_parse(text, len, "in.xml", net, &err);

	if (r == 0)
		r = vnm_network_validate(net, &warnings, &err);
	if (r == 0)
		r = vnm_network_xml_check(text, len, "in.xml", vnm_fuzz_schema(), &err);
	vnm_warnings_clear(&warnings);
	CU_ASSERT((r < 0) == (err.code != VNM_ERR_NONE && err.msg[0]));
	CU_ASSERT(!err.msg[strcspn(err.msg, "\n")]);
	return r == 0;
}

/* ---- The places ---- */

static void add_place(struct world *world, const char *path, xmlNode *node)
{
	int seen = 0;

	for (size_t i = 0; i < world->n_places; i++)
		seen += !strcmp(world->places[i].path, path);
	if (seen == SEEN_MAX)
		return;
	world->places = vnm_array_add(world->places, &world->n_places, sizeof(*world->places));
	world->places[world->n_places - 1] = (struct place){ vnm_strdup(path), node };
}

static void add_places(struct world *world, const char *above, xmlNode *node)
{
	for (; node; node = node->next) {
		vnm_autofree char *path = NULL;

		if (node->type != XML_ELEMENT_NODE)
			continue;
		path = vnm_asprintf("%s%s%s", above, *above ? "/" : "", (const char *)node->name);
		if (node->children && node->children->type == XML_TEXT_NODE &&
		    !xmlIsBlankNode(node->children))
			add_place(world, path, node);
		for (xmlAttr *attr = node->properties; attr; attr = attr->next) {
			vnm_autofree char *name =
				vnm_asprintf("%s/@%s", path, (const char *)attr->name);

			add_place(world, name, (xmlNode *)attr);
		}
		add_places(world, path, node->children);
	}
}

static void add_case(struct world *world, int data, const char *name)
{
	vnm_autofree char *file = vnm_asprintf("%s/in.xml", name);
	vnm_autofree char *refused = vnm_asprintf("%s/error.txt", name);
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autofree char *text = NULL;
	xmlDoc *doc;
	size_t len;

	if (faccessat(data, refused, F_OK, 0) == 0 ||
	    vnm_file_read(data, file, 4 * VNM_XML_MAX, &text, &len) < 0 ||
	    !accepts(text, len, &net))
		return;
	doc = xmlReadMemory(text, (int)len, name, NULL, XML_PARSE_NONET | XML_PARSE_NOWARNING);
	CU_ASSERT_FATAL(doc != NULL);
	world->docs = vnm_array_add(world->docs, &world->n_docs, sizeof(*world->docs));
	world->docs[world->n_docs - 1] = doc;
	add_places(world, "", xmlDocGetRootElement(doc));
}

static void load(struct world *world)
{
	vnm_autofree char *path = vnm_asprintf("%s/tests/data", vnm_test_srcdir());
	vnm_autoclose int data = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort);

	CU_ASSERT_FATAL(n > 0);
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.')
			add_case(world, data, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

static void unload(struct world *world)
{
	for (size_t i = 0; i < world->n_docs; i++)
		xmlFreeDoc(world->docs[i]);
	for (size_t i = 0; i < world->n_places; i++)
		free(world->places[i].path);
	free(world->docs);
	free(world->places);
}

#define autoworld __attribute__((cleanup(unload)))

/* ---- One value in one place ---- */

static void set(xmlNode *node, const char *value)
{
	xmlNode *text = xmlNewText((const xmlChar *)value);

	if (node->type == XML_ATTRIBUTE_NODE) {
		xmlAttr *attr = (xmlAttr *)node;

		xmlFreeNodeList(attr->children);
		attr->children = attr->last = NULL;
	} else {
		xmlNodeSetContent(node, NULL);
	}
	xmlAddChild(node, text);
}

static void ignore_message(void *data, const char *fmt, ...)
{
	(void)data, (void)fmt;
}

static void attempt(struct world *world, const struct place *place, const char *value)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	xmlChar *text = NULL;
	int len = 0;

	set(place->node, value);
	/* It has its doubts about some of these characters, and writes them. */
	xmlSetGenericErrorFunc(NULL, ignore_message);
	xmlDocDumpMemory(place->node->doc, &text, &len);
	world->runs++;
	if (accepts((const char *)text, (size_t)len, &net)) {
		world->accepted++;
		vnm_fuzz_accepted(&net, (unsigned)world->runs);
	}
	xmlFree(text);
}

/* Bytes that mean something, in any order, between letters; of any length up to a line's and a little more. */
static void random_value(unsigned *seed, char *text, size_t size)
{
	static const char bytes[] = "\n\r\t \"\\#,/=%.:-_;'\x01\x7f"
				    "abcdefghijklmnop0123456789";
	size_t len = (size_t)rand_r(seed) % (rand_r(seed) % 4 ? 24 : size);

	for (size_t i = 0; i < len; i++)
		text[i] = bytes[(size_t)rand_r(seed) % (sizeof(bytes) - 1)];
	text[len] = '\0';
}

static void attempt_all(struct world *world, const struct place *place, long random)
{
	xmlChar *old = xmlNodeGetContent(place->node);
	unsigned seed = 1;
	char text[1100];

	for (size_t i = 0; i < VNM_ARRAY_SIZE(hostile); i++) {
		vnm_autofree char *behind = vnm_asprintf("%s%s", (char *)old, hostile[i]);

		attempt(world, place, hostile[i]);
		attempt(world, place, behind);
	}
	/* The end of dnsmasq's line is somewhere here, whatever stands before the value. */
	for (int len = 960; len < 1030; len++) {
		snprintf(text, sizeof(text), "%.*s" X512 X512, (int)strcspn((char *)old, "%"),
			 (char *)old);
		text[len] = '\0';
		attempt(world, place, text);
	}
	for (long i = 0; i < random; i++) {
		random_value(&seed, text, sizeof(text) - 1);
		attempt(world, place, text);
	}
	set(place->node, (char *)old);
	xmlFree(old);
}

static void test_fields(void)
{
	autoworld struct world world = { 0 };
	const char *more = getenv("VNM_HOSTILE");

	load(&world);
	for (size_t i = 0; i < world.n_places; i++)
		attempt_all(&world, &world.places[i], more ? atol(more) : RANDOM);
	printf(" %zu places, %lu values, %lu accepted", world.n_places, world.runs, world.accepted);
	CU_ASSERT(world.accepted > 0 && world.accepted < world.runs);
}

/* ---- Is there a place for every field? ---- */

static bool has_place(const struct world *world, const char *path)
{
	for (size_t i = 0; i < world->n_places; i++)
		if (!strcmp(world->places[i].path, path))
			return true;
	return false;
}

/* Elements that several others have are one table: to try a row of it once is enough. */
struct rows {
	const struct vnm_field **items;
	size_t n;
};

static bool is_tried(const struct rows *tried, const struct vnm_field *field)
{
	for (size_t i = 0; i < tried->n; i++)
		if (tried->items[i] == field)
			return true;
	return false;
}

/* Other people's, output only, or of ports only: <bandwidth> is one table for both. */
static bool is_never_read(const struct vnm_field *field)
{
	return field->kind == VNM_FIELD_VERBATIM || (field->flags & VNM_FIELD_OUTPUT) ||
	       (field->name && !strcmp(field->name, "floor"));
}

/* @tried: gets the rows that are tried, if it is @missing that is NULL; otherwise what is not among them is missing. */
static void walk(const struct world *world, const char *path, const struct vnm_element *elem,
		 struct rows *tried, struct vnm_buf *missing)
{
	for (size_t i = 0; i < elem->n_fields; i++) {
		const struct vnm_field *field = &elem->fields[i];
		const char *name = field->kind == VNM_FIELD_TEXT ? "" : field->name;
		const char *sign = field->kind == VNM_FIELD_ATTR ? "/@" : *name ? "/" : "";
		vnm_autofree char *below = vnm_asprintf("%s%s%s", path, sign, name);

		if (field->kind == VNM_FIELD_CHILD || field->kind == VNM_FIELD_LIST) {
			walk(world, below, field->element, tried, missing);
		} else if (missing) {
			if (!is_never_read(field) && !is_tried(tried, field))
				vnm_buf_printf(missing, "%s\n", below);
		} else if (has_place(world, below)) {
			tried->items =
				vnm_array_add(tried->items, &tried->n, sizeof(*tried->items));
			tried->items[tried->n - 1] = field;
		}
	}
}

static void test_complete(void)
{
	autoworld struct world world = { 0 };
	vnm_autobuf struct vnm_buf missing = { 0 };
	struct rows tried = { 0 };

	load(&world);
	walk(&world, "network", &vnm_element_network, &tried, NULL);
	walk(&world, "network", &vnm_element_network, &tried, &missing);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&missing), "");
	free(tried.items);
}

/* ---- What was possible in libvirt 9.0, by name ---- */

#define NET(part)                                                                                  \
	"<network><name>t</name><bridge name='b'/>" part "<ip address='192.168.77.1' prefix='24'>" \
	"<dhcp><range start='192.168.77.2' end='192.168.77.9'/></dhcp></ip></network>"

static void refused(const char *xml)
{
	vnm_autonetwork struct vnm_network net = { 0 };

	if (accepts(xml, strlen(xml), &net)) {
		printf("\naccepted: %.200s\n", xml);
		CU_FAIL("accepted");
	}
}

/* A line break in a name is a line of the configuration. */
static void test_newline(void)
{
	refused(NET("<domain name='lab&#10;dhcp-script=/x'/>"));
	refused(NET("<domain name='lab&#13;dhcp-script=/x'/>"));
	refused(NET("<domain name='lab\ndhcp-script=/x'/><dns enable='no'/>"));
	refused(NET("<dns><txt name='a&#10;dhcp-script=/x' value='b'/></dns>"));
	refused(NET("<dns><txt name='a' value='b&#10;dhcp-script=/x'/></dns>"));
	refused(NET("<dns><srv service='a&#10;b' protocol='tcp'/></dns>"));
	refused(NET("<dns><host ip='10.0.0.2'><hostname>a&#10;b</hostname></host></dns>"));
	refused(NET("<dns><forwarder domain='a&#10;dhcp-script=/x' addr='192.0.2.1'/></dns>"));
}

static void text_of(size_t bytes, struct vnm_buf *out)
{
	while (out->len < bytes)
		vnm_buf_addc(out, 'x');
}

/* What stands behind byte 1024 of a line is a line of its own to dnsmasq. "txt-record=a," are 13 of them. */
static void test_byte_1024(void)
{
	for (size_t len = 1000; len < 1030; len++) {
		vnm_autonetwork struct vnm_network net = { 0 };
		vnm_autobuf struct vnm_buf value = { 0 };
		vnm_autofree char *xml = NULL;

		text_of(len, &value);
		xml = vnm_asprintf(NET("<dns><txt name='a' value='%s'/></dns>"), value.data);
		if (!accepts(xml, strlen(xml), &net)) {
			CU_ASSERT(len + 13 > VNM_DNSMASQ_LINE_MAX);
			continue;
		}
		CU_ASSERT(len + 13 <= VNM_DNSMASQ_LINE_MAX);
		vnm_fuzz_accepted(&net, 0);
	}
}

static void test_behind_1024(void)
{
	vnm_autobuf struct vnm_buf value = { 0 };
	vnm_autofree char *xml = NULL, *host = NULL;

	text_of(1024 - 13, &value);
	xml = vnm_asprintf(NET("<dns><txt name='a' value='%sdhcp-script=/x'/></dns>"), value.data);
	refused(xml);
	host = vnm_asprintf(
		"<network><name>t</name><ip address='192.168.77.1' prefix='24'><tftp root='/%s"
		"dhcp-script=/x'/></ip></network>",
		value.data);
	refused(host);
}

const struct vnm_test vnm_tests[] = {
	{ "a newline in a name", test_newline },
	{ "a line of 1024 bytes", test_byte_1024 },
	{ "an option behind byte 1024", test_behind_1024 },
	{ "every field has a place", test_complete },
	{ "every field", test_fields },
	{ 0 },
};
