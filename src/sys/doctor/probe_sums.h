/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe_sums.h - packets of guests with wrong checksums, in a sample of what arrives while probes are sent. */
#ifndef VNM_SYS_DOCTOR_PROBE_SUMS_H
#define VNM_SYS_DOCTOR_PROBE_SUMS_H

#include "doctor/case.h"

bool vnm_probe_sum_wrong(const uint8_t *packet, size_t len);
int vnm_probe_sums_open(const struct vnm_case *c);
void vnm_probe_sums_read(int fd, struct vnm_case *c);

#endif
