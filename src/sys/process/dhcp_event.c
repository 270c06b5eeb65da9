/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dhcp_event.c - the script that a DHCP client calls when it has obtained or lost a lease.
 *
 * The client and its script, this program, run in the guest's network namespace; the files are the host's. The server's
 * answer is in the environment, as udhcpc or dhclient name it, and not trusted: an invalid address is left out, and so is
 * a domain of more than one line.
 */
#include "sys/process/dhcp_event.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/handles.h"
#include "sys/host/resolv.h"
#include "sys/process/dhcp.h"
#include "sys/link/link.h"
#include "sys/link/link_set.h"
#include "sys/process/dhcp_command.h"
#include "sys/process/dhcp_set.h"
#include "util/mem.h"

#define MTU_MIN 576

/* A value from the environment, by either client's name; the first that is set. */
static const char *from_server(const char *udhcpc, const char *dhclient)
{
	const char *value = getenv(udhcpc);

	if (!value)
		value = getenv(dhclient);
	return value && *value ? value : NULL;
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(word, *words))
			return true;
	return false;
}

/* "ADDRESS" of a list with blanks between; *at moves on. */
static bool next_address(const char **at, struct vnm_addr *ret)
{
	while (*at && **at) {
		size_t len = strcspn(*at, " ,");
		vnm_autofree char *word = vnm_strndup(*at, len);

		*at += len + strspn(*at + len, " ,");
		if (vnm_addr_parse(word, ret) == 0 && ret->family == AF_INET)
			return true;
	}
	return false;
}

static int read_lease(struct vnm_prefix *ret)
{
	const char *ip = from_server("ip", "new_ip_address"), *bits = getenv("mask");
	const char *netmask = from_server("subnet", "new_subnet_mask");
	struct vnm_addr mask;
	uint32_t number;
	unsigned len = 0;

	if (bits && vnm_parse_u32(bits, 1, 32, &number) == 0)
		len = number;
	else if (netmask && vnm_addr_parse(netmask, &mask) == 0)
		(void)vnm_netmask_to_len(&mask, &len);
	if (!ip || len < 1 || vnm_addr_parse(ip, &ret->addr) < 0 || ret->addr.family != AF_INET)
		return -EINVAL;
	ret->len = len;
	return 0;
}

static void add_route(struct vnm_sys *sys, const char *dev, const struct vnm_prefix *dst,
		      const struct vnm_addr *gateway, struct vnm_buf *set)
{
	struct vnm_op op = { .type = VNM_OP_ROUTE };
	struct vnm_error ignored = { 0 };

	op.route.dev = (char *)dev;
	op.route.dst = *dst;
	op.route.gateway = *gateway;
	if (vnm_addr_bits(AF_INET) < dst->len)
		return;
	if (vnm_impl_route.apply(sys, &op, &ignored) == 0)
		vnm_dhcp_set_route(set, &op.route);
}

/* RFC 3442: classless static routes include the router. */
static bool add_static_routes(struct vnm_sys *sys, const char *dev, bool gateway,
			      struct vnm_buf *set)
{
	vnm_autofree char *text = vnm_strdup(getenv("staticroutes") ? getenv("staticroutes") : "");
	char *save = NULL;
	bool any = false;

	for (char *to = strtok_r(text, " ", &save); to; to = strtok_r(NULL, " ", &save)) {
		const char *via = strtok_r(NULL, " ", &save);
		struct vnm_prefix dst;
		struct vnm_addr addr;

		if (!via || vnm_prefix_parse(to, &dst) < 0 || vnm_addr_parse(via, &addr) < 0)
			break;
		any = true;
		if ((dst.len > 0 || gateway) && addr.family == AF_INET)
			add_route(sys, dev, &dst, &addr, set);
	}
	return any;
}

static void add_routes(struct vnm_sys *sys, const char *dev, bool gateway, struct vnm_buf *set)
{
	const struct vnm_prefix everything = { .addr.family = AF_INET };
	const char *routers = from_server("router", "new_routers");
	struct vnm_addr addr;

	if (!add_static_routes(sys, dev, gateway, set) && gateway && next_address(&routers, &addr))
		add_route(sys, dev, &everything, &addr, set);
}

/*
 * struct setting - the value of VNM_DHCP_EVENT, DEVICE:yes|no:MTU:GUEST outside|isolated:RESOLV. A device's name has no colon.
 * @guest: how its line in the resolv.conf begins; NULL: the client is of version 1.1.0, whose file stays as it is
 */
struct setting {
	char *dev, *guest;
	bool gateway;
	uint32_t mtu;
	const char *resolv;
};

static void setting_clear(struct setting *setting)
{
	free(setting->dev);
	free(setting->guest);
}

