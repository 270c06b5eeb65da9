/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mutate.c - changes to XML that leave it XML: most others are refused by the parser, and nothing behind it is seen.
 *
 * An element gets another value, an attribute or element of another place or file, or goes. Every fourth change is
 * libFuzzer's own, of bytes. What stands before the XML (vnm_fuzz_head bytes) is libFuzzer's, too.
 */
#include "fuzz.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

#define NODES_MAX 512
#define VALUE_MAX 2048

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len,
				 uint8_t *out, size_t max, unsigned seed);

/* Values that mean something to somebody. */
static const char *const values[] = {
	"",
	" ",
	"0",
	"1",
	"-1",
	"65535",
	"65536",
	"4294967295",
	"4294967296",
	"99999999999999999999",
	"0x1f",
	"yes",
	"no",
	"on",
	"off",
	"nat",
	"route",
	"open",
	"bridge",
	"ipv4",
	"ipv6",
	"tcp",
	"udp",
	"192.168.77.1",
	"192.168.77.2",
	"192.168.77.254",
	"192.168.77.255",
	"10.0.0.1",
	"0.0.0.0",
	"255.255.255.0",
	"::",
	"fd00::1",
	"fd00::2",
	"::ffff:1.2.3.4",
	"52:54:00:00:00:01",
	"52:54:00:00:00:02",
	"00:01:00:01:aa:bb",
	"5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7",
	"virbr0",
	"br%d",
	"../x",
	"/srv/x",
	"x\ndhcp-script=/x",
	"x\rdhcp-script=/x",
	"x\ty",
	"\"",
	"a\"b\"c",
	"\\",
	"a # b",
	"#",
	"a,b",
	"a=b",
	"*",
	"%s%n",
	"\xc3\xa9",
	"\xe2\x80\xae",
	"dhcp-script=/x",
	"dhcp-\"script\"=/x",
	"cache-size=5",
	"x.test",
	"x.test.",
	"-x",
	"_x",
};

struct picked {
	xmlNode *items[NODES_MAX];
	size_t n;
};

static void collect(xmlNode *node, struct picked *picked)
{
	for (; node; node = node->next) {
		if (node->type != XML_ELEMENT_NODE || picked->n == NODES_MAX)
			continue;
		picked->items[picked->n++] = node;
		collect(node->children, picked);
	}
}

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 12;
}

static xmlNode *pick(xmlDoc *doc, unsigned *seed)
{
	struct picked picked = { .n = 0 };

	collect(xmlDocGetRootElement(doc), &picked);
	return picked.n ? picked.items[next_random(seed) % picked.n] : NULL;
}

static xmlAttr *pick_attribute(xmlNode *node, unsigned *seed)
{
	size_t n = 0;

	for (xmlAttr *attr = node->properties; attr; attr = attr->next)
		n++;
	n = n ? next_random(seed) % n : 0;
	for (xmlAttr *attr = node->properties; attr; attr = attr->next)
		if (n-- == 0)
			return attr;
	return NULL;
}

/* One of ours; one of the bytes 1020 to 1027, where dnsmasq's lines end; or what libFuzzer makes of the old one. */
static xmlChar *new_value(const xmlChar *old, unsigned *seed)
{
	unsigned how = next_random(seed) % 8;
	char text[VALUE_MAX + 1] = "";
	size_t len;

	if (how < 4)
		return xmlStrdup(
			(const xmlChar *)values[next_random(seed) % VNM_ARRAY_SIZE(values)]);
	if (how == 4) {
		len = 1020 + next_random(seed) % 8;
		memset(text, 'x', len);
		return xmlStrdup((const xmlChar *)text);
	}
	len = old ? strnlen((const char *)old, VALUE_MAX / 2) : 0;
	if (len)
		memcpy(text, old, len);
	len = LLVMFuzzerMutate((uint8_t *)text, len, VALUE_MAX / 2);
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\0' || (unsigned char)text[i] >= 0x80)
			text[i] = 'x';
	text[len] = '\0';
	return xmlStrdup((const xmlChar *)text);
}

