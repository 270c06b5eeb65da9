/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_owner.c - whose the run directory is, and who holds its lock. */
#include "runner.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "state/holder.h"
#include "state/owner.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"
#include "util/proc_record.h"

const char vnm_suite[] = "run/owner";

#define FIRST_PID 0xEFFFFFFCU
#define NONE 1 /* no namespace has this number */

/* The record, with other numbers: those that are 0 stay ours. */
static void record(int fd, const struct vnm_namespaces *other, const char *boot)
{
	struct vnm_namespaces ns = { 0 };
	char boot_id[VNM_UUID_STRLEN];
	vnm_autofree char *text = NULL;

	VNM_ASSERT_INT_EQ_FATAL(vnm_namespaces_of(0, &ns), 0);
	VNM_ASSERT_INT_EQ_FATAL(vnm_boot_id(boot_id), 0);
	for (int i = 0; i < VNM_NAMESPACE_COUNT; i++)
		ns.id[i] = other->id[i] ? other->id[i] : ns.id[i];
	text = vnm_asprintf("net:[%" PRIu64 "] pid:[%" PRIu64 "] time:[%" PRIu64
			    "] root 0 boot %s\n",
			    ns.id[VNM_NAMESPACE_NET], ns.id[VNM_NAMESPACE_PID],
			    ns.id[VNM_NAMESPACE_TIME], boot ? boot : boot_id);
	VNM_ASSERT_INT_EQ_FATAL(vnm_file_replace(fd, "owner", text, strlen(text), 0600, (gid_t)-1,
						 VNM_VOLATILE),
				0);
}

static enum vnm_ownership read_ownership(struct vnm_test_dir *dir)
{
	struct vnm_paths paths = { .run = dir->path, .leases = dir->path };
	enum vnm_ownership ownership = VNM_OWNER_ELSE;
	struct vnm_owner owner;
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK(vnm_owner_look(dir->fd, &paths, &ownership, &owner, &err), err);
	return ownership;
}

static void put(int fd, const char *name)
{
	VNM_ASSERT_INT_EQ_FATAL(vnm_file_replace(fd, name, "", 0, 0600, (gid_t)-1, VNM_VOLATILE),
				0);
}

static void test_claim(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_paths paths = { 0 };
	struct vnm_error err = { 0 };

	vnm_test_dir_make(&dir);
	paths.run = dir.path;
	VNM_ASSERT_INT_EQ(read_ownership(&dir), VNM_OWNER_NOBODY);
	VNM_ASSERT_OK(vnm_owner_claim(dir.fd, &paths, &err), err);
	VNM_ASSERT_INT_EQ(read_ownership(&dir), VNM_OWNER_US);
	put(dir.fd, "n.journal");
	VNM_ASSERT_INT_EQ(read_ownership(&dir), VNM_OWNER_US);
	put(dir.fd, "owner"); /* damaged: nothing says that it is not ours */
	VNM_ASSERT_INT_EQ(read_ownership(&dir), VNM_OWNER_NOBODY);
}

static void test_describes_something(void)
{
	static const struct {
		const char *file;
		bool counts;
	} rows[] = {
		{ "n.journal", true },	       { "n.update", true },	 { "n.guard", true },
		{ "n.journal.pending", true }, { "hook", true },	 { "attached", true },
		{ "attachments", true },       { "lock", false },	 { "n.xml", false },
		{ ".journal", false },	       { "forwarding4", false },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		vnm_autotestdir struct vnm_test_dir dir;

		vnm_test_dir_make(&dir);
		CU_ASSERT_FALSE(vnm_owner_describes_something(dir.fd));
		put(dir.fd, rows[i].file);
		VNM_ASSERT_INT_EQ(vnm_owner_describes_something(dir.fd), rows[i].counts);
	}
}

