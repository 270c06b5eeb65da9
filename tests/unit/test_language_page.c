/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_language_page.c - vnetmgr-network(5) describes the elements and attributes of the schema, each where it stands and
 * since when, and no others. Its table of attributes: test_attribute_table.c.
 */
#include "language.h"

#include <fcntl.h>

#include "util/file.h"

const char vnm_suite[] = "language_page";

/* Does a word end as another one, at a "/"? */
static bool ends_as(const char *word, const char *end)
{
	size_t len = strlen(word), end_len = strlen(end);

	return len >= end_len && !strcmp(word + len - end_len, end) &&
	       (len == end_len || word[len - end_len - 1] == '/');
}

/**
 * struct page - vnetmgr-network(5), line by line.
 *
 * Each element is an item of a list: ".It Sy <range>", and then a sentence that begins "In" and names those in which
 * it stands: ".Li <dhcp>", or, where that would not be clear, ".Li <host>" "of" ".Li <dns>". Its attributes are
 * the items of a list in it: ".It Cm start , Cm end"; lists in these have values. "The attributes are those of"
 * repeats another element's.
 *
 * @words:    what was read; paths begin where they are clear
 * @names:    those of the item
 * @paths:    they again, with those in which they stand
 * @subject:  what the text is about now: @paths, or attributes
 * @parents:  of the sentence that begins "In", and since when
 * @version:  for the next one of them
 */
struct page {
	struct words words, names, paths, subject;
	struct {
		char *path, *version;
	} parents[8];
	size_t n_parents;
	char *version;
	int depth, item_depth;
	bool in_sentence, of, those_of;
};

static void parents_clear(struct page *page)
{
	for (size_t i = 0; i < page->n_parents; i++) {
		free(page->parents[i].path);
		free(page->parents[i].version);
	}
	page->n_parents = 0;
	free(vnm_steal(&page->version));
}

static void page_clear(struct page *page)
{
	parents_clear(page);
	words_clear(&page->words);
	words_clear(&page->names);
	words_clear(&page->paths);
	words_clear(&page->subject);
}

#define vnm_autopage __attribute__((cleanup(page_clear)))

/* The names in a macro's arguments: "<mtu> , <ip>", "start , Cm end". */
static void take(struct words *words, char *arguments)
{
	char *word;

	while ((word = strsep(&arguments, " "))) {
		if (*word == '<') {
			word++;
			word[strcspn(word, ">")] = '\0';
		} else if (strcspn(word, ",.:;") == 0 || !strcmp(word, "Cm")) {
			continue;
		}
		add(words, word);
	}
}

static void about_elements(struct page *page)
{
	words_clear(&page->subject);
	for (size_t i = 0; i < page->paths.n; i++) {
		add(&page->subject, page->paths.v[i]);
		add(&page->words, page->paths.v[i]);
	}
}

static void about_attributes(struct page *page, const struct words *attributes)
{
	words_clear(&page->subject);
	for (size_t i = 0; i < page->paths.n; i++)
		for (size_t k = 0; k < attributes->n; k++) {
			vnm_autofree char *word =
				join(page->paths.v[i], '@', NULL, attributes->v[k]);

			add(&page->subject, word);
			add(&page->words, word);
		}
}

/* The sentence is over: it is known which elements the item is about. */
static void end_sentence(struct page *page)
{
	if (!page->in_sentence)
		return;
	page->in_sentence = false;
	for (size_t i = 0; i < page->n_parents; i++)
		for (size_t k = 0; k < page->names.n; k++) {
			vnm_autofree char *path =
				join(page->parents[i].path, '/', NULL, page->names.v[k]);

			add(&page->paths, path);
			if (page->parents[i].version)
				add_since(&page->words, path, page->parents[i].version);
		}
	about_elements(page);
	if (page->paths.n > 0)
		return;
	printf("\n    it is not said where <%s> stands", page->names.v[0]);
	CU_FAIL("an element of the page stands nowhere");
}

static void add_parent(struct page *page, const char *name)
{
	size_t last = page->n_parents;

	if (page->of && last > 0) {
		char *path = join(name, '/', NULL, page->parents[last - 1].path);

		free(page->parents[last - 1].path);
		page->parents[last - 1].path = path;
		return;
	}
	CU_ASSERT_FATAL(last < VNM_ARRAY_SIZE(page->parents));
	page->parents[last].path = vnm_strdup(name);
	page->parents[last].version = vnm_steal(&page->version);
	page->n_parents++;
}

