/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * document.c - from bytes to a tree.
 *
 * The author of a definition is not trusted: its size is limited, nothing is fetched, and no entity is defined, since a
 * document type declaration, on which all attacks on XML parsers rely, is refused (the vocabulary needs none). libxml2
 * returns a tree even after it was stopped; our own flag decides.
 *
 * libxml2 does not handle failed allocations everywhere (a schema check may then return "valid"), so it is given an
 * allocator that ends the program instead. Nothing has been changed at that time.
 */
#include "xml/document.h"

#include <errno.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlmemory.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

#define EQUALS_MAX 512 /* between one < and the next */

/* The first error of a parse; those that follow result from it. */
struct parse_state {
	const char *file;
	struct vnm_error *err;
	bool failed;
};

static void *xml_malloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		vnm_oom();
	return p;
}

static void *xml_realloc(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);

	if (!p)
		vnm_oom();
	return p;
}

static char *xml_strdup(const char *s)
{
	return vnm_strdup(s);
}

/**
 * vnm_document_init() - give libxml2 our allocator
 *
 * To be called before any use of the library; idempotent. What it allocated before may still be freed, since both
 * allocators are the C library's.
 */
void vnm_document_init(void)
{
	xmlFreeFunc free_fn;
	xmlMallocFunc malloc_fn;
	xmlReallocFunc realloc_fn;
	xmlStrdupFunc strdup_fn;

	xmlMemGet(&free_fn, &malloc_fn, &realloc_fn, &strdup_fn);
	if (malloc_fn != xml_malloc)
		xmlMemSetup(free, xml_malloc, xml_realloc, xml_strdup);
}

/* A prefix of ours or of libvirt's is nothing without its namespace: how that is declared; "": it is another fault. */
static const char *missing_namespace(const char *why)
{
	static const struct {
		const char *fault, *advice;
	} known[] = {
		{ "Namespace prefix vnm ",
		  "; declare it: <network xmlns:vnm='urn:vnetmgr:network:1'>" },
		{ "Namespace prefix dnsmasq ",
		  "; declare it: <network xmlns:dnsmasq='http://libvirt.org/schemas/network/"
		  "dnsmasq/1.0'>" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(known); i++)
		if (!strncmp(why, known[i].fault, strlen(known[i].fault)) &&
		    strstr(why, "is not defined"))
			return known[i].advice;
	return "";
}

/* @line: 0: the parser's position. */
static void set_fault(xmlParserCtxt *ctxt, int line, int column, const char *why)
{
	struct parse_state *state = ctxt->_private;

	if (state->failed)
		return;
	state->failed = true;
	if (line == 0) {
		line = ctxt->input ? ctxt->input->line : 1;
		column = ctxt->input ? ctxt->input->col : 1;
	}
	vnm_error_set(state->err, VNM_ERR_XML_SYNTAX, EINVAL, "%s:%d:%d: %.*s%s", state->file, line,
		      column, (int)strcspn(why, "\n"), why, missing_namespace(why));
}

/* A warning, for example of a relative namespace URI, is no reason to refuse what libvirt accepts. */
static void on_error(void *data, vnm_xml_fault error)
{
	if (error->level != XML_ERR_WARNING)
		set_fault(data, error->line, error->int2, error->message ? error->message : "");
}

static void on_doctype(void *data, const xmlChar *name, const xmlChar *external,
		       const xmlChar *system)
{
	(void)name, (void)external, (void)system;
	set_fault(data, 0, 0, "a document type declaration (DOCTYPE) is not allowed; remove it");
	xmlStopParser(data);
}

static void free_context(xmlParserCtxt **ctxt)
{
	if (*ctxt)
		xmlFreeParserCtxt(*ctxt);
}

/** vnm_cleanup_doc() - for vnm_autodoc. */
void vnm_cleanup_doc(xmlDoc **doc)
{
	if (*doc)
		xmlFreeDoc(*doc);
}

/** vnm_cleanup_node() - for vnm_autonode: a node that is in no document. */
void vnm_cleanup_node(xmlNode **node)
{
	if (*node)
		xmlFreeNode(*node);
}

/** vnm_cleanup_xmlbuf() - for vnm_autoxmlbuf. */
void vnm_cleanup_xmlbuf(xmlBuffer **buffer)
{
	if (*buffer)
		xmlBufferFree(*buffer);
}

/*
 * libxml2 compares each attribute with all before it: a megabyte of them in one element takes minutes. Each has a =,
 * and a < ends its element, so the = between one < and the next are counted. Comments do not matter.
 */
static int refuse_crowds(const char *text, size_t len, const char *file, struct vnm_error *err)
{
	int line = 1, start = 1, count = 0;
	bool comment = false;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n')
			line++;
		if (text[i] == '<') {
			start = line;
			count = 0;
			comment = len - i >= 4 && !memcmp(text + i, "<!--", 4);
		}
		if (text[i] == '=' && !comment && ++count > EQUALS_MAX)
			return vnm_error_set(err, VNM_ERR_XML_SYNTAX, EINVAL,
					     "%s:%d: an element with more than %d attributes", file,
					     start, EQUALS_MAX);
	}
	return 0;
}