static void test_others(void)
{
	const struct {
		struct vnm_namespaces ns;
		const char *boot;
		enum vnm_ownership without, with; /* anything on record */
	} rows[] = {
		{ { { NONE, 0, 0 } }, NULL, VNM_OWNER_NOBODY, VNM_OWNER_GONE },
		{ { { 0, 0, NONE } }, NULL, VNM_OWNER_NOBODY, VNM_OWNER_NOBODY },
		{ { { NONE, 0, NONE } }, NULL, VNM_OWNER_NOBODY, VNM_OWNER_GONE },
		{ { { NONE, NONE, 0 } },
		  "00000000-0000-0000-0000-000000000000",
		  VNM_OWNER_NOBODY,
		  VNM_OWNER_NOBODY },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		vnm_autotestdir struct vnm_test_dir dir;

		vnm_test_dir_make(&dir);
		record(dir.fd, &rows[i].ns, rows[i].boot);
		VNM_ASSERT_INT_EQ(read_ownership(&dir), rows[i].without);
		put(dir.fd, "n.journal");
		VNM_ASSERT_INT_EQ(read_ownership(&dir), rows[i].with);
	}
}

/* The first process namespace does not end, and from a later one nobody can see what is left of it. */
static void test_hidden(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	const struct vnm_namespaces other = { { NONE, FIRST_PID, 0 } };
	struct vnm_namespaces self;

	vnm_test_dir_make(&dir);
	VNM_ASSERT_INT_EQ_FATAL(vnm_namespaces_of(0, &self), 0);
	record(dir.fd, &other, NULL);
	put(dir.fd, "n.journal");
	VNM_ASSERT_INT_EQ(read_ownership(&dir),
			  vnm_namespaces_first(&self) ? VNM_OWNER_GONE : VNM_OWNER_ELSE);
}

static void test_refusal(void)
{
	struct vnm_paths paths = { .run = (char *)"/run/x" };
	struct vnm_owner owner = { .ns = { { 0, 0, NONE } } };
	struct vnm_error err = { 0 };

	VNM_ASSERT_INT_EQ(vnm_owner_refuse(&paths, &owner, &err), -EXDEV);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_STATE);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "another time namespace (time:[1], this is time:["));
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "rm /run/x/owner"));
}

/* ---- the lock ---- */

/* The message that another one, who asks for it now, gets; "": none, it only reads. */
static char *asked(const struct vnm_hold *hold)
{
	char buf[1024] = "";
	int fds[2], fd, status;
	pid_t pid;

	CU_ASSERT_FATAL(pipe(fds) == 0);
	pid = fork();
	if (pid == 0) {
		struct vnm_error err = { 0 };

		if (vnm_hold_take(hold, &fd, &err) == 0 && fd >= 0)
			snprintf(err.msg, sizeof(err.msg), "taken");
		(void)!write(fds[1], err.msg, strlen(err.msg));
		_exit(0);
	}
	close(fds[1]);
	(void)!read(fds[0], buf, sizeof(buf) - 1);
	close(fds[0]);
	VNM_ASSERT_INT_EQ(waitpid(pid, &status, 0), pid);
	return vnm_strdup(buf);
}

static void test_hold(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_hold hold = { .seconds = 0 }, reader = { .reads = true, .seconds = 0 };
	struct vnm_error err = { 0 };
	char own[64];
	int fd;

	vnm_test_dir_make(&dir);
	hold.run_fd = reader.run_fd = dir.fd;
	hold.run = reader.run = "/run/x";
	VNM_ASSERT_OK_FATAL(vnm_hold_take(&hold, &fd, &err), err);
	CU_ASSERT_FATAL(fd >= 0);

	vnm_autofree char *answer = asked(&hold), *read_answer = asked(&reader);
	snprintf(own, sizeof(own), "process %d holds '/run/x/lock'; wait for it,", (int)getpid());
	VNM_ASSERT_INT_EQ(strncmp(answer, own, strlen(own)), 0);
	VNM_ASSERT_STR_EQ(read_answer, "");

	vnm_hold_announce(dir.fd, "/etc/hooks/h", "n", 77);
	vnm_autofree char *hook = asked(&hold);
	CU_ASSERT_PTR_NOT_NULL(strstr(
		hook, ", which is running the hook '/etc/hooks/h' of network 'n' (process 77), "
		      "holds '/run/x/lock';"));
	vnm_hold_announce(dir.fd, NULL, NULL, 0);
	vnm_autofree char *after = asked(&hold);
	VNM_ASSERT_STR_EQ(after, answer);

	close(fd);
	vnm_autofree char *then = asked(&reader);
	VNM_ASSERT_STR_EQ(then, "taken");
}

