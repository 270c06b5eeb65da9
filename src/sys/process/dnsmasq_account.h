/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq_account.h - the user that dnsmasq becomes, and the owner of its files. */
#ifndef VNM_SYS_DNSMASQ_ACCOUNT_H
#define VNM_SYS_DNSMASQ_ACCOUNT_H

#include <sys/types.h>
#include "sys/sys.h"

/** struct vnm_dnsmasq_access - owner and mode of a file. @uid, @gid: -1: unchanged. */
struct vnm_dnsmasq_access {
	uid_t uid;
	gid_t gid;
	mode_t mode;
};

int vnm_dnsmasq_access(const struct vnm_op_file *file, struct vnm_dnsmasq_access *ret,
		       struct vnm_error *err);
int vnm_observe_account(struct vnm_facts *facts, struct vnm_error *err);

#endif
