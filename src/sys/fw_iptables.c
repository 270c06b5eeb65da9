/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fw_iptables.c - rules into the legacy tables and out again.
 *
 * Theory of operation. A table is read whole, edited in memory and written back whole. The kernel refuses a
 * table that was read before somebody else changed it only if the number of rules differs, so without the lock
 * that the iptables commands take, the last writer silently wins. We take it around everything from the first
 * read to the last check, and never fork while holding it.
 *
 * A commit that fails may have done its work (the counters come in a second request), and one that succeeds
 * says nothing about what stands in the table a moment later; so each is followed by reading again and looking
 * for what was meant. That look is the verdict.
 *
 * Rules are added where they are missing, and chains, jumps and gates before them; so applying twice is applying
 * once, and repair is the same as apply.
 */
#include "sys/fw.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/fw_table.h"
#include "util/file.h"
#include "util/mem.h"

#define LOCK_FILE "/run/xtables.lock" /* where iptables 1.8 has it */
#define LOCK_WAIT_SECONDS 30
#define TRIES 10
#define GATES_MAX 4

static const int families[] = { AF_INET, AF_INET6 };

/** struct vnm_fw_snapshot - tables as last read; @results: of reading each. */
struct vnm_fw_snapshot {
	struct vnm_fw_handle handles[VNM_ARRAY_SIZE(families)][VNM_FW_TABLE_COUNT];
	int results[VNM_ARRAY_SIZE(families)][VNM_FW_TABLE_COUNT];
};

/**
 * struct edit - one table on its way: the rules of @ops, and of @gone, that belong to it.
 * @gates: put them; false where devgroup is missing
 */
struct edit {
	struct vnm_fw_handle handle;
	int family;
	enum vnm_fw_table table;
	const struct vnm_op *const *ops, *const *gone;
	size_t n, n_gone;
	bool gates, last_one;
	unsigned changes;
};

static const char *family_word(int family)
{
	return family == AF_INET ? "IPv4" : "IPv6";
}

static int table_error(int family, enum vnm_fw_table table, int r, const char *what,
		       struct vnm_error *err)
{
	const char *name = vnm_enum_word(&vnm_enum_fw_table, table);

	if (r == -EPERM || r == -EACCES)
		return vnm_error_set(err, VNM_ERR_PERMISSION, -r,
				     "cannot %s the %s table '%s': needs root (CAP_NET_ADMIN)",
				     what, family_word(family), name);
	if (r == -ENOENT || r == -ENOPROTOOPT || r == -ENOPKG)
		return vnm_error_set(
			err, VNM_ERR_UNSUPPORTED, -r,
			"this kernel lacks what is needed in the legacy %s table '%s' "
			"(CONFIG_NETFILTER_XTABLES_LEGACY and the iptable_%s module, or a match); "
			"load it, or use a network without rules: <forward mode='open'/>",
			family_word(family), name, name);
	return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
			     "cannot %s the %s table '%s': %s (the kernel's log may say why)", what,
			     family_word(family), name, vnm_fw_table_strerror(family, -r));
}

static int take_lock(struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_open(AT_FDCWD, LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	int r;

	if (fd < 0)
		return vnm_error_set(
			err, fd == -EACCES || fd == -EPERM ? VNM_ERR_PERMISSION : VNM_ERR_SYSTEM,
			-fd, "cannot open " LOCK_FILE ": %s", strerror(-fd));
	r = vnm_lock_wait(fd, LOCK_WAIT_SECONDS);
	if (r < 0 && r != -ETIMEDOUT)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot lock " LOCK_FILE ": %s",
				     strerror(-r));
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_BUSY, -r,
				     "another program has held " LOCK_FILE
				     " for %d seconds; see who: fuser " LOCK_FILE,
				     LOCK_WAIT_SECONDS);
	return vnm_steal_fd(&fd);
}

static bool rule_in(const struct vnm_fwrule *rule, int family, enum vnm_fw_table table)
{
	return rule->family == family && vnm_fw_chains[rule->chain].table == table;
}

static bool chain_in(int chain, enum vnm_fw_table table)
{
	return vnm_fw_chains[chain].table == table;
}

/* ---- what every rule of ours stands on: chains, jumps, gates ---- */

