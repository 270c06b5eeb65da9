/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fw_table_impl.h - the interface that every kind of iptables' tables implements: read, edited in memory, committed.
 *
 * Whatever the kind, rules are handed over and listed as struct ipt_entry or ip6t_entry, so all that compiles, compares
 * and judges them is the same.
 */
#ifndef VNM_SYS_FW_TABLE_IMPL_H
#define VNM_SYS_FW_TABLE_IMPL_H

#include "plan/firewall/fwrule.h"
#include "sys/firewall/fwentry.h"
#include "sys/sys.h"

struct vnm_fw_table_impl;

/**
 * struct vnm_fw_handle - a table as it was read, with the changes made since.
 * @data: the implementation's; NULL: closed
 * @generation: of nf_tables, before it was read; 0: not counted
 * @few:  few rules are of interest: each is looked for by itself, if it can be
 */
struct vnm_fw_handle {
	const struct vnm_fw_table_impl *impl;
	int family;
	enum vnm_fw_table table;
	void *data;
	uint32_t generation;
	bool few;
};

/**
 * struct vnm_fw_table_impl - a kind of tables. What is not explained is as the function of that name in fw_table.h.
 * @atomic:   one commit takes tables of both families, all or nothing, and only if nothing has changed since they were
 *            read; else it takes one table, and may have taken effect in spite of an error
 * @lock:     keeps the iptables commands from changing tables until the descriptor is closed (NULL: none is needed)
 * @probe:    has the kernel a match or a target? Return: 0; -ENOENT; -EPROTONOSUPPORT: another revision only; another
 *            -errno without an answer
 * @exists:   without creating it
 * @ready:    could the table be read? It may be created (NULL: only reading it tells). Return: as @read
 * @usable:   can rules be added to a chain that the built-in @chain jumps to? (NULL: wherever the table can be read)
 * @unread:   what has kept chains of the table from being read since @read (NULL: that reads all). Return: 0 or -errno
 * @commit:   what was changed; @ret_failed: in which table an error was found. The tables must be read again afterwards.
 *            Return: 0; 1: the tables are as they were edited, and whoever has read them before cannot undo that;
 *            or -errno; -EAGAIN when somebody else has changed them since they were read
 * @strerror: the kind's own words for an error
 * @absent:   does the error from reading say that the kernel has no such table? Sets @err if so
 * @head:     the hashes of the first @n rules of a chain (NULL: they are listed with all others); vnm_fw_head()
 * @exceeds:  does a chain surely hold more than @n rules? (NULL: they are counted)
 * @has_rule, @delete, @list: of a chain that exists
 */
struct vnm_fw_table_impl {
	bool atomic;
	int (*lock)(struct vnm_error *err);
	int (*probe)(struct vnm_sys *sys, int family, bool target, const char *name,
		     unsigned revision);
	int (*read)(struct vnm_sys *sys, struct vnm_fw_handle *handle);
	int (*ready)(struct vnm_sys *sys, int family, enum vnm_fw_table table);
	int (*usable)(const struct vnm_fw_handle *handle, const char *chain, struct vnm_error *err);
	int (*unread)(const struct vnm_fw_handle *handle);
	int (*commit)(struct vnm_fw_handle *const *handles, size_t n, size_t *ret_failed);
	void (*close)(struct vnm_fw_handle *handle);
	bool (*exists)(struct vnm_sys *sys, int family, enum vnm_fw_table table);
	const char *(*strerror)(const struct vnm_fw_handle *handle, int error);
	bool (*absent)(const struct vnm_fw_handle *handle, int r, struct vnm_error *err);
	bool (*has_chain)(const struct vnm_fw_handle *handle, const char *chain);
	int (*make_chain)(struct vnm_fw_handle *handle, const char *chain);
	int (*drop_chain)(struct vnm_fw_handle *handle, const char *chain);
	bool (*has_rule)(const struct vnm_fw_handle *handle, const char *chain,
			 const struct vnm_fwentry *entry);
	int (*insert)(struct vnm_fw_handle *handle, const char *chain,
		      const struct vnm_fwentry *entry, unsigned at);
	int (*append)(struct vnm_fw_handle *handle, const char *chain,
		      const struct vnm_fwentry *entry);
	unsigned (*delete)(struct vnm_fw_handle *handle, const char *chain,
			   const struct vnm_fwentry *entry);
	int (*delete_at)(struct vnm_fw_handle *handle, const char *chain, unsigned at);
	size_t (*list)(const struct vnm_fw_handle *handle, const char *chain, const void ***ret);
	size_t (*head)(const struct vnm_fw_handle *handle, const char *chain, size_t n,
		       uint64_t **ret);
	bool (*exceeds)(const struct vnm_fw_handle *handle, const char *chain, size_t n);
	const char *(*target_of)(const struct vnm_fw_handle *handle, const void *entry);
	const char *(*policy)(const struct vnm_fw_handle *handle, const char *chain);
};

extern const struct vnm_fw_table_impl vnm_fw_tables_legacy; /* sys/firewall/fw_legacy.c */
extern const struct vnm_fw_table_impl vnm_fw_tables_nft; /* sys/firewall/fw_nft.c */

#endif
