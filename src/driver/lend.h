/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lend.h - taps for the programs of ordinary users. */
#ifndef VNM_DRIVER_LEND_H
#define VNM_DRIVER_LEND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "util/error.h"

struct vnm_driver;

/** struct vnm_loan - a tap that a user gets. @network: to which it leads; @max: how many he may have there; @id: set by vnm_driver_lend() */
struct vnm_loan {
	const char *network;
	uid_t uid;
	unsigned max;
	bool vnet_hdr;
	char *id;
};

bool vnm_driver_is_bridge(struct vnm_driver *drv, const char *network, const char *bridge);
int vnm_driver_lend(struct vnm_driver *drv, struct vnm_loan *loan, int *ret_fd,
		    struct vnm_error *err);

#endif