/* Released and taken again: it sees that somebody else has had it meanwhile, once. */
static void test_retake(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_hold hold = { .seconds = 0 };
	struct vnm_error err = { 0 };
	struct timespec released;
	bool others = true;
	int fd;

	vnm_test_dir_make(&dir);
	hold.run_fd = dir.fd;
	hold.run = "/run/x";
	VNM_ASSERT_OK_FATAL(vnm_hold_take(&hold, &fd, &err), err);
	VNM_ASSERT_INT_EQ_FATAL(vnm_hold_release(fd, &released), 0);
	CU_ASSERT_TRUE(vnm_hold_retake(fd, &released, &others));
	CU_ASSERT_FALSE(others);

	VNM_ASSERT_INT_EQ_FATAL(vnm_hold_release(fd, &released), 0);
	vnm_autofree char *other = asked(&hold);
	VNM_ASSERT_STR_EQ(other, "taken");
	CU_ASSERT_TRUE(vnm_hold_retake(fd, &released, &others));
	CU_ASSERT_TRUE(others);
	vnm_autofree char *text = NULL;
	vnm_autofree char *own = vnm_asprintf("process %d", (int)getpid());
	VNM_ASSERT_INT_EQ_FATAL(vnm_file_read(dir.fd, "lock", 64, &text, NULL), 0);
	VNM_ASSERT_STR_EQ(text, own);

	VNM_ASSERT_INT_EQ_FATAL(vnm_hold_release(fd, &released), 0);
	CU_ASSERT_TRUE(vnm_hold_retake(fd, &released, &others));
	CU_ASSERT_FALSE(others);
	close(fd);
}

/* One that the hook of the holder has started must not wait for it. */
static void test_descendant(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_hold hold = { .seconds = 60 };
	struct vnm_proc_id self;
	struct vnm_error err = { 0 };
	int fd;

	vnm_test_dir_make(&dir);
	hold.run_fd = dir.fd;
	hold.run = "/run/x";
	VNM_ASSERT_OK_FATAL(vnm_hold_take(&hold, &fd, &err), err);
	VNM_ASSERT_INT_EQ_FATAL(vnm_proc_identify(getpid(), &self), 0);
	CU_ASSERT_FALSE(vnm_proc_descends(&self));
	VNM_ASSERT_INT_EQ_FATAL(vnm_proc_record_write(dir.fd, VNM_HOOK_RECORD, &self), 0);
	vnm_autofree char *answer = asked(&hold);
	CU_ASSERT_PTR_NOT_NULL(strstr(answer, "a hook cannot use vnetmgr: process "));

	/* Another process had this number. */
	self.start--;
	VNM_ASSERT_INT_EQ_FATAL(vnm_proc_record_write(dir.fd, VNM_HOOK_RECORD, &self), 0);
	hold.seconds = 0;
	vnm_autofree char *stranger = asked(&hold);
	CU_ASSERT_PTR_NOT_NULL(strstr(stranger, " holds '/run/x/lock'"));
	close(fd);
}

static void test_stopped(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		raise(SIGSTOP);
		_exit(0);
	}
	VNM_ASSERT_INT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	CU_ASSERT_TRUE(vnm_proc_stopped(pid));
	CU_ASSERT_FALSE(vnm_proc_stopped(getpid()));
	kill(pid, SIGCONT);
	VNM_ASSERT_INT_EQ(waitpid(pid, &status, 0), pid);
	CU_ASSERT_FALSE(vnm_proc_stopped(pid));
}

const struct vnm_test vnm_tests[] = {
	{ "claim", test_claim },
	{ "describes_something", test_describes_something },
	{ "others", test_others },
	{ "hidden", test_hidden },
	{ "refusal", test_refusal },
	{ "hold", test_hold },
	{ "retake", test_retake },
	{ "descendant", test_descendant },
	{ "stopped", test_stopped },
	{ 0 },
};
