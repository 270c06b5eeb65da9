// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nft_chains.c - the chains of all tables of nf_tables.
 *
 * Theory of operation. One request lists all chains, with an empty answer where nf_tables is not in use. With many networks there are
 * thousands, though only base chains of other programs are of interest: so these are remembered, in lines of text, from one
 * command to the next, while no other program has committed anything (@sys->nft_own). Own transactions create no base chain that would
 * have to be looked at. Chains that rules jump to are then asked for by name.
 */
#include "sys/firewall/nft_chains.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "sys/firewall/nft_write.h"
#include "util/mem.h"

#define BASE "base "

/**
 * struct vnm_nft - chains.
 * @chains:  as last read, or as remembered, @n; then only base chains
 * @bases:   which of them are base chains, @n_bases
 * @found:   asked for by name, @n_found
 * @remembered: they were not read
 * @rc:      0 or -errno
 */
struct vnm_nft {
	struct vnm_nft_chain *chains, **found;
	size_t n, *bases, n_bases, n_found;
	bool remembered;
	int rc;
};

static void add_chain(struct vnm_nft *nft, const struct vnm_nft_chain *chain)
{
	nft->chains = vnm_array_add(nft->chains, &nft->n, sizeof(*nft->chains));
	nft->chains[nft->n - 1] = *chain;
	if (chain->hook < 0)
		return;
	nft->bases = vnm_array_add(nft->bases, &nft->n_bases, sizeof(*nft->bases));
	nft->bases[nft->n_bases - 1] = nft->n - 1;
}

static int on_chain(const struct nlmsghdr *head, void *data)
{
	struct vnm_nft_chain chain;

	if (vnm_nft_chain_parse(head, &chain))
		add_chain(data, &chain);
	return 0;
}

static void forget_chains(void *data)
{
	struct vnm_nft *nft = data;

	for (size_t i = 0; i < nft->n; i++)
		vnm_nft_chain_clear(&nft->chains[i]);
	for (size_t i = 0; i < nft->n_found; i++) {
		vnm_nft_chain_clear(nft->found[i]);
		free(nft->found[i]);
	}
	free(nft->chains);
	free(nft->bases);
	free(nft->found);
	*nft = (struct vnm_nft){ 0 };
}

/** vnm_nft_free() - drop what was read; NULL is fine. */
void vnm_nft_free(struct vnm_nft *nft)
{
	if (nft)
		forget_chains(nft);
	free(nft);
}

static void read_all(struct vnm_sys *sys)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nft_free(sys->nft);
	sys->nft = vnm_alloc(sizeof(*sys->nft));
	vnm_nft_begin(&req, NFPROTO_UNSPEC, VNM_NFT_MESSAGE(NFT_MSG_GETCHAIN), 0);
	r = vnm_nft_dump(&sys->nft_read_sock, &req,
			 &(struct vnm_nl_sink){ on_chain, forget_chains, sys->nft });
	if (r < 0)
		forget_chains(sys->nft);
	sys->nft->rc = r;
}

/**
 * vnm_nft_chains() - the chains of all tables, read at the first call
 * @sys: the handles, which keep them
 * @ret: none where nf_tables is absent or not readable
 *
 * Return: how many.
 */
size_t vnm_nft_chains(struct vnm_sys *sys, struct vnm_nft_chain **ret)
{
	if (!sys->nft || sys->nft->remembered)
		read_all(sys);
	*ret = sys->nft->chains;
	return sys->nft->n;
}

/** vnm_nft_base_chain() - the base chains, by number, from 0 on. Return: NULL beyond the last. */
struct vnm_nft_chain *vnm_nft_base_chain(struct vnm_sys *sys, size_t i)
{
	if (!sys->nft || (i == 0 && sys->nft->remembered && !sys->nft_own.known))
		read_all(sys);
	return i < sys->nft->n_bases ? &sys->nft->chains[sys->nft->bases[i]] : NULL;
}

/** vnm_nft_readable() - is there nf_tables, and may we read it? Reads the chains at the first call. */
bool vnm_nft_readable(struct vnm_sys *sys)
{
	struct vnm_nft_chain *chains;

	(void)vnm_nft_chains(sys, &chains);
	return sys->nft->rc == 0;
}

