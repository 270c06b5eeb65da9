// SPDX-License-Identifier: GPL-2.0-or-later
/* nftables_seen.c - what was read of the tables of the back end "nftables", kept until something changes. */
#include "sys/firewall/nftables_seen.h"

#include <stdlib.h>
#include <string.h>

#include "sys/firewall/nftables_write.h"
#include "util/mem.h"

/** vnm_nftables_seen() - what was read so far. */
struct vnm_nftables *vnm_nftables_seen(struct vnm_sys *sys)
{
	if (!sys->nftables)
		sys->nftables = vnm_alloc(sizeof(*sys->nftables));
	return sys->nftables;
}

static void chain_free(struct vnm_nftables_chain *chain)
{
	vnm_nft_chain_clear(&chain->chain);
	free(chain->lens);
	free(chain);
}

/** vnm_nftables_forget() - drop what was read; it may change now. */
void vnm_nftables_forget(struct vnm_sys *sys)
{
	struct vnm_nftables *is = sys->nftables;

	if (!is)
		return;
	for (size_t i = 0; i < is->n; i++)
		chain_free(is->chains[i]);
	for (size_t f = 0; f < VNM_NFTABLES_FAMILIES; f++)
		vnm_warnings_clear(&is->base_faults[f]);
	free(is->chains);
	free(is->elements);
	free(is);
	sys->nftables = NULL;
}

/* ---- chains ---- */

static int compare_key(const struct vnm_nftables_chain *seen, uint8_t proto, const char *name)
{
	return seen->chain.family != proto ? (int)seen->chain.family - (int)proto
					   : strcmp(seen->chain.name, name);
}

/* Where the chain is, or would be. */
static size_t position(const struct vnm_nftables *is, uint8_t proto, const char *name)
{
	size_t from = 0, to = is->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (compare_key(is->chains[mid], proto, name) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

/** vnm_nftables_seen_find() - a chain as it was read; NULL: it was not, so with whole tables it does not exist */
struct vnm_nftables_chain *vnm_nftables_seen_find(struct vnm_sys *sys, int family, const char *name)
{
	struct vnm_nftables *is = vnm_nftables_seen(sys);
	uint8_t proto = vnm_nftables_proto(family);
	size_t at = position(is, proto, name);

	return at < is->n && compare_key(is->chains[at], proto, name) == 0 ? is->chains[at] : NULL;
}

/** vnm_nftables_seen_chain() - the same; one that was not read is added, to be read */
struct vnm_nftables_chain *vnm_nftables_seen_chain(struct vnm_sys *sys, int family,
						   const char *name)
{
	struct vnm_nftables *is = vnm_nftables_seen(sys);
	uint8_t proto = vnm_nftables_proto(family);
	struct vnm_nftables_chain *chain = vnm_nftables_seen_find(sys, family, name);
	size_t at = position(is, proto, name);

	if (chain)
		return chain;
	chain = vnm_alloc(sizeof(*chain));
	*chain = (struct vnm_nftables_chain){ .chain = { .family = proto,
							 .table = vnm_strdup(VNM_NFTABLES_TABLE),
							 .name = vnm_strdup(name) } };
	is->chains = vnm_array_add(is->chains, &is->n, sizeof(*is->chains));
	memmove(&is->chains[at + 1], &is->chains[at], (is->n - 1 - at) * sizeof(*is->chains));
	is->chains[at] = chain;
	return chain;
}

/* ---- elements ---- */

static int element_cmp(const void *a, const void *b)
{
	const struct vnm_nftables_element *x = a, *y = b;
	int maps = strcmp(x->map, y->map);

	if (x->family != y->family || maps)
		return x->family != y->family ? x->family - y->family : maps;
	return memcmp(x->key, y->key, sizeof(x->key));
}

/** vnm_nftables_seen_led() - where the map of a place leads with its key, in whole tables. Return: a chain's name, or NULL. */
const char *vnm_nftables_seen_led(struct vnm_sys *sys, const struct vnm_nftables_place *place)
{
	const struct vnm_nftables *is = vnm_nftables_seen(sys);
	struct vnm_nftables_element key = { .family = place->family };
	const struct vnm_nftables_element *found = NULL;

	memcpy(key.map, place->map.name, sizeof(key.map));
	memcpy(key.key, place->key, sizeof(key.key));
	if (is->n_elements > 0)
		found = bsearch(&key, is->elements, is->n_elements, sizeof(key), element_cmp);
	return found ? found->chain : NULL;
}

/* ---- all of them ---- */

static int chain_cmp(const void *a, const void *b)
{
	const struct vnm_nftables_chain *const *x = a, *const *y = b;

	return compare_key(*x, (*y)->chain.family, (*y)->chain.name);
}

/** vnm_nftables_seen_add() - add chains in any order, before vnm_nftables_seen_sort(). @list: moved */
void vnm_nftables_seen_add(struct vnm_nftables *is, const struct vnm_nft_chain *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		is->chains = vnm_array_add(is->chains, &is->n, sizeof(*is->chains));
		is->chains[is->n - 1] = vnm_alloc(sizeof(**is->chains));
		*is->chains[is->n - 1] = (struct vnm_nftables_chain){ .chain = list[i] };
	}
}

/** vnm_nftables_seen_sort() - chains and elements can be found again. */
void vnm_nftables_seen_sort(struct vnm_nftables *is)
{
	if (is->n > 0)
		qsort(is->chains, is->n, sizeof(*is->chains), chain_cmp);
	if (is->n_elements > 0)
		qsort(is->elements, is->n_elements, sizeof(*is->elements), element_cmp);
}
