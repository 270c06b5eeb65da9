/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * metrics_text.c - the metrics of networks in the text format of OpenMetrics.
 *
 * The format is also that of Prometheus, which the textfile collector of node_exporter reads. The two differ in the type of a
 * counter: it has the name without "_total" in one, with it in the other. So counters are given without a type, which both take.
 */
#include "cli/metrics_text.h"

#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"

/** struct family - a metric; @gauge: else a counter; @add: its samples of one network */
struct family {
	const char *name, *help;
	bool gauge;
	void (*add)(const struct family *family, const struct vnm_metrics *net,
		    struct vnm_buf *out);
};

/* struct label - a name and a value; a list ends with an empty one. */
struct label {
	const char *name, *value;
};

/* One sample. Names of networks and devices have no character that would need a backslash. */
static void add_sample(const struct family *family, const struct vnm_metrics *net,
		       const struct label *labels, uint64_t value, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%s{network=\"%s\"", family->name, net->of.info.name);
	for (; labels->name; labels++)
		vnm_buf_printf(out, ",%s=\"%s\"", labels->name, labels->value);
	vnm_buf_printf(out, "} %" PRIu64 "\n", value);
}

#define LABELS(...) ((const struct label[]){ __VA_ARGS__, { 0 } })
#define NO_LABELS LABELS({ 0 })
#define IN                             \
	{                              \
		"direction", "inbound" \
	}
#define OUT                             \
	{                               \
		"direction", "outbound" \
	}

static const char *family_word(int family)
{
	return family == AF_INET6 ? "ipv6" : "ipv4";
}

static void add_state(const struct family *family, const struct vnm_metrics *net,
		      struct vnm_buf *out)
{
	static const char *const states[] = { "active",	  "inactive", "degraded",
					      "starting", "stopping", "unknown" };
	const char *state = vnm_info_state(&net->of.info);

	for (size_t i = 0; i < VNM_ARRAY_SIZE(states); i++)
		add_sample(family, net, LABELS({ "state", states[i] }), !strcmp(state, states[i]),
			   out);
}

static void add_missing(const struct family *family, const struct vnm_metrics *net,
			struct vnm_buf *out)
{
	add_sample(family, net, NO_LABELS, net->of.info.n_missing, out);
}

static void add_faults(const struct family *family, const struct vnm_metrics *net,
		       struct vnm_buf *out)
{
	add_sample(family, net, NO_LABELS, net->of.info.n_faults, out);
}

static void add_guests(const struct family *family, const struct vnm_metrics *net,
		       struct vnm_buf *out)
{
	add_sample(family, net, NO_LABELS, net->of.n_guests, out);
}

static void add_leases(const struct family *family, const struct vnm_metrics *net,
		       struct vnm_buf *out)
{
	for (size_t i = 0; i < net->of.info.n_leases; i++) {
		const struct vnm_lease_use *use = &net->of.info.leases[i];

		add_sample(family, net, LABELS({ "family", family_word(use->family) }), use->used,
			   out);
	}
}

static void add_lease_size(const struct family *family, const struct vnm_metrics *net,
			   struct vnm_buf *out)
{
	for (size_t i = 0; i < net->of.info.n_leases; i++) {
		const struct vnm_lease_use *use = &net->of.info.leases[i];

		add_sample(family, net, LABELS({ "family", family_word(use->family) }), use->size,
			   out);
	}
}

static void add_forwards(const struct family *family, const struct vnm_metrics *net,
			 struct vnm_buf *out)
{
	static const char *const states[] = { "active", "inactive", "degraded" };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(states); i++) {
		uint64_t n = 0;

		for (size_t k = 0; k < net->of.n_forwards; k++)
			n += !strcmp(net->of.forwards[k].state, states[i]);
		add_sample(family, net, LABELS({ "state", states[i] }), n, out);
	}
}

static void add_bytes(const struct family *family, const struct vnm_metrics *net,
		      struct vnm_buf *out)
{
	if (!net->counted)
		return;
	add_sample(family, net, LABELS(IN), net->to, out);
	add_sample(family, net, LABELS(OUT), net->from, out);
}

static void add_packets(const struct family *family, const struct vnm_metrics *net,
			struct vnm_buf *out)
{
	if (!net->counted)
		return;
	add_sample(family, net, LABELS(IN), net->packets_to, out);
	add_sample(family, net, LABELS(OUT), net->packets_from, out);
}

