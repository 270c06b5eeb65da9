/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mount_ns.h - where names of network namespaces are mounted. */
#ifndef VNM_SYS_NETLINK_MOUNT_NS_H
#define VNM_SYS_NETLINK_MOUNT_NS_H

int vnm_mount_ns_run(int (*fn)(void *data), void *data);

#endif
