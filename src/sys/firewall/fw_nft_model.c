// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fw_nft_model.c - a table of iptables-nft as it was read, with the changes made since.
 *
 * Theory of operation. Nothing is read but what is asked for, chain by chain: the kernel finds one chain among any number
 * of them, and a dump of a small chain is not torn by others' changes, while one of a large table always is. The chains
 * are read at different moments; whether anything has changed meanwhile is found at the commit, by the generation.
 */
#include "sys/firewall/fw_nft_model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter/x_tables.h>

#include "sys/firewall/fw_nft_base.h"
#include "sys/firewall/fw_nft_decode.h"
#include "sys/firewall/fwentry_read.h"
#include "util/mem.h"

/** vnm_fw_nft_new() - a table of which nothing has been read yet; free with vnm_fw_nft_free(). */
struct vnm_fw_nft *vnm_fw_nft_new(struct vnm_sys *sys, int family, enum vnm_fw_table table,
				  uint32_t generation)
{
	struct vnm_fw_nft *nft = vnm_alloc(sizeof(*nft));

	*nft = (struct vnm_fw_nft){
		.sys = sys, .family = family, .table = table, .generation = generation
	};
	return nft;
}

/** vnm_fw_nft_rule_free() - free a rule. */
void vnm_fw_nft_rule_free(struct vnm_fw_nft_rule *rule)
{
	free(rule->target);
	free(rule);
}

/** vnm_fw_nft_free() - free a table. */
void vnm_fw_nft_free(struct vnm_fw_nft *nft)
{
	for (size_t c = 0; c < nft->n; c++) {
		struct vnm_fw_nft_chain *chain = nft->chains[c];

		for (size_t i = 0; i < chain->n; i++)
			vnm_fw_nft_rule_free(chain->rules[i]);
		vnm_nft_chain_clear(&chain->kernel);
		free(chain->rules);
		free(chain->gone);
		free(chain->name);
		free(chain);
	}
	free(nft->chains);
	free(nft->failure);
	free(nft);
}

static struct vnm_fw_nft_rule *rule_new(int family, const struct vnm_fwentry *entry, char *target)
{
	struct vnm_fw_nft_rule *rule = vnm_alloc(sizeof(*rule) + entry->size);

	rule->target = target;
	memcpy(rule->data, entry->data, entry->size);
	rule->hash = vnm_fwentry_hash(family, rule->data, target);
	return rule;
}

static void note_result(struct vnm_fw_nft *nft, int r)
{
	if (nft->result == 0)
		nft->result = r;
}

static int by_name(const void *item, const void *name)
{
	return strcmp((*(struct vnm_fw_nft_chain *const *)item)->name, name);
}

/* Where a chain is, or is to be. */
static size_t place_of(const struct vnm_fw_nft *nft, const char *name)
{
	return vnm_array_place(nft->chains, nft->n, sizeof(*nft->chains), name, by_name);
}

static struct vnm_fw_nft_chain *find(const struct vnm_fw_nft *nft, const char *name)
{
	size_t at = place_of(nft, name);

	return at < nft->n && !strcmp(nft->chains[at]->name, name) ? nft->chains[at] : NULL;
}

static struct vnm_fw_nft_chain *add_chain(struct vnm_fw_nft *nft, const char *name)
{
	struct vnm_fw_nft_chain *chain = vnm_alloc(sizeof(*chain));
	size_t at = place_of(nft, name);

	*chain = (struct vnm_fw_nft_chain){ .name = vnm_strdup(name) };
	nft->chains = vnm_array_add(nft->chains, &nft->n, sizeof(*nft->chains));
	memmove(&nft->chains[at + 1], &nft->chains[at], (nft->n - 1 - at) * sizeof(*nft->chains));
	nft->chains[at] = chain;
	return chain;
}

/**
 * vnm_fw_nft_chain() - a chain, whether it exists or not; the kernel is asked at the first call
 * @nft:  the table
 * @name: the chain's
 */
struct vnm_fw_nft_chain *vnm_fw_nft_chain(struct vnm_fw_nft *nft, const char *name)
{
	const char *table = vnm_enum_name(&vnm_enum_fw_table, (int)nft->table);
	struct vnm_fw_nft_chain *chain = find(nft, name);
	int r;

