/* SPDX-License-Identifier: GPL-2.0-or-later */
/* commands.c - the command table. Help prints the commands in this order. */
#include "cli/cli_internal.h"

#include <assert.h>

#include "util/mem.h"

/* clang-format off: rows */

#define OPTIONS(list) .options = (list), .n_options = VNM_ARRAY_SIZE(list)

#define NETWORK_HELP "network name or uuid"
#define NETWORK                                                                    \
	{                                                                          \
		VNM_OPT_NETWORK, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED, NETWORK_HELP \
	}
#define NETWORKS_FLAGS (VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED | VNM_OPT_MANY)
#define NETWORKS                                              \
	{                                                     \
		VNM_OPT_NETWORK, NETWORKS_FLAGS, NETWORK_HELP \
	}
#define NETWORKS_OR_ALL                                                        \
	{                                                                      \
		VNM_OPT_NETWORK, NETWORKS_FLAGS | VNM_OPT_OR_ALL, NETWORK_HELP \
	}

const struct vnm_group vnm_groups[] = {
	[VNM_GROUP_NETWORK] = { "network", "Networking" },
	[VNM_GROUP_SELF] = { "vnetmgr", "Vnetmgr itself" },
};
static_assert(VNM_ARRAY_SIZE(vnm_groups) == VNM_GROUP_COUNT, "every group has a title");

#define AFFECT_OPTIONS                                                                      \
	{ VNM_OPT_CONFIG, 0, "affect the kept definition: the next start" },                \
		{ VNM_OPT_LIVE, 0, "affect the active network" },                           \
	{                                                                                   \
		VNM_OPT_CURRENT, 0,                                                         \
			"what is active, or else the kept definition (this is the default)" \
	}

static const struct vnm_option net_apply_options[] = {
	{ VNM_OPT_FILE, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED | VNM_OPT_MANY,
	  "files with networks' XML; - is standard input" },
	{ VNM_OPT_DRY_RUN, 0, "only print what would be done; exit status 2: something would" },
};

static const struct vnm_option net_attach_options[] = {
	NETWORK,
	{ VNM_OPT_TAP, VNM_OPT_HAS_VALUE,
	  "make a persistent tap of this name, for a virtual machine" },
	{ VNM_OPT_TUN, VNM_OPT_HAS_VALUE,
	  "make a persistent tun of this name: a guest beside the bridge, by --ip and --peer" },
	{ VNM_OPT_NETNS, VNM_OPT_HAS_VALUE, "into this network namespace: name, PID or path" },
	{ VNM_OPT_CREATE, 0, "make the namespace of this name; net-detach removes it" },
	{ VNM_OPT_DEV, VNM_OPT_HAS_VALUE, "put this existing device on the bridge" },
	{ VNM_OPT_IFNAME, VNM_OPT_HAS_VALUE, "name of the device inside (eth0)" },
	{ VNM_OPT_MAC, VNM_OPT_HAS_VALUE, "MAC address of the guest" },
	{ VNM_OPT_IP, VNM_OPT_HAS_VALUE | VNM_OPT_MANY,
	  "auto (a free address), dhcp, none, ADDRESS or ADDRESS/PREFIX; several times" },
	{ VNM_OPT_PEER, VNM_OPT_HAS_VALUE | VNM_OPT_MANY,
	  "the guest's address behind a tun, --ip being the host's" },
	{ VNM_OPT_HOSTNAME, VNM_OPT_HAS_VALUE, "name under which the network's DNS knows it" },
	{ VNM_OPT_NO_DEFAULT_ROUTE, 0, "no default route inside" },
	{ VNM_OPT_ROUTER, 0, "the namespace forwards packets; no default route" },
	{ VNM_OPT_ISOLATED, 0, "it reaches the host, and no other isolated guest" },
	{ VNM_OPT_PORTGROUP, VNM_OPT_HAS_VALUE,
	  "portgroup of the network; says whether the guest is isolated" },
	{ VNM_OPT_OWNER, VNM_OPT_HAS_VALUE, "user who may open the tap or tun" },
	{ VNM_OPT_GROUP, VNM_OPT_HAS_VALUE, "group who may open the tap or tun" },
	{ VNM_OPT_MULTIQUEUE, 0, "a tap or tun with several queues" },
	{ VNM_OPT_VNET_HDR, 0, "a tap with virtio headers" },
	{ VNM_OPT_DRY_RUN, 0, "only print what would be done" },
};

