/* SPDX-License-Identifier: GPL-2.0-or-later */
/* env.h - what a container runtime requests, by environment variables. */
#ifndef VNM_CNI_ENV_H
#define VNM_CNI_ENV_H

#include "cni/failure.h"
#include "util/parse.h"

/** enum vnm_cni_verb - CNI_COMMAND. */
enum vnm_cni_verb {
	VNM_CNI_VERB_ADD,
	VNM_CNI_VERB_DEL,
	VNM_CNI_VERB_CHECK,
	VNM_CNI_VERB_GC,
	VNM_CNI_VERB_STATUS,
	VNM_CNI_VERB_VERSION,
	VNM_CNI_VERB_COUNT
};

/** struct vnm_cni_env - @container, @ifname, @netns: NULL, where the command needs none. @pod, @mac, @ip: of CNI_ARGS; or NULL */
struct vnm_cni_env {
	enum vnm_cni_verb verb;
	const char *container, *ifname, *netns;
	char *pod, *mac, *ip;
};

extern const char *const vnm_cni_verbs[VNM_CNI_VERB_COUNT];

int vnm_cni_env_read(struct vnm_cni_env *ret, struct vnm_cni_failure *failure);
void vnm_cni_env_clear(struct vnm_cni_env *env);
char *vnm_cni_id(const char *container, const char *ifname);

#define VNM_CNI_PREFIX "cni:"

#endif
