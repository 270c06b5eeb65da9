/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frr_file.c - frr.conf, and who of us needs what we have added to it.
 *
 * The file belongs to whom its directory belongs to, FRR's user, and not everybody reads it: there may be passwords in it. RUN/evpn has the
 * names of the networks; the last one to stop takes our part away.
 */
#include "sys/frr/frr_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"

#define FILE_NAME "frr.conf"
#define FILE_MAX (16 * 1024 * 1024)
#define USERS "evpn"
#define USERS_MAX (4 * 1024 * 1024)

static int open_dir(const char *dir)
{
	return vnm_open(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
}

/**
 * vnm_frr_file_read() - read frr.conf
 * @dir: its directory
 * @ret: its text, allocated; "" if there is none
 * @err: VNM_ERR_SYSTEM
 *
 * Return: 0 or -errno.
 */
int vnm_frr_file_read(const char *dir, char **ret, struct vnm_error *err)
{
	vnm_autoclose int fd = open_dir(dir);
	int r = fd < 0 ? fd : vnm_file_read(fd, FILE_NAME, FILE_MAX, ret, NULL);

	if (r == -ENOENT) {
		*ret = vnm_strdup("");
		return 0;
	}
	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot read '%s/" FILE_NAME "': %s",
				     dir, strerror(-r))
		     : 0;
}

/* A new one is the directory's owner's, who is FRR. */
static int replace(int dir_fd, const char *text)
{
	mode_t mode = 0600;
	struct stat st;

	if (!*text)
		return vnm_file_unlink(dir_fd, FILE_NAME, VNM_DURABLE);
	if (fstatat(dir_fd, FILE_NAME, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode))
		mode = st.st_mode & 0660;
	else if (fstat(dir_fd, &st) < 0)
		return -errno;
	return vnm_file_replace_as(dir_fd, FILE_NAME, text, strlen(text), mode, st.st_uid,
				   st.st_gid, VNM_DURABLE);
}

/**
 * vnm_frr_file_write() - replace frr.conf
 * @dir:  its directory
 * @text: its text; "": it is removed
 * @err:  VNM_ERR_SYSTEM
 *
 * Return: 0 or -errno.
 */
int vnm_frr_file_write(const char *dir, const char *text, struct vnm_error *err)
{
	vnm_autoclose int fd = open_dir(dir);
	int r = fd < 0 ? fd : replace(fd, text);

	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write '%s/" FILE_NAME "': %s",
				     dir, strerror(-r))
		     : 0;
}

/** vnm_frr_file_sweep() - remove what a killed command may have left beside frr.conf; there may be a password in it. @dir: its directory */
void vnm_frr_file_sweep(const char *dir)
{
	vnm_autoclose int fd = open_dir(dir);

	if (fd >= 0)
		(void)vnm_file_sweep_temp_of(fd, FILE_NAME);
}

/* ---- who needs it ---- */

/* The names, a line each, without @network; of an earlier boot: none. Return: 0 or -errno. */
static int read_others(struct vnm_sys *sys, const char *network, struct vnm_buf *ret)
{
	char boot[VNM_UUID_STRLEN], *rest, *line;
	vnm_autofree char *text = NULL;
	int r = vnm_file_read(sys->run_fd, USERS, USERS_MAX, &text, NULL);

	if (r == -ENOENT || r == -EILSEQ)
		return 0;
	if (r == 0)
		r = vnm_boot_id(boot);
	rest = text;
	if (r < 0 || strcmp(strsep(&rest, "\n"), boot) != 0)
		return r;
	while ((line = strsep(&rest, "\n")))
		if (*line && strcmp(line, network) != 0)
			vnm_buf_printf(ret, "%s\n", line);
	return 0;
}

static int write_users(struct vnm_sys *sys, const char *names)
{
	char boot[VNM_UUID_STRLEN];
	vnm_autofree char *text = NULL;
	int r = vnm_boot_id(boot);

	if (r < 0)
		return r;
	text = vnm_asprintf("%s\n%s", boot, names);
	return vnm_file_replace(sys->run_fd, USERS, text, strlen(text), 0600, (gid_t)-1,
				VNM_VOLATILE);
}

static int fail(int r, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot record which networks have EVPN: %s",
			     strerror(-r));
}

/** vnm_frr_user_add() - a network needs our part. Return: 0 or -errno. */
int vnm_frr_user_add(struct vnm_sys *sys, const char *network, struct vnm_error *err)
{
	vnm_autobuf struct vnm_buf names = { 0 };
	int r = read_others(sys, network, &names);

	vnm_buf_printf(&names, "%s\n", network);
	if (r == 0)
		r = write_users(sys, vnm_buf_str(&names));
	return r < 0 ? fail(r, err) : 0;
}

/** vnm_frr_user_has_others() - does a network share our part with others? */
bool vnm_frr_user_has_others(struct vnm_sys *sys, const char *network)
{
	vnm_autobuf struct vnm_buf names = { 0 };

	return read_others(sys, network, &names) == 0 && names.len > 0;
}

/**
 * vnm_frr_user_remove() - a network does not need our part any more
 * @sys:      the handles
 * @network:  the network
 * @ret_last: nobody needs it
 * @err:      VNM_ERR_SYSTEM
 *
 * Return: 0 or -errno.
 */
int vnm_frr_user_remove(struct vnm_sys *sys, const char *network, bool *ret_last,
			struct vnm_error *err)
{
	vnm_autobuf struct vnm_buf names = { 0 };
	int r = read_others(sys, network, &names);

	*ret_last = r == 0 && names.len == 0;
	if (*ret_last)
		r = vnm_file_unlink(sys->run_fd, USERS, VNM_VOLATILE);
	else if (r == 0)
		r = write_users(sys, vnm_buf_str(&names));
	return r < 0 ? fail(r, err) : 0;
}