static const struct vnm_option net_detach_options[] = {
	NETWORK,
	{ VNM_OPT_DEVICE, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED,
	  "the device on the host, or the namespace's name" },
	{ VNM_OPT_DRY_RUN, 0, "only print what would be done" },
};

static const struct vnm_option net_autostart_options[] = {
	NETWORKS_OR_ALL,
	{ VNM_OPT_ALL, 0, "all networks that have a definition" },
	{ VNM_OPT_DISABLE, 0, "no longer start them at boot" },
};

#define FILE_OPTIONS \
	{ VNM_OPT_FILE, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED, \
	  "file with the network's XML; - is standard input" }, \
	{ VNM_OPT_VALIDATE, 0, "check it against the schema; this is always done" }

static const struct vnm_option net_define_options[] = {
	FILE_OPTIONS,
	{ VNM_OPT_DRY_RUN, 0, "only print what would be done" },
};

static const struct vnm_option net_desc_options[] = {
	NETWORK,
	AFFECT_OPTIONS,
	{ VNM_OPT_TITLE, 0, "the title instead of the description" },
	{ VNM_OPT_EDIT, 0, "in an editor: $VISUAL, $EDITOR or vi" },
	{ VNM_OPT_NEW_DESC, VNM_OPT_ARGUMENT | VNM_OPT_MANY | VNM_OPT_EMPTY,
	  "the new text, of one or more words; an empty one removes it" },
};

static const struct vnm_option net_destroy_options[] = {
	NETWORKS_OR_ALL,
	{ VNM_OPT_ALL, 0, "all active networks" },
	{ VNM_OPT_DRY_RUN, 0, "only print what would be taken back" },
};

static const struct vnm_option net_dhcp_leases_options[] = {
	NETWORK,
	{ VNM_OPT_MAC, VNM_OPT_ARGUMENT, "only the leases of this MAC address" },
};

static const struct vnm_option net_dhcp_release_options[] = {
	NETWORK,
	{ VNM_OPT_LEASE, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED,
	  "an address, or the MAC address, client ID or DUID of who has it" },
	{ VNM_OPT_DRY_RUN, 0, "only print which leases would be ended" },
};

static const struct vnm_option net_diff_options[] = {
	NETWORK,
	{ VNM_OPT_FILE, VNM_OPT_ARGUMENT, "file to compare the kept definition with" },
	{ VNM_OPT_LIVE, 0, "compare it with the active network, and that with the system" },
};

#define XPATH_OPTIONS \
	{ VNM_OPT_XPATH, VNM_OPT_HAS_VALUE, "only the parts that this XPath expression names" }, \
	{ VNM_OPT_WRAP, 0, "with --xpath: as one document" }

static const struct vnm_option net_dumpxml_options[] = {
	NETWORK,
	{ VNM_OPT_INACTIVE, 0, "the kept definition, even if the network runs with another one" },
	XPATH_OPTIONS,
};

static const struct vnm_option network_options[] = { NETWORK };

static const struct vnm_option net_event_options[] = {
	{ VNM_OPT_NETWORK, VNM_OPT_ARGUMENT, "only the events of this network" },
	{ VNM_OPT_EVENT, VNM_OPT_ARGUMENT, "which type of event to wait for" },
	{ VNM_OPT_ALL, 0, "all types of events" },
	{ VNM_OPT_LOOP, 0, "go on until the time is over or a signal comes" },
	{ VNM_OPT_TIMEOUT, VNM_OPT_HAS_VALUE | VNM_OPT_NUMBER, "seconds after which to give up" },
	{ VNM_OPT_LIST, 0, "print the types of events" },
	{ VNM_OPT_TIMESTAMP, 0, "print the time before each event" },
};

static const struct vnm_option networks_options[] = { NETWORKS };

