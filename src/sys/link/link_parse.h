/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_parse.h - a device from the kernel's message. */
#ifndef VNM_SYS_LINK_PARSE_H
#define VNM_SYS_LINK_PARSE_H

#include <linux/netlink.h>

#include "plan/link.h"

int vnm_link_parse(const struct nlmsghdr *hdr, struct vnm_link *ret);

#endif
