/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dnsmasq_mark.c - whether a dnsmasq of a network may be running without a record.
 *
 * Theory of operation. Who removes files of an active network takes its dnsmasq from us: the record of the process is gone
 * with the directory. A second one beside it, after a start, would be stranded, since the two do not meet: each follows the
 * addresses of the bridge of its own time. To look for it through all processes at each start would cost more with every
 * network that is up. So a file named after the network, in a directory of its own, marks it from before its dnsmasq is started
 * until that has ended. Only a network with a mark is looked for, or each if there is no directory of marks, because this
 * is the first start or somebody has removed that as well.
 */
#define _GNU_SOURCE 1 /* memrchr */
#include "sys/process/dnsmasq_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "util/dir.h"
#include "util/file.h"
#include "util/mem.h"

#define MARKS "serving"
#define MARKS_MODE 0755
#define MARK_MODE 0600

/*
 * The marks of RUN/dnsmasq/NAME are in RUN/serving. @ret_name: NAME. Return: the path, which the caller frees; NULL if @dir has
 * no such form.
 */
static char *marks_of(const char *dir, const char **ret_name)
{
	const char *slash = strrchr(dir, '/');
	const char *above = slash ? memrchr(dir, '/', (size_t)(slash - dir)) : NULL;

	if (!above)
		return NULL;
	*ret_name = slash + 1;
	return vnm_asprintf("%.*s/" MARKS, (int)(above - dir), dir);
}

/**
 * vnm_dnsmasq_may_run() - may a dnsmasq of the network be running that has no record?
 * @dir: the network's directory of dnsmasq, absolute
 *
 * Return: false only if that is certain.
 */
bool vnm_dnsmasq_may_run(const char *dir)
{
	const char *name = NULL;
	vnm_autofree char *path = marks_of(dir, &name);
	vnm_autoclose int marks =
		path ? vnm_open(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0) : -EINVAL;
	struct stat st;

	return marks < 0 || vnm_stat_at(marks, name, &st) != -ENOENT;
}

/**
 * vnm_dnsmasq_mark() - mark the network before its dnsmasq is started
 * @dir: its directory of dnsmasq, absolute
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_dnsmasq_mark(const char *dir, struct vnm_error *err)
{
	const char *name = NULL;
	vnm_autofree char *path = marks_of(dir, &name);
	vnm_autoclose int marks = -1, fd = -1;

	if (!path)
		return vnm_error_set(err, VNM_ERR_STATE, EINVAL, "'%s' is no directory for dnsmasq",
				     dir);
	marks = vnm_dir_open(path, MARKS_MODE, err);
	if (marks < 0)
		return marks;
	fd = vnm_open(marks, name, O_WRONLY | O_CREAT | O_NOFOLLOW, MARK_MODE);
	if (fd < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -fd, "cannot create '%s/%s': %s", path,
				     name, strerror(-fd));
	return 0;
}

/**
 * vnm_dnsmasq_unmark() - the network's dnsmasq has ended
 * @dir: its directory of dnsmasq, absolute
 *
 * Return: 0, also if there was no mark; -errno.
 */
int vnm_dnsmasq_unmark(const char *dir)
{
	const char *name = NULL;
	vnm_autofree char *path = marks_of(dir, &name);
	vnm_autoclose int marks =
		path ? vnm_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0) : -EINVAL;

	if (marks == -ENOENT)
		return 0;
	return marks < 0 ? marks : vnm_file_unlink(marks, name, VNM_VOLATILE);
}
