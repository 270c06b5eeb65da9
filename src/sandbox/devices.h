/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devices.h - devices, addresses and routes inside the sandbox. */
#ifndef VNM_SANDBOX_DEVICES_H
#define VNM_SANDBOX_DEVICES_H

#include <sys/types.h>

#include "sys/handles.h"
#include "util/error.h"

int vnm_sandbox_loopback(struct vnm_error *err);
int vnm_sandbox_link_up(struct vnm_sys *sys, const char *name, struct vnm_error *err);
int vnm_sandbox_veth(struct vnm_sys *sys, const char *name, const char *peer, pid_t pid,
		     struct vnm_error *err);
int vnm_sandbox_add_address(struct vnm_sys *sys, const char *dev, const char *text,
			    struct vnm_error *err);
int vnm_sandbox_add_default_route(struct vnm_sys *sys, const char *dev, const char *gateway,
				  struct vnm_error *err);

#define vnm_autosys __attribute__((cleanup(vnm_sys_clear)))

#endif
