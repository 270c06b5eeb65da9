/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dnsmasq of a network, with the real program: ready when it reports so, found again, ended, and nobody
 * else.
 */
#define _GNU_SOURCE 1
#include "file_op.h"
#include "netns.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "sys/handles.h"
#include "sys/process/dnsmasq.h"
#include "sys/process/dnsmasq_explain.h"
#include "sys/op_impl.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/poll.h"
#include "util/proc.h"

const char vnm_suite[] = "sys/dnsmasq";

#define LONG_MS 10000
#define N_MANY 5

const char *vnm_test_cannot_run(void)
{
	vnm_autofree char *program = vnm_dnsmasq_find();

	return program ? netns_enter() : "dnsmasq is not installed";
}

/**
 * struct world - a device with an address, and a network's directories.
 * @op: a dnsmasq operation
 */
struct world {
	struct vnm_test_dir tmp;
	struct vnm_sys sys;
	struct vnm_op op;
	char *above;
};

static bool single_uid(void)
{
	char word[16];

	return vnm_proc_read("/proc/self/setgroups", word, sizeof(word)) == 0 &&
	       !strcmp(word, "deny");
}

static void world_make(struct world *w)
{
	vnm_test_dir_make(&w->tmp);
	/* Whoever dnsmasq becomes must get there. */
	chmod(w->tmp.path, 0755);
	w->above = vnm_asprintf("%s/dnsmasq", w->tmp.path);
	vnm_sys_init(&w->sys, w->tmp.fd);
	w->op = (struct vnm_op){ .type = VNM_OP_DNSMASQ };
	w->op.dnsmasq.dir = vnm_asprintf("%s/net0", w->above);
	w->op.dnsmasq.program = vnm_dnsmasq_find();
	w->op.dnsmasq.lease_file = vnm_asprintf("%s/state/leases/net0", w->tmp.path);
	w->op.dnsmasq.single_uid = single_uid();
	netns_flags(&w->sys, "lo", IFF_UP, IFF_UP);
	netns_make(&w->sys, "bridge", "br0", netns_mac(1), 0);
	netns_address(&w->sys, "br0", "192.0.2.1/24");
	netns_flags(&w->sys, "br0", IFF_UP, IFF_UP);
}

static void world_remove(struct world *w)
{
	netns_delete(&w->sys, "br0");
	vnm_sys_clear(&w->sys);
	free(w->op.dnsmasq.dir);
	free(w->op.dnsmasq.program);
	free(w->op.dnsmasq.lease_file);
	free(w->above);
	vnm_test_dir_remove(&w->tmp);
}

#define autoworld __attribute__((cleanup(world_remove)))

static void write_file(struct world *w, const char *name, const char *content, bool shared)
{
	struct vnm_op op = file_op(w->op.dnsmasq.dir, name, content, shared);
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_impl_file.apply(&w->sys, &op, &err), err);
}

static void write_conf(struct world *w, const char *addr)
{
	vnm_autofree char *text = vnm_asprintf(
		"pid-file\nno-resolv\nno-hosts\nbind-interfaces\nlisten-address=%s\n%s"
		"dhcp-range=192.0.2.10,192.0.2.20,1h\ndhcp-leasefile=%s\n"
		"host-record=one.example,192.0.2.77\naddn-hosts=%s/addnhosts\n",
		addr,
		single_uid() ? "" : "user=nobody\ngroup=nogroup\n",
		w->op.dnsmasq.lease_file, w->op.dnsmasq.dir);

	write_file(w, "dnsmasq.conf", text, false);
}

static int apply(struct world *w, struct vnm_error *err)
{
	int r = vnm_impl_dnsmasq.apply(&w->sys, &w->op, err);

	return r < 0 ? r : vnm_impl_dnsmasq.wait_ready(&w->sys, &w->op, err);
}

static enum vnm_presence check(struct world *w)
{
	enum vnm_presence presence = VNM_PRESENCE_COUNT;
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK(vnm_impl_dnsmasq.check(&w->sys, &w->op, &presence, &err), err);
	return presence;
}

static void revert(struct world *w)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK(vnm_impl_dnsmasq.revert(&w->sys, &w->op, &err), err);
	VNM_ASSERT_OK(vnm_impl_dnsmasq.wait_gone(&w->sys, &w->op, &err), err);
	VNM_ASSERT_INT_EQ(check(w), VNM_ABSENT);
}

