/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sections.h - the sections of net-update: one table. Pure. */
#ifndef VNM_XML_UPDATE_SECTIONS_H
#define VNM_XML_UPDATE_SECTIONS_H

#include <stddef.h>

#include "xml/update/change.h"

/**
 * struct vnm_section - one section
 * @name:         on the command line
 * @path:         its elements in the vocabulary, see vnm_field_find(); NULL: nothing can be changed
 * @allowed:         bits: the commands that it supports; @refusal: the message for the others
 * @makes_parent: the parent of a new element is created as well
 * @keys:         a list only: the attributes, separated by blanks, that identify an entry
 * @matches:      instead of @keys: does @given refer to @entry?
 * @check:        checks and completes the given element; NULL: none
 * @exists:       a list only: the message for an entry that is already there, @missing: for one that is not;
 *               @missing_to_modify: for one that was to be modified, when that differs
 * @many:         the message when several entries match; NULL: the first one is taken
 *
 * In messages, {network} stands for the network's name, {X} for the attribute X of the element that was given.
 */
struct vnm_section {
	const char *name, *path;
	unsigned allowed;
	const char *refusal;
	bool makes_parent;
	const char *keys;
	bool (*matches)(const struct vnm_change *change, const void *entry, const void *given);
	int (*check)(const struct vnm_change *change, void *given);
	const char *exists, *missing, *missing_to_modify, *many;
};

extern const struct vnm_section vnm_sections[]; /* libvirt's come first */
extern const size_t vnm_n_sections;

const struct vnm_section *vnm_section_find(const char *name);

#endif
