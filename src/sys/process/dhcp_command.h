/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dhcp_command.h - the DHCP client that is installed, its command line, and its files. */
#ifndef VNM_SYS_DHCP_COMMAND_H
#define VNM_SYS_DHCP_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#include "plan/op/op_types.h"

#define VNM_DHCP_ARGS_MAX 24
#define VNM_DHCP_SET "VNETMGR_DHCP_SET" /* likewise: the file of dhcp_set.h */
#define VNM_DHCP_EVENT \
	"VNETMGR_DHCP" /* in the client's environment: DEVICE:GATEWAY:MTU:RESOLV_CONF */

/** struct vnm_dhcp_command - a command line, an environment, and what they point to. */
struct vnm_dhcp_command {
	char self[4096], *pid, *lease, *setting, *set, *host, *conf;
	const char *argv[VNM_DHCP_ARGS_MAX], *env[5];
	size_t n;
};

char *vnm_dhcp_client_find(void);
char *vnm_dhcp_pid_file(const struct vnm_op_dhcp *op);
char *vnm_dhcp_file(const struct vnm_op_dhcp *op, const char *end);
int vnm_dhcp_open_dir(const struct vnm_op_dhcp *op);
int vnm_dhcp_command_make(const struct vnm_op_dhcp *op, uint32_t mtu, struct vnm_dhcp_command *ret);
void vnm_dhcp_command_clear(struct vnm_dhcp_command *command);

#endif
