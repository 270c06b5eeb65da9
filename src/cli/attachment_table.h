/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attachment_table.h - a network's guests, as net-port-list shows them. */
#ifndef VNM_CLI_ATTACHMENT_TABLE_H
#define VNM_CLI_ATTACHMENT_TABLE_H

#include "cli/columns.h"
#include "cli/command.h"
#include "util/buf.h"

extern const struct vnm_columns vnm_attached_columns;
void vnm_print_attached_ip(const struct vnm_attach_ip *ip, struct vnm_buf *out);

#endif
