/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * readers.c - the group "vnetmgr": its number, its members, and the directory of leases, which they read themselves.
 *
 * Leases say who is on which network, and dnsmasq makes its files readable for everybody; so their directory is not. dnsmasq opens
 * its file as root, before it changes its user.
 */
#include "state/readers.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"

#define READ_BITS (S_IRWXU | S_IRGRP | S_IXGRP)

/* The line of the group in /etc/group alone: who has it elsewhere is not asked for at each command. NULL: there is none. */
static char *group_line(void)
{
	FILE *file = fopen("/etc/group", "re");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	while (file && !found && getline(&line, &size, file) > 0)
		found = !strncmp(line, VNM_READERS ":", strlen(VNM_READERS ":"));
	if (file)
		fclose(file);
	if (found)
		return line;
	free(line);
	return NULL;
}

/* Behind the nth colon. NULL: there are fewer. */
static const char *field(const char *line, int n)
{
	for (; line && n > 0; n--) {
		line = strchr(line, ':');
		line = line ? line + 1 : NULL;
	}
	return line;
}

/** vnm_readers_group() - the number of the group. Return: whether there is one */
bool vnm_readers_group(gid_t *ret)
{
	vnm_autofree char *line = group_line();
	const char *text = field(line, 2);
	char *end;
	unsigned long number = text ? strtoul(text, &end, 10) : 0;

	if (!text || end == text || number >= (gid_t)-1)
		return false;
	*ret = (gid_t)number;
	return true;
}

static bool is_member(gid_t gid)
{
	int n = getgroups(0, NULL);
	vnm_autofree gid_t *groups = vnm_alloc((n > 0 ? (size_t)n : 1) * sizeof(*groups));
	bool is = getegid() == gid;

	n = n > 0 ? getgroups(n, groups) : 0;
	for (int i = 0; i < n; i++)
		is |= groups[i] == gid;
	return is;
}

static bool is_listed(const char *user)
{
	vnm_autofree char *line = group_line();
	char *members = line ? (char *)field(line, 3) : NULL, *save = NULL;

	for (const char *name = members ? strtok_r(members, ",\n", &save) : NULL; name;
	     name = strtok_r(NULL, ",\n", &save))
		if (!strcmp(name, user))
			return true;
	return false;
}

/** vnm_readers_look() - may this process see networks? @user: the name of its user; NULL: it has none */
enum vnm_reader vnm_readers_look(const char *user)
{
	gid_t gid;

	if (!vnm_readers_group(&gid))
		return VNM_READER_NO_GROUP;
	if (is_member(gid))
		return VNM_READER;
	return user && is_listed(user) ? VNM_READER_LATER : VNM_READER_STRANGER;
}

/**
 * vnm_readers_let_in() - let members of the group, and nobody else, read the leases
 * @leases: their directory; it may be missing
 * @gid:    the group; -1: there is none
 *
 * A failure only keeps members out: in a user namespace the group may have no number.
 */
void vnm_readers_let_in(const char *leases, gid_t gid)
{
	vnm_autoclose int fd = vnm_open(AT_FDCWD, leases, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	const bool has = gid != (gid_t)-1;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return;
	if (has && st.st_gid != gid && fchown(fd, (uid_t)-1, gid) == 0)
		st.st_gid = gid;
	if ((st.st_mode & 07777) != (has && st.st_gid == gid ? READ_BITS : S_IRWXU))
		(void)!fchmod(fd, has && st.st_gid == gid ? READ_BITS : S_IRWXU);
}
