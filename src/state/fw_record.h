/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_record.h - RUN/firewall: by which back end the rules of all active networks are kept. */
#ifndef VNM_STATE_FW_RECORD_H
#define VNM_STATE_FW_RECORD_H

#include "plan/firewall/fw_backend.h"

#define VNM_FW_RECORD_NONE VNM_FW_BACKEND_COUNT

/**
 * struct vnm_fw_record - @backend: the one in use. @leftover: one that rules may be left in, by a change between
 * the two that is not finished; VNM_FW_RECORD_NONE: none
 */
struct vnm_fw_record {
	enum vnm_fw_backend backend, leftover;
};

int vnm_fw_record_read(int run_fd, struct vnm_fw_record *ret);
int vnm_fw_record_write(int run_fd, const struct vnm_fw_record *record);
int vnm_fw_record_remove(int run_fd);

#endif
