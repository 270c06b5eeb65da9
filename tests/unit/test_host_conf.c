/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_host_conf.c - host.conf: what it may contain, and what is reported of the rest. */
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "state/host_conf.h"
#include "util/mem.h"

const char vnm_suite[] = "state/host_conf";

/* Return: what the file sets, as text, or the error. */
static char *load(const char *text)
{
	char path[] = "/tmp/host.conf.XXXXXX", local[VNM_ADDR_STRLEN];
	struct vnm_paths paths = { .host_conf = path };
	struct vnm_host_conf conf = { .index = { true, 9 } };
	struct vnm_error err = { 0 };
	const int fd = mkstemp(path);
	int r;

	CU_ASSERT_FATAL(fd >= 0 && dprintf(fd, "%s", text) >= 0 && close(fd) == 0);
	r = vnm_host_conf_load(&paths, &conf, &err);
	unlink(path);
	if (r < 0) {
		VNM_ASSERT_INT_EQ(conf.index.set, false);
		return vnm_strdup(err.msg + sizeof(path) - 1);
	}
	return vnm_asprintf("%s%s%s %u",
			    conf.local.family ? vnm_addr_format(&conf.local, local) : "-",
			    *conf.dev ? " " : "", conf.dev, conf.index.set ? conf.index.v : 0);
}

static void test_load(void)
{
	static const struct {
		const char *text, *is; /* the error: without the name of the file */
	} rows[] = {
		{ "", "- 0" },
		{ "# index = \"1\"\n", "- 0" },
		{ "index = \"3\"\n", "- 3" },
		{ "local = \"10.0.0.1\"\nindex = \"65535\"\n", "10.0.0.1 65535" },
		{ "local = 'fd99::1'\n", "fd99::1 0" },
		{ "dev = \"eth1\"\nlocal = \"10.0.0.1\"\n", "10.0.0.1 eth1 0" },
		{ "dev = \"10.0.0.1/\"\n",
		  ":1: invalid value of dev: '10.0.0.1/' is no name of a device" },
		{ "index = \"0\"\n",
		  ":1: invalid value of index: '0' is no number from 1 to 65535" },
		{ "\nindex = \"65536\"\n",
		  ":2: invalid value of index: '65536' is no number from 1 to 65535" },
		{ "index = \"1x\"\n",
		  ":1: invalid value of index: '1x' is no number from 1 to 65535" },
		{ "local = \"eth0\"\n", ":1: invalid value of local: 'eth0' is no IP address" },
		{ "index = 1\n", ":1: expecting a value in quotes" },
		{ "index = \"1\"\nindex = \"2\"\n", ":2: index is set a second time" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		vnm_autofree char *is = load(rows[i].text);

		VNM_ASSERT_STR_EQ(is, rows[i].is);
	}
}

static void test_absent(void)
{
	char path[] = "/nonexistent/host.conf";
	struct vnm_paths paths = { .host_conf = path };
	struct vnm_host_conf conf = { .index = { true, 9 } };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_host_conf_load(&paths, &conf, &err), err);
	VNM_ASSERT_INT_EQ(conf.index.set, false);
}

const struct vnm_test vnm_tests[] = {
	{ "load", test_load },
	{ "absent", test_absent },
	{ 0 },
};
