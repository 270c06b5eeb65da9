// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fw_nft.c - the tables of iptables-nft, by netlink; see fw_table_impl.h.
 *
 * Theory of operation. The rules are in the tables "ip" and "ip6" filter, nat, mangle and raw of nf_tables, encoded as
 * iptables-nft encodes them, so that the iptables commands show them, find them and delete them. These tables belong to
 * everybody: what is not ours is neither sent nor touched. A built-in chain that exists keeps its policy, since no policy
 * is ever sent (fw_nft_commit.c).
 *
 * No process is started, and no lock is taken: iptables-nft takes none either. A commit names the generation of what was
 * read, and the kernel refuses it if anybody has committed since.
 */
#include "sys/firewall/fw_table_impl.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/firewall/fw_nft_base.h"
#include "sys/firewall/fw_nft_commit.h"
#include "sys/firewall/fw_nft_handles.h"
#include "sys/firewall/fw_nft_model.h"
#include "sys/firewall/fwentry_read.h"
#include "sys/host/kmod.h"
#include "util/mem.h"

#include <linux/netfilter/nf_tables.h>

#define OURS "VNM_" /* our chains begin so */
#define MANY \
	16 /* deletions from a chain, after which it is quicker to decode all its rules, and compare hashes */

static int nft_read(struct vnm_sys *sys, struct vnm_fw_handle *handle)
{
	uint32_t generation;
	int r = vnm_nft_generation(sys, &generation);

	if (r < 0)
		return r;
	handle->generation = generation;
	handle->data = vnm_fw_nft_new(sys, handle->family, handle->table, generation);
	return 0;
}

static void nft_close(struct vnm_fw_handle *handle)
{
	vnm_fw_nft_free(handle->data);
}

static const char *nft_strerror(const struct vnm_fw_handle *handle, int error)
{
	const struct vnm_fw_nft *nft = handle->data;

	return nft && nft->failure ? nft->failure : strerror(error);
}

static int no_compat(struct vnm_error *err)
{
	vnm_autobuf struct vnm_buf remedy = { 0 };

	vnm_kmod_remedy("nft_compat", &remedy);
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "this kernel lacks nft_compat (module nft_compat, CONFIG_NFT_COMPAT), "
			     "which the firewall back end 'iptables-nft' needs; %s; or use another "
			     "back end",
			     remedy.data);
}

static int nft_usable(const struct vnm_fw_handle *handle, const char *chain, struct vnm_error *err)
{
	struct vnm_fw_nft *nft = handle->data;
	const struct vnm_fw_nft_base *base = vnm_fw_nft_base(handle->table, chain);
	const struct vnm_fw_nft_chain *found = vnm_fw_nft_chain(nft, chain);

	if (found->there && !vnm_fw_nft_is_base(base, &found->kernel))
		return vnm_error_set(
			err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			"chain '%s' of the nf_tables table '%s %s' is not the one of iptables-nft "
			"(type %s, priority %d), so neither it nor the firewall back end "
			"'iptables-nft' can use it; rename or delete that chain, or use another "
			"back end",
			chain, handle->family == AF_INET ? "ip" : "ip6",
			vnm_enum_name(&vnm_enum_fw_table, (int)handle->table), base->type,
			base->priority);
	if (!nft->has_compat &&
	    vnm_fw_nft_probe(nft->sys, handle->family, false, "conntrack", 3) == -EINVAL)
		return no_compat(err);
	nft->has_compat = true;
	return 0;
}

static bool nft_has_chain(const struct vnm_fw_handle *handle, const char *chain)
{
	return *chain && vnm_fw_nft_chain(handle->data, chain)->wanted;
}

static int nft_make_chain(struct vnm_fw_handle *handle, const char *chain)
{
	vnm_fw_nft_chain(handle->data, chain)->wanted = true;
	return 0;
}

static int nft_drop_chain(struct vnm_fw_handle *handle, const char *name)
{
	struct vnm_fw_nft_chain *chain = vnm_fw_nft_read_chain(handle->data, name);

	/* By the record of a rule that jumps here twice only one is deleted. */
	if (chain->jumps > 0)
		return vnm_fw_nft_handles_distrust(((struct vnm_fw_nft *)handle->data)->sys)
			       ? -EAGAIN
			       : -EMLINK;
	while (chain->n > 0)
		vnm_fw_nft_remove(handle->data, chain, chain->n - 1);
	chain->wanted = false;
	return 0;
}

