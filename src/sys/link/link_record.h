/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_record.h - records of devices, by which they are recognised whatever their name is now. */
#ifndef VNM_SYS_LINK_RECORD_H
#define VNM_SYS_LINK_RECORD_H

#include "sys/link/link.h"

int vnm_link_record_here(struct vnm_sys *sys);
int vnm_link_record_write(struct vnm_sys *sys, const char *file, const struct vnm_link *link,
			  struct vnm_error *err);
int vnm_link_record_drop(struct vnm_sys *sys, const char *file, struct vnm_error *err);
int vnm_link_record_find(struct vnm_sys *sys, const char *file, struct vnm_sys *there,
			 struct vnm_link *ret);
int vnm_link_record_find_peer(struct vnm_sys *sys, const char *file, struct vnm_sys *there,
			      struct vnm_link *ret);

#endif
