/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_attach.c - guests' devices: net-attach, net-detach. */
#include "cli/cli_internal.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/table.h"
#include "plan/op/op_print.h"
#include "util/mem.h"
#include "xml/attach_xml.h"

#define GUEST_IFNAME "eth0"

static int bad_use(struct vnm_cli *cli, const char *words)
{
	vnm_cli_error(cli, "%s", words);
	return -EINVAL;
}

static char *copy_value(const struct vnm_cli *cli, enum vnm_opt id)
{
	const char *value = vnm_cli_value(cli, id);

	return value ? vnm_strdup(value) : NULL;
}

static enum vnm_tristate yes_if(const struct vnm_cli *cli, enum vnm_opt id)
{
	return vnm_cli_seen(cli, id) ? VNM_TRI_YES : VNM_TRI_ABSENT;
}

/* A name and the number it stands for, or the number itself. */
static int read_owner(struct vnm_cli *cli, struct vnm_attachment *attach)
{
	const char *user = vnm_cli_value(cli, VNM_OPT_OWNER);
	const char *group = vnm_cli_value(cli, VNM_OPT_GROUP);
	const struct passwd *pw = user ? getpwnam(user) : NULL;
	const struct group *gr = group ? getgrnam(group) : NULL;

	attach->owner.set = user != NULL;
	attach->group.set = group != NULL;
	if (pw)
		attach->owner.v = pw->pw_uid;
	else if (user && vnm_parse_u32(user, 0, UINT32_MAX - 1, &attach->owner.v) < 0) {
		vnm_cli_error(cli, "there is no user '%s'", user);
		return -EINVAL;
	}
	if (gr)
		attach->group.v = gr->gr_gid;
	else if (group && vnm_parse_u32(group, 0, UINT32_MAX - 1, &attach->group.v) < 0) {
		vnm_cli_error(cli, "there is no group '%s'", group);
		return -EINVAL;
	}
	return 0;
}

/* NAME of ip-netns(8), a PID, or a path, which must mean the same tomorrow and elsewhere. */
static int read_netns(struct vnm_cli *cli, const char *given, struct vnm_attachment *attach)
{
	if (!strncmp(given, "/proc/", 6) && !strchr("0123456789", given[6]))
		return bad_use(cli, "--netns /proc/self is vnetmgr itself; give the process ID");
	if (given[0] != '/' && strchr(given, '/'))
		return bad_use(cli, "--netns takes a name, a process ID or an absolute path");
	if (given[0] == '/') {
		attach->netns = vnm_strdup(given);
	} else if (given[strspn(given, "0123456789")] == '\0') {
		attach->netns = vnm_asprintf("/proc/%s/ns/net", given);
	} else {
		attach->netns = vnm_asprintf("/run/netns/%s", given);
		attach->netns_name = vnm_strdup(given);
	}
	return 0;
}

/* A tun has no MAC address, no place on the bridge, and nothing that would be set inside of it. */
static int check_tun_use(struct vnm_cli *cli, bool tun)
{
	if (!tun && vnm_cli_seen(cli, VNM_OPT_PEER))
		return bad_use(cli, "--peer needs --tun");
	if (tun && (vnm_cli_seen(cli, VNM_OPT_MAC) || vnm_cli_seen(cli, VNM_OPT_ISOLATED)))
		return bad_use(cli, "--mac and --isolated are for devices on the bridge: a tun has "
				    "no MAC address and is on none");
	return 0;
}

