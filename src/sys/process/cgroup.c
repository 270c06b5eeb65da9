/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cgroup.c - move processes out of the caller's login session.
 *
 * systemd-logind may kill all processes of a session when it ends (KillUserProcesses=yes), and finds them by their
 * cgroup; setsid() does not help. dnsmasq, and a guard that waits for just that connection to break, must survive. So
 * they move to a cgroup of their own beside systemd's. Processes of a unit stay in it: the unit decides how they end
 * (KillMode=), and so does a container.
 */
#include "sys/process/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"

#define CGROUPS "/sys/fs/cgroup"
#define OURS CGROUPS "/vnetmgr"
#define LIST_MAX 65536

/* Are we in a session scope of systemd, in the unified hierarchy? */
static bool in_session(void)
{
	vnm_autofree char *text = NULL;
	const char *line;

	if (access("/run/systemd/system", F_OK) < 0 || access(CGROUPS "/cgroup.procs", F_OK) < 0)
		return false;
	if (vnm_file_read(AT_FDCWD, "/proc/self/cgroup", LIST_MAX, &text, NULL) < 0)
		return false;
	line = strncmp(text, "0::", 3) ? strstr(text, "\n0::") : text;
	if (!line)
		return false;
	line = strstr(line, "/user.slice/");
	return line && strstr(line, ".scope");
}

/**
 * vnm_cgroup_leave_session() - let a process outlive the session that it was started from
 * @pid: the process, a child of ours or the caller
 *
 * Best effort: no network depends on it.
 */
void vnm_cgroup_leave_session(pid_t pid)
{
	char number[16];

	if (!in_session() || (mkdir(OURS, 0755) < 0 && errno != EEXIST))
		return;
	snprintf(number, sizeof(number), "%d", (int)pid);
	(void)vnm_proc_write(OURS "/cgroup.procs", number);
}

/* Does a file of a control group contain @what? */
static bool file_has(const char *dir, const char *group, size_t len, const char *file,
		     const char *what)
{
	vnm_autofree char *path = vnm_asprintf("%s%.*s/%s", dir, (int)len, group, file);
	vnm_autofree char *text = NULL;

	return vnm_file_read(AT_FDCWD, path, LIST_MAX, &text, NULL) == 0 && strstr(text, what);
}

/**
 * vnm_cgroup_frozen() - is a process's control group frozen?
 * @pid: the process
 *
 * Return: false also if unknown.
 */
bool vnm_cgroup_frozen(pid_t pid)
{
	vnm_autofree char *path = vnm_asprintf("/proc/%d/cgroup", (int)pid);
	vnm_autofree char *text = NULL;

	if (vnm_file_read(AT_FDCWD, path, LIST_MAX, &text, NULL) < 0)
		return false;
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		size_t len = strcspn(line, "\n");
		const char *group = memchr(line, '/', len);
		size_t group_len = group ? len - (size_t)(group - line) : 0;

		if (group_len <= 1) /* the root is never frozen */
			continue;
		if (!strncmp(line, "0::", 3) &&
		    file_has(CGROUPS, group, group_len, "cgroup.events", "frozen 1"))
			return true;
		if (memmem(line, len, ":freezer:", strlen(":freezer:")) &&
		    file_has(CGROUPS "/freezer", group, group_len, "freezer.state", "FR"))
			return true;
	}
	return false;
}
