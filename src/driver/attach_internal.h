/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_internal.h - what the files about attachments share. Not for others. */
#ifndef VNM_RUN_ATTACH_INTERNAL_H
#define VNM_RUN_ATTACH_INTERNAL_H

#include "driver/driver_internal.h"
#include "model/taken.h"
#include "sys/link/neighbour.h"

int vnm_attachments_read(const struct vnm_paths *paths, const char *name,
			 struct vnm_attachments *ret, struct vnm_error *err);
int vnm_attach_made_at(const struct vnm_paths *paths, const char *name, bool make,
		       struct vnm_error *err);
int vnm_attach_made(struct vnm_driver *drv, const char *name, bool make, struct vnm_error *err);
void vnm_attach_drop_empty(struct vnm_driver *drv, const char *name);
void vnm_attach_sweep(struct vnm_driver *drv);
int vnm_attach_save(struct vnm_driver *drv, const struct vnm_attachment *attach,
		    struct vnm_error *err);
int vnm_attach_forget(struct vnm_driver *drv, const char *name, const char *dev,
		      struct vnm_error *err);
int vnm_attach_drop_limits(struct vnm_driver *drv, int made, const char *dev,
			   const struct vnm_plan *plan, struct vnm_error *err);
bool vnm_attach_other_mtu(struct vnm_sys *sys, const struct vnm_attachment *attach,
			  const struct vnm_plan *plan, struct vnm_buf *ret);
void vnm_attach_warn_forwards(struct vnm_driver *drv, const struct vnm_attachment *attach);
void vnm_attach_note_process(struct vnm_attachment *attach);
bool vnm_attach_gone(const struct vnm_attachment *attach);
int vnm_attach_check(struct vnm_driver *drv, const struct vnm_network *net,
		     const struct vnm_attachment *attach, struct vnm_error *err);
int vnm_attach_right(struct vnm_driver *drv, const struct vnm_network *net,
		     const struct vnm_attachment *attach, uint32_t ino, struct vnm_error *err);
int vnm_attach_plan(struct vnm_driver *drv, const struct vnm_network *net,
		    const struct vnm_attachment *attach, struct vnm_plan *ret,
		    struct vnm_error *err);
int vnm_attach_netns_make(struct vnm_driver *drv, const struct vnm_attachment *attach,
			  struct vnm_error *err);
int vnm_attach_netns_recorded(struct vnm_driver *drv, int made, const struct vnm_attachment *attach,
			      struct vnm_error *err);
void vnm_attach_netns_done(struct vnm_driver *drv, const struct vnm_attachment *attach, bool keep);
bool vnm_attach_netns_ours(struct vnm_driver *drv, const struct vnm_attachment *attach,
			   uint32_t ino);
ssize_t vnm_attach_ask(struct vnm_driver *drv, const struct vnm_network *net,
		       const struct vnm_attachment *attach, struct vnm_probe *ret);
int vnm_attach_replace_all(struct vnm_driver *drv, const char *name, struct vnm_attachments *all,
			   struct vnm_error *err);
int vnm_attach_find_again(struct vnm_driver *drv, const struct vnm_network *net,
			  const struct vnm_attachment *attach, struct vnm_attach_ip *ip,
			  const struct vnm_taken *picked, struct vnm_error *err);
int vnm_attach_drop_addresses(struct vnm_driver *drv, const struct vnm_network *net,
			      const struct vnm_attachment *attach, int made,
			      const struct vnm_plan *plan, struct vnm_error *err);
char *vnm_attach_guest_name(const struct vnm_attachment *attach);
int vnm_attach_complete(struct vnm_driver *drv, const struct vnm_network *net, unsigned wanted_auto,
			struct vnm_attachment *attach, struct vnm_error *err);

#endif
