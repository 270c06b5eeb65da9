/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_table.c - the tables of iptables, by whichever kind is in use; see fw_table_impl.h. */
#include "sys/firewall/fw_table.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

/** vnm_fw_tables_of() - the kind of tables in use. */
const struct vnm_fw_table_impl *vnm_fw_tables_of(const struct vnm_sys *sys)
{
	return sys->fw_backend == VNM_FW_BACKEND_IPTABLES_NFT ? &vnm_fw_tables_nft
							      : &vnm_fw_tables_legacy;
}

/**
 * vnm_fw_table_read() - read a table from the kernel; its modules are loaded if needed
 * @sys:    the handles
 * @family: AF_INET or AF_INET6
 * @table:  which
 * @ret:    close with vnm_fw_table_close()
 *
 * Return: 0 or -errno: -EPERM without CAP_NET_ADMIN, -ENOENT or -ENOPROTOOPT where the kernel has no such table.
 */
int vnm_fw_table_read(struct vnm_sys *sys, int family, enum vnm_fw_table table,
		      struct vnm_fw_handle *ret)
{
	*ret = (struct vnm_fw_handle){ vnm_fw_tables_of(sys), family, table, NULL, 0, false };
	return ret->impl->read(sys, ret);
}

/** vnm_fw_table_close() - drop a table without committing it; harmless for one that is not open. */
void vnm_fw_table_close(struct vnm_fw_handle *handle)
{
	if (handle->data)
		handle->impl->close(handle);
	handle->data = NULL;
}

/**
 * vnm_fw_table_fail() - set an error about a table
 * @handle: the table
 * @r:      -errno of a function here
 * @what:   the failed action: "write"
 *
 * Return: -errno.
 */
int vnm_fw_table_fail(const struct vnm_fw_handle *handle, int r, const char *what,
		      struct vnm_error *err)
{
	const char *name = vnm_enum_name(&vnm_enum_fw_table, (int)handle->table);
	const char *family = handle->family == AF_INET ? "IPv4" : "IPv6";

	if (r == -EPERM || r == -EACCES)
		return vnm_error_set(err, VNM_ERR_PERMISSION, -r,
				     "cannot %s the %s table '%s': needs root (CAP_NET_ADMIN)",
				     what, family, name);
	if (r == -EAGAIN)
		return vnm_error_set(
			err, VNM_ERR_BUSY, -r,
			"cannot %s the %s table '%s': other programs change it all the "
			"time; try again, or see which: nft monitor",
			what, family, name);
	return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
			     "cannot %s the %s table '%s': %s (the kernel's log may say why)", what,
			     family, name, handle->impl->strerror(handle, -r));
}

/** vnm_fw_table_unreadable() - set an error about a table that could not be read. Return: -errno. */
int vnm_fw_table_unreadable(const struct vnm_fw_handle *handle, int r, struct vnm_error *err)
{
	return handle->impl->absent(handle, r, err) ? r : vnm_fw_table_fail(handle, r, "read", err);
}

/** vnm_fw_has_chain() - does the chain exist? */
bool vnm_fw_has_chain(const struct vnm_fw_handle *handle, const char *chain)
{
	return handle->impl->has_chain(handle, chain);
}

/** vnm_fw_make_chain() - make an empty chain. Return: 0 or -errno. */
int vnm_fw_make_chain(struct vnm_fw_handle *handle, const char *chain)
{
	return handle->impl->make_chain(handle, chain);
}

/**
 * vnm_fw_drop_chain() - empty and delete a chain
 *
 * Return: 0 or -errno; -EMLINK: a rule jumps to it.
 */
int vnm_fw_drop_chain(struct vnm_fw_handle *handle, const char *chain)
{
	return handle->impl->drop_chain(handle, chain);
}

/** vnm_fw_has_rule() - does the chain hold the rule? Counters do not matter. */
bool vnm_fw_has_rule(const struct vnm_fw_handle *handle, const char *chain,
		     const struct vnm_fwentry *entry)
{
	return handle->impl->has_chain(handle, chain) &&
	       handle->impl->has_rule(handle, chain, entry);
}

/** vnm_fw_append() - add a rule at the end. Return: 0 or -errno. */
int vnm_fw_append(struct vnm_fw_handle *handle, const char *chain, const struct vnm_fwentry *entry)
{
	return handle->impl->append(handle, chain, entry);
}

/** vnm_fw_insert() - add a rule before the one at position @at, counted from 0. Return: 0 or -errno. */
int vnm_fw_insert(struct vnm_fw_handle *handle, const char *chain, const struct vnm_fwentry *entry,
		  unsigned at)
{
	return handle->impl->insert(handle, chain, entry, at);
}

/** vnm_fw_delete() - delete every copy of a rule. Return: how many there were. */
unsigned vnm_fw_delete(struct vnm_fw_handle *handle, const char *chain,
		       const struct vnm_fwentry *entry)
{
	return handle->impl->has_chain(handle, chain) ? handle->impl->delete (handle, chain, entry)
						      : 0;
}

/** vnm_fw_delete_at() - delete the rule at position @at, counted from 0. Return: 0 or -errno. */
int vnm_fw_delete_at(struct vnm_fw_handle *handle, const char *chain, unsigned at)
{
	return handle->impl->delete_at(handle, chain, at);
}

/** vnm_fw_exceeds() - is it known without a look that the chain holds more than @n rules? */
bool vnm_fw_exceeds(const struct vnm_fw_handle *handle, const char *chain, size_t n)
{
	return handle->impl->exceeds && handle->impl->exceeds(handle, chain, n);
}

/** vnm_fw_count() - how many rules the chain holds; 0 without such a chain. */
unsigned vnm_fw_count(const struct vnm_fw_handle *handle, const char *chain)
{
	const void **list;
	size_t n = vnm_fw_list(handle, chain, &list);

	free(list);
	return (unsigned)n;
}

/**
 * vnm_fw_list() - the rules of a chain
 * @ret: struct ipt_entry or ip6t_entry each, valid until the table is changed; NULL for none; free()
 *
 * libiptc has one cursor in a table, so two chains cannot be iterated at a time.
 *
 * Return: how many; 0 without such a chain.
 */
size_t vnm_fw_list(const struct vnm_fw_handle *handle, const char *chain, const void ***ret)
{
	*ret = NULL;
	return handle->impl->has_chain(handle, chain) ? handle->impl->list(handle, chain, ret) : 0;
}

/** vnm_fw_target_of() - the target of a rule: a verdict, a chain, an extension; "" none. */
const char *vnm_fw_target_of(const struct vnm_fw_handle *handle, const void *entry)
{
	return handle->impl->target_of(handle, entry);
}

/** vnm_fw_policy() - the policy of a built-in chain: "ACCEPT"; "" without such a chain. */
const char *vnm_fw_policy(const struct vnm_fw_handle *handle, const char *chain)
{
	return handle->impl->policy(handle, chain);
}
