/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that dnsmasq is given, with their owners and modes; and its output, as our error. */
#define _GNU_SOURCE 1
#include "file_op.h"
#include "runner.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plan/dnsmasq/dnsmasq_names.h"
#include "sys/handles.h"
#include "sys/process/dnsmasq.h"
#include "sys/process/dnsmasq_explain.h"
#include "sys/op_impl.h"
#include "util/file.h"
#include "util/mem.h"

const char vnm_suite[] = "sys/dnsmasq_files";

/** struct place - a network's directory, not made yet. */
struct place {
	struct vnm_test_dir tmp;
	struct vnm_sys sys;
	char *dir;
};

static void place_make(struct place *p)
{
	vnm_test_dir_make(&p->tmp);
	vnm_sys_init(&p->sys, p->tmp.fd);
	p->dir = vnm_asprintf("%s/dnsmasq/net0", p->tmp.path);
}

static void place_remove(struct place *p)
{
	free(p->dir);
	vnm_sys_clear(&p->sys);
	vnm_test_dir_remove(&p->tmp);
}

#define autoplace __attribute__((cleanup(place_remove)))

/* Are there other groups that we could give a file to? */
static bool has_group(const struct group *group)
{
	char word[16] = "";

	return group && geteuid() == 0 &&
	       (vnm_proc_read("/proc/self/setgroups", word, sizeof(word)) < 0 ||
		strcmp(word, "deny") != 0);
}

static void write_file(struct place *p, const char *name, const char *content)
{
	struct vnm_op op = file_op(p->dir, name, content, false);
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_impl_file.apply(&p->sys, &op, &err), err);
}

static enum vnm_presence file_presence(struct place *p, const struct vnm_op *op)
{
	enum vnm_presence presence = VNM_PRESENCE_COUNT;
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK(vnm_impl_file.check(&p->sys, op, &presence, &err), err);
	return presence;
}

/* What a list becomes: its owner alone reads it; or the group does, if the account is one that others use. */
static void test_lists(void)
{
	static const struct {
		const char *owner, *group;
	} cases[] = { { "nobody", NULL }, { NULL, "nogroup" }, { NULL, NULL } };
	const struct group *group = getgrnam("nogroup");
	const struct passwd *user = getpwnam("nobody");
	autoplace struct place p;
	struct vnm_error err = { 0 };
	struct stat st;

	place_make(&p);
	if (!user || !has_group(group)) {
		CU_PASS("nobody to give a file to");
		return;
	}
	/* Each again, over what another one has made: the content is the same, who reads it is not. */
	for (size_t i = 0; i < 2 * VNM_ARRAY_SIZE(cases); i++) {
		size_t at = i % VNM_ARRAY_SIZE(cases), before = (i + 2) % VNM_ARRAY_SIZE(cases);
		struct vnm_op hosts = file_op(p.dir, "hosts", "x\n", true), old = hosts;
		vnm_autofree char *path = vnm_asprintf("%s/hosts", p.dir);

		hosts.file.owner = (char *)cases[at].owner;
		hosts.file.group = (char *)cases[at].group;
		old.file.owner = (char *)cases[before].owner;
		old.file.group = (char *)cases[before].group;
		VNM_ASSERT_OK_FATAL(i ? vnm_impl_file.change(&p.sys, &old, &hosts, &err)
				      : vnm_impl_file.apply(&p.sys, &hosts, &err), err);
		VNM_ASSERT_INT_EQ_FATAL(stat(path, &st), 0);
		VNM_ASSERT_INT_EQ(st.st_uid, cases[at].owner ? user->pw_uid : 0);
		VNM_ASSERT_INT_EQ(st.st_gid, cases[at].owner ? getegid() : group->gr_gid);
		VNM_ASSERT_INT_EQ(st.st_mode & 07777, cases[at].owner ? 0400 : 0640);
	}
}

