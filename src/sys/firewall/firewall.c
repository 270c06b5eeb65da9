/* SPDX-License-Identifier: GPL-2.0-or-later */
/* firewall.c - the firewall, by whichever back end is in use; see fw_backend_impl.h. */
#include "sys/firewall/firewall.h"

#include "sys/firewall/fw_legacy_seen.h"
#include "sys/firewall/fw_snapshot.h"

static const struct vnm_fw_backend_impl *const backends[VNM_FW_BACKEND_COUNT] = {
	[VNM_FW_BACKEND_LEGACY] = &vnm_fw_iptables_legacy,
	[VNM_FW_BACKEND_IPTABLES_NFT] = &vnm_fw_iptables_nft,
	[VNM_FW_BACKEND_NFTABLES] = &vnm_fw_nftables,
};

/** vnm_fw_use_backend() - choose the back end of all that follows; what was read with another one is dropped. */
void vnm_fw_use_backend(struct vnm_sys *sys, enum vnm_fw_backend backend)
{
	if (backend != sys->fw_backend)
		vnm_fw_forget(sys);
	sys->fw_backend = backend;
}

/** vnm_fw_backend_of() - the back end in use. */
const struct vnm_fw_backend_impl *vnm_fw_backend_of(const struct vnm_sys *sys)
{
	return backends[sys->fw_backend];
}

/**
 * vnm_fw_review() - are the existing rules of a network in effect?
 * @sys:      the handles; with @sys->fw_expected foreign rules among ours are found, too
 * @plan:     of the network
 * @findings: what is wrong is added
 */
void vnm_fw_review(struct vnm_sys *sys, const struct vnm_plan *plan,
		   struct vnm_fw_findings *findings)
{
	vnm_fw_backend_of(sys)->review(sys, plan, findings);
}

/**
 * vnm_fw_release() - remove what belongs to the rules of all networks when no network is left
 * @sys: the handles, with last_one set
 * @err: set on failure
 *
 * For a last network without rules; reverting rules does this already.
 *
 * Return: 0 or -errno.
 */
int vnm_fw_release(struct vnm_sys *sys, struct vnm_error *err)
{
	return vnm_fw_backend_of(sys)->release(sys, err);
}

/**
 * vnm_fw_observe() - which of what some rules need is there?
 * @sys:   the handles
 * @needs: what the networks need; nothing else is looked at
 * @facts: gets the answers; without one it counts as present
 */
void vnm_fw_observe(struct vnm_sys *sys, const struct vnm_fw_needs *needs, struct vnm_facts *facts)
{
	vnm_fw_backend_of(sys)->observe(sys, needs, facts);
}

/**
 * vnm_fw_hits() - what a rule has matched since it was added, as the tables were read for checks
 * @sys:  the handles
 * @rule: the rule
 * @ret:  packets and bytes
 *
 * Return: 0, or -errno; -ENOENT: the rule does not exist.
 */
int vnm_fw_hits(struct vnm_sys *sys, const struct vnm_fwrule *rule, struct vnm_fw_hits *ret)
{
	return vnm_fw_backend_of(sys)->count(sys, rule, ret);
}

/** vnm_fw_comes_first() - do rules of the plan come first in a base chain of nf_tables, and so decide there? */
bool vnm_fw_comes_first(const struct vnm_sys *sys, const struct vnm_plan *plan,
			const struct vnm_nft_chain *chain)
{
	const struct vnm_fw_backend_impl *impl = vnm_fw_backend_of(sys);

	return impl->comes_first && impl->comes_first(plan, chain);
}

/**
 * vnm_fw_see() - read at once what checks need, for a command that looks at most networks
 * @sys: the handles; until vnm_fw_forget(), the rules are those of now
 *
 * Best effort: what cannot be read so is read when it is asked for.
 */
void vnm_fw_see(struct vnm_sys *sys)
{
	if (vnm_fw_backend_of(sys)->see)
		vnm_fw_backend_of(sys)->see(sys);
}

/** vnm_fw_forget() - drop what was read for checks. */
void vnm_fw_forget(struct vnm_sys *sys)
{
	vnm_fw_snapshot_forget(sys);
	vnm_fw_backend_of(sys)->forget(sys);
	vnm_fw_legacy_forget(sys);
}