static char *path_in(struct world *w, const char *name)
{
	return vnm_asprintf("%s/%s", w->op.dnsmasq.dir, name);
}

static char *text_of(struct world *w, const char *name)
{
	vnm_autofree char *path = path_in(w, name);
	char *text = NULL;

	return vnm_file_read(AT_FDCWD, path, 1 << 16, &text, NULL) < 0 ? NULL : text;
}

static pid_t recorded(struct world *w)
{
	vnm_autofree char *text = text_of(w, "process");

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	return (pid_t)atoi(text);
}

static void record(struct world *w, const char *text)
{
	vnm_autoclose int dirfd = open(w->op.dnsmasq.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	VNM_ASSERT_INT_EQ_FATAL(vnm_file_replace(dirfd, "process", text, strlen(text), 0600,
						 (gid_t)-1, VNM_VOLATILE),
				0);
}

/* Ask for the A record of NAME.example, once. Return: the last octet of the answer; 0 none; -1 no reply. */
static int ask(const char *addr, const char *name)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(53) };
	unsigned char query[64] = { 0x12, 0x34, 1, 0, 0, 1 }, reply[512];
	vnm_autoclose int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	size_t len = 12;
	ssize_t n;

	inet_pton(AF_INET, addr, &to.sin_addr);
	query[len++] = (unsigned char)strlen(name);
	memcpy(query + len, name, strlen(name));
	len += strlen(name);
	memcpy(query + len, "\7example\0\0\1\0\1", 13);
	len += 13;
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 || send(fd, query, len, 0) < 0)
		return -1;
	if (poll(&pfd, 1, 5000) != 1)
		return -1;
	n = recv(fd, reply, sizeof(reply), 0);
	if (n < 12)
		return -1;
	return reply[7] == 1 ? reply[n - 1] : 0;
}

static void test_ready(void)
{
	autoworld struct world w;
	struct vnm_error err = { 0 };
	struct stat st;

	world_make(&w);
	VNM_ASSERT_INT_EQ(check(&w), VNM_ABSENT);
	write_conf(&w, "192.0.2.1");
	VNM_ASSERT_OK(vnm_impl_dnsmasq.prepare(&w.sys, &w.op, &err), err);
	VNM_ASSERT_OK_FATAL(apply(&w, &err), err);
	/* The very first question, once. */
	VNM_ASSERT_INT_EQ(ask("192.0.2.1", "one"), 77);
	VNM_ASSERT_INT_EQ(check(&w), VNM_PRESENT);
	VNM_ASSERT_INT_EQ(stat(w.op.dnsmasq.lease_file, &st), 0);
	/* Ours that nobody remembers makes way for another. */
	VNM_ASSERT_OK(apply(&w, &err), err);
	VNM_ASSERT_INT_EQ(ask("192.0.2.1", "one"), 77);
	VNM_ASSERT_INT_EQ(check(&w), VNM_PRESENT);
	revert(&w);
	VNM_ASSERT_INT_EQ(ask("192.0.2.1", "one"), -1);
	CU_ASSERT_PTR_NULL(text_of(&w, "process"));
	revert(&w);
	VNM_ASSERT_INT_EQ(waitpid(-1, NULL, WNOHANG), -1);
}

/* Another command, which did not start it, finds and ends it. */
static void test_other_command(void)
{
	autoworld struct world w;
	struct vnm_error err = { 0 };
	pid_t pid;

	world_make(&w);
	write_conf(&w, "192.0.2.1");
	VNM_ASSERT_OK_FATAL(apply(&w, &err), err);
	pid = recorded(&w);
	vnm_sys_clear(&w.sys);
	vnm_sys_init(&w.sys, w.tmp.fd);
	VNM_ASSERT_INT_EQ(check(&w), VNM_PRESENT);
	VNM_ASSERT_INT_EQ(ask("192.0.2.1", "one"), 77);
	revert(&w);
	/* Ended; here it is still the test's own child, which nobody waited for. */
	CU_ASSERT(waitpid(pid, NULL, WNOHANG) != 0);
}

