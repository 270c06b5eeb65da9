/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_known.h - a device known again by its number, whatever it is called now. */
#ifndef VNM_SYS_LINK_KNOWN_H
#define VNM_SYS_LINK_KNOWN_H

#include "sys/link/link.h"

int vnm_known_note(struct vnm_sys *sys, const char *file, const struct vnm_link *link,
		   struct vnm_error *err);
void vnm_known_forget(struct vnm_sys *sys, const char *file);
int vnm_known_look(struct vnm_sys *sys, const char *file, struct vnm_sys *there,
		   struct vnm_link *ret);
int vnm_known_peer(struct vnm_sys *sys, const char *file, struct vnm_sys *there,
		   struct vnm_link *ret);

#endif
