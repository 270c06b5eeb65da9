/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kmod.c - load modules that the kernel does not load on demand.
 *
 * It does load kinds of devices, qdiscs, tables, matches, targets and protocols. But the request for a table is itself
 * registered by ip_tables and ip6_tables, and /dev/net/tun may be missing until tun is loaded. So those are loaded here,
 * as by the iptables commands, with the kernel's own loader.
 */
#include "sys/host/kmod.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/child.h"
#include "util/file.h"

#define LOADER_FILE "/proc/sys/kernel/modprobe"
#define DISABLED_FILE "/proc/sys/kernel/modules_disabled"
#define MAP_FILE "/proc/self/uid_map"
#define LOADER_WAIT_MS 60000

static const char *const names[VNM_KMOD_COUNT] = {
	[VNM_KMOD_IP_TABLES] = "ip_tables",
	[VNM_KMOD_IP6_TABLES] = "ip6_tables",
	[VNM_KMOD_TUN] = "tun",
};

/** vnm_kmod_name() - the module's name. */
const char *vnm_kmod_name(enum vnm_kmod module)
{
	return names[module];
}

/** vnm_kmod_disabled() - is loading modules disabled until the next boot? */
bool vnm_kmod_disabled(void)
{
	char value[16];

	return vnm_proc_read(DISABLED_FILE, value, sizeof(value)) == 0 && !strcmp(value, "1");
}

/* An identity map of all ids: the initial user namespace, whose capabilities include loading modules. */
static bool in_first_user_namespace(void)
{
	char map[64];
	unsigned long inside, outside, count;

	if (vnm_proc_read(MAP_FILE, map, sizeof(map)) < 0)
		return true; /* a kernel without user namespaces */
	return sscanf(map, "%lu %lu %lu", &inside, &outside, &count) == 3 && inside == 0 &&
	       outside == 0 && count == 4294967295UL;
}

static bool has_right(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return syscall(SYS_capget, &head, data) == 0 &&
	       (data[CAP_TO_INDEX(CAP_SYS_MODULE)].effective & CAP_TO_MASK(CAP_SYS_MODULE)) != 0;
}

static bool may_load(void)
{
	return has_right() && in_first_user_namespace();
}

/* Return: whether it succeeded. */
static bool run_loader(const char *loader, const char *module)
{
	const char *const argv[] = { loader, "-q", "--", module, NULL };
	vnm_autochild struct vnm_child child = VNM_CHILD_INIT;
	struct vnm_child_end end = { .status = -1 };
	struct vnm_error err = { 0 };
	bool done = vnm_child_fork(argv, &child, &err) == 0 &&
		    vnm_child_finish(&child, LOADER_WAIT_MS, &end) == 0 && end.status == 0;

	vnm_child_end_clear(&end);
	return done;
}

/**
 * vnm_kmod_load() - load a module by the kernel's loader
 * @sys:    the handles; each module is tried once
 * @module: which
 *
 * No attempt is made where loading is disabled or not permitted.
 *
 * Return: true when it was loaded, so that the failed request is worth another try.
 */
bool vnm_kmod_load(struct vnm_sys *sys, enum vnm_kmod module)
{
	char loader[256];

	if (sys->modules_asked & (1u << module))
		return false;
	sys->modules_asked |= 1u << module;
	if (!may_load() || vnm_kmod_disabled() ||
	    vnm_proc_read(LOADER_FILE, loader, sizeof(loader)) < 0 || loader[0] != '/')
		return false;
	return run_loader(loader, names[module]);
}

/**
 * vnm_kmod_remedy() - the remedy for a missing module: "load it: modprobe ip_tables"
 * @module: which
 * @out:    gets it
 */
void vnm_kmod_remedy(const char *module, struct vnm_buf *out)
{
	char loader[256];

	if (vnm_kmod_disabled())
		vnm_buf_printf(out,
			       "kernel.modules_disabled is 1, so nothing can be loaded before the "
			       "next boot; have it loaded then: %s in /etc/modules-load.d/",
			       module);
	else if (vnm_proc_read(LOADER_FILE, loader, sizeof(loader)) == -ENOENT)
		vnm_buf_add(out, "it was built without modules: use another kernel");
	else if (!may_load())
		vnm_buf_printf(out, "the host's root can load it: modprobe %s", module);
	else
		vnm_buf_printf(out, "load it: modprobe %s", module);
}
