/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole calls of the program: what it prints, where, and with which exit status.
 *
 * Where a text is virsh's as well, it is compared byte for byte with what virsh 9.0.0 prints. Each call runs in a
 * child, with a state directory of its own; it starts no network.
 */
#define _GNU_SOURCE 1	/* memfd_create() */
#include "runner.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "cli/calls";

#define UUID "2b1fc8a6-5e5c-4f5c-9a4c-0e7b7ad1a5c3"
#define NET_XML "<network><name>n</name><uuid>" UUID "</uuid><bridge name='vnmtest0'/></network>"

/** struct call - what came of one. @status: as waitpid(2) gives it. */
struct call {
	int status;
	char out[16384], err[8192];
};

static char root[PATH_MAX];

static void take(int fd, char *text, size_t size)
{
	ssize_t n = pread(fd, text, size - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	close(fd);
}

static int count_args(char *const argv[])
{
	int n = 0;

	while (argv[n])
		n++;
	return n;
}

static _Noreturn void call_child(const char *const argv[], const char *input, int out, int err)
{
	vnm_autofree char *schemas = vnm_asprintf("%s/schemas", vnm_test_srcdir());
	int in = memfd_create("in", 0);

	if (input && write(in, input, strlen(input)) < 0)
		_exit(125);
	lseek(in, 0, SEEK_SET);
	dup2(in, STDIN_FILENO);
	if (out >= 0)
		dup2(out, STDOUT_FILENO);
	else
		close(STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	setenv("VNETMGR_ROOT", root, 1);
	setenv("VNETMGR_SCHEMAS", schemas, 1);
	setenv("TZ", "UTC0", 1);
	vnm_cleanup_free(&schemas);
	exit(cli_main(count_args((char *const *)argv), (char **)argv));
}

/* @out: where standard output goes; -1: it is closed. */
static void call_to(struct call *call, const char *const argv[], const char *input, int out)
{
	int err = memfd_create("err", MFD_CLOEXEC);
	pid_t pid;

	fflush(NULL);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0)
		call_child(argv, input, out, err);
	VNM_ASSERT_INT_EQ_FATAL(waitpid(pid, &call->status, 0), pid);
	take(err, call->err, sizeof(call->err));
}

static void call_with(struct call *call, const char *const argv[], const char *input)
{
	int out = memfd_create("out", MFD_CLOEXEC);

	call_to(call, argv, input, out);
	take(out, call->out, sizeof(call->out));
}

static void check_call(const struct call *call, int status, const char *out, const char *err)
{
	CU_ASSERT_TRUE(WIFEXITED(call->status));
	VNM_ASSERT_INT_EQ(WEXITSTATUS(call->status), status);
	VNM_ASSERT_STR_EQ(call->out, out);
	VNM_ASSERT_STR_EQ(call->err, err);
}

static void says(const char *const argv[], int status, const char *out, const char *err)
{
	struct call call;

	call_with(&call, argv, NULL);
	check_call(&call, status, out, err);
}

#define VNM(...) ((const char *const[]){ "vnetmgr", __VA_ARGS__, NULL })

/* A usage error has no blank line after it; what a command finds out has one. */
static void test_usage_errors(void)
{
	says(VNM("net-frob"), 1, "",
	     "error: unknown command: 'net-frob'\n"
	     "hint: 'vnetmgr help' lists the commands\n");
	says(VNM("-q", "net-frob"), 1, "", "error: unknown command: 'net-frob'\n");
	says(VNM("net-define"), 1, "",
	     "error: command 'net-define' requires <file> option\n"
	     "hint: 'vnetmgr help net-define' shows what it takes\n");
	says(VNM("net-update", "n", "add"), 1, "",
	     "error: command 'net-update' requires <section> option\n"
	     "error: command 'net-update' requires <xml> option\n"
	     "hint: 'vnetmgr help net-update' shows what it takes\n");
	says(VNM("net-update", "--parent-index"), 1, "",
	     "error: expected syntax: --parent-index <number>\n"
	     "hint: 'vnetmgr help net-update' shows what it takes\n");
	says(VNM(""), 1, "",
	     "error: unknown command: ''\n"
	     "hint: 'vnetmgr help' lists the commands\n");
	says(VNM("--frob", "net-list"), 1, "", "error: unsupported option '--frob'. See --help.\n");
	says(VNM("-x"), 1, "", "error: unsupported option '-x'. See --help.\n");
	says(VNM("--quiet=1", "net-list"), 1, "", "error: unsupported option '-q'. See --help.\n");
	says(VNM("--root"), 1, "", "error: option '--root' requires an argument\n");
	says(VNM("--root=", "net-list"), 1, "", "error: option '--root' requires a directory\n");
	says(VNM("-q"), 1, "", "error: no command was given. See --help.\n");
	says(VNM("net-list", "--name", "--uuid"), 1, "\n",
	     "error: Only one argument from --table, --name and --uuid may be specified.\n");
	says(VNM("-q", "net-list", "--name", "--table"), 1, "",
	     "error: Only one argument from --table, --name and --uuid may be specified.\n");
	says(VNM("net-start", "--all", "x"), 1, "\n",
	     "error: Options --all and --network are mutually exclusive\n");
	says(VNM("net-start", ""), 1, "\n",
	     "error: Failed to get option 'network': Option argument is empty\n");
	says(VNM("help", "nosuch"), 1, "\n",
	     "error: command or command group 'nosuch' doesn't exist\n"
	     "hint: 'vnetmgr help' lists the commands\n");
	says(VNM("net-info", "\033[31m\n"), 1, "\n",
	     "error: failed to get network '?[31m?'\n"
	     "error: Network not found: no network with matching name '?[31m?'\n");
}

/* What was meant, where that can be guessed; with --quiet, the error alone. */
static void test_hints(void)
{
	vnm_autofree char *file = vnm_asprintf("%s/networks/keennet.xml", vnm_test_srcdir());
	struct call call;

	says(VNM("net-strat"), 1, "",
	     "error: unknown command: 'net-strat'\n"
	     "hint: did you mean 'net-start'?\n");
	says(VNM("strat"), 1, "",
	     "error: unknown command: 'strat'\n"
	     "hint: did you mean 'net-start'?\n");
	says(VNM("-q", "strat"), 1, "", "error: unknown command: 'strat'\n");
	says(VNM("net-list", "--al"), 1, "",
	     "error: command 'net-list' doesn't support option --al\n"
	     "hint: did you mean '--all'?\n");
	says(VNM("net-list", "--quite=x"), 1, "",
	     "error: command 'net-list' doesn't support option --quite\n"
	     "hint: did you mean '--quiet'?\n");
	says(VNM("--rot=/x", "net-list"), 1, "",
	     "error: unsupported option '--rot=/x'. See --help.\n"
	     "hint: did you mean '--root'?\n");
	says(VNM("net-start"), 1, "",
	     "error: command 'net-start' requires <network> option\n"
	     "hint: name one or more networks, or use --all for all inactive networks\n");
	says(VNM("-q", "net-update", "n", "ad", "ip-dhcp-host", "<host/>"), 1, "",
	     "error: unrecognized command name 'ad'\n");
	says(VNM("net-update", "n", "ad", "ip-dhcp-host", "<host/>"), 1, "\n",
	     "error: unrecognized command name 'ad'\n"
	     "hint: did you mean 'add'?\n");
	says(VNM("net-update", "n", "remove", "ip-dhcp-host", "<host/>"), 1, "\n",
	     "error: unrecognized command name 'remove'\n"
	     "hint: commands are: add, modify, delete, add-last, add-first\n");
	says(VNM("net-update", "n", "add", "dhcp-host", "<host/>"), 1, "\n",
	     "error: unrecognized section name 'dhcp-host'\n"
	     "hint: did you mean 'ip-dhcp-host'?\n");
	call_with(&call, VNM("net-update", "n", "add", "vlan", "<vlan/>"), NULL);
	CU_ASSERT_PTR_NOT_NULL(strstr(call.err, "\nhint: sections are: bridge, domain, ip, "));
	call_with(&call, VNM("net-start", file), NULL);
	CU_ASSERT_PTR_NOT_NULL(strstr(call.err, "is a file: 'vnetmgr net-define /"));
	call_with(&call, VNM("net-dumpxml", file), NULL);
	CU_ASSERT_PTR_NOT_NULL(strstr(call.err, "is a file: 'vnetmgr net-define /"));
	says(VNM("net-start", "nosuch.xml"), 1, "\n",
	     "error: failed to get network 'nosuch.xml'\n"
	     "error: Network not found: no network with matching name 'nosuch.xml'\n");
}

/* Whoever gives no command sees what there is. */
static void test_no_command(void)
{
	struct call call, help;

	call_with(&call, VNM(NULL), NULL);
	call_with(&help, VNM("-q", "help", "network"), NULL);
	VNM_ASSERT_INT_EQ(WEXITSTATUS(call.status), 1);
	VNM_ASSERT_STR_EQ(call.out, "");
	CU_ASSERT_PTR_EQUAL(strstr(call.err, "error: no command was given. See --help.\n\n"),
			    call.err);
	CU_ASSERT_PTR_NOT_NULL(strstr(call.err, help.out));
}

static void test_help_text(void)
{
	says(VNM("help", "net-list"), 0,
	     "  NAME\n"
	     "    net-list - list networks and their states\n"
	     "\n"
	     "  SYNOPSIS\n"
	     "    net-list [--inactive] [--all] [--persistent] [--transient] [--autostart]\n"
	     "        [--no-autostart] [--uuid] [--name] [--table] [--title] [--wide] [--json]\n"
	     "\n"
	     "  DESCRIPTION\n"
	     "    Lists active networks by default.\n"
	     "\n"
	     "  OPTIONS\n"
	     "    --inactive       list inactive networks\n"
	     "    --all            list inactive and active networks\n"
	     "    --persistent     list persistent networks\n"
	     "    --transient      list transient networks\n"
	     "    --autostart      list networks with autostart enabled\n"
	     "    --no-autostart   list networks with autostart disabled\n"
	     "    --uuid           list UUIDs only\n"
	     "    --name           list network names only\n"
	     "    --table          list table (default)\n"
	     "    --title          add the networks' titles\n"
	     "    --wide           add bridge, mode, subnets and the number of attached guests\n"
	     "    --json           print JSON\n"
	     "\n"
	     "\n",
	     "");
	says(VNM("-q", "net-name", "x", "--help"), 0,
	     "  NAME\n"
	     "    net-name - convert a UUID to a name\n"
	     "\n"
	     "  SYNOPSIS\n"
	     "    net-name <network>\n"
	     "\n"
	     "  OPTIONS\n"
	     "    [--network] <string>  network uuid\n"
	     "\n", "");
}

static void test_help_of_groups(void)
{
	struct call all, group, part;

	call_with(&all, VNM("help"), NULL);
	call_with(&part, VNM("-q", "help", "diagnosis"), NULL);
	call_with(&group, VNM("-q", "help", "vnetmgr"), NULL);
	VNM_ASSERT_INT_EQ(all.status, 0);
	CU_ASSERT_PTR_EQUAL(strstr(all.out,
				   "Grouped commands:\n\n Networking (help keyword 'network'):\n"),
			    all.out);
	CU_ASSERT_PTR_NOT_NULL(strstr(all.out, group.out));
	CU_ASSERT_PTR_EQUAL(strstr(group.out,
				   " Vnetmgr itself (help keyword 'vnetmgr'):\n    sandbox "),
			    group.out);
	CU_ASSERT_PTR_NULL(strstr(group.out, "net-start"));
	CU_ASSERT_PTR_EQUAL(strstr(part.out,
				   "  Diagnosis (help keyword 'diagnosis'):\n    net-doctor "),
			    part.out);
	CU_ASSERT_PTR_NOT_NULL(strstr(all.out, part.out));
}

static void test_version(void)
{
	struct call call;

	call_with(&call, VNM("--version"), NULL);
	VNM_ASSERT_INT_EQ(call.status, 0);
	CU_ASSERT_PTR_EQUAL(strstr(call.out, "vnetmgr "), call.out);
	CU_ASSERT_PTR_EQUAL(strchr(call.out, '\n'), call.out + strlen(call.out) - 1);
	says(VNM("-V", "net-list"), 0, call.out, "");
	says(VNM("-q", "version"), 0, call.out, "");
}

/* ---- what is written where */

static void test_output_that_cannot_be_written(void)
{
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct call call;

	CU_ASSERT_FATAL(full >= 0);
	call_to(&call, VNM("help"), NULL, full);
	VNM_ASSERT_INT_EQ(WEXITSTATUS(call.status), 1);
	CU_ASSERT_PTR_EQUAL(strstr(call.err, "error: cannot write to standard output"), call.err);
	/* Nothing to write, nothing lost. */
	call_to(&call, VNM("-q", "net-list"), NULL, full);
	VNM_ASSERT_INT_EQ(call.status, 0);
	close(full);
}

static void test_output_closed(void)
{
	struct call call;

	call_to(&call, VNM("net-list"), NULL, -1);
	VNM_ASSERT_INT_EQ(WEXITSTATUS(call.status), 1);
	CU_ASSERT_PTR_EQUAL(strstr(call.err, "error: cannot write to standard output"), call.err);
	call_to(&call, VNM("-q", "net-list"), NULL, -1);
	VNM_ASSERT_INT_EQ(call.status, 0);
}

static bool is_null_device(int fd)
{
	struct stat is, null;

	return fstat(fd, &is) == 0 && stat("/dev/null", &null) == 0 && is.st_rdev == null.st_rdev;
}

/* No file of ours may get the number of a closed standard descriptor: warnings would be written into it. */
static void test_standard_descriptors_are_filled(void)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0) {
		for (int fd = 0; fd <= 2; fd++)
			close(fd);
		status = cli_main(3, (char *[]){ "vnetmgr", "-q", "help", NULL });
		_exit(status == 1 && is_null_device(0) && is_null_device(2) ? 42 : 1);
	}
	VNM_ASSERT_INT_EQ_FATAL(waitpid(pid, &status, 0), pid);
	VNM_ASSERT_INT_EQ(WEXITSTATUS(status), 42);
}

