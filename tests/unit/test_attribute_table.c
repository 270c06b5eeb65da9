/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_attribute_table.c - the table of attributes in vnetmgr-network(5) is the one that the tables of the reader make.
 *
 * Elements, attributes, defaults and modes are those of the rows (xml/element.h); since when libvirt has an attribute, or a
 * value of it, is marked in the schema. With VNM_GOLDEN_UPDATE=1 the page gets the rows anew: then read the difference.
 */
#include "language.h"

#include <fcntl.h>

#include "util/buf.h"
#include "util/file.h"

const char vnm_suite[] = "attribute_table";

#define PAGE "vnetmgr-network.5"
#define SECTION "\n.Sh TABLE OF ATTRIBUTES\n"
#define ROW ".It Li "
#define HEADING ".It Em element"
#define NAMES_MAX 21 /* columns of a row's attributes together: those of the longest one */

/* ---- the elements, with the places that each stands in ---- */

struct place {
	const struct vnm_element *elem;
	char *parent, *path; /* its parent's name; its path from the root */
};

struct places {
	struct place *items;
	size_t n;
};

static void places_clear(struct places *places)
{
	for (size_t i = 0; i < places->n; i++) {
		free(places->items[i].parent);
		free(places->items[i].path);
	}
	free(places->items);
}

static void add_places(struct places *places, const struct vnm_element *elem, const char *parent,
		       const char *above)
{
	const char *prefix = elem->ns ? elem->ns->prefix : NULL;
	vnm_autofree char *path = join(above, '/', prefix, elem->name);

	places->items = vnm_array_add(places->items, &places->n, sizeof(*places->items));
	places->items[places->n - 1] = (struct place){ elem, vnm_strdup(parent), vnm_strdup(path) };
	for (size_t i = 0; i < elem->n_fields; i++)
		if (elem->fields[i].element)
			add_places(places, elem->fields[i].element, elem->name, path);
}

static size_t count(const struct places *places, const struct vnm_element *elem)
{
	size_t n = 0;

	for (size_t i = 0; i < places->n; i++)
		n += places->items[i].elem == elem;
	return n;
}

static bool is_first(const struct places *places, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (places->items[i].elem == places->items[at].elem)
			return false;
	return true;
}

static bool has_attributes(const struct vnm_element *elem)
{
	for (size_t i = 0; i < elem->n_fields; i++)
		if (elem->fields[i].kind == VNM_FIELD_ATTR)
			return true;
	return false;
}

/*
 * Its name, after its parent's if another element with attributes has the same name; one that stands in several places has
 * only a name.
 */
static char *label_of(const struct places *places, const struct place *place)
{
	const char *prefix = place->elem->ns ? place->elem->ns->prefix : NULL;
	vnm_autofree char *name = join("", '/', prefix, place->elem->name);
	bool alone = count(places, place->elem) > 1;

	for (size_t i = 0; i < places->n && !alone; i++)
		if (places->items[i].elem != place->elem &&
		    has_attributes(places->items[i].elem) &&
		    !strcmp(places->items[i].elem->name, place->elem->name))
			return join(place->parent, '/', prefix, place->elem->name);
	return vnm_steal(&name);
}

/* ---- the rows ---- */

/* The version of libvirt that brought an attribute, or a value of it; ""; the first place that has one counts. */
static void libvirt_since(const struct schema *schema, const struct places *places,
			  const struct vnm_element *elem, char mark, const char *name,
			  struct vnm_buf *out)
{
	for (size_t i = 0; i < places->n; i++) {
		vnm_autofree char *word = join(places->items[i].path, mark, NULL, name);
		vnm_autofree char *start = vnm_asprintf("%s since ", word);

		if (places->items[i].elem != elem)
			continue;
		for (size_t k = 0; k < schema->words.n; k++)
			if (!strncmp(schema->words.v[k], start, strlen(start))) {
				vnm_buf_add(out, schema->words.v[k] + strlen(start));
				return;
			}
	}
}

static const char *default_of(const struct vnm_field *field)
{
	if (field->flags & VNM_FIELD_OUTPUT)
		return "printed";
	if (field->initial)
		return field->initial;
	return field->flags & VNM_FIELD_REQUIRED ? "required" : "-";
}

/* What a row has behind its names. */
static char *rest_of(const struct schema *schema, const struct places *places,
		     const struct vnm_element *elem, const struct vnm_field *field)
{
	const char *ours = field->since ?: elem->since;
	const char *modes = field->modes ?: elem->modes;
	vnm_autobuf struct vnm_buf since = { 0 };

	if (ours)
		vnm_buf_add(&since, ours);
	else if (field->name)
		libvirt_since(schema, places, elem, field->kind == VNM_FIELD_ATTR ? '@' : '/',
			      field->name, &since);
	if (!modes)
		missing("the modes of rows", field->name ?: elem->name);
	return vnm_asprintf(" Ta %s Ta %s Ta%s%s", default_of(field), modes ?: "",
			    since.len ? " " : "", vnm_buf_str(&since));
}

static void end_row(const char *label, struct vnm_buf *names, const char *rest, struct vnm_buf *out)
{
	if (names->len > 0)
		vnm_buf_printf(out, ROW "%s Ta Cm %s%s\n", label, vnm_buf_str(names), rest);
	vnm_buf_clear(names);
}

