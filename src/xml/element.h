/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * element.h - the types of the vocabulary's tables.
 *
 * A field row has the place of a value in the XML and in the struct; an element is a list of rows. Reading, printing
 * and freeing are generic walks over the rows, so a new attribute is one new row and cannot be read but not printed,
 * or printed unescaped.
 */
#ifndef VNM_XML_ELEMENT_H
#define VNM_XML_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/enums.h"
#include "util/buf.h"

/** enum vnm_scalar - the type of a value. */
enum vnm_scalar {
	VNM_SCALAR_STRING, /* char *; no control characters, <= 1023 bytes */
	VNM_SCALAR_TEXT, /* char *; several lines of any length */
	VNM_SCALAR_UINT, /* struct vnm_uint, within [min, max] */
	VNM_SCALAR_UINT64, /* struct vnm_uint64, the same */
	VNM_SCALAR_HEX, /* the same, printed as 0x and @digits digits */
	VNM_SCALAR_ENUM, /* an int-sized enum by @table; 0 is absent */
	VNM_SCALAR_ADDR, /* struct vnm_addr */
	VNM_SCALAR_PREFIX, /* struct vnm_prefix; of more addresses than one */
	VNM_SCALAR_MAC, /* struct vnm_mac */
	VNM_SCALAR_UUID, /* struct vnm_uuid */
	VNM_SCALAR_PORTS, /* struct vnm_port_range */
	VNM_SCALAR_COUNT
};

enum vnm_field_kind {
	VNM_FIELD_ATTR, /* an attribute */
	VNM_FIELD_TEXT, /* the element's own text */
	VNM_FIELD_CHILD_TEXT, /* a child element that holds only text */
	VNM_FIELD_CHILD, /* at most one child element, in place in the struct */
	VNM_FIELD_LIST, /* any number of child elements: an array and its count */
	VNM_FIELD_VERBATIM, /* a foreign child element: char *, stored unchanged (xml/verbatim.h) */
	VNM_FIELD_COUNT
};

enum vnm_field_flag {
	VNM_FIELD_REQUIRED = 1 << 0,
	VNM_FIELD_SKIP_ZERO = 1 << 1, /* a number 0 is read but not printed */
	VNM_FIELD_OUTPUT = 1 << 2, /* state of live networks: printed, but ignored when read */
	VNM_FIELD_AUTO = 1 << 3, /* a number 0 is written as "auto" */
};

struct vnm_element;

/** struct vnm_namespace - of elements that are not libvirt's core vocabulary. @prefix: the one it is printed with. */
struct vnm_namespace {
	const char *prefix, *uri;
};

/**
 * struct vnm_field - one row. @size: of an element's struct, bytes. @count_offset: lists only. @digits: VNM_SCALAR_HEX only. @expect: the expected value, for messages (NULL: derived from the type).
 *
 * For the table in vnetmgr-network(5), which the tests write:
 * @initial: the default, in a word or two; NULL: nothing is set, or the attribute is required
 * @modes:   the forward modes that it is meaningful in, as the page names them; NULL: the element's
 * @since:   the version of vnetmgr that it came with; NULL: the element's, or libvirt has it
 */
struct vnm_field {
	enum vnm_field_kind kind;
	const char *name;
	enum vnm_scalar scalar;
	unsigned flags;
	size_t offset;
	size_t count_offset;
	size_t size;
	uint64_t min, max;
	int digits;
	const struct vnm_enum *table;
	const struct vnm_element *element;
	const struct vnm_namespace *ns;
	const char *expect;
	const char *initial, *modes, *since;
};

/**
 * struct vnm_element - an element's rows in the order in which they are printed.
 * @ns:   NULL: none
 * @pair: never printed as <x/>
 * @modes, @since: of its attributes, where their rows have none; see struct vnm_field
 */
struct vnm_element {
	const char *name;
	const struct vnm_namespace *ns;
	const struct vnm_field *fields;
	size_t n_fields;
	bool pair;
	const char *modes, *since;
};

const struct vnm_field *vnm_element_row(const struct vnm_element *elem, const char *name,
					size_t len);
const struct vnm_field *vnm_element_text(const struct vnm_element *elem);
const struct vnm_namespace *vnm_field_namespace(const struct vnm_field *field);
void vnm_namespace_print(const struct vnm_namespace *ns, struct vnm_buf *out);

#endif