static void test_definitions_from_files(void)
{
	vnm_autofree char *big = vnm_alloc(VNM_XML_MAX + 2);
	struct call call;

	memset(big, ' ', VNM_XML_MAX + 1);
	says(VNM("net-define", "/nosuch.xml"), 1, "\n",
	     "error: Failed to open file '/nosuch.xml': No such file or directory\n");
	says(VNM("net-create", "/nosuch.xml"), 1, "\n",
	     "error: Failed to open file '/nosuch.xml': No such file or directory\n");
	says(VNM("net-define", "/"), 1, "\n", "error: Failed to read file '/': Is a directory\n");
	call_with(&call, VNM("net-define", "-"), big);
	check_call(&call, 1, "\n",
		   "error: Failed to define network from -\n"
		   "error: '-' has more than 1048576 bytes, which is too much for a definition\n");
	call_with(&call, VNM("net-define", "-"), "<network>");
	VNM_ASSERT_INT_EQ(WEXITSTATUS(call.status), 1);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(call.err, "error: Failed to define network from -\nerror: stdin:1:"));
	says(VNM("net-list", "--all"), 0,
	     " Name   State   Autostart   Persistent\n----------------------------------------\n\n",
	     "");
}

static void test_session(void)
{
	struct call call;

	call_with(&call, VNM("net-define", "--validate", "-"), NET_XML);
	check_call(&call, 0, "Network n defined from -\n\n", "");
	call_with(&call, VNM("-q", "net-define", "/dev/stdin"), NET_XML);
	check_call(&call, 0, "", "");
	says(VNM("net-list", "--all"), 0,
	     " Name   State      Autostart   Persistent\n"
	     "-------------------------------------------\n"
	     " n      inactive   no          yes\n\n", "");
	says(VNM("net-list", "--all", "-q"), 0, " n   inactive   no   yes\n", "");
	says(VNM("net-list", "--name"), 0, "\n", "");
	says(VNM("net-list", "--inactive", "--persistent", "--transient", "--uuid"), 0, UUID "\n\n",
	     "");
	says(VNM("-q", "net-list", "--all", "--transient"), 0, "", "");
	says(VNM("net-name", "2B1FC8A6-5E5C-4F5C-9A4C-0E7B7AD1A5C3"), 0, "n\n\n", "");
	says(VNM("net-name", "n"), 1, "\n", "error: failed to get network 'n'\n");
	says(VNM("net-uuid", "--network", "n"), 0, UUID "\n\n", "");
	says(VNM("net-autostart", "n", UUID, "n"), 0, "Network n marked as autostarted\n\n", "");
	says(VNM("net-info", UUID), 0,
	     "Name:           n\n"
	     "UUID:           " UUID "\n"
	     "Active:         no\n"
	     "Persistent:     yes\n"
	     "Autostart:      yes\n"
	     "Bridge:         vnmtest0\n"
	     "Mode:           isolated\n"
	     "Guests:         0\n\n",
	     "");
	says(VNM("net-autostart", "--all", "--disable"), 0, "Network n unmarked as autostarted\n\n",
	     "");
	says(VNM("net-repair", "n"), 1, "\n",
	     "error: Failed to repair network n\n"
	     "error: Requested operation is not valid: network 'n' is not active\n");
	says(VNM("net-repair", "--all"), 0, "Nothing to do\n\n", "");
	says(VNM("autostart"), 0, "\n", "");
	says(VNM("net-dhcp-leases", "n"), 0,
	     " Expiry Time   MAC address   Protocol   IP address   Hostname   Client ID or DUID\n"
	     "------------------------------------------"
	     "-----------------------------------------\n\n",
	     "hint: network 'n' serves no DHCP; addresses of attached guests: vnetmgr "
	     "net-port-list n\n");
	says(VNM("net-dhcp-leases", "n", "zz"), 1, "\n",
	     "error: Failed to get leases info for n\nerror: invalid MAC address: zz\n");
	says(VNM("net-dhcp-leases", "n", "zz", "--reservations"), 1, "\n",
	     "error: Failed to get reservations of n\nerror: invalid MAC address: zz\n");
	says(VNM("net-list", "--inactive", "--title"), 0,
	     " Name   State      Autostart   Persistent   Title\n"
	     "---------------------------------------------------\n"
	     " n      inactive   no          yes          \n\n", "");
	says(VNM("net-dumpxml", "n", "--xpath", "//name", "--wrap"), 0,
	     "<nodes>\n  <name>n</name>\n</nodes>\n\n", "");
	says(VNM("-q", "net-dumpxml", "n", "--xpath=//nosuch"), 0, "", "");
	says(VNM("net-dumpxml", "n", "--xpath", "1"), 1, "\n",
	     "error: Incorrect xpath '1': it must name elements, attributes or text\n");
	says(VNM("net-uuid n; net-name " UUID), 0, UUID "\n\nn\n\n", "");
	says(VNM("-q", "net-uuid n; net-uuid nosuch\n net-list --uuid # all"), 0, UUID "\n",
	     "error: failed to get network 'nosuch'\n"
	     "error: Network not found: no network with matching name 'nosuch'\n");
	says(VNM("net-uuid n; -q net-list -q"), 1, "", "error: unknown command: '-q'\n"
	     "hint: 'vnetmgr help' lists the commands\n");
	says(VNM("net-undefine n; net-list --frob"), 1, "",
	     "error: command 'net-list' doesn't support option --frob\n"
	     "hint: 'vnetmgr help net-list' shows what it takes\n");
	says(VNM("net-undefine n", "n"), 1, "", "error: unknown command: 'net-undefine n'\n"
	     "hint: did you mean 'net-undefine'?\n");
	says(VNM("net-list -q --name; net-uuid n; net-start ''"), 1, UUID "\n\n\n",
	     "error: Failed to get option 'network': Option argument is empty\n");
	says(VNM(" ; # nothing"), 0, "", "");
	says(VNM("net-uuid \"n"), 1, "", "error: missing \"\n");
	says(VNM("net-undefine", "nosuch", "n"), 1, "Network n has been undefined\n\n",
	     "error: failed to get network 'nosuch'\n"
	     "error: Network not found: no network with matching name 'nosuch'\n");
	says(VNM("-q", "net-undefine", "n"), 1, "",
	     "error: failed to get network 'n'\n"
	     "error: Network not found: no network with matching name 'n'\n");
}

