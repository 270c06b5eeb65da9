/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hooks: what they read, whom we do not run, and the message about one that failed. The rest is in ns/hooks.sh. */
#define _GNU_SOURCE 1
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/hook.h"
#include "run/hook_process.h"
#include "util/child.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc_record.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "run/hook";

static const char definition[] =
	"<network><name>a</name><uuid>424cf012-a431-467a-88d7-694a7b36d59f</uuid>"
	"<description>one\n<![CDATA[ <two>]]>\n</description>"
	"<metadata><x:y xmlns:x='u'>one\ntwo</x:y></metadata>"
	"<forward mode='nat'/><bridge name='vba'/><mac address='52:54:00:44:69:71'/>"
	"<ip address='192.168.130.1' prefix='24'/></network>";

/* As libvirt 9.0 writes it; <description> is not indented there either. */
static const char data[] = "<hookData>\n"
			   "  <network>\n"
			   "    <name>a</name>\n"
			   "    <uuid>424cf012-a431-467a-88d7-694a7b36d59f</uuid>\n"
			   "    <description>one\n &lt;two&gt;\n</description>\n"
			   "    <metadata>\n"
			   "      <x:y xmlns:x=\"u\">one\ntwo</x:y>\n"
			   "    </metadata>\n"
			   "    <forward mode='nat'/>\n"
			   "    <bridge name='vba' stp='on' delay='0'/>\n"
			   "    <mac address='52:54:00:44:69:71'/>\n"
			   "    <ip address='192.168.130.1' prefix='24'>\n"
			   "    </ip>\n"
			   "  </network>\n"
			   "%s</hookData>";

static void expect_data(const struct vnm_network *net, const char *port, const char *nested)
{
	vnm_autofree char *should = vnm_asprintf(data, nested);
	vnm_autobuf struct vnm_buf is = { 0 };

	vnm_hook_data(net, port, &is);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&is), should);
}

static void test_data(void)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(
		vnm_network_xml_parse(definition, strlen(definition), "test", &net, &err), err);
	expect_data(&net, NULL, "");
	expect_data(&net, "<networkport>\n  <uuid/>\n</networkport>\n",
		    "  <networkport>\n    <uuid/>\n  </networkport>\n");
	expect_data(&net, "<networkport/>", "  <networkport/>\n");
}

/* Deep inside as well as on top: the same but for the indentation. */
static void test_nested(void)
{
	vnm_autonetwork struct vnm_network net = { 0 }, again = { 0 };
	vnm_autobuf struct vnm_buf flat = { 0 }, deep = { 0 }, back = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(
		vnm_network_xml_parse(definition, strlen(definition), "test", &net, &err), err);
	vnm_network_xml_format(&net, &flat);
	vnm_network_xml_nest(&net, 3, &deep);
	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(deep.data, deep.len, "deep", &again, &err), err);
	vnm_network_xml_format(&again, &back);
	VNM_ASSERT_STR_EQ(back.data, flat.data);
}

static void expect_message(int r, int status, char *out, char *output, const char *should)
{
	const char *const argv[] = { "/h/network", "a", "start", "begin", "-", NULL };
	const char *const env[] = { "LC_ALL=C", "PATH=/bin", NULL };
	const struct vnm_child_setup setup = { .argv = argv, .env = env };
	const struct vnm_child_end end = { status, out, output };
	struct vnm_error err = { 0 };
	vnm_autofree char *whole =
		vnm_asprintf("Hook script execution failed: Child process (LC_ALL=C PATH=/bin "
			     "/h/network a start begin -)%s",
			     should);

	CU_ASSERT(vnm_hook_explain(&setup, r, &end, &err) < 0);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_HOOK);
	VNM_ASSERT_STR_EQ(err.msg, whole);
}

/* As wait() has it. */
#define EXITED(status) ((status) << 8)

static void test_explain(void)
{
	const struct vnm_child_end fine = { 0 };

	VNM_ASSERT_INT_EQ(vnm_hook_explain(NULL, 0, &fine, NULL), 0);
	expect_message(0, EXITED(3), "out\n", "no\n", " unexpected exit status 3: no");
	expect_message(0, EXITED(3), "out\n", "", " unexpected exit status 3: out");
	expect_message(0, EXITED(1), NULL, NULL, " unexpected exit status 1");
	expect_message(0, EXITED(1), "", " \n\n", " unexpected exit status 1");
	expect_message(0, EXITED(1), "", "a\n\tb\033[m\n", " unexpected exit status 1: a  b?[m");
	expect_message(0, 9, "", "", " unexpected fatal signal 9");
	expect_message(0, 11 | 0x80, "", "x", " unexpected fatal signal 11: x");
	expect_message(-ETIMEDOUT, 9, "", "wait\n",
		    " did not end within 30 seconds and was killed: wait");
	expect_message(-EPIPE, 0, NULL, NULL, " was lost: Broken pipe");
}

