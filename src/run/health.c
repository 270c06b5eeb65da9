// SPDX-License-Identifier: GPL-2.0-or-later
/* health.c - whether active networks are in effect; see health.h. */
#include "run/health.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/op/op_print.h"
#include "run/guest_mtu.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/session.h"
#include "sys/firewall/firewall.h"
#include "sys/firewall/fw_expected.h"
#include "sys/firewall/fw_foreign.h"
#include "util/mem.h"
#include "xml/attach_xml.h"

/* ---- as text ---- */

static void list_add(char ***list, size_t *n, char *item)
{
	*list = vnm_array_add(*list, n, sizeof(**list));
	(*list)[*n - 1] = item;
}

static void list_notes(const struct vnm_warnings *notes, char ***list, size_t *n)
{
	for (size_t i = 0; i < notes->n; i++)
		list_add(list, n, vnm_strdup(notes->items[i]));
}

static size_t count_type(const struct vnm_plan *plan, enum vnm_op_type type)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n; i++)
		n += plan->ops[i].type == type;
	return n;
}

static char *describe(const struct vnm_missing *missing)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_op_describe(missing->op, &text);
	if (*missing->why)
		vnm_buf_printf(&text, " (%s)", missing->why);
	else if (missing->presence == VNM_FOREIGN)
		vnm_buf_add(&text, " (somebody else's is in its place)");
	return vnm_buf_steal(&text);
}

static char *rules_text(const struct vnm_plan *plan, size_t missing)
{
	return vnm_asprintf("%zu of %zu firewall rules", missing, count_type(plan, VNM_OP_RULE));
}

static size_t count_missing(const struct vnm_missing *missing, size_t n, enum vnm_op_type type)
{
	size_t ret = 0;

	for (size_t i = 0; i < n; i++)
		ret += missing[i].op->type == type;
	return ret;
}

/* Without the bridge nothing works, and without rules little does: these come first. */
static size_t missing_list(const struct vnm_plan *plan, const struct vnm_missing *missing, size_t n,
			   char ***ret)
{
	const size_t rules = count_missing(missing, n, VNM_OP_RULE);
	const bool no_bridge = count_missing(missing, n, VNM_OP_BRIDGE) > 0;
	size_t n_list = 0;
	char **list = NULL;

	if (rules && !no_bridge)
		list_add(&list, &n_list, rules_text(plan, rules));
	for (size_t i = 0; i < n; i++) {
		const struct vnm_op *op = missing[i].op;

		if (op->type == VNM_OP_RULE ||
		    (no_bridge && vnm_op_has(op, VNM_OPF_GONE_WITH_BRIDGE)))
			continue;
		list_add(&list, &n_list, describe(&missing[i]));
	}
	if (rules && no_bridge)
		list_add(&list, &n_list, rules_text(plan, rules));
	*ret = list;
	return n_list;
}

/* Frees @list. */
static char *join(char **list, size_t n)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	for (size_t i = 0; i < n; i++)
		vnm_buf_printf(&text, "%s%s", i ? ", " : "", list[i]);
	vnm_names_free(list, n);
	return vnm_buf_steal(&text);
}

/* Missing operations in one line, allocated: "dnsmasq, 3 of 14 firewall rules". */
static char *missing_text(const struct vnm_plan *plan, const struct vnm_missing *missing, size_t n)
{
	char **list;

	n = missing_list(plan, missing, n, &list);
	return join(list, n);
}

/**
 * vnm_health_missing() - what is missing, for people
 * @ret: "bridge virbr0", "3 of 14 firewall rules"; free each and the array
 *
 * Return: how many.
 */
size_t vnm_health_missing(const struct vnm_health *health, char ***ret)
{
	return missing_list(health->plan, health->missing, health->n_missing, ret);
}

/**
 * vnm_health_faults() - what else is wrong, a sentence each
 * @ret: free each and the array
 *
 * Return: how many.
 */
size_t vnm_health_faults(const struct vnm_health *health, char ***ret)
{
	char **list = NULL;
	size_t n = 0;

	list_notes(&health->found.faults, &list, &n);
	list_notes(&health->guests, &list, &n);
	list_notes(&health->hosts, &list, &n);
	list_notes(&health->unknown, &list, &n);
	list_notes(&health->found.obstacles, &list, &n);
	*ret = list;
	return n;
}