/* Is the chain to be there, for rules that are to come? */
static bool chain_wanted(const struct edit *edit, int chain)
{
	if (!chain_in(chain, edit->table))
		return false;
	for (size_t i = 0; vnm_fw_chains[chain].on_demand && i < edit->n; i++)
		if (edit->ops[i]->rule.family == edit->family &&
		    (int)edit->ops[i]->rule.chain == chain)
			return true;
	return !vnm_fw_chains[chain].on_demand;
}

static bool chain_there(const struct edit *edit, int chain)
{
	return chain_in(chain, edit->table) &&
	       vnm_fw_has_chain(&edit->handle, vnm_fw_chains[chain].name);
}

/* Do the jumps of @parent to our chains stand in our order? Others may stand between them. */
static bool jumps_in_order(const struct edit *edit, const char *parent)
{
	unsigned at = 0;

	for (int c = 0; c < VNM_CHAIN_COUNT; c++) {
		const char *target = NULL;

		if (!chain_there(edit, c) || strcmp(vnm_fw_chains[c].parent, parent) != 0)
			continue;
		while (vnm_fw_target_at(&edit->handle, parent, at, &target) == 0 &&
		       strcmp(target, vnm_fw_chains[c].name) != 0)
			at++;
		if (vnm_fw_target_at(&edit->handle, parent, at++, &target) < 0)
			return false;
	}
	return true;
}

static unsigned delete_jump(struct edit *edit, int chain)
{
	vnm_autofwentry struct vnm_fwentry jump = { 0 };

	vnm_fwentry_jump(edit->family, vnm_fw_chains[chain].name, &jump);
	return vnm_fw_delete(&edit->handle, vnm_fw_chains[chain].parent, &jump);
}

/* At the head of the built-in chain: what we accept must not depend on what others drop behind us. */
static int put_jumps(struct edit *edit, const char *parent)
{
	unsigned at = 0;
	int r = 0;

	if (jumps_in_order(edit, parent))
		return 0;
	for (int c = 0; c < VNM_CHAIN_COUNT && r == 0; c++) {
		vnm_autofwentry struct vnm_fwentry jump = { 0 };

		if (!chain_there(edit, c) || strcmp(vnm_fw_chains[c].parent, parent) != 0)
			continue;
		delete_jump(edit, c);
		vnm_fwentry_jump(edit->family, vnm_fw_chains[c].name, &jump);
		r = vnm_fw_insert(&edit->handle, parent, &jump, at++);
		edit->changes++;
	}
	return r;
}

static size_t gates_of(const struct edit *edit, int chain, struct vnm_fwentry ret[static GATES_MAX])
{
	struct vnm_fwrule rules[GATES_MAX];
	size_t n = vnm_fw_gates(edit->family, (enum vnm_fw_chain)chain, rules);

	for (size_t i = 0; i < n; i++)
		vnm_fwentry_compile(&rules[i], &ret[i]);
	return n;
}

static void gates_clear(struct vnm_fwentry *gates, size_t n)
{
	for (size_t i = 0; i < n; i++)
		vnm_fwentry_clear(&gates[i]);
}

/* Missing in part counts as missing: they are put again, in order. */
static int put_gates(struct edit *edit, int chain)
{
	const char *name = vnm_fw_chains[chain].name;
	struct vnm_fwentry gates[GATES_MAX];
	size_t n = edit->gates ? gates_of(edit, chain, gates) : 0, there = 0;
	int r = 0;

	for (size_t i = 0; i < n; i++)
		there += vnm_fw_has_rule(&edit->handle, name, &gates[i]);
	for (size_t i = 0; there < n && i < n && r == 0; i++) {
		vnm_fw_delete(&edit->handle, name, &gates[i]);
		r = vnm_fw_insert(&edit->handle, name, &gates[i], (unsigned)i);
		edit->changes++;
	}
	gates_clear(gates, n);
	return r;
}

static int put_base(struct edit *edit)
{
	int r = 0;

	for (int c = 0; c < VNM_CHAIN_COUNT && r == 0; c++) {
		if (!chain_wanted(edit, c) || chain_there(edit, c))
			continue;
		r = vnm_fw_make_chain(&edit->handle, vnm_fw_chains[c].name);
		edit->changes++;
	}
	for (int c = 0; c < VNM_CHAIN_COUNT && r == 0; c++) {
		if (!chain_there(edit, c))
			continue;
		r = put_jumps(edit, vnm_fw_chains[c].parent);
		if (r == 0)
			r = put_gates(edit, c);
	}
	return r;
}

