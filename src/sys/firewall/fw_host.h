/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_host.h - what the host has that decides about the firewall back end. */
#ifndef VNM_SYS_FW_HOST_H
#define VNM_SYS_FW_HOST_H

#include "plan/firewall/fw_choice.h"
#include "sys/sys.h"

void vnm_fw_host_observe(struct vnm_sys *sys, struct vnm_fw_host *ret);

#endif
