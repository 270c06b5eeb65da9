// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fw_place.c - where the jumps to our chains are in the built-in chains.
 *
 * Theory of operation. The first verdict on a packet wins. Our jumps are inserted at the head of the built-in chains,
 * and other programs insert theirs there later. Every entry before a jump of ours is evaluated: one that only counts,
 * marks or logs lets every packet continue, and so does a chain that holds nothing else. One with a verdict decides,
 * unless it matches packets that are not ours.
 *
 * Docker, libvirt and the like insert chains that match their own bridges on one side, and so decide on packets between
 * their guests and ours. That is reported, but does not degrade a network: they would do so again at their next start,
 * and a permanent fault has no meaning. An entry that matches the host's outside device, or no device, blocks our guests.
 */
#include "sys/firewall/fw_place.h"

#include <string.h>

#include "sys/firewall/fw_expected.h"
#include "sys/firewall/fwentry_read.h"
#include "util/mem.h"

#define DEPTH_MAX 16	/* of chains within chains */
#define STEPS_MAX 20000 /* entries, before the answer is "it may" */

/** struct walk - the evaluation of one entry. @plan: of the network whose packets count; NULL: whatever packets it matches */
struct walk {
	struct vnm_sys *sys;
	const struct vnm_fw_handle *handle;
	const char *parent;
	const struct vnm_plan *plan;
	unsigned steps;
};

static bool is_parent(const struct walk *walk, const char *name)
{
	return !strcmp(walk->parent, name);
}

/* By the sides that an entry matches, and its chain. */
static enum vnm_fw_power reach(const struct walk *walk, enum vnm_fw_whose from,
			       enum vnm_fw_whose to)
{
	bool any_from = from == VNM_WHOSE_ANY, any_to = to == VNM_WHOSE_ANY;

	if (any_from && any_to)
		return VNM_POWER_DECIDES;
	if (!any_from && !any_to)
		return VNM_POWER_NONE;
	/* Here one side is the host, or unknown, and the other one must be our guest. */
	if (is_parent(walk, "INPUT") || is_parent(walk, "POSTROUTING"))
		return any_from ? VNM_POWER_ASIDE : VNM_POWER_NONE;
	if (is_parent(walk, "OUTPUT"))
		return any_to ? VNM_POWER_ASIDE : VNM_POWER_NONE;
	return from == VNM_WHOSE_OUTER || to == VNM_WHOSE_OUTER ? VNM_POWER_DECIDES
								: VNM_POWER_ASIDE;
}

static enum vnm_fw_whose both(enum vnm_fw_whose a, enum vnm_fw_whose b)
{
	return a == VNM_WHOSE_ANY ? b : a;
}

static enum vnm_fw_power chain_power(struct walk *walk, const char *chain, unsigned depth,
				     enum vnm_fw_whose from, enum vnm_fw_whose to);

static enum vnm_fw_power entry_power(struct walk *walk, const void *entry, unsigned depth,
				     enum vnm_fw_whose from, enum vnm_fw_whose to)
{
	const char *target = vnm_fw_target_of(walk->handle, entry);
	struct vnm_fw_side side_from, side_to;

	if (vnm_fwentry_goes_on(target) || (depth > 0 && !strcmp(target, "RETURN")))
		return VNM_POWER_NONE;
	vnm_fwentry_sides(walk->handle->family, entry, &side_from, &side_to);
	if (walk->plan) {
		if (vnm_fw_expected_others(walk->sys, walk->plan, &side_from) ||
		    vnm_fw_expected_others(walk->sys, walk->plan, &side_to))
			return VNM_POWER_NONE;
		from = both(from, vnm_fw_expected_whose(walk->sys, &side_from));
		to = both(to, vnm_fw_expected_whose(walk->sys, &side_to));
	}
	/* The end of a chain entered by goto skips the rest of the built-in one. */
	if (vnm_fw_has_chain(walk->handle, target) &&
	    (depth > 0 || !vnm_fwentry_is_goto(walk->handle->family, entry)))
		return chain_power(walk, target, depth + 1, from, to);
	return reach(walk, from, to);
}

static enum vnm_fw_power chain_power(struct walk *walk, const char *chain, unsigned depth,
				     enum vnm_fw_whose from, enum vnm_fw_whose to)
{
	enum vnm_fw_power most = VNM_POWER_NONE;
	vnm_autofree const void **list = NULL;
	size_t n;

	if (reach(walk, from, to) == VNM_POWER_NONE)
		return VNM_POWER_NONE;
	if (depth > DEPTH_MAX)
		return VNM_POWER_ASIDE;
	n = vnm_fw_list(walk->handle, chain, &list);
	for (size_t i = 0; i < n && most < VNM_POWER_DECIDES; i++) {
		enum vnm_fw_power power;

		if (walk->steps++ > STEPS_MAX)
			return VNM_POWER_ASIDE;
		power = entry_power(walk, list[i], depth, from, to);
		most = power > most ? power : most;
	}
	return most;
}

/* To which of our chains does the entry jump unconditionally? -1: none. */
static int our_jump(const struct vnm_fw_handle *handle, const char *parent, const void *entry)
{
	const char *target = vnm_fw_target_of(handle, entry);

	for (int c = 0; c < VNM_CHAIN_COUNT; c++)
		if (vnm_fw_chains[c].table == handle->table &&
		    !strcmp(vnm_fw_chains[c].parent, parent) &&
		    vnm_fwentry_is_jump(handle->family, entry, target, vnm_fw_chains[c].name))
			return c;
	return -1;
}

