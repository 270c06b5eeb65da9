/* SPDX-License-Identifier: GPL-2.0-or-later */
/* definition.c - from a text to a definition that is valid, complete and without conflicts. */
#include "run/definition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <uuid/uuid.h>

#include "model/check.h"
#include "model/overlay.h"
#include "model/taken.h"
#include "model/validate.h"
#include "plan/conflict/conflict.h"
#include "run/guest_rival.h"
#include "state/guest_store.h"
#include "state/leases.h"
#include "state/session.h"
#include "sys/link/link.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/* The name space of the UUIDs of networks on many hosts: one of ours (uuidgen). */
static const uuid_t OVERLAYS = { 0x6f, 0x0c, 0x52, 0x9e, 0x41, 0xb7, 0x4d, 0x13,
				 0x9a, 0x27, 0x5e, 0x80, 0xd4, 0x1c, 0xf3, 0x66 };

#ifndef VNM_SCHEMADIR
#define VNM_SCHEMADIR "/usr/share/vnetmgr/schemas"
#endif

/**
 * vnm_driver_schema() - load one of the schemas
 * @file: its name; VNETMGR_SCHEMAS is the directory for a program that is not installed
 * @ret:  free with vnm_schema_free()
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_schema(const char *file, struct vnm_schema **ret, struct vnm_error *err)
{
	const char *dir = secure_getenv("VNETMGR_SCHEMAS");
	vnm_autofree char *path = vnm_asprintf("%s/%s", dir ? dir : VNM_SCHEMADIR, file);

	return vnm_schema_load(path, ret, err);
}

/** vnm_driver_need_schema() - load the schema of networks, once. Return: 0 or -errno. */
int vnm_driver_need_schema(struct vnm_driver *drv, struct vnm_error *err)
{
	return drv->schema ? 0 : vnm_driver_schema("network.rng", &drv->schema, err);
}

/**
 * vnm_driver_validate() - is the definition of a network valid?
 * @drv:      the driver
 * @net:      the definition
 * @becomes:  its intended use: VNM_AFFECT_LIVE, VNM_AFFECT_CONFIG; for advice
 * @warnings: what is valid but odd
 * @err:      what is invalid
 *
 * The reservations of attached guests, which are not in the definition, count as well.
 *
 * Return: 0; -EINVAL; -EADDRINUSE: it reserves an attached guest's address for somebody else.
 */
int vnm_driver_validate(struct vnm_driver *drv, const struct vnm_network *net, unsigned becomes,
			struct vnm_warnings *warnings, struct vnm_error *err)
{
	static const char *const options[] = {
		[0] = "--config",
		[VNM_AFFECT_LIVE] = "--live",
		[VNM_AFFECT_CONFIG] = "--config",
		[VNM_AFFECT_LIVE | VNM_AFFECT_CONFIG] = "--live --config",
	};
	struct vnm_taken taken __attribute__((cleanup(vnm_taken_clear))) = { 0 };
	vnm_autoleases struct vnm_leases leases = { 0 };
	struct vnm_beside beside = { .guests = &taken };
	struct vnm_error unread = { 0 };
	int r;

	if (net->name && vnm_name_valid(net->name)) {
		const struct vnm_attachments *guests = vnm_attachments_get(drv, net->name);

		for (size_t i = 0; i < guests->n_items; i++)
			for (size_t k = 0; k < guests->items[i].n_ips; k++)
				vnm_taken_add(&taken, &guests->items[i].ips[k].address);
		if (vnm_driver_active(drv, net->name) && net->n_port_forwards > 0)
			(void)vnm_leases_load(drv, net->name, &leases, &unread);
		if (vnm_driver_active(drv, net->name))
			becomes |= VNM_AFFECT_LIVE |
				   (vnm_store_has(&drv->persistent, net->name) ? VNM_AFFECT_CONFIG
									       : 0);
	}
	beside.affect = options[becomes];
	beside.leases = leases.items;
	beside.n_leases = leases.n;
	r = vnm_network_validate_beside(net, &beside, warnings, err);
	return r < 0 ? r : vnm_driver_refuse_rival(drv, net, err);
}