/** vnm_health_text() - all that is missing or wrong in one line, allocated; "": the network is whole. */
char *vnm_health_text(const struct vnm_health *health)
{
	char **list, **faults;
	size_t n = vnm_health_missing(health, &list);
	size_t n_faults = vnm_health_faults(health, &faults);

	for (size_t i = 0; i < n_faults; i++)
		list_add(&list, &n, faults[i]);
	free(faults);
	return join(list, n);
}

/** vnm_health_repaired() - the same after a repair, allocated: what is there again, and what is no longer so. */
char *vnm_health_repaired(const struct vnm_health *health)
{
	char **list;
	size_t n = vnm_health_missing(health, &list);
	vnm_autofree char *restored = NULL, *faults = NULL;

	list_notes(&health->guests_mended, &list, &n);
	restored = join(list, n);

	list = NULL;
	n = 0;
	list_notes(&health->found.faults, &list, &n);
	faults = join(list, n);
	return vnm_asprintf("%s%s%s%s", restored, *restored && *faults ? "; " : "",
			    *faults ? "no longer: " : "", faults);
}

/** vnm_health_clear() - free the findings. */
void vnm_health_clear(struct vnm_health *health)
{
	free(health->missing);
	vnm_fw_findings_clear(&health->found);
	vnm_warnings_clear(&health->guests);
	vnm_warnings_clear(&health->guests_mended);
	vnm_warnings_clear(&health->hosts);
	vnm_warnings_clear(&health->unknown);
	vnm_warnings_clear(&health->notes);
	*health = (struct vnm_health){ 0 };
}

/* ---- the check ---- */

/* Of every network, also one in transition or of another namespace: its rules may be present. */
static void read_plans(struct vnm_journal_cache *journals, const char *name,
		       struct vnm_journals *all, bool *complete)
{
	struct vnm_journal journal = { 0 };
	struct vnm_error err = { 0 };

	if (vnm_journal_cache_read(journals, name, true, &journal, &err) < 0) {
		*complete = false;
		return;
	}
	vnm_journals_add(all, &journal);
	if (!vnm_journal_has_pending(journals->run_fd, name))
		return;
	if (vnm_journal_read_pending(journals->run_fd, name, &journal, &err) < 0)
		*complete = false;
	else
		vnm_journals_add(all, &journal);
}

/**
 * vnm_health_expect_rules() - set the rules that the firewall should have for all networks
 * @sys:      the handles; it holds until vnm_fw_expected_drop()
 * @journals: those of networks
 * @ret:      gets the journals that were read, for reuse; or NULL
 *
 * By these, a check finds rules in our chains that belong to no network, and a repair removes them.
 */
void vnm_health_expect_rules(struct vnm_sys *sys, struct vnm_journal_cache *journals,
			     struct vnm_journals *ret)
{
	const struct vnm_store run = { journals->run_fd, "", VNM_VOLATILE };
	vnm_autofree const struct vnm_plan **plans = NULL;
	vnm_autojournals struct vnm_journals all = { 0 };
	struct vnm_error err = { 0 };
	bool complete = true;
	char **names = NULL;
	size_t n_names = 0;

	if (vnm_store_names(&run, ".journal", &names, &n_names, &err) < 0)
		return;
	for (size_t i = 0; i < n_names; i++)
		read_plans(journals, names[i], &all, &complete);
	vnm_names_free(names, n_names);
	plans = vnm_alloc((all.n ? all.n : 1) * sizeof(*plans));
	for (size_t i = 0; i < all.n; i++)
		plans[i] = &all.items[i].plan;
	vnm_fw_expect(sys, plans, all.n, complete);
	if (ret) {
		*ret = all;
		all = (struct vnm_journals){ 0 };
	}
}

/* For people: the device, and the namespace's name. */
static char *guest_name(const struct vnm_attachment *attach)
{
	return attach->netns_name ? vnm_asprintf("guest %s (%s)", attach->dev, attach->netns_name)
				  : vnm_asprintf("guest %s", attach->dev);
}

