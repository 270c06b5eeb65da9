/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * schema.c - validation against schemas/network.rng.
 *
 * The typed reader comes first, since its messages are better; the schema refuses what it missed. Any error that
 * libxml2 reports means refusal, whatever it returns.
 */
#include "xml/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <libxml/relaxng.h>
#include <libxml/xmlIO.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/file.h"
#include "util/mem.h"
#include "xml/document.h"

struct vnm_schema {
	xmlRelaxNG *rng;
};

/*
 * The first error is the innermost; the rest repeats it for each parent. Some have no line: then that of the next
 * error, of the parent, is used.
 */
struct first_error {
	bool seen;
	int line;
	char *text;
};

static void keep_first(void *data, vnm_xml_fault error)
{
	struct first_error *first = data;

	if (first->line == 0)
		first->line = error->node ? (int)xmlGetLineNo(error->node) : error->line;
	if (first->seen)
		return;
	first->seen = true;
	if (error->message)
		first->text = vnm_strndup(error->message, strcspn(error->message, "\n"));
}

static void clear_first(struct first_error *first)
{
	free(first->text);
}
#define autofirst __attribute__((cleanup(clear_first)))

static void free_parser(xmlRelaxNGParserCtxt **ctxt)
{
	if (*ctxt)
		xmlRelaxNGFreeParserCtxt(*ctxt);
}

static void free_valid(xmlRelaxNGValidCtxt **ctxt)
{
	if (*ctxt)
		xmlRelaxNGFreeValidCtxt(*ctxt);
}

/* ---- reading files for libxml2, which fails on EINTR ---- */

static int is_path(const char *name)
{
	return name[0] == '/';
}

static void *open_file(const char *name)
{
	int fd = vnm_open(AT_FDCWD, name, O_RDONLY, 0), *ret;

	if (fd < 0)
		return NULL;
	ret = vnm_alloc(sizeof(*ret));
	*ret = fd;
	return ret;
}

static int read_file(void *file, char *buf, int size)
{
	ssize_t n;

	do
		n = read(*(int *)file, buf, (size_t)size);
	while (n < 0 && errno == EINTR);
	return (int)n;
}

static int close_file(void *file)
{
	(void)close(*(int *)file);
	free(file);
	return 0;
}

static int lacks_schema(const char *path, const struct first_error *first, struct vnm_error *err)
{
	const char *why = access(path, R_OK) < 0 ? strerror(errno) : first->text;

	return vnm_error_set(err, VNM_ERR_STATE, ENOENT,
			     "cannot load the schema '%s': %s; install vnetmgr whole (make "
			     "install), or, to run it from the build tree, set VNETMGR_SCHEMAS to "
			     "the directory schemas of the source",
			     path, why ? why : "it cannot be read");
}

/**
 * vnm_schema_load() - read and compile a schema
 * @path: the .rng file; its includes are in the same directory
 * @ret:  free with vnm_schema_free()
 * @err:  VNM_ERR_STATE when it cannot be read or compiled
 *
 * Return: 0 or -errno.
 */
int vnm_schema_load(const char *path, struct vnm_schema **ret, struct vnm_error *err)
{
	xmlRelaxNGParserCtxt *ctxt __attribute__((cleanup(free_parser))) = NULL;
	struct first_error first autofirst = { 0 };
	xmlRelaxNG *rng = NULL;

	vnm_document_init();
	xmlRegisterDefaultInputCallbacks();
	(void)xmlRegisterInputCallbacks(is_path, open_file, read_file, close_file);
	ctxt = xmlRelaxNGNewParserCtxt(path);
	if (ctxt) {
		xmlRelaxNGSetParserStructuredErrors(ctxt, keep_first, &first);
		xmlSetStructuredErrorFunc(&first, keep_first); /* a missing include */
		rng = xmlRelaxNGParse(ctxt);
		xmlSetStructuredErrorFunc(NULL, NULL);
	}
	(void)xmlPopInputCallbacks();
	if (!rng || first.seen) {
		xmlRelaxNGFree(rng);
		return lacks_schema(path, &first, err);
	}
	*ret = vnm_alloc(sizeof(**ret));
	(*ret)->rng = rng;
	return 0;
}

/** vnm_schema_free() - free a schema; NULL is fine. */
void vnm_schema_free(struct vnm_schema *schema)
{
	if (!schema)
		return;
	xmlRelaxNGFree(schema->rng);
	free(schema);
}

/** vnm_cleanup_schema() - for vnm_autoschema. */
void vnm_cleanup_schema(struct vnm_schema **schema)
{
	vnm_schema_free(*schema);
}

/**
 * vnm_schema_check() - validate a tree against a schema
 * @schema: the schema
 * @doc:    the tree
 * @file:   its name, for messages
 * @err:    VNM_ERR_XML_SCHEMA with file and line
 *
 * Return: 0 or -EINVAL.
 */
int vnm_schema_check(const struct vnm_schema *schema, xmlDoc *doc, const char *file,
		     struct vnm_error *err)
{
	xmlRelaxNGValidCtxt *ctxt __attribute__((cleanup(free_valid))) =
		xmlRelaxNGNewValidCtxt(schema->rng);
	struct first_error first autofirst = { 0 };
	int r = -1;

	if (ctxt) {
		xmlRelaxNGSetValidStructuredErrors(ctxt, keep_first, &first);
		r = xmlRelaxNGValidateDoc(ctxt, doc);
	}
	if (r == 0 && !first.seen)
		return 0;
	return vnm_error_set(err, VNM_ERR_XML_SCHEMA, EINVAL,
			     "%s:%d: does not match the schema: %s", file, first.line,
			     first.text ? first.text : "the check failed");
}