/* ---- the rules ---- */

/* Delete the rules of a list that belong to the table; @chain -1: whichever chain they are in. */
static void delete_rules(struct edit *edit, const struct vnm_op *const *ops, size_t n, int chain)
{
	for (size_t i = 0; i < n; i++) {
		const struct vnm_fwrule *rule = &ops[i]->rule;
		vnm_autofwentry struct vnm_fwentry entry = { 0 };

		if (!rule_in(rule, edit->family, edit->table) ||
		    (chain >= 0 && (int)rule->chain != chain))
			continue;
		vnm_fwentry_compile(rule, &entry);
		edit->changes +=
			vnm_fw_delete(&edit->handle, vnm_fw_chains[rule->chain].name, &entry);
	}
}

/* How many of the rules of a chain are there, and how many should be? */
static size_t count_rules(const struct edit *edit, int chain, size_t *ret_wanted)
{
	size_t there = 0;

	*ret_wanted = 0;
	for (size_t i = 0; i < edit->n; i++) {
		const struct vnm_fwrule *rule = &edit->ops[i]->rule;
		vnm_autofwentry struct vnm_fwentry entry = { 0 };

		if (rule->family != edit->family || (int)rule->chain != chain)
			continue;
		vnm_fwentry_compile(rule, &entry);
		there += vnm_fw_has_rule(&edit->handle, vnm_fw_chains[chain].name, &entry);
		(*ret_wanted)++;
	}
	return there;
}

static int append_rules(struct edit *edit, int chain)
{
	int r = 0;

	for (size_t i = 0; i < edit->n && r == 0; i++) {
		const struct vnm_fwrule *rule = &edit->ops[i]->rule;
		vnm_autofwentry struct vnm_fwentry entry = { 0 };

		if (rule->family != edit->family || (int)rule->chain != chain)
			continue;
		vnm_fwentry_compile(rule, &entry);
		r = vnm_fw_append(&edit->handle, vnm_fw_chains[chain].name, &entry);
		edit->changes++;
	}
	return r;
}

/* The chain holds nothing but gates: it can go. */
static bool chain_is_idle(const struct edit *edit, int chain)
{
	const char *name = vnm_fw_chains[chain].name;
	struct vnm_fwentry gates[GATES_MAX];
	size_t n = gates_of(edit, chain, gates), there = 0;

	for (size_t i = 0; i < n; i++)
		there += vnm_fw_has_rule(&edit->handle, name, &gates[i]);
	gates_clear(gates, n);
	return vnm_fw_count(&edit->handle, name) == there;
}

/* The idle ones; @on_demand: only those that need not be there. */
static int drop_chains(struct edit *edit, bool on_demand)
{
	for (int c = 0; c < VNM_CHAIN_COUNT; c++) {
		int r;

		if ((on_demand && !vnm_fw_chains[c].on_demand) || !chain_there(edit, c) ||
		    !chain_is_idle(edit, c))
			continue;
		delete_jump(edit, c);
		edit->changes++;
		r = vnm_fw_drop_chain(&edit->handle, vnm_fw_chains[c].name);
		if (r < 0)
			return r == -EMLINK ? 0 : r; /* somebody else jumps to it, too: let it be */
	}
	return 0;
}

/*
 * What a rule accepts must stand before what the next one refuses: where one is missing, all of the chain's are
 * put anew. The table changes at one stroke, so no packet sees it without them.
 */
static int put_rules(struct edit *edit)
{
	int r = put_base(edit);

	delete_rules(edit, edit->gone, edit->n_gone, -1);
	for (int c = 0; c < VNM_CHAIN_COUNT && r == 0; c++) {
		size_t wanted, there;

		if (!chain_in(c, edit->table))
			continue;
		there = count_rules(edit, c, &wanted);
		if (there == wanted)
			continue;
		if (there > 0)
			delete_rules(edit, edit->ops, edit->n, c);
		r = append_rules(edit, c);
	}
	return r == 0 ? drop_chains(edit, true) : r;
}

static int take_rules(struct edit *edit)
{
	delete_rules(edit, edit->ops, edit->n, -1);
	return drop_chains(edit, !edit->last_one);
}

/*
 * Read, edit, commit, until reading again finds nothing left to edit. @edit_fn is idempotent, so the round after
 * a commit is its verification: no change means that all is as meant, whatever the commit returned.
 */
