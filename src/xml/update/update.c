/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * update.c - changing one part of a definition.
 *
 * Theory of operation. A section is one row: where its elements stand, and which of those that are there one that
 * is given means. What is given is read by the same tables as a whole definition. Whether the definition makes
 * sense afterwards is asked by the caller, of the whole.
 *
 * Which entries match which, and the words when none does, are libvirt's. Several elements at once are one change:
 * all of them or none.
 */
#include "xml/update/update.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "util/mem.h"
#include "xml/document.h"
#include "xml/network_xml.h"
#include "xml/update/update_rows.h"

#define IN_LINE "(network_update)"

/* "add" is how virsh says "add-last". */
static const char *const how_words[] = {
	[VNM_UPDATE_MODIFY] = "modify",
	[VNM_UPDATE_DELETE] = "delete",
	[VNM_UPDATE_ADD_LAST] = "add-last",
	[VNM_UPDATE_ADD_FIRST] = "add-first",
};
static_assert(VNM_ARRAY_SIZE(how_words) == VNM_UPDATE_HOW_COUNT, "one word per command");
const struct vnm_enum vnm_enum_update_how = { how_words, VNM_UPDATE_HOW_COUNT };

static const char *const section_words[] = {
	[VNM_SECTION_BRIDGE] = "bridge",
	[VNM_SECTION_DOMAIN] = "domain",
	[VNM_SECTION_IP] = "ip",
	[VNM_SECTION_IP_DHCP_HOST] = "ip-dhcp-host",
	[VNM_SECTION_IP_DHCP_RANGE] = "ip-dhcp-range",
	[VNM_SECTION_FORWARD] = "forward",
	[VNM_SECTION_FORWARD_INTERFACE] = "forward-interface",
	[VNM_SECTION_FORWARD_PF] = "forward-pf",
	[VNM_SECTION_PORTGROUP] = "portgroup",
	[VNM_SECTION_DNS_HOST] = "dns-host",
	[VNM_SECTION_DNS_TXT] = "dns-txt",
	[VNM_SECTION_DNS_SRV] = "dns-srv",
	[VNM_SECTION_DNS_FORWARDER] = "dns-forwarder",
	[VNM_SECTION_BANDWIDTH] = "bandwidth",
	[VNM_SECTION_MTU] = "mtu",
	[VNM_SECTION_ROUTE] = "route",
	[VNM_SECTION_PORT_FORWARD] = "port-forward",
	[VNM_SECTION_REDIRECT] = "redirect",
	[VNM_SECTION_SOURCE_NAT] = "source-nat",
	[VNM_SECTION_STATIC_NAT] = "static-nat",
	[VNM_SECTION_ALLOW] = "allow",
};
static_assert(VNM_ARRAY_SIZE(section_words) == VNM_SECTION_COUNT, "one word per section");
const struct vnm_enum vnm_enum_section = { section_words, VNM_SECTION_COUNT };

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

/* What is to be deleted need not be named in full. */
static int read_given(const struct vnm_change *change, xmlNode *node, struct given *ret)
{
	const struct vnm_section_row *row = change->row;
	struct given given autogiven = { vnm_element_find(row->path), vnm_alloc(row->size) };
	int r;

	if (!vnm_bind_is(given.elem, node))
		return vnm_change_bad(change,
				      "unexpected element <%s>, expecting <%s%s%s>, while "
				      "updating network '%s'",
				      (const char *)node->name,
				      given.elem->ns ? given.elem->ns->prefix : "",
				      given.elem->ns ? ":" : "", given.elem->name,
				      change->net->name);
	if (change->how == VNM_UPDATE_DELETE)
		r = vnm_bind_read_part(given.elem, node, change->file, given.obj, change->err);
	else
		r = vnm_bind_read(given.elem, node, change->file, given.obj, change->err);
	if (r < 0)
		return r;
	*ret = given;
	given = (struct given){ 0 };
	return 0;
}

/* ---- lists ---- */

static char *item_at(const struct vnm_list *list, size_t i)
{
	return *(char **)list->items + i * list->size;
}

