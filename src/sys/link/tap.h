/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tap.h - taps that end with the program that they are handed to. */
#ifndef VNM_SYS_TAP_H
#define VNM_SYS_TAP_H

#include <stdbool.h>
#include <stdint.h>

#include "sys/sys.h"
#include "util/error.h"

int vnm_tap_open(struct vnm_sys *sys, const char *name, bool vnet_hdr, uint32_t mtu, int *ret_fd,
		 struct vnm_error *err);

#endif
