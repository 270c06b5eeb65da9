/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * opens.c - whether another account may open a file.
 *
 * Modes do not decide alone: there are ACLs, security modules, and device files whose module is missing. So a child
 * becomes that user, with the user's groups, and tries.
 */
#include "util/opens.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/file.h"

#define GROUPS_MAX 256 /* of a user; of more, the first ones are used */
#define NOBODY 65534 /* owns no relevant file, so that only the group's rights count */

/* Who the child is to be. */
struct role {
	uid_t uid;
	gid_t gid, groups[GROUPS_MAX];
	int n_groups;
};

static void role_of(const struct vnm_opener *who, struct role *ret)
{
	const struct passwd *pw = who->has_uid ? getpwuid(who->uid) : NULL;

	ret->uid = who->has_uid ? who->uid : NOBODY;
	ret->gid = who->has_gid ? who->gid : pw ? pw->pw_gid : (gid_t)NOBODY;
	ret->groups[0] = ret->gid;
	ret->n_groups = GROUPS_MAX;
	if (!pw)
		ret->n_groups = 1;
	else if (getgrouplist(pw->pw_name, ret->gid, ret->groups, &ret->n_groups) < 0)
		ret->n_groups = GROUPS_MAX;
}

/* Return: 0, or the errno of open(2), as an exit status. */
static int try_open(const char *path)
{
	int fd = vnm_open(AT_FDCWD, path, O_RDWR | O_NONBLOCK | O_NOCTTY, 0);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? -fd : 0;
}

static int try_as(const char *path, const struct role *role)
{
	if (setgroups((size_t)role->n_groups, role->groups) < 0 ||
	    setresgid(role->gid, role->gid, role->gid) < 0 ||
	    setresuid(role->uid, role->uid, role->uid) < 0)
		return errno;
	return try_open(path);
}

/**
 * vnm_opens() - whether an account may open a file, to read and to write
 * @path: the file
 * @who:  a user, with the user's groups; or a group alone, as a user in no other group
 *
 * Side effects of opening, such as loading a module, happen.
 *
 * Return: 0, or -errno: of open(2) for that account, or why it cannot be tried.
 */
int vnm_opens(const char *path, const struct vnm_opener *who)
{
	struct role role;
	int status = 0;
	pid_t pid;

	if (!who->has_uid && !who->has_gid)
		return -try_open(path);
	role_of(who, &role);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0)
		_exit(try_as(path, &role));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -ECANCELED;
}
