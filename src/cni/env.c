/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * env.c - what a container runtime requests, by environment variables.
 *
 * The command comes first: runtimes ask for the version with the other variables empty or full of nonsense.
 */
#include "cni/env.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/buf.h"
#include "util/mem.h"

#define CONTAINER_MAX 256 /* the ID becomes part of an attribute of the list of guests */
#define NETNS_MAX 512

const char *const vnm_cni_verbs[VNM_CNI_VERB_COUNT] = {
	"ADD", "DEL", "CHECK", "GC", "STATUS", "VERSION",
};

static bool is_word(const char *s)
{
	return isalnum((unsigned char)*s) &&
	       s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-")] ==
		       '\0';
}

static bool container_valid(const char *s)
{
	return strlen(s) <= CONTAINER_MAX && is_word(s);
}

static bool netns_valid(const char *s)
{
	return strlen(s) <= NETNS_MAX && vnm_path_valid(s);
}

/** struct variable - @valid: is its value? @for_verbs: that need it, bits of enum vnm_cni_verb */
struct variable {
	const char *name;
	bool (*valid)(const char *value);
	unsigned for_verbs;
	size_t offset;
};

#define BIT(verb) (1u << (verb))
static const struct variable variables[] = {
	{ "CNI_CONTAINERID", container_valid,
	  BIT(VNM_CNI_VERB_ADD) | BIT(VNM_CNI_VERB_DEL) | BIT(VNM_CNI_VERB_CHECK),
	  offsetof(struct vnm_cni_env, container) },
	{ "CNI_IFNAME", vnm_ifname_valid,
	  BIT(VNM_CNI_VERB_ADD) | BIT(VNM_CNI_VERB_DEL) | BIT(VNM_CNI_VERB_CHECK),
	  offsetof(struct vnm_cni_env, ifname) },
	{ "CNI_NETNS", netns_valid, BIT(VNM_CNI_VERB_ADD) | BIT(VNM_CNI_VERB_CHECK),
	  offsetof(struct vnm_cni_env, netns) },
};

static int read_verb(struct vnm_cni_env *env, struct vnm_cni_failure *failure)
{
	const char *command = getenv("CNI_COMMAND");

	for (int verb = 0; verb < VNM_CNI_VERB_COUNT; verb++)
		if (!strcmp(command, vnm_cni_verbs[verb])) {
			env->verb = (enum vnm_cni_verb)verb;
			return 0;
		}
	return vnm_cni_fail(failure, VNM_CNI_CODE_ENVIRONMENT, "unknown CNI_COMMAND: '%.60s'",
			    command);
}

static int read_variables(struct vnm_cni_env *env, struct vnm_cni_failure *failure)
{
	vnm_autobuf struct vnm_buf bad = { 0 };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(variables); i++) {
		const struct variable *variable = &variables[i];
		const char *value = getenv(variable->name);

		if (!(variable->for_verbs & BIT(env->verb)))
			continue;
		if (!value || !*value)
			vnm_buf_printf(&bad, "%s%s is missing", bad.len ? ", " : "",
				       variable->name);
		else if (!variable->valid(value))
			vnm_buf_printf(&bad, "%s%s is invalid: '%.60s'", bad.len ? ", " : "",
				       variable->name, value);
		else
			memcpy((char *)env + variable->offset, &value, sizeof(value));
	}
	return bad.len ? vnm_cni_fail(failure, VNM_CNI_CODE_ENVIRONMENT, "%s", vnm_buf_str(&bad))
		       : 0;
}

/* "KEY=VALUE;KEY=VALUE": runtimes put in much that concerns others. */
static void read_arguments(struct vnm_cni_env *env)
{
	const struct {
		const char *key;
		char **value;
	} keys[] = {
		{ "K8S_POD_NAME=", &env->pod },
		{ "MAC=", &env->mac },
		{ "IP=", &env->ip },
	};
	const char *all = getenv("CNI_ARGS");
	vnm_autofree char *text = vnm_strdup(all ? all : "");
	char *rest = text, *one;

	while ((one = strsep(&rest, ";")))
		for (size_t i = 0; i < VNM_ARRAY_SIZE(keys); i++)
			if (!strncmp(one, keys[i].key, strlen(keys[i].key)) &&
			    one[strlen(keys[i].key)]) {
				free(*keys[i].value);
				*keys[i].value = vnm_strdup(one + strlen(keys[i].key));
			}
}

/**
 * vnm_cni_env_read() - read the environment, of which CNI_COMMAND is set
 * @ret:     zeroed; free with vnm_cni_env_clear()
 * @failure: VNM_CNI_CODE_ENVIRONMENT, with the names of the variables
 *
 * Return: 0 or -1.
 */
int vnm_cni_env_read(struct vnm_cni_env *ret, struct vnm_cni_failure *failure)
{
	if (read_verb(ret, failure) < 0 || read_variables(ret, failure) < 0)
		return -1;
	read_arguments(ret);
	return 0;
}

/** vnm_cni_env_clear() - free what vnm_cni_env_read() returned */
void vnm_cni_env_clear(struct vnm_cni_env *env)
{
	free(env->pod);
	free(env->mac);
	free(env->ip);
	*env = (struct vnm_cni_env){ 0 };
}

/** vnm_cni_id() - the ID of the attachment of a container's interface, allocated */
char *vnm_cni_id(const char *container, const char *ifname)
{
	return vnm_asprintf(VNM_CNI_PREFIX "%s/%s", container, ifname);
}
