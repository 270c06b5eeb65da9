/* SPDX-License-Identifier: GPL-2.0-or-later */
/* metrics.h - net-metrics: the counters of a network, its guests and its rules. */
#ifndef VNM_DRIVER_METRICS_H
#define VNM_DRIVER_METRICS_H

#include <stdint.h>

#include "driver/overview.h"
#include "util/error.h"

struct vnm_driver;

/** struct vnm_rule_sum - what the rules of one chain with one target have matched. @chain, @target: their names, static */
struct vnm_rule_sum {
	int family;
	const char *chain, *target;
	uint64_t packets, bytes;
};

/**
 * struct vnm_metrics - of one network; free with vnm_metrics_clear()
 * @counted: the bridge's counters are known; those of guests, as in struct vnm_attached
 * @rules:   of an active network, where the firewall back end counts
 */
struct vnm_metrics {
	struct vnm_overview of;
	bool counted;
	uint64_t to, from, packets_to, packets_from;
	struct vnm_rule_sum *rules;
	size_t n_rules;
};

int vnm_driver_metrics(struct vnm_driver *drv, const char *name, struct vnm_metrics *ret,
		       struct vnm_error *err);
void vnm_metrics_clear(struct vnm_metrics *metrics);
#define vnm_autometrics __attribute__((cleanup(vnm_metrics_clear)))

#endif
