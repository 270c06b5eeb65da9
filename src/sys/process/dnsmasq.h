/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq.h - the one helper process of a network: start, end. */
#ifndef VNM_SYS_DNSMASQ_H
#define VNM_SYS_DNSMASQ_H

#include "sys/op_impl.h"

struct vnm_running;	/* processes that were started through one struct vnm_sys */
void vnm_running_free(struct vnm_running *running);	/* they go on running */

#endif
