/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_legacy_kernel.c - the legacy tables beside libiptc: the lock, which tables and extensions there are. */
#include "sys/firewall/fw_legacy_kernel.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netfilter/x_tables.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include "util/file.h"
#include "util/lock.h"
#include "util/mem.h"

#define LOCK_FILE "/run/xtables.lock" /* as iptables 1.8 */
#define LOCK_WAIT_SECONDS 30

/** vnm_fw_legacy_module() - the module of a family's tables. */
enum vnm_kmod vnm_fw_legacy_module(int family)
{
	return family == AF_INET ? VNM_KMOD_IP_TABLES : VNM_KMOD_IP6_TABLES;
}

/**
 * vnm_fw_legacy_lock() - take the lock of the iptables commands
 * @err: VNM_ERR_BUSY when another program has held it for too long
 *
 * Return: a descriptor that holds it until it is closed, or -errno.
 */
int vnm_fw_legacy_lock(struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_open(AT_FDCWD, LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	int r;

	if (fd < 0)
		return vnm_error_set(
			err, fd == -EACCES || fd == -EPERM ? VNM_ERR_PERMISSION : VNM_ERR_SYSTEM,
			-fd, "cannot open " LOCK_FILE ": %s", strerror(-fd));
	r = vnm_lock_wait(fd, LOCK_WAIT_SECONDS);
	if (r < 0 && r != -ETIMEDOUT)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot lock " LOCK_FILE ": %s",
				     strerror(-r));
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_BUSY, -r,
				     "another program has held " LOCK_FILE
				     " for %d seconds; see who: fuser " LOCK_FILE,
				     LOCK_WAIT_SECONDS);
	return vnm_steal_fd(&fd);
}

/** vnm_fw_legacy_probe() - has the kernel a match or a target? As struct vnm_fw_table_impl says; loads its module. */
int vnm_fw_legacy_probe(struct vnm_sys *sys, int family, bool target, const char *name,
			unsigned revision)
{
	struct xt_get_revision question = { .revision = (__u8)revision };
	int level = family == AF_INET ? SOL_IP : SOL_IPV6, option;
	socklen_t len = sizeof(question);
	vnm_autoclose int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	int r;

	if (fd < 0)
		return -errno;
	if (family == AF_INET)
		option = target ? IPT_SO_GET_REVISION_TARGET : IPT_SO_GET_REVISION_MATCH;
	else
		option = target ? IP6T_SO_GET_REVISION_TARGET : IP6T_SO_GET_REVISION_MATCH;
	snprintf(question.name, sizeof(question.name), "%s", name);
	r = getsockopt(fd, level, option, &question, &len) < 0 ? -errno : 0;
	if (r == -ENOPROTOOPT && vnm_kmod_load(sys, vnm_fw_legacy_module(family)))
		r = getsockopt(fd, level, option, &question, &len) < 0 ? -errno : 0;
	return r;
}

static_assert(sizeof(struct ip6t_getinfo) == sizeof(struct ipt_getinfo) &&
		      sizeof(struct ip6t_get_entries) == sizeof(struct ipt_get_entries) &&
		      (int)IP6T_SO_GET_INFO == (int)IPT_SO_GET_INFO &&
		      (int)IP6T_SO_GET_ENTRIES == (int)IPT_SO_GET_ENTRIES,
	      "the same in both families");

/* Return: 0 or -errno. */
static int ask(int fd, int family, int option, void *data, size_t size)
{
	socklen_t len = (socklen_t)size;

	return getsockopt(fd, family == AF_INET ? SOL_IP : SOL_IPV6, option, data, &len) < 0
		       ? -errno
		       : 0;
}

static int ask_info(int fd, int family, enum vnm_fw_table table, struct ipt_getinfo *ret)
{
	*ret = (struct ipt_getinfo){ .name = "" };
	snprintf(ret->name, sizeof(ret->name), "%s", vnm_enum_name(&vnm_enum_fw_table, (int)table));
	return fd < 0 ? -errno : ask(fd, family, IPT_SO_GET_INFO, ret, sizeof(*ret));
}