static void add_attached(const struct family *family, const struct vnm_metrics *net,
			 struct vnm_buf *out)
{
	for (size_t i = 0; i < net->of.n_guests; i++)
		add_sample(family, net, LABELS({ "guest", net->of.guests[i].attach.dev }),
			   !strcmp(net->of.guests[i].state, "attached"), out);
}

static void add_carrier(const struct family *family, const struct vnm_metrics *net,
			struct vnm_buf *out)
{
	for (size_t i = 0; i < net->of.n_guests; i++)
		add_sample(family, net, LABELS({ "guest", net->of.guests[i].attach.dev }),
			   net->of.guests[i].carrier, out);
}

static void add_guest_bytes(const struct family *family, const struct vnm_metrics *net,
			    struct vnm_buf *out)
{
	for (size_t i = 0; i < net->of.n_guests; i++) {
		const struct label guest = { "guest", net->of.guests[i].attach.dev };

		add_sample(family, net, LABELS(guest, IN), net->of.guests[i].to, out);
		add_sample(family, net, LABELS(guest, OUT), net->of.guests[i].from, out);
	}
}

static void add_guest_packets(const struct family *family, const struct vnm_metrics *net,
			      struct vnm_buf *out)
{
	for (size_t i = 0; i < net->of.n_guests; i++) {
		const struct label guest = { "guest", net->of.guests[i].attach.dev };

		add_sample(family, net, LABELS(guest, IN), net->of.guests[i].packets_to, out);
		add_sample(family, net, LABELS(guest, OUT), net->of.guests[i].packets_from, out);
	}
}

static void add_rules(const struct family *family, const struct vnm_metrics *net, bool bytes,
		      struct vnm_buf *out)
{
	for (size_t i = 0; i < net->n_rules; i++) {
		const struct vnm_rule_sum *sum = &net->rules[i];

		add_sample(family, net,
			   LABELS({ "family", family_word(sum->family) }, { "chain", sum->chain },
				  { "target", sum->target }),
			   bytes ? sum->bytes : sum->packets, out);
	}
}

static void add_rule_bytes(const struct family *family, const struct vnm_metrics *net,
			   struct vnm_buf *out)
{
	add_rules(family, net, true, out);
}

static void add_rule_packets(const struct family *family, const struct vnm_metrics *net,
			     struct vnm_buf *out)
{
	add_rules(family, net, false, out);
}

static const struct family families[] = {
	{ "vnetmgr_network_state", "1 for the state that the network is in", true, add_state },
	{ "vnetmgr_network_missing", "Parts of an active network that are missing", true,
	  add_missing },
	{ "vnetmgr_network_faults", "What else keeps an active network from being in effect", true,
	  add_faults },
	{ "vnetmgr_network_guests", "Guests attached by net-attach", true, add_guests },
	{ "vnetmgr_network_leases", "DHCP leases in effect", true, add_leases },
	{ "vnetmgr_network_lease_addresses", "Addresses in ranges and reservations of DHCP", true,
	  add_lease_size },
	{ "vnetmgr_network_forwards", "Port forwards and 1:1 addresses", true, add_forwards },
	{ "vnetmgr_network_bytes_total", "Bytes between the host and guests, as guests see them",
	  false, add_bytes },
	{ "vnetmgr_network_packets_total",
	  "Packets between the host and guests, as guests see them", false, add_packets },
	{ "vnetmgr_guest_attached", "1 if the guest is connected, and nothing of it is missing",
	  true, add_attached },
	{ "vnetmgr_guest_carrier", "1 if the device of the guest has a carrier", true,
	  add_carrier },
	{ "vnetmgr_guest_bytes_total", "Bytes of the guest", false, add_guest_bytes },
	{ "vnetmgr_guest_packets_total", "Packets of the guest", false, add_guest_packets },
	{ "vnetmgr_rule_bytes_total", "Bytes that firewall rules have matched", false,
	  add_rule_bytes },
	{ "vnetmgr_rule_packets_total", "Packets that firewall rules have matched", false,
	  add_rule_packets },
};

/**
 * vnm_metrics_print() - metrics as text
 * @networks: those of @n networks
 * @n:        how many
 * @out:      gets each metric with the samples of all networks, and the end mark
 */
void vnm_metrics_print(const struct vnm_metrics *networks, size_t n, struct vnm_buf *out)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(families); i++) {
		const struct family *family = &families[i];

		if (family->gauge)
			vnm_buf_printf(out, "# TYPE %s gauge\n", family->name);
		vnm_buf_printf(out, "# HELP %s %s.\n", family->name, family->help);
		for (size_t k = 0; k < n; k++)
			family->add(family, &networks[k], out);
	}
	vnm_buf_add(out, "# EOF\n");
}