/* Is a line of @earlier, apart from the position in a file before it? */
static bool same_note(const char *line, const char *earlier)
{
	size_t len = strlen(line), n = strlen(earlier);

	return len >= n && !strcmp(line + len - n, earlier) &&
	       (len == n || (len - n >= 2 && !strncmp(line + len - n - 2, ": ", 2)));
}

/**
 * vnm_driver_drop_known() - drop the warnings that were reported when the network was defined
 * @drv:      the driver
 * @before:   the definition before the change; its file name is cleared
 * @others:   the other networks
 * @becomes:  as for vnm_driver_validate()
 * @warnings: those after the change; those from before are removed
 */
void vnm_driver_drop_known(struct vnm_driver *drv, struct vnm_network *before,
			   const struct vnm_other_nets *others, unsigned becomes,
			   struct vnm_warnings *warnings)
{
	struct vnm_warnings earlier = { 0 };
	struct vnm_error ignored = { 0 };
	size_t n = 0;

	if (warnings->n == 0)
		return;
	free(before->file);
	before->file = NULL;
	(void)vnm_driver_validate(drv, before, becomes, &earlier, &ignored);
	(void)vnm_conflict_define(before, others->refs, others->n, &earlier, &ignored);
	for (size_t i = 0; i < warnings->n; i++) {
		bool old = false;

		for (size_t k = 0; k < earlier.n; k++)
			old |= same_note(warnings->items[i], earlier.items[k]);
		if (old)
			free(warnings->items[i]);
		else
			warnings->items[n++] = warnings->items[i];
	}
	warnings->n = n;
	vnm_warnings_clear(&earlier);
}

/* A definition that is applied again and again is warned of once. */
static void warn_once(struct vnm_driver *drv, const char *name, unsigned becomes,
		      struct vnm_warnings *warnings)
{
	vnm_autonetwork struct vnm_network present = { 0 };
	const struct vnm_network *near = &present;
	struct vnm_other_nets all vnm_autoother_nets = { 0 };
	struct vnm_error ignored = { 0 };

	if (warnings->n && becomes == (VNM_AFFECT_LIVE | VNM_AFFECT_CONFIG) &&
	    vnm_name_valid(name) && vnm_store_has(&drv->persistent, name) &&
	    vnm_store_load(&drv->persistent, name, &present, &ignored) == 0 &&
	    vnm_other_nets_near(drv, name, &near, 1, NULL, &all, &ignored) == 0)
		vnm_driver_drop_known(drv, &present, &all, becomes, warnings);
	vnm_driver_warn(drv, warnings);
}

/**
 * vnm_driver_parse_and_validate() - from a text to a valid definition
 * @drv:  the driver
 * @text: the XML, @len bytes
 * @len:  its length
 * @file: its name, for messages
 * @becomes: as for vnm_driver_validate()
 * @ret:  free with vnm_network_clear()
 * @err:  set on failure, with file and line
 *
 * Return: 0 or -errno.
 */
int vnm_driver_parse_and_validate(struct vnm_driver *drv, const char *text, size_t len,
				  const char *file, unsigned becomes, struct vnm_network *ret,
				  struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_warnings warnings = { 0 };
	vnm_autodoc xmlDoc *doc = NULL;
	int r;

	r = vnm_document_parse(text, len, file, &doc, err);
	if (r == 0)
		r = vnm_network_xml_read(doc, file, &net, err);
	if (r == 0)
		r = vnm_driver_validate(drv, &net, becomes, &warnings, err);
	if (r == 0)
		r = vnm_driver_need_schema(drv, err);
	if (r == 0)
		r = vnm_network_xml_check_tree(doc, file, drv->schema, err);
	warn_once(drv, net.name, becomes, &warnings);
	if (r < 0)
		return r;
	*ret = net;
	net = (struct vnm_network){ 0 };
	return 0;
}

