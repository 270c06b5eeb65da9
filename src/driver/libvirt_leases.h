/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libvirt_leases.h - the leases that libvirt keeps for a bridge, as lines of dnsmasq's own file. */
#ifndef VNM_DRIVER_LIBVIRT_LEASES_H
#define VNM_DRIVER_LIBVIRT_LEASES_H

#include <stddef.h>
#include <time.h>

char *vnm_libvirt_leases_convert(const char *text, size_t len, time_t now, size_t *ret_n);
char *vnm_libvirt_leases_read(const char *bridge, size_t *ret_n);

#endif
