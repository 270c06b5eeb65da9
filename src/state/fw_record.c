/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fw_record.c - RUN/firewall: one word, the name of the back end; written before the first rule, removed with the last network.
 *
 * While all networks change from one back end to another a second word names the one that rules are to be removed from: first
 * the new one, since a failure rolls back; once it has all rules, the old one. The replacement of the file that swaps the two
 * words is the commit.
 */
#include "state/fw_record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/buf.h"
#include "util/file.h"
#include "util/mem.h"

#define RECORD "firewall"
#define RECORD_MAX 64

/**
 * vnm_fw_record_read() - read the record
 * @run_fd: the run directory
 * @ret:    gets it
 *
 * Return: 0, -ENOENT when there is none that can be understood, or -errno.
 */
int vnm_fw_record_read(int run_fd, struct vnm_fw_record *ret)
{
	vnm_autofree char *text = NULL;
	char *second;
	int r = vnm_file_read(run_fd, RECORD, RECORD_MAX, &text, NULL), backend, leftover;

	if (r < 0)
		return vnm_file_damaged(r) ? -ENOENT : r;
	text[strcspn(text, "\n")] = '\0';
	second = strchr(text, ' ');
	if (second)
		*second++ = '\0';
	backend = vnm_enum_value(&vnm_enum_fw_backend, text);
	leftover = second ? vnm_enum_value(&vnm_enum_fw_backend, second) : VNM_FW_RECORD_NONE;
	if (backend < 0 || leftover < 0)
		return -ENOENT;
	*ret = (struct vnm_fw_record){ (enum vnm_fw_backend)backend,
				       (enum vnm_fw_backend)leftover };
	return 0;
}

/** vnm_fw_record_write() - replace the record. Return: 0 or -errno. */
int vnm_fw_record_write(int run_fd, const struct vnm_fw_record *record)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_buf_add(&text, vnm_enum_name(&vnm_enum_fw_backend, (int)record->backend));
	if (record->leftover != VNM_FW_RECORD_NONE)
		vnm_buf_printf(&text, " %s",
			       vnm_enum_name(&vnm_enum_fw_backend, (int)record->leftover));
	vnm_buf_addc(&text, '\n');
	return vnm_file_replace(run_fd, RECORD, text.data, text.len, 0600, (gid_t)-1, VNM_VOLATILE);
}

/** vnm_fw_record_remove() - remove the record, if there is one. Return: 0 or -errno. */
int vnm_fw_record_remove(int run_fd)
{
	return vnm_file_unlink(run_fd, RECORD, VNM_VOLATILE);
}
