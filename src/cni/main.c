/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - vnetmgr-cni: containers on the networks of vnetmgr, by the Container Network Interface.
 *
 * A container runtime runs it for each interface: what is wanted comes by environment variables and standard input, and the result,
 * or an error object, goes to standard output (https://www.cni.dev/docs/spec/, version 1.1.0).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cni/add.h"
#include "cni/output.h"
#include "cni/verbs.h"
#include "util/file.h"
#include "util/mem.h"

/* A closed standard descriptor would be that of the next file that is opened. */
static void fill_standard_fds(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

/* What was begun is finished or rolled back first. A runtime that has lost patience sends SIGKILL, which the next command mends. */
static void defer_signals(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM, SIGPIPE };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(signals); i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static int read_input(struct vnm_buf *ret, struct vnm_cni_failure *failure)
{
	char part[16384];
	ssize_t n;

	while ((n = read(STDIN_FILENO, part, sizeof(part))) > 0 || (n < 0 && errno == EINTR)) {
		if (n > 0)
			vnm_buf_addn(ret, part, (size_t)n);
		if (ret->len > VNM_CNI_TEXT_MAX)
			return vnm_cni_fail(failure, VNM_CNI_CODE_DECODE,
					    "the configuration is longer than 1 MiB");
	}
	if (n < 0)
		return vnm_cni_fail(failure, VNM_CNI_CODE_IO, "cannot read the configuration: %s",
				    strerror(errno));
	return 0;
}

/* Whatever the input is, or without any: it is the first thing that a runtime asks. */
static int print_versions(const char *text, size_t len)
{
	json_t *input = json_loadb(text, len, 0, NULL), *object = json_object(),
	       *list = json_array();
	const char *version = json_string_value(json_object_get(input, "cniVersion"));
	int r;

	for (int i = 0; i < VNM_CNI_SPEC_COUNT; i++)
		json_array_append_new(list, json_string(vnm_cni_versions[i]));
	json_object_set_new(object, "cniVersion", json_string(version ? version : VNM_CNI_NEWEST));
	json_object_set_new(object, "supportedVersions", list);
	r = vnm_cni_print(object);
	json_decref(object);
	json_decref(input);
	return r < 0 ? 1 : 0;
}

static int carry_out(struct vnm_cni_call *call)
{
	static int (*const verbs[VNM_CNI_VERB_COUNT])(struct vnm_cni_call * call) = {
		[VNM_CNI_VERB_ADD] = vnm_cni_add,	[VNM_CNI_VERB_DEL] = vnm_cni_del,
		[VNM_CNI_VERB_CHECK] = vnm_cni_check,	[VNM_CNI_VERB_GC] = vnm_cni_gc,
		[VNM_CNI_VERB_STATUS] = vnm_cni_status,
	};

	return verbs[call->env.verb](call);
}

/* Return: the exit status. */
static int run(struct vnm_cni_call *call)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_cni_failure *failure = &call->failure;
	int r = vnm_cni_env_read(&call->env, failure);

	if (r == 0)
		r = read_input(&text, failure);
	if (r == 0 && call->env.verb == VNM_CNI_VERB_VERSION)
		return print_versions(vnm_buf_str(&text), text.len);
	if (r == 0)
		r = vnm_cni_config_parse(vnm_buf_str(&text), text.len, &call->config, failure);
	else
		call->config.version = VNM_CNI_SPEC_1_1_0;
	if (r == 0)
		r = carry_out(call);
	return r < 0 ? vnm_cni_failure_print(failure, vnm_cni_versions[call->config.version]) : 0;
}

/* For people. */
static int print_about(void)
{
	fputs("vnetmgr-cni " VNM_VERSION ", a CNI plugin; container runtimes run it: see "
	      "vnetmgr-cni(8)\nCNI protocol versions supported:",
	      stderr);
	for (int i = 0; i < VNM_CNI_SPEC_COUNT; i++)
		fprintf(stderr, "%s %s", i ? "," : "", vnm_cni_versions[i]);
	fputc('\n', stderr);
	return 0;
}

int main(void)
{
	struct vnm_cni_call call = { 0 };
	int status;

	fill_standard_fds();
	if (!getenv("CNI_COMMAND"))
		return print_about();
	umask(077);
	defer_signals();
	status = run(&call);
	vnm_cni_config_clear(&call.config);
	vnm_cni_env_clear(&call.env);
	return status;
}