static int read_kind(struct vnm_cli *cli, struct vnm_attachment *attach)
{
	const char *tap = vnm_cli_value(cli, VNM_OPT_TAP), *dev = vnm_cli_value(cli, VNM_OPT_DEV);
	const char *netns = vnm_cli_value(cli, VNM_OPT_NETNS);
	const char *tun = vnm_cli_value(cli, VNM_OPT_TUN);

	if (!!tap + !!tun + !!dev + !!netns != 1)
		return bad_use(cli, "one of --tap, --tun, --netns and --dev is required");
	if (!netns && (vnm_cli_seen(cli, VNM_OPT_IFNAME) || vnm_cli_seen(cli, VNM_OPT_ROUTER) ||
		       vnm_cli_seen(cli, VNM_OPT_NO_DEFAULT_ROUTE)))
		return bad_use(cli, "--ifname, --router and --no-default-route need --netns");
	if (!tap && !tun && (vnm_cli_seen(cli, VNM_OPT_OWNER) || vnm_cli_seen(cli, VNM_OPT_GROUP) ||
			     vnm_cli_seen(cli, VNM_OPT_MULTIQUEUE)))
		return bad_use(cli, "--owner, --group and --multiqueue need --tap or --tun");
	if (!tap && vnm_cli_seen(cli, VNM_OPT_VNET_HDR))
		return bad_use(cli, "--vnet-hdr needs --tap");
	if (dev && (vnm_cli_seen(cli, VNM_OPT_MAC) || vnm_cli_seen(cli, VNM_OPT_IP)))
		return bad_use(cli, "--mac and --ip are for devices that are made: --tap, --netns");
	if (check_tun_use(cli, tun != NULL) < 0)
		return -EINVAL;
	attach->kind = tap   ? VNM_ATTACH_TAP :
		       tun   ? VNM_ATTACH_TUN :
		       netns ? VNM_ATTACH_NETNS :
			       VNM_ATTACH_DEV;
	if (!netns) {
		attach->dev = vnm_strdup(tap ? tap : tun ? tun : dev);
		return 0;
	}
	attach->ifname = copy_value(cli, VNM_OPT_IFNAME);
	if (!attach->ifname)
		attach->ifname = vnm_strdup(GUEST_IFNAME);
	return read_netns(cli, netns, attach);
}

static int read_address(struct vnm_cli *cli, const char *text, struct vnm_attachment *attach)
{
	struct vnm_attach_ip *ip;
	struct vnm_prefix prefix = { 0 };
	bool with_len = strchr(text, '/') != NULL;

	if (with_len ? vnm_prefix_parse(text, &prefix) < 0
		     : vnm_addr_parse(text, &prefix.addr) < 0) {
		vnm_cli_error(cli,
			      "'%s' is no address; --ip takes auto, dhcp, none, ADDRESS "
			      "or ADDRESS/PREFIX",
			      text);
		return -EINVAL;
	}
	attach->ips = vnm_array_add(attach->ips, &attach->n_ips, sizeof(*attach->ips));
	ip = &attach->ips[attach->n_ips - 1];
	ip->at.present = true;
	ip->address = prefix.addr;
	ip->prefix = (struct vnm_uint){ with_len, prefix.len };
	return 0;
}

static int read_addresses(struct vnm_cli *cli, struct vnm_attachment *attach, unsigned *ret_auto)
{
	const struct vnm_values *given = &cli->values[VNM_OPT_IP];
	int r = 0;

	for (size_t i = 0; i < given->n && r == 0; i++) {
		if (!strcmp(given->items[i], "auto"))
			(*ret_auto)++;
		else if (!strcmp(given->items[i], "dhcp"))
			attach->dhcp = VNM_TRI_YES;
		else if (strcmp(given->items[i], "none") != 0)
			r = read_address(cli, given->items[i], attach);
	}
	if (r == 0 && attach->dhcp == VNM_TRI_YES &&
	    (given->n > 1 || attach->kind != VNM_ATTACH_NETNS))
		return bad_use(cli, "--ip dhcp is for --netns, and stands alone");
	return r;
}

static int parse_end(struct vnm_cli *cli, const char *text, struct vnm_addr *ret)
{
	if (vnm_addr_parse(text, ret) == 0)
		return 0;
	vnm_cli_error(cli, "'%s' is no address; with --tun, --ip and --peer take one ADDRESS each",
		      text);
	return -EINVAL;
}

/* The two ends of each family belong together, in whichever order they are given. */
static int pair_end(struct vnm_cli *cli, const struct vnm_addr *host, struct vnm_attachment *attach)
{
	for (size_t i = 0; i < attach->n_ips; i++)
		if (attach->ips[i].address.family == host->family &&
		    attach->ips[i].host.family == AF_UNSPEC) {
			attach->ips[i].host = *host;
			return 0;
		}
	return bad_use(cli, "each --ip needs a --peer of its family, and each --peer an --ip");
}

static int read_ends(struct vnm_cli *cli, struct vnm_attachment *attach)
{
	const struct vnm_values *hosts = &cli->values[VNM_OPT_IP];
	const struct vnm_values *peers = &cli->values[VNM_OPT_PEER];
	struct vnm_addr addr;

	if (hosts->n == 0 || peers->n == 0)
		return bad_use(cli, "--tun needs both ends: --ip, the host's address, and --peer, "
				    "the guest's");
	if (hosts->n != peers->n)
		return bad_use(cli, "each --ip needs a --peer of its family, and each --peer an "
				    "--ip");
	for (size_t i = 0; i < peers->n; i++) {
		if (parse_end(cli, peers->items[i], &addr) < 0)
			return -EINVAL;
		attach->ips = vnm_array_add(attach->ips, &attach->n_ips, sizeof(*attach->ips));
		attach->ips[i].at.present = true;
		attach->ips[i].address = addr;
	}
	for (size_t i = 0; i < hosts->n; i++)
		if (parse_end(cli, hosts->items[i], &addr) < 0 || pair_end(cli, &addr, attach) < 0)
			return -EINVAL;
	return 0;
}

