/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_table.c - libiptc for both families behind one set of functions; see fw_table.h. */
#include "sys/firewall/fw_table.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libiptc/libip6tc.h>
#include <libiptc/libiptc.h>

#include "util/mem.h"

/** struct api - the functions of libiptc in use; entries are struct ipt_entry or ip6t_entry. */
struct api {
	struct xtc_handle *(*init)(const char *table);
	void (*free)(struct xtc_handle *h);
	int (*commit)(struct xtc_handle *h);
	const char *(*strerror)(int error);
	int (*is_chain)(const char *chain, struct xtc_handle *h);
	int (*create_chain)(const char *chain, struct xtc_handle *h);
	int (*flush)(const char *chain, struct xtc_handle *h);
	int (*delete_chain)(const char *chain, struct xtc_handle *h);
	int (*append)(const char *chain, const void *entry, struct xtc_handle *h);
	int (*insert)(const char *chain, const void *entry, unsigned at, struct xtc_handle *h);
	int (*check)(const char *chain, const void *entry, unsigned char *mask,
		     struct xtc_handle *h);
	int (*del)(const char *chain, const void *entry, unsigned char *mask, struct xtc_handle *h);
	int (*del_at)(const char *chain, unsigned at, struct xtc_handle *h);
	const void *(*first)(const char *chain, struct xtc_handle *h);
	const void *(*next)(const void *entry, struct xtc_handle *h);
	const char *(*target)(const void *entry, struct xtc_handle *h);
	const char *(*policy)(const char *chain, struct xtc_handle *h);
};