static void test_killed(void)
{
	autoworld struct world w;
	struct vnm_error err = { 0 };

	world_make(&w);
	write_conf(&w, "192.0.2.1");
	VNM_ASSERT_OK_FATAL(apply(&w, &err), err);
	/* Not waited for, as under an init that is slow. */
	kill(recorded(&w), SIGKILL);
	while (check(&w) == VNM_PRESENT)
		;
	/* The record of what is gone stands in nobody's way. */
	VNM_ASSERT_OK_FATAL(apply(&w, &err), err);
	VNM_ASSERT_INT_EQ(check(&w), VNM_PRESENT);
	VNM_ASSERT_INT_EQ(ask("192.0.2.1", "one"), 77);
	revert(&w);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static void test_side_by_side(void)
{
	autoworld struct world w;
	struct vnm_error err = { 0 };
	struct vnm_op ops[N_MANY];

	world_make(&w);
	for (int i = 0; i < N_MANY; i++) {
		vnm_autofree char *addr = vnm_asprintf("192.0.2.%d", 101 + i),
				  *prefix = vnm_asprintf("%s/32", addr);
		struct vnm_op saved = w.op;

		netns_address(&w.sys, "br0", prefix);
		w.op.dnsmasq.dir = vnm_asprintf("%s/many%d", w.above, i);
		w.op.dnsmasq.lease_file = vnm_asprintf("%s/state/leases/many%d", w.tmp.path, i);
		write_conf(&w, addr);
		ops[i] = w.op;
		w.op = saved;
	}
	/* DHCP has one port for all addresses of a device: these serve DNS only. */
	for (int i = 0; i < N_MANY; i++) {
		vnm_autofree char *text = vnm_asprintf(
			"pid-file\nno-resolv\nno-hosts\nbind-interfaces\n"
			"listen-address=192.0.2.%d\n"
			"host-record=one.example,192.0.2.%d\n",
			101 + i, 101 + i);
		struct vnm_op conf = file_op(ops[i].dnsmasq.dir, "dnsmasq.conf", text, false);

		VNM_ASSERT_OK_FATAL(vnm_impl_file.apply(&w.sys, &conf, &err), err);
	}
	for (int i = 0; i < N_MANY; i++)
		VNM_ASSERT_OK_FATAL(vnm_impl_dnsmasq.apply(&w.sys, &ops[i], &err), err);
	for (int i = 0; i < N_MANY; i++)
		VNM_ASSERT_OK(vnm_impl_dnsmasq.wait_ready(&w.sys, &ops[i], &err), err);
	for (int i = 0; i < N_MANY; i++) {
		vnm_autofree char *addr = vnm_asprintf("192.0.2.%d", 101 + i);

		VNM_ASSERT_INT_EQ(ask(addr, "one"), 101 + i);
	}
	for (int i = 0; i < N_MANY; i++)
		VNM_ASSERT_OK(vnm_impl_dnsmasq.revert(&w.sys, &ops[i], &err), err);
	for (int i = 0; i < N_MANY; i++) {
		VNM_ASSERT_OK(vnm_impl_dnsmasq.wait_gone(&w.sys, &ops[i], &err), err);
		free(ops[i].dnsmasq.dir);
		free(ops[i].dnsmasq.lease_file);
	}
	VNM_ASSERT_INT_EQ(waitpid(-1, NULL, WNOHANG), -1);
}

static void expect_refusal(struct world *w, const char *words)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_INT_EQ(apply(w, &err), -ECHILD);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_DNSMASQ);
	if (!strstr(err.msg, words))
		VNM_ASSERT_STR_EQ(err.msg, words);
	CU_ASSERT_PTR_NULL(strchr(err.msg, '\n'));
	VNM_ASSERT_INT_EQ(check(w), VNM_ABSENT);
	revert(w);
}

static void test_refusals(void)
{
	autoworld struct world w;
	struct vnm_error err = { 0 };
	struct vnm_op first;

	world_make(&w);
	write_file(&w, "dnsmasq.conf", "pid-file\nnonsense-option\n", false);
	expect_refusal(&w, "dnsmasq for net0 did not start: bad option at line 2 of ");
	write_conf(&w, "198.51.100.1");
	expect_refusal(&w, "socket for 198.51.100.1: Cannot assign requested address");

	write_conf(&w, "192.0.2.1");
	VNM_ASSERT_OK_FATAL(apply(&w, &err), err);
	first = w.op;
	w.op.dnsmasq.dir = vnm_asprintf("%s/other", w.above);
	write_conf(&w, "192.0.2.1");
	expect_refusal(&w, "192.0.2.1: Address already in use: process ");
	free(w.op.dnsmasq.dir);
	w.op = first;
	VNM_ASSERT_INT_EQ(check(&w), VNM_PRESENT);
	revert(&w);
}

