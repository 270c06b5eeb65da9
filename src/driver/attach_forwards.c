// SPDX-License-Identifier: GPL-2.0-or-later
/* attach_forwards.c - warns of port forwardings that still lead to the address of a guest that is detached. */
#include "driver/attach_forwards.h"

#include <stdlib.h>
#include <string.h>

#include "state/networks.h"
#include "state/session.h"
#include "util/mem.h"
#include "xml/network_xml.h"

static bool leads_to(const struct vnm_port_forward *forward, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < vnm_port_forward_targets(forward); i++) {
		const struct vnm_forward_target target = vnm_port_forward_target(forward, i);

		if (vnm_addr_equal(&target.address, addr))
			return true;
	}
	return false;
}

/* "tcp port 8081 still leads", "udp ports 7000-7009 of 203.0.113.2 still lead" */
static char *describe(const struct vnm_port_forward *forward)
{
	bool several = forward->port.last > forward->port.first;
	vnm_autobuf struct vnm_buf text = { 0 };
	char addr[VNM_ADDR_STRLEN];

	vnm_buf_printf(&text, "%s port%s %u", vnm_enum_name(&vnm_enum_proto, forward->proto),
		       several ? "s" : "", forward->port.first);
	if (several)
		vnm_buf_printf(&text, "-%u", forward->port.last);
	if (forward->address.family)
		vnm_buf_printf(&text, " of %s", vnm_addr_format(&forward->address, addr));
	vnm_buf_printf(&text, " still lead%s", several ? "" : "s");
	return vnm_buf_steal(&text);
}

/* @later: by a definition that is in effect only from the network's next start on. */
static void note_forwards(const struct vnm_network *net, const struct vnm_addr *addr, bool later,
			  struct vnm_warnings *warnings)
{
	char to[VNM_ADDR_STRLEN], from[VNM_ADDR_STRLEN];

	vnm_addr_format(addr, to);
	for (size_t i = 0; i < net->n_port_forwards; i++) {
		vnm_autofree char *what = NULL, *text = NULL;

		if (!leads_to(&net->port_forwards[i], addr))
			continue;
		what = describe(&net->port_forwards[i]);
		text = vnm_asprintf("%s to %s; see net-forward-list and net-forward-del", what, to);
		if (later && !vnm_warnings_has(warnings, text)) {
			free(text);
			text = vnm_asprintf("%s to %s from the next start of the network on; see "
					    "net-dumpxml --inactive and net-forward-del --config",
					    what, to);
		}
		vnm_warnings_add_once(warnings, text);
	}
	for (size_t i = 0; i < net->n_static_nats; i++) {
		vnm_autofree char *text = NULL;

		if (!vnm_addr_equal(&net->static_nats[i].inside, addr))
			continue;
		text = vnm_asprintf("the address %s still leads to %s, by <vnm:staticNat> of "
				    "network '%s'",
				    vnm_addr_format(&net->static_nats[i].outside, from), to,
				    net->name);
		vnm_warnings_add_once(warnings, text);
	}
}

/* A reserved address is the guest's, attached or not. */
static bool is_reserved(const struct vnm_network *net, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < net->n_ips; i++)
		for (size_t k = 0; k < net->ips[i].dhcp.n_hosts; k++)
			if (vnm_addr_equal(&net->ips[i].dhcp.hosts[k].ip, addr))
				return true;
	return false;
}

/**
 * vnm_attach_warn_forwards() - report the port forwardings that still lead to a detached guest: the next user of its address has them
 * @drv:    the driver
 * @attach: the guest
 *
 * By the live definition and the persistent one.
 */
void vnm_attach_warn_forwards(struct vnm_driver *drv, const struct vnm_attachment *attach)
{
	const struct vnm_store *const stores[] = { &drv->live, &drv->persistent };
	struct vnm_warnings warnings = { 0 };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(stores); i++) {
		vnm_autonetwork struct vnm_network net = { 0 };
		struct vnm_error unread = { 0 };

		if (vnm_store_load(stores[i], attach->network, &net, &unread) < 0)
			continue;
		for (size_t k = 0; k < attach->n_ips; k++)
			if (!is_reserved(&net, &attach->ips[k].address))
				note_forwards(&net, &attach->ips[k].address,
					      i > 0 && vnm_driver_active(drv, attach->network),
					      &warnings);
	}
	vnm_driver_warn(drv, &warnings);
}