/* What a guest lacks, and the same for when it has that again. */
static void guest_lacks(struct vnm_health *health, const char *guest, const char *what)
{
	vnm_warnings_add(&health->guests, "%s lacks %s", guest, what);
	vnm_warnings_add(&health->guests_mended, "%s of %s", what, guest);
}

/* The subnets of the network: the addresses of its bridge. */
static bool is_outside(const struct vnm_plan *network, const struct vnm_addr *addr)
{
	bool family = false;

	for (size_t i = 0; i < network->n; i++) {
		const struct vnm_prefix *home = &network->ops[i].address.addr;

		if (network->ops[i].type != VNM_OP_ADDRESS || home->addr.family != addr->family)
			continue;
		family = true;
		if (vnm_prefix_contains(home, addr))
			return false;
	}
	return family;
}

static bool is_given(const struct vnm_plan *made, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < made->n; i++)
		if (made->ops[i].type == VNM_OP_ADDRESS &&
		    vnm_addr_equal(&made->ops[i].address.addr.addr, addr))
			return true;
	return false;
}

/* Can it be replaced by another? If not, only a person can mend it. */
static bool is_replaceable(const struct vnm_attachment *attach, size_t i)
{
	return attach->ips[i].automatic == VNM_TRI_YES && attach->kind != VNM_ATTACH_TUN;
}

static void report_outside(const struct vnm_attachment *attach, size_t i, const char *guest,
			   const char *addr, struct vnm_health *health)
{
	static const char line[] = "has an address outside of the network's subnets";
	vnm_autofree char *show = vnm_asprintf("vnetmgr net-port-list %s", attach->network);

	if (is_replaceable(attach, i)) {
		vnm_warnings_add(&health->guests, "%s %s: %s", guest, line, addr);
		vnm_warnings_add(&health->guests_mended, "another address for %s than %s", guest,
				 addr);
	} else
		vnm_fw_obstacle(&health->found, "", show, "%s %s: %s", guest, line, addr);
}

/* A change of the subnets may have left the guest outside, or was interrupted before the guest had its new address. */
static void check_addresses(const struct vnm_attachment *attach, const struct vnm_plan *made,
			    const char *guest, struct vnm_health *health)
{
	char text[VNM_ADDR_STRLEN];

	for (size_t i = 0; i < attach->n_ips; i++) {
		const struct vnm_addr *addr = &attach->ips[i].address;
		vnm_autofree char *lacking = NULL;

		vnm_addr_format(addr, text);
		lacking = vnm_asprintf("address %s", text);
		if (is_outside(health->plan, addr))
			report_outside(attach, i, guest, text, health);
		else if (attach->kind == VNM_ATTACH_NETNS && !is_given(made, addr))
			guest_lacks(health, guest, lacking);
	}
}

static void report_gone(const struct vnm_paths *paths, const struct vnm_attachment *attach,
			const char *guest, struct vnm_health *health)
{
	if (vnm_attach_awaited(paths, attach))
		vnm_warnings_add(&health->notes,
				 "%s is not attached: its namespace does not exist yet; ip netns "
				 "add %s && vnetmgr net-repair %s",
				 guest, attach->netns_name, attach->network);
	else
		vnm_warnings_add(&health->notes,
				 "%s is gone with its namespace; net-repair collects it", guest);
}

static void check_guest(struct vnm_sys *sys, const struct vnm_paths *paths, int made,
			const struct vnm_attachment *attach, struct vnm_health *health)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	vnm_autofree struct vnm_missing *missing = NULL;
	vnm_autofree char *guest = guest_name(attach), *text = NULL;
	vnm_autobuf struct vnm_buf mtu = { 0 };
	struct vnm_error err = { 0 };
	size_t n = 0;
	int r;

	if (vnm_attach_gone(attach)) {
		report_gone(paths, attach, guest, health);
		return;
	}
	r = made < 0 ? made : vnm_attach_journal(made, attach->dev, &journal, &err);
	if (r == -ENOENT || err.code == VNM_ERR_STATE || err.code == VNM_ERR_NEWER) {
		vnm_warnings_add(&health->guests, "%s is not attached", guest);
		vnm_warnings_add(&health->guests_mended, "%s is attached again", guest);
		return;
	}
	if (r == 0)
		r = vnm_exec_check(sys, &journal.plan, &missing, &n, &err);
	if (r < 0) {
		vnm_warnings_add(&health->unknown, "%s cannot be inspected: %s", guest,
				 *err.msg ? err.msg : strerror(-r));
		return;
	}
	if (n > 0) {
		text = missing_text(&journal.plan, missing, n);
		guest_lacks(health, guest, text);
	} else if (vnm_attach_other_mtu(sys, attach, &journal.plan, &mtu)) {
		vnm_warnings_add(attach->kind == VNM_ATTACH_DEV ? &health->notes : &health->guests,
				 "%s has %s", guest, mtu.data);
		if (attach->kind != VNM_ATTACH_DEV)
			vnm_warnings_add(&health->guests_mended, "MTU of %s", guest);
	}
	check_addresses(attach, &journal.plan, guest, health);
}

