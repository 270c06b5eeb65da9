/* SPDX-License-Identifier: GPL-2.0-or-later */
/* metrics_text.h - the metrics of networks in the text format of OpenMetrics. */
#ifndef VNM_CLI_METRICS_TEXT_H
#define VNM_CLI_METRICS_TEXT_H

#include "driver/driver.h"
#include "util/buf.h"

void vnm_metrics_print(const struct vnm_metrics *networks, size_t n, struct vnm_buf *out);

#endif
