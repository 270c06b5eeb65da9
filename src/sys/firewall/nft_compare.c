/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nft_compare.c - is a rule that was read the one that we would write?
 *
 * The kernel returns what it was sent, and more: it adds attributes with its defaults, and counters count. So there must
 * be as many expressions, of the same names in the same order, and each attribute of ours must be there with its value.
 */
#include "sys/firewall/nft_compare.h"

#include <stdint.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "util/mem.h"

#define DEPTH_MAX 6

/*
 * struct list - attributes, in a row.
 *
 * They are walked here, and not by the functions of libnl: a net-list of many networks compares some hundred thousand.
 */
struct list {
	const char *head;
	size_t len;
};

/* The attribute at the head of what is left; NULL: none, or one that is cut off. */
static const struct nlattr *first_of(const struct list *list)
{
	const struct nlattr *attr = (const struct nlattr *)(const void *)list->head;

	return list->len >= sizeof(*attr) && attr->nla_len >= sizeof(*attr) &&
			       attr->nla_len <= list->len
		       ? attr
		       : NULL;
}

/* What follows it. */
static struct list after(const struct list *list, const struct nlattr *attr)
{
	size_t size = NLA_ALIGN(attr->nla_len);

	return size < list->len ? (struct list){ list->head + size, list->len - size }
				: (struct list){ 0 };
}

static struct list inside(const struct nlattr *attr)
{
	return (struct list){ (const char *)attr + NLA_HDRLEN, attr->nla_len - (size_t)NLA_HDRLEN };
}

static const struct nlattr *find(struct list list, int type)
{
	const struct nlattr *attr;

	while ((attr = first_of(&list)) && (attr->nla_type & NLA_TYPE_MASK) != type)
		list = after(&list, attr);
	return attr;
}

static bool has_all(const struct list *ours, const struct list *read, unsigned depth);

static bool is_same(const struct nlattr *ours, const struct nlattr *read, unsigned depth)
{
	struct list a = inside(ours), b = inside(read);

	if (ours->nla_type & NLA_F_NESTED)
		return depth < DEPTH_MAX && has_all(&a, &b, depth + 1);
	return a.len == b.len && memcmp(a.head, b.head, a.len) == 0;
}

static bool has_all(const struct list *ours, const struct list *read, unsigned depth)
{
	const struct nlattr *attr, *other;

	for (struct list left = *ours; (attr = first_of(&left)); left = after(&left, attr)) {
		other = find(*read, attr->nla_type & NLA_TYPE_MASK);
		if (!other || !is_same(attr, other, depth))
			return false;
	}
	return true;
}

static bool is_named(const struct nlattr *attr, const char *name)
{
	struct list value = inside(attr);

	return value.len == strlen(name) + 1 && !memcmp(value.head, name, value.len);
}

/* An anonymous set is named by the kernel, and belongs to this rule. */
static bool same_lookup(const struct list *ours, const struct list *read)
{
	static const int attrs[] = { NFTA_LOOKUP_SREG, NFTA_LOOKUP_DREG, NFTA_LOOKUP_FLAGS };
	const struct nlattr *set = find(*ours, NFTA_LOOKUP_SET);

	if (!set || strncmp(inside(set).head, "__", 2) != 0)
		return has_all(ours, read, 0);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(attrs); i++) {
		const struct nlattr *a = find(*ours, attrs[i]);
		const struct nlattr *b = find(*read, attrs[i]);

		if (a && (!b || !is_same(a, b, 0)))
			return false;
	}
	return true;
}

static bool same_expr(const struct nlattr *ours, const struct nlattr *read)
{
	struct list a = inside(ours), b = inside(read), a_data = { 0 }, b_data = { 0 };
	const struct nlattr *a_name = find(a, NFTA_EXPR_NAME);
	const struct nlattr *b_name = find(b, NFTA_EXPR_NAME);
	const struct nlattr *a_attr = find(a, NFTA_EXPR_DATA);
	const struct nlattr *b_attr = find(b, NFTA_EXPR_DATA);

	if (!a_name || !b_name || !is_same(a_name, b_name, 0))
		return false;
	if (is_named(a_name, "counter"))
		return true;
	if (a_attr)
		a_data = inside(a_attr);
	if (b_attr)
		b_data = inside(b_attr);
	return is_named(a_name, "lookup") ? same_lookup(&a_data, &b_data)
					  : has_all(&a_data, &b_data, 0);
}

/**
 * vnm_nft_same() - is a rule that was read the one that we would write?
 * @ours:     the content of our NFTA_RULE_EXPRESSIONS
 * @ours_len: its length
 * @read:     the kernel's
 * @read_len: its length
 *
 * Return: whether.
 */
bool vnm_nft_same(const void *ours, size_t ours_len, const void *read, size_t read_len)
{
	struct list a = { ours, ours_len }, b = { read, read_len };
	const struct nlattr *attr, *other;

	while ((attr = first_of(&a))) {
		other = first_of(&b);
		if (!other || !same_expr(attr, other))
			return false;
		a = after(&a, attr);
		b = after(&b, other);
	}
	return !first_of(&b);
}

/** vnm_nft_same_rule() - the same of a request that makes a rule, and one that was read. */
bool vnm_nft_same_rule(const struct vnm_nl_req *ours, const struct vnm_nft_rule *read)
{
	const struct nlattr *list = nlmsg_find_attr(nlmsg_hdr(ours->msg), sizeof(struct nfgenmsg),
						    NFTA_RULE_EXPRESSIONS);

	return list && vnm_nft_same(nla_data(list), (size_t)nla_len(list), read->exprs, read->len);
}
