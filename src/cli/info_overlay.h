/* SPDX-License-Identifier: GPL-2.0-or-later */
/* info_overlay.h - net-info: a network on many hosts. */
#ifndef VNM_CLI_INFO_OVERLAY_H
#define VNM_CLI_INFO_OVERLAY_H

#include <jansson.h>

#include "util/buf.h"

void vnm_print_overlay(const void *row, struct vnm_buf *out);
void vnm_print_peers(const void *row, struct vnm_buf *out);
void vnm_print_sessions(const void *row, struct vnm_buf *out);
json_t *vnm_json_overlay(const void *row);

#endif