static int read_request(struct vnm_cli *cli, struct vnm_attachment *attach, unsigned *ret_auto)
{
	const char *mac = vnm_cli_value(cli, VNM_OPT_MAC);
	int r = read_kind(cli, attach);

	attach->at.present = true;
	attach->hostname = copy_value(cli, VNM_OPT_HOSTNAME);
	attach->portgroup = copy_value(cli, VNM_OPT_PORTGROUP);
	attach->multi_queue = yes_if(cli, VNM_OPT_MULTIQUEUE);
	attach->vnet_hdr = yes_if(cli, VNM_OPT_VNET_HDR);
	attach->isolated = yes_if(cli, VNM_OPT_ISOLATED);
	attach->router = yes_if(cli, VNM_OPT_ROUTER);
	attach->created = yes_if(cli, VNM_OPT_CREATE);
	if (r == 0 && attach->created == VNM_TRI_YES &&
	    (!attach->netns_name || !vnm_name_valid(attach->netns_name)))
		r = bad_use(cli, "--create needs --netns with a name, of letters, digits and "
				 "_ . + -");
	if (vnm_cli_seen(cli, VNM_OPT_NO_DEFAULT_ROUTE) || attach->router == VNM_TRI_YES)
		attach->gateway = VNM_TRI_NO;
	if (r == 0 && mac && vnm_mac_parse(mac, &attach->mac) < 0) {
		vnm_cli_error(cli, "invalid MAC address: %s", mac);
		r = -EINVAL;
	}
	if (r == 0)
		r = read_owner(cli, attach);
	if (r == 0)
		r = attach->kind == VNM_ATTACH_TUN ? read_ends(cli, attach)
						   : read_addresses(cli, attach, ret_auto);
	return r;
}

/* As it was given: that a single address is all of its subnet says nothing. */
static void add_ip(struct vnm_buf *out, const struct vnm_attach_ip *ip)
{
	char text[VNM_ADDR_STRLEN];

	vnm_buf_add(out, vnm_addr_format(&ip->address, text));
	if (ip->prefix.v != vnm_addr_bits(ip->address.family))
		vnm_buf_printf(out, "/%u", ip->prefix.v);
}

static void tell_attached(struct vnm_cli *cli, const struct vnm_attachment *attach,
			  const struct vnm_prefix *leased, uint32_t mtu)
{
	vnm_autobuf struct vnm_buf ips = { 0 };
	char prefix[VNM_PREFIX_STRLEN];

	for (size_t i = 0; i < attach->n_ips; i++) {
		vnm_buf_add(&ips, " ");
		add_ip(&ips, &attach->ips[i]);
	}
	if (leased->len)
		vnm_buf_printf(&ips, " %s", vnm_prefix_format(leased, prefix));
	vnm_cli_extra(cli, "Device %s attached to network %s%s%s%s%s%s%s\n", attach->dev,
		      attach->network, attach->netns || ips.len ? ":" : "",
		      attach->netns ? " " : "", attach->netns ? attach->ifname : "",
		      attach->netns ? " in " : "", attach->netns ? attach->netns : "",
		      vnm_buf_str(&ips));
	vnm_cli_tell_qemu(cli, attach, mtu);
}

/* A namespace is of little use without an address, and nobody but us gives it one. "--ip none" says that it is meant so. */
static void hint_address(struct vnm_cli *cli, const struct vnm_attachment *attach)
{
	if (attach->kind == VNM_ATTACH_NETNS && !vnm_cli_seen(cli, VNM_OPT_IP))
		vnm_cli_hint(cli,
			     "%s in '%s' has no address; --ip auto gives it a free one, --ip dhcp "
			     "runs a DHCP client, --ip none says that it is meant so",
			     attach->ifname,
			     attach->netns_name ? attach->netns_name : attach->netns);
}

