/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dhcp_event.h - the script that a DHCP client calls when it has obtained or lost a lease. */
#ifndef VNM_SYS_DHCP_EVENT_H
#define VNM_SYS_DHCP_EVENT_H

#include "sys/sys.h"

int vnm_dhcp_event(const char *setting, const char *word);

#endif
