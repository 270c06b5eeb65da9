/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fw_legacy.c - the legacy tables, by libiptc; see fw_table_impl.h.
 *
 * The only user of libiptc: its halves for IPv4 and IPv6 have the same functions under different names and types; here
 * they are one.
 *
 * A table is read whole, edited in memory and written back whole. The kernel refuses a table that was read before somebody
 * else changed it only if the number of rules differs, so without the lock that the iptables commands take, the last
 * writer silently wins.
 */
#include "sys/firewall/fw_table_impl.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libiptc/libip6tc.h>
#include <libiptc/libiptc.h>

#include "sys/firewall/fw_legacy_kernel.h"
#include "sys/host/kmod.h"
#include "util/mem.h"

/** struct api - the functions of libiptc in use; entries are struct ipt_entry or ip6t_entry. */
struct api {
	struct xtc_handle *(*init)(const char *table);
	void (*free)(struct xtc_handle *h);
	int (*commit)(struct xtc_handle *h);
	const char *(*strerror)(int error);
	int (*is_chain)(const char *chain, struct xtc_handle *h);
	int (*create_chain)(const char *chain, struct xtc_handle *h);
	int (*references)(unsigned *ret, const char *chain, struct xtc_handle *h);
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
		prefix##_is_chain, prefix##_create_chain, prefix##_get_references, \
		prefix##_flush_entries, \
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

static int legacy_read(struct vnm_sys *sys, struct vnm_fw_handle *handle)
{
	const char *name = vnm_enum_name(&vnm_enum_fw_table, (int)handle->table);
	const struct api *api = api_of(handle->family);
	struct xtc_handle *xtc;

	errno = 0;
	xtc = api->init(name);
	if (!xtc && errno == ENOPROTOOPT &&
	    vnm_kmod_load(sys, vnm_fw_legacy_module(handle->family))) {
		errno = 0;
		xtc = api->init(name);
	}
	if (!xtc)
		return result(0);
	need_memory();
	handle->data = xtc;
	return 0;
}

static int legacy_ready(struct vnm_sys *sys, int family, enum vnm_fw_table table)
{
	int r = vnm_fw_legacy_count(family, table);

	if (r == -ENOPROTOOPT && vnm_kmod_load(sys, vnm_fw_legacy_module(family)))
		r = vnm_fw_legacy_count(family, table);
	return r < 0 ? r : 0;
}

/*
 * Two requests: the table, then the counters. The kernel refuses what was made of a table with another number of entries; so
 * once that has changed, nobody can write back what he had read before.
 */
static int commit_one(const struct vnm_fw_handle *handle)
{
	int before = vnm_fw_legacy_count(handle->family, handle->table), now, r;

	errno = 0;
	r = result(api_of(handle->family)->commit(handle->data));
	now = vnm_fw_legacy_count(handle->family, handle->table);
	return r < 0 ? r : before >= 0 && now >= 0 && before != now;
}

static int legacy_commit(struct vnm_fw_handle *const *handles, size_t n, size_t *ret_failed)
{
	int least = 1;

	for (size_t i = 0; i < n && least >= 0; i++) {
		int r = commit_one(handles[i]);

		*ret_failed = i;
		least = r < least ? r : least;
	}
	return least;
}

static void legacy_close(struct vnm_fw_handle *handle)
{
	api_of(handle->family)->free(handle->data);
}

/* libiptc has words for errors of its own. */
static const char *legacy_strerror(const struct vnm_fw_handle *handle, int error)
{
	return api_of(handle->family)->strerror(error);
}

static bool legacy_has_chain(const struct vnm_fw_handle *handle, const char *chain)
{
	struct name name = name_of(chain);

	return api_of(handle->family)->is_chain(name.s, handle->data);
}

static int legacy_make_chain(struct vnm_fw_handle *handle, const char *chain)
{
	struct name name = name_of(chain);

	return result(api_of(handle->family)->create_chain(name.s, handle->data));
}

static int legacy_drop_chain(struct vnm_fw_handle *handle, const char *chain)
{
	const struct api *api = api_of(handle->family);
	struct name name = name_of(chain);
	unsigned jumps = 0;

	if (api->references(&jumps, name.s, handle->data) && jumps > 0)
		return -EMLINK;
	return result(api->flush(name.s, handle->data) && api->delete_chain(name.s, handle->data));
}

static bool legacy_has_rule(const struct vnm_fw_handle *handle, const char *chain,
			    const struct vnm_fwentry *entry)
{
	struct name name = name_of(chain);
	bool there;

	errno = 0;
	there = api_of(handle->family)->check(name.s, entry->data, entry->mask, handle->data);
	if (!there)
		need_memory();
	return there;
}

static int legacy_append(struct vnm_fw_handle *handle, const char *chain,
			 const struct vnm_fwentry *entry)
{
	struct name name = name_of(chain);

	return result(api_of(handle->family)->append(name.s, entry->data, handle->data));
}

static int legacy_insert(struct vnm_fw_handle *handle, const char *chain,
			 const struct vnm_fwentry *entry, unsigned at)
{
	struct name name = name_of(chain);

	return result(api_of(handle->family)->insert(name.s, entry->data, at, handle->data));
}

static unsigned legacy_delete(struct vnm_fw_handle *handle, const char *chain,
			      const struct vnm_fwentry *entry)
{
	struct name name = name_of(chain);
	unsigned n = 0;

	errno = 0;
	while (api_of(handle->family)->del(name.s, entry->data, entry->mask, handle->data))
		n++;
	need_memory();
	return n;
}

static int legacy_delete_at(struct vnm_fw_handle *handle, const char *chain, unsigned at)
{
	struct name name = name_of(chain);

	return result(api_of(handle->family)->del_at(name.s, at, handle->data));
}

static size_t legacy_list(const struct vnm_fw_handle *handle, const char *chain, const void ***ret)
{
	const struct api *api = api_of(handle->family);
	struct name name = name_of(chain);
	const void **list = NULL, *e = api->first(name.s, handle->data);
	size_t n = 0;

	for (; e; e = api->next(e, handle->data)) {
		list = vnm_array_add(list, &n, sizeof(*list));
		list[n - 1] = e;
	}
	*ret = list;
	return n;
}

static const char *legacy_target_of(const struct vnm_fw_handle *handle, const void *entry)
{
	return api_of(handle->family)->target(entry, handle->data);
}

static const char *legacy_policy(const struct vnm_fw_handle *handle, const char *chain)
{
	struct name name = name_of(chain);
	const char *policy = api_of(handle->family)->policy(name.s, handle->data);

	return policy ? policy : "";
}

const struct vnm_fw_table_impl vnm_fw_tables_legacy = {
	.lock = vnm_fw_legacy_lock,
	.probe = vnm_fw_legacy_probe,
	.read = legacy_read,
	.ready = legacy_ready,
	.commit = legacy_commit,
	.close = legacy_close,
	.exists = vnm_fw_legacy_exists,
	.strerror = legacy_strerror,
	.absent = vnm_fw_legacy_absent,
	.has_chain = legacy_has_chain,
	.make_chain = legacy_make_chain,
	.drop_chain = legacy_drop_chain,
	.has_rule = legacy_has_rule,
	.insert = legacy_insert,
	.append = legacy_append,
	.delete = legacy_delete,
	.delete_at = legacy_delete_at,
	.list = legacy_list,
	.target_of = legacy_target_of,
	.policy = legacy_policy,
};