/* clang-format off */
#define DEFINE_API(v, prefix, type) \
	static int v##_append(const char *c, const void *e, struct xtc_handle *h) \
	{ return prefix##_append_entry(c, (const type *)e, h); } \
	static int v##_insert(const char *c, const void *e, unsigned at, struct xtc_handle *h) \
	{ return prefix##_insert_entry(c, (const type *)e, at, h); } \
	static int v##_check(const char *c, const void *e, unsigned char *m, struct xtc_handle *h) \
	{ return prefix##_check_entry(c, (const type *)e, m, h); } \
	static int v##_del(const char *c, const void *e, unsigned char *m, struct xtc_handle *h) \
	{ return prefix##_delete_entry(c, (const type *)e, m, h); } \
	static const void *v##_first(const char *c, struct xtc_handle *h) \
	{ return prefix##_first_rule(c, h); } \
	static const void *v##_next(const void *e, struct xtc_handle *h) \
	{ return prefix##_next_rule((const type *)e, h); } \
	static const char *v##_target(const void *e, struct xtc_handle *h) \
	{ return prefix##_get_target((const type *)e, h); } \
	static const char *v##_policy(const char *c, struct xtc_handle *h) \
	{ struct xt_counters counters; return prefix##_get_policy(c, &counters, h); } \
	static const struct api v = { \
		prefix##_init, prefix##_free, prefix##_commit, prefix##_strerror, \
		prefix##_is_chain, prefix##_create_chain, prefix##_flush_entries, \
		prefix##_delete_chain, v##_append, v##_insert, v##_check, v##_del, \
		prefix##_delete_num_entry, v##_first, v##_next, v##_target, v##_policy, \
	}
/* clang-format on */

DEFINE_API(api4, iptc, struct ipt_entry);
DEFINE_API(api6, ip6tc, struct ip6t_entry);

/* libiptc takes names as arrays of this size, and reads them whole. */
struct name {
	char s[XT_TABLE_MAXNAMELEN];
};

static struct name name_of(const char *chain)
{
	struct name name = { "" };

	strncpy(name.s, chain, sizeof(name.s) - 1);
	return name;
}

static const struct api *api_of(int family)
{
	return family == AF_INET ? &api4 : &api6;
}

/* Some errors of libiptc are negative: "errno = -ENOMEM". */
static int result(int ok)
{
	return ok ? 0 : -(errno ? abs(errno) : EIO);
}

/*
 * libiptc does not report that it ran out of memory: a part of the table is missing, a commit would lose foreign rules,
 * and a search or deletion finds nothing.
 */
static void need_memory(void)
{
	if (abs(errno) == ENOMEM)
		vnm_oom();
}

/**
 * vnm_fw_table_read() - read a table from the kernel
 * @family: AF_INET or AF_INET6
 * @table:  which
 * @ret:    close with vnm_fw_table_close()
 *
 * Return: 0 or -errno: -EPERM without CAP_NET_ADMIN, -ENOENT or -ENOPROTOOPT where the kernel has no such table.
 */
int vnm_fw_table_read(int family, enum vnm_fw_table table, struct vnm_fw_handle *ret)
{
	struct xtc_handle *xtc;

	errno = 0;
	xtc = api_of(family)->init(vnm_enum_name(&vnm_enum_fw_table, table));
	if (!xtc)
		return result(0);
	need_memory();
	*ret = (struct vnm_fw_handle){ family, table, xtc };
	return 0;
}

/**
 * vnm_fw_table_commit() - write the changed table to the kernel
 * @handle: the table; it must be read again afterwards
 *
 * Two requests: the table, then the counters. So it may have taken effect in spite of an error.
 *
 * Return: 0 or -errno; -EAGAIN when somebody else changed the table since it was read.
 */
int vnm_fw_table_commit(struct vnm_fw_handle *handle)
{
	errno = 0;
	return result(api_of(handle->family)->commit(handle->xtc));
}

/** vnm_fw_table_close() - drop a table without committing it; harmless for one that is not open. */
void vnm_fw_table_close(struct vnm_fw_handle *handle)
{
	if (handle->xtc)
		api_of(handle->family)->free(handle->xtc);
	handle->xtc = NULL;
}

/** vnm_fw_table_strerror() - libiptc's words for an error of its own. */
const char *vnm_fw_table_strerror(int family, int error)
{
	return api_of(family)->strerror(error);
}

/** vnm_fw_has_chain() - does the chain exist? */
bool vnm_fw_has_chain(const struct vnm_fw_handle *handle, const char *chain)
{
	struct name name = name_of(chain);

	return api_of(handle->family)->is_chain(name.s, handle->xtc);
}

/** vnm_fw_make_chain() - make an empty chain. Return: 0 or -errno. */
int vnm_fw_make_chain(struct vnm_fw_handle *handle, const char *chain)
{
	struct name name = name_of(chain);

	return result(api_of(handle->family)->create_chain(name.s, handle->xtc));
}

/** vnm_fw_drop_chain() - empty and delete a chain that nothing jumps to. Return: 0 or -errno. */
int vnm_fw_drop_chain(struct vnm_fw_handle *handle, const char *chain)
{
	const struct api *api = api_of(handle->family);
	struct name name = name_of(chain);

	return result(api->flush(name.s, handle->xtc) && api->delete_chain(name.s, handle->xtc));
}

/** vnm_fw_has_rule() - does the chain hold the rule? Counters do not matter. */
bool vnm_fw_has_rule(const struct vnm_fw_handle *handle, const char *chain,
		     const struct vnm_fwentry *entry)
{
	struct name name = name_of(chain);
	bool there;

	errno = 0;
	there = vnm_fw_has_chain(handle, chain) &&
		api_of(handle->family)->check(name.s, entry->data, entry->mask, handle->xtc);
	if (!there)
		need_memory();
	return there;
}

/** vnm_fw_append() - add a rule at the end. Return: 0 or -errno. */
int vnm_fw_append(struct vnm_fw_handle *handle, const char *chain, const struct vnm_fwentry *entry)
{
	struct name name = name_of(chain);

	return result(api_of(handle->family)->append(name.s, entry->data, handle->xtc));
}

/** vnm_fw_insert() - add a rule before the one at position @at, counted from 0. Return: 0 or -errno. */
int vnm_fw_insert(struct vnm_fw_handle *handle, const char *chain, const struct vnm_fwentry *entry,
		  unsigned at)
{
	struct name name = name_of(chain);

	return result(api_of(handle->family)->insert(name.s, entry->data, at, handle->xtc));
}

/** vnm_fw_delete() - delete every copy of a rule. Return: how many there were. */
unsigned vnm_fw_delete(struct vnm_fw_handle *handle, const char *chain,
		       const struct vnm_fwentry *entry)
{
	struct name name = name_of(chain);
	unsigned n = 0;

	if (!vnm_fw_has_chain(handle, chain))
		return 0;
	errno = 0;
	while (api_of(handle->family)->del(name.s, entry->data, entry->mask, handle->xtc))
		n++;
	need_memory();
	return n;
}

/** vnm_fw_count() - how many rules the chain holds; 0 without such a chain. */
unsigned vnm_fw_count(const struct vnm_fw_handle *handle, const char *chain)
{
	const struct api *api = api_of(handle->family);
	struct name name = name_of(chain);
	unsigned n = 0;

	if (!vnm_fw_has_chain(handle, chain))
		return 0;
	for (const void *e = api->first(name.s, handle->xtc); e; e = api->next(e, handle->xtc))
		n++;
	return n;
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
	const struct api *api = api_of(handle->family);
	struct name name = name_of(chain);
	const void **list = NULL, *e = NULL;
	size_t n = 0;

	if (vnm_fw_has_chain(handle, chain))
		e = api->first(name.s, handle->xtc);
	for (; e; e = api->next(e, handle->xtc)) {
		list = vnm_array_add(list, &n, sizeof(*list));
		list[n - 1] = e;
	}
	*ret = list;
	return n;
}

/** vnm_fw_target_of() - the target of a rule: a verdict, a chain, an extension; "" none. */
const char *vnm_fw_target_of(const struct vnm_fw_handle *handle, const void *entry)
{
	return api_of(handle->family)->target(entry, handle->xtc);
}

/** vnm_fw_delete_at() - delete the rule at position @at, counted from 0. Return: 0 or -errno. */
int vnm_fw_delete_at(struct vnm_fw_handle *handle, const char *chain, unsigned at)
{
	struct name name = name_of(chain);

	return result(api_of(handle->family)->del_at(name.s, at, handle->xtc));
}

/** vnm_fw_policy() - the policy of a built-in chain: "ACCEPT"; "" without such a chain. */
const char *vnm_fw_policy(const struct vnm_fw_handle *handle, const char *chain)
{
	struct name name = name_of(chain);
	const char *policy = api_of(handle->family)->policy(name.s, handle->xtc);

	return policy ? policy : "";
}
