/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uplink_observe.c - an uplink to be: its settings, and who else manages it. */
#include "sys/uplink/uplink_observe.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sys/link/link.h"
#include "sys/link/link_traffic.h"
#include "sys/uplink/uplink_move.h"
#include "sys/uplink/uplink_read.h"
#include "util/file.h"
#include "util/mem.h"

#define STATE_MAX 65536 /* bytes of other programs' state files of a device */

/* Settings of a device that a bridge which takes over its addresses must share (Documentation/networking/ip-sysctl.rst). */
static const struct {
	const char *family, *name;
} settings[] = {
	{ "ipv4", "accept_local" },	   { "ipv4", "accept_redirects" },
	{ "ipv4", "accept_source_route" }, { "ipv4", "arp_accept" },
	{ "ipv4", "arp_announce" },	   { "ipv4", "arp_filter" },
	{ "ipv4", "arp_ignore" },	   { "ipv4", "arp_notify" },
	{ "ipv4", "forwarding" },	   { "ipv4", "log_martians" },
	{ "ipv4", "proxy_arp" },	   { "ipv4", "route_localnet" },
	{ "ipv4", "rp_filter" },	   { "ipv4", "secure_redirects" },
	{ "ipv4", "send_redirects" },	   { "ipv4", "src_valid_mark" },
	{ "ipv6", "accept_ra" },	   { "ipv6", "accept_ra_defrtr" },
	{ "ipv6", "accept_ra_pinfo" },	   { "ipv6", "accept_redirects" },
	{ "ipv6", "addr_gen_mode" },	   { "ipv6", "autoconf" },
	{ "ipv6", "disable_ipv6" },	   { "ipv6", "forwarding" },
	{ "ipv6", "proxy_ndp" },	   { "ipv6", "use_tempaddr" },
};

static int read_setting(size_t i, const char *dev, char *buf, size_t size)
{
	vnm_autofree char *path = vnm_asprintf("/proc/sys/net/%s/conf/%s/%s", settings[i].family,
					       dev, settings[i].name);

	return vnm_proc_read(path, buf, size);
}

/* Those that differ from "default", with which a new device begins. */
static void read_settings(struct vnm_fact_uplink *fact)
{
	char own[64], usual[64];

	for (size_t i = 0; i < VNM_ARRAY_SIZE(settings); i++) {
		if (read_setting(i, fact->dev, own, sizeof(own)) < 0 ||
		    read_setting(i, "default", usual, sizeof(usual)) < 0 || !strcmp(own, usual))
			continue;
		fact->settings =
			vnm_array_add(fact->settings, &fact->n_settings, sizeof(*fact->settings));
		fact->settings[fact->n_settings - 1] =
			(struct vnm_fact_setting){ settings[i].family, settings[i].name,
						   vnm_strdup(own) };
	}
}

