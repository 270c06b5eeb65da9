/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tc_qdisc.h - queueing disciplines of a device. */
#ifndef VNM_SYS_TC_QDISC_H
#define VNM_SYS_TC_QDISC_H

#include "sys/sys.h"

/** struct vnm_tc_qdisc - @kind: "": the device has only the kernel's default; @defcls: of an HTB: its default class */
struct vnm_tc_qdisc {
	char kind[16];
	uint32_t handle;
	uint32_t defcls;
};

int vnm_tc_qdisc_get(struct vnm_sys *sys, int ifindex, uint32_t parent, struct vnm_tc_qdisc *ret);
int vnm_tc_htb_add(struct vnm_sys *sys, int ifindex, uint32_t handle, uint32_t defcls,
		   struct vnm_error *err);
int vnm_tc_leaf_set(struct vnm_sys *sys, int ifindex, uint32_t parent, bool fair, uint32_t limit,
		    struct vnm_error *err);
int vnm_tc_ingress_add(struct vnm_sys *sys, int ifindex, struct vnm_error *err);
int vnm_tc_qdisc_del(struct vnm_sys *sys, int ifindex, uint32_t parent, uint32_t handle,
		     struct vnm_error *err);
int vnm_tc_qdisc_foreign(const struct vnm_tc_qdisc *qdisc, const char *dev, uint32_t parent,
			 struct vnm_error *err);

#endif
