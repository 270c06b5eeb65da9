/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_store.h - attachments on disk: the lists of what was asked for, and the directories of their journals. */
#ifndef VNM_STATE_GUEST_STORE_H
#define VNM_STATE_GUEST_STORE_H

#include <stdbool.h>

#include "model/attach.h"
#include "state/journal.h"
#include "state/paths.h"
#include "util/error.h"

struct vnm_driver;

int vnm_attachments_read(const struct vnm_paths *paths, const char *name,
			 struct vnm_attachments *ret, struct vnm_error *err);
char *vnm_attach_made_dir(const struct vnm_paths *paths, const char *name);
char *vnm_attach_client_dir(const struct vnm_paths *paths, const char *name);
int vnm_attach_journal(int made, const char *dev, struct vnm_journal *ret, struct vnm_error *err);
int vnm_attach_made_before(int made, const char *dev, struct vnm_journal *ret,
			   struct vnm_error *err);
int vnm_attach_made_at(const struct vnm_paths *paths, const char *name, bool make,
		       struct vnm_error *err);
int vnm_attach_made(struct vnm_driver *drv, const char *name, bool make, struct vnm_error *err);
void vnm_attach_drop_empty(struct vnm_driver *drv, const char *name);
void vnm_attach_sweep(struct vnm_driver *drv);
int vnm_attach_save(struct vnm_driver *drv, const struct vnm_attachment *attach,
		    struct vnm_error *err);
int vnm_attach_forget(struct vnm_driver *drv, const char *name, const char *dev,
		      struct vnm_error *err);
int vnm_attach_replace_all(struct vnm_driver *drv, const char *name, struct vnm_attachments *all,
			   struct vnm_error *err);
int vnm_attach_move(struct vnm_driver *drv, const char *old, const char *to, struct vnm_error *err);
const struct vnm_attachments *vnm_attachments_get(struct vnm_driver *drv, const char *name);
int vnm_attachments_load_error(struct vnm_driver *drv, const char *name, struct vnm_error *err);
void vnm_attachments_load(struct vnm_driver *drv, const char *name, struct vnm_attachments *ret);

#endif