/* Attributes that follow each other and have the same values share a row. */
static void add_attributes(const struct schema *schema, const struct places *places,
			   const struct place *place, struct vnm_buf *out)
{
	const struct vnm_element *elem = place->elem;
	vnm_autofree char *label = label_of(places, place), *rest = NULL;
	vnm_autobuf struct vnm_buf names = { 0 };

	for (size_t i = 0; i < elem->n_fields; i++) {
		const struct vnm_field *field = &elem->fields[i];
		vnm_autofree char *name = NULL, *now = NULL;

		if (field->kind != VNM_FIELD_ATTR)
			continue;
		name = vnm_asprintf("%s%s%s", field->ns ? field->ns->prefix : "",
				    field->ns ? ":" : "", field->name);
		now = rest_of(schema, places, elem, field);
		if (names.len > 0 &&
		    (strcmp(now, rest) != 0 || names.len + strlen(name) + 1 > NAMES_MAX))
			end_row(label, &names, rest, out);
		vnm_buf_printf(&names, "%s%s", names.len ? " , " : "", name);
		free(rest);
		rest = vnm_steal(&now);
	}
	end_row(label, &names, rest, out);
}

/* Has another element a child with text of the same name? */
static bool is_shared(const struct places *places, const struct vnm_element *elem, const char *name)
{
	for (size_t i = 0; i < places->n; i++) {
		const struct vnm_element *other = places->items[i].elem;

		for (size_t k = 0; k < other->n_fields && other != elem; k++)
			if (other->fields[k].kind == VNM_FIELD_CHILD_TEXT &&
			    !strcmp(other->fields[k].name, name))
				return true;
	}
	return false;
}

/* An element's own text, and its children that are nothing but text. */
static void add_texts(const struct schema *schema, const struct places *places,
		      const struct place *place, struct vnm_buf *out)
{
	const struct vnm_element *elem = place->elem;
	vnm_autofree char *label = label_of(places, place);

	for (size_t i = 0; i < elem->n_fields; i++) {
		const struct vnm_field *field = &elem->fields[i];
		vnm_autofree char *rest = NULL;

		if (field->kind != VNM_FIELD_TEXT && field->kind != VNM_FIELD_CHILD_TEXT)
			continue;
		rest = rest_of(schema, places, elem, field);
		if (field->kind == VNM_FIELD_TEXT)
			vnm_buf_printf(out, ROW "%s Ta text%s\n", label, rest);
		else if (is_shared(places, elem, field->name))
			vnm_buf_printf(out, ROW "%s/%s Ta text%s\n", label, field->name, rest);
		else
			vnm_buf_printf(out, ROW "%s Ta text%s\n", field->name, rest);
	}
}

static void make_rows(struct vnm_buf *out)
{
	vnm_autoschemafiles struct schema schema = { 0 };
	struct places places __attribute__((cleanup(places_clear))) = { 0 };

	read_schema(&schema);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(roots); i++)
		add_places(&places, roots[i], "", "");
	for (size_t i = 0; i < places.n; i++) {
		if (!is_first(&places, i))
			continue;
		add_attributes(&schema, &places, &places.items[i], out);
		add_texts(&schema, &places, &places.items[i], out);
	}
}

/* ---- the page ---- */

/* Where the rows begin and end; behind the heading, before the end of the list. */
static bool find_rows(const char *page, const char **ret, const char **ret_end)
{
	const char *at = strstr(page, SECTION);

	at = at ? strstr(at, "\n" HEADING) : NULL;
	at = at ? strchr(at + 1, '\n') : NULL;
	*ret = at ? at + 1 : NULL;
	*ret_end = at ? strstr(at, "\n.El\n") : NULL;
	if (*ret_end)
		(*ret_end)++;
	return *ret_end != NULL;
}

static int write_page(const char *docs, const char *page, const char *begin, const char *end,
		      const struct vnm_buf *rows)
{
	vnm_autoclose int dir = open(docs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_buf_addn(&text, page, (size_t)(begin - page));
	vnm_buf_addn(&text, rows->data, rows->len);
	vnm_buf_add(&text, end);
	return vnm_file_replace(dir, PAGE, text.data, text.len, 0644, (gid_t)-1, VNM_VOLATILE);
}

static void the_table(void)
{
	vnm_autofree char *docs = vnm_asprintf("%s/docs", vnm_test_srcdir());
	vnm_autofree char *path = vnm_asprintf("%s/" PAGE, docs);
	vnm_autobuf struct vnm_buf rows = { 0 };
	vnm_autofree char *page = NULL, *is = NULL;
	const char *begin, *end;

	CU_ASSERT_EQUAL_FATAL(vnm_file_read(AT_FDCWD, path, FILE_MAX, &page, NULL), 0);
	CU_ASSERT_FATAL(find_rows(page, &begin, &end));
	make_rows(&rows);
	is = vnm_strndup(begin, (size_t)(end - begin));
	if (getenv("VNM_GOLDEN_UPDATE") && strcmp(is, vnm_buf_str(&rows)) != 0) {
		CU_ASSERT_EQUAL(write_page(docs, page, begin, end, &rows), 0);
		return;
	}
	VNM_ASSERT_STR_EQ(is, vnm_buf_str(&rows));
}

const struct vnm_test vnm_tests[] = {
	{ "the table of attributes", the_table },
	{ 0 },
};
