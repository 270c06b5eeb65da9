/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_build.h - building blocks of a network's firewall rules. */
#ifndef VNM_PLAN_FW_BUILD_H
#define VNM_PLAN_FW_BUILD_H

#include "plan/op/op.h"
#include "plan/plan_input.h"

/** struct vnm_fw - the context in which a network's rules are planned. */
struct vnm_fw {
	const struct vnm_network *net;
	const struct vnm_facts *facts;
	const struct vnm_plan_input *in;
	struct vnm_plan *plan;
	size_t first; /* index of this network's first rule in the plan */
	int family;
	const char *bridge;
	const char *dev; /* the forward device, or NULL */
	bool behind; /* for a subnet behind a guest */
};

uint32_t vnm_plan_group(const struct vnm_network *net);
void vnm_fw_add(struct vnm_fw *fw, enum vnm_fw_chain chain, enum vnm_fw_target target,
		struct vnm_fwrule rule);
struct vnm_fwrule vnm_fw_between(const char *in, const char *out);
bool vnm_fw_translates(const struct vnm_fw *fw);
enum vnm_fw_chain vnm_fw_first_chain(const struct vnm_fw *fw);
bool vnm_fw_next_source(const struct vnm_fw *fw, size_t *i, struct vnm_prefix *ret);
struct vnm_fwrule vnm_fw_leaving(const struct vnm_fw *fw, const struct vnm_prefix *subnet,
				 const char *dev);
const char *vnm_fw_from(const struct vnm_fw *fw);
void vnm_fw_add_from(struct vnm_fw *fw, enum vnm_fw_chain chain, enum vnm_fw_target target,
		     struct vnm_fwrule rule);
const char *vnm_fw_guest_dev(const struct vnm_fw *fw, const struct vnm_addr *guest);

#endif
