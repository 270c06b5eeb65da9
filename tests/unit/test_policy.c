/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_policy.c - bridge.conf: who may have taps; and what a caller of the bridge helper may ask for. */
#include "runner.h"

#include <getopt.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lend/policy.h"
#include "lend/request.h"
#include "util/buf.h"
#include "util/mem.h"

const char vnm_suite[] = "lend/policy";

static const struct {
	const char *text, *is; /* the lines that are read, or the error */
} rows[] = {
	{ "", "" },
	{ "\n \t\n# ann lab 1\n", "" },
	{ "ann lab 4", "ann lab 4;" },
	{ "  ann\tlab  4 # her own\r\n@all x 0\n", "ann lab 4;@all x 0;" },
	{ "ann lab", "b:1: expecting USER or @GROUP, NETWORK and TAPS" },
	{ "\nann lab 4 5", "b:2: expecting USER or @GROUP, NETWORK and TAPS" },
	{ "@ lab 4", "b:1: expecting a user, or a group with @ before it" },
	{ "@@a lab 4", "b:1: expecting a user, or a group with @ before it" },
	{ "a:b lab 4", "b:1: expecting a user, or a group with @ before it" },
	{ "ann ../lab 4", "b:1: expecting the name of a network" },
	{ "ann lab -1", "b:1: expecting a number of taps, from 0 to 1000" },
	{ "ann lab 1001", "b:1: expecting a number of taps, from 0 to 1000" },
	{ "ann lab all", "b:1: expecting a number of taps, from 0 to 1000" },
};

static void test_parse(void)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		vnm_autofree char *text = vnm_strdup(rows[i].text);
		vnm_autobuf struct vnm_buf is = { 0 };
		struct vnm_policy policy = { 0 };
		struct vnm_error err = { 0 };
		int r = vnm_policy_parse(text, "b", &policy, &err);

		for (size_t k = 0; k < policy.n && r == 0; k++)
			vnm_buf_printf(&is, "%s %s %u;", policy.items[k].who,
				       policy.items[k].network, policy.items[k].max);
		VNM_ASSERT_STR_EQ(r < 0 ? err.msg : vnm_buf_str(&is), rows[i].is);
		vnm_policy_clear(&policy);
	}
}

/* What is left of the file for one caller: the most that any of his lines allows. */
static void test_select(void)
{
	char text[] = "root a 1\n0 b 2\n@0 a 3\n@65533 c 4\n65533 d 5\nnosuchuser e 6\nroot b 1\n";
	gid_t groups[] = { 100, 0 };
	const struct vnm_caller caller = { 0, groups, 2 };
	struct vnm_policy policy = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_INT_EQ(vnm_policy_parse(text, "b", &policy, &err), 0);
	vnm_policy_select(&policy, &caller);
	VNM_ASSERT_INT_EQ(policy.n, 2);
	VNM_ASSERT_STR_EQ(policy.items[0].network, "a");
	VNM_ASSERT_INT_EQ(policy.items[0].max, 3);
	VNM_ASSERT_STR_EQ(policy.items[1].network, "b");
	VNM_ASSERT_INT_EQ(policy.items[1].max, 2);
	vnm_policy_clear(&policy);
}

static const struct {
	const char *args[6];
	int r, fd, vnet;
} calls[] = {
	{ { "--use-vnet", "--br=lab", "--fd=8" }, 0, 8, 1 },
	{ { "--br=virbr0", "--use-vnet", "--fd=8" }, 0, 8, 1 },
	{ { "--fd=3", "--br", "lab" }, 0, 3, 0 },
	{ { "--br=lab" }, -1, 0, 0 },
	{ { "--fd=8" }, -1, 0, 0 },
	{ { NULL }, -1, 0, 0 },
	{ { "--br=lab", "--fd=2" }, -1, 0, 0 },
	{ { "--br=lab", "--fd=-1" }, -1, 0, 0 },
	{ { "--br=lab", "--fd=99999999999" }, -1, 0, 0 },
	{ { "--br=lab", "--fd=8 " }, -1, 0, 0 },
	{ { "--br=lab", "--br=lab", "--fd=8" }, -1, 0, 0 },
	{ { "--br=../lab", "--fd=8" }, -1, 0, 0 },
	{ { "--br=", "--fd=8" }, -1, 0, 0 },
	{ { "--br=lab", "--fd=8", "more" }, -1, 0, 0 },
	{ { "more", "--br=lab", "--fd=8" }, -1, 0, 0 },
	{ { "--br=lab", "--fd=8", "--root=/tmp" }, -1, 0, 0 },
};

static void test_request(void)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(calls); i++) {
		char *argv[8] = { (char *)"helper" };
		struct vnm_request request = { 0 };
		struct vnm_error err = { 0 };
		int argc = 1, r;

		for (; argc < 7 && calls[i].args[argc - 1]; argc++)
			argv[argc] = (char *)calls[i].args[argc - 1];
		optind = 0;
		r = vnm_request_read(argc, argv, &request, &err);
		VNM_ASSERT_INT_EQ(r < 0 ? -1 : 0, calls[i].r);
		if (r < 0)
			continue;
		VNM_ASSERT_INT_EQ(request.fd, calls[i].fd);
		VNM_ASSERT_INT_EQ(request.vnet_hdr, calls[i].vnet);
	}
}

static void test_socket(void)
{
	struct vnm_request request = { 0 };
	struct vnm_error err = { 0 };
	int pair[2], pipes[2];

	VNM_ASSERT_INT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	VNM_ASSERT_INT_EQ(pipe(pipes), 0);
	request.fd = pair[0];
	VNM_ASSERT_INT_EQ(vnm_request_check_socket(&request, &err), 0);
	VNM_ASSERT_INT_EQ(vnm_request_send(&request, pipes[0], &err), 0);
	close(pair[1]);
	VNM_ASSERT_INT_EQ(vnm_request_send(&request, pipes[0], &err) < 0, 1);
	request.fd = pipes[0];
	VNM_ASSERT_INT_EQ(vnm_request_check_socket(&request, &err) < 0, 1);
	close(pair[0]);
	close(pipes[0]);
	close(pipes[1]);
}

const struct vnm_test vnm_tests[] = {
	{ "parse", test_parse },
	{ "select", test_select },
	{ "request", test_request },
	{ "socket", test_socket },
	{ NULL, NULL },
};