/* Return: the text up to the colon after which *at goes on, allocated; NULL: there is none. */
static char *next_field(const char **at)
{
	const char *colon = strchr(*at, ':');
	char *ret = colon ? vnm_strndup(*at, (size_t)(colon - *at)) : NULL;

	*at = colon ? colon + 1 : *at;
	return ret;
}

static int read_setting(const char *text, struct setting *ret)
{
	vnm_autofree char *gateway = NULL, *mtu = NULL, *guest = NULL;

	ret->dev = next_field(&text);
	gateway = next_field(&text);
	mtu = next_field(&text);
	if (!mtu || vnm_parse_u32(mtu, 1, UINT32_MAX, &ret->mtu) < 0)
		return -EINVAL;
	ret->gateway = !strcmp(gateway, "yes");
	guest = *text && *text != '/' ? next_field(&text) : NULL;
	ret->guest = guest ? vnm_asprintf("%s:", guest) : NULL;
	ret->resolv = text;
	return vnm_ifname_valid(ret->dev) ? 0 : -EINVAL;
}

/* One that the administrator has made meanwhile, or a symbolic link, stays. */
static void write_resolv(const struct setting *setting, struct vnm_buf *set)
{
	const char *servers = from_server("dns", "new_domain_name_servers");
	const char *domain = from_server("domain", "new_domain_name");
	vnm_autobuf struct vnm_buf line = { 0 };
	char addr[VNM_ADDR_STRLEN];
	struct vnm_addr server;

	vnm_buf_printf(&line, "# %s", setting->guest);
	while (next_address(&servers, &server))
		vnm_buf_printf(&line, " nameserver %s", vnm_addr_format(&server, addr));
	if (domain && vnm_hostname_valid(domain))
		vnm_buf_printf(&line, " search %s", domain);
	vnm_buf_addc(&line, '\n');
	if (vnm_resolv_put(setting->resolv, line.data) == 0)
		vnm_dhcp_set_resolv(set);
}

/*
 * RFC 2132 5.1. The other end drops packets larger than the device's first MTU; one smaller than what every host must
 * accept (RFC 791) would only cut the guest off.
 */
static void set_mtu(struct vnm_sys *sys, const char *dev, uint32_t max)
{
	const char *text = from_server("mtu", "new_interface_mtu");
	struct vnm_error ignored = { 0 };
	struct vnm_link link;
	uint32_t mtu;

	if (text && vnm_parse_u32(text, MTU_MIN, max, &mtu) == 0 &&
	    vnm_link_read(sys, dev, &link) == 0)
		(void)vnm_link_set_mtu(sys, &link, mtu, &ignored);
}

static int bound(struct vnm_sys *sys, const struct setting *setting)
{
	const char *dev = setting->dev, *file = getenv(VNM_DHCP_SET);
	vnm_autobuf struct vnm_buf set = { 0 };
	struct vnm_op op = { .type = VNM_OP_ADDRESS };
	struct vnm_error err = { 0 };
	int r = read_lease(&op.address.addr);

	if (r < 0)
		return r;
	if (*setting->resolv && setting->guest)
		write_resolv(setting, &set);
	set_mtu(sys, dev, setting->mtu);
	op.address.dev = (char *)dev;
	r = vnm_dhcp_drop(sys, dev, &op.address.addr.addr, &err);
	if (r == 0)
		r = vnm_impl_address.apply(sys, &op, &err);
	if (r == 0)
		add_routes(sys, dev, setting->gateway, &set);
	if (r == 0 && file)
		(void)vnm_dhcp_set_write(file, &set);
	return r;
}

/**
 * vnm_dhcp_event() - handle an event of a DHCP client
 * @setting: the value of VNM_DHCP_EVENT
 * @word:    the first argument; NULL: none
 *
 * Return: the exit status.
 */
int vnm_dhcp_event(const char *setting, const char *word)
{
	static const char *const gains[] = { "bound", "renew", "BOUND", "RENEW", "REBIND",
					     "REBOOT", NULL };
	static const char *const losses[] = { "deconfig", "EXPIRE", "FAIL", "RELEASE", "STOP",
					      NULL };
	struct setting set __attribute__((cleanup(setting_clear))) = { 0 };
	const char *event = word ? word : getenv("reason");
	struct vnm_error err = { 0 };
	struct vnm_sys sys;
	int r = read_setting(setting, &set);

	vnm_sys_init(&sys, -1);
	if (r == 0)
		r = vnm_nl_open(&sys);
	if (r == 0 && event && is_one_of(event, gains))
		r = bound(&sys, &set);
	else if (r == 0 && event && is_one_of(event, losses))
		r = vnm_dhcp_drop(&sys, set.dev, NULL, &err);
	vnm_sys_clear(&sys);
	return r < 0;
}
