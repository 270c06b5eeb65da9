/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vtysh.h - FRR, asked and told by its own shell. */
#ifndef VNM_SYS_VTYSH_H
#define VNM_SYS_VTYSH_H

#include <stdbool.h>

#include "plan/op/op_types.h"
#include "util/error.h"

bool vnm_vtysh_installed(void);
bool vnm_frr_daemon_runs(const struct vnm_op_evpn *evpn, const char *daemon);
int vnm_vtysh_show(const struct vnm_op_evpn *evpn, const char *const *commands, char **ret,
		   struct vnm_error *err);
int vnm_vtysh_verify(const struct vnm_op_evpn *evpn, const char *text, struct vnm_error *err);
int vnm_vtysh_feed(const struct vnm_op_evpn *evpn, const char *text, struct vnm_error *err);

#endif
