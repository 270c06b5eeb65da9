// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fwentry_read.c - entries as read from a table; see fwentry_read.h.
 *
 * Entries that the kernel treats alike may differ in their bytes: those after the name of a match are undefined, and a
 * verdict is a name in a compiled entry and a number in one that was read. So an entry is identified by a hash of what
 * counts, found by one lookup, where libiptc compares each with each.
 */
#include "sys/firewall/fwentry_read.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_statistic.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include "util/mem.h"

#define FNV_START 0xcbf29ce484222325u
#define OUR_CHAINS "VNM_" /* each begins with that, and no extension */
#define FNV_PRIME 0x100000001b3u

static struct vnm_fwentry_view view4(const struct ipt_entry *e)
{
	return (struct vnm_fwentry_view){
		.src = (const unsigned char *)&e->ip.src,
		.dst = (const unsigned char *)&e->ip.dst,
		.src_mask = (const unsigned char *)&e->ip.smsk,
		.dst_mask = (const unsigned char *)&e->ip.dmsk,
		.addr_len = sizeof(e->ip.src),
		.in = e->ip.iniface,
		.out = e->ip.outiface,
		.in_mask = e->ip.iniface_mask,
		.out_mask = e->ip.outiface_mask,
		.proto = e->ip.proto,
		.flags = e->ip.flags,
		.goto_flag = IPT_F_GOTO,
		.inverted = e->ip.invflags,
		.matches = e->elems,
		.target = (const unsigned char *)e + e->target_offset,
	};
}

static struct vnm_fwentry_view view6(const struct ip6t_entry *e)
{
	return (struct vnm_fwentry_view){
		.src = (const unsigned char *)&e->ipv6.src,
		.dst = (const unsigned char *)&e->ipv6.dst,
		.src_mask = (const unsigned char *)&e->ipv6.smsk,
		.dst_mask = (const unsigned char *)&e->ipv6.dmsk,
		.addr_len = sizeof(e->ipv6.src),
		.in = e->ipv6.iniface,
		.out = e->ipv6.outiface,
		.in_mask = e->ipv6.iniface_mask,
		.out_mask = e->ipv6.outiface_mask,
		.proto = e->ipv6.proto,
		.flags = e->ipv6.flags,
		.goto_flag = IP6T_F_GOTO,
		.inverted = e->ipv6.invflags,
		.matches = e->elems,
		.target = (const unsigned char *)e + e->target_offset,
	};
}

/** vnm_fwentry_view() - a common view of both families' entries; it is valid as long as the entry. */
struct vnm_fwentry_view vnm_fwentry_view(int family, const void *entry)
{
	return family == AF_INET ? view4(entry) : view6(entry);
}

static uint64_t add(uint64_t hash, const void *data, size_t len)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * FNV_PRIME;
	return hash;
}

static uint64_t add_name(uint64_t hash, const char *name, size_t max)
{
	hash = add(hash, name, strnlen(name, max));
	return add(hash, "", 1);
}

/* The iptables commands fill the rest of a probability's data, which has no meaning, differently. */
static size_t significant(const struct xt_entry_match *head)
{
	const struct xt_statistic_info *info = (const void *)head->data;
	size_t len = head->u.match_size - sizeof(*head);

	if (strcmp(head->u.user.name, "statistic") != 0 || len < sizeof(*info) ||
	    info->mode != XT_STATISTIC_MODE_RANDOM)
		return len;
	return offsetof(struct xt_statistic_info, u.random) + sizeof(info->u.random);
}

/* A match or a target of an extension, without the bytes after its name. */
static uint64_t add_extension(uint64_t hash, const unsigned char *at)
{
	const struct xt_entry_match *head = (const void *)at;

	hash = add(hash, &head->u.match_size, sizeof(head->u.match_size));
	hash = add(hash, &head->u.user.revision, sizeof(head->u.user.revision));
	hash = add_name(hash, head->u.user.name, sizeof(head->u.user.name));
	return add(hash, head->data, significant(head));
}

static uint64_t add_head(uint64_t hash, const struct vnm_fwentry_view *v)
{
	hash = add(hash, v->src, v->addr_len);
	hash = add(hash, v->dst, v->addr_len);
	hash = add(hash, v->src_mask, v->addr_len);
	hash = add(hash, v->dst_mask, v->addr_len);
	hash = add_name(hash, v->in, IFNAMSIZ);
	hash = add_name(hash, v->out, IFNAMSIZ);
	hash = add(hash, v->in_mask, IFNAMSIZ);
	hash = add(hash, v->out_mask, IFNAMSIZ);
	hash = add(hash, &v->proto, sizeof(v->proto));
	hash = add(hash, &v->flags, sizeof(v->flags));
	return add(hash, &v->inverted, sizeof(v->inverted));
}

/** vnm_fwentry_is_standard() - is the target of an entry that we compiled a verdict, or a jump to a chain of ours? */
bool vnm_fwentry_is_standard(const char *target)
{
	static const char *const verdicts[] = { "", "ACCEPT", "DROP", "RETURN", "QUEUE" };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(verdicts); i++)
		if (!strcmp(target, verdicts[i]))
			return true;
	return !strncmp(target, OUR_CHAINS, strlen(OUR_CHAINS));
}

/* Is the target an extension, with data? A standard target read from the kernel has no name. */
static bool extends(const struct vnm_fwentry_view *v, const char *target)
{
	const struct xt_entry_target *head = (const void *)v->target;

	return head->u.user.name[0] != '\0' && !vnm_fwentry_is_standard(target);
}

