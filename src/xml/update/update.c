/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * update.c - changing one part of a definition.
 *
 * Theory of operation. A section is a row of sections.c. The place of its elements in a definition follows from the
 * vocabulary: the row's path leads to a list, or to a single element. The given elements are read by the same
 * vocabulary as a whole definition. The caller validates the changed definition.
 *
 * Several elements at once are one change: all of them or none.
 */
#include "xml/update/update.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "util/mem.h"
#include "xml/bind.h"
#include "xml/bind_print.h"
#include "xml/bind_read.h"
#include "xml/document.h"
#include "xml/network_xml.h"
#include "xml/scalar.h"
#include "xml/update/change.h"
#include "xml/update/sections.h"
#include "xml/vocabulary.h"

#define IN_LINE "(network_update)"
#define MODIFY (1u << VNM_UPDATE_MODIFY)

/* ---- the element that was given ---- */

/** struct given - one element, read. */
struct given {
	const struct vnm_element *elem;
	void *obj;
};

static void given_clear(struct given *given)
{
	if (given->obj)
		vnm_bind_clear(given->elem, given->obj);
	free(given->obj);
}
#define autogiven __attribute__((cleanup(given_clear)))

/* To delete, only what identifies the entry is needed. */
static int read_given(const struct vnm_change *change, xmlNode *node, struct given *ret)
{
	const struct vnm_field *field = change->field;
	struct given given autogiven = { field->element, vnm_alloc(field->size) };
	int r;

	if (!vnm_bind_is(given.elem, node))
		return vnm_change_refuse_input(change,
					       "unexpected element <%s>, expecting <%s%s%s>, while "
					       "updating network '%s'",
					       (const char *)node->name,
					       given.elem->ns ? given.elem->ns->prefix : "",
					       given.elem->ns ? ":" : "", given.elem->name,
					       change->net->name);
	if (vnm_change_deletes(change))
		r = vnm_bind_read_part(given.elem, node, change->file, given.obj, change->err);
	else
		r = vnm_bind_read(given.elem, node, change->file, given.obj, change->err);
	if (r < 0)
		return r;
	*ret = given;
	given = (struct given){ 0 };
	return 0;
}

static int refuse(const struct vnm_change *change, const char *message, const void *given)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_change_expand(change, message, given, &text);
	return vnm_change_refuse(change, "%s", vnm_buf_str(&text));
}

/* ---- lists ---- */

/** struct list - an array of a definition, and its count. */
struct list {
	char **items;
	size_t *n, size;
};

static char *item_at(const struct list *list, size_t i)
{
	return *list->items + i * list->size;
}

static void list_insert(const struct list *list, bool first, struct given *given)
{
	size_t at;

	*list->items = vnm_array_add(*list->items, list->n, list->size);
	at = first ? 0 : *list->n - 1;
	memmove(item_at(list, at + 1), item_at(list, at), (*list->n - 1 - at) * list->size);
	memcpy(item_at(list, at), given->obj, list->size);
	memset(given->obj, 0, list->size);
}

static void list_delete(const struct list *list, size_t at, const struct given *given)
{
	vnm_bind_clear(given->elem, item_at(list, at));
	memmove(item_at(list, at), item_at(list, at + 1), (*list->n - 1 - at) * list->size);
	(*list->n)--;
}

static void list_replace(const struct list *list, size_t at, struct given *given)
{
	vnm_bind_clear(given->elem, item_at(list, at));
	memcpy(item_at(list, at), given->obj, list->size);
	memset(given->obj, 0, list->size);
}

/* The struct that holds the section's elements. */
static int find_parent(const struct vnm_change *change, char **ret)
{
	const struct vnm_element *elem = &vnm_element_network;
	const char *step = change->section->path;
	char *obj = (char *)change->net;

	for (size_t len; step[len = strcspn(step, "/")]; step += len + 1) {
		const struct vnm_field *field = vnm_element_row(elem, step, len);

		if (field->kind == VNM_FIELD_LIST) { /* only <ip> */
			struct vnm_ip *ip;
			int r = vnm_change_find_ip(change, &ip);

			if (r < 0)
				return r;
			obj = (char *)ip;
		} else {
			obj += field->offset;
			((struct vnm_at *)obj)->present |= change->section->makes_parent;
		}
		elem = field->element;
	}
	*ret = obj;
	return 0;
}

/* Also when neither has one. */
static bool same_value(const struct vnm_field *field, const char *entry, const char *given)
{
	const struct vnm_scalar_ops *type = &vnm_scalars[field->scalar];
	bool has = type->has(field, entry + field->offset);
	vnm_autobuf struct vnm_buf a = { 0 }, b = { 0 };

	if (has != type->has(field, given + field->offset))
		return false;
	if (!has)
		return true;
	type->print(field, entry + field->offset, &a);
	type->print(field, given + field->offset, &b);
	return !strcmp(vnm_buf_str(&a), vnm_buf_str(&b));
}

