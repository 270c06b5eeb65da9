/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_args.c - from the options of net-attach to an attachment. */
#include "cli/attach_args.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/output.h"
#include "model/vlan.h"
#include "util/mem.h"
#include "util/parse.h"

#define GUEST_IFNAME "eth0"

static int refuse_use(struct vnm_cli *cli, const char *message)
{
	vnm_cli_error(cli, "%s", message);
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

/* A name of a user or group, or its number. */
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

/* A name of ip-netns(8), a PID, or a path, which must be absolute, since it is stored. */
static int read_netns(struct vnm_cli *cli, const char *given, struct vnm_attachment *attach)
{
	if (!strncmp(given, "/proc/", 6) && !strchr("0123456789", given[6]))
		return refuse_use(cli, "--netns /proc/self is vnetmgr itself; give the process ID");
	if (given[0] != '/' && strchr(given, '/'))
		return refuse_use(cli, "--netns takes a name, a process ID or an absolute path");
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

/* A tun has no MAC address and is not on the bridge. */
static int check_tun_use(struct vnm_cli *cli, bool tun)
{
	if (!tun && vnm_cli_seen(cli, VNM_OPT_PEER))
		return refuse_use(cli, "--peer needs --tun");
	if (tun && (vnm_cli_seen(cli, VNM_OPT_MAC) || vnm_cli_seen(cli, VNM_OPT_ISOLATED)))
		return refuse_use(cli,
				  "--mac and --isolated are for devices on the bridge: a tun has "
				  "no MAC address and is on none");
	return 0;
}

static int read_kind(struct vnm_cli *cli, struct vnm_attachment *attach)
{
	const char *tap = vnm_cli_value(cli, VNM_OPT_TAP), *dev = vnm_cli_value(cli, VNM_OPT_DEV);
	const char *netns = vnm_cli_value(cli, VNM_OPT_NETNS);
	const char *tun = vnm_cli_value(cli, VNM_OPT_TUN);

	if (!!tap + !!tun + !!dev + !!netns != 1)
		return refuse_use(cli, "one of --tap, --tun, --netns and --dev is required");
	if (!netns && (vnm_cli_seen(cli, VNM_OPT_IFNAME) || vnm_cli_seen(cli, VNM_OPT_ROUTER) ||
		       vnm_cli_seen(cli, VNM_OPT_NO_DEFAULT_ROUTE)))
		return refuse_use(cli, "--ifname, --router and --no-default-route need --netns");
	if (!tap && !tun &&
	    (vnm_cli_seen(cli, VNM_OPT_OWNER) || vnm_cli_seen(cli, VNM_OPT_GROUP) ||
	     vnm_cli_seen(cli, VNM_OPT_MULTIQUEUE)))
		return refuse_use(cli, "--owner, --group and --multiqueue need --tap or --tun");
	if (!tap && vnm_cli_seen(cli, VNM_OPT_VNET_HDR))
		return refuse_use(cli, "--vnet-hdr needs --tap");
	if (dev && (vnm_cli_seen(cli, VNM_OPT_MAC) || vnm_cli_seen(cli, VNM_OPT_IP)))
		return refuse_use(cli,
				  "--mac and --ip are for devices that are made: --tap, --netns");
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
			      "'%s' is not an address; --ip takes auto, dhcp, none, ADDRESS "
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
		return refuse_use(cli, "--ip dhcp is for --netns, and stands alone");
	return r;
}

static int parse_end(struct vnm_cli *cli, const char *text, struct vnm_addr *ret)
{
	if (vnm_addr_parse(text, ret) == 0)
		return 0;
	vnm_cli_error(cli,
		      "'%s' is not an address; with --tun, --ip and --peer take one ADDRESS each",
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
	return refuse_use(cli, "each --ip needs a --peer of its family, and each --peer an --ip");
}

static int read_ends(struct vnm_cli *cli, struct vnm_attachment *attach)
{
	const struct vnm_values *hosts = &cli->values[VNM_OPT_IP];
	const struct vnm_values *peers = &cli->values[VNM_OPT_PEER];
	struct vnm_addr addr;

	if (hosts->n == 0 || peers->n == 0)
		return refuse_use(cli,
				  "--tun needs both ends: --ip, the host's address, and --peer, "
				  "the guest's");
	if (hosts->n != peers->n)
		return refuse_use(cli, "each --ip needs a --peer of its family, and each --peer an "
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

static int add_tag(struct vnm_cli *cli, const char *text, struct vnm_vlan *vlan)
{
	uint32_t id;

	if (vnm_parse_u32(text, VNM_VLAN_FIRST, VNM_VLAN_LAST, &id) < 0) {
		vnm_cli_error(cli, "'%s' is not a VLAN; --vlan takes ID or ID,ID..., each %d to %d",
			      text, VNM_VLAN_FIRST, VNM_VLAN_LAST);
		return -EINVAL;
	}
	vlan->tags = vnm_array_add(vlan->tags, &vlan->n_tags, sizeof(*vlan->tags));
	vlan->tags[vlan->n_tags - 1] =
		(struct vnm_vlan_tag){ .at.present = true, .id = { true, id } };
	return 0;
}

static int read_native(struct vnm_cli *cli, const char *text, struct vnm_vlan *vlan)
{
	uint32_t id;

	for (size_t i = 0; i < vlan->n_tags; i++)
		if (vnm_parse_u32(text, VNM_VLAN_FIRST, VNM_VLAN_LAST, &id) == 0 &&
		    vlan->tags[i].id.v == id) {
			vlan->tags[i].native = VNM_NATIVE_UNTAGGED;
			vlan->trunk = VNM_TRI_YES;
			return 0;
		}
	vnm_cli_error(cli, "--native-vlan %s is none of the trunk's VLANs; add it to --vlan", text);
	return -EINVAL;
}

static int read_vlan(struct vnm_cli *cli, struct vnm_vlan *vlan)
{
	const char *given = vnm_cli_value(cli, VNM_OPT_VLAN);
	const char *native = vnm_cli_value(cli, VNM_OPT_NATIVE_VLAN);
	vnm_autofree char *copy = given ? vnm_strdup(given) : NULL;
	char *rest = copy;
	int r = 0;

	if (!given)
		return native ? refuse_use(cli, "--native-vlan needs --vlan") : 0;
	vlan->at.present = true;
	for (const char *word; r == 0 && (word = strsep(&rest, ","));)
		r = add_tag(cli, word, vlan);
	if (r == 0 && vlan->n_tags > 1)
		vlan->trunk = VNM_TRI_YES;
	return r < 0 || !native ? r : read_native(cli, native, vlan);
}

/**
 * vnm_attach_args_read() - read the options of net-attach
 * @cli:      the call
 * @attach:   zeroed; gets the attachment
 * @ret_auto: gets how many addresses to choose
 *
 * Return: 0, or -EINVAL after the error was printed.
 */
int vnm_attach_args_read(struct vnm_cli *cli, struct vnm_attachment *attach, unsigned *ret_auto)
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
		r = refuse_use(cli, "--create needs --netns with a name, of letters, digits and "
				    "_ . + -");
	if (vnm_cli_seen(cli, VNM_OPT_NO_DEFAULT_ROUTE) || attach->router == VNM_TRI_YES)
		attach->gateway = VNM_TRI_NO;
	if (r == 0 && mac && vnm_mac_parse(mac, &attach->mac) < 0) {
		vnm_cli_error(cli, "invalid MAC address: %s", mac);
		r = -EINVAL;
	}
	if (r == 0)
		r = read_vlan(cli, &attach->vlan);
	if (r == 0)
		r = read_owner(cli, attach);
	if (r == 0)
		r = attach->kind == VNM_ATTACH_TUN ? read_ends(cli, attach)
						   : read_addresses(cli, attach, ret_auto);
	return r;
}
