/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reservation_table.h - what net-dhcp-leases --reservations shows. */
#ifndef VNM_CLI_RESERVATION_TABLE_H
#define VNM_CLI_RESERVATION_TABLE_H

#include "cli/command.h"
#include "model/network.h"

void vnm_cli_reservations(struct vnm_cli *cli, const struct vnm_network *net,
			  const struct vnm_mac *mac);

#endif