/* ---- signals */

/* What a child does that opens the driver for @command, gets a signal, and lives on for a while. */
static _Noreturn void signal_child(const char *command, int sig, bool ignore, int output)
{
	struct vnm_cli cli = { .command = vnm_command_find(vnm_commands, command), .root = root };

	signal(sig, ignore ? SIG_IGN : SIG_DFL);
	if (vnm_cli_open(&cli) < 0)
		_exit(125);
	raise(sig);
	(void)!write(output, "alive ", 6);
	vnm_cli_close(&cli);
	vnm_cli_deliver_signals(&cli);
	(void)!write(output, "after", 5);
	_exit(0);
}

static void signalled(const char *command, int sig, bool ignore, int ends_by, const char *output)
{
	int fd = memfd_create("output", MFD_CLOEXEC), status;
	char text[32];
	pid_t pid;

	fflush(NULL);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0)
		signal_child(command, sig, ignore, fd);
	VNM_ASSERT_INT_EQ_FATAL(waitpid(pid, &status, 0), pid);
	take(fd, text, sizeof(text));
	VNM_ASSERT_INT_EQ(WIFSIGNALED(status) ? WTERMSIG(status) : 0, ends_by);
	VNM_ASSERT_STR_EQ(text, output);
}

static void test_signals_wait_for_changes(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM, SIGPIPE };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(signals); i++) {
		signalled("net-start", signals[i], false, signals[i], "alive ");
		signalled("net-start", signals[i], true, 0, "alive after");
		signalled("net-list", signals[i], false, signals[i], "");
	}
}