static bool matches(const struct vnm_change *change, const void *entry, const void *given)
{
	const struct vnm_section *section = change->section;

	if (section->matches)
		return section->matches(change, entry, given);
	for (const char *key = section->keys; *key;) {
		size_t len = strcspn(key, " ");

		if (!same_value(vnm_element_row(change->field->element, key, len), entry, given))
			return false;
		key += len + strspn(key + len, " ");
	}
	return true;
}

/* The first entry that matches, -1: none. *ret_many: there is another one. */
static ssize_t list_find(const struct vnm_change *change, const struct list *list,
			 const void *given, bool *ret_many)
{
	ssize_t found = -1;

	*ret_many = false;
	for (size_t i = 0; i < *list->n; i++) {
		if (!matches(change, item_at(list, i), given))
			continue;
		if (found >= 0) {
			*ret_many = true;
			break;
		}
		found = (ssize_t)i;
	}
	return found;
}

/* Which one it is, in one line: libvirt's message repeats only what was given. */
static void hint_present(const struct vnm_change *change, const void *entry)
{
	const bool modify = change->section->allowed & MODIFY;
	vnm_autobuf struct vnm_buf text = { 0 };
	char *out;

	if (!change->hint || *change->hint)
		return;
	vnm_bind_print(change->field->element, entry, 0, &text);
	out = text.data;
	for (const char *in = text.data; *in; in++)
		if (*in != '\n')
			*out++ = *in;
		else
			in += strspn(in + 1, " ");
	*out = '\0';
	*change->hint = vnm_asprintf("there is %s; %sdelete it first", text.data,
				     modify ? "modify replaces it, or " : "");
}

static int change_list(const struct vnm_change *change, struct given *given)
{
	const struct vnm_section *section = change->section;
	const struct vnm_field *field = change->field;
	bool modifies = change->how == VNM_UPDATE_MODIFY, many;
	struct list list = { .size = field->size };
	ssize_t found;
	char *parent;
	int r = find_parent(change, &parent);

	if (r == 0 && section->check)
		r = section->check(change, given->obj);
	if (r < 0)
		return r;
	list.items = (char **)(parent + field->offset);
	list.n = (size_t *)(parent + field->count_offset);
	found = list_find(change, &list, given->obj, &many);
	if (!modifies && !vnm_change_deletes(change)) {
		if (found >= 0) {
			hint_present(change, item_at(&list, (size_t)found));
			return refuse(change, section->exists, given->obj);
		}
		list_insert(&list, change->how == VNM_UPDATE_ADD_FIRST, given);
		return 0;
	}
	if (found < 0)
		return refuse(change,
			      modifies && section->missing_to_modify ? section->missing_to_modify
								     : section->missing,
			      given->obj);
	if (many && section->many)
		return refuse(change, section->many, given->obj);
	if (modifies)
		list_replace(&list, (size_t)found, given);
	else
		list_delete(&list, (size_t)found, given);
	return 0;
}

/* ---- single elements ---- */

static bool may_be_added(const struct vnm_change *change)
{
	return change->how == VNM_UPDATE_MODIFY &&
	       (change->section->allowed & 1u << VNM_UPDATE_ADD_LAST);
}

static int change_single(const struct vnm_change *change, struct given *given)
{
	void *there = (char *)change->net + change->field->offset;
	bool present = ((const struct vnm_at *)there)->present;
	bool adds = change->how == VNM_UPDATE_ADD_FIRST || change->how == VNM_UPDATE_ADD_LAST;
	int r = change->section->check ? change->section->check(change, given->obj) : 0;

	if (r < 0)
		return r;
	if (adds && present)
		return vnm_change_refuse(change,
					 "there is already a <%s> element in network '%s'; "
					 "use modify",
					 given->elem->name, change->net->name);
	if (!adds && !present)
		return vnm_change_refuse(change, "couldn't locate a <%s> element in network '%s'%s",
					 given->elem->name, change->net->name,
					 may_be_added(change) ? "; use add" : "");
	vnm_bind_clear(given->elem, there);
	if (change->how == VNM_UPDATE_DELETE)
		return 0;
	memcpy(there, given->obj, change->field->size);
	memset(given->obj, 0, change->field->size);
	return 0;
}

/* ---- the whole ---- */

static int check_how(const struct vnm_change *change)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	if (change->section->allowed & 1u << change->how)
		return 0;
	vnm_change_expand(change, change->section->refusal, NULL, &text);
	return vnm_error_set(change->err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "Operation not supported: %s", vnm_buf_str(&text));
}

static int change_one(const struct vnm_change *change, xmlNode *node)
{
	struct given given autogiven = { 0 };
	int r = read_given(change, node, &given);

	if (r < 0)
		return r;
	return change->field->kind == VNM_FIELD_LIST ? change_list(change, &given)
						     : change_single(change, &given);
}

static xmlNode *next_element(xmlNode *node, bool backwards)
{
	while (node && node->type != XML_ELEMENT_NODE)
		node = backwards ? node->prev : node->next;
	return node;
}

