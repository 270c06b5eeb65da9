/* SPDX-License-Identifier: GPL-2.0-or-later */
/* update_rows.h - the table behind update.h: one row a section. For update.c and update_rows.c. */
#ifndef VNM_XML_UPDATE_ROWS_H
#define VNM_XML_UPDATE_ROWS_H

#include "xml/update/update.h"

struct vnm_section_row;

/** struct vnm_change - one change on its way. */
struct vnm_change {
	struct vnm_network *net;
	const struct vnm_section_row *row;
	enum vnm_update_how how;
	int parent;
	const char *file;
	struct vnm_error *err;
};

/** struct vnm_list - an array of a definition, and its count. */
struct vnm_list {
	void **items;
	size_t *n;
	size_t size;
};

/**
 * struct vnm_section_row - one section.
 * @label:   what messages call it
 * @path:    the element in the tables of the vocabulary; NULL: it cannot be changed
 * @size:    bytes of its struct
 * @hows:    bits: which commands there are; @refusal: what is said to the others
 * @offset:  of an element that stands once, in struct vnm_network
 * @list:    for the others: the list it belongs to
 * @check:   may refuse what is given, or complete it
 * @matches: does the given element mean the one that is there?
 * @exists:  the words for one that is there already; @missing: for one that is not
 * @many:    the words when several are meant; NULL: the first one is taken
 */
struct vnm_section_row {
	const char *label, *path;
	size_t size;
	unsigned hows;
	const char *refusal;
	size_t offset;
	int (*list)(const struct vnm_change *change, struct vnm_list *ret);
	int (*check)(const struct vnm_change *change, void *given);
	bool (*matches)(const struct vnm_change *change, const void *there, const void *given);
	int (*exists)(const struct vnm_change *change, const void *given);
	int (*missing)(const struct vnm_change *change, const void *given);
	int (*many)(const struct vnm_change *change);
};

#define VNM_HOW_ADD (1u << VNM_UPDATE_ADD_LAST | 1u << VNM_UPDATE_ADD_FIRST)
#define VNM_HOW_ADD_DELETE (VNM_HOW_ADD | 1u << VNM_UPDATE_DELETE)
#define VNM_HOW_MODIFY (1u << VNM_UPDATE_MODIFY)
#define VNM_HOW_ALL (VNM_HOW_ADD_DELETE | VNM_HOW_MODIFY)

/* A row of a section whose elements are a list; @var begins the names of its functions. */
#define VNM_LIST_ROW(var, word, element, type, commands, ...) \
	{ .label = (word), .path = (element), .size = sizeof(struct type), .hows = (commands), \
	  .list = var##_list, .matches = var##_matches, .exists = var##_exists, \
	  .missing = var##_missing, ##__VA_ARGS__ }

extern const struct vnm_section_row *const vnm_section_rows[VNM_SECTION_COUNT];
extern const struct vnm_section_row vnm_section_ip, vnm_section_dhcp_host, vnm_section_dhcp_range,
	vnm_section_dns_host, vnm_section_dns_txt, vnm_section_dns_srv, vnm_section_dns_forwarder,
	vnm_section_port_forward, vnm_section_redirect, vnm_section_source_nat,
	vnm_section_static_nat, vnm_section_allow;

int vnm_change_fail(const struct vnm_change *change, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int vnm_change_bad(const struct vnm_change *change, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool vnm_change_same(const char *a, const char *b);
bool vnm_change_deletes(const struct vnm_change *change);

#endif