/* Has the file a line that begins with @start? */
static bool has_line(const char *path, const char *start)
{
	vnm_autofree char *text = NULL;

	if (vnm_file_read(AT_FDCWD, path, STATE_MAX, &text, NULL) < 0)
		return false;
	for (char *save, *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (strncmp(line, start, strlen(start)) == 0)
			return true;
	return false;
}

static bool process_of(const char *path)
{
	char pid[16], proc[32];

	if (vnm_proc_read(path, pid, sizeof(pid)) < 0 || !isdigit((unsigned char)pid[0]))
		return false;
	snprintf(proc, sizeof(proc), "/proc/%.10s", pid);
	return access(proc, F_OK) == 0;
}

static bool in_networkmanager(const char *dev, int ifindex)
{
	vnm_autofree char *path = vnm_asprintf("/run/NetworkManager/devices/%d", ifindex);

	(void)dev;
	return has_line(path, "managed=true");
}

static bool in_networkd(const char *dev, int ifindex)
{
	vnm_autofree char *path = vnm_asprintf("/run/systemd/netif/links/%d", ifindex);

	(void)dev;
	return has_line(path, "ADMIN_STATE=") && !has_line(path, "ADMIN_STATE=unmanaged");
}

/* Its state file also lists devices whose method sets no addresses. */
static bool in_ifupdown(const char *dev, int ifindex)
{
	vnm_autofree char *up = vnm_asprintf("%s=", dev);
	vnm_autofree char *by_dhcp = vnm_asprintf("iface %s inet dhcp", dev);
	vnm_autofree char *by_hand = vnm_asprintf("iface %s inet static", dev);
	static const char interfaces[] = "/etc/network/interfaces";

	(void)ifindex;
	return has_line("/run/network/ifstate", up) &&
	       (has_line(interfaces, by_dhcp) || has_line(interfaces, by_hand));
}

static bool has_dhclient(const char *dev, int ifindex)
{
	vnm_autofree char *path = vnm_asprintf("/run/dhclient.%s.pid", dev);
	vnm_autofree char *other = vnm_asprintf("/run/dhclient-%s.pid", dev);

	(void)ifindex;
	return process_of(path) || process_of(other);
}

static bool has_dhcpcd(const char *dev, int ifindex)
{
	vnm_autofree char *path = vnm_asprintf("/run/dhcpcd-%s.pid", dev);
	vnm_autofree char *other = vnm_asprintf("/run/dhcpcd/%s.pid", dev);

	(void)ifindex;
	return process_of(path) || process_of(other);
}

/**
 * vnm_uplink_managers() - which programs manage a device
 * @dev:     its name
 * @ifindex: its index
 *
 * Return: 1 << enum vnm_manager, of each.
 */
unsigned vnm_uplink_managers(const char *dev, int ifindex)
{
	static bool (*const checks[])(const char *dev, int ifindex) = {
		[VNM_MANAGER_NETWORKMANAGER] = in_networkmanager,
		[VNM_MANAGER_NETWORKD] = in_networkd,
		[VNM_MANAGER_IFUPDOWN] = in_ifupdown,
		[VNM_MANAGER_DHCLIENT] = has_dhclient,
		[VNM_MANAGER_DHCPCD] = has_dhcpcd,
	};
	unsigned found = 0;

	for (unsigned i = 0; i < VNM_ARRAY_SIZE(checks); i++)
		if (checks[i](dev, ifindex))
			found |= 1u << i;
	return found;
}

static bool is_wireless(const char *dev)
{
	vnm_autofree char *path = vnm_asprintf("/sys/class/net/%s/phy80211", dev);

	return access(path, F_OK) == 0;
}

static int read_uplink(struct vnm_sys *sys, const struct vnm_link *link,
		       struct vnm_fact_uplink *fact, struct vnm_error *err)
{
	vnm_autointerface_state struct vnm_interface_state held = { 0 };
	struct vnm_traffic traffic = { 0 };
	int r = vnm_interface_state_read(sys, link->fact.index, &held, err);

	if (r < 0)
		return r;
	if (vnm_link_traffic(sys, fact->dev, &traffic) == 0)
		fact->carrier = traffic.carrier;
	fact->loopback = link->loopback;
	fact->wireless = is_wireless(fact->dev);
	fact->shared_hops = held.shared_hops;
	fact->global = held.global;
	fact->since = vnm_uptime();
	fact->addresses = vnm_buf_steal(&held.addresses);
	fact->routes = vnm_buf_steal(&held.routes);
	fact->neighbours = vnm_buf_steal(&held.neighbours);
	fact->managers = vnm_uplink_managers(fact->dev, link->fact.index);
	read_settings(fact);
	return 0;
}

/**
 * vnm_observe_uplink() - read the state of an uplink to be
 * @sys:   the handles
 * @dev:   its name; when there is no such device, nothing is added
 * @facts: gets the result
 * @err:   what could not be read
 *
 * Return: 0 or -errno.
 */
int vnm_observe_uplink(struct vnm_sys *sys, const char *dev, struct vnm_facts *facts,
		       struct vnm_error *err)
{
	struct vnm_fact_uplink *fact;
	struct vnm_link link;
	int r = vnm_link_find(sys, dev, &link, err);

	if (r <= 0)
		return r;
	facts->uplinks = vnm_array_add(facts->uplinks, &facts->n_uplinks, sizeof(*facts->uplinks));
	fact = &facts->uplinks[facts->n_uplinks - 1];
	*fact = (struct vnm_fact_uplink){ 0 };
	snprintf(fact->dev, sizeof(fact->dev), "%s", dev);
	return read_uplink(sys, &link, fact, err);
}