static void check_guests(struct vnm_sys *sys, const struct vnm_paths *paths, const char *name,
			 struct vnm_health *health)
{
	vnm_autoattachments struct vnm_attachments all = { 0 };
	vnm_autoclose int made = -1;
	struct vnm_error err = { 0 };

	/* A malformed file names no guests; nothing here could report what they lack, or mend it. */
	if (vnm_attachments_read(paths, name, &all, &err) < 0)
		vnm_warnings_add(err.code == VNM_ERR_SYSTEM ? &health->unknown : &health->notes,
				 "the guests are not known: %s", err.msg);
	if (all.n_items == 0)
		return;
	made = vnm_attach_made_at(paths, name, false, &err);
	for (size_t i = 0; i < all.n_items; i++)
		check_guest(sys, paths, made, &all.items[i], health);
}

static bool lacks_rules(const struct vnm_missing *missing, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (missing[i].op->type == VNM_OP_RULE)
			return true;
	return false;
}

/**
 * vnm_health_check() - check an active network
 * @sys:    the handles, after vnm_health_expect_rules()
 * @paths:  the state directories, for its guests
 * @name:   the network
 * @plan:   its plan
 * @right:  its rules are known to be as planned: they are not looked at
 * @ret:    free with vnm_health_clear(), before @plan
 * @err:    set when something could not be read
 *
 * Return: 0 or -errno.
 */
int vnm_health_check(struct vnm_sys *sys, const struct vnm_paths *paths, const char *name,
		     const struct vnm_plan *plan, bool right, struct vnm_health *ret,
		     struct vnm_error *err)
{
	struct vnm_health health = { .plan = plan };
	int r;

	sys->rules_right = right;
	r = vnm_exec_check(sys, plan, &health.missing, &health.n_missing, err);
	sys->rules_right = false;
	if (r < 0)
		return r;
	if (!right) {
		vnm_fw_review(sys, plan, &health.found);
		vnm_fw_foreign(sys, plan, &health.found);
		health.rules_right = vnm_fw_findings_none(&health.found) &&
				     !lacks_rules(health.missing, health.n_missing);
	}
	check_guests(sys, paths, name, &health);
	*ret = health;
	return 0;
}

/**
 * vnm_health_add_hosts() - add what is wrong with the other hosts of an overlay
 * @health: of the network
 * @faults: what vnm_overlay_look() has found; what does no harm to guests becomes a note
 *
 * Not part of vnm_health_check(): nothing of it is for a repair on this host.
 */
void vnm_health_add_hosts(struct vnm_health *health, const struct vnm_overlay_faults *faults)
{
	for (size_t i = 0; i < faults->n; i++)
		vnm_warnings_add(faults->items[i].harmless ? &health->notes : &health->hosts, "%s",
				 faults->items[i].text);
}

/**
 * vnm_driver_report_missing() - report missing operations one by one, if details are wanted
 * @drv:     the driver
 * @name:    the network
 * @missing: the operations
 * @n:       how many
 */
void vnm_driver_report_missing(struct vnm_driver *drv, const char *name,
			       const struct vnm_missing *missing, size_t n)
{
	vnm_autobuf struct vnm_buf before = { 0 };

	vnm_buf_printf(&before, "network %s lacks: ", name);
	for (size_t i = 0; drv->report.details && i < n; i++)
		vnm_driver_report_op(drv, vnm_buf_str(&before), missing[i].op, false);
}