/** vnm_driver_generate_mac() - three random bytes under 52:54:00, the prefix of QEMU and libvirt. Return: 0 or -errno. */
int vnm_driver_generate_mac(struct vnm_mac *ret, struct vnm_error *err)
{
	struct vnm_mac mac = { .set = true, .b = { 0x52, 0x54, 0x00 } };

	if (getrandom(mac.b + 3, 3, 0) != 3)
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno,
				     "cannot generate a MAC address: %s", strerror(errno));
	*ret = mac;
	return 0;
}

static int complete_bridge(struct vnm_driver *drv, struct vnm_network *net,
			   const struct vnm_other_nets *others, struct vnm_error *err)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	const char *name = net->bridge.name;
	char picked[VNM_IFNAME_SIZE];
	int r;

	if (name && *name && !strchr(name, '%'))
		return 0;
	r = vnm_observe_links(&drv->sys, &facts, err);
	if (r < 0)
		return r;
	r = vnm_bridge_name_pick(name, &facts, others->refs, others->n, picked, err);
	if (r < 0)
		return r;
	free(net->bridge.name);
	net->bridge.name = vnm_strdup(picked);
	net->bridge.at.present = true;
	return 0;
}

/* The same wherever a file without a UUID is defined: a name-based one (RFC 4122 4.3), of the network's name and VNI. */
static void name_overlay(const struct vnm_network *net, struct vnm_uuid *ret)
{
	vnm_autofree char *name = vnm_asprintf("%s/%u", net->name, net->overlay.vni.v);

	uuid_generate_sha1(ret->b, OVERLAYS, name, strlen(name));
	ret->set = true;
}

static void generate_uuid(struct vnm_network *net)
{
	if (net->overlay.at.present) {
		name_overlay(net, &net->uuid);
		return;
	}
	uuid_generate(net->uuid.b);
	net->uuid.set = true;
}

static int generate_mac(struct vnm_network *net, struct vnm_error *err)
{
	if (!net->overlay.at.present)
		return vnm_driver_generate_mac(&net->mac.address, err);
	net->mac.address = vnm_overlay_gateway_mac(&net->uuid);
	return 0;
}

/**
 * vnm_driver_fill_defaults() - generate what a definition leaves out: UUID, MAC, bridge name
 * @drv:   the driver
 * @net:   the definition
 * @others: the other networks, whose bridge names are taken
 * @err:   set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_fill_defaults(struct vnm_driver *drv, struct vnm_network *net,
			     const struct vnm_other_nets *others, struct vnm_error *err)
{
	int r;

	if (!net->uuid.set)
		generate_uuid(net);
	if (!vnm_network_makes_bridge(net))
		return 0;
	if (!net->mac.address.set && !vnm_network_has_uplink(net)) {
		r = generate_mac(net, err);
		if (r < 0)
			return r;
		net->mac.at.present = true;
	}
	return complete_bridge(drv, net, others, err);
}

/*
 * On its way to many hosts, a network gives up its generated MAC address for the one that all hosts will have. The UUID stays,
 * which others know it by; where the file has none, that of hosts where it is new decides.
 */
static void inherit_overlay_mac(struct vnm_network *net, const struct vnm_network *old)
{
	struct vnm_uuid uuid = net->uuid;

	if (!net->overlay.at.present || net->mac.address.set || !vnm_network_makes_bridge(net))
		return;
	if (old->overlay.at.present && old->overlay.vni.v == net->overlay.vni.v)
		return;
	if (!uuid.set)
		name_overlay(net, &uuid);
	net->mac.address = vnm_overlay_gateway_mac(&uuid);
	net->mac.at.present = true;
}

