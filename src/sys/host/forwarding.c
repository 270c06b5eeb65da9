/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forwarding.c - the host's forwarding sysctls, which all networks share.
 *
 * There is one for each family, shared by all networks and everything else on the host. If it is on
 * already it is left alone, and a network's stop does not turn it off for others. Before it is
 * turned on its old value is recorded; when the last of our networks stops, the record is consumed:
 *
 *   - if the host may have become a router for others, because at least two devices besides our
 *     bridges are up and have a global address of that family, it stays on. (This includes a host
 *     that forwards between containers and its uplink.)
 *   - otherwise the old value is restored: a laptop that was no router before is none afterwards.
 *
 * A record of an earlier boot is ignored. Without a record it was not turned on by us.
 *
 * "sysctl --system" and a restart of systemd-sysctl.service apply the files of the host again, and one of them may turn it off.
 * So while a network needs it there is a file in /run/sysctl.d that comes after those and turns it on.
 *
 * With net.ipv6.conf.all.forwarding on, the kernel ignores router advertisements on devices whose
 * accept_ra is 1 (Documentation/networking/ip-sysctl.rst): sys/host/accept_ra.c.
 */
#include "sys/host/forwarding.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/host/proc_sys.h"
#include "util/file.h"
#include "sys/link/address_list.h"
#include "util/mem.h"
#include "util/proc.h"

#define RECORD_MAX 256

#define ROUTER_DEVICES 2

/* Beside our run directory. */
#define SYSCTL_DIR "../sysctl.d"

/* The host's forwarding sysctl of a family, the record of its old value, and the file of sysctl.d(5) that keeps it on. */
struct forwarding_switch {
	int family;
	const char *path, *record, *file, *line;
};

static const struct forwarding_switch switches[] = {
	{ AF_INET, VNM_PROC_SYS "net/ipv4/ip_forward", "forwarding4", "zz-vnetmgr4.conf",
	  "net.ipv4.ip_forward = 1" },
	{ AF_INET6, VNM_PROC_SYS "net/ipv6/conf/all/forwarding", "forwarding6", "zz-vnetmgr6.conf",
	  "net.ipv6.conf.all.forwarding = 1" },
};

static const struct forwarding_switch *find_switch(int family)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(switches); i++)
		if (switches[i].family == family)
			return &switches[i];
	return NULL;
}

/**
 * vnm_forwarding_get() - does the host forward packets?
 * @family: AF_INET or AF_INET6
 * @ret:    whether; false in a kernel without that family
 *
 * Return: 0 or -errno.
 */
int vnm_forwarding_get(int family, bool *ret)
{
	const struct forwarding_switch *sw = find_switch(family);
	char value[VNM_PROC_SYS_VALUE];
	int r;

	if (!sw)
		return -EAFNOSUPPORT;
	r = vnm_proc_read(sw->path, value, sizeof(value));
	if (r < 0 && r != -ENOENT)
		return r;
	*ret = r == 0 && strcmp(value, "0") != 0;
	return 0;
}

static int record_write(struct vnm_sys *sys, const struct forwarding_switch *sw, const char *value)
{
	char boot[VNM_UUID_STRLEN];
	vnm_autofree char *text = NULL;
	int r = vnm_boot_id(boot);

	if (r < 0)
		return r;
	text = vnm_asprintf("%s %s\n", value, boot);
	return vnm_file_replace(sys->run_fd, sw->record, text, strlen(text), 0600, (gid_t)-1,
				VNM_VOLATILE);
}

/* The value to restore; -ENOENT: there is no record, or a damaged one, or one of another boot. */
static int record_read(struct vnm_sys *sys, const struct forwarding_switch *sw,
		       char value[static VNM_PROC_SYS_VALUE])
{
	char boot[VNM_UUID_STRLEN], *sep;
	vnm_autofree char *text = NULL;
	int r = vnm_file_read(sys->run_fd, sw->record, RECORD_MAX, &text, NULL);

	if (r == 0)
		r = vnm_boot_id(boot);
	if (r < 0)
		return r == -EFBIG || r == -EILSEQ ? -ENOENT : r;
	sep = strchr(text, ' ');
	if (!sep || sep == text || sep - text >= VNM_PROC_SYS_VALUE ||
	    strncmp(sep + 1, boot, strlen(boot)) != 0)
		return -ENOENT;
	snprintf(value, VNM_PROC_SYS_VALUE, "%.*s", (int)(sep - text), text);
	return 0;
}

/**
 * vnm_forwarding_recorded() - has one of our networks turned forwarding on?
 * @sys:    the handles
 * @family: AF_INET or AF_INET6
 * @ret:    whether there is a record of that
 *
 * Return: 0 or -errno.
 */
int vnm_forwarding_recorded(struct vnm_sys *sys, int family, bool *ret)
{
	const struct forwarding_switch *sw = find_switch(family);
	char value[VNM_PROC_SYS_VALUE];
	int r = sw ? record_read(sys, sw, value) : -EAFNOSUPPORT;

	*ret = r == 0;
	return r == -ENOENT ? 0 : r;
}

