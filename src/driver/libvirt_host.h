/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libvirt_host.h - the networks of libvirt on this host, or in a directory, read from its files. */
#ifndef VNM_DRIVER_LIBVIRT_HOST_H
#define VNM_DRIVER_LIBVIRT_HOST_H

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

#define VNM_LIBVIRT_NETWORKS "/etc/libvirt/qemu/networks"

/**
 * struct vnm_libvirt_net - a network of libvirt
 * @file:   of its definition
 * @text:   the definition
 * @marked: for autostart
 * @active: libvirt runs it now
 * @ports:  the ports that its guests have in libvirt
 */
struct vnm_libvirt_net {
	char *name, *file, *text;
	bool marked, active;
	size_t ports;
};

/**
 * struct vnm_libvirt_host - what was found
 * @here:      the directory is the one of this host's libvirt, so that networks can be active
 * @transient: the names of active networks without a definition
 */
struct vnm_libvirt_host {
	bool here;
	struct vnm_libvirt_net *nets;
	size_t n;
	char **transient;
	size_t n_transient;
};

int vnm_libvirt_host_read(const char *dir, struct vnm_libvirt_host *ret, struct vnm_error *err);
void vnm_libvirt_host_clear(struct vnm_libvirt_host *host);
#define vnm_autolibvirt_host __attribute__((cleanup(vnm_libvirt_host_clear)))

#endif