static const struct vnm_option net_list_options[] = {
	{ VNM_OPT_INACTIVE, 0, "inactive networks only" },
	{ VNM_OPT_ALL, 0, "active and inactive networks" },
	{ VNM_OPT_PERSISTENT, 0, "networks that have a definition" },
	{ VNM_OPT_TRANSIENT, 0, "networks that are gone once they stop" },
	{ VNM_OPT_AUTOSTART, 0, "networks that start at boot" },
	{ VNM_OPT_NO_AUTOSTART, 0, "networks that do not start at boot" },
	{ VNM_OPT_UUID, 0, "print their UUIDs only" },
	{ VNM_OPT_NAME, 0, "print their names only" },
	{ VNM_OPT_TABLE, 0, "print a table (this is the default)" },
	{ VNM_OPT_TITLE, 0, "with the networks' titles" },
	{ VNM_OPT_WIDE, 0, "with bridge, mode, subnets and the number of attached guests" },
};

static const struct vnm_option net_metadata_options[] = {
	NETWORK,
	{ VNM_OPT_URI, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED, "namespace of the metadata" },
	AFFECT_OPTIONS,
	{ VNM_OPT_EDIT, 0, "in an editor: $VISUAL, $EDITOR or vi" },
	{ VNM_OPT_KEY, VNM_OPT_HAS_VALUE, "prefix to keep it with" },
	{ VNM_OPT_SET, VNM_OPT_HAS_VALUE, "the new element" },
	{ VNM_OPT_REMOVE, 0, "remove it" },
};

static const struct vnm_option net_name_options[] = {
	{ VNM_OPT_NETWORK, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED, "network uuid" },
};

#define PORT                                                                   \
	{                                                                      \
		VNM_OPT_PORT, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED, "port UUID" \
	}

static const struct vnm_option net_port_options[] = { NETWORK, PORT };

static const struct vnm_option net_port_dumpxml_options[] = { NETWORK, PORT, XPATH_OPTIONS };

static const struct vnm_option net_port_create_options[] = {
	NETWORK,
	{ VNM_OPT_FILE, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED,
	  "file with the port's XML; - is standard input" },
	{ VNM_OPT_VALIDATE, 0, "check it against the schema; this is always done" },
};

static const struct vnm_option net_port_list_options[] = {
	NETWORK,
	{ VNM_OPT_UUID, 0, "print the UUIDs only" },
	{ VNM_OPT_TABLE, 0, "print a table (this is the default)" },
};

static const struct vnm_option net_rename_options[] = {
	NETWORK,
	{ VNM_OPT_NEW_NAME, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED, "the name from now on" },
};

static const struct vnm_option net_repair_options[] = {
	NETWORKS_OR_ALL,
	{ VNM_OPT_ALL, 0, "all active networks" },
	{ VNM_OPT_DRY_RUN, 0, "only print what would be put back" },
};

#define GUARD_OPTIONS \
	{ VNM_OPT_GUARD, VNM_OPT_HAS_VALUE | VNM_OPT_NUMBER, \
	  "put an uplink back after so many seconds, unless net-confirm comes" }, \
	{ VNM_OPT_AUTO, 0, "the gateway's answer confirms it" }

static const struct vnm_option net_create_options[] = {
	FILE_OPTIONS,
	GUARD_OPTIONS,
	{ VNM_OPT_DRY_RUN, 0, "only print what would be done" },
};

static const struct vnm_option net_start_options[] = {
	NETWORKS_OR_ALL,
	{ VNM_OPT_ALL, 0, "all inactive networks" },
	{ VNM_OPT_DRY_RUN, 0, "only print what would be done" },
	GUARD_OPTIONS,
};

static const struct vnm_option net_update_options[] = {
	NETWORK,
	{ VNM_OPT_COMMAND, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED,
	  "add-first, add-last (add), delete or modify" },
	{ VNM_OPT_SECTION, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED, "which part: see DESCRIPTION" },
	{ VNM_OPT_XML, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED,
	  "one or more elements of that section, or a file that holds them" },
	{ VNM_OPT_PARENT_INDEX, VNM_OPT_HAS_VALUE | VNM_OPT_NUMBER,
	  "which <ip> a DHCP entry belongs to, counted from 0" },
	AFFECT_OPTIONS,
	{ VNM_OPT_DRY_RUN, 0, "only print what would be done" },
};

