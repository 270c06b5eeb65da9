/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sysctl.c - settings below /proc/sys.
 *
 * A setting of our own bridge is simply written; it goes when the bridge goes.
 *
 * The host's forwarding switches are another matter: there is one for each family, all networks and
 * everything else on the host share it. Whoever finds it on leaves it alone, and nobody's stop
 * takes it from another network. Who switches it on writes a record beforehand, with what was
 * there; when the last of our networks stops, the record is consumed:
 *
 *   - the host looks like a router for others by now: at least two devices besides our bridges are
 *     up and carry a global address of that family. Somebody may have come to rely on the switch,
 *     and nothing tells; it stays on. (A host that forwards between containers and its uplink looks
 *     like this, too.)
 *   - otherwise the old value is put back: a laptop that was no router before is none afterwards.
 *
 * A record of an earlier boot means nothing: the kernel began anew. Without a record the switch was
 * not ours.
 *
 * With net.ipv6.conf.all.forwarding on, the kernel ignores router advertisements on devices whose
 * accept_ra is 1 (Documentation/networking/ip-sysctl.rst): sys/host/accept_ra.c.
 */
#include "sys/host/sysctl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/host/accept_ra.h"
#include "sys/netlink/netlink.h"
#include "sys/netlink/netns.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"

#define PROC_SYS "/proc/sys/"
#define IPV6_TREE PROC_SYS "net/ipv6"
#define VALUE_SIZE 64
#define RECORD_MAX 256
#define ROUTER_DEVICES 2

/* The host's switch of a family, and the record of who switched it on. */
struct forwarding_switch {
	int family;
	const char *path, *record;
};

static const struct forwarding_switch switches[] = {
	{ AF_INET, PROC_SYS "net/ipv4/ip_forward", "forwarding4" },
	{ AF_INET6, PROC_SYS "net/ipv6/conf/all/forwarding", "forwarding6" },
};

static const struct forwarding_switch *find_switch(int family)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(switches); i++)
		if (switches[i].family == family)
			return &switches[i];
	return NULL;
}

/* Read-only /proc/sys is what containers have; there root is not enough. */
static int fail(struct vnm_error *err, int rc, const char *what, const char *path)
{
	bool denied = rc == -EACCES || rc == -EPERM, read_only = rc == -EROFS;

	return vnm_error_set(err, denied || read_only ? VNM_ERR_PERMISSION : VNM_ERR_SYSTEM, -rc,
			     "cannot %s %s: %s%s%s", what, path, strerror(-rc),
			     denied ? "; this needs root (CAP_NET_ADMIN)" : "",
			     read_only ? "; /proc/sys must be writable, also in a container" : "");
}

/*
 * Below net/, and no component that leads elsewhere. Device names with dots in them ("a..b") are
 * fine.
 */
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
	*ret = vnm_asprintf(PROC_SYS "%s", want->path);
	return 0;
}

/* Nothing of IPv6 has to be switched off in a kernel without it; one that cannot be looked at may have it. */
static bool satisfied_without_ipv6(const struct vnm_op_sysctl *want)
{
	static const char leaf[] = "/disable_ipv6";
	size_t len = strlen(want->path), tail = sizeof(leaf) - 1;
	bool enables = len > tail && strcmp(want->path + len - tail, leaf) == 0 &&
		       strcmp(want->value, "0") == 0;

	return strncmp(want->path, "net/ipv6/", strlen("net/ipv6/")) == 0 && !enables &&
	       access(IPV6_TREE, F_OK) < 0 && errno == ENOENT;
}

/* /proc/sys/net shows the namespace of whoever looks. */
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

