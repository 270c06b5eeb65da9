/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_legacy_seen.c - the legacy tables as they were read for checks, whichever back end is in use. */
#include "sys/firewall/fw_legacy_seen.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "sys/firewall/fw_snapshot.h"
#include "util/mem.h"

/** struct seen - a table. @asked: whether it exists; @handle: if it is not ours */
struct seen {
	bool asked, exists;
	struct vnm_fw_handle handle;
};

/** struct vnm_fw_legacy - by family and table */
struct vnm_fw_legacy {
	struct seen tables[2][VNM_FW_TABLE_COUNT];
};

/**
 * vnm_fw_legacy_seen() - a legacy table, read at the first call
 * @sys:    the handles, which keep it
 * @family: AF_INET or AF_INET6
 * @table:  the table
 *
 * Return: NULL: it does not exist, and is not created, or cannot be read.
 */
const struct vnm_fw_handle *vnm_fw_legacy_seen(struct vnm_sys *sys, int family,
					       enum vnm_fw_table table)
{
	const struct vnm_fw_table_impl *legacy = &vnm_fw_tables_legacy;
	const struct vnm_fw_handle *ours;
	struct seen *seen;

	if (!sys->fw_legacy)
		sys->fw_legacy = vnm_alloc(sizeof(*sys->fw_legacy));
	seen = &sys->fw_legacy->tables[family == AF_INET6][table];
	if (!seen->asked) {
		seen->asked = true;
		seen->exists = legacy->exists(sys, family, table);
		seen->handle = (struct vnm_fw_handle){ legacy, family, table, NULL };
		if (seen->exists && sys->fw_backend != VNM_FW_BACKEND_LEGACY)
			(void)legacy->read(sys, &seen->handle);
	}
	if (sys->fw_backend != VNM_FW_BACKEND_LEGACY)
		return seen->handle.data ? &seen->handle : NULL;
	return seen->exists && vnm_fw_snapshot_table(sys, family, table, &ours) == 0 ? ours : NULL;
}

/** vnm_fw_legacy_forget() - drop what was read. */
void vnm_fw_legacy_forget(struct vnm_sys *sys)
{
	for (size_t f = 0; sys->fw_legacy && f < VNM_ARRAY_SIZE(sys->fw_legacy->tables); f++)
		for (int t = 0; t < VNM_FW_TABLE_COUNT; t++)
			vnm_fw_table_close(&sys->fw_legacy->tables[f][t].handle);
	free(sys->fw_legacy);
	sys->fw_legacy = NULL;
}
