/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dumpxml.h - net-dumpxml: a definition as it is printed. */
#ifndef VNM_DRIVER_DUMPXML_H
#define VNM_DRIVER_DUMPXML_H

#include <stdbool.h>

#include "util/error.h"

struct vnm_driver;

/**
 * struct vnm_dumpxml - what is printed
 * @inactive: the persistent definition even while the network is active
 * @secrets:  with passwords
 * @frr:      instead of the definition, FRR's configuration for it
 */
struct vnm_dumpxml {
	bool inactive, secrets, frr;
};

int vnm_driver_dumpxml(struct vnm_driver *drv, const char *name, const struct vnm_dumpxml *what,
		       char **ret, struct vnm_error *err);

#endif
