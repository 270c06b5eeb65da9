/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nft_compare.c - is a rule that was read the one that we would write?
 *
 * The kernel returns what it was sent, and more: it adds attributes with its defaults, and counters count. So there must
 * be as many expressions, of the same names in the same order, and each attribute of ours must be there with its value.
 */
#include "sys/firewall/nft_compare.h"

#include <netlink/attr.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "util/mem.h"

#define DEPTH_MAX 6

/** struct list - attributes, in a row. */
struct list {
	const struct nlattr *head;
	int len;
};

static struct list inside(const struct nlattr *attr)
{
	return (struct list){ nla_data(attr), nla_len(attr) };
}

static size_t count(const struct list *list)
{
	const struct nlattr *attr;
	size_t n = 0;
	int left;

	nla_for_each_attr(attr, list->head, list->len, left) n++;
	return n;
}

static bool has_all(const struct list *ours, const struct list *read, unsigned depth);

static bool is_same(const struct nlattr *ours, const struct nlattr *read, unsigned depth)
{
	struct list a = inside(ours), b = inside(read);

	if (ours->nla_type & NLA_F_NESTED)
		return depth < DEPTH_MAX && has_all(&a, &b, depth + 1);
	return a.len == b.len && memcmp(a.head, b.head, (size_t)a.len) == 0;
}

static bool has_all(const struct list *ours, const struct list *read, unsigned depth)
{
	const struct nlattr *attr, *other;
	int left;

	nla_for_each_attr(attr, ours->head, ours->len, left)
	{
		other = nla_find(read->head, read->len, nla_type(attr));
		if (!other || !is_same(attr, other, depth))
			return false;
	}
	return true;
}

static bool is_named(const struct nlattr *attr, const char *name)
{
	return attr && nla_len(attr) == (int)strlen(name) + 1 && !strcmp(nla_data(attr), name);
}

/* An anonymous set is named by the kernel, and belongs to this rule. */
static bool same_lookup(const struct list *ours, const struct list *read)
{
	static const int attrs[] = { NFTA_LOOKUP_SREG, NFTA_LOOKUP_DREG, NFTA_LOOKUP_FLAGS };
	const struct nlattr *set = nla_find(ours->head, ours->len, NFTA_LOOKUP_SET);

	if (!set || strncmp(nla_data(set), "__", 2) != 0)
		return has_all(ours, read, 0);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(attrs); i++) {
		const struct nlattr *a = nla_find(ours->head, ours->len, attrs[i]);
		const struct nlattr *b = nla_find(read->head, read->len, attrs[i]);

		if (a && (!b || !is_same(a, b, 0)))
			return false;
	}
	return true;
}

static bool same_expr(const struct nlattr *ours, const struct nlattr *read)
{
	struct list a = inside(ours), b = inside(read), a_data = { 0 }, b_data = { 0 };
	const struct nlattr *a_name = nla_find(a.head, a.len, NFTA_EXPR_NAME);
	const struct nlattr *b_name = nla_find(b.head, b.len, NFTA_EXPR_NAME);
	const struct nlattr *a_attr = nla_find(a.head, a.len, NFTA_EXPR_DATA);
	const struct nlattr *b_attr = nla_find(b.head, b.len, NFTA_EXPR_DATA);

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
	struct list a = { ours, (int)ours_len }, b = { read, (int)read_len };
	const struct nlattr *other = b.head, *attr;
	int left, other_left = b.len;

	if (count(&a) != count(&b))
		return false;
	nla_for_each_attr(attr, a.head, a.len, left)
	{
		if (!nla_ok(other, other_left) || !same_expr(attr, other))
			return false;
		other = nla_next(other, &other_left);
	}
	return true;
}