/**
 * vnm_fw_legacy_count() - how many entries has a table?
 *
 * It is created if need be, as reading it would do, but not read.
 *
 * Return: the number, or -errno as from libiptc.
 */
int vnm_fw_legacy_count(int family, enum vnm_fw_table table)
{
	vnm_autoclose int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	struct ipt_getinfo info;
	int r = ask_info(fd, family, table, &info);

	return r < 0 ? r : (int)info.num_entries;
}

/**
 * vnm_fw_legacy_raw() - the entries of a table as the kernel has them: struct ipt_entry or ip6t_entry, one behind the other
 * @ret: free()
 *
 * Return: 0 or -errno; -EAGAIN: somebody else has changed it meanwhile.
 */
int vnm_fw_legacy_raw(int family, enum vnm_fw_table table, void **ret, size_t *ret_len)
{
	vnm_autoclose int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	vnm_autofree struct ipt_get_entries *entries = NULL;
	struct ipt_getinfo info;
	int r = ask_info(fd, family, table, &info);

	if (r < 0)
		return r;
	entries = vnm_alloc(sizeof(*entries) + info.size);
	memcpy(entries->name, info.name, sizeof(info.name));
	entries->size = info.size;
	r = ask(fd, family, IPT_SO_GET_ENTRIES, entries, sizeof(*entries) + info.size);
	if (r < 0)
		return r;
	memmove(entries, entries->entrytable, info.size);
	*ret = vnm_steal(&entries);
	*ret_len = info.size;
	return 0;
}

/**
 * vnm_fw_legacy_exists() - does the table exist?
 *
 * By /proc: libiptc would create it. Without the right to read that it counts as existing.
 */
bool vnm_fw_legacy_exists(struct vnm_sys *sys, int family, enum vnm_fw_table table)
{
	const char *list = family == AF_INET ? "ip_tables_names" : "ip6_tables_names";
	const char *word = vnm_enum_name(&vnm_enum_fw_table, (int)table);
	vnm_autoclose int dir = vnm_open(AT_FDCWD, "/proc/net", O_RDONLY | O_DIRECTORY, 0);
	vnm_autofree char *text = NULL;
	size_t len = strlen(word);
	int r = dir < 0 ? dir : vnm_file_read(dir, list, 4096, &text, NULL);

	(void)sys;
	if (r < 0)
		return r != -ENOENT;
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
		if (!strncmp(line, word, len) && line[len] == '\n')
			return true;
	return false;
}

static void upper(char *text)
{
	for (; *text; text++)
		*text = (char)toupper((unsigned char)*text);
}

/**
 * vnm_fw_legacy_absent() - does the error from reading a table say that the kernel has no such table?
 * @handle: the table
 * @r:      -errno of libiptc
 * @err:    set if so: the kernel has no tables of the family at all, or lacks this one
 */
bool vnm_fw_legacy_absent(const struct vnm_fw_handle *handle, int r, struct vnm_error *err)
{
	const char *name = vnm_enum_name(&vnm_enum_fw_table, (int)handle->table);
	const char *base = vnm_kmod_name(vnm_fw_legacy_module(handle->family));
	const char *v = handle->family == AF_INET ? "" : "6";
	vnm_autofree char *module =
		r == -ENOENT ? vnm_asprintf("ip%stable_%s", v, name) : vnm_strdup(base);
	vnm_autofree char *option = r == -ENOENT ? vnm_asprintf("IP%s_NF_%s", v, name)
						 : vnm_asprintf("IP%s_NF_IPTABLES_LEGACY", v);
	vnm_autobuf struct vnm_buf remedy = { 0 };

	if (r != -ENOENT && r != -ENOPROTOOPT && r != -ENOPKG)
		return false;
	upper(option);
	vnm_kmod_remedy(module, &remedy);
	vnm_error_set(err, VNM_ERR_UNSUPPORTED, -r,
		      "this kernel lacks the legacy %s table '%s' (module %s, CONFIG_%s%s); "
		      "%s; or use a network without rules: <forward mode='open'/>",
		      handle->family == AF_INET ? "IPv4" : "IPv6", name, module, option,
		      r == -ENOENT ? "" : ", CONFIG_NETFILTER_XTABLES_LEGACY", remedy.data);
	return true;
}