/* What is so already is not written: /proc/sys may be read-only. */
static int sysctl_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autofree char *path = NULL;
	char value[VALUE_SIZE] = "";
	int r = full_path(&op->sysctl, &path, err);
	struct access access = { path, op->sysctl.value, value, sizeof(value) };

	(void)sys;
	if (r < 0 || satisfied_without_ipv6(&op->sysctl))
		return r;
	if (vnm_netns_run(&op->sysctl.ns, read_there, &access) == 0 &&
	    !strcmp(value, op->sysctl.value))
		return 0;
	r = vnm_netns_run(&op->sysctl.ns, write_there, &access);
	return r < 0 ? fail(err, r, "write", path) : 0;
}

/* A bridge in the place of a device of the host listens to advertisements while the host forwards: sys/host/accept_ra.c. */
static bool hears_as_router(const struct vnm_op_sysctl *want, const char *value)
{
	static const char leaf[] = "/accept_ra";
	size_t len = strlen(want->path), tail = sizeof(leaf) - 1;

	return len > tail && strcmp(want->path + len - tail, leaf) == 0 &&
	       strcmp(want->value, "1") == 0 && strcmp(value, "2") == 0;
}

static int sysctl_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			struct vnm_error *err)
{
	vnm_autofree char *path = NULL;
	char value[VALUE_SIZE] = "";
	int r = full_path(&op->sysctl, &path, err);
	struct access access = { path, NULL, value, sizeof(value) };

	(void)sys;
	if (r < 0)
		return r;
	r = vnm_netns_run(&op->sysctl.ns, read_there, &access);
	if (r < 0 && r != -ENOENT && r != -EOVERFLOW)
		return fail(err, r, "read", path);
	if (r == -ENOENT && satisfied_without_ipv6(&op->sysctl))
		*ret = VNM_PRESENT;
	else
		*ret = r == 0 && (strcmp(value, op->sysctl.value) == 0 ||
				  hears_as_router(&op->sysctl, value))
			       ? VNM_PRESENT
			       : VNM_ABSENT;
	return 0;
}

/* The setting goes with its bridge. */
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

static char *localnet_path(const struct vnm_op *op)
{
	return vnm_asprintf(PROC_SYS "net/ipv4/conf/%s/route_localnet", op->route_localnet.dev);
}

static int localnet_set(const struct vnm_op *op, const char *value, struct vnm_error *err)
{
	vnm_autofree char *path = localnet_path(op);
	int r;

	if (!vnm_ifname_valid(op->route_localnet.dev))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL, "'%s' is no device name",
				     op->route_localnet.dev);
	r = vnm_proc_write(path, value);
	return r < 0 && !(r == -ENOENT && *value == '0') ? fail(err, r, "write", path) : 0;
}

static int localnet_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys;
	return localnet_set(op, "1", err);
}

static int localnet_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			  struct vnm_error *err)
{
	vnm_autofree char *path = localnet_path(op);
	char value[VALUE_SIZE] = "";
	int r = vnm_proc_read(path, value, sizeof(value));

	(void)sys;
	if (r < 0 && r != -ENOENT)
		return fail(err, r, "read", path);
	*ret = r == 0 && strcmp(value, "0") != 0 ? VNM_PRESENT : VNM_ABSENT;
	return 0;
}

/* Unlike other settings it can be taken back while the bridge stays: when the last such forward goes. */
static int localnet_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys;
	return localnet_set(op, "0", err);
}

const struct vnm_op_impl vnm_impl_route_localnet = {
	.apply = localnet_apply,
	.check = localnet_check,
	.revert = localnet_revert,
};

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
	char value[VALUE_SIZE];
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

/*
 * The value to put back; -ENOENT when there is none: no record, one that is damaged, or one of
 * another boot.
 */
static int record_read(struct vnm_sys *sys, const struct forwarding_switch *sw,
		       char value[static VALUE_SIZE])
{
	char boot[VNM_UUID_STRLEN], *sep;
	vnm_autofree char *text = NULL;
	int r = vnm_file_read(sys->run_fd, sw->record, RECORD_MAX, &text, NULL);

	if (r == 0)
		r = vnm_boot_id(boot);
	if (r < 0)
		return r == -EFBIG || r == -EILSEQ ? -ENOENT : r;
	sep = strchr(text, ' ');
	if (!sep || sep == text || sep - text >= VALUE_SIZE ||
	    strncmp(sep + 1, boot, strlen(boot)) != 0)
		return -ENOENT;
	snprintf(value, VALUE_SIZE, "%.*s", (int)(sep - text), text);
	return 0;
}