#define FORWARDED \
	{ VNM_OPT_PROTO, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED, \
	  "tcp or udp; or with the port: tcp/8080, or 8080:80/tcp with the guest's" }, \
	{ VNM_OPT_PORT, VNM_OPT_ARGUMENT, "a port of the host, or a range: 8000-8010" }
#define FORWARD_PLACE \
	{ VNM_OPT_ADDRESS, VNM_OPT_HAS_VALUE, "only what is sent to this address" }, \
	{ VNM_OPT_DEV, VNM_OPT_HAS_VALUE, "only what comes in by this device" }

static const struct vnm_option net_forward_add_options[] = {
	NETWORK, FORWARDED,
	{ VNM_OPT_TO, VNM_OPT_ARGUMENT,
	  "the guest: its address, or its name, that is looked up now; with :PORT if that is "
	  "another one" },
	FORWARD_PLACE,
	{ VNM_OPT_MASQUERADE, 0,
	  "the guest sees the host as the sender: for one whose default route is not by this "
	  "host" },
	{ VNM_OPT_NAME, VNM_OPT_HAS_VALUE, "what to call it in lists" },
	AFFECT_OPTIONS,
	{ VNM_OPT_DRY_RUN, 0, "only print what would be done" },
};

static const struct vnm_option net_forward_del_options[] = {
	NETWORK, FORWARDED,
	{ VNM_OPT_TO, VNM_OPT_HAS_VALUE, "the one that leads to this guest" },
	FORWARD_PLACE,
	AFFECT_OPTIONS,
	{ VNM_OPT_DRY_RUN, 0, "only print what would be done" },
};

static const struct vnm_option net_forward_list_options[] = {
	NETWORK,
	{ VNM_OPT_TABLE, 0, "print a table (this is the default)" },
};

static const struct vnm_option net_uuid_options[] = {
	{ VNM_OPT_NETWORK, VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED, "network name" },
};

static const struct vnm_option help_options[] = {
	{ VNM_OPT_COMMAND, VNM_OPT_ARGUMENT, "a command, or the keyword of a group" },
};

static const struct vnm_option sandbox_options[] = {
	{ VNM_OPT_UPLINK, 0, "with a make-believe internet behind the device uplink0" },
	{ VNM_OPT_COMMAND, VNM_OPT_ARGUMENT | VNM_OPT_MANY | VNM_OPT_REST,
	  "what to run, with its arguments; without it, your shell" },
};

