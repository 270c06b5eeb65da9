/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options.h - the options of all commands: their names, what their values are, and how a command takes one. */
#ifndef VNM_CLI_OPTIONS_H
#define VNM_CLI_OPTIONS_H

#include <stddef.h>

/** enum vnm_arg_type - what the value of an option is one of; for completion only. */
enum vnm_arg_type {
	VNM_ARG_DEFAULT, /* of a row: that of its option in VNM_OPT_LIST() */
	VNM_ARG_NONE, /* it has none, or anything may be given */
	VNM_ARG_NETWORK,
	VNM_ARG_ACTIVE, /* a network that is active, ... */
	VNM_ARG_INACTIVE,
	VNM_ARG_PERSISTENT,
	VNM_ARG_GUARDED, /* its uplink waits for net-confirm */
	VNM_ARG_UUID, /* of a network */
	VNM_ARG_GUEST, /* an attached one: its device, or its namespace */
	VNM_ARG_GUEST_ADDRESS, /* or its name */
	VNM_ARG_PORT, /* UUID of a port */
	VNM_ARG_FORWARD, /* a port forward: tcp/8080 */
	VNM_ARG_PORTGROUP,
	VNM_ARG_LEASE, /* its address, or the MAC address of its holder */
	VNM_ARG_MAC, /* of a holder of leases */
	VNM_ARG_FILE,
	VNM_ARG_PROGRAM, /* and its arguments */
	VNM_ARG_USER,
	VNM_ARG_GROUP,
	VNM_ARG_NETNS,
	VNM_ARG_DEVICE, /* of the host */
	VNM_ARG_HELP, /* a command of vnetmgr, or a group of them */
	VNM_ARG_CHANGE, /* the command of net-update */
	VNM_ARG_SECTION,
	VNM_ARG_EVENT,
	VNM_ARG_FORMAT, /* of a picture */
	VNM_ARG_PROTOCOL,
	VNM_ARG_TRACE_PROTOCOL, /* of a packet that is followed */
	VNM_ARG_HOST_ADDRESS,
	VNM_ARG_ADDRESSING, /* how a guest gets its addresses */
	VNM_ARG_TYPE_COUNT
};

/* Every option of every command: VNM_OPT_X, its name without "--", and VNM_ARG_X of its value. */
/* clang-format off */
#define VNM_OPT_LIST(X) \
	X(ADDRESS, "address", HOST_ADDRESS) \
	X(ALL, "all", NONE) \
	X(ASK, "ask", NONE) \
	X(AUTO, "auto", NONE) \
	X(AUTOSTART, "autostart", NONE) \
	X(COMMAND, "command", NONE) \
	X(CONFIG, "config", NONE) \
	X(CREATE, "create", NONE) \
	X(CURRENT, "current", NONE) \
	X(DESTINATION, "destination", GUEST_ADDRESS) \
	X(DEV, "dev", DEVICE) \
	X(DEVICE, "device", GUEST) \
	X(DISABLE, "disable", NONE) \
	X(DRY_RUN, "dry-run", NONE) \
	X(EDIT, "edit", NONE) \
	X(EVENT, "event", EVENT) \
	X(FILE, "file", FILE) \
	X(FIREWALL, "firewall", NONE) \
	X(FORGET, "forget", NONE) \
	X(FORMAT, "format", FORMAT) \
	X(FROM, "from", NONE) \
	X(FRR, "frr", NONE) \
	X(GROUP, "group", GROUP) \
	X(GUARD, "guard", NONE) \
	X(GUEST, "guest", GUEST) \
	X(HOSTNAME, "hostname", NONE) \
	X(IFNAME, "ifname", NONE) \
	X(INACTIVE, "inactive", NONE) \
	X(IP, "ip", ADDRESSING) \
	X(ISOLATED, "isolated", NONE) \
	X(JSON, "json", NONE) \
	X(KEY, "key", NONE) \
	X(LATE, "late", NONE) \
	X(LEASE, "lease", LEASE) \
	X(LIST, "list", NONE) \
	X(LIVE, "live", NONE) \
	X(LOOP, "loop", NONE) \
	X(MAC, "mac", NONE) \
	X(MASQUERADE, "masquerade", NONE) \
	X(MULTIQUEUE, "multiqueue", NONE) \
	X(NAME, "name", NONE) \
	X(NATIVE_VLAN, "native-vlan", NONE) \
	X(NETNS, "netns", NETNS) \
	X(NETWORK, "network", NETWORK) \
	X(NEW_DESC, "new-desc", NONE) \
	X(NEW_NAME, "new-name", NONE) \
	X(NO_AUTOSTART, "no-autostart", NONE) \
	X(NO_DEFAULT_ROUTE, "no-default-route", NONE) \
	X(OUTPUT, "output", FILE) \
	X(OWNER, "owner", USER) \
	X(PARENT_INDEX, "parent-index", NONE) \
	X(PASSIVE, "passive", NONE) \
	X(PEER, "peer", NONE) \
	X(PERSISTENT, "persistent", NONE) \
	X(PORT, "port", NONE) \
	X(PORTGROUP, "portgroup", PORTGROUP) \
	X(PROTO, "proto", PROTOCOL) \
	X(PRUNE, "prune", NONE) \
	X(REMOVE, "remove", NONE) \
	X(RESERVATIONS, "reservations", NONE) \
	X(ROUTER, "router", NONE) \
	X(SECTION, "section", SECTION) \
	X(SECURITY_INFO, "security-info", NONE) \
	X(SET, "set", NONE) \
	X(START, "start", NONE) \
	X(TABLE, "table", NONE) \
	X(TAP, "tap", NONE) \
	X(TIMEOUT, "timeout", NONE) \
	X(TIMESTAMP, "timestamp", NONE) \
	X(TITLE, "title", NONE) \
	X(TO, "to", GUEST_ADDRESS) \
	X(TRANSIENT, "transient", NONE) \
	X(TUN, "tun", NONE) \
	X(UNDO, "undo", NONE) \
	X(UPLINK, "uplink", NONE) \
	X(URI, "uri", NONE) \
	X(UUID, "uuid", NONE) \
	X(VALIDATE, "validate", NONE) \
	X(VLAN, "vlan", NONE) \
	X(VNET_HDR, "vnet-hdr", NONE) \
	X(WIDE, "wide", NONE) \
	X(WRAP, "wrap", NONE) \
	X(XML, "xml", FILE) \
	X(XPATH, "xpath", NONE)