/* An account that went, and a directory of an older version. */
static void test_lists_of_old(void)
{
	autoplace struct place p;
	struct vnm_error err = { 0 };
	struct vnm_op hosts;
	struct stat st;

	place_make(&p);
	hosts = file_op(p.dir, "hosts", "", true);
	hosts.file.owner = (char *)"no-such-account";
	if (geteuid() == 0) {
		VNM_ASSERT_INT_EQ(vnm_impl_file.apply(&p.sys, &hosts, &err), -ENOENT);
		VNM_ASSERT_STR_EQ(err.msg, "account 'no-such-account', which dnsmasq is to run as, "
					   "does not exist; make it with useradd --system");
		hosts.file.owner = NULL;
		hosts.file.group = (char *)"no-such-group";
		VNM_ASSERT_INT_EQ(vnm_impl_file.apply(&p.sys, &hosts, &err), -ENOENT);
		VNM_ASSERT_STR_EQ(err.msg, "group 'no-such-group', which dnsmasq is to run as, "
					   "does not exist; make it with groupadd");
	}
	write_file(&p, "dnsmasq.conf", "");
	VNM_ASSERT_INT_EQ(chmod(p.dir, 0750), 0);
	write_file(&p, "dnsmasq.conf", "");
	VNM_ASSERT_INT_EQ(stat(p.dir, &st), 0);
	VNM_ASSERT_INT_EQ(st.st_mode & 07777, 0711);
}

static void test_files(void)
{
	autoplace struct place p;
	struct vnm_error err = { 0 };
	struct vnm_op conf, hosts;
	const struct group *group = getgrnam("nogroup");
	vnm_autofree char *conf_path = NULL, *hosts_path = NULL;
	struct stat st;
	mode_t before = umask(077);

	place_make(&p);
	conf = file_op(p.dir, "dnsmasq.conf", "port=0\n", false);
	hosts = file_op(p.dir, "hosts", "", true);
	VNM_ASSERT_INT_EQ(file_presence(&p, &conf), VNM_ABSENT);
	VNM_ASSERT_OK(vnm_impl_file.revert(&p.sys, &conf, &err), err);
	VNM_ASSERT_OK_FATAL(vnm_impl_file.apply(&p.sys, &conf, &err), err);
	VNM_ASSERT_OK_FATAL(vnm_impl_file.apply(&p.sys, &hosts, &err), err);
	umask(before);
	VNM_ASSERT_INT_EQ(file_presence(&p, &conf), VNM_PRESENT);
	VNM_ASSERT_INT_EQ(file_presence(&p, &hosts), VNM_PRESENT);

	VNM_ASSERT_INT_EQ(stat(p.dir, &st), 0);
	VNM_ASSERT_INT_EQ(st.st_mode & 07777, 0711);
	VNM_ASSERT_INT_EQ(st.st_gid, getegid());
	conf_path = vnm_asprintf("%s/dnsmasq.conf", p.dir);
	hosts_path = vnm_asprintf("%s/hosts", p.dir);
	VNM_ASSERT_INT_EQ(stat(conf_path, &st), 0);
	VNM_ASSERT_INT_EQ(st.st_mode & 07777, 0600);
	VNM_ASSERT_INT_EQ(st.st_gid, getegid());
	VNM_ASSERT_INT_EQ(stat(hosts_path, &st), 0);
	VNM_ASSERT_INT_EQ(st.st_mode & 07777, 0640);
	if (has_group(group))
		VNM_ASSERT_INT_EQ(st.st_gid, group->gr_gid);

	/* Longer, shorter, other: not what we made, and made anew. */
	write_file(&p, "dnsmasq.conf", "port=0\n\n");
	VNM_ASSERT_INT_EQ(file_presence(&p, &conf), VNM_ABSENT);
	write_file(&p, "dnsmasq.conf", "port=0");
	VNM_ASSERT_INT_EQ(file_presence(&p, &conf), VNM_ABSENT);
	write_file(&p, "dnsmasq.conf", "port=1\n");
	VNM_ASSERT_INT_EQ(file_presence(&p, &conf), VNM_ABSENT);
	VNM_ASSERT_OK_FATAL(vnm_impl_file.apply(&p.sys, &conf, &err), err);
	VNM_ASSERT_INT_EQ(file_presence(&p, &conf), VNM_PRESENT);

	VNM_ASSERT_OK(vnm_impl_file.revert(&p.sys, &conf, &err), err);
	VNM_ASSERT_INT_EQ(stat(p.dir, &st), 0);
	VNM_ASSERT_OK(vnm_impl_file.revert(&p.sys, &hosts, &err), err);
	VNM_ASSERT_INT_EQ(stat(p.dir, &st), -1);
	VNM_ASSERT_OK(vnm_impl_file.revert(&p.sys, &hosts, &err), err);
}