/* The attributes of an element that was described before. */
static void repeat(struct page *page, const char *name)
{
	vnm_autowords struct words attributes = { 0 };

	for (size_t i = 0; i < page->words.n; i++) {
		const char *at = strchr(page->words.v[i], '@');
		vnm_autofree char *elem = NULL;

		if (!at || strchr(at, ' '))
			continue;
		elem = vnm_strndup(page->words.v[i], (size_t)(at - page->words.v[i]));
		if (ends_as(elem, name))
			add(&attributes, at + 1);
	}
	CU_ASSERT(attributes.n > 0);
	about_attributes(page, &attributes);
}

static void read_item(struct page *page, char *arguments)
{
	if (!strncmp(arguments, "Sy ", 3)) {
		words_clear(&page->names);
		words_clear(&page->paths);
		parents_clear(page);
		take(&page->names, arguments + 3);
		page->item_depth = page->depth;
		page->in_sentence = true;
	} else if (!strncmp(arguments, "Cm ", 3) && page->depth == page->item_depth + 1) {
		vnm_autowords struct words attributes = { 0 };

		end_sentence(page);
		take(&attributes, arguments + 3);
		about_attributes(page, &attributes);
	}
}

static void read_literal(struct page *page, char *arguments)
{
	vnm_autowords struct words names = { 0 };

	if (*arguments != '<')
		return;
	take(&names, arguments);
	if (page->in_sentence)
		for (size_t i = 0; i < names.n; i++)
			add_parent(page, names.v[i]);
	else if (page->those_of)
		repeat(page, names.v[0]);
}

static void read_text(struct page *page, const char *line)
{
	const char *since = strcasestr(line, "since libvirt ");

	page->of = !strcmp(line, "of");
	page->those_of = strstr(line, "attributes are those of");
	if (page->in_sentence && !strncmp(line, "The root.", 9))
		for (size_t i = 0; i < page->names.n; i++)
			add(&page->paths, page->names.v[i]);
	if (!since)
		return;
	since += strlen("since libvirt ");
	if (page->in_sentence) {
		free(page->version);
		page->version = vnm_strdup(since);
	}
	for (size_t i = 0; !page->in_sentence && i < page->subject.n; i++)
		add_since(&page->words, page->subject.v[i], since);
}

/* Behind its attributes the text is about the element again, and behind the elements about none. */
static void end_list(struct page *page)
{
	page->depth--;
	if (page->depth == page->item_depth)
		about_elements(page);
	else if (page->depth < page->item_depth)
		words_clear(&page->subject);
}

static void read_line(void *ctx, char *line)
{
	struct page *page = ctx;
	size_t len = strlen(line);
	bool ends = len > 0 && strchr(".:", line[len - 1]);

	if (!strncmp(line, ".Bl", 3))
		page->depth++;
	else if (!strncmp(line, ".El", 3))
		end_list(page);
	else if (!strncmp(line, ".It ", 4))
		read_item(page, line + 4);
	else if (!strncmp(line, ".Li ", 4))
		read_literal(page, line + 4);
	else if (*line != '.')
		read_text(page, line);
	if (ends)
		end_sentence(page);
}

/* Calls @read with each line of one section of the page. */
static void each_line(const char *section, void (*read)(void *ctx, char *line), void *ctx)
{
	vnm_autofree char *path = vnm_asprintf("%s/docs/vnetmgr-network.5", vnm_test_srcdir());
	vnm_autofree char *text = NULL;
	char *line, *rest;
	bool on = false;
	size_t len;

	CU_ASSERT_EQUAL_FATAL(vnm_file_read(AT_FDCWD, path, FILE_MAX, &text, &len), 0);
	for (rest = text; (line = strsep(&rest, "\n"));)
		if (!strncmp(line, ".Sh ", 4))
			on = !strcmp(line + 4, section);
		else if (on)
			read(ctx, line);
}

static bool ends_any(const struct words *words, const char *end)
{
	for (size_t i = 0; i < words->n; i++)
		if (ends_as(words->v[i], end))
			return true;
	return false;
}

static bool any_ends(const struct words *ends, const char *word)
{
	for (size_t i = 0; i < ends->n; i++)
		if (ends_as(word, ends->v[i]))
			return true;
	return false;
}

static void the_page(void)
{
	vnm_autoschemafiles struct schema schema = { 0 };
	vnm_autopage struct page page = { 0 };

	read_schema(&schema);
	each_line("ELEMENTS", read_line, &page);
	for (size_t i = 0; i < schema.words.n; i++)
		if (!any_ends(&page.words, schema.words.v[i]))
			missing("vnetmgr-network.5", schema.words.v[i]);
	for (size_t i = 0; i < page.words.n; i++)
		if (!ends_any(&schema.words, page.words.v[i]))
			missing("the schema", page.words.v[i]);
}

const struct vnm_test vnm_tests[] = {
	{ "the page", the_page },
	{ 0 },
};
