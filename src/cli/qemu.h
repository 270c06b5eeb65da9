/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu.h - the options by which QEMU uses a tap. */
#ifndef VNM_CLI_QEMU_H
#define VNM_CLI_QEMU_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/command.h"
#include "model/attach.h"
#include "util/buf.h"

void vnm_qemu_options(const struct vnm_attachment *attach, uint32_t mtu, bool vhost,
		      struct vnm_buf *out);
void vnm_cli_print_qemu(struct vnm_cli *cli, const struct vnm_attachment *attach, uint32_t mtu);

#endif
