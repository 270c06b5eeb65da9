/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change.h - one change of a definition, within its section; and its errors. Pure. */
#ifndef VNM_XML_UPDATE_CHANGE_H
#define VNM_XML_UPDATE_CHANGE_H

#include <stdbool.h>

#include "model/network.h"
#include "util/buf.h"
#include "util/error.h"

struct vnm_field;
struct vnm_section;

/** enum vnm_update_how - the commands of net-update, with the numbers of libvirt's API. */
enum vnm_update_how {
	VNM_UPDATE_MODIFY,
	VNM_UPDATE_DELETE,
	VNM_UPDATE_ADD_LAST,
	VNM_UPDATE_ADD_FIRST,
	VNM_UPDATE_HOW_COUNT
};

extern const struct vnm_enum vnm_enum_update_how;

/**
 * struct vnm_change - a change in progress
 * @net:     the definition
 * @section: what is changed in it; @field: the row of the vocabulary for the section's elements
 * @parent:  struct vnm_update.parent
 * @file, @hint: of struct vnm_update
 * @err:     set on failure
 */
struct vnm_change {
	struct vnm_network *net;
	const struct vnm_section *section;
	const struct vnm_field *field;
	enum vnm_update_how how;
	int parent;
	const char *file;
	char **hint;
	struct vnm_error *err;
};

bool vnm_change_deletes(const struct vnm_change *change);
int vnm_change_refuse(const struct vnm_change *change, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int vnm_change_refuse_input(const struct vnm_change *change, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void vnm_change_expand(const struct vnm_change *change, const char *message, const void *given,
		       struct vnm_buf *out);
int vnm_change_find_ip(const struct vnm_change *change, struct vnm_ip **ret);

#endif
