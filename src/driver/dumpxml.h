/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dumpxml.h - net-dumpxml: a definition as it is printed. */
#ifndef VNM_DRIVER_DUMPXML_H
#define VNM_DRIVER_DUMPXML_H

#include <stdbool.h>

#include "util/error.h"

struct vnm_driver;

int vnm_driver_dumpxml(struct vnm_driver *drv, const char *name, bool inactive, char **ret,
		       struct vnm_error *err);

#endif