/** vnm_fwentry_hash() - the hash that identifies an entry, read or compiled */
uint64_t vnm_fwentry_hash(int family, const void *entry, const char *target)
{
	const struct vnm_fwentry_view v = vnm_fwentry_view(family, entry);
	uint64_t hash = add_head(FNV_START, &v);

	for (const unsigned char *at = v.matches; at < v.target;
	     at += ((const struct xt_entry_match *)(const void *)at)->u.match_size)
		hash = add_extension(hash, at);
	hash = add_name(hash, target, XT_EXTENSION_MAXNAMELEN);
	return extends(&v, target) ? add_extension(hash, v.target) : hash;
}

/** vnm_fwentry_hash_of() - the hash of the entry that a rule is compiled to */
uint64_t vnm_fwentry_hash_of(const struct vnm_fwrule *rule)
{
	vnm_autofwentry struct vnm_fwentry entry = { 0 };
	const struct xt_entry_target *head;

	vnm_fwentry_compile(rule, &entry);
	head = (const void *)vnm_fwentry_view(rule->family, entry.data).target;
	return vnm_fwentry_hash(rule->family, entry.data, head->u.user.name);
}

/** vnm_fwentry_is_jump() - is it the unconditional jump to the chain? */
bool vnm_fwentry_is_jump(int family, const void *entry, const char *target, const char *chain)
{
	vnm_autofwentry struct vnm_fwentry jump = { 0 };

	if (strcmp(target, chain) != 0)
		return false;
	vnm_fwentry_jump(family, chain, &jump);
	return vnm_fwentry_hash(family, entry, "") == vnm_fwentry_hash(family, jump.data, "");
}

/** vnm_fwentry_hits() - what an entry has matched, when it was read */
struct vnm_fw_hits vnm_fwentry_hits(int family, const void *entry)
{
	const struct xt_counters *counters = family == AF_INET6
						     ? &((const struct ip6t_entry *)entry)->counters
						     : &((const struct ipt_entry *)entry)->counters;

	return (struct vnm_fw_hits){ counters->pcnt, counters->bcnt };
}

/** vnm_fwentry_is_goto() - is it a goto: do packets not return after the end of the chain? */
bool vnm_fwentry_is_goto(int family, const void *entry)
{
	const struct vnm_fwentry_view v = vnm_fwentry_view(family, entry);

	return v.flags & v.goto_flag;
}

static void parse_dev(const char *name, const unsigned char *mask, bool inverted,
		      struct vnm_fw_side *side)
{
	size_t len = 0;

	while (len < IFNAMSIZ && mask[len])
		len++;
	if (inverted || len == 0)
		return;
	/* The mask of a whole name covers its NUL. */
	side->wild = memchr(name, '\0', len) == NULL && len < IFNAMSIZ;
	memcpy(side->dev, name, len < IFNAMSIZ ? len : IFNAMSIZ - 1);
}

static void parse_subnet(int family, const unsigned char *addr, const unsigned char *mask,
			 size_t len, bool inverted, struct vnm_fw_side *side)
{
	unsigned bits = 0;

	while (bits < len * 8 && mask[bits / 8] & (0x80 >> bits % 8))
		bits++;
	if (inverted || bits == 0)
		return;
	side->subnet.addr.family = family;
	memcpy(side->subnet.addr.b, addr, len);
	side->subnet.len = bits;
}

/**
 * vnm_fwentry_sides() - whose packets an entry matches
 * @ret_from: where they come from
 * @ret_to:   where they go
 */
void vnm_fwentry_sides(int family, const void *entry, struct vnm_fw_side *ret_from,
		       struct vnm_fw_side *ret_to)
{
	const struct vnm_fwentry_view v = vnm_fwentry_view(family, entry);

	*ret_from = *ret_to = (struct vnm_fw_side){ 0 };
	parse_dev(v.in, v.in_mask, v.inverted & IPT_INV_VIA_IN, ret_from);
	parse_dev(v.out, v.out_mask, v.inverted & IPT_INV_VIA_OUT, ret_to);
	parse_subnet(family, v.src, v.src_mask, v.addr_len, v.inverted & IPT_INV_SRCIP, ret_from);
	parse_subnet(family, v.dst, v.dst_mask, v.addr_len, v.inverted & IPT_INV_DSTIP, ret_to);
}

/** vnm_fwentry_goes_on() - does a packet continue with the next entry after this target? */
bool vnm_fwentry_goes_on(const char *target)
{
	static const char *const words[] = {
		"",	    "LOG",	   "NFLOG",	"ULOG",	       "MARK",
		"CONNMARK", "CT",	   "NOTRACK",	"TCPMSS",      "TRACE",
		"CHECKSUM", "DSCP",	   "TOS",	"ECN",	       "TTL",
		"HL",	    "CLASSIFY",	   "SECMARK",	"CONNSECMARK", "AUDIT",
		"RATEEST",  "SET",	   "IDLETIMER", "LED",	       "HMARK",
		"TEE",	    "TCPOPTSTRIP",
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(words); i++)
		if (!strcmp(target, words[i]))
			return true;
	return false;
}

/** vnm_fwentry_has_match() - has the entry a match of that name? */
bool vnm_fwentry_has_match(int family, const void *entry, const char *name)
{
	const struct vnm_fwentry_view v = vnm_fwentry_view(family, entry);
	const struct xt_entry_match *match;

	for (const unsigned char *at = v.matches; at < v.target; at += match->u.match_size) {
		match = (const void *)at;
		if (!strncmp(match->u.user.name, name, sizeof(match->u.user.name)))
			return true;
	}
	return false;
}
