/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sysctl.c - settings below /proc/sys of a bridge or a guest's device: written, and removed with it. */
#include "sys/op_impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/host/proc_sys.h"
#include "sys/link/link.h"
#include "sys/netlink/netns_enter.h"
#include "util/file.h"
#include "util/mem.h"

#define IPV6_TREE VNM_PROC_SYS "net/ipv6"

/* Below net/, without "." and ".." components. Device names with dots ("a..b") are fine. */
static bool path_valid(const char *path)
{
	if (strncmp(path, "net/", strlen("net/")) != 0 || strlen(path) > 200)
		return false;
	for (const char *p = path; p; p = strchr(p, '/')) {
		size_t len;

		p += *p == '/';
		len = strcspn(p, "/");
		if (len == 0 || (len == 1 && p[0] == '.') ||
		    (len == 2 && p[0] == '.' && p[1] == '.'))
			return false;
	}
	return true;
}

static int full_path(const struct vnm_op_sysctl *want, char **ret, struct vnm_error *err)
{
	if (!path_valid(want->path))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL, "'%s' is not a setting below net/",
				     want->path);
	*ret = vnm_asprintf(VNM_PROC_SYS "%s", want->path);
	return 0;
}

/* A kernel without IPv6 has nothing to disable; if that cannot be read it counts as present. */
static bool satisfied_without_ipv6(const struct vnm_op_sysctl *want)
{
	static const char leaf[] = "/disable_ipv6";
	size_t len = strlen(want->path), tail = sizeof(leaf) - 1;
	bool enables = len > tail && strcmp(want->path + len - tail, leaf) == 0 &&
		       strcmp(want->value, "0") == 0;

	return strncmp(want->path, "net/ipv6/", strlen("net/ipv6/")) == 0 && !enables &&
	       access(IPV6_TREE, F_OK) < 0 && errno == ENOENT;
}

/* /proc/sys/net shows the reader's network namespace. */
struct access {
	const char *path, *value;
	char *buf;
	size_t size;
};

static int write_there(void *data)
{
	const struct access *access = data;

	return vnm_proc_write(access->path, access->value);
}

static int read_there(void *data)
{
	const struct access *access = data;

	return vnm_proc_read(access->path, access->buf, access->size);
}

/* A value that is set already is not written: /proc/sys may be read-only. */
static int sysctl_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autofree char *path = NULL;
	char value[VNM_PROC_SYS_VALUE] = "";
	int r = full_path(&op->sysctl, &path, err);
	struct access access = { path, op->sysctl.value, value, sizeof(value) };

	(void)sys;
	if (r < 0 || satisfied_without_ipv6(&op->sysctl))
		return r;
	if (vnm_netns_run(&op->sysctl.ns, read_there, &access) == 0 &&
	    !strcmp(value, op->sysctl.value))
		return 0;
	r = vnm_netns_run(&op->sysctl.ns, write_there, &access);
	return r < 0 ? vnm_proc_sys_fail(err, r, "write", path) : 0;
}

/* An uplink's bridge accepts advertisements while the host forwards: sys/host/accept_ra.c. */
static bool hears_as_router(const struct vnm_op_sysctl *want, const char *value)
{
	static const char leaf[] = "/accept_ra";
	size_t len = strlen(want->path), tail = sizeof(leaf) - 1;

	return len > tail && strcmp(want->path + len - tail, leaf) == 0 &&
	       strcmp(want->value, "1") == 0 && strcmp(value, "2") == 0;
}

/* Where all devices were read at once, so were most of their settings. */
static bool was_seen(struct vnm_sys *sys, const struct vnm_op_sysctl *want, char *value,
		     size_t size)
{
	char family[5], dev[VNM_IFNAME_SIZE], name[32];
	struct vnm_link link;
	int32_t number;
	int end = 0;

	if (!sys->links_seen || want->ns.path ||
	    sscanf(want->path, "net/%4[^/]/conf/%15[^/]/%31[^/]%n", family, dev, name, &end) != 3 ||
	    want->path[end] || vnm_link_read(sys, dev, &link) < 0 ||
	    !vnm_link_settings_get(&link.settings, family, name, &number))
		return false;
	snprintf(value, size, "%" PRId32, number);
	return true;
}

static int sysctl_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			struct vnm_error *err)
{
	vnm_autofree char *path = NULL;
	char value[VNM_PROC_SYS_VALUE] = "";
	int r = full_path(&op->sysctl, &path, err);
	struct access access = { path, NULL, value, sizeof(value) };

	if (r < 0)
		return r;
	if (!was_seen(sys, &op->sysctl, value, sizeof(value)))
		r = vnm_netns_run(&op->sysctl.ns, read_there, &access);
	if (r < 0 && r != -ENOENT && r != -EOVERFLOW)
		return vnm_proc_sys_fail(err, r, "read", path);
	if (r == -ENOENT && satisfied_without_ipv6(&op->sysctl))
		*ret = VNM_PRESENT;
	else
		*ret = r == 0 && (strcmp(value, op->sysctl.value) == 0 ||
				  hears_as_router(&op->sysctl, value))
			       ? VNM_PRESENT
			       : VNM_ABSENT;
	return 0;
}

/* The setting is removed with its bridge. */
static int sysctl_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys, (void)op, (void)err;
	return 0;
}

const struct vnm_op_impl vnm_impl_sysctl = {
	.apply = sysctl_apply,
	.check = sysctl_check,
	.revert = sysctl_revert,
};
