/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patience.h - how long to wait for others on a busy machine. */
#ifndef VNM_UTIL_PATIENCE_H
#define VNM_UTIL_PATIENCE_H

#include <stdint.h>

#define VNM_PATIENCE_MOST 8 /* times: whoever is silent for so long is taken for silent */

int vnm_patience_ms(int ms);
int vnm_patience_for(int ms, const char *loadavg, unsigned processors);

#endif