static void list_insert(const struct vnm_list *list, bool first, struct given *given)
{
	size_t at;

	*list->items = vnm_array_add(*list->items, list->n, list->size);
	at = first ? 0 : *list->n - 1;
	memmove(item_at(list, at + 1), item_at(list, at), (*list->n - 1 - at) * list->size);
	memcpy(item_at(list, at), given->obj, list->size);
	memset(given->obj, 0, list->size);
}

static void list_delete(const struct vnm_list *list, size_t at, const struct given *given)
{
	vnm_bind_clear(given->elem, item_at(list, at));
	memmove(item_at(list, at), item_at(list, at + 1), (*list->n - 1 - at) * list->size);
	(*list->n)--;
}

static void list_replace(const struct vnm_list *list, size_t at, struct given *given)
{
	vnm_bind_clear(given->elem, item_at(list, at));
	memcpy(item_at(list, at), given->obj, list->size);
	memset(given->obj, 0, list->size);
}

/* The first entry that is meant, -1: none. *ret_many: there is another one. */
static ssize_t list_find(const struct vnm_change *change, const struct vnm_list *list,
			 const void *obj, bool *ret_many)
{
	ssize_t found = -1;

	*ret_many = false;
	for (size_t i = 0; i < *list->n; i++) {
		if (!change->row->matches(change, item_at(list, i), obj))
			continue;
		if (found >= 0) {
			*ret_many = true;
			break;
		}
		found = (ssize_t)i;
	}
	return found;
}

static int change_list(const struct vnm_change *change, struct given *given)
{
	const struct vnm_section_row *row = change->row;
	struct vnm_list list = { .size = row->size };
	ssize_t found;
	bool many;
	int r = row->list(change, &list);

	if (r == 0 && row->check)
		r = row->check(change, given->obj);
	if (r < 0)
		return r;
	found = list_find(change, &list, given->obj, &many);
	switch (change->how) {
	case VNM_UPDATE_ADD_FIRST:
	case VNM_UPDATE_ADD_LAST:
		if (found >= 0)
			return row->exists(change, given->obj);
		list_insert(&list, change->how == VNM_UPDATE_ADD_FIRST, given);
		return 0;
	case VNM_UPDATE_MODIFY:
	case VNM_UPDATE_DELETE:
	case VNM_UPDATE_HOW_COUNT: break;
	}
	if (found < 0)
		return row->missing(change, given->obj);
	if (many && row->many)
		return row->many(change);
	if (change->how == VNM_UPDATE_DELETE)
		list_delete(&list, (size_t)found, given);
	else
		list_replace(&list, (size_t)found, given);
	return 0;
}

/* ---- elements that stand once ---- */

static int change_single(const struct vnm_change *change, struct given *given)
{
	void *there = (char *)change->net + change->row->offset;
	bool present = ((const struct vnm_at *)there)->present;
	bool adds = change->how == VNM_UPDATE_ADD_FIRST || change->how == VNM_UPDATE_ADD_LAST;
	int r = change->row->check ? change->row->check(change, given->obj) : 0;

	if (r < 0)
		return r;
	if (adds && present)
		return vnm_change_fail(change,
				       "there is already a <%s> element in network '%s'; "
				       "use modify",
				       given->elem->name, change->net->name);
	if (!adds && !present)
		return vnm_change_fail(change, "couldn't locate a <%s> element in network '%s'",
				       given->elem->name, change->net->name);
	vnm_bind_clear(given->elem, there);
	if (change->how == VNM_UPDATE_DELETE)
		return 0;
	memcpy(there, given->obj, change->row->size);
	memset(given->obj, 0, change->row->size);
	return 0;
}

/* ---- the whole ---- */

static int check_how(const struct vnm_change *change)
{
	const struct vnm_section_row *row = change->row;

	if (!row->path)
		return vnm_error_set(change->err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
				     "Operation not supported: can't update '%s' section of "
				     "network '%s'",
				     row->label, change->net->name);
	if (row->hows & 1u << change->how)
		return 0;
	return vnm_error_set(change->err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "Operation not supported: %s", row->refusal);
}

static int change_one(const struct vnm_change *change, xmlNode *node)
{
	struct given given autogiven = { 0 };
	int r = read_given(change, node, &given);

	if (r < 0)
		return r;
	return change->row->list ? change_list(change, &given) : change_single(change, &given);
}

static xmlNode *next_element(xmlNode *node, bool backwards)
{
	while (node && node->type != XML_ELEMENT_NODE)
		node = backwards ? node->prev : node->next;
	return node;
}