static int settle_table(struct edit *edit, int (*edit_fn)(struct edit *edit), const char *what,
			struct vnm_error *err)
{
	int committed = 0;

	for (int try = 0; try < TRIES; try++) {
		int r = vnm_fw_table_read(edit->family, edit->table, &edit->handle);

		if (r < 0)
			return table_error(edit->family, edit->table, r, "read", err);
		edit->changes = 0;
		r = edit_fn(edit);
		if (r == 0 && edit->changes == 0) {
			vnm_fw_table_close(&edit->handle);
			return 0;
		}
		committed = r < 0 ? r : vnm_fw_table_commit(&edit->handle);
		vnm_fw_table_close(&edit->handle);
		/* ENOENT, EPROTOTYPE: an unknown match. The gates are what can be done without. */
		if ((committed == -ENOENT || committed == -EPROTOTYPE) && edit->gates)
			edit->gates = false;
		else if (committed < 0 && committed != -EAGAIN && try > 0)
			break;
		else if (committed == -EAGAIN)
			(void)poll(NULL, 0,
				   1 << try); /* a writer without the lock: let it finish */
	}
	return table_error(edit->family, edit->table, committed < 0 ? committed : -EAGAIN, what,
			   err);
}

static bool touches(const struct vnm_op *const *ops, size_t n, int family, enum vnm_fw_table table)
{
	for (size_t i = 0; i < n; i++)
		if (rule_in(&ops[i]->rule, family, table))
			return true;
	return false;
}

/* Which tables exist is listed; asking libiptc would make them. Unlisted for lack of rights counts as existing. */
static bool table_exists(int family, enum vnm_fw_table table)
{
	const char *list = family == AF_INET ? "ip_tables_names" : "ip6_tables_names";
	const char *word = vnm_enum_word(&vnm_enum_fw_table, table);
	vnm_autoclose int dir = vnm_open(AT_FDCWD, "/proc/net", O_RDONLY | O_DIRECTORY, 0);
	vnm_autofree char *text = NULL;
	size_t len = strlen(word);
	int r = dir < 0 ? dir : vnm_file_read(dir, list, 4096, &text, NULL);

	if (r < 0)
		return r != -ENOENT;
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
		if (!strncmp(line, word, len) && line[len] == '\n')
			return true;
	return false;
}

static void forget_snapshot(struct vnm_sys *sys)
{
	vnm_fw_snapshot_free(sys->fw_seen);
	sys->fw_seen = NULL;
}

/* Out of every table; what cannot be read because the kernel has no such table holds no rule either. */
static int take_all(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
		    struct vnm_error *err)
{
	int result = 0;

	for (size_t f = 0; f < VNM_ARRAY_SIZE(families); f++) {
		for (int t = 0; t < VNM_FW_TABLE_COUNT; t++) {
			struct edit edit = { .family = families[f],
					     .table = (enum vnm_fw_table)t,
					     .ops = ops,
					     .n = n,
					     .last_one = sys->last_one };
			struct vnm_error why = { 0 };

			if (!sys->last_one && !touches(ops, n, edit.family, edit.table))
				continue;
			if (!table_exists(edit.family, edit.table))
				continue;
			if (settle_table(&edit, take_rules, "clean", &why) == 0 ||
			    why.code == VNM_ERR_UNSUPPORTED)
				continue;
			if (result == 0)
				*err = why;
			result = -(why.sys ? why.sys : EIO);
		}
	}
	return result;
}

static int put_all(struct vnm_sys *sys, const struct vnm_op *const *gone, size_t n_gone,
		   const struct vnm_op *const *ops, size_t n, struct vnm_error *err)
{
	int r = 0;

	forget_snapshot(sys);
	for (size_t f = 0; f < VNM_ARRAY_SIZE(families) && r == 0; f++) {
		for (int t = 0; t < VNM_FW_TABLE_COUNT && r == 0; t++) {
			struct edit edit = { .family = families[f],
					     .table = (enum vnm_fw_table)t,
					     .ops = ops,
					     .gone = gone,
					     .n = n,
					     .n_gone = n_gone,
					     .gates = true };

			if (touches(ops, n, edit.family, edit.table) ||
			    touches(gone, n_gone, edit.family, edit.table))
				r = settle_table(&edit, put_rules, "write", err);
		}
	}
	return r;
}