/* It is not printed, so a file may lack it; an empty one says that there is none. */
static void inherit_password(struct vnm_network *net, const struct vnm_network *old)
{
	struct vnm_evpn *evpn = &net->overlay.evpn;

	if (evpn->at.present && !evpn->password && old->overlay.evpn.password)
		evpn->password = vnm_strdup(old->overlay.evpn.password);
}

static void inherit(struct vnm_network *net, const struct vnm_network *old)
{
	inherit_overlay_mac(net, old);
	inherit_password(net, old);
	if (!net->uuid.set)
		net->uuid = old->uuid;
	if (!vnm_uuid_equal(&net->uuid, &old->uuid))
		return;
	if (!vnm_network_makes_bridge(net) || !vnm_network_makes_bridge(old))
		return;
	if (!net->mac.address.set && !vnm_network_has_uplink(net))
		net->mac = old->mac;
	if (!net->bridge.name && old->bridge.name) {
		net->bridge.name = vnm_strdup(old->bridge.name);
		net->bridge.at.present = true;
	}
}

/**
 * vnm_driver_inherit_generated() - fill in what a definition leaves out and its persistent one was given
 * @drv:  the driver
 * @net:  the definition; it is the same network, so a person can define their own file again
 * @kept: gets the persistent one, free with vnm_network_clear(); without a name: there is none that can be read; or NULL
 */
void vnm_driver_inherit_generated(struct vnm_driver *drv, struct vnm_network *net,
				  struct vnm_network *kept)
{
	vnm_autonetwork struct vnm_network old = { 0 };
	struct vnm_error ignored = { 0 };
	bool stored = vnm_store_has(&drv->persistent, net->name);

	if (vnm_store_load(stored ? &drv->persistent : &drv->live, net->name, &old, &ignored) < 0)
		return;
	inherit(net, &old);
	if (!stored || !kept)
		return;
	*kept = old;
	old = (struct vnm_network){ 0 };
}

/**
 * vnm_driver_check_conflicts() - all checks before a definition is stored or started
 * @drv: the driver
 * @net: the definition, valid by itself; what it leaves out is filled in
 * @becomes: as for vnm_driver_validate()
 * @kept: as for vnm_driver_inherit_generated()
 * @err: the conflict
 *
 * Return: 0 or -errno.
 */
int vnm_driver_check_conflicts(struct vnm_driver *drv, struct vnm_network *net, unsigned becomes,
			       struct vnm_network *kept, struct vnm_error *err)
{
	struct vnm_other_nets all vnm_autoother_nets = { 0 };
	const struct vnm_network *near = net;
	struct vnm_warnings warnings = { 0 };
	int r;

	vnm_driver_inherit_generated(drv, net, kept);
	r = vnm_other_nets_near(drv, NULL, &near, 1, kept, &all, err);
	if (r < 0)
		return r;
	r = vnm_conflict_define(net, all.refs, all.n, &warnings, err);
	warn_once(drv, net->name, becomes, &warnings);
	if (r < 0)
		return r;
	vnm_other_nets_drop(&all, net->name);
	return vnm_driver_fill_defaults(drv, net, &all, err);
}

/** vnm_driver_set_runtime_defaults() - show the port range in effect in the live definition of a NAT network. */
void vnm_driver_set_runtime_defaults(struct vnm_network *net)
{
	struct vnm_nat *nat = &net->forward.nat;

	if (vnm_network_mode(net) != VNM_FORWARD_NAT)
		return;
	/* IPv6 is routed unless NAT was requested for it. */
	if (!vnm_network_has_family(net, AF_INET) && nat->ipv6 != VNM_TRI_YES)
		return;
	nat->at.present = true;
	if (nat->port.at.present)
		return;
	nat->port.at.present = true;
	nat->port.start = (struct vnm_uint){ true, VNM_NAT_PORT_FIRST };
	nat->port.end = (struct vnm_uint){ true, VNM_NAT_PORT_LAST };
}
