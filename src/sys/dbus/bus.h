/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus.h - what is told to services of the host by D-Bus: firewalld, systemd-resolved. */
#ifndef VNM_SYS_BUS_H
#define VNM_SYS_BUS_H

#include "sys/ops.h"

/* Built without libsystemd, both refuse in their prepare. */
extern const struct vnm_op_impl vnm_impl_zone, vnm_impl_nameserver;

int vnm_observe_zones(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err);

struct vnm_bus; /* the connection to the system's bus */
void vnm_bus_free(struct vnm_bus *bus);

#endif