	if (chain)
		return chain;
	chain = add_chain(nft, name);
	r = vnm_nft_chain_get(nft->sys, vnm_fw_nft_family(nft->family), table, name,
			      &chain->kernel);
	if (r < 0 && r != -ENOENT)
		note_result(nft, r);
	chain->there = chain->wanted = r == 0;
	return chain;
}

static struct vnm_fw_nft_rule *read_rule(int family, const struct vnm_nft_rule *from)
{
	struct vnm_fw_nft_rule *rule;
	vnm_autofwentry struct vnm_fwentry entry = { 0 };
	char *target;

	vnm_fw_nft_decode(family, from->exprs, from->len, &entry, &target);
	rule = rule_new(family, &entry, target);
	rule->handle = from->handle;
	return rule;
}

/**
 * vnm_fw_nft_head() - the hashes of the first rules of a chain
 * @family: AF_INET or AF_INET6
 * @chain:  as the kernel has it
 * @most:   how many
 * @ret:    free()
 *
 * Return: how many were read, fewer than @most where there are no more, or if they cannot be read.
 */
size_t vnm_fw_nft_head(int family, const struct vnm_nft_chain *chain, size_t most, uint64_t **ret)
{
	struct vnm_nft_chain head = { .family = chain->family,
				      .table = vnm_strdup(chain->table),
				      .name = vnm_strdup(chain->name) };
	size_t n = vnm_nft_rules_head(&head, most) == 0 ? head.n : 0;

	*ret = n ? vnm_alloc(n * sizeof(**ret)) : NULL;
	for (size_t i = 0; i < n; i++) {
		struct vnm_fw_nft_rule *rule = read_rule(family, &head.rules[i]);

		(*ret)[i] = rule->hash;
		vnm_fw_nft_rule_free(rule);
	}
	vnm_nft_chain_clear(&head);
	return n;
}

static void add_rule(struct vnm_fw_nft_chain *chain, struct vnm_fw_nft_rule *rule)
{
	chain->rules = vnm_array_add(chain->rules, &chain->n, sizeof(*chain->rules));
	chain->rules[chain->n - 1] = rule;
}

static struct vnm_fw_nft_rule *raw_rule(const struct vnm_nft_rule *from)
{
	struct vnm_fw_nft_rule *rule = vnm_alloc(sizeof(*rule));

	rule->handle = from->handle;
	rule->raw = from;
	return rule;
}

static bool is_gone(const struct vnm_fw_nft_chain *chain, uint64_t handle)
{
	for (size_t i = 0; i < chain->n_gone; i++)
		if (chain->gone[i] == handle)
			return true;
	return false;
}

/** vnm_fw_nft_rule() - the rule at a position of a chain, decoded; of thousands most are of no interest */
const struct vnm_fw_nft_rule *vnm_fw_nft_rule(int family, struct vnm_fw_nft_chain *chain, size_t at)
{
	struct vnm_fw_nft_rule *rule = chain->rules[at];

	if (!rule->raw)
		return rule;
	chain->rules[at] = read_rule(family, rule->raw);
	vnm_fw_nft_rule_free(rule);
	return chain->rules[at];
}

/**
 * vnm_fw_nft_read_chain() - a chain with its rules
 * @nft:  the table
 * @name: the chain's
 */
struct vnm_fw_nft_chain *vnm_fw_nft_read_chain(struct vnm_fw_nft *nft, const char *name)
{
	struct vnm_fw_nft_chain *chain = vnm_fw_nft_chain(nft, name);
	vnm_autofree struct vnm_fw_nft_rule **added = NULL;
	size_t n_added = chain->n;

	if (chain->read || !chain->there)
		return chain;
	chain->read = true;
	if (!vnm_nft_rules(nft->sys, &chain->kernel))
		note_result(nft, -EAGAIN);
	/* What was appended before it was read stays behind. */
	added = vnm_steal(&chain->rules);
	chain->n = 0;
	for (size_t i = 0; i < chain->kernel.n; i++)
		if (!is_gone(chain, chain->kernel.rules[i].handle))
			add_rule(chain, raw_rule(&chain->kernel.rules[i]));
	chain->jumps += (int)chain->kernel.use - (int)chain->kernel.n;
	for (size_t i = 0; i < n_added; i++)
		add_rule(chain, added[i]);
	return chain;
}