static void in_root(void (*test)(void))
{
	struct vnm_test_dir dir vnm_autotestdir;

	vnm_test_dir_make(&dir);
	snprintf(root, sizeof(root), "%s", dir.path);
	test();
}

#define IN_ROOT(test) static void test##_in_root(void) { in_root(test); }

IN_ROOT(test_usage_errors)
IN_ROOT(test_output_that_cannot_be_written)
IN_ROOT(test_output_closed)
IN_ROOT(test_definitions_from_files)
IN_ROOT(test_session)
IN_ROOT(test_signals_wait_for_changes)

const struct vnm_test vnm_tests[] = {
	{ "usage_errors", test_usage_errors_in_root },
	{ "hints", test_hints },
	{ "no_command", test_no_command },
	{ "help_text", test_help_text },
	{ "help_of_groups", test_help_of_groups },
	{ "version", test_version },
	{ "output_that_cannot_be_written", test_output_that_cannot_be_written_in_root },
	{ "output_closed", test_output_closed_in_root },
	{ "standard_descriptors_are_filled", test_standard_descriptors_are_filled },
	{ "definitions_from_files", test_definitions_from_files_in_root },
	{ "session", test_session_in_root },
	{ "signals_wait_for_changes", test_signals_wait_for_changes_in_root },
	{ 0 }
};
