/* SPDX-License-Identifier: GPL-2.0-or-later */
/* annotate.h - changing the parts of a definition that have no effect on the system: title, description, metadata; and replacing it. */
#ifndef VNM_DRIVER_ANNOTATE_H
#define VNM_DRIVER_ANNOTATE_H

#include <stdbool.h>

#include "util/error.h"

struct vnm_driver;

/**
 * struct vnm_note - a title, description or metadata
 * @kind:   which
 * @text:   the new one; NULL: remove it
 * @uri:    of metadata: the namespace
 * @key:    of metadata: its prefix; NULL without @text
 * @edited: the new one is an edited @seen, and is refused if @seen has changed since
 * @seen:   NULL: there was none
 */
struct vnm_note {
	enum vnm_note_kind { VNM_NOTE_TITLE, VNM_NOTE_DESCRIPTION, VNM_NOTE_METADATA } kind;
	const char *text, *uri, *key;
	bool edited;
	const char *seen;
};

int vnm_driver_annotate(struct vnm_driver *drv, const char *name, unsigned flags,
			const struct vnm_note *note, struct vnm_error *err);
int vnm_driver_annotation(struct vnm_driver *drv, const char *name, unsigned *flags,
			  const struct vnm_note *note, char **ret, struct vnm_error *err);
int vnm_driver_replace(struct vnm_driver *drv, const char *name, const char *seen, const char *text,
		       char **ret_name, struct vnm_error *err);

#endif
