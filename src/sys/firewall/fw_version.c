// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fw_version.c - whether anything has changed in the packet filters of this network namespace.
 *
 * The kernel counts the transactions of nf_tables, whoever makes them. For the legacy tables there is no such number, so
 * they are hashed as the kernel has them, without the counters: that takes a tenth of the time of looking at their rules.
 */
#include "sys/firewall/fw_version.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include "sys/firewall/fw_legacy_kernel.h"
#include "sys/firewall/nft_read.h"
#include "util/mem.h"

#define MIX 0x9e3779b97f4a7c15ULL

/** struct shape - of an entry: sizes and offsets of either family */
struct shape {
	size_t size, counters, next;
};

static const struct shape shape4 = { sizeof(struct ipt_entry), offsetof(struct ipt_entry, counters),
				     offsetof(struct ipt_entry, next_offset) };
static const struct shape shape6 = { sizeof(struct ip6t_entry),
				     offsetof(struct ip6t_entry, counters),
				     offsetof(struct ip6t_entry, next_offset) };

static uint64_t add(uint64_t hash, const void *data, size_t len)
{
	const unsigned char *at = data;

	for (; len > 0; at += sizeof(uint64_t)) {
		size_t n = len < sizeof(uint64_t) ? len : sizeof(uint64_t);
		uint64_t word = 0;

		memcpy(&word, at, n);
		hash = (hash ^ word) * MIX;
		hash ^= hash >> 32;
		len -= n;
	}
	return hash;
}

/* Entries of a table, one behind the other. Return: 0 or -EPROTO. */
static int add_entries(uint64_t *hash, const struct shape *shape, const unsigned char *data,
		       size_t len)
{
	const size_t behind = shape->counters + sizeof(struct xt_counters);

	for (size_t at = 0; at < len;) {
		uint16_t next;

		if (len - at < shape->size)
			return -EPROTO;
		memcpy(&next, data + at + shape->next, sizeof(next));
		if (next < shape->size || next > len - at)
			return -EPROTO;
		*hash = add(*hash, data + at, shape->counters);
		*hash = add(*hash, data + at + behind, next - behind);
		at += next;
	}
	return 0;
}

static int add_table(uint64_t *hash, int family, enum vnm_fw_table table)
{
	vnm_autofree void *data = NULL;
	size_t len = 0;
	int r = vnm_fw_legacy_raw(family, table, &data, &len);

	if (r < 0)
		return r;
	*hash = add(*hash, &(int[]){ family, (int)table }, 2 * sizeof(int));
	return add_entries(hash, family == AF_INET ? &shape4 : &shape6, data, len);
}

/**
 * vnm_fw_version_read() - the version of the packet filters now
 * @sys: the handles
 * @ret: the same later means that no rule has changed; other tables than those that rules of ours can be in count, too, where
 *       they are of nf_tables
 *
 * Return: 0 or -errno: it cannot be told.
 */
int vnm_fw_version_read(struct vnm_sys *sys, struct vnm_fw_version *ret)
{
	static const int families[] = { AF_INET, AF_INET6 };
	int r = vnm_nft_generation(sys, &ret->generation);

	ret->legacy = 0;
	for (size_t f = 0; f < VNM_ARRAY_SIZE(families); f++)
		for (int t = 0; t < VNM_FW_TABLE_COUNT && r == 0; t++)
			if (vnm_fw_legacy_exists(sys, families[f], (enum vnm_fw_table)t))
				r = add_table(&ret->legacy, families[f], (enum vnm_fw_table)t);
	return r;
}

/** vnm_fw_version_same() - has nothing changed between them? */
bool vnm_fw_version_same(const struct vnm_fw_version *a, const struct vnm_fw_version *b)
{
	return a->generation == b->generation && a->legacy == b->legacy;
}
