/* SPDX-License-Identifier: GPL-2.0-or-later */
/* metrics.c - net-metrics: the counters of a network, its guests and its rules. */
#include "driver/metrics.h"

#include <stdlib.h>

#include "state/networks.h"
#include "state/session.h"
#include "sys/firewall/firewall.h"
#include "sys/link/link_traffic.h"
#include "util/mem.h"

/* What the host's end of the bridge sends goes to guests. */
static void read_bridge(struct vnm_driver *drv, struct vnm_metrics *metrics)
{
	struct vnm_traffic traffic = { 0 };

	if (!metrics->of.info.active || !metrics->of.info.bridge ||
	    vnm_link_traffic(&drv->sys, metrics->of.info.bridge, &traffic) < 0)
		return;
	metrics->counted = true;
	metrics->to = traffic.sent;
	metrics->from = traffic.received;
	metrics->packets_to = traffic.sent_packets;
	metrics->packets_from = traffic.received_packets;
}

static struct vnm_rule_sum *sum_of(struct vnm_metrics *metrics, const struct vnm_fwrule *rule)
{
	const char *target = vnm_enum_name(&vnm_enum_fw_target, (int)rule->target);
	const char *chain = vnm_fw_chains[rule->chain].name;

	for (size_t i = 0; i < metrics->n_rules; i++) {
		struct vnm_rule_sum *sum = &metrics->rules[i];

		/* Names of constant tables. */
		if (sum->family == rule->family && sum->chain == chain && sum->target == target)
			return sum;
	}
	metrics->rules = vnm_array_add(metrics->rules, &metrics->n_rules, sizeof(*metrics->rules));
	metrics->rules[metrics->n_rules - 1] =
		(struct vnm_rule_sum){ .family = rule->family, .chain = chain, .target = target };
	return &metrics->rules[metrics->n_rules - 1];
}

static void count_rules(struct vnm_driver *drv, const char *name, struct vnm_metrics *metrics)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	const struct vnm_plan *plan = &journal.plan;
	struct vnm_error ignored = { 0 };

	if (!metrics->of.info.active ||
	    vnm_journal_cache_read(&drv->journals, name, true, &journal, &ignored) < 0)
		return;
	for (size_t i = 0; i < plan->n; i++) {
		const struct vnm_fwrule *rule = &plan->ops[i].rule;
		struct vnm_rule_sum *sum;
		struct vnm_fw_hits hits;

		/* A dispatch rule counts what the rules behind it count. */
		if (plan->ops[i].type != VNM_OP_RULE || rule->target == VNM_TARGET_JUMP ||
		    vnm_fw_hits(&drv->sys, rule, &hits) < 0)
			continue;
		sum = sum_of(metrics, rule);
		sum->packets += hits.packets;
		sum->bytes += hits.bytes;
	}
}

/**
 * vnm_driver_metrics() - the counters of a network, its guests and its rules
 * @drv:  the driver
 * @name: the network
 * @ret:  free with vnm_metrics_clear()
 * @err:  set when there is no such network
 *
 * What cannot be read, because the definition is lost or a newer version started the network, is left out.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_metrics(struct vnm_driver *drv, const char *name, struct vnm_metrics *ret,
		       struct vnm_error *err)
{
	struct vnm_metrics metrics = { 0 };
	int r = vnm_driver_overview(drv, name, &metrics.of, err);

	if (r < 0)
		return r;
	count_rules(drv, name, &metrics);
	read_bridge(drv, &metrics);
	*ret = metrics;
	return 0;
}

/** vnm_metrics_clear() - free what vnm_driver_metrics() filled in. */
void vnm_metrics_clear(struct vnm_metrics *metrics)
{
	vnm_overview_clear(&metrics->of);
	free(metrics->rules);
	*metrics = (struct vnm_metrics){ 0 };
}
