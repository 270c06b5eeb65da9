/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vsctl.h - Open vSwitch, asked and told by ovs-vsctl(8). */
#ifndef VNM_SYS_VSCTL_H
#define VNM_SYS_VSCTL_H

#include "plan/op/ovs_words.h"
#include "util/error.h"

int vnm_vsctl(const struct vnm_ovs_words *words, const char *what, char **ret,
	      struct vnm_error *err);
const char *vnm_vsctl_why(const struct vnm_error *err);
int vnm_vsctl_has_bridge(const char *name, struct vnm_error *err);

#endif
