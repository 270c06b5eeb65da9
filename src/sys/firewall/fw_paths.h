/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_paths.h - the packets of a network's guests that should pass, whatever other programs' chains they meet. */
#ifndef VNM_SYS_FW_PATHS_H
#define VNM_SYS_FW_PATHS_H

#include "sys/firewall/fw_probe.h"

#define VNM_FW_PATHS_MAX 32

/** struct vnm_fw_path - packets that should pass. @hook: NF_INET_*, of the chains that they meet; @what: in words, which "the guests" follows */
struct vnm_fw_path {
	int hook;
	struct vnm_fw_probe probe;
	const char *what;
};

/** struct vnm_fw_paths - those of one network. @bridge: its bridge, as long as the plan; NULL: it has none, and no paths */
struct vnm_fw_paths {
	const char *bridge;
	struct vnm_fw_path items[VNM_FW_PATHS_MAX];
	size_t n;
};

void vnm_fw_paths(struct vnm_sys *sys, const struct vnm_plan *plan, struct vnm_fw_paths *ret);

#endif
