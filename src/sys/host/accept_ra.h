/* SPDX-License-Identifier: GPL-2.0-or-later */
/* accept_ra.h - the host keeps accepting router advertisements while it forwards IPv6. */
#ifndef VNM_SYS_ACCEPT_RA_H
#define VNM_SYS_ACCEPT_RA_H

#include "sys/op_impl.h"
#include "util/buf.h"

struct vnm_link;

int vnm_accept_ra_keep(struct vnm_sys *sys, const struct vnm_link *link, struct vnm_error *err);
int vnm_accept_ra_deaf(struct vnm_sys *sys, struct vnm_buf *ret, struct vnm_error *err);
void vnm_accept_ra_drop_record(struct vnm_sys *sys);
void vnm_accept_ra_forget(struct vnm_sys *sys);

#endif
