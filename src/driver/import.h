/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import.h - net-import from libvirt: definitions, autostart links, leases and running networks; and back. */
#ifndef VNM_DRIVER_IMPORT_H
#define VNM_DRIVER_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/results.h"
#include "util/error.h"

struct vnm_driver;

/**
 * struct vnm_import - what is imported, and how
 * @dir:    of the definitions; NULL: that of this host's libvirt
 * @uri:    of libvirt's daemon; NULL: the usual one
 * @names:  the networks; none: all
 * @n:      how many
 * @start:  active ones are taken over, and libvirt gives all of them up
 * @forget: libvirt is to keep nothing of them; otherwise it keeps a network of mode bridge, so that domains still start
 */
struct vnm_import {
	const char *dir, *uri;
	const char *const *names;
	size_t n;
	bool start, forget;
};

int vnm_driver_import(struct vnm_driver *drv, const struct vnm_import *how, struct vnm_result **ret,
		      size_t *ret_n, struct vnm_error *err);
int vnm_driver_undo_import(struct vnm_driver *drv, const struct vnm_import *how,
			   struct vnm_result **ret, size_t *ret_n, struct vnm_error *err);

#endif
