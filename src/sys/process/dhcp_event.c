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
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/handles.h"
#include "sys/process/dhcp.h"
#include "sys/link/link.h"
#include "sys/link/link_set.h"
#include "sys/process/dhcp_command.h"
#include "util/file.h"
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
		      const struct vnm_addr *gateway)
{
	struct vnm_op op = { .type = VNM_OP_ROUTE };
	struct vnm_error ignored = { 0 };

	op.route.dev = (char *)dev;
	op.route.dst = *dst;
	op.route.gateway = *gateway;
	if (vnm_addr_bits(AF_INET) < dst->len)
		return;
	(void)vnm_impl_route.apply(sys, &op, &ignored);
}

/* RFC 3442: classless static routes include the router. */
static bool add_static_routes(struct vnm_sys *sys, const char *dev, bool gateway)
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
			add_route(sys, dev, &dst, &addr);
	}
	return any;
}

static void add_routes(struct vnm_sys *sys, const char *dev, bool gateway)
{
	const struct vnm_prefix everything = { .addr.family = AF_INET };
	const char *routers = from_server("router", "new_routers");
	struct vnm_addr addr;

	if (!add_static_routes(sys, dev, gateway) && gateway && next_address(&routers, &addr))
		add_route(sys, dev, &everything, &addr);
}

static void write_resolv(const char *path)
{
	const char *servers = from_server("dns", "new_domain_name_servers");
	const char *domain = from_server("domain", "new_domain_name"), *slash = strrchr(path, '/');
	vnm_autofree char *dir_path = slash ? vnm_strndup(path, (size_t)(slash - path)) : NULL;
	vnm_autofree char *there = NULL;
	vnm_autobuf struct vnm_buf text = { 0 };
	vnm_autoclose int dir = -1;
	char addr[VNM_ADDR_STRLEN];
	struct vnm_addr server;
	int r;

	if (!slash)
		return;
	vnm_buf_add(&text, VNM_DHCP_MARK);
	while (next_address(&servers, &server))
		vnm_buf_printf(&text, "nameserver %s\n", vnm_addr_format(&server, addr));
	if (domain && vnm_hostname_valid(domain))
		vnm_buf_printf(&text, "search %s\n", domain);
	dir = vnm_open(AT_FDCWD, dir_path, O_RDONLY | O_DIRECTORY, 0);
	if (dir < 0)
		return;
	/* The administrator may have created one meanwhile, or a symbolic link. */
	r = vnm_file_read(dir, slash + 1, 65536, &there, NULL);
	if (r == 0 ? strncmp(there, VNM_DHCP_MARK, strlen(VNM_DHCP_MARK)) != 0 : r != -ENOENT)
		return;
	(void)vnm_file_replace(dir, slash + 1, text.data, text.len, 0644, (gid_t)-1, VNM_VOLATILE);
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

/* The value of VNM_DHCP_EVENT, DEVICE:yes|no:MTU:RESOLV. A device's name has no colon. */
struct setting {
	char *dev;
	bool gateway;
	uint32_t mtu;
	const char *resolv;
};

static void setting_clear(struct setting *setting)
{
	free(setting->dev);
}

static int read_setting(const char *text, struct setting *ret)
{
	const char *colon = strchr(text, ':');
	const char *second = colon ? strchr(colon + 1, ':') : NULL;
	const char *third = second ? strchr(second + 1, ':') : NULL;
	vnm_autofree char *mtu =
		third ? vnm_strndup(second + 1, (size_t)(third - second - 1)) : NULL;

	if (!mtu || vnm_parse_u32(mtu, 1, UINT32_MAX, &ret->mtu) < 0)
		return -EINVAL;
	ret->dev = vnm_strndup(text, (size_t)(colon - text));
	ret->gateway = !strncmp(colon, ":yes:", 5);
	ret->resolv = third + 1;
	return vnm_ifname_valid(ret->dev) ? 0 : -EINVAL;
}

static int bound(struct vnm_sys *sys, const struct setting *setting)
{
	const char *dev = setting->dev;
	struct vnm_op op = { .type = VNM_OP_ADDRESS };
	struct vnm_error err = { 0 };
	int r = read_lease(&op.address.addr);

	if (r < 0)
		return r;
	if (*setting->resolv)
		write_resolv(setting->resolv);
	set_mtu(sys, dev, setting->mtu);
	op.address.dev = (char *)dev;
	r = vnm_dhcp_drop(sys, dev, &op.address.addr.addr, &err);
	if (r == 0)
		r = vnm_impl_address.apply(sys, &op, &err);
	if (r == 0)
		add_routes(sys, dev, setting->gateway);
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
