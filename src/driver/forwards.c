/* SPDX-License-Identifier: GPL-2.0-or-later */
/* forwards.c - net-forward-list: the port forwarding and NAT of a network and its guests. */
#include "driver/forwards.h"

#include <stdlib.h>

#include "plan/attach_augment.h"
#include "run/exec.h"
#include "state/guest_store.h"
#include "state/networks.h"
#include "state/session.h"
#include "util/mem.h"
#include "xml/network_xml.h"

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

/** struct reading - a network, and what it lacks. @rules: those of its journal, which it borrows */
struct reading {
	struct vnm_network net;
	bool active;
	struct vnm_journal journal;
	struct vnm_plan rules;
	struct vnm_missing *missing;
	size_t n_missing;
};

static void reading_clear(struct reading *reading)
{
	vnm_network_clear(&reading->net);
	vnm_journal_clear(&reading->journal);
	free(reading->rules.ops);
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
	size_t n = vnm_port_forward_targets(forward);
	struct vnm_forward_entry entry = {
		.proto = vnm_enum_name(&vnm_enum_proto, (int)forward->proto),
		.state = state_of(reading, forward),
		.address = forward->address,
		.port = forward->port,
		.dev = forward->dev ? vnm_strdup(forward->dev) : NULL,
		.name = forward->name ? vnm_strdup(forward->name) : NULL,
		.to = vnm_alloc(n * sizeof(*entry.to)),
		.n_to = n,
	};

	for (size_t i = 0; i < n; i++) {
		struct vnm_forward_target target = vnm_port_forward_target(forward, i);

		entry.to[i] = (struct vnm_forward_to){
			target.address,
			vnm_port_forward_to_ports(forward, &target),
			target.weight.v,
		};
	}
	return entry;
}

static struct vnm_forward_entry nat_entry(const struct reading *reading,
					  const struct vnm_static_nat *nat)
{
	bool gone = lost(reading->missing, reading->n_missing, &nat->inside, 0);
	struct vnm_forward_entry entry = {
		.proto = "all",
		.state = !reading->active ? "inactive"
			 : gone		  ? "degraded"
					  : "active",
		.address = nat->outside,
		.to = vnm_alloc(sizeof(*entry.to)),
		.n_to = 1,
	};

	entry.to[0].address = nat->inside;
	return entry;
}

static int read_definition(struct vnm_driver *drv, const char *name, const struct vnm_network *net,
			   struct reading *reading, struct vnm_error *err)
{
	const struct vnm_attachments *guests = vnm_attachments_get(drv, name);
	int r = 0;

	if (net)
		vnm_network_copy(net, &reading->net);
	else
		r = vnm_driver_load(drv, name, &reading->net, err);
	for (size_t i = 0; i < guests->n_items && r == 0; i++)
		vnm_attach_augment_forwards(&reading->net, &guests->items[i]);
	return r;
}

/* Of the journal, only the rules are compared with the system. */
static int check_rules(struct vnm_driver *drv, const char *name, struct reading *reading,
		       struct vnm_error *err)
{
	const struct vnm_plan *plan = &reading->journal.plan;
	int r = vnm_journal_cache_read(&drv->journals, name, true, &reading->journal, err);

	if (r < 0)
		return r;
	reading->rules.firewall = plan->firewall;
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_RULE)
			*vnm_plan_add(&reading->rules, VNM_OP_RULE) = plan->ops[i];
	return vnm_exec_check(&drv->sys, &reading->rules, &reading->missing, &reading->n_missing,
			      err);
}

static int read_network(struct vnm_driver *drv, const char *name, const struct vnm_network *net,
			struct reading *reading, struct vnm_error *err)
{
	int r = read_definition(drv, name, net, reading, err);

	reading->active = vnm_driver_active(drv, name);
	if (r < 0 || !reading->active ||
	    (reading->net.n_port_forwards == 0 && reading->net.n_static_nats == 0))
		return r;
	return check_rules(drv, name, reading, err);
}

/**
 * vnm_driver_forwards() - the port forwarding and NAT of a network
 * @drv:   the driver
 * @name:  the network
 * @net:   its definition, if it was read already; or NULL
 * @ret:   in the order of its definition, the live one of an active network, and then its guests'; free with vnm_forward_entries_free()
 * @ret_n: how many
 * @err:   set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_forwards(struct vnm_driver *drv, const char *name, const struct vnm_network *net,
			struct vnm_forward_entry **ret, size_t *ret_n, struct vnm_error *err)
{
	struct reading reading __attribute__((cleanup(reading_clear))) = { 0 };
	struct vnm_forward_entry *entries = NULL;
	size_t n = 0;
	int r = read_network(drv, name, net, &reading, err);

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
		free(entries[i].dev);
		free(entries[i].name);
		free(entries[i].to);
	}
	free(entries);
}

static bool has_forward(const struct vnm_network *net, const struct vnm_port_forward *forward)
{
	const struct vnm_forward_target to = vnm_port_forward_target(forward, 0);

	for (size_t i = 0; i < net->n_port_forwards; i++) {
		const struct vnm_port_forward *one = &net->port_forwards[i];
		const struct vnm_forward_target its = vnm_port_forward_target(one, 0);

		if (one->proto == forward->proto && one->port.first == forward->port.first &&
		    one->port.last == forward->port.last &&
		    vnm_addr_equal(&one->address, &forward->address) &&
		    vnm_addr_equal(&its.address, &to.address))
			return true;
	}
	return false;
}

/** vnm_driver_later_forwards() - how many port forwardings an active network has only from its next start on */
size_t vnm_driver_later_forwards(struct vnm_driver *drv, const char *name)
{
	vnm_autonetwork struct vnm_network live = { 0 }, kept = { 0 };
	struct vnm_error ignored = { 0 };
	size_t n = 0;

	if (!vnm_driver_active(drv, name) ||
	    vnm_store_load(&drv->live, name, &live, &ignored) < 0 ||
	    vnm_store_load(&drv->persistent, name, &kept, &ignored) < 0)
		return 0;
	for (size_t i = 0; i < kept.n_port_forwards; i++)
		n += !has_forward(&live, &kept.port_forwards[i]);
	return n;
}