static void test_no_program(void)
{
	struct vnm_op op = { .type = VNM_OP_DNSMASQ,
			     .dnsmasq = { .dir = (char *)"/run/x/net0",
					  .program = (char *)"/nowhere/dnsmasq" } };
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	vnm_sys_init(&sys, -1);
	VNM_ASSERT_INT_EQ(vnm_impl_dnsmasq.prepare(&sys, &op, &err), -ENOENT);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_UNSUPPORTED);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "net0"));
	vnm_sys_clear(&sys);
}

/* A program of the test's own in dnsmasq's place. */
static void use_program(struct world *w, const char *script)
{
	int fd;

	free(w->op.dnsmasq.program);
	w->op.dnsmasq.program = vnm_asprintf("%s/program", w->tmp.path);
	fd = open(w->op.dnsmasq.program, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	CU_ASSERT_EQUAL_FATAL(write(fd, script, strlen(script)), (ssize_t)strlen(script));
	close(fd);
}

/* It ignores SIGTERM, and prints what was in the record when it began. */
static const char stubborn[] =
	"#!/bin/sh\n"
	"trap '' TERM\n"
	"dir=${2#--conf-file=}; dir=${dir%/*}\n"
	"cat \"$dir/process\" >\"$dir/seen\"\n"
	"mkfifo \"$dir/fifo\"\n"
	"echo dnsmasq: started, version x >&2\n"
	"exec 2>/dev/null\n"
	"read x <\"$dir/fifo\"\n"
	":\n";

static void test_stubborn(void)
{
	autoworld struct world w;
	vnm_autofree char *record_text = NULL, *seen = NULL;
	struct vnm_error err = { 0 };
	int64_t begin;

	world_make(&w);
	use_program(&w, stubborn);
	VNM_ASSERT_OK_FATAL(apply(&w, &err), err);
	/* The record was there before the program was. */
	record_text = text_of(&w, "process");
	seen = text_of(&w, "seen");
	CU_ASSERT_PTR_NOT_NULL(seen);
	VNM_ASSERT_STR_EQ(seen, record_text);
	VNM_ASSERT_INT_EQ(check(&w), VNM_PRESENT);
	begin = vnm_now_ms();
	revert(&w);
	CU_ASSERT(vnm_now_ms() - begin >= 2000);
	CU_ASSERT(vnm_now_ms() - begin < 7000);
}

/* A process of the test's own with dnsmasq's arguments or others; waits until it is ended. */
static pid_t fork_cat(const char *arg)
{
	int fds[2];
	pid_t pid;

	CU_ASSERT_EQUAL_FATAL(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		/* It waits for what never comes: it has both ends. */
		dup2(fds[0], 0);
		fcntl(fds[1], F_SETFD, 0);
		execl("/bin/sh", "sh", "-c", "read x; :", "sh", arg, (char *)NULL);
		_exit(1);
	}
	close(fds[0]);
	close(fds[1]);
	while (vnm_proc_has_arg(pid, arg) != 1)
		;
	return pid;
}

/* All of it right, but it is no dnsmasq of ours; then a wrong start, a wrong boot, nonsense, PID 1. */
static char *wrong_record(int i, pid_t pid, const struct vnm_proc_id *id)
{
	unsigned long long start = id->start;

	switch (i) {
	case 0:
		return vnm_asprintf("%d %llu %s\n", (int)pid, start, id->boot_id);
	case 1:
		return vnm_asprintf("%d 1 %s\n", (int)pid, id->boot_id);
	case 2:
		return vnm_asprintf("%d %llu %36s\n", (int)pid, start, "x");
	case 3:
		return vnm_asprintf("%d\n", (int)pid);
	case 4:
		return vnm_asprintf("%d %llu %s", (int)pid, start, id->boot_id);
	case 5:
		return vnm_asprintf("-1 %llu %s\n", start, id->boot_id);
	case 6:
		return vnm_asprintf("1 0 %s\n", id->boot_id);
	default:
		return vnm_strdup("");
	}
}

static void test_innocent(void)
{
	autoworld struct world w;
	struct vnm_error err = { 0 };
	struct vnm_proc_id id = { 0 };
	pid_t cat;

	world_make(&w);
	write_conf(&w, "192.0.2.1");
	cat = fork_cat("innocent");
	VNM_ASSERT_INT_EQ_FATAL(vnm_proc_identify(cat, &id), 0);
	for (int i = 0; i < 8; i++) {
		vnm_autofree char *text = wrong_record(i, cat, &id);

		record(&w, text);
		VNM_ASSERT_INT_EQ(check(&w), VNM_ABSENT);
		revert(&w);
		VNM_ASSERT_INT_EQ(waitpid(cat, NULL, WNOHANG), 0);
		write_conf(&w, "192.0.2.1");
	}
	/* And it does not stand in the way of a start. */
	record(&w, "1 0 nonsense\n");
	VNM_ASSERT_OK_FATAL(apply(&w, &err), err);
	revert(&w);
	VNM_ASSERT_INT_EQ(waitpid(cat, NULL, WNOHANG), 0);
	kill(cat, SIGKILL);
	VNM_ASSERT_INT_EQ(waitpid(cat, NULL, 0), cat);
}

/* A record that is damaged or gone: then the process is found by its arguments. */
static void test_damaged_record(void)
{
	autoworld struct world w;
	vnm_autofree char *arg = NULL, *path = NULL;
	struct vnm_error err = { 0 };
	pid_t namesake, pid;

	world_make(&w);
	write_conf(&w, "192.0.2.1");
	arg = vnm_asprintf("--conf-file=%s/dnsmasq.conf", w.op.dnsmasq.dir);
	/* A process that searches for it has its argument, too. */
	namesake = fork_cat(arg);
	VNM_ASSERT_OK_FATAL(apply(&w, &err), err);
	pid = recorded(&w);
	record(&w, "damaged");
	VNM_ASSERT_INT_EQ(check(&w), VNM_PRESENT);
	path = path_in(&w, "process");
	VNM_ASSERT_INT_EQ(unlink(path), 0);
	VNM_ASSERT_INT_EQ(check(&w), VNM_PRESENT);
	revert(&w);
	VNM_ASSERT_INT_EQ(waitpid(pid, NULL, WNOHANG), -1);
	VNM_ASSERT_INT_EQ(waitpid(namesake, NULL, WNOHANG), 0);
	kill(namesake, SIGKILL);
	VNM_ASSERT_INT_EQ(waitpid(namesake, NULL, 0), namesake);
}

/* After SIGHUP dnsmasq reads its hosts as the user it became: the mode must let it. */
static void test_hangup(void)
{
	autoworld struct world w;
	struct vnm_error err = { 0 };
	int answer = 0;

	world_make(&w);
	write_conf(&w, "192.0.2.1");
	write_file(&w, "addnhosts", "192.0.2.50 two.example\n", true);
	VNM_ASSERT_OK_FATAL(apply(&w, &err), err);
	VNM_ASSERT_INT_EQ(ask("192.0.2.1", "two"), 50);
	write_file(&w, "addnhosts", "192.0.2.51 two.example\n", true);
	VNM_ASSERT_INT_EQ(kill(recorded(&w), SIGHUP), 0);
	for (int64_t deadline = vnm_now_ms() + 5000; answer != 51 && vnm_now_ms() < deadline;)
		answer = ask("192.0.2.1", "two");
	VNM_ASSERT_INT_EQ(answer, 51);
	revert(&w);
}

/*
 * All of it again in a user namespace with one user: there dnsmasq stays its user, and reports when it is
 * ready.
 */
static void test_single_uid(void)
{
	pid_t pid;
	int status = -1;

	if (single_uid())
		return;
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		char map[64];

		snprintf(map, sizeof(map), "0 %u 1", (unsigned)geteuid());
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
			_exit(77);
		if (netns_write("/proc/self/setgroups", "deny") < 0 ||
		    netns_write("/proc/self/uid_map", map) < 0 ||
		    netns_write("/proc/self/gid_map", map) < 0)
			_exit(77);
		execl("/proc/self/exe", "test_dnsmasq", (char *)NULL);
		_exit(1);
	}
	VNM_ASSERT_INT_EQ(waitpid(pid, &status, 0), pid);
	CU_ASSERT(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		printf("no user namespaces here: not shown ");
	else
		VNM_ASSERT_INT_EQ(WEXITSTATUS(status), 0);
}

const struct vnm_test vnm_tests[] = {
	{ "ready", test_ready },
	{ "other command", test_other_command },
	{ "killed", test_killed },
	{ "side by side", test_side_by_side },
	{ "refusals", test_refusals },
	{ "no program", test_no_program },
	{ "stubborn", test_stubborn },
	{ "innocent", test_innocent },
	{ "damaged record", test_damaged_record },
	{ "hangup", test_hangup },
	{ "single uid", test_single_uid },
	{ 0 }
};