static void set_value(xmlNode *node, unsigned *seed)
{
	xmlAttr *attr = pick_attribute(node, seed);
	xmlChar *old = attr ? xmlNodeListGetString(node->doc, attr->children, 1) : NULL;
	xmlChar *value = new_value(old, seed);

	if (attr) {
		xmlFreeNodeList(attr->children);
		attr->children = attr->last = NULL;
		xmlAddChild((xmlNode *)attr, xmlNewText(value));
	} else if (!node->children || node->children->type == XML_TEXT_NODE) {
		xmlNodeSetContent(node, NULL);
		xmlAddChild(node, xmlNewText(value));
	}
	xmlFree(value);
	xmlFree(old);
}

static void take_attribute(xmlNode *node, xmlNode *from, unsigned *seed)
{
	xmlAttr *attr = pick_attribute(from, seed);
	xmlChar *value = attr ? xmlNodeListGetString(from->doc, attr->children, 1) : NULL;

	if (attr)
		xmlSetProp(node, attr->name, value ? value : (const xmlChar *)"");
	xmlFree(value);
}

static void take_element(xmlNode *node, xmlNode *from, unsigned *seed)
{
	xmlNode *copy = xmlDocCopyNode(from, node->doc, 1);

	if (!copy)
		return;
	if (next_random(seed) % 2 && node->parent && node->parent->type == XML_ELEMENT_NODE)
		xmlAddNextSibling(node, copy);
	else
		xmlAddChild(node, copy);
}

static void drop(xmlNode *node, unsigned *seed)
{
	xmlAttr *attr = pick_attribute(node, seed);

	if (attr && next_random(seed) % 2) {
		xmlRemoveProp(attr);
	} else if (node != xmlDocGetRootElement(node->doc)) {
		xmlUnlinkNode(node);
		xmlFreeNode(node);
	}
}

/* libxml2 prints what it finds odd in a tree that it writes. */
static void ignore_message(void *data, const char *fmt, ...)
{
	(void)data, (void)fmt;
}

static xmlDoc *read_doc(const uint8_t *data, size_t size)
{
	if (size <= vnm_fuzz_head)
		return NULL;
	return xmlReadMemory((const char *)data + vnm_fuzz_head, (int)(size - vnm_fuzz_head), NULL,
			     NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

/* Behind the head, which is there already. Return: the new size, 0 when it does not fit. */
static size_t write_doc(xmlDoc *doc, uint8_t *out, size_t max)
{
	xmlChar *text = NULL;
	int len = 0;
	size_t size;

	xmlSetGenericErrorFunc(NULL, ignore_message);
	xmlDocDumpMemory(doc, &text, &len);
	size = vnm_fuzz_head + (size_t)len;
	if (!text || len <= 0 || size > max)
		size = 0;
	else
		memcpy(out + vnm_fuzz_head, text, (size_t)len);
	xmlFree(text);
	return size;
}

static void change(xmlDoc *doc, xmlDoc *other, unsigned *seed)
{
	xmlNode *node = pick(doc, seed), *from = pick(other, seed);

	if (!node || !from)
		return;
	switch (next_random(seed) % 8) {
	case 0: drop(node, seed); break;
	case 1: take_attribute(node, from, seed); break;
	case 2: take_element(node, from, seed); break;
	case 3: take_element(pick(doc, seed), from, seed); break;
	default: set_value(node, seed); break;
	}
}

/** LLVMFuzzerCustomMutator() - libFuzzer's hook. Return: the new size. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	xmlDoc *doc = next_random(&seed) % 4 ? read_doc(data, size) : NULL;
	size_t len = 0;

	if (doc) {
		for (unsigned n = 1 + next_random(&seed) % 3; n > 0; n--)
			change(doc, doc, &seed);
		len = write_doc(doc, data, max);
		xmlFreeDoc(doc);
	}
	return len ? len : LLVMFuzzerMutate(data, size, max);
}

/** LLVMFuzzerCustomCrossOver() - libFuzzer's hook: parts of one file in the other. Return: the new size. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len,
				 uint8_t *out, size_t max, unsigned seed)
{
	xmlDoc *doc = read_doc(a, a_len), *other = read_doc(b, b_len);
	size_t len = 0;

	if (doc && other) {
		memcpy(out, a, vnm_fuzz_head);
		take_element(pick(doc, &seed), pick(other, &seed), &seed);
		change(doc, other, &seed);
		len = write_doc(doc, out, max);
	}
	xmlFreeDoc(doc);
	xmlFreeDoc(other);
	if (len == 0 && a_len <= max) {
		memcpy(out, a, a_len);
		len = a_len;
	}
	return len;
}
