/* SPDX-License-Identifier: GPL-2.0-or-later */
/* see_files.c - what files say: settings of the kernel, name servers, processes. */
#include "sys/doctor/see_files.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "sys/host/proc_sys.h"
#include "sys/process/dnsmasq_find.h"
#include "util/buf.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"

#define RESOLV_MAX 65536

/** vnm_see_setting() - read a number below /proc/sys; one that the kernel has not is left out */
void vnm_see_setting(struct vnm_case *c, const char *fmt, ...)
{
	vnm_autobuf struct vnm_buf path = { 0 };
	vnm_autofree char *full = NULL;
	char value[VNM_PROC_SYS_VALUE];
	va_list ap;
	int r;

	va_start(ap, fmt);
	vnm_buf_vprintf(&path, fmt, ap);
	va_end(ap);
	full = vnm_asprintf(VNM_PROC_SYS "%s", vnm_buf_str(&path));
	r = vnm_proc_read(full, value, sizeof(value));
	if (r < 0 && r != -ENOENT)
		vnm_case_unchecked(c, r, "%s", full);
	if (r < 0)
		return;
	c->settings = vnm_array_add(c->settings, &c->n_settings, sizeof(*c->settings));
	c->settings[c->n_settings - 1] = (struct vnm_case_setting){
		vnm_buf_steal(&path),
		strtol(value, NULL, 10),
	};
}

static void add_server(const char *word, unsigned line, struct vnm_case_resolver *ret)
{
	vnm_autofree char *text = vnm_strndup(word, strcspn(word, " \t%\r"));
	struct vnm_addr addr;

	if (vnm_addr_parse(text, &addr) < 0)
		return;
	ret->items = vnm_array_add(ret->items, &ret->n, sizeof(*ret->items));
	ret->items[ret->n - 1] = (struct vnm_case_nameserver){ addr, line };
}

/** vnm_see_resolver() - read the name servers of a resolv.conf; @ret has no path if there is no such file. Return: 0, also then; -errno */
int vnm_see_resolver(const char *path, struct vnm_case_resolver *ret)
{
	static const char key[] = "nameserver";
	vnm_autofree char *text = NULL;
	unsigned n = 0;
	int r = vnm_file_read(AT_FDCWD, path, RESOLV_MAX, &text, NULL);

	ret->unread = r < 0 && r != -ENOENT;
	if (r < 0)
		return ret->unread ? r : 0;
	ret->path = vnm_strdup(path);
	for (char *line = text, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		n++;
		line += strspn(line, " \t");
		if (strncmp(line, key, strlen(key)) == 0 &&
		    isblank((unsigned char)line[strlen(key)]))
			add_server(line + strlen(key) + strspn(line + strlen(key), " \t"), n, ret);
	}
	return 0;
}

/* The third word of /proc/PID/stat, behind the name in parentheses. Return: 0 or -errno. */
static int read_state(int pid, char *ret)
{
	vnm_autofree char *path = vnm_asprintf("/proc/%d/stat", pid);
	char text[512];
	const char *end;
	int r = vnm_proc_read(path, text, sizeof(text));

	end = r < 0 ? NULL : strrchr(text, ')');
	*ret = end && end[1] == ' ' ? end[2] : 0;
	return r;
}

/* The bytes that wait in the UDP sockets of the ports for DNS and DHCP: "sl local:PORT remote st tx:RX". */
static int read_waiting(const char *file, uint64_t *ret)
{
	vnm_autofree char *text = NULL;
	int r = vnm_file_read(AT_FDCWD, file, 4 << 20, &text, NULL);

	if (r < 0)
		return r;
	for (char *save, *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		unsigned port, queue;

		if (sscanf(line, " %*d: %*[0-9A-F]:%x %*[0-9A-F]:%*x %*x %*x:%x", &port, &queue) ==
			    2 &&
		    (port == 53 || port == 67) && queue > *ret)
			*ret = queue;
	}
	return 0;
}

/**
 * vnm_see_dnsmasq() - read the state of a network's dnsmasq
 * @op:  the operation that has started it
 * @ret: gets it; without a number if it does not run
 *
 * Return: 0 or -errno.
 */
int vnm_see_dnsmasq(const struct vnm_op_dnsmasq *op, struct vnm_case_process *ret)
{
	vnm_autoclose int pidfd = vnm_dnsmasq_find_process(op, NULL);
	pid_t pid;
	int r = pidfd < 0 ? pidfd : vnm_proc_pid(pidfd, &pid);

	if (r == 0)
		r = read_state((int)pid, &ret->state);
	if (r == 0)
		r = read_waiting("/proc/self/net/udp", &ret->waiting);
	if (r == 0)
		ret->pid = (int)pid;
	return r == -ESRCH || r == -ENOENT ? 0 : r;
}

/** vnm_see_absent() - is there no such directory? Return: 1: there is none; 0; -errno */
int vnm_see_absent(const char *dir)
{
	struct stat st;

	if (stat(dir, &st) == 0)
		return !S_ISDIR(st.st_mode);
	return errno == ENOENT || errno == ENOTDIR ? 1 : -errno;
}

/** vnm_see_read_only() - is a file on a file system that is mounted read-only? Return: 1; 0, also for none; -errno */
int vnm_see_read_only(const char *path)
{
	struct statvfs fs;

	if (statvfs(path, &fs) < 0)
		return errno == ENOENT ? 0 : -errno;
	return fs.f_flag & ST_RDONLY ? 1 : 0;
}
