/* SPDX-License-Identifier: GPL-2.0-or-later */
/* forward_table.h - port forwards and 1:1 addresses, as net-forward-list shows them. */
#ifndef VNM_CLI_FORWARD_TABLE_H
#define VNM_CLI_FORWARD_TABLE_H

#include "cli/columns.h"

extern const struct vnm_columns vnm_forward_columns;

#endif