/** struct wanted - a rule that is looked for. @word: however it is encoded, it contains this; "": not known */
struct wanted {
	int family;
	uint64_t hash;
	char word[NFT_CHAIN_MAXNAMELEN];
};

/* A device, or a chain of ours that it jumps to: of rules that others have written, too. */
static void note_word(const struct vnm_fwentry_view *view, const char *target, struct wanted *ret)
{
	const char *word = *view->in ? view->in : view->out;

	if (!*word && !strncmp(target, OURS, strlen(OURS)))
		word = target;
	if (!strchr(word, '+'))
		snprintf(ret->word, sizeof(ret->word), "%s", word);
}

static struct wanted wanted_of(int family, const struct vnm_fwentry *entry)
{
	struct vnm_fw_nft_rule *rule = vnm_fw_nft_compile(family, entry);
	const struct vnm_fwentry_view view = vnm_fwentry_view(family, rule->data);
	struct wanted wanted = { .family = family, .hash = rule->hash };

	note_word(&view, rule->target, &wanted);
	vnm_fw_nft_rule_free(rule);
	return wanted;
}

/* Return: its position from @from on, or how many there are. */
static size_t find(struct vnm_fw_nft_chain *chain, const struct wanted *wanted, size_t from)
{
	for (; from < chain->n; from++) {
		const struct vnm_nft_rule *raw = chain->rules[from]->raw;

		if (raw && chain->n_gone < MANY &&
		    !memmem(raw->exprs, raw->len, wanted->word, strlen(wanted->word)))
			continue;
		if (vnm_fw_nft_rule(wanted->family, chain, from)->hash == wanted->hash)
			break;
	}
	return from;
}

static bool nft_has_rule(const struct vnm_fw_handle *handle, const char *name,
			 const struct vnm_fwentry *entry)
{
	struct vnm_fw_nft_chain *chain = vnm_fw_nft_read_chain(handle->data, name);
	const struct wanted wanted = wanted_of(handle->family, entry);

	return find(chain, &wanted, 0) < chain->n;
}

/* A built-in chain is created with the first rule that is to be in it. */
static int nft_insert(struct vnm_fw_handle *handle, const char *name,
		      const struct vnm_fwentry *entry, unsigned at)
{
	struct vnm_fw_nft *nft = handle->data;
	struct vnm_fw_nft_chain *chain = vnm_fw_nft_read_chain(nft, name);

	chain->wanted |= vnm_fw_nft_base(handle->table, name) != NULL;
	if (!chain->wanted || at > chain->n)
		return -ENOENT;
	vnm_fw_nft_insert(nft, chain, at, vnm_fw_nft_compile(handle->family, entry));
	return 0;
}

/* Behind whatever there is: that needs not be read. */
static int nft_append(struct vnm_fw_handle *handle, const char *name,
		      const struct vnm_fwentry *entry)
{
	struct vnm_fw_nft *nft = handle->data;
	struct vnm_fw_nft_chain *chain = vnm_fw_nft_chain(nft, name);

	chain->wanted |= vnm_fw_nft_base(handle->table, name) != NULL;
	if (!chain->wanted)
		return -ENOENT;
	vnm_fw_nft_insert(nft, chain, chain->n, vnm_fw_nft_compile(handle->family, entry));
	return 0;
}

/* By the handle that was recorded. */
static bool delete_known(const struct vnm_fw_handle *handle, struct vnm_fw_nft_chain *chain,
			 const char *network, uint64_t hash)
{
	struct vnm_fw_nft *nft = handle->data;
	const struct vnm_fw_nft_place rule = { .network = network,
					       .chain = chain->name,
					       .family = handle->family,
					       .table = handle->table,
					       .hash = hash };
	uint64_t known = handle->few && chain->there && !chain->read
				 ? vnm_fw_nft_handle(nft->sys, &rule)
				 : 0;

	return known && vnm_fw_nft_remove_known(nft, chain, known, hash);
}

