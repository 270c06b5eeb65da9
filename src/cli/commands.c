/* SPDX-License-Identifier: GPL-2.0-or-later */
/* commands.c - all commands, in the order of help. Each is defined beside its handler, in a cmd_*.c. */
#include "cli/commands.h"

#define COMMANDS(X)         \
	X(net_define)       \
	X(net_undefine)     \
	X(net_autostart)    \
	X(net_dumpxml)      \
	X(net_diff)         \
	X(net_edit)         \
	X(net_desc)         \
	X(net_metadata)     \
	X(net_rename)       \
	X(net_import)       \
	X(net_export)       \
	X(net_start)        \
	X(net_confirm)      \
	X(net_create)       \
	X(net_destroy)      \
	X(net_repair)       \
	X(autostart)        \
	X(autostop)         \
	X(net_update)       \
	X(net_apply)        \
	X(net_list)         \
	X(net_info)         \
	X(net_name)         \
	X(net_uuid)         \
	X(net_dhcp_leases)  \
	X(net_dhcp_release) \
	X(net_event)        \
	X(net_graph)        \
	X(net_metrics)      \
	X(net_doctor)       \
	X(net_explain)      \
	X(net_forward_add)  \
	X(net_forward_del)  \
	X(net_forward_list) \
	X(net_attach)       \
	X(net_detach)       \
	X(net_port_list)    \
	X(net_port_create)  \
	X(net_port_delete)  \
	X(net_port_dumpxml) \
	X(sandbox)          \
	X(help)             \
	X(version)          \
	X(complete)

#define DECLARE(name) extern const struct vnm_command vnm_command_##name;
COMMANDS(DECLARE)

#define ROW(name) &vnm_command_##name,
const struct vnm_command *const vnm_commands[] = { COMMANDS(ROW) NULL };
