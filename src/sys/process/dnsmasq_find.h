/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq_find.h - the running dnsmasq of a network. */
#ifndef VNM_SYS_DNSMASQ_FIND_H
#define VNM_SYS_DNSMASQ_FIND_H

#include <stdbool.h>
#include <sys/types.h>

#include "plan/op/op_types.h"
#include "util/error.h"

#define VNM_DNSMASQ_RECORD "process" /* the pidfile record, in its directory */

/** struct vnm_dnsmasq_process - @pid: its number; 0: not known; @state: the letter of its state; 0: not known */
struct vnm_dnsmasq_process {
	pid_t pid;
	char state;
};

const char *vnm_dnsmasq_network(const char *dir);
char *vnm_dnsmasq_conf_arg(const char *dir);
bool vnm_dnsmasq_has_record(const char *dir);
int vnm_dnsmasq_find_args(const char *program, const char *arg);
int vnm_dnsmasq_find_process(const struct vnm_op_dnsmasq *op, pid_t *ret_pid);
int vnm_dnsmasq_find_in(const char *boot_id, const struct vnm_op_dnsmasq *op,
			struct vnm_dnsmasq_process *ret);
int vnm_dnsmasq_find_failed(const char *dir, int r, struct vnm_error *err);

#endif