/** vnm_cmd_attach() - net-attach. Return: the exit status. */
int vnm_cmd_attach(struct vnm_cli *cli)
{
	bool dry = vnm_cli_seen(cli, VNM_OPT_DRY_RUN);
	vnm_autoattach struct vnm_attachment attach = { 0 };
	vnm_autoplan struct vnm_plan plan = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	struct vnm_prefix leased = { 0 };
	unsigned wanted_auto = 0;
	uint32_t mtu = 0;
	int r;

	if (read_request(cli, &attach, &wanted_auto) < 0 || vnm_cli_lookup(cli, &name) < 0)
		return 1;
	if (dry)
		r = vnm_driver_preview_attach(cli->driver, name, &attach, wanted_auto, &plan, &err);
	else
		r = vnm_driver_attach(cli->driver, name, &attach, wanted_auto, &err);
	if (r == 0 && !dry) {
		vnm_driver_leased(cli->driver, &attach, &leased);
		mtu = vnm_driver_mtu(cli->driver, attach.dev);
	}
	vnm_cli_close(cli);
	if (r < 0) {
		vnm_cli_fail(cli, &err, "Failed to attach to network %s", name);
		return 1;
	}
	if (dry) {
		vnm_plan_print(&plan, false, &text);
		fputs(vnm_buf_str(&text), stdout);
	} else {
		tell_attached(cli, &attach, &leased, mtu);
		hint_address(cli, &attach);
	}
	return 0;
}

/** vnm_cmd_detach() - net-detach. Return: the exit status. */
int vnm_cmd_detach(struct vnm_cli *cli)
{
	const char *dev = vnm_cli_value(cli, VNM_OPT_DEVICE);
	bool dry = vnm_cli_seen(cli, VNM_OPT_DRY_RUN);
	vnm_autoplan struct vnm_plan plan = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	if (dry)
		r = vnm_driver_preview_detach(cli->driver, name, dev, &plan, &err);
	else
		r = vnm_driver_detach(cli->driver, name, dev, &err);
	vnm_cli_close(cli);
	if (r < 0) {
		vnm_cli_fail(cli, &err, "Failed to detach from network %s", name);
		return 1;
	}
	if (dry) {
		vnm_plan_print(&plan, true, &text);
		fputs(vnm_buf_str(&text), stdout);
	} else {
		vnm_cli_extra(cli, "Device %s detached from network %s\n", dev, name);
	}
	return 0;
}

static char *addresses(const struct vnm_attached *one)
{
	const struct vnm_attachment *attach = &one->attach;
	char leased[VNM_PREFIX_STRLEN];
	struct vnm_buf out = { 0 };

	for (size_t i = 0; i < attach->n_ips; i++) {
		vnm_buf_add(&out, i ? " " : "");
		add_ip(&out, &attach->ips[i]);
	}
	if (attach->dhcp == VNM_TRI_YES && one->leased.len)
		vnm_buf_printf(&out, "%s (dhcp)", vnm_prefix_format(&one->leased, leased));
	else if (attach->dhcp == VNM_TRI_YES)
		vnm_buf_add(&out, "(dhcp)");
	return out.len ? vnm_buf_steal(&out) : NULL;
}

static void add_row(struct vnm_table *table, const struct vnm_attached *one)
{
	const struct vnm_attachment *attach = &one->attach;
	vnm_autofree char *ips = addresses(one);
	vnm_autofree char *to = vnm_asprintf("%" PRIu64, one->to);
	vnm_autofree char *from = vnm_asprintf("%" PRIu64, one->from);
	char mac[VNM_MAC_STRLEN];
	const char *cells[] = {
		attach->dev,
		vnm_enum_name(&vnm_enum_attach_kind, attach->kind),
		attach->netns_name ? attach->netns_name : attach->netns,
		attach->ifname,
		attach->mac.set ? vnm_mac_format(&attach->mac, mac) : NULL,
		ips,
		one->state,
		one->carrier ? "yes" : "no",
		to,
		from,
	};

	vnm_table_add(table, cells);
}

/** vnm_print_attached() - the attachments of a network as a table. */
void vnm_print_attached(const struct vnm_cli *cli, const struct vnm_attached *attached, size_t n)
{
	static const char *const headings[] = {
		"Device",	"Kind",	 "Namespace", "Interface", "MAC address",
		"IP addresses", "State", "Carrier",   "Bytes to",  "Bytes from",
	};
	vnm_autotable struct vnm_table table = { .columns = VNM_ARRAY_SIZE(headings) };
	vnm_autobuf struct vnm_buf out = { 0 };

	vnm_table_add(&table, headings);
	for (size_t i = 0; i < n; i++)
		add_row(&table, &attached[i]);
	vnm_table_print(&table, !cli->quiet, &out);
	fputs(vnm_buf_str(&out), stdout);
}