/* Encoding errors go to the generic error handler, which by default prints to standard error. */
static xmlDoc *read_tree(xmlParserCtxt *ctxt, const char *text, size_t len)
{
	xmlDoc *doc;

	xmlSetStructuredErrorFunc(ctxt, on_error);
	doc = xmlCtxtReadMemory(ctxt, text, (int)len, NULL, NULL,
				XML_PARSE_NONET | XML_PARSE_BIG_LINES | XML_PARSE_NOBLANKS);
	xmlSetStructuredErrorFunc(NULL, NULL);
	return doc;
}

/**
 * vnm_document_parse() - parse a definition into a tree
 * @text: the XML
 * @len:  its length in bytes
 * @file: its name, for messages
 * @ret:  the tree; xmlFreeDoc()
 * @err:  VNM_ERR_XML_SYNTAX with file, line and column
 *
 * Return: 0 or -errno.
 */
int vnm_document_parse(const char *text, size_t len, const char *file, xmlDoc **ret,
		       struct vnm_error *err)
{
	struct parse_state state = { .file = file, .err = err };
	xmlParserCtxt *ctxt __attribute__((cleanup(free_context))) = NULL;
	vnm_autodoc xmlDoc *doc = NULL;
	int r;

	if (len > VNM_XML_MAX)
		return vnm_error_set(err, VNM_ERR_XML_SYNTAX, EFBIG, "%s: larger than %d bytes",
				     file, VNM_XML_MAX);
	r = refuse_crowds(text, len, file, err);
	if (r < 0)
		return r;
	vnm_document_init();
	ctxt = xmlNewParserCtxt();
	ctxt->_private = &state;
	ctxt->sax->internalSubset = on_doctype;
	ctxt->sax->serror = on_error;
	ctxt->sax->initialized = XML_SAX2_MAGIC;
	doc = read_tree(ctxt, text, len);
	if (state.failed)
		return -EINVAL;
	if (!doc || !ctxt->wellFormed)
		return vnm_error_set(err, VNM_ERR_XML_SYNTAX, EINVAL,
				     "%s:1: the document is empty or damaged", file);
	*ret = vnm_steal(&doc);
	return 0;
}

/**
 * vnm_document_check_root() - is it the expected kind of document?
 * @doc:  the tree
 * @name: what its root element must be, in no namespace
 * @file: its name, for messages
 * @err:  VNM_ERR_XML_SCHEMA, with file and line
 *
 * Return: 0 or -EINVAL.
 */
int vnm_document_check_root(xmlDoc *doc, const char *name, const char *file, struct vnm_error *err)
{
	xmlNode *root = xmlDocGetRootElement(doc);
	long line = root ? xmlGetLineNo(root) : 1;
	const char *is = root ? (const char *)root->name : "";

	if (strcmp(is, name) != 0)
		return vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL,
				     "%s:%ld: expecting root element of '%s', not '%.60s'", file,
				     line, name, is);
	if (root->ns)
		return vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL,
				     "%s:%ld: element <%s> may not stand in a namespace: remove "
				     "xmlns='%.60s'",
				     file, line, name,
				     root->ns->href ? (const char *)root->ns->href : "");
	return 0;
}
