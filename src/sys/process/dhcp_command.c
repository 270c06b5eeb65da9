/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dhcp_command.c - the DHCP client that is installed, its command line, and its files; see dhcp.c. */
#include "sys/process/dhcp_command.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plan/resolv_conf.h"
#include "util/buf.h"
#include "util/file.h"
#include "util/mem.h"

/**
 * vnm_dhcp_client_find() - find a DHCP client
 *
 * Return: its absolute path, to be freed; NULL when none is installed.
 */
char *vnm_dhcp_client_find(void)
{
	static const char *const paths[] = {
		"/usr/sbin/udhcpc", "/sbin/udhcpc",	  "/usr/bin/udhcpc", "/usr/bin/busybox",
		"/bin/busybox",	    "/usr/sbin/dhclient", "/sbin/dhclient",
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(paths); i++)
		if (access(paths[i], X_OK) == 0)
			return vnm_strdup(paths[i]);
	return NULL;
}

/** vnm_dhcp_pid_file() - the argument that identifies the client of an attachment, allocated. */
char *vnm_dhcp_pid_file(const struct vnm_op_dhcp *op)
{
	return vnm_asprintf("%s/%s.pid", op->dir, op->name);
}

/** vnm_dhcp_file() - the name of a file of the client, with that ending, allocated. */
char *vnm_dhcp_file(const struct vnm_op_dhcp *op, const char *end)
{
	return vnm_asprintf("%s.%s", op->name, end);
}

/** vnm_dhcp_open_dir() - open the directory of its files. Return: a descriptor or -errno. */
int vnm_dhcp_open_dir(const struct vnm_op_dhcp *op)
{
	return vnm_open(AT_FDCWD, op->dir, O_RDONLY | O_DIRECTORY, 0);
}

/** vnm_dhcp_command_clear() - free it. */
void vnm_dhcp_command_clear(struct vnm_dhcp_command *command)
{
	free(command->pid);
	free(command->lease);
	free(command->setting);
	free(command->set);
	free(command->host);
	free(command->conf);
}

static void add_words(struct vnm_dhcp_command *command, const char *const *words)
{
	for (; *words && command->n + 1 < VNM_DHCP_ARGS_MAX; words++)
		command->argv[command->n++] = *words;
}

static void add_udhcpc(const struct vnm_op_dhcp *op, struct vnm_dhcp_command *command)
{
	const char *const words[] = { "udhcpc", "-f",		"-R", "-i",	     op->dev,
				      "-p",	command->pid,	"-s", command->self, "-t",
				      "5",	"-T",		"1",  "-A",	     "3",
				      "-O",	"staticroutes", "-O", "mtu",	     NULL };
	const char *const named[] = { "-x", command->host, NULL };
	const char *base = strrchr(op->program, '/') + 1;

	command->argv[command->n++] = op->program;
	add_words(command, strcmp(base, "busybox") ? words + 1 : words);
	if (op->hostname)
		add_words(command, named);
}

static void add_dhclient(const struct vnm_op_dhcp *op, struct vnm_dhcp_command *command)
{
	const char *const words[] = { op->program, "-4",
				      "-d",	   "-q",
				      "-cf",	   command->conf,
				      "-sf",	   command->self,
				      "-pf",	   command->pid,
				      "-lf",	   command->lease,
				      "-e",	   command->setting,
				      "-e",	   command->set,
				      op->dev,	   NULL };
	add_words(command, words);
}

/* The system's own configuration is for the host; dhclient takes a host name only from its configuration. */
static int write_conf(const struct vnm_op_dhcp *op)
{
	vnm_autofree char *name = vnm_dhcp_file(op, "conf");
	vnm_autobuf struct vnm_buf text = { 0 };
	vnm_autoclose int dir = vnm_dhcp_open_dir(op);

	if (dir < 0)
		return dir;
	vnm_buf_add(&text, "timeout 10;\nretry 3;\nrequest subnet-mask, routers, domain-name, "
			   "domain-name-servers, interface-mtu;\n");
	if (op->hostname)
		vnm_buf_printf(&text, "send host-name \"%s\";\n", op->hostname);
	return vnm_file_replace(dir, name, text.data, text.len, 0644, (gid_t)-1, VNM_VOLATILE);
}

/**
 * vnm_dhcp_command_make() - the command line and the environment of a client
 * @op:  the operation
 * @mtu: the most that the other end of its device takes
 * @ret: zeroed; freed with vnm_dhcp_command_clear()
 *
 * The configuration of a client that needs one is written.
 *
 * Return: 0 or -errno.
 */
int vnm_dhcp_command_make(const struct vnm_op_dhcp *op, uint32_t mtu, struct vnm_dhcp_command *ret)
{
	ssize_t len = readlink("/proc/self/exe", ret->self, sizeof(ret->self) - 1);

	if (len < 0)
		return -errno;
	ret->self[len] = '\0';
	ret->pid = vnm_dhcp_pid_file(op);
	ret->conf = vnm_asprintf("%s/%s.conf", op->dir, op->name);
	ret->lease = vnm_asprintf("%s/%s.lease", op->dir, op->name);
	ret->setting = vnm_asprintf(VNM_DHCP_EVENT "=%s:%s:%" PRIu32 ":%s%s%s", op->dev,
				    op->gateway ? "yes" : "no", mtu, op->name,
				    op->isolated ? VNM_RESOLV_ISOLATED : VNM_RESOLV_OUTSIDE,
				    op->resolv ? op->resolv : "");
	ret->set = vnm_asprintf(VNM_DHCP_SET "=%s/%s.set", op->dir, op->name);
	ret->host = vnm_asprintf("hostname:%s", op->hostname ? op->hostname : "");
	ret->env[0] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	ret->env[1] = "LC_ALL=C";
	ret->env[2] = ret->setting;
	ret->env[3] = ret->set;
	if (!strstr(op->program, "dhclient")) {
		add_udhcpc(op, ret);
		return 0;
	}
	add_dhclient(op, ret);
	return write_conf(op);
}
