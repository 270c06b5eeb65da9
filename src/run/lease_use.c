/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lease_use.c - the usage of a network's leases, and conflicts between leases and reservations. */
#include "run/lease_use.h"

#include <inttypes.h>
#include <sys/socket.h>
#include <time.h>

#include "state/leases.h"
#include "state/session.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/**
 * vnm_lease_holder() - the client of a lease, for people: "52:54:00:00:00:01 (vm)"
 * @lease: the lease
 * @out:   gets it
 */
void vnm_lease_holder(const struct vnm_lease_entry *lease, struct vnm_buf *out)
{
	char mac[VNM_MAC_STRLEN];

	vnm_buf_add(out, lease->mac.set	    ? vnm_mac_format(&lease->mac, mac)
			 : lease->client_id ? lease->client_id
					    : "an unknown client");
	if (lease->hostname)
		vnm_buf_printf(out, " (%s)", lease->hostname);
}

/**
 * vnm_lease_rival_text() - the warning for a lease whose address is reserved for another client
 * @lease: the lease
 * @rival: that client
 * @out:   gets "address A is reserved for B, and leased to C until TIME"
 */
void vnm_lease_rival_text(const struct vnm_lease_entry *lease, const struct vnm_dhcp_host *rival,
			  struct vnm_buf *out)
{
	char addr[VNM_ADDR_STRLEN], mac[VNM_MAC_STRLEN], end[32];
	struct tm tm;

	vnm_buf_printf(out, "address %s is reserved for %s, and leased to ",
		       vnm_addr_format(&lease->addr, addr),
		       rival->mac.set ? vnm_mac_format(&rival->mac, mac)
		       : rival->id    ? rival->id
				      : rival->name);
	vnm_lease_holder(lease, out);
	if (lease->expiry == 0 || !localtime_r(&lease->expiry, &tm) ||
	    strftime(end, sizeof(end), "%Y-%m-%d %H:%M:%S", &tm) == 0)
		vnm_buf_add(out, " for ever");
	else
		vnm_buf_printf(out, " until %s", end);
}

static void note_rivals(const struct vnm_network *net, const struct vnm_leases *leases,
			struct vnm_warnings *notes)
{
	for (size_t i = 0; i < leases->n; i++) {
		const struct vnm_dhcp_host *rival = vnm_lease_rival(net, &leases->items[i]);
		vnm_autobuf struct vnm_buf text = { 0 };
		char addr[VNM_ADDR_STRLEN];

		if (!rival)
			continue;
		vnm_lease_rival_text(&leases->items[i], rival, &text);
		vnm_warnings_add(notes, "%s; to end that lease: vnetmgr net-dhcp-release %s %s",
				 vnm_buf_str(&text), net->name,
				 vnm_addr_format(&leases->items[i].addr, addr));
	}
}

static const char *family_name(int family)
{
	return family == AF_INET ? "IPv4" : "IPv6";
}

static void note_full(const struct vnm_network *net, int family, const struct vnm_dhcp_room *room,
		      struct vnm_warnings *notes)
{
	if (!vnm_dhcp_has_range(net, family) || room->left > 0)
		return;
	vnm_warnings_add(notes,
			 "network '%s' has no %s address left for a guest without a reservation: "
			 "%" PRIu64 " of %" PRIu64 " are leased, the others reserved; see: vnetmgr "
			 "net-dhcp-leases %s; to end a lease: vnetmgr net-dhcp-release %s ADDRESS",
			 net->name, family_name(family), room->used, room->size, net->name,
			 net->name);
}

static void note_outside(const struct vnm_network *net, int family,
			 const struct vnm_dhcp_room *room, struct vnm_warnings *notes)
{
	if (room->outside > 0)
		vnm_warnings_add(notes,
				 "%" PRIu64 " more %s %s leased, in no range and not reserved: %s "
				 "another one when %s renewed; see: vnetmgr net-dhcp-leases %s",
				 room->outside, family_name(family),
				 room->outside == 1 ? "address is" : "addresses are",
				 room->outside == 1 ? "its guest gets" : "their guests get",
				 room->outside == 1 ? "it is" : "they are", net->name);
}