const struct vnm_command vnm_commands[] = {
	{
		.name = "net-apply",
		.group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "make networks what files say: defined, active, whole",
		.description = "Defines or redefines, starts, changes active networks while their "
			       "guests go on, and repairs them. Doing it again changes nothing.",
		OPTIONS(net_apply_options),
		.run = vnm_cmd_apply,
	},
	{
		.name = "net-attach",
		.group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "connect a guest: a tap, a tun, a namespace, a device",
		.description = "It stays until it is detached, also across stops of the network "
			       "and reboots.",
		OPTIONS(net_attach_options),
		.run = vnm_cmd_attach,
	},
	{
		.name = "net-autostart",
		.group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "start networks at boot, or no longer",
		.description = "Marks networks for \"vnetmgr autostart\", which the boot runs, or "
			       "unmarks them.",
		OPTIONS(net_autostart_options),
		.run = vnm_cmd_net_autostart,
	},
	{
		.name = "net-confirm",
		.group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "keep networks whose uplink would be put back",
		.description = "The host is still in reach: the guard that net-start --guard left "
			       "behind ends.",
		OPTIONS(networks_options),
		.run = vnm_cmd_confirm,
	},
	{
		.name = "net-create",
		.group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "start a network from a file, without keeping its definition",
		.description = "The network is transient: once it stops, nothing of it is left.",
		OPTIONS(net_create_options),
		.run = vnm_cmd_create,
	},
	{
		.name = "net-define", .group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES | VNM_COMMAND_LATE,
		.summary = "keep a network's definition, or replace it",
		.description = "An active network goes on as it is; the new definition counts "
			       "from its next start.",
		OPTIONS(net_define_options),
		.run = vnm_cmd_define,
	},
	{
		.name = "net-desc", .group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES | VNM_COMMAND_SHOWS,
		.summary = "print or change a network's description or title",
		OPTIONS(net_desc_options), .run = vnm_cmd_desc,
	},
	{
		.name = "net-destroy",
		.group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "stop networks",
		.description = "Takes back all that the start did. The definitions stay.",
		OPTIONS(net_destroy_options),
		.run = vnm_cmd_destroy,
	},
	{
		.name = "net-detach",
		.group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "disconnect a guest",
		.description = "A device that net-attach made is deleted, one that was there is "
			       "only taken off the bridge.",
		OPTIONS(net_detach_options),
		.run = vnm_cmd_detach,
	},
	{
		.name = "net-dhcp-leases", .group = VNM_GROUP_NETWORK,
		.summary = "print which guest holds which address",
		.description = "Prints the leases in effect, sorted by MAC address, with times of "
			       "the local zone.",
		OPTIONS(net_dhcp_leases_options),
		.run = vnm_cmd_leases,
	},
	{
		.name = "net-dhcp-release", .group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "end leases before their time",
		.description = "The address can be given to another guest at once. Other guests "
			       "notice nothing.",
		OPTIONS(net_dhcp_release_options), .run = vnm_cmd_release,
	},
	{
		.name = "net-diff", .group = VNM_GROUP_NETWORK,
		.summary = "print what differs from a network's kept definition",
		.description = "Exit status: 0 no difference, 2 there is one, 1 an error.",
		OPTIONS(net_diff_options),
		.run = vnm_cmd_diff,
	},
	{
		.name = "net-dumpxml", .group = VNM_GROUP_NETWORK,
		.summary = "print a network's definition",
		.description = "Prints the definition that an active network runs with, else the "
			       "kept one.",
		OPTIONS(net_dumpxml_options),
		.run = vnm_cmd_dumpxml,
	},
	{
		.name = "net-edit", .group = VNM_GROUP_NETWORK, .flags = VNM_COMMAND_CHANGES,
		.summary = "edit a network's kept definition",
		.description = "With $VISUAL, $EDITOR or vi. An active network goes on as it is.",
		OPTIONS(network_options), .run = vnm_cmd_edit,
	},
	{
		.name = "net-event",
		.group = VNM_GROUP_NETWORK,
		.summary = "print what happens to networks, as it happens",
		.description = "Waits for one event, or, with --loop, prints all that come. It "
			       "does not matter which program causes them.",
		OPTIONS(net_event_options),
		.run = vnm_cmd_event,
	},
	{
		.name = "net-forward-add", .group = VNM_GROUP_NETWORK, .flags = VNM_COMMAND_CHANGES,
		.summary = "let a port of the host lead to a guest",
		.description = "From outside, from the host itself, and from guests of the "
			       "network. Refused where another network or a service of the host "
			       "has the port. For a forward that stays when the network stops, "
			       "give --config, with or without --live.",
		OPTIONS(net_forward_add_options), .run = vnm_cmd_forward_add,
	},
	{
		.name = "net-forward-del", .group = VNM_GROUP_NETWORK, .flags = VNM_COMMAND_CHANGES,
		.summary = "end what net-forward-add began",
		OPTIONS(net_forward_del_options), .run = vnm_cmd_forward_del,
	},
	{
		.name = "net-forward-list", .group = VNM_GROUP_NETWORK,
		.summary = "list what leads to guests of a network, and from where",
		OPTIONS(net_forward_list_options), .run = vnm_cmd_forward_list,
	},
	{
		.name = "net-info",
		.group = VNM_GROUP_NETWORK,
		.summary = "print what is known of networks",
		.description = "Compares active ones with the system, and says what is missing.",
		OPTIONS(networks_options),
		.run = vnm_cmd_info,
	},
	{
		.name = "net-list",
		.group = VNM_GROUP_NETWORK,
		.summary = "list networks",
		.description = "Lists the active networks, unless told otherwise.",
		OPTIONS(net_list_options),
		.run = vnm_cmd_list,
	},
	{
		.name = "net-metadata", .group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES | VNM_COMMAND_SHOWS,
		.summary = "print or change a network's metadata",
		OPTIONS(net_metadata_options), .run = vnm_cmd_metadata,
	},
	{
		.name = "net-name", .group = VNM_GROUP_NETWORK,
		.summary = "print the name that belongs to a UUID",
		OPTIONS(net_name_options),
		.run = vnm_cmd_name,
	},
	{
		.name = "net-port-create", .group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "give a guest's interface its place in an active network",
		.description = "Chooses what it is to be plugged into, and keeps that until the "
			       "port is deleted or the network stops.",
		OPTIONS(net_port_create_options),
		.run = vnm_cmd_port_create,
	},
	{
		.name = "net-port-delete", .group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "take a port away from a network",
		OPTIONS(net_port_options),
		.run = vnm_cmd_port_delete,
	},
	{
		.name = "net-port-dumpxml", .group = VNM_GROUP_NETWORK,
		.summary = "print a port",
		.description = "Prints its settings and what it is to be plugged into.",
		OPTIONS(net_port_dumpxml_options),
		.run = vnm_cmd_port_dumpxml,
	},
	{
		.name = "net-port-list", .group = VNM_GROUP_NETWORK,
		.summary = "list the ports of an active network",
		OPTIONS(net_port_list_options),
		.run = vnm_cmd_port_list,
	},
	{
		.name = "net-rename", .group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "give a network another name",
		.description = "It must not be active. UUID, bridge, leases and the autostart mark "
			       "stay with it.",
		OPTIONS(net_rename_options),
		.run = vnm_cmd_rename,
	},
	{
		.name = "net-repair",
		.group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "put back what active networks have lost",
		.description = "Makes again what is missing of them, and touches nothing else.",
		OPTIONS(net_repair_options),
		.run = vnm_cmd_repair,
	},
	{
		.name = "net-start",
		.group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "start networks that are defined",
		.description = "A network that cannot be started leaves nothing behind, and stops "
			       "none of the others.",
		OPTIONS(net_start_options),
		.run = vnm_cmd_start,
	},
	{
		.name = "net-undefine", .group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "remove networks' definitions",
		.description = "An active network goes on, as a transient one.",
		OPTIONS(networks_options),
		.run = vnm_cmd_undefine,
	},
	{
		.name = "net-update",
		.group = VNM_GROUP_NETWORK,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "change a part of a network, while it is active",
		.description = "Sections: bridge, domain, ip, ip-dhcp-host, ip-dhcp-range, "
			       "forward, forward-interface, portgroup, dns-host, dns-txt, "
			       "dns-srv, dns-forwarder, bandwidth, mtu, route, port-forward, "
			       "redirect, source-nat, static-nat, allow. Guests keep their "
			       "leases and connections.",
		OPTIONS(net_update_options),
		.run = vnm_cmd_update,
	},
	{
		.name = "net-uuid", .group = VNM_GROUP_NETWORK,
		.summary = "print the UUID that belongs to a name",
		OPTIONS(net_uuid_options),
		.run = vnm_cmd_uuid,
	},
	{
		.name = "autostart", .group = VNM_GROUP_SELF,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "start all networks that are marked, as the boot does",
		.description = "See net-autostart. Those that are active already stay as they are.",
		.run = vnm_cmd_autostart,
	},
	{
		.name = "autostop", .group = VNM_GROUP_SELF,
		.flags = VNM_COMMAND_CHANGES,
		.summary = "end the dnsmasq of all active networks, as the shutdown does",
		.description = "The networks stay; net-repair starts dnsmasq again.",
		.run = vnm_cmd_autostop,
	},
	{
		.name = "help", .group = VNM_GROUP_SELF,
		.summary = "print help",
		.description = "Prints all commands, those of a group, or what one command does.",
		OPTIONS(help_options),
		.run = vnm_cmd_help,
	},
	{
		.name = "sandbox", .group = VNM_GROUP_SELF,
		.flags = VNM_COMMAND_BARE,
		.summary = "run a command in a private world",
		.description = "In it, networks, firewall, processes, host name, sysctl settings, "
			       "/run, /etc and vnetmgr's state are private, and end with the "
			       "command. Other files are the host's.",
		OPTIONS(sandbox_options),
		.run = vnm_cmd_sandbox,
	},
	{
		.name = "version", .group = VNM_GROUP_SELF,
		.summary = "print the version",
		.run = vnm_cmd_version,
	},
};
const size_t vnm_n_commands = VNM_ARRAY_SIZE(vnm_commands);
