/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_record.c - what following a packet changes on the host, recorded until it is restored.
 *
 * Theory of operation. While a packet is followed, the legacy tables' reports go to the logger nfnetlink_log, a setting of the
 * network namespace for each family; before 5.12 tables of nf_tables stay when a process is killed; and a device may exist
 * that sends the packet into a port. The record says that it began, and what the loggers were. It is written before
 * anything is changed, and removed when all is restored, which the next command does after a kill.
 */
#include "sys/trace/trace_record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter.h>

#include "sys/firewall/nft_read.h"
#include "sys/host/proc_sys.h"
#include "sys/link/link.h"
#include "sys/link/link_set.h"
#include "sys/trace/trace_table.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"

#define RECORD "trace"
#define RECORD_MAX 512
#define LOGGER "nfnetlink_log"

static const char *log_path(int family)
{
	return family == AF_INET ? VNM_PROC_SYS "net/netfilter/nf_log/2"
				 : VNM_PROC_SYS "net/netfilter/nf_log/10";
}

/* A file that is not there has no value: the kernel has no such logger. */
static int read_log(int family, char value[static VNM_PROC_SYS_VALUE])
{
	int r = vnm_proc_read(log_path(family), value, VNM_PROC_SYS_VALUE);

	if (r == -ENOENT)
		(void)snprintf(value, VNM_PROC_SYS_VALUE, "-");
	return r == -ENOENT ? 0 : r;
}

/**
 * vnm_trace_record_begin() - record what the host has before a packet is followed
 * @sys: the handles
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_trace_record_begin(struct vnm_sys *sys, struct vnm_error *err)
{
	char boot[VNM_UUID_STRLEN] = "", v4[VNM_PROC_SYS_VALUE], v6[VNM_PROC_SYS_VALUE];
	vnm_autofree char *text = NULL;
	int r = vnm_boot_id(boot);

	if (r == 0)
		r = read_log(AF_INET, v4);
	if (r == 0)
		r = read_log(AF_INET6, v6);
	if (r < 0)
		return vnm_proc_sys_fail(err, r, "read what is recorded in", RECORD);
	text = vnm_asprintf("%s %s %s\n", boot, v4, v6);
	r = vnm_file_replace(sys->run_fd, RECORD, text, strlen(text), 0600, (gid_t)-1,
			     VNM_VOLATILE);
	return r < 0 ? vnm_proc_sys_fail(err, r, "write the record", RECORD) : 0;
}

/**
 * vnm_trace_record_log() - have the legacy tables' reports sent by netlink
 * @family: AF_INET, AF_INET6
 *
 * Return: 0 or -errno.
 */
int vnm_trace_record_log(int family)
{
	char now[VNM_PROC_SYS_VALUE];

	if (vnm_proc_read(log_path(family), now, sizeof(now)) == 0 && !strcmp(now, LOGGER))
		return 0;
	return vnm_proc_write(log_path(family), LOGGER);
}

static int restore_log(int family, const char *value)
{
	char now[VNM_PROC_SYS_VALUE];
	int r = strcmp(value, "-") ? read_log(family, now) : 0;

	if (r < 0 || !strcmp(value, "-") || strcmp(now, LOGGER) != 0 || !strcmp(value, LOGGER))
		return r;
	return vnm_proc_write(log_path(family), value);
}

/* Only before Linux 5.12 there is something left: closing the socket has removed the tables. */
static int remove_tables(struct vnm_sys *sys)
{
	struct vnm_nft_chain chain;
	int r = vnm_nft_chain_get(sys, NFPROTO_INET, VNM_TRACE_TABLE, "input", &chain);

	if (r == 0) {
		vnm_nft_chain_clear(&chain);
		vnm_trace_table_remove(&sys->nft_write_sock);
	}
	/* Without the privilege, or nf_tables, there has been none. */
	return r == -ENOMEM || r == -ENOBUFS || r == -EMFILE || r == -ENFILE || r == -EIO ? r : 0;
}

static int remove_device(struct vnm_sys *sys)
{
	struct vnm_error why = { 0 };
	struct vnm_link link;
	int r = vnm_link_find(sys, VNM_TRACE_DEVICE, &link, &why);

	return r > 0 && link.group == VNM_GROUP_GUEST ? vnm_link_delete(sys, &link, &why) : r;
}

/* Return: 0; -ENOENT: there is none; -ESTALE: none of this boot; -errno: unknown. */
static int read_record(struct vnm_sys *sys, char v4[static VNM_PROC_SYS_VALUE],
		       char v6[static VNM_PROC_SYS_VALUE])
{
	char boot[VNM_UUID_STRLEN], was[VNM_UUID_STRLEN];
	vnm_autofree char *text = NULL;
	int r = vnm_file_read(sys->run_fd, RECORD, RECORD_MAX, &text, NULL);

	if (r == 0)
		r = vnm_boot_id(boot);
	if (r < 0)
		return r == -EFBIG || r == -EILSEQ ? -ESTALE : r;
	return sscanf(text, "%36s %63s %63s", was, v4, v6) == 3 && !strcmp(boot, was) ? 0 : -ESTALE;
}

/* All of it is tried. */
static int restore(struct vnm_sys *sys, const char *v4, const char *v6)
{
	const int results[] = { restore_log(AF_INET, v4), restore_log(AF_INET6, v6),
				remove_device(sys), remove_tables(sys) };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(results); i++)
		if (results[i] < 0)
			return results[i];
	return 0;
}

/**
 * vnm_trace_recover() - restore what following a packet has changed; nothing without a record
 * @sys: the handles; under the lock
 * @err: set on failure; then the record stays, and the next command tries again
 *
 * Return: 0 or -errno.
 */
int vnm_trace_recover(struct vnm_sys *sys, struct vnm_error *err)
{
	char v4[VNM_PROC_SYS_VALUE] = "", v6[VNM_PROC_SYS_VALUE] = "";
	int r = read_record(sys, v4, v6);

	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = restore(sys, v4, v6);
	if (r == 0 || r == -ESTALE)
		r = vnm_file_unlink(sys->run_fd, RECORD, VNM_VOLATILE);
	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot restore what following a packet has changed (the "
				     "loggers " VNM_PROC_SYS "net/netfilter/nf_log/2 and 10, the "
				     "device " VNM_TRACE_DEVICE
				     "): %s; the next command tries again",
				     strerror(-r))
		     : 0;
}

/** vnm_trace_drop_record() - forget what the record says, as of a network namespace that is gone */
void vnm_trace_drop_record(struct vnm_sys *sys)
{
	(void)vnm_file_unlink(sys->run_fd, RECORD, VNM_VOLATILE);
}
