/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy.h - bridge.conf: who may have how many taps on which networks. */
#ifndef VNM_LEND_POLICY_H
#define VNM_LEND_POLICY_H

#include <stddef.h>
#include <sys/types.h>

#include "util/error.h"

/** struct vnm_caller - who asks: the real user and all his groups. */
struct vnm_caller {
	uid_t uid;
	gid_t *groups;
	size_t n_groups;
};

/** struct vnm_grant - what one line of the file allows. @who: a user, or a group with "@" */
struct vnm_grant {
	char *who, *network;
	unsigned max;
};

/** struct vnm_policy - the lines of the file. */
struct vnm_policy {
	struct vnm_grant *items;
	size_t n;
};

int vnm_policy_parse(char *text, const char *path, struct vnm_policy *ret, struct vnm_error *err);
int vnm_policy_load(const char *path, struct vnm_policy *ret, struct vnm_error *err);
void vnm_policy_select(struct vnm_policy *policy, const struct vnm_caller *caller);
void vnm_policy_clear(struct vnm_policy *policy);

#endif
