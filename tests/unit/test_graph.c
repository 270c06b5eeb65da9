/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_graph.c - pictures of networks: texts with characters that the languages of the pictures take for their own. */
#include "runner.h"

#include <stdio.h>
#include <string.h>

#include "graph/graph.h"
#include "graph/graph_formats.h"
#include "util/mem.h"

const char vnm_suite[] = "graph";

#define ODD "a&b \"<c>\" #\\ \u00e9"

static struct vnm_graph one_network(const char *name)
{
	struct vnm_graph graph = { .host = vnm_graph_text("h"), .n = 1 };
	struct vnm_graph_network *net = graph.networks = vnm_alloc(sizeof(*net));

	*net = (struct vnm_graph_network){ .name = vnm_graph_text(name),
					   .kind = vnm_strdup("NAT"),
					   .state = vnm_strdup("active"),
					   .outside = VNM_GRAPH_OUT,
					   .host = true };
	return graph;
}

static char *draw(const char *format, const char *name)
{
	vnm_autograph struct vnm_graph graph = one_network(name);
	struct vnm_buf out = { 0 };

	vnm_graph_format_find(format)->draw(&graph, &out);
	return vnm_buf_steal(&out);
}

static void has(const char *format, const char *name, const char *part)
{
	vnm_autofree char *text = draw(format, name);

	if (!strstr(text, part))
		printf("%s: no '%s' in\n%s", format, part, text);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, part));
}

static void test_own_characters(void)
{
	has("text", ODD, "+-- " ODD ": NAT, active\n");
	has("svg", ODD, ">a&amp;b \"&lt;c&gt;\" #\\ \u00e9</text>");
	has("dot", ODD, "label=\"a&b \\\"<c>\\\" #\\\\ \u00e9\"");
	has("mermaid", ODD, "[\"a#38;b #34;#60;c#62;#34; #35;#92; \u00e9\"]");
}

static void test_what_does_not_print(void)
{
	vnm_autofree char *text = vnm_graph_text("a\n\x1b\xff\u202e\u00e9");

	CU_ASSERT_STRING_EQUAL(text, "a\\x0a\\x1b\\xff\\xe2\\x80\\xae\u00e9");
}

/* 61 characters of two bytes each: the two in the middle are replaced by one. */
static void test_cut_by_characters(void)
{
	char name[2 * 61 + 1] = "";

	for (int i = 0; i < 61; i++)
		memcpy(name + 2 * i, "\u00e9", 2);
	has("svg", name, "\u00e9\u2026\u00e9");
	name[2 * 60] = '\0';
	has("svg", name, "\u00e9</text>");
}

static void test_no_networks(void)
{
	for (size_t i = 0; vnm_graph_formats[i].name; i++) {
		vnm_autograph struct vnm_graph graph = { .host = vnm_strdup("h") };
		vnm_autobuf struct vnm_buf out = { 0 };

		vnm_graph_formats[i].draw(&graph, &out);
		CU_ASSERT(out.len > 0);
	}
	CU_ASSERT_PTR_NULL(vnm_graph_format_find("png"));
}

const struct vnm_test vnm_tests[] = {
	{ "own_characters", test_own_characters },
	{ "what_does_not_print", test_what_does_not_print },
	{ "cut_by_characters", test_cut_by_characters },
	{ "no_networks", test_no_networks },
	{ 0 }
};