static void test_explain(void)
{
	static const struct {
		const char *output, *want;
	} cases[] = {
		{ "\ndnsmasq: failed to create inotify: Too many open files\n",
		  "inotify: Too many open files; fs.inotify.max_user_instances is " },
		{ "\ndnsmasq: failed to create inotify: Too many open files\n",
		  "sysctl fs.inotify.max_user_instances=1024" },
		{ "dnsmasq: warning: x\n\ndnsmasq: the reason\ndnsmasq: FAILED to start up\n",
		  "dnsmasq for net0 did not start: the reason" },
		{ "it ended with status 3",
		  "dnsmasq for net0 did not start: it ended with status 3" },
		{ "", "dnsmasq for net0 did not start: " },
		{ "\n\n\n", "dnsmasq for net0 did not start: " },
		{ "\n\n", "dnsmasq for net0 did not start: " },
		{ "a\n\n", "dnsmasq for net0 did not start: a" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		struct vnm_error err = { 0 };

		VNM_ASSERT_INT_EQ(vnm_dnsmasq_explain("/run/x/net0", cases[i].output, &err),
				  -ECHILD);
		VNM_ASSERT_INT_EQ(err.code, VNM_ERR_DNSMASQ);
		if (!strstr(err.msg, cases[i].want))
			VNM_ASSERT_STR_EQ(err.msg, cases[i].want);
		CU_ASSERT_PTR_NULL(strchr(err.msg, '\n'));
	}
}

/* The line that dnsmasq complains of, and whether it is the definition's. */
static void test_explain_line(void)
{
#define OWN ", a <dnsmasq:option> of the network's definition: correct it there, or take it out"
	static const struct {
		const char *line, *file, *suffix;
	} cases[] = {
		{ "3", "dnsmasq.conf", ": 'nonsense=1'" OWN },
		{ "4", "dnsmasq.conf", ": 'last'" OWN },
		{ "1", "dnsmasq.conf", ": 'port=0'" },
		{ "5", "dnsmasq.conf", "" },
		{ "99", "dnsmasq.conf", "" },
		{ "0", "dnsmasq.conf", "" },
		{ "x", "dnsmasq.conf", "" },
		{ "3", "dnsmasq.conf.d", "" },
		{ "3", "hosts", "" },
	};
	autoplace struct place p;

	place_make(&p);
	write_file(&p, "dnsmasq.conf", "port=0\n" VNM_DNSMASQ_OWN_LINES "\nnonsense=1\nlast\n");
	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autofree char *words = vnm_asprintf("bad option at line %s of %s/%s",
							cases[i].line, p.dir, cases[i].file);
		vnm_autofree char *output = vnm_asprintf("\ndnsmasq: %s\n", words);
		vnm_autofree char *want = vnm_asprintf("dnsmasq for net0 did not start: %s%s",
						       words, cases[i].suffix);
		struct vnm_error err = { 0 };

		VNM_ASSERT_INT_EQ(vnm_dnsmasq_explain(p.dir, output, &err), -ECHILD);
		VNM_ASSERT_STR_EQ(err.msg, want);
	}
}

const struct vnm_test vnm_tests[] = { { "files", test_files },
				      { "lists", test_lists },
				      { "lists_of_old", test_lists_of_old },
				      { "explain", test_explain },
				      { "explain a line", test_explain_line },
				      { 0 } };
