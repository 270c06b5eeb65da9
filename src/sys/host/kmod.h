/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kmod.h - load modules that the kernel does not load on demand. */
#ifndef VNM_SYS_KMOD_H
#define VNM_SYS_KMOD_H

#include "sys/sys.h"
#include "util/buf.h"

/** enum vnm_kmod - those needed here. */
enum vnm_kmod { VNM_KMOD_IP_TABLES, VNM_KMOD_IP6_TABLES, VNM_KMOD_TUN, VNM_KMOD_COUNT };

const char *vnm_kmod_name(enum vnm_kmod module);
bool vnm_kmod_load(struct vnm_sys *sys, enum vnm_kmod module);
bool vnm_kmod_disabled(void);
void vnm_kmod_remedy(const char *module, struct vnm_buf *out);

#endif