/** vnm_nft_failure() - what has kept chains, or rules of some chain, from being read; 0: nothing, so far */
int vnm_nft_failure(const struct vnm_sys *sys)
{
	return sys->nft && sys->nft->rc < 0 ? sys->nft->rc : sys->nft_rules_rc;
}

static bool is_it(const struct vnm_nft_chain *chain, const struct vnm_nft_chain *near,
		  const char *name)
{
	return chain->family == near->family && !strcmp(chain->table, near->table) &&
	       !strcmp(chain->name, name);
}

/* They stay where they are: their rules may be in use. */
static struct vnm_nft_chain *ask_for(struct vnm_sys *sys, const struct vnm_nft_chain *near,
				     const char *name)
{
	struct vnm_nft *nft = sys->nft;
	struct vnm_nft_chain *chain;

	for (size_t i = 0; i < nft->n_found; i++)
		if (is_it(nft->found[i], near, name))
			return nft->found[i];
	chain = vnm_alloc(sizeof(*chain));
	if (vnm_nft_chain_get(sys, near->family, near->table, name, chain) < 0) {
		vnm_nft_chain_clear(chain);
		free(chain);
		return NULL;
	}
	nft->found = vnm_array_add(nft->found, &nft->n_found, sizeof(struct vnm_nft_chain *));
	nft->found[nft->n_found - 1] = chain;
	return chain;
}

/** vnm_nft_find() - the chain of a name in the table of @near, or NULL. */
struct vnm_nft_chain *vnm_nft_find(struct vnm_sys *sys, const struct vnm_nft_chain *near,
				   const char *name)
{
	struct vnm_nft_chain *chains;
	size_t n;

	if (sys->nft && sys->nft->remembered)
		return ask_for(sys, near, name);
	n = vnm_nft_chains(sys, &chains);
	for (size_t i = 0; i < n; i++)
		if (is_it(&chains[i], near, name))
			return &chains[i];
	return NULL;
}

static bool is_word(const char *text)
{
	for (const char *at = text; *at; at++)
		if (!isgraph((unsigned char)*at))
			return false;
	return *text != '\0';
}

/**
 * vnm_nft_bases_format() - the base chains as lines of text, for vnm_nft_bases_parse()
 * @sys: the handles
 * @out: gets them; none if they are not known, or one has a name that is no word
 */
void vnm_nft_bases_format(const struct vnm_sys *sys, struct vnm_buf *out)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	if (!sys->nft || sys->nft->rc < 0)
		return;
	for (size_t i = 0; i < sys->nft->n_bases; i++) {
		const struct vnm_nft_chain *chain = &sys->nft->chains[sys->nft->bases[i]];

		if (!is_word(chain->type) || !is_word(chain->table) || !is_word(chain->name))
			return;
		vnm_buf_printf(&text, BASE "%u %d %d %d %s %s %s\n", chain->family, chain->hook,
			       chain->priority, chain->drops, chain->type, chain->table,
			       chain->name);
	}
	vnm_buf_addn(out, text.data, text.len);
}

/** vnm_nft_bases_are() - is it a line of vnm_nft_bases_format()? */
bool vnm_nft_bases_are(const char *line)
{
	return !strncmp(line, BASE, strlen(BASE));
}

/**
 * vnm_nft_bases_parse() - remember a base chain, unless the chains were read
 * @sys:  the handles
 * @line: of vnm_nft_bases_format(), without its newline
 *
 * Return: false for another line.
 */
bool vnm_nft_bases_parse(struct vnm_sys *sys, const char *line)
{
	struct vnm_nft_chain chain = { 0 };
	char table[NFT_TABLE_MAXNAMELEN], name[NFT_CHAIN_MAXNAMELEN];
	unsigned family;
	int drops;

	if (!vnm_nft_bases_are(line))
		return false;
	if (sscanf(line + strlen(BASE), "%u %d %d %d %15s %255s %255s", &family, &chain.hook,
		   &chain.priority, &drops, chain.type, table, name) != 7)
		return true;
	if (sys->nft && !sys->nft->remembered)
		return true;
	if (!sys->nft)
		sys->nft = vnm_alloc(sizeof(*sys->nft));
	sys->nft->remembered = true;
	chain.family = (uint8_t)family;
	chain.drops = drops != 0;
	chain.table = vnm_strdup(table);
	chain.name = vnm_strdup(name);
	add_chain(sys->nft, &chain);
	return true;
}
