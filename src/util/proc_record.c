/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc_record.c - pidfile records: number, start time and boot of a process in one line; why: proc.c. */
#include "util/proc_record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util/file.h"
#include "util/mem.h"

#define RECORD_MAX 128

/**
 * vnm_proc_record_write() - write the pidfile record of a process
 * @dirfd: the directory
 * @name:  the file
 * @id:    the process
 *
 * Return: 0 or -errno.
 */
int vnm_proc_record_write(int dirfd, const char *name, const struct vnm_proc_id *id)
{
	char line[RECORD_MAX];
	int len = snprintf(line, sizeof(line), "%d %" PRIu64 " %s", (int)id->pid, id->start,
			   id->boot_id);

	if (id->until)
		len += snprintf(line + len, sizeof(line) - (size_t)len, " %" PRIu64, id->until);
	line[len++] = '\n';
	return vnm_file_replace(dirfd, name, line, (size_t)len, 0600, (gid_t)-1, VNM_VOLATILE);
}

static int record_parse(char *line, struct vnm_proc_id *ret)
{
	char *save, *pid = strtok_r(line, " ", &save), *start = strtok_r(NULL, " ", &save);
	char *boot = strtok_r(NULL, " ", &save), *until = boot ? strtok_r(NULL, "", &save) : NULL;
	char *last = until ? until : boot, *newline = last ? strchr(last, '\n') : NULL;
	uint32_t number;

	if (!newline || newline[1])
		return -EBADMSG;
	*newline = '\0';
	ret->until = 0;
	if (strlen(boot) != VNM_UUID_STRLEN - 1 ||
	    (until && vnm_parse_u64(until, 1, INT64_MAX, &ret->until) < 0))
		return -EBADMSG;
	if (vnm_parse_u32(pid, 1, INT32_MAX, &number) < 0 ||
	    vnm_parse_u64(start, 0, UINT64_MAX, &ret->start) < 0)
		return -EBADMSG;
	ret->pid = (pid_t)number;
	memcpy(ret->boot_id, boot, VNM_UUID_STRLEN);
	return 0;
}

/**
 * vnm_proc_record_read() - read what vnm_proc_record_write() wrote
 * @dirfd: the directory
 * @name:  the file
 * @ret:   the process
 *
 * Return: 0; -ENOENT when there is no record; any other -errno when it cannot be read.
 */
int vnm_proc_record_read(int dirfd, const char *name, struct vnm_proc_id *ret)
{
	vnm_autofree char *line = NULL;
	int r = vnm_file_read(dirfd, name, RECORD_MAX, &line, NULL);

	return r < 0 ? r : record_parse(line, ret);
}
