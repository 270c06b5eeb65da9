/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kmod.c - modules that the kernel does not load by itself when what they do is wanted.
 *
 * Kinds of devices, queues, tables of a family that is there, matches, targets, protocols: for each of them the kernel
 * runs its module loader. But the request that asks for a table is itself registered by ip_tables and ip6_tables, and
 * /dev/net/tun need not be there before tun is: nobody would load those. So they are loaded here, as the iptables
 * commands do it, by the kernel's own loader.
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

/** vnm_kmod_name() - what it is called. */
const char *vnm_kmod_name(enum vnm_kmod module)
{
	return names[module];
}

/** vnm_kmod_disabled() - was loading modules switched off until the next boot? */
bool vnm_kmod_disabled(void)
{
	char value[16];

	return vnm_proc_read(DISABLED_FILE, value, sizeof(value)) == 0 && !strcmp(value, "1");
}

/* All ids as they are: the first user namespace, whose rights are those over the kernel. */
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

/* Return: did it end well? */
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
 * vnm_kmod_load() - have the kernel's loader load a module
 * @sys:    the handles; a module is asked for once
 * @module: which
 *
 * Nothing is tried where loading is switched off, or is not for us to ask for.
 *
 * Return: true when it was loaded, so that what has failed is worth another try.
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
 * vnm_kmod_remedy() - what a person can do about a module that is not there: "load it: modprobe ip_tables"
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
