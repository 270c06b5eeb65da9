/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rpc_stub.h - what is put in the place of the driver and of processes, so that a connection of vnetmgr-rpc can be served within
 * the fuzz target. Each definition there precedes that of the libraries (-z muldefs).
 */
#ifndef VNM_TESTS_FUZZ_RPC_STUB_H
#define VNM_TESTS_FUZZ_RPC_STUB_H

#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

void vnm_fuzz_driver_begin(unsigned salt);
void vnm_fuzz_driver_end(void);
unsigned vnm_fuzz_random(unsigned n);
char *vnm_fuzz_text(void);

void vnm_fuzz_peer_begin(int fd, const uint8_t *data, size_t size);
void vnm_fuzz_peer_end(struct vnm_buf *received);
size_t vnm_fuzz_messages(const uint8_t *data, size_t size);

#endif
