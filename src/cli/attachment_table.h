/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attachment_table.h - a network's guests as a table. */
#ifndef VNM_CLI_ATTACHMENT_TABLE_H
#define VNM_CLI_ATTACHMENT_TABLE_H

#include "cli/command.h"
#include "util/buf.h"

void vnm_print_attached(const struct vnm_cli *cli, const struct vnm_attached *attached, size_t n);
void vnm_print_attached_ip(const struct vnm_attach_ip *ip, struct vnm_buf *out);

#endif
