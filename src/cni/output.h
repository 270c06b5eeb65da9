/* SPDX-License-Identifier: GPL-2.0-or-later */
/* output.h - objects on standard output. */
#ifndef VNM_CNI_OUTPUT_H
#define VNM_CNI_OUTPUT_H

#include <jansson.h>

int vnm_cni_print(const json_t *object);

#endif
