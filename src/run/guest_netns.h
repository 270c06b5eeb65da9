/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_netns.h - namespaces that are made for a guest (net-attach --create), and removed with it. */
#ifndef VNM_RUN_GUEST_NETNS_H
#define VNM_RUN_GUEST_NETNS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/attach.h"
#include "util/error.h"

struct vnm_driver;

int vnm_attach_netns_make(struct vnm_driver *drv, const struct vnm_attachment *attach,
			  struct vnm_error *err);
int vnm_attach_netns_recorded(struct vnm_driver *drv, int made, const struct vnm_attachment *attach,
			      struct vnm_error *err);
void vnm_attach_netns_done(struct vnm_driver *drv, const struct vnm_attachment *attach, bool keep);
int vnm_attach_netns_ours(struct vnm_driver *drv, const struct vnm_attachment *attach, uint32_t ino,
			  uint64_t cookie, bool *ret, struct vnm_error *err);

#endif