/* The table lists our chains in the order in which they are to stand. */
static void judge(const struct vnm_fw_handle *handle, const char *parent, const int *at,
		  struct vnm_fw_standing *ret)
{
	int last = -1;

	for (int c = 0; c < VNM_CHAIN_COUNT; c++) {
		if (vnm_fw_chains[c].table != handle->table ||
		    strcmp(vnm_fw_chains[c].parent, parent) != 0 ||
		    !vnm_fw_has_chain(handle, vnm_fw_chains[c].name))
			continue;
		if (at[c] < 0) {
			ret->missing = c;
			continue;
		}
		if (last >= 0 && at[c] < at[last] && ret->early < 0) {
			ret->early = c;
			ret->late = last;
		}
		if (ret->blocker >= 0 && at[c] > ret->blocker && ret->blocked < 0)
			ret->blocked = c;
		last = c;
	}
}

/* Is there a chain of ours that @parent should jump to? */
static bool has_ours(const struct vnm_fw_handle *handle, const char *parent)
{
	for (int c = 0; c < VNM_CHAIN_COUNT; c++)
		if (vnm_fw_chains[c].table == handle->table &&
		    !strcmp(vnm_fw_chains[c].parent, parent) &&
		    vnm_fw_has_chain(handle, vnm_fw_chains[c].name))
			return true;
	return false;
}

/* The position of the jump to each of our chains, or -1. Return: where the last one is, or -1. */
static int find_jumps(const struct vnm_fw_handle *handle, const char *parent,
		      const void *const *list, size_t n, int at[static VNM_CHAIN_COUNT])
{
	int last = -1;

	for (int c = 0; c < VNM_CHAIN_COUNT; c++)
		at[c] = -1;
	for (size_t i = 0; i < n; i++) {
		int c = our_jump(handle, parent, list[i]);

		if (c >= 0 && at[c] < 0)
			last = at[c] = (int)i;
	}
	return last;
}

/**
 * vnm_fw_stand() - find the positions of the jumps to our chains in a built-in chain
 * @sys:    the handles; by @sys->fw_expected packets are ours
 * @handle: the table
 * @parent: the built-in chain
 * @plan:   of the network whose packets count: what decides on another's alone is a fault of that one; NULL: no entry may
 *          precede ours, whatever packets it matches
 * @ret:    the result; empty for a chain that needs no jump of ours
 *
 * Entries after the last jump do not matter, and are not evaluated: others may have many thousands.
 */
void vnm_fw_stand(struct vnm_sys *sys, const struct vnm_fw_handle *handle, const char *parent,
		  const struct vnm_plan *plan, struct vnm_fw_standing *ret)
{
	struct walk walk = { sys, handle, parent, plan, 0 };
	vnm_autofree const void **list = NULL;
	size_t n = has_ours(handle, parent) ? vnm_fw_list(handle, parent, &list) : 0;
	int at[VNM_CHAIN_COUNT], last = find_jumps(handle, parent, list, n, at);

	*ret = (struct vnm_fw_standing){ -1, -1, -1, -1, -1, -1 };
	for (int i = 0; i < last; i++) {
		enum vnm_fw_power power;

		if (our_jump(handle, parent, list[i]) >= 0)
			continue;
		power = entry_power(&walk, list[i], 0, VNM_WHOSE_ANY, VNM_WHOSE_ANY);
		if (power == VNM_POWER_DECIDES && ret->blocker < 0)
			ret->blocker = i;
		if (power == VNM_POWER_ASIDE && ret->aside < 0)
			ret->aside = i;
	}
	judge(handle, parent, at, ret);
}

/** vnm_fw_stands() - do our chains decide first? */
bool vnm_fw_stands(const struct vnm_fw_standing *standing)
{
	return standing->missing < 0 && standing->early < 0 && standing->blocked < 0;
}

/** vnm_fw_at() - the entry at a position of a chain, or NULL. */
const void *vnm_fw_at(const struct vnm_fw_handle *handle, const char *chain, int at)
{
	vnm_autofree const void **list = NULL;
	size_t n = vnm_fw_list(handle, chain, &list);

	return at >= 0 && (size_t)at < n ? list[at] : NULL;
}

/**
 * vnm_fw_hashes() - the hashes of a chain's entries (vnm_fwentry_hash())
 * @ret: in the chain's order; NULL for none; free()
 *
 * Return: how many.
 */
size_t vnm_fw_hashes(const struct vnm_fw_handle *handle, const char *chain, uint64_t **ret)
{
	vnm_autofree const void **list = NULL;
	size_t n = vnm_fw_list(handle, chain, &list);

	*ret = n ? vnm_alloc(n * sizeof(**ret)) : NULL;
	for (size_t i = 0; i < n; i++)
		(*ret)[i] = vnm_fwentry_hash(handle->family, list[i],
					     vnm_fw_target_of(handle, list[i]));
	return n;
}

/**
 * vnm_fw_head() - the hashes of a chain's first entries
 * @n:   how many are of interest
 * @ret: as vnm_fw_hashes()
 *
 * Return: how many; @n or more, unless the chain has fewer.
 */
size_t vnm_fw_head(const struct vnm_fw_handle *handle, const char *chain, size_t n, uint64_t **ret)
{
	*ret = NULL;
	if (n == 0)
		return 0;
	return handle->impl->head && vnm_fw_has_chain(handle, chain)
		       ? handle->impl->head(handle, chain, n, ret)
		       : vnm_fw_hashes(handle, chain, ret);
}
