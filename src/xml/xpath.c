/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xpath.c - the parts of an XML text that an XPath expression names.
 *
 * The text is our own output, which was read and checked before, so it is parsed without the precautions of document.c.
 */
#include "xml/xpath.h"

#include <errno.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <string.h>

#include "util/mem.h"
#include "xml/document.h"

/*
 * The limit of an expression in libxml2's steps, a few for each visited node: at most two seconds. Nested predicates
 * over "//" take a power of the number of nodes; one over the largest definition takes less than a million steps.
 */
#define STEPS_MAX 100000000
#if LIBXML_VERSION >= 20910
#define LIMIT_STEPS(context) ((context)->opLimit = STEPS_MAX)
/* Unlike the other errors it has no name in xmlerror.h. */
#define CODE_TOO_EXPENSIVE (XML_XPATH_EXPRESSION_OK + XPATH_OP_LIMIT_EXCEEDED)
#else
#define LIMIT_STEPS(context) ((void)0)
#define CODE_TOO_EXPENSIVE (-1)
#endif

static void free_context(xmlXPathContext **context)
{
	if (*context)
		xmlXPathFreeContext(*context);
}

static void free_object(xmlXPathObject **object)
{
	if (*object)
		xmlXPathFreeObject(*object);
}

/* The same messages with every version of libxml2. */
static const char *describe(int code)
{
	switch (code) {
	case XML_XPATH_NUMBER_ERROR: return "Number encoding";
	case XML_XPATH_UNFINISHED_LITERAL_ERROR: return "Unfinished literal";
	case XML_XPATH_UNDEF_VARIABLE_ERROR: return "Undefined variable";
	case XML_XPATH_INVALID_PREDICATE_ERROR: return "Invalid predicate";
	case XML_XPATH_UNKNOWN_FUNC_ERROR: return "Unregistered function";
	case XML_XPATH_INVALID_OPERAND: return "Invalid operand";
	case XML_XPATH_INVALID_TYPE: return "Invalid type";
	case XML_XPATH_INVALID_ARITY: return "Invalid number of arguments";
	case XML_XPATH_UNDEF_PREFIX_ERROR: return "Undefined namespace prefix";
	case CODE_TOO_EXPENSIVE:
		return "the expression is too expensive; fewer '//' inside of [ ] cost less";
	default: return "Invalid expression";
	}
}

static void on_error(void *data, vnm_xml_fault error)
{
	const char **fault = data;

	if (!*fault)
		*fault = describe(error->code);
}

/* libxml2 reports some errors twice, once to standard error. */
static void ignore(void *data, const char *fmt, ...)
{
	(void)data, (void)fmt;
}

/* NULL, and @err, when the expression is invalid, or its result is not a set of nodes. */
static xmlXPathObject *evaluate(xmlDoc *doc, const char *expression, struct vnm_error *err)
{
	xmlXPathContext *context __attribute__((cleanup(free_context))) = xmlXPathNewContext(doc);
	xmlXPathObject *found __attribute__((cleanup(free_object))) = NULL;
	const char *fault = NULL; /* the first only */

	context->node = xmlDocGetRootElement(doc);
	LIMIT_STEPS(context);
	xmlSetStructuredErrorFunc(&fault, on_error);
	xmlSetGenericErrorFunc(NULL, ignore);
	found = xmlXPathEval((const xmlChar *)expression, context);
	xmlSetGenericErrorFunc(NULL, NULL);
	xmlSetStructuredErrorFunc(NULL, NULL);
	if (found && found->type == XPATH_NODESET)
		return vnm_steal(&found);
	vnm_error_set(err, VNM_ERR_USAGE, EINVAL, "Incorrect xpath '%s': %s", expression,
		      found   ? "it must name elements, attributes or text"
		      : fault ? fault
			      : describe(0));
	return NULL;
}

/* A namespace is no tree node to libxml2, and cannot be printed or copied as one. */
static void print_namespace(const xmlNs *ns, struct vnm_buf *out)
{
	if (ns->prefix)
		vnm_buf_printf(out, " xmlns:%s=\"%s\"", ns->prefix, ns->href);
	else
		vnm_buf_printf(out, " xmlns=\"%s\"", ns->href);
}

static void print_node(xmlDoc *doc, xmlNode *node, struct vnm_buf *out)
{
	vnm_autoxmlbuf xmlBuffer *text = xmlBufferCreate();

	if (node->type == XML_NAMESPACE_DECL) {
		print_namespace((const xmlNs *)(const void *)node, out);
	} else {
		xmlNodeDump(text, doc, node, 0, 1);
		vnm_buf_add(out, (const char *)xmlBufferContent(text));
	}
	vnm_buf_addc(out, '\n');
}

/* A document cannot be inside another: its root is taken instead. */
static void print_wrapped(xmlNodeSet *nodes, struct vnm_buf *out)
{
	vnm_autodoc xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
	xmlNode *root = xmlNewDocNode(doc, NULL, (const xmlChar *)"nodes", NULL);

	xmlDocSetRootElement(doc, root);
	for (int i = 0; !xmlXPathNodeSetIsEmpty(nodes) && i < nodes->nodeNr; i++) {
		xmlNode *node = nodes->nodeTab[i];

		if (node->type == XML_DOCUMENT_NODE)
			node = xmlDocGetRootElement((xmlDoc *)(void *)node);
		if (node->type != XML_NAMESPACE_DECL)
			xmlAddChild(root, xmlDocCopyNode(node, doc, 1));
	}
	print_node(doc, root, out);
}

/**
 * vnm_xpath_print() - print what an expression names
 * @xml:        a well-formed XML text of our own
 * @len:        its length in bytes
 * @expression: XPath 1.0; relative ones begin at the root element
 * @wrap:       print it as one document, inside of <nodes>
 * @out:        gets the nodes, each with a newline after it: elements as XML, attributes as ' name="value"'
 * @err:        VNM_ERR_USAGE for an expression whose result is not a set of nodes
 *
 * An expression that finds nothing is no error.
 *
 * Return: 0 or -errno.
 */
int vnm_xpath_print(const char *xml, size_t len, const char *expression, bool wrap,
		    struct vnm_buf *out, struct vnm_error *err)
{
	vnm_autodoc xmlDoc *doc = NULL; /* freed last: it owns the result */
	xmlXPathObject *found __attribute__((cleanup(free_object))) = NULL;

	vnm_document_init();
	doc = xmlReadMemory(xml, (int)len, NULL, NULL,
			    XML_PARSE_NONET | XML_PARSE_NOBLANKS | XML_PARSE_NOERROR);
	if (!doc)
		return vnm_error_set(err, VNM_ERR_XML_SYNTAX, EINVAL, "cannot read the output");
	found = evaluate(doc, expression, err);
	if (!found)
		return -EINVAL;
	if (wrap) {
		print_wrapped(found->nodesetval, out);
		return 0;
	}
	for (int i = 0; !xmlXPathNodeSetIsEmpty(found->nodesetval) && i < found->nodesetval->nodeNr;
	     i++)
		print_node(doc, found->nodesetval->nodeTab[i], out);
	return 0;
}