static unsigned nft_delete(struct vnm_fw_handle *handle, const char *name,
			   const struct vnm_fwentry *entry)
{
	struct vnm_fw_nft *nft = handle->data;
	const struct wanted wanted = wanted_of(handle->family, entry);
	struct vnm_fw_nft_chain *chain = vnm_fw_nft_chain(nft, name);
	unsigned n = 0;

	if (delete_known(handle, chain, entry->network, wanted.hash))
		return 1;
	chain = vnm_fw_nft_read_chain(nft, name);
	for (size_t at = find(chain, &wanted, 0); at < chain->n; at = find(chain, &wanted, at)) {
		vnm_fw_nft_remove(nft, chain, at);
		n++;
	}
	return n;
}

static int nft_delete_at(struct vnm_fw_handle *handle, const char *name, unsigned at)
{
	struct vnm_fw_nft_chain *chain = vnm_fw_nft_read_chain(handle->data, name);

	if (at >= chain->n)
		return -ENOENT;
	vnm_fw_nft_remove(handle->data, chain, at);
	return 0;
}

static size_t nft_list(const struct vnm_fw_handle *handle, const char *name, const void ***ret)
{
	struct vnm_fw_nft_chain *chain = vnm_fw_nft_read_chain(handle->data, name);
	const void **list = chain->n ? vnm_alloc(chain->n * sizeof(*list)) : NULL;

	for (size_t i = 0; i < chain->n; i++)
		list[i] = vnm_fw_nft_rule(handle->family, chain, i)->data;
	*ret = list;
	return chain->n;
}

/* Unless the chain was read already, its head is read alone. */
static size_t nft_head(const struct vnm_fw_handle *handle, const char *name, size_t n,
		       uint64_t **ret)
{
	struct vnm_fw_nft_chain *chain = vnm_fw_nft_chain(handle->data, name);
	size_t there = chain->there && !chain->read
			       ? vnm_fw_nft_head(handle->family, &chain->kernel, n, ret)
			       : 0;

	if (there >= n)
		return there;
	free(*ret);
	chain = vnm_fw_nft_read_chain(handle->data, name);
	*ret = chain->n ? vnm_alloc(chain->n * sizeof(**ret)) : NULL;
	for (size_t i = 0; i < chain->n; i++)
		(*ret)[i] = vnm_fw_nft_rule(handle->family, chain, i)->hash;
	return chain->n;
}

/* What uses it are its rules, and rules that jump to it: of a chain of ours, one. */
static bool nft_exceeds(const struct vnm_fw_handle *handle, const char *name, size_t n)
{
	const struct vnm_fw_nft_chain *chain = vnm_fw_nft_chain(handle->data, name);

	return chain->there && !chain->read && chain->kernel.use > chain->n_gone + n + 1;
}

/* The entry is that of a rule. */
static const char *nft_target_of(const struct vnm_fw_handle *handle, const void *entry)
{
	const struct vnm_fw_nft_rule *rule =
		(const void *)((const char *)entry - offsetof(struct vnm_fw_nft_rule, data));

	(void)handle;
	return rule->target;
}

static const char *nft_policy(const struct vnm_fw_handle *handle, const char *name)
{
	const struct vnm_fw_nft_chain *chain = vnm_fw_nft_chain(handle->data, name);

	if (!chain->there || chain->kernel.hook < 0)
		return "";
	return chain->kernel.drops ? "DROP" : "ACCEPT";
}

/* A chain whose rules could not be read counts as changed by others, whatever the reason. */
static int nft_unread(const struct vnm_fw_handle *handle)
{
	const struct vnm_fw_nft *nft = handle->data;

	return nft->result == -EAGAIN && nft->sys->nft_rules_rc ? nft->sys->nft_rules_rc
								: nft->result;
}

const struct vnm_fw_table_impl vnm_fw_tables_nft = {
	.atomic = true,
	.probe = vnm_fw_nft_probe,
	.read = nft_read,
	.usable = nft_usable,
	.unread = nft_unread,
	.commit = vnm_fw_nft_commit,
	.close = nft_close,
	.exists = vnm_fw_nft_exists,
	.strerror = nft_strerror,
	.absent = vnm_fw_nft_absent,
	.has_chain = nft_has_chain,
	.make_chain = nft_make_chain,
	.drop_chain = nft_drop_chain,
	.has_rule = nft_has_rule,
	.insert = nft_insert,
	.append = nft_append,
	.delete = nft_delete,
	.delete_at = nft_delete_at,
	.list = nft_list,
	.head = nft_head,
	.exceeds = nft_exceeds,
	.target_of = nft_target_of,
	.policy = nft_policy,
};