/**
 * vnm_forwarding_recorded() - is it one of our networks that has switched forwarding on?
 * @sys:    the handles
 * @family: AF_INET or AF_INET6
 * @ret:    whether the record of that is there
 *
 * Return: 0 or -errno.
 */
int vnm_forwarding_recorded(struct vnm_sys *sys, int family, bool *ret)
{
	const struct forwarding_switch *sw = find_switch(family);
	char value[VALUE_SIZE];
	int r = sw ? record_read(sys, sw, value) : -EAFNOSUPPORT;

	*ret = r == 0;
	return r == -ENOENT ? 0 : r;
}

/**
 * vnm_forget_settings() - the records of shared settings are about a network namespace that is gone
 * @sys: the handles
 */
void vnm_forget_settings(struct vnm_sys *sys)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(switches); i++)
		(void)vnm_file_unlink(sys->run_fd, switches[i].record, VNM_VOLATILE);
	(void)vnm_file_unlink(sys->run_fd, VNM_ACCEPT_RA_RECORD, VNM_VOLATILE);
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
	char old[VALUE_SIZE];
	int r = need_switch(op, &sw, err);

	if (r < 0)
		return r;
	r = vnm_proc_read(sw->path, old, sizeof(old));
	if (r == -ENOENT && sw->family == AF_INET6)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, ENOENT,
				     "IPv6 is switched off in this kernel (ipv6.disable=1?)");
	if (r < 0)
		return fail(err, r, "read", sw->path);
	if (strcmp(old, "0") != 0)
		return 0;
	r = record_write(sys, sw, old);
	if (r < 0)
		return fail(err, r, "write the record", sw->record);
	r = vnm_proc_write(sw->path, "1");
	return r < 0 ? fail(err, r, "enable IP forwarding in", sw->path) : 0;
}

static int forwarding_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			    struct vnm_error *err)
{
	const struct forwarding_switch *sw = NULL;
	bool on = false;
	int r = need_switch(op, &sw, err);

	(void)sys;
	if (r < 0)
		return r;
	r = vnm_forwarding_get(sw->family, &on);
	if (r < 0)
		return fail(err, r, "read", sw->path);
	*ret = on ? VNM_PRESENT : VNM_ABSENT;
	return 0;
}

static int put_back(struct vnm_sys *sys, const struct forwarding_switch *sw, const char *value,
		    struct vnm_error *err)
{
	size_t others = 0;
	int r = vnm_addr_others(sys, sw->family, &others, err);

	if (r < 0 || others >= ROUTER_DEVICES)
		return r;
	r = vnm_proc_write(sw->path, value);
	return r < 0 && r != -ENOENT ? fail(err, r, "restore", sw->path) : 0;
}

/*
 * The value first, then the record: a kill between the two repeats the first, which does no harm.
 */
static int forwarding_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct forwarding_switch *sw = NULL;
	char value[VALUE_SIZE];
	int r = need_switch(op, &sw, err);

	if (r < 0 || !sys->last_one)
		return r;
	r = record_read(sys, sw, value);
	if (r < 0 && r != -ENOENT)
		return fail(err, r, "read the record", sw->record);
	if (r == 0)
		r = put_back(sys, sw, value, err);
	if (r < 0 && r != -ENOENT)
		return r;
	r = vnm_file_unlink(sys->run_fd, sw->record, VNM_VOLATILE);
	return r < 0 ? fail(err, r, "remove the record", sw->record) : 0;
}

const struct vnm_op_impl vnm_impl_forwarding = {
	.apply = forwarding_apply,
	.check = forwarding_check,
	.revert = forwarding_revert,
};