/**
 * vnm_driver_lease_use() - how many addresses a network has leased, and its conflicts
 * @drv:   the driver
 * @net:   the live definition
 * @ret:   gets the families that the network leases
 * @notes: gets warnings: no address is left; an address is leased to one client and reserved for another
 *
 * Return: how many families; 0: it leases none, or the leases cannot be read.
 */
size_t vnm_driver_lease_use(struct vnm_driver *drv, const struct vnm_network *net,
			    struct vnm_lease_use ret[static VNM_LEASE_FAMILIES],
			    struct vnm_warnings *notes)
{
	static const int families[VNM_LEASE_FAMILIES] = { AF_INET, AF_INET6 };
	vnm_autoleases struct vnm_leases leases = { 0 };
	vnm_autonetwork struct vnm_network whole = { 0 };
	struct vnm_error ignored = { 0 };
	size_t n = 0;

	if (!vnm_network_makes_bridge(net) ||
	    vnm_leases_load(drv, net->name, &leases, &ignored) < 0)
		return 0;
	vnm_driver_with_guests(drv, net, &whole);
	for (size_t i = 0; i < VNM_LEASE_FAMILIES; i++) {
		struct vnm_dhcp_room room =
			vnm_dhcp_room(&whole, families[i], leases.items, leases.n);

		note_full(net, families[i], &room, notes);
		note_outside(net, families[i], &room, notes);
		if (room.size > 0)
			ret[n++] = (struct vnm_lease_use){ families[i], room.used, room.size };
	}
	note_rivals(&whole, &leases, notes);
	return n;
}

/** vnm_driver_warn_full() - warn of a network without an address for its next guest */
void vnm_driver_warn_full(struct vnm_driver *drv, const struct vnm_network *net)
{
	static const int families[] = { AF_INET, AF_INET6 };
	vnm_autoleases struct vnm_leases leases = { 0 };
	vnm_autonetwork struct vnm_network whole = { 0 };
	struct vnm_warnings notes = { 0 };
	struct vnm_error ignored = { 0 };

	if (!vnm_network_makes_bridge(net) ||
	    vnm_leases_load(drv, net->name, &leases, &ignored) < 0 || leases.n == 0)
		return;
	vnm_driver_with_guests(drv, net, &whole);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(families); i++) {
		struct vnm_dhcp_room room =
			vnm_dhcp_room(&whole, families[i], leases.items, leases.n);

		note_full(net, families[i], &room, &notes);
	}
	vnm_driver_warn(drv, &notes);
}

static void warn_reserved(struct vnm_driver *drv, const struct vnm_network *net,
			  const struct vnm_attachment *attach)
{
	const struct vnm_dhcp_host *own = vnm_attach_reservation(net, attach);
	vnm_autoleases struct vnm_leases leases = { 0 };
	struct vnm_error ignored = { 0 };

	if (!own || vnm_leases_load(drv, net->name, &leases, &ignored) < 0)
		return;
	for (size_t i = 0; i < leases.n; i++) {
		vnm_autobuf struct vnm_buf text = { 0 };

		if (vnm_lease_rival(net, &leases.items[i]) != own)
			continue;
		vnm_lease_rival_text(&leases.items[i], own, &text);
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", vnm_buf_str(&text));
	}
}

/**
 * vnm_driver_explain_dhcp() - warn of what kept a guest from getting its reserved address
 * @drv:    the driver
 * @attach: the guest, a DHCP client
 * @failed: it got no address at all
 */
void vnm_driver_explain_dhcp(struct vnm_driver *drv, const struct vnm_attachment *attach,
			     bool failed)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error ignored = { 0 };

	if (attach->dhcp != VNM_TRI_YES ||
	    vnm_store_load(&drv->live, attach->network, &net, &ignored) < 0)
		return;
	if (failed)
		vnm_driver_warn_full(drv, &net);
	else
		warn_reserved(drv, &net, attach);
}
