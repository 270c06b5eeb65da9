/* SPDX-License-Identifier: GPL-2.0-or-later */
/* virsh.h - libvirt, asked by its own client. */
#ifndef VNM_SYS_VIRSH_H
#define VNM_SYS_VIRSH_H

#include <stddef.h>

#include "util/error.h"

/** struct vnm_virsh - how libvirt is asked. @uri: of its daemon; @run_fd: the run directory; VNM_DIR_ABSENT: of a dry run */
struct vnm_virsh {
	const char *uri;
	int run_fd;
};

#define VNM_VIRSH_URI "network:///system"

int vnm_virsh(const struct vnm_virsh *virsh, const char *const *words, const char *input,
	      char **ret, struct vnm_error *err);
void vnm_virsh_recover(int run_fd);

#endif