/* Those that go to the front go there from the last to the first. */
static int change_all(const struct vnm_change *change, const xmlNode *parent)
{
	bool backwards = change->how == VNM_UPDATE_ADD_FIRST;
	xmlNode *node = next_element(backwards ? parent->last : parent->children, backwards);
	int r = 0;

	if (!node)
		return vnm_change_fail(change, "there is no element in the XML for network '%s'",
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

/* The prefix that the section's elements are printed with need not be declared where they are given. */
static void open_tag(const struct vnm_section_row *row, const char *name, struct vnm_buf *out)
{
	const struct vnm_namespace *ns = vnm_element_find(row->path)->ns;

	vnm_buf_printf(out, "<%s", name);
	if (ns)
		vnm_buf_printf(out, " xmlns:%s='%s'", ns->prefix, ns->uri);
	vnm_buf_addc(out, '>');
}

/*
 * One element is a document, as libvirt reads it, and what is wrong with it is found best if it is read as one.
 * Several make none: they are put into one. *ret_parent: what the elements are the children of.
 */
static int parse(const struct vnm_section_row *row, const struct vnm_update *update, xmlDoc **ret,
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
	open_tag(row, "update", &text);
	vnm_buf_printf(&text, "%s</update>", body_of(update));
	if (vnm_document_parse(text.data, text.len, file, ret, &several) < 0)
		return r;
	*err = (struct vnm_error){ 0 };
	*ret_parent = xmlDocGetRootElement(*ret);
	return 0;
}

/**
 * vnm_network_update_check() - hold what is given against the schema
 * @update: the change
 * @name:   the network's name
 * @schema: the schema
 * @err:    VNM_ERR_XML_SCHEMA
 *
 * Best asked last, as vnm_network_xml_check(). It is done in the smallest definition in which what is given can
 * stand, since those of many hosts take long; on one line with the first element, so that lines are those of the
 * file.
 *
 * Return: 0 or -errno.
 */
int vnm_network_update_check(const struct vnm_update *update, const char *name,
			     const struct vnm_schema *schema, struct vnm_error *err)
{
	const struct vnm_section_row *row = vnm_section_rows[update->section];
	vnm_autobuf struct vnm_buf text = { 0 }, end = { 0 };
	const char *step = row->path;
	size_t len;

	if (!row->list || update->how == VNM_UPDATE_DELETE)
		return 0;
	open_tag(row, "network", &text);
	vnm_buf_printf(&text, "<name>%s</name>", name);
	for (; step[len = strcspn(step, "/")]; step += len + 1) {
		vnm_autobuf struct vnm_buf inner = { 0 };

		vnm_buf_printf(&text, "<%.*s%s>", (int)len, step,
			       strncmp(step, "ip/", 3) ? "" : " address='0.0.0.0'");
		vnm_buf_printf(&inner, "</%.*s>%s", (int)len, step, vnm_buf_str(&end));
		vnm_buf_clear(&end);
		vnm_buf_add(&end, inner.data);
	}
	vnm_buf_printf(&text, "%s%s</network>", body_of(update), vnm_buf_str(&end));
	return vnm_network_xml_check(text.data, text.len, update->file ? update->file : IN_LINE,
				     schema, err);
}

/**
 * vnm_network_update() - change one part of a definition
 * @net:    the definition; after a failure it is of no more use
 * @update: the change
 * @err:    VNM_ERR_UNSUPPORTED when the section cannot be changed so, VNM_ERR_STATE when what was to be changed is
 *          not there, or what was to be added is, else as vnm_network_xml_parse()
 *
 * Return: 0 or -errno.
 */
int vnm_network_update(struct vnm_network *net, const struct vnm_update *update,
		       struct vnm_error *err)
{
	const struct vnm_change change = { .net = net,
					   .row = vnm_section_rows[update->section],
					   .how = update->how,
					   .parent = update->parent,
					   .file = update->file,
					   .err = err };
	vnm_autodoc xmlDoc *doc = NULL;
	xmlNode *parent;
	int r = check_how(&change);

	if (r == 0)
		r = parse(change.row, update, &doc, &parent, err);
	return r < 0 ? r : change_all(&change, parent);
}
