/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dnsmasq_account.c - the user that dnsmasq becomes when it has its sockets.
 *
 * "dnsmasq" where the account exists, as distributions create it. Other processes of "nobody" could kill a dnsmasq that
 * runs as nobody, and read what it can read. Debian's account is in the group of nobody, so even then no file is given
 * to a group.
 */
#include "sys/process/dnsmasq_account.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plan/dnsmasq/dnsmasq_names.h"
#include "util/file.h"
#include "util/mem.h"

#define MAP_MAX 16384 /* at most 340 lines: user_namespaces(7) */

/* The error of a getpwnam(3) or getgrnam(3) that failed; 0: no such entry. */
static int not_found(int error)
{
	return error == ENOENT || error == ESRCH || error == EBADF || error == EPERM ? 0 : -error;
}

static const void *ask_user(const void *name)
{
	return getpwnam(name);
}

static const void *ask_group(const void *name)
{
	return getgrnam(name);
}

static const void *ask_group_of(const void *gid)
{
	return getgrgid(*(const gid_t *)gid);
}

/*
 * glibc takes a failed or interrupted read for the end of /etc/passwd: a missing entry is looked up twice.
 * Return: 1, 0, -errno.
 */
#define ASKED 2

static int find_entry(const void *(*ask)(const void *key), const void *key, const void **ret)
{
	*ret = NULL;
	for (int i = 0; !*ret && i < ASKED; i += errno != EINTR) {
		errno = 0;
		*ret = ask(key);
	}
	return *ret ? 1 : not_found(errno);
}

static int find_user(const char *name, uid_t *ret_uid, gid_t *ret_gid)
{
	const void *found;
	const struct passwd *user;
	int r = find_entry(ask_user, name, &found);

	if (r <= 0)
		return r;
	user = found;
	*ret_uid = user->pw_uid;
	*ret_gid = user->pw_gid;
	return 1;
}

static int find_group_name(gid_t gid, char **ret)
{
	const void *group;
	int r = find_entry(ask_group_of, &gid, &group);

	if (r > 0)
		*ret = vnm_strdup(((const struct group *)group)->gr_name);
	return r;
}

static int find_group(const char *name, gid_t *ret)
{
	const void *group;
	int r = find_entry(ask_group, name, &group);

	if (r > 0)
		*ret = ((const struct group *)group)->gr_gid;
	return r;
}

/* Can files be given to this id? In a user namespace most are unmapped: user_namespaces(7). Return: 1, 0, -errno. */
static int is_mapped(const char *path, unsigned id)
{
	vnm_autofree char *map = NULL;
	unsigned inside, outside, count;
	int r = vnm_file_read(AT_FDCWD, path, MAP_MAX, &map, NULL);

	if (r < 0)
		return r;
	for (const char *line = map; *line; line += strcspn(line, "\n"), line += *line == '\n')
		if (sscanf(line, "%u %u %u", &inside, &outside, &count) == 3 && id >= inside &&
		    id - inside < count)
			return 1;
	return 0;
}

/* Return: 1, and the name of its group; 0: it cannot be used here; -errno. */
static int find_account(const char *account, char **ret_group)
{
	uid_t uid = 0;
	gid_t gid = 0;
	int r = find_user(account, &uid, &gid);

	if (r > 0)
		r = find_group_name(gid, ret_group);
	/* "nobody" will do where files can be given to no other account. */
	if (r > 0 && strcmp(account, VNM_DNSMASQ_SHARED_USER) != 0) {
		r = is_mapped("/proc/self/uid_map", uid);
		if (r > 0)
			r = is_mapped("/proc/self/gid_map", gid);
	}
	return r;
}

/**
 * vnm_observe_account() - which user dnsmasq can become here
 * @facts: has @single_uid; gets @dnsmasq_user and @dnsmasq_group, NULL when there is none
 * @err:   set when the lookup failed
 *
 * Return: 0 or -errno.
 */
int vnm_observe_account(struct vnm_facts *facts, struct vnm_error *err)
{
	static const char *const accounts[] = { VNM_DNSMASQ_USER, VNM_DNSMASQ_SHARED_USER };

	for (size_t i = 0; !facts->single_uid && i < VNM_ARRAY_SIZE(accounts); i++) {
		vnm_autofree char *group = NULL;
		int r = find_account(accounts[i], &group);

		if (r < 0)
			return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
					     "cannot look up the account '%s', as which dnsmasq is "
					     "to run: %s",
					     accounts[i], strerror(-r));
		if (r == 0)
			continue;
		facts->dnsmasq_user = vnm_strdup(accounts[i]);
		facts->dnsmasq_group = vnm_steal(&group);
		return 0;
	}
	return 0;
}

static int fail_missing(const char *what, const char *name, const char *command,
			struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, ENOENT,
			     "%s '%s', which dnsmasq is to run as, does not exist; make it with %s",
			     what, name, command);
}

/* NO_OWNER, NO_GROUP if files cannot be given to it. */
static int grant_id(const char *what, const char *name, const char *map, unsigned id, int found,
		    unsigned *ret, struct vnm_error *err)
{
	int r = found < 0 ? found : is_mapped(map, id);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot look up the %s '%s', as which dnsmasq is to run: %s",
				     what, name, strerror(-r));
	if (r > 0)
		*ret = id;
	return 0;
}

/**
 * vnm_dnsmasq_access() - owner and mode by which dnsmasq can read a file
 * @file: the file, with its user and group
 * @ret:  gets them
 * @err:  VNM_ERR_UNSUPPORTED when the account is gone
 *
 * Return: 0 or -errno.
 */
int vnm_dnsmasq_access(const struct vnm_op_file *file, struct vnm_dnsmasq_access *ret,
		       struct vnm_error *err)
{
	/* A record of an older version names no group: there was only one. */
	const char *group = file->group ? file->group : VNM_DNSMASQ_SHARED_GROUP;
	uid_t uid = 0;
	gid_t gid = 0;
	int found;

	*ret = (struct vnm_dnsmasq_access){ (uid_t)-1, (gid_t)-1, file->shared ? 0640 : 0600 };
	if (!file->shared || geteuid() != 0)
		return 0;
	if (file->owner) {
		ret->mode = 0400;
		found = find_user(file->owner, &uid, &gid);
		if (found == 0)
			return fail_missing("account", file->owner, "useradd --system", err);
		return grant_id("account", file->owner, "/proc/self/uid_map", uid, found, &ret->uid,
				err);
	}
	found = find_group(group, &gid);
	if (found == 0)
		return fail_missing("group", group, "groupadd", err);
	return grant_id("group", group, "/proc/self/gid_map", gid, found, &ret->gid, err);
}