static int rule_apply_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			   struct vnm_error *err)
{
	vnm_autoclose int lock = take_lock(err);
	struct vnm_error ignored = { 0 };
	int r = lock < 0 ? lock : put_all(sys, NULL, 0, ops, n, err);

	if (r < 0 && lock >= 0)
		(void)take_all(sys, ops, n, &ignored);
	return r;
}

/* What fails half way is for the caller to replace back: it knows all that should be there. */
static int rule_replace_many(struct vnm_sys *sys, const struct vnm_op *const *gone, size_t n_gone,
			     const struct vnm_op *const *ops, size_t n, struct vnm_error *err)
{
	vnm_autoclose int lock = take_lock(err);

	return lock < 0 ? lock : put_all(sys, gone, n_gone, ops, n, err);
}

static int rule_revert_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			    struct vnm_error *err)
{
	vnm_autoclose int lock = take_lock(err);

	if (lock < 0)
		return lock;
	forget_snapshot(sys);
	return take_all(sys, ops, n, err);
}

/**
 * vnm_fw_release() - remove our empty chains, jumps and gates: no network is left
 * @sys: the handles, with last_one set
 * @err: set on failure
 *
 * Reverting the rules of the last network does this already; it is for one that had none.
 *
 * Return: 0 or -errno.
 */
int vnm_fw_release(struct vnm_sys *sys, struct vnm_error *err)
{
	return rule_revert_many(sys, NULL, 0, err);
}

/* ---- checks ---- */

#define NOT_TRIED 1

static struct vnm_fw_snapshot *snapshot_new(void)
{
	struct vnm_fw_snapshot *snap = vnm_alloc(sizeof(*snap));

	for (size_t f = 0; f < VNM_ARRAY_SIZE(families); f++)
		for (int t = 0; t < VNM_FW_TABLE_COUNT; t++)
			snap->results[f][t] = NOT_TRIED;
	return snap;
}

/* A table as it was when it was first asked for. Return: 0 or -errno. */
static int see_table(struct vnm_sys *sys, int family, enum vnm_fw_table table,
		     struct vnm_fw_handle **ret)
{
	size_t f = family == families[0] ? 0 : 1;
	int *result;

	if (!sys->fw_seen)
		sys->fw_seen = snapshot_new();
	result = &sys->fw_seen->results[f][table];
	if (*result == NOT_TRIED)
		*result = vnm_fw_table_read(family, table, &sys->fw_seen->handles[f][table]);
	*ret = &sys->fw_seen->handles[f][table];
	return *result;
}

/* Can rules be made here at all? Asked before anything is made. */
static int rule_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	enum vnm_fw_table table = vnm_fw_chains[op->rule.chain].table;
	struct vnm_fw_handle *handle;
	int r = see_table(sys, op->rule.family, table, &handle);

	return r < 0 ? table_error(op->rule.family, table, r, "read", err) : 0;
}

/* A rule that no packet reaches is as good as none: the jump to its chain must be there, too. */
static int rule_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	const struct vnm_fw_chain_info *chain = &vnm_fw_chains[op->rule.chain];
	vnm_autofwentry struct vnm_fwentry entry = { 0 }, jump = { 0 };
	struct vnm_fw_handle *handle;

	(void)err;
	*ret = VNM_ABSENT;
	if (see_table(sys, op->rule.family, chain->table, &handle) < 0)
		return 0;
	vnm_fwentry_compile(&op->rule, &entry);
	vnm_fwentry_jump(op->rule.family, chain->name, &jump);
	if (vnm_fw_has_rule(handle, chain->name, &entry) &&
	    vnm_fw_has_rule(handle, chain->parent, &jump))
		*ret = VNM_PRESENT;
	return 0;
}

/** vnm_fw_snapshot_free() - drop what was read for checks; NULL is fine. */
void vnm_fw_snapshot_free(struct vnm_fw_snapshot *snap)
{
	for (size_t f = 0; snap && f < VNM_ARRAY_SIZE(families); f++)
		for (int t = 0; t < VNM_FW_TABLE_COUNT; t++)
			vnm_fw_table_close(&snap->handles[f][t]);
	free(snap);
}

const struct vnm_op_impl vnm_impl_rule = {
	.prepare = rule_prepare,
	.apply_many = rule_apply_many,
	.check = rule_check,
	.revert_many = rule_revert_many,
	.replace_many = rule_replace_many,
};
