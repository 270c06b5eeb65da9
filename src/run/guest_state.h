/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_state.h - the observed state of guests: their processes, names and leased addresses. */
#ifndef VNM_RUN_GUEST_STATE_H
#define VNM_RUN_GUEST_STATE_H

#include <stdbool.h>

#include "model/attach.h"
#include "state/paths.h"
#include "util/addr.h"

struct vnm_driver;

void vnm_attach_note_process(struct vnm_attachment *attach);
bool vnm_attach_gone(const struct vnm_attachment *attach);
bool vnm_attach_awaited(const struct vnm_paths *paths, const struct vnm_attachment *attach);
char *vnm_attach_guest_name(const struct vnm_attachment *attach);
void vnm_driver_leased(struct vnm_driver *drv, const struct vnm_attachment *attach,
		       struct vnm_prefix *ret);
bool vnm_guest_has_lease(const struct vnm_attachment *attach);
bool vnm_guest_concerns_network(const struct vnm_attachment *attach);

#endif