/* With add-first, in reverse order. */
static int change_all(const struct vnm_change *change, const xmlNode *parent)
{
	bool backwards = change->how == VNM_UPDATE_ADD_FIRST;
	xmlNode *node = next_element(backwards ? parent->last : parent->children, backwards);
	int r = 0;

	if (!node)
		return vnm_change_refuse(change, "there is no element in the XML for network '%s'",
					 change->net->name);
	for (; node && r == 0; node = next_element(backwards ? node->prev : node->next, backwards))
		r = change_one(change, node);
	return r;
}

/* Behind an XML declaration. */
static const char *body_of(const struct vnm_update *update)
{
	const char *end = strncmp(update->xml, "<?xml", 5) ? NULL : strstr(update->xml, "?>");

	return end ? end + 2 : update->xml;
}

/* The prefix that the section's elements are printed with need not be declared. */
static void open_tag(const struct vnm_field *field, const char *name, struct vnm_buf *out)
{
	const struct vnm_namespace *ns = field->element->ns;

	vnm_buf_printf(out, "<%s", name);
	if (ns)
		vnm_buf_printf(out, " xmlns:%s='%s'", ns->prefix, ns->uri);
	vnm_buf_addc(out, '>');
}

/*
 * One element is parsed as a document, as in libvirt, for the best messages. Several are wrapped into one.
 * *ret_parent: the parent of the elements.
 */
static int parse(const struct vnm_field *field, const struct vnm_update *update, xmlDoc **ret,
		 xmlNode **ret_parent, struct vnm_error *err)
{
	const char *file = update->file ? update->file : IN_LINE;
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_error several = { 0 };
	int r = vnm_document_parse(update->xml, update->len, file, ret, err);

	if (r == 0) {
		*ret_parent = (xmlNode *)*ret;
		return 0;
	}
	open_tag(field, "update", &text);
	vnm_buf_printf(&text, "%s</update>", body_of(update));
	if (vnm_document_parse(text.data, text.len, file, ret, &several) < 0)
		return r;
	*err = (struct vnm_error){ 0 };
	*ret_parent = xmlDocGetRootElement(*ret);
	return 0;
}

/* The parent of a section's elements, with the attributes that the schema wants. */
static void wrap(const char *name, size_t len, struct vnm_buf *begin, struct vnm_buf *end)
{
	vnm_autofree char *inner = vnm_strdup(vnm_buf_str(end));
	const bool overlay = len == 7 && !strncmp(name, "overlay", len);
	const char *prefix = overlay ? "vnm:" : "";
	const char *attributes = overlay				 ? " vni='1'"
				 : len == 2 && !strncmp(name, "ip", len) ? " address='0.0.0.0'"
									 : "";

	vnm_buf_printf(begin, "<%s%.*s%s>", prefix, (int)len, name, attributes);
	vnm_buf_clear(end);
	vnm_buf_printf(end, "</%s%.*s>%s", prefix, (int)len, name, inner);
}

/**
 * vnm_network_update_check() - validate the given elements against the schema
 * @update: the change
 * @name:   the network's name
 * @schema: the schema
 * @err:    VNM_ERR_XML_SCHEMA
 *
 * To be called last, as vnm_network_xml_check(). They are put into a minimal definition, since those with many hosts
 * take long; on one line with the first element, so that line numbers are the file's.
 *
 * Return: 0 or -errno.
 */
int vnm_network_update_check(const struct vnm_update *update, const char *name,
			     const struct vnm_schema *schema, struct vnm_error *err)
{
	const char *step = update->section->path;
	const struct vnm_field *field = step ? vnm_field_find(step) : NULL;
	vnm_autobuf struct vnm_buf text = { 0 }, end = { 0 };
	size_t len;

	if (!field || field->kind != VNM_FIELD_LIST || update->how == VNM_UPDATE_DELETE)
		return 0;
	open_tag(field, "network", &text);
	vnm_buf_printf(&text, "<name>%s</name>", name);
	for (; step[len = strcspn(step, "/")]; step += len + 1)
		wrap(step, len, &text, &end);
	vnm_buf_printf(&text, "%s%s</network>", body_of(update), vnm_buf_str(&end));
	return vnm_network_xml_check(text.data, text.len, update->file ? update->file : IN_LINE,
				     schema, err);
}

/**
 * vnm_network_update() - change one part of a definition
 * @net:    the definition; unusable after a failure
 * @update: the change
 * @err:    VNM_ERR_UNSUPPORTED when the section does not support the command, VNM_ERR_INVALID when the entry to change is
 *          missing, or the one to add exists, else as vnm_network_xml_parse()
 *
 * Return: 0 or -errno.
 */
int vnm_network_update(struct vnm_network *net, const struct vnm_update *update,
		       struct vnm_error *err)
{
	const char *path = update->section->path;
	const struct vnm_change change = { .net = net,
					   .section = update->section,
					   .field = path ? vnm_field_find(path) : NULL,
					   .how = update->how,
					   .parent = update->parent,
					   .file = update->file,
					   .hint = update->hint,
					   .err = err };
	vnm_autodoc xmlDoc *doc = NULL;
	xmlNode *parent;
	int r = check_how(&change);

	if (r == 0)
		r = parse(change.field, update, &doc, &parent, err);
	return r < 0 ? r : change_all(&change, parent);
}
