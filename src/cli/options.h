/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options.h - the options of all commands: their names, and how a command takes one. */
#ifndef VNM_CLI_OPTIONS_H
#define VNM_CLI_OPTIONS_H

#include <stddef.h>

/* Every option of every command: VNM_OPT_X, and its name without "--". */
/* clang-format off */
#define VNM_OPT_LIST(X) \
	X(ADDRESS, "address") \
	X(ALL, "all") \
	X(AUTO, "auto") \
	X(AUTOSTART, "autostart") \
	X(COMMAND, "command") \
	X(CONFIG, "config") \
	X(CREATE, "create") \
	X(CURRENT, "current") \
	X(DEV, "dev") \
	X(DEVICE, "device") \
	X(DISABLE, "disable") \
	X(DRY_RUN, "dry-run") \
	X(EDIT, "edit") \
	X(EVENT, "event") \
	X(FILE, "file") \
	X(FIREWALL, "firewall") \
	X(GROUP, "group") \
	X(GUARD, "guard") \
	X(HOSTNAME, "hostname") \
	X(IFNAME, "ifname") \
	X(INACTIVE, "inactive") \
	X(IP, "ip") \
	X(ISOLATED, "isolated") \
	X(JSON, "json") \
	X(KEY, "key") \
	X(LEASE, "lease") \
	X(LIST, "list") \
	X(LIVE, "live") \
	X(LOOP, "loop") \
	X(MAC, "mac") \
	X(MASQUERADE, "masquerade") \
	X(MULTIQUEUE, "multiqueue") \
	X(NAME, "name") \
	X(NETNS, "netns") \
	X(NETWORK, "network") \
	X(NEW_DESC, "new-desc") \
	X(NEW_NAME, "new-name") \
	X(NO_AUTOSTART, "no-autostart") \
	X(NO_DEFAULT_ROUTE, "no-default-route") \
	X(OUTPUT, "output") \
	X(OWNER, "owner") \
	X(PARENT_INDEX, "parent-index") \
	X(PEER, "peer") \
	X(PERSISTENT, "persistent") \
	X(PORT, "port") \
	X(PORTGROUP, "portgroup") \
	X(PROTO, "proto") \
	X(REMOVE, "remove") \
	X(ROUTER, "router") \
	X(SECTION, "section") \
	X(SET, "set") \
	X(TABLE, "table") \
	X(TAP, "tap") \
	X(TIMEOUT, "timeout") \
	X(TIMESTAMP, "timestamp") \
	X(TITLE, "title") \
	X(TO, "to") \
	X(TRANSIENT, "transient") \
	X(TUN, "tun") \
	X(UPLINK, "uplink") \
	X(URI, "uri") \
	X(UUID, "uuid") \
	X(VALIDATE, "validate") \
	X(VNET_HDR, "vnet-hdr") \
	X(WIDE, "wide") \
	X(WRAP, "wrap") \
	X(XML, "xml") \
	X(XPATH, "xpath")
/* clang-format on */

/** enum vnm_opt - the options. */
enum vnm_opt {
#define VNM_OPT_ID(id, name) VNM_OPT_##id,
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
};

#define VNM_OPT_ARGUMENT (VNM_OPT_HAS_VALUE | VNM_OPT_ALONE)
#define VNM_OPT_OPERAND (VNM_OPT_ARGUMENT | VNM_OPT_REQUIRED)

/** struct vnm_option - that a command takes the option @id; a flag when @flags is 0. */
struct vnm_option {
	enum vnm_opt id;
	unsigned flags;
	const char *help;
};

/* The same for many commands. */
#define VNM_OPTION_DRY_RUN                                        \
	{                                                         \
		VNM_OPT_DRY_RUN, 0, "only print what would be done" \
	}

const char *vnm_option_value_name(const struct vnm_option *option);

#endif