/**
 * vnm_fw_nft_compile() - a compiled entry as a rule that is to be added, or to be compared with
 * @family: AF_INET or AF_INET6
 * @entry:  the entry
 *
 * Return: free with vnm_fw_nft_rule_free(), unless it is inserted.
 */
struct vnm_fw_nft_rule *vnm_fw_nft_compile(int family, const struct vnm_fwentry *entry)
{
	const struct vnm_fwentry_view from = vnm_fwentry_view(family, entry->data);
	const struct xt_entry_target *head = (const void *)from.target;
	char *target = vnm_strdup(head->u.user.name);
	struct vnm_fw_nft_rule *rule = rule_new(family, entry, target);
	struct xt_entry_target *own;

	rule->network = entry->network;
	if (!vnm_fwentry_is_standard(target))
		return rule;
	own = (void *)(rule->data + (from.target - (const unsigned char *)entry->data));
	memset(own->u.user.name, 0, sizeof(own->u.user.name));
	rule->hash = vnm_fwentry_hash(family, rule->data, target);
	return rule;
}

static void count_jump(struct vnm_fw_nft *nft, const struct vnm_fw_nft_rule *rule, int by)
{
	struct vnm_fw_nft_chain *chain = find(nft, rule->target);

	if (chain)
		chain->jumps += by;
}

/** vnm_fw_nft_insert() - insert a rule at position @at, counted from 0; the chain owns it then. */
void vnm_fw_nft_insert(struct vnm_fw_nft *nft, struct vnm_fw_nft_chain *chain, size_t at,
		       struct vnm_fw_nft_rule *rule)
{
	chain->rules = vnm_array_add(chain->rules, &chain->n, sizeof(*chain->rules));
	memmove(&chain->rules[at + 1], &chain->rules[at],
		(chain->n - 1 - at) * sizeof(*chain->rules));
	chain->rules[at] = rule;
	count_jump(nft, rule, 1);
}

static void note_gone(struct vnm_fw_nft *nft, struct vnm_fw_nft_chain *chain,
		      const struct vnm_fw_nft_rule *rule)
{
	if (rule->handle) {
		chain->gone = vnm_array_add(chain->gone, &chain->n_gone, sizeof(*chain->gone));
		chain->gone[chain->n_gone - 1] = rule->handle;
	}
	count_jump(nft, rule, -1);
}

/** vnm_fw_nft_remove() - delete the rule at position @at. */
void vnm_fw_nft_remove(struct vnm_fw_nft *nft, struct vnm_fw_nft_chain *chain, size_t at)
{
	struct vnm_fw_nft_rule *rule;

	(void)vnm_fw_nft_rule(nft->family, chain, at);
	rule = chain->rules[at];
	note_gone(nft, chain, rule);
	chain->n--;
	memmove(&chain->rules[at], &chain->rules[at + 1], (chain->n - at) * sizeof(*chain->rules));
	vnm_fw_nft_rule_free(rule);
}

/**
 * vnm_fw_nft_remove_known() - delete a rule from a chain that has not been read
 * @nft:    the table
 * @chain:  the chain
 * @handle: where the rule is thought to be
 * @hash:   of the rule
 *
 * Return: false if it is not there, or cannot be read: the chain is to be read.
 */
bool vnm_fw_nft_remove_known(struct vnm_fw_nft *nft, struct vnm_fw_nft_chain *chain,
			     uint64_t handle, uint64_t hash)
{
	struct vnm_nft_chain one = { .family = chain->kernel.family,
				     .table = vnm_strdup(chain->kernel.table),
				     .name = vnm_strdup(chain->name) };
	bool found = !is_gone(chain, handle) && vnm_nft_rule_get(nft->sys, &one, handle) == 0 &&
		     one.n == 1;

	if (found) {
		struct vnm_fw_nft_rule *rule = read_rule(nft->family, &one.rules[0]);

		found = rule->handle == handle && rule->hash == hash;
		if (found)
			note_gone(nft, chain, rule);
		vnm_fw_nft_rule_free(rule);
	}
	vnm_nft_chain_clear(&one);
	return found;
}
