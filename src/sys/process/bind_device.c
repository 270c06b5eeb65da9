/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_device.c - sockets of a process that are bound to a device from the beginning, as "ip vrf exec" has it.
 *
 * Theory of operation. An address of a device in a VRF can be bound to, and is sent from and received at, only by a socket that is
 * bound to that device or the VRF. dnsmasq binds no socket for DNS to a device. So while it starts it is in a control group of its
 * own, with a program of four instructions that the kernel runs for each new socket (BPF_CGROUP_INET_SOCK_CREATE). Then it goes back to
 * where it was: the sockets by which it asks other servers are opened later, and are the host's, outside of the VRF.
 *
 * The group is named after the device and its namespace, since containers and sandboxes may see the same hierarchy. It is deleted with
 * its program when the process has left it or ended.
 */
#define _GNU_SOURCE 1
#include "sys/process/bind_device.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <net/if.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/netlink/netns_enter.h"
#include "util/file.h"
#include "util/mem.h"

#include <linux/bpf.h>

#define CGROUPS "/sys/fs/cgroup"
#define PROCS "/cgroup.procs"
#define LIST_MAX 65536
#define KERNEL_NEEDS "BPF programs of control groups (CONFIG_CGROUP_BPF, cgroup2 on " CGROUPS ")"

/* Return: 0 or -errno. */
static int group_of(const char *dev, char **ret)
{
	uint32_t ino;
	int r = vnm_netns_inode("/proc/self/ns/net", &ino);

	if (r == 0)
		*ret = vnm_asprintf(CGROUPS "/vnetmgr-%s-%" PRIu32, dev, ino);
	return r;
}

/* None is no error, and neither is one that nobody can have made: on what is read-only. */
static int delete_group(const char *group)
{
	int r = rmdir(group) < 0 ? -errno : 0;

	return access(group, F_OK) == 0 ? r : 0;
}

static int call_bpf(int cmd, union bpf_attr *attr)
{
	int r = (int)syscall(SYS_bpf, cmd, attr, sizeof(*attr));

	return r < 0 ? -errno : r;
}

/* ctx->bound_dev_if = index; return 1: the socket may be. Return: a descriptor, or -errno. */
static int load(uint32_t index)
{
	const struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = (int)index },
		{ .code = BPF_STX | BPF_MEM | BPF_W,
		  .dst_reg = BPF_REG_1,
		  .src_reg = BPF_REG_2,
		  .off = offsetof(struct bpf_sock, bound_dev_if) },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_CGROUP_SOCK;
	attr.expected_attach_type = BPF_CGROUP_INET_SOCK_CREATE;
	attr.insns = (uintptr_t)program;
	attr.insn_cnt = VNM_ARRAY_SIZE(program);
	attr.license = (uintptr_t) "GPL";
	return call_bpf(BPF_PROG_LOAD, &attr);
}

static int attach(const char *group, int program)
{
	vnm_autoclose int dir = open(group, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	union bpf_attr attr;

	if (dir < 0)
		return -errno;
	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)dir;
	attr.attach_bpf_fd = (uint32_t)program;
	attr.attach_type = BPF_CGROUP_INET_SOCK_CREATE;
	return call_bpf(BPF_PROG_ATTACH, &attr);
}

static int move(const char *group, pid_t pid)
{
	vnm_autofree char *procs = vnm_asprintf("%s" PROCS, group);
	char number[16];

	snprintf(number, sizeof(number), "%d", (int)pid);
	return vnm_proc_write(procs, number);
}

static int enter(pid_t pid, const char *group, const char *dev)
{
	vnm_autoclose int program = -1;
	const unsigned index = if_nametoindex(dev);
	int r;

	if (index == 0)
		return -errno;
	program = load(index);
	if (program < 0)
		return program;
	if (mkdir(group, 0755) < 0 && errno != EEXIST)
		return -errno;
	r = attach(group, program);
	return r < 0 ? r : move(group, pid);
}

/**
 * vnm_bind_device_begin() - bind the sockets that a process opens from now on to a device
 * @pid: the process, which has none yet
 * @dev: the device
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_bind_device_begin(pid_t pid, const char *dev, struct vnm_error *err)
{
	vnm_autofree char *group = NULL;
	int r = group_of(dev, &group);

	if (r == 0) {
		(void)delete_group(group); /* of a command that was killed */
		r = enter(pid, group, dev);
	}
	if (r == 0)
		return 0;
	if (group)
		(void)delete_group(group);
	return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
			     "cannot bind dnsmasq to '%s', which is in a VRF, by " KERNEL_NEEDS
			     ": %s",
			     dev, strerror(-r));
}

/* Where our own process is, as the other one was when it was forked. */
static char *own_group(void)
{
	vnm_autofree char *text = NULL;
	const char *line;

	if (vnm_file_read(AT_FDCWD, "/proc/self/cgroup", LIST_MAX, &text, NULL) < 0)
		return vnm_strdup(CGROUPS);
	line = strncmp(text, "0::", 3) ? strstr(text, "\n0::") : text;
	line = line ? strchr(line, '/') : NULL;
	return line ? vnm_asprintf(CGROUPS "%.*s", (int)strcspn(line, "\n"), line)
		    : vnm_strdup(CGROUPS);
}

/**
 * vnm_bind_device_end() - no longer bind what the process opens; what it has opened stays bound
 * @pid: the process
 * @dev: the device
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_bind_device_end(pid_t pid, const char *dev, struct vnm_error *err)
{
	vnm_autofree char *own = own_group();
	int r = move(own, pid);

	if (r < 0)
		r = move(CGROUPS, pid);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot move dnsmasq out of the control group that binds it "
				     "to '%s': %s",
				     dev, strerror(-r));
	return vnm_bind_device_forget(dev, err);
}

/**
 * vnm_bind_device_forget() - delete the control group of a device, which no process is in; none is no error
 * @dev: the device
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_bind_device_forget(const char *dev, struct vnm_error *err)
{
	vnm_autofree char *group = NULL;
	int r = group_of(dev, &group);

	if (r == 0)
		r = delete_group(group);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot delete the control group that binds dnsmasq to "
				     "'%s': %s",
				     dev, strerror(-r));
	return 0;
}

/** vnm_bind_device_unfinished() - was a command killed between vnm_bind_device_begin() and vnm_bind_device_end()? */
bool vnm_bind_device_unfinished(const char *dev)
{
	vnm_autofree char *group = NULL;

	return group_of(dev, &group) == 0 && access(group, F_OK) == 0;
}

/** vnm_bind_device_possible() - can the kernel, and may we? Return: 0 or -errno. */
int vnm_bind_device_possible(struct vnm_error *err)
{
	vnm_autoclose int program = load(1);
	int r = program < 0 ? program : access(CGROUPS PROCS, W_OK) < 0 ? -errno : 0;

	if (r == 0)
		return 0;
	if (r == -EROFS)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, -r,
				     "dnsmasq cannot serve a network in a VRF: " CGROUPS
				     " is read-only here; where systemd starts vnetmgr, add "
				     "ProtectControlGroups=no to [Service]: systemctl edit "
				     "vnetmgr.service");
	return vnm_error_set(
		err, VNM_ERR_UNSUPPORTED, -r,
		"dnsmasq cannot serve a network in a VRF: this takes " KERNEL_NEEDS
		" (%s); leave <vnm:vrf> out, or <dhcp> and with <dns enable='no'/> DNS",
		strerror(-r));
}
