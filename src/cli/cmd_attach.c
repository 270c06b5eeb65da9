/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_attach.c - guests' devices: net-attach, net-detach. */
#include "cli/attach_args.h"
#include "cli/attachment_table.h"
#include "cli/document.h"
#include "cli/output.h"
#include "cli/qemu.h"
#include "cli/session.h"
#include "cli/steps_output.h"
#include "util/mem.h"
#include "xml/attach_xml.h"

static void report_attached(struct vnm_cli *cli, const struct vnm_attachment *attach,
			    const struct vnm_prefix *leased, uint32_t mtu)
{
	vnm_autobuf struct vnm_buf ips = { 0 };
	char prefix[VNM_PREFIX_STRLEN];

	for (size_t i = 0; i < attach->n_ips; i++) {
		vnm_buf_add(&ips, " ");
		vnm_print_attached_ip(&attach->ips[i], &ips);
	}
	if (leased->len)
		vnm_buf_printf(&ips, " %s", vnm_prefix_format(leased, prefix));
	vnm_cli_extra(cli, "Device %s attached to network %s%s%s%s%s%s%s\n", attach->dev,
		      attach->network, attach->netns || ips.len ? ":" : "",
		      attach->netns ? " " : "", attach->netns ? attach->ifname : "",
		      attach->netns ? " in " : "", attach->netns ? attach->netns : "",
		      vnm_buf_str(&ips));
	vnm_cli_print_qemu(cli, attach, mtu);
}

static int net_attach(struct vnm_cli *cli)
{
	bool dry = vnm_cli_seen(cli, VNM_OPT_DRY_RUN);
	vnm_autoattach struct vnm_attachment attach = { 0 };
	vnm_autoplan struct vnm_plan plan = { 0 };
	vnm_autosteps struct vnm_steps steps = { 0 };
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	struct vnm_prefix leased = { 0 };
	struct vnm_warnings hints = { 0 };
	unsigned wanted_auto = 0;
	uint32_t mtu = 0;
	int r;

	if (vnm_attach_args_read(cli, &attach, &wanted_auto) < 0 || vnm_cli_lookup(cli, &name) < 0)
		return 1;
	if (dry)
		r = vnm_driver_preview_attach(cli->driver, name, &attach, wanted_auto, &plan, &err);
	else
		r = vnm_driver_attach(cli->driver, name, &attach, wanted_auto, &err);
	if (r == 0 && !dry) {
		vnm_driver_leased(cli->driver, &attach, &leased);
		mtu = vnm_driver_mtu(cli->driver, attach.dev);
		vnm_driver_attach_hints(cli->driver, &attach, !vnm_cli_seen(cli, VNM_OPT_IP),
					&hints);
	}
	if (vnm_cli_finish(cli, r, &err, "Failed to attach to network %s", name) != 0)
		return 1;
	if (dry) {
		vnm_steps_add_plan(&steps, &plan, false);
		vnm_cli_print_steps(cli, name, &steps);
	} else {
		report_attached(cli, &attach, &leased, mtu);
		vnm_cli_hints(cli, &hints);
	}
	return 0;
}

