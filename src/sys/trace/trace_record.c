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

/**
 * vnm_trace_record_begin() - record what the host has before a packet is followed
 * @sys: the handles
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_trace_record_begin(struct vnm_sys *sys, struct vnm_error *err)
{
	char boot[VNM_UUID_STRLEN], v4[VNM_PROC_SYS_VALUE] = "-", v6[VNM_PROC_SYS_VALUE] = "-";
	vnm_autofree char *text = NULL;
	int r = vnm_boot_id(boot);

	(void)vnm_proc_read(log_path(AF_INET), v4, sizeof(v4));
	(void)vnm_proc_read(log_path(AF_INET6), v6, sizeof(v6));
	text = vnm_asprintf("%s %s %s\n", boot, v4, v6);
	if (r == 0)
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

static void restore_log(int family, const char *value)
{
	char now[VNM_PROC_SYS_VALUE];

	if (!strcmp(value, "-") || vnm_proc_read(log_path(family), now, sizeof(now)) < 0 ||
	    strcmp(now, LOGGER) != 0 || !strcmp(value, LOGGER))
		return;
	(void)vnm_proc_write(log_path(family), value);
}

/* Only before Linux 5.12 there is something left: closing the socket has removed the tables. */
static void remove_tables(struct vnm_sys *sys)
{
	struct vnm_nft_chain chain;

	if (vnm_nft_chain_get(sys, NFPROTO_INET, VNM_TRACE_TABLE, "input", &chain) < 0)
		return;
	vnm_nft_chain_clear(&chain);
	vnm_trace_table_remove(&sys->nft_write_sock);
}

static void remove_device(struct vnm_sys *sys)
{
	struct vnm_error ignored = { 0 };
	struct vnm_link link;

	if (vnm_link_find(sys, VNM_TRACE_DEVICE, &link, &ignored) > 0 &&
	    link.group == VNM_GROUP_GUEST)
		(void)vnm_link_delete(sys, &link, &ignored);
}

/* Return: whether there is one, of this boot. */
static bool read_record(struct vnm_sys *sys, char v4[static VNM_PROC_SYS_VALUE],
			char v6[static VNM_PROC_SYS_VALUE])
{
	char boot[VNM_UUID_STRLEN], was[VNM_UUID_STRLEN];
	vnm_autofree char *text = NULL;

	return vnm_file_read(sys->run_fd, RECORD, RECORD_MAX, &text, NULL) == 0 &&
	       vnm_boot_id(boot) == 0 && sscanf(text, "%36s %63s %63s", was, v4, v6) == 3 &&
	       !strcmp(boot, was);
}

/**
 * vnm_trace_recover() - restore what following a packet has changed; nothing without a record
 * @sys: the handles; under the lock
 */
void vnm_trace_recover(struct vnm_sys *sys)
{
	char v4[VNM_PROC_SYS_VALUE] = "", v6[VNM_PROC_SYS_VALUE] = "";
	struct stat st;

	if (vnm_stat_at(sys->run_fd, RECORD, &st) < 0)
		return;
	if (read_record(sys, v4, v6)) {
		restore_log(AF_INET, v4);
		restore_log(AF_INET6, v6);
		remove_device(sys);
		remove_tables(sys);
	}
	vnm_trace_drop_record(sys);
}

/** vnm_trace_drop_record() - forget what the record says, as of a network namespace that is gone */
void vnm_trace_drop_record(struct vnm_sys *sys)
{
	(void)vnm_file_unlink(sys->run_fd, RECORD, VNM_VOLATILE);
}