/* In place, by one write(2): nothing else is left in a directory that is not ours if we are killed. */
static int write_line(int dir, const char *file, const char *text)
{
	vnm_autoclose int fd = vnm_open(dir, file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	int r = fd < 0 ? fd : vnm_write_all(fd, text, strlen(text));

	return r == 0 && fchmod(fd, 0644) < 0 ? -errno : r;
}

/* Where /run cannot be written to, a warning: the networks work all the same. */
static int keep_on(struct vnm_sys *sys, const struct forwarding_switch *sw, struct vnm_error *err)
{
	vnm_autofree char *text =
		vnm_asprintf("# Virtual networks are active (vnetmgr).\n%s\n", sw->line);
	vnm_autoclose int dir = -1;
	int r = sys->run_fd == VNM_DIR_ABSENT ? -ENOENT : 0;

	if (r == 0 && mkdirat(sys->run_fd, SYSCTL_DIR, 0755) < 0 && errno != EEXIST)
		r = -errno;
	if (r == 0)
		r = dir = vnm_open(sys->run_fd, SYSCTL_DIR, O_RDONLY | O_DIRECTORY, 0);
	if (r >= 0)
		r = write_line(dir, sw->file, text);
	if (r == -EROFS) {
		vnm_warnings_add(sys->warnings,
				 "'sysctl --system' may turn IP forwarding off: cannot write "
				 "sysctl.d/%s: %s",
				 sw->file, strerror(-r));
		return 0;
	}
	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot write sysctl.d/%s, which keeps IP forwarding on: %s",
				     sw->file, strerror(-r))
		     : 0;
}

static int keep_no_longer(struct vnm_sys *sys, const struct forwarding_switch *sw)
{
	vnm_autofree char *path = vnm_asprintf(SYSCTL_DIR "/%s", sw->file);

	return vnm_file_unlink(sys->run_fd, path, VNM_VOLATILE);
}

/** vnm_forwarding_drop_record() - remove the record of a network namespace that is gone. */
void vnm_forwarding_drop_record(struct vnm_sys *sys)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(switches); i++) {
		(void)vnm_file_unlink(sys->run_fd, switches[i].record, VNM_VOLATILE);
		(void)keep_no_longer(sys, &switches[i]);
	}
}

static int need_switch(const struct vnm_op *op, const struct forwarding_switch **ret,
		       struct vnm_error *err)
{
	const struct forwarding_switch *sw = find_switch(op->forwarding.family);

	if (!sw)
		return vnm_error_set(err, VNM_ERR_USAGE, EAFNOSUPPORT,
				     "cannot switch forwarding: unknown address family %d",
				     op->forwarding.family);
	*ret = sw;
	return 0;
}

static int forwarding_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct forwarding_switch *sw = NULL;
	char old[VNM_PROC_SYS_VALUE];
	int r = need_switch(op, &sw, err);

	if (r < 0)
		return r;
	r = vnm_proc_read(sw->path, old, sizeof(old));
	if (r == -ENOENT && sw->family == AF_INET6)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, ENOENT,
				     "IPv6 is switched off in this kernel (ipv6.disable=1?)");
	if (r < 0)
		return vnm_proc_sys_fail(err, r, "read", sw->path);
	r = keep_on(sys, sw, err);
	if (r < 0 || strcmp(old, "0") != 0)
		return r;
	r = record_write(sys, sw, old);
	if (r < 0)
		return vnm_proc_sys_fail(err, r, "write the record", sw->record);
	r = vnm_proc_write(sw->path, "1");
	return r < 0 ? vnm_proc_sys_fail(err, r, "enable IP forwarding in", sw->path) : 0;
}

/* While all devices are those of one moment, the switches are, too. */
static int look(struct vnm_sys *sys, int family, bool *ret)
{
	enum vnm_tristate *seen = &sys->forwarding_seen[family == AF_INET6];
	int r = 0;

	if (!sys->links_seen || *seen == VNM_TRI_ABSENT)
		r = vnm_forwarding_get(family, ret);
	else
		*ret = *seen == VNM_TRI_YES;
	if (r == 0 && sys->links_seen)
		*seen = *ret ? VNM_TRI_YES : VNM_TRI_NO;
	return r;
}

static int forwarding_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			    struct vnm_error *err)
{
	const struct forwarding_switch *sw = NULL;
	bool on = false;
	int r = need_switch(op, &sw, err);

	if (r < 0)
		return r;
	r = look(sys, sw->family, &on);
	if (r < 0)
		return vnm_proc_sys_fail(err, r, "read", sw->path);
	*ret = on ? VNM_PRESENT : VNM_ABSENT;
	return 0;
}

static int restore_switch(struct vnm_sys *sys, const struct forwarding_switch *sw,
			  const char *value, struct vnm_error *err)
{
	size_t others = 0;
	int r = vnm_addr_others(sys, sw->family, &others, err);

	if (r < 0 || others >= ROUTER_DEVICES)
		return r;
	r = vnm_proc_write(sw->path, value);
	return r < 0 && r != -ENOENT ? vnm_proc_sys_fail(err, r, "restore", sw->path) : 0;
}

/* The value first, then the record: after a kill in between the first step is repeated, which is harmless. */
static int forwarding_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct forwarding_switch *sw = NULL;
	char value[VNM_PROC_SYS_VALUE];
	int r = need_switch(op, &sw, err);

	if (r < 0 || !sys->last_one)
		return r;
	r = keep_no_longer(sys, sw);
	if (r < 0)
		return vnm_proc_sys_fail(err, r, "remove", sw->file);
	r = record_read(sys, sw, value);
	if (r < 0 && r != -ENOENT)
		return vnm_proc_sys_fail(err, r, "read the record", sw->record);
	if (r == 0)
		r = restore_switch(sys, sw, value, err);
	if (r < 0 && r != -ENOENT)
		return r;
	r = vnm_file_unlink(sys->run_fd, sw->record, VNM_VOLATILE);
	return r < 0 ? vnm_proc_sys_fail(err, r, "remove the record", sw->record) : 0;
}

const struct vnm_op_impl vnm_impl_forwarding = {
	.apply = forwarding_apply,
	.check = forwarding_check,
	.revert = forwarding_revert,
};