static const struct vnm_option net_attach_options[] = {
	VNM_OPTION_NETWORK_OF(VNM_ARG_ACTIVE),
	{ VNM_OPT_TAP, VNM_OPT_HAS_VALUE,
	  "create a persistent tap device of this name, for a virtual machine" },
	{ VNM_OPT_TUN, VNM_OPT_HAS_VALUE,
	  "create a persistent tun device of this name: a routed guest, with --ip and --peer" },
	{ VNM_OPT_NETNS, VNM_OPT_HAS_VALUE,
	  "attach this network namespace: its name, a PID or a path" },
	{ VNM_OPT_CREATE, 0, "create the namespace; net-detach deletes it" },
	{ VNM_OPT_DEV, VNM_OPT_HAS_VALUE, "attach this existing device to the bridge" },
	{ VNM_OPT_IFNAME, VNM_OPT_HAS_VALUE,
	  "name of the interface in the namespace (default: eth0)" },
	{ VNM_OPT_MAC, VNM_OPT_HAS_VALUE, "MAC address of the guest" },
	{ VNM_OPT_IP, VNM_OPT_HAS_VALUE | VNM_OPT_MANY,
	  "auto (a free address), dhcp, none, ADDRESS or ADDRESS/PREFIX; may be repeated" },
	{ VNM_OPT_PEER, VNM_OPT_HAS_VALUE | VNM_OPT_MANY,
	  "address of the guest behind the tun; --ip is the host's" },
	{ VNM_OPT_HOSTNAME, VNM_OPT_HAS_VALUE, "name of the guest in the network's DNS" },
	{ VNM_OPT_NO_DEFAULT_ROUTE, 0, "set no default route in the namespace" },
	{ VNM_OPT_ROUTER, 0, "enable packet forwarding in the namespace; set no default route" },
	{ VNM_OPT_ISOLATED, 0, "no traffic between this guest and other isolated guests" },
	{ VNM_OPT_PORTGROUP, VNM_OPT_HAS_VALUE,
	  "portgroup of the network; it decides whether the guest is isolated" },
	{ VNM_OPT_VLAN, VNM_OPT_HAS_VALUE,
	  "VLAN of the guest; ID,ID... for a trunk, whose frames have tags" },
	{ VNM_OPT_NATIVE_VLAN, VNM_OPT_HAS_VALUE, "VLAN of a trunk's frames without a tag" },
	{ VNM_OPT_OWNER, VNM_OPT_HAS_VALUE, "user who may open the tap or tun" },
	{ VNM_OPT_GROUP, VNM_OPT_HAS_VALUE, "group who may open the tap or tun" },
	{ VNM_OPT_MULTIQUEUE, 0, "create the tap or tun with several queues" },
	{ VNM_OPT_VNET_HDR, 0, "create the tap with virtio headers" },
	VNM_OPTION_DRY_RUN,
	VNM_OPTION_JSON_STEPS,
};

const struct vnm_command vnm_command_net_attach = {
	.name = "net-attach",
	.group = VNM_HELP_GUEST,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "connect a guest: a tap, a tun, a namespace, a device",
	.description = "The attachment is kept until it is detached, also across stops of "
		       "the network and reboots. The shortest one for a namespace: 'net-attach "
		       "NETWORK --netns web --create --ip auto'; for a virtual machine: "
		       "'net-attach NETWORK --tap vm1 --owner USER'.",
	VNM_OPTIONS(net_attach_options),
	.run = net_attach,
};

static int net_detach(struct vnm_cli *cli)
{
	const char *dev = vnm_cli_value(cli, VNM_OPT_DEVICE);
	bool dry = vnm_cli_seen(cli, VNM_OPT_DRY_RUN);
	vnm_autoplan struct vnm_plan plan = { 0 };
	vnm_autosteps struct vnm_steps steps = { 0 };
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	if (dry)
		r = vnm_driver_preview_detach(cli->driver, name, dev, &plan, &err);
	else
		r = vnm_driver_detach(cli->driver, name, dev, &err);
	if (vnm_cli_finish(cli, r, &err, "Failed to detach from network %s", name) != 0)
		return 1;
	if (dry) {
		vnm_steps_add_plan(&steps, &plan, true);
		vnm_cli_print_steps(cli, name, &steps);
	} else {
		vnm_cli_extra(cli, "Device %s detached from network %s\n", dev, name);
	}
	return 0;
}

static const struct vnm_option net_detach_options[] = {
	VNM_OPTION_NETWORK,
	{ VNM_OPT_DEVICE, VNM_OPT_OPERAND, "name of the device on the host, or of the namespace" },
	VNM_OPTION_DRY_RUN,
	VNM_OPTION_JSON_STEPS,
};

const struct vnm_command vnm_command_net_detach = {
	.name = "net-detach",
	.group = VNM_HELP_GUEST,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "disconnect a guest",
	.description = "A device that net-attach created is deleted; an existing one is "
		       "only taken off the bridge.",
	VNM_OPTIONS(net_detach_options),
	.run = net_detach,
};