/* clang-format on */

/** enum vnm_opt - the options. */
enum vnm_opt {
#define VNM_OPT_ID(id, name, type) VNM_OPT_##id,
	VNM_OPT_LIST(VNM_OPT_ID)
#undef VNM_OPT_ID
		VNM_OPT_COUNT
};

extern const char *const vnm_opt_names[VNM_OPT_COUNT];	/* without "--" */

enum vnm_opt_flag {
	VNM_OPT_HAS_VALUE = 1 << 0, /* "--file F" or "--file=F" */
	VNM_OPT_ALONE = 1 << 1, /* positional */
	VNM_OPT_REQUIRED = 1 << 2,
	VNM_OPT_OR_ALL =
		1 << 3, /* required without --all, refused with it; optional with --firewall */
	VNM_OPT_MANY = 1 << 4, /* any number of values */
	VNM_OPT_REST = 1 << 5, /* all that follows the first value belongs to it, even options */
	VNM_OPT_NUMBER = 1 << 6, /* the value is one; for help only, the command parses it */
	VNM_OPT_EMPTY = 1 << 7, /* the value may be empty */
	VNM_OPT_CHANGES = 1 << 8, /* without any option of this kind, the command only prints */
	VNM_OPT_PLACED =
		1
		<< 9, /* help shows it by its place, "[<port>]", where virsh has "[--port <string>]" */
	VNM_OPT_USUAL =
		1 << 10, /* the same, without brackets: only another notation does without it */
};

#define VNM_OPT_ARGUMENT (VNM_OPT_HAS_VALUE | VNM_OPT_ALONE)
#define VNM_OPT_OPERAND (VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED)

/** struct vnm_option - that a command takes the option @id; a flag when @flags is 0. @type: unless it is the option's usual one */
struct vnm_option {
	enum vnm_opt id;
	unsigned flags;
	const char *help;
	enum vnm_arg_type type;
};

/* The same for many commands. */
#define VNM_OPTION_DRY_RUN                                        \
	{                                                         \
		VNM_OPT_DRY_RUN, 0, "only print what would be done" \
	}

const char *vnm_option_value_name(const struct vnm_option *option);
enum vnm_arg_type vnm_option_arg_type(const struct vnm_option *option);

#endif
