/* SPDX-License-Identifier: GPL-2.0-or-later */
/* forwards.c - net-forward-list: the port forwarding and NAT of a network. */
#include "driver/forwards.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "run/exec.h"
#include "state/networks.h"
#include "state/session.h"
#include "util/mem.h"
#include "xml/network_xml.h"

static void add_address(struct vnm_buf *out, const struct vnm_addr *addr, bool bracket)
{
	char text[VNM_ADDR_STRLEN];

	bracket &= addr->family == AF_INET6;
	vnm_buf_printf(out, "%s%s%s", bracket ? "[" : "", vnm_addr_format(addr, text),
		       bracket ? "]" : "");
}

static void add_ports(struct vnm_buf *out, struct vnm_port_range ports)
{
	vnm_buf_printf(out, "%u", ports.first);
	if (ports.last != ports.first)
		vnm_buf_printf(out, "-%u", ports.last);
}

static char *describe_targets(const struct vnm_port_forward *forward)
{
	struct vnm_buf text = { 0 };
	size_t n = vnm_port_forward_targets(forward);

	for (size_t i = 0; i < n; i++) {
		struct vnm_forward_target target = vnm_port_forward_target(forward, i);

		vnm_buf_add(&text, i ? ", " : "");
		add_address(&text, &target.address, true);
		vnm_buf_addc(&text, ':');
		add_ports(&text, vnm_port_forward_to_ports(forward, &target));
		if (n > 1)
			vnm_buf_printf(&text, " (%u)", target.weight.v);
	}
	return vnm_buf_steal(&text);
}

static char *describe_from(const struct vnm_port_forward *forward)
{
	if (forward->dev)
		return vnm_strdup(forward->dev);
	if (forward->address.family == AF_INET && forward->address.b[0] == 127)
		return vnm_strdup("host");
	return vnm_strdup("anywhere");
}

/* Is one of its rules among the missing operations? */
static bool lost(const struct vnm_missing *missing, size_t n, const struct vnm_addr *to,
		 uint16_t port)
{
	for (size_t i = 0; i < n; i++) {
		const struct vnm_fwrule *rule = &missing[i].op->rule;

		if (missing[i].op->type == VNM_OP_RULE && rule->dport == port &&
		    (rule->target == VNM_TARGET_DNAT ? vnm_addr_equal(&rule->to_first, to)
						     : vnm_addr_equal(&rule->dst.addr, to)))
			return true;
	}
	return false;
}

/** struct reading - a network, and what it lacks. */
struct reading {
	struct vnm_network net;
	bool active;
	struct vnm_journal journal;
	struct vnm_missing *missing;
	size_t n_missing;
};

static void reading_clear(struct reading *reading)
{
	vnm_network_clear(&reading->net);
	vnm_journal_clear(&reading->journal);
	free(reading->missing);
}

static const char *state_of(const struct reading *reading, const struct vnm_port_forward *forward)
{
	if (!reading->active)
		return "inactive";
	for (size_t i = 0; i < vnm_port_forward_targets(forward); i++) {
		struct vnm_forward_target target = vnm_port_forward_target(forward, i);
		struct vnm_port_range to = vnm_port_forward_to_ports(forward, &target);

		if (lost(reading->missing, reading->n_missing, &target.address,
			 forward->port.first) ||
		    lost(reading->missing, reading->n_missing, &target.address, to.first))
			return "degraded";
	}
	return "active";
}

static struct vnm_forward_entry forward_entry(const struct reading *reading,
					      const struct vnm_port_forward *forward)
{
	struct vnm_buf address = { 0 }, port = { 0 };

	if (forward->address.family == AF_UNSPEC)
		vnm_buf_add(&address, "host's");
	else
		add_address(&address, &forward->address, false);
	add_ports(&port, forward->port);
	return (struct vnm_forward_entry){
		.proto = vnm_strdup(vnm_enum_name(&vnm_enum_proto, (int)forward->proto)),
		.address = vnm_buf_steal(&address),
		.port = vnm_buf_steal(&port),
		.from = describe_from(forward),
		.to = describe_targets(forward),
		.state = vnm_strdup(state_of(reading, forward)),
		.name = forward->name ? vnm_strdup(forward->name) : NULL,
	};
}

static struct vnm_forward_entry nat_entry(const struct reading *reading,
					  const struct vnm_static_nat *nat)
{
	struct vnm_buf outside = { 0 }, inside = { 0 };
	bool gone = lost(reading->missing, reading->n_missing, &nat->inside, 0);

	add_address(&outside, &nat->outside, false);
	add_address(&inside, &nat->inside, false);
	return (struct vnm_forward_entry){
		.proto = vnm_strdup("all"),
		.address = vnm_buf_steal(&outside),
		.port = vnm_strdup("all"),
		.from = vnm_strdup("anywhere"),
		.to = vnm_buf_steal(&inside),
		.state = vnm_strdup(!reading->active ? "inactive"
				    : gone	     ? "degraded"
						     : "active"),
	};
}

static int read_network(struct vnm_driver *drv, const char *name, struct reading *reading,
			struct vnm_error *err)
{
	int r = vnm_driver_load(drv, name, &reading->net, err);

	reading->active = vnm_driver_active(drv, name);
	if (r < 0 || !reading->active)
		return r;
	r = vnm_journal_cache_read(&drv->journals, name, true, &reading->journal, err);
	return r < 0 ? r
		     : vnm_exec_check(&drv->sys, &reading->journal.plan, &reading->missing,
				      &reading->n_missing, err);
}

/**
 * vnm_driver_forwards() - the port forwarding and NAT of a network
 * @drv:   the driver
 * @name:  the network
 * @ret:   in the order of its definition, the live one of an active network; free with vnm_forward_entries_free()
 * @ret_n: how many
 * @err:   set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_forwards(struct vnm_driver *drv, const char *name, struct vnm_forward_entry **ret,
			size_t *ret_n, struct vnm_error *err)
{
	struct reading reading __attribute__((cleanup(reading_clear))) = { 0 };
	struct vnm_forward_entry *entries = NULL;
	size_t n = 0;
	int r = read_network(drv, name, &reading, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < reading.net.n_port_forwards; i++) {
		entries = vnm_array_add(entries, &n, sizeof(*entries));
		entries[n - 1] = forward_entry(&reading, &reading.net.port_forwards[i]);
	}
	for (size_t i = 0; i < reading.net.n_static_nats; i++) {
		entries = vnm_array_add(entries, &n, sizeof(*entries));
		entries[n - 1] = nat_entry(&reading, &reading.net.static_nats[i]);
	}
	*ret = entries;
	*ret_n = n;
	return 0;
}

/** vnm_forward_entries_free() - free what vnm_driver_forwards() returned. */
void vnm_forward_entries_free(struct vnm_forward_entry *entries, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(entries[i].proto);
		free(entries[i].address);
		free(entries[i].port);
		free(entries[i].from);
		free(entries[i].to);
		free(entries[i].state);
		free(entries[i].name);
	}
	free(entries);
}