static void expect_safe(const char *path, bool safe, const char *word)
{
	struct vnm_error err = { 0 };
	int r = vnm_hook_check_safe(path, &err);

	VNM_ASSERT_INT_EQ(r == 0, safe);
	if (!safe && !strstr(err.msg, word))
		VNM_ASSERT_STR_EQ(err.msg, word);
}

static void test_safe(void)
{
	struct vnm_test_dir dir vnm_autotestdir;
	vnm_autofree char *file = NULL, *link = NULL;
	int fd;

	vnm_test_dir_make(&dir);
	file = vnm_asprintf("%s/file", dir.path);
	link = vnm_asprintf("%s/link", dir.path);
	fd = openat(dir.fd, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0755);
	CU_ASSERT_FATAL(fd >= 0 && symlink(file, link) == 0 && fchmod(dir.fd, 0755) == 0);
	fchmod(fd, 0755);
	expect_safe(file, true, "");
	expect_safe(link, true, "");
	fchmod(fd, 0775);
	expect_safe(file, false, "/file' may be changed by others");
	expect_safe(link, false, "/link' may be changed by others");
	fchmod(fd, 04755);
	expect_safe(file, true, "");
	fchmod(dir.fd, 0775);
	expect_safe(file, false, "change that with chmod go-w");
	fchmod(dir.fd, 01777);
	expect_safe(link, false, "may be changed by others");
	fchmod(dir.fd, 0755);
	CU_ASSERT_EQUAL(unlink(file), 0);
	expect_safe(link, false, "cannot access");
	close(fd);
}

/* No hooks: nothing is read but that, and nothing is needed. */
static void test_none(void)
{
	struct vnm_test_dir dir vnm_autotestdir;
	struct vnm_paths paths = { 0 };
	struct vnm_warnings notes = { 0 };
	struct vnm_error err = { 0 };

	vnm_test_dir_make(&dir);
	vnm_paths_init(&paths, dir.path);
	CU_ASSERT_FALSE(vnm_hook_exists(&paths, &notes));
	VNM_ASSERT_OK(vnm_hook_run(&paths, "a", VNM_HOOK_START, NULL, NULL, &err), err);
	VNM_ASSERT_INT_EQ(notes.n, 0);
	VNM_ASSERT_INT_EQ(vnm_hook_recover(dir.fd, &notes), 0);
	VNM_ASSERT_INT_EQ(notes.n, 0);
	vnm_paths_clear(&paths);
}

/* Records that name nobody who runs: gone without a word. */
static void test_stale_record(void)
{
	static const char *const lines[] = {
		"",
		"rubbish\n",
		"1 1 00000000-0000-0000-0000-000000000000\n",
	};
	struct vnm_test_dir dir vnm_autotestdir;
	struct vnm_proc_id self = { 0 };
	struct vnm_warnings notes = { 0 };

	vnm_test_dir_make(&dir);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(lines); i++) {
		vnm_file_replace(dir.fd, "hook", lines[i], strlen(lines[i]), 0600, (gid_t)-1,
				 VNM_VOLATILE);
		VNM_ASSERT_INT_EQ(vnm_hook_recover(dir.fd, &notes), 0);
		VNM_ASSERT_INT_EQ(faccessat(dir.fd, "hook", F_OK, 0), -1);
	}
	/* Our own number, given out again. */
	VNM_ASSERT_INT_EQ(vnm_proc_identify(getpid(), &self), 0);
	self.start--;
	vnm_proc_record_write(dir.fd, "hook", &self);
	VNM_ASSERT_INT_EQ(vnm_hook_recover(dir.fd, &notes), 0);
	VNM_ASSERT_INT_EQ(notes.n, 0);
}

static void test_caller(void)
{
	struct vnm_proc_id self = { 0 };
	struct vnm_error err = { 0 };
	char text[64];

	VNM_ASSERT_INT_EQ(vnm_proc_identify(getpid(), &self), 0);
	snprintf(text, sizeof(text), "%d:%llu", (int)self.pid, (unsigned long long)self.start);
	setenv(VNM_HOOK_VARIABLE, text, 1);
	VNM_ASSERT_INT_EQ(vnm_hook_check_caller(&err), -EDEADLK);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_BUSY);
	snprintf(text, sizeof(text), "%d:%llu", (int)self.pid, (unsigned long long)self.start + 1);
	setenv(VNM_HOOK_VARIABLE, text, 1);
	VNM_ASSERT_INT_EQ(vnm_hook_check_caller(&err), 0);
	setenv(VNM_HOOK_VARIABLE, "rubbish", 1);
	VNM_ASSERT_INT_EQ(vnm_hook_check_caller(&err), 0);
	unsetenv(VNM_HOOK_VARIABLE);
	VNM_ASSERT_INT_EQ(vnm_hook_check_caller(&err), 0);
}

const struct vnm_test vnm_tests[] = {
	{ "data", test_data },	     { "nested", test_nested },
	{ "explain", test_explain }, { "safe", test_safe },
	{ "none", test_none },	     { "stale record", test_stale_record },
	{ "caller", test_caller },   { 0 }
};
