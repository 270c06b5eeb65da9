/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diff.c - the steps from one plan to another.
 *
 * Theory of operation. Two operations are the same object when they describe one thing in the system: a bridge of
 * one name, a file of one name, an address on one device. An object with the same text is left as it is, one with
 * another text is changed, and one without a counterpart is added or removed. Plans have some dozens of operations
 * whatever the number of hosts, so a linear search finds the pairs.
 *
 * dnsmasq reloads its lists of hosts on SIGHUP, but reads its configuration only when it starts: so which of its
 * files change decides whether it is reloaded or restarted.
 */
#include "plan/op/diff.h"

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "plan/dnsmasq/dnsmasq_names.h"
#include "plan/op/op_kind.h"
#include "plan/op/op_print.h"
#include "plan/op/op_text.h"
#include "util/mem.h"

/* A plan and the text of each of its operations, for comparison. */
struct side {
	const struct vnm_plan *plan;
	char **texts;
};

/* Journals of version 1.0.0 identify a namespace by its inode alone. */
static bool has_cookies(const struct vnm_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct vnm_op_netns *ns = vnm_op_netns(&plan->ops[i]);

		if (ns && ns->cookie)
			return true;
	}
	return false;
}

/* What is shown only, and what an earlier version's journal lacks, makes no difference. */
static void leave_out(struct vnm_op *op, bool cookies)
{
	struct vnm_op_netns *ns = (struct vnm_op_netns *)vnm_op_netns(op);

	if (ns && !cookies)
		ns->cookie = 0;
	if (op->type == VNM_OP_FRAMES)
		op->frames.by_port = false;
	if (op->type == VNM_OP_STATION)
		op->station.by_port = false;
}

static void side_init(struct side *side, const struct vnm_plan *plan, bool cookies)
{
	*side = (struct side){ plan, vnm_alloc((plan->n ? plan->n : 1) * sizeof(*side->texts)) };
	for (size_t i = 0; i < plan->n; i++) {
		struct vnm_buf text = { 0 };
		struct vnm_op op = plan->ops[i];

		leave_out(&op, cookies);
		vnm_op_format(&op, &text);
		side->texts[i] = vnm_buf_steal(&text);
	}
}

static void side_clear(struct side *side)
{
	for (size_t i = 0; i < side->plan->n; i++)
		free(side->texts[i]);
	free(side->texts);
}

/* Are two operations of one kind the same object? @same_text: they are equal. */
static bool same_object(const struct vnm_op *a, const struct vnm_op *b, bool same_text)
{
	const struct vnm_op_kind *kind = vnm_op_kind(a->type);

	if (kind->flags & VNM_OPF_SINGLE)
		return true;
	return kind->same ? kind->same(a, b) : same_text;
}

/* The index of the counterpart in the other plan, or -1. */
static ssize_t find_counterpart(const struct side *side, const struct vnm_op *op, const char *text)
{
	for (size_t i = 0; i < side->plan->n; i++) {
		const struct vnm_op *other = &side->plan->ops[i];

		if (other->type == op->type &&
		    same_object(other, op, !strcmp(side->texts[i], text)))
			return (ssize_t)i;
	}
	return -1;
}

/* Another one on the same bridge would make a loop with hosts that have both, too. The family of its address stays. */
static bool is_other_overlay(const struct vnm_op *old, const struct vnm_op *new)
{
	return old && new &&
	       (old->vxlan.vni != new->vxlan.vni || old->vxlan.port != new->vxlan.port ||
		old->vxlan.local.family != new->vxlan.local.family ||
		!old->vxlan.link != !new->vxlan.link ||
		(old->vxlan.link && strcmp(old->vxlan.link, new->vxlan.link) != 0));
}

/* Name and MAC address identify a bridge, so they cannot change; nor can its VRF, whose addresses and connections its guests have. */
static bool is_obstacle(const struct vnm_op *old, const struct vnm_op *new)
{
	const struct vnm_op *bridge = old ? old : new;

	if (bridge->type == VNM_OP_VXLAN)
		return is_other_overlay(old, new);
	if (bridge->type == VNM_OP_VRF)
		return true;
	if (bridge->type != VNM_OP_BRIDGE)
		return false;
	return !old || !new || strcmp(old->bridge.name, new->bridge.name) != 0 ||
	       !vnm_mac_equal(&old->bridge.mac, &new->bridge.mac);
}

static void add(struct vnm_diff *diff, enum vnm_step_how how, const struct vnm_op *old,
		const struct vnm_op *new)
{
	diff->steps = vnm_array_add(diff->steps, &diff->n, sizeof(*diff->steps));
	diff->steps[diff->n - 1] = (struct vnm_step){ how, old, new };
	if (!diff->obstacle && is_obstacle(old, new))
		diff->obstacle = old ? old : new;
}

static bool is_conf(const struct vnm_op *op)
{
	return op->type == VNM_OP_FILE && !strcmp(op->file.name, VNM_DNSMASQ_CONF);
}

static bool changes_file(const struct vnm_diff *diff, bool conf)
{
	for (size_t i = 0; i < diff->n; i++) {
		const struct vnm_step *step = &diff->steps[i];

		if (step->new && step->new->type == VNM_OP_FILE && is_conf(step->new) == conf)
			return true;
	}
	return false;
}

static void add_pair(struct vnm_diff *diff, const struct vnm_op *old, const struct vnm_op *new,
		     bool same_text)
{
	if (new->type != VNM_OP_DNSMASQ) {
		if (!same_text)
			add(diff, VNM_STEP_CHANGE, old, new);
	} else if (!same_text || changes_file(diff, true)) {
		add(diff, VNM_STEP_RESTART, old, new);
	} else if (changes_file(diff, false)) {
		add(diff, VNM_STEP_CHANGE, old, new);
	}
}

/**
 * vnm_diff_plans() - the steps from one plan to another
 * @old: the present plan
 * @new: the intended plan
 * @ret: free with vnm_diff_clear() before either plan
 */
void vnm_diff_plans(const struct vnm_plan *old, const struct vnm_plan *new, struct vnm_diff *ret)
{
	struct side from __attribute__((cleanup(side_clear))),
		to __attribute__((cleanup(side_clear)));
	struct vnm_diff diff = { 0 };
	bool cookies = has_cookies(old) && has_cookies(new);

	side_init(&from, old, cookies);
	side_init(&to, new, cookies);
	for (size_t i = 0; i < new->n; i++) {
		ssize_t counterpart = find_counterpart(&from, &new->ops[i], to.texts[i]);

		if (counterpart >= 0)
			add_pair(&diff, &old->ops[counterpart], &new->ops[i],
				 !strcmp(from.texts[counterpart], to.texts[i]));
		else
			add(&diff, VNM_STEP_ADD, NULL, &new->ops[i]);
	}
	for (size_t i = old->n; i-- > 0;)
		if (find_counterpart(&to, &old->ops[i], from.texts[i]) < 0)
			add(&diff, VNM_STEP_REMOVE, &old->ops[i], NULL);
	*ret = diff;
}

/** vnm_step_mark() - the character before a step of this kind: '+' for what is added */
char vnm_step_mark(enum vnm_step_how how)
{
	static const char marks[] = {
		[VNM_STEP_ADD] = '+',
		[VNM_STEP_REMOVE] = '-',
		[VNM_STEP_CHANGE] = '~',
		[VNM_STEP_RESTART] = '!',
	};

	return marks[how];
}

/** vnm_step_print() - one difference, as a line: "+ address 192.0.2.1/24 on keenbr0" */
void vnm_step_print(const struct vnm_step *step, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%c ", vnm_step_mark(step->how));
	vnm_op_describe(step->new ? step->new : step->old, out);
	vnm_buf_addc(out, '\n');
}

/**
 * vnm_diff_print() - the differences, one a line
 * @diff: the differences
 * @out:  where to
 */
void vnm_diff_print(const struct vnm_diff *diff, struct vnm_buf *out)
{
	for (size_t i = 0; i < diff->n; i++)
		vnm_step_print(&diff->steps[i], out);
}

static const char *how_name(enum vnm_step_how how)
{
	static const char *const names[] = {
		[VNM_STEP_ADD] = "added",
		[VNM_STEP_REMOVE] = "removed",
		[VNM_STEP_CHANGE] = "changed",
		[VNM_STEP_RESTART] = "restarted",
	};

	return names[how];
}

static bool is_rule(const struct vnm_step *step)
{
	return (step->new ? step->new : step->old)->type == VNM_OP_RULE;
}

/* All rules of one sort together: there are many. */
static void describe_rules(const struct vnm_diff *diff, enum vnm_step_how how, struct vnm_buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < diff->n; i++)
		n += diff->steps[i].how == how && is_rule(&diff->steps[i]);
	if (n > 0)
		vnm_buf_printf(out, "%s%zu firewall rule%s %s", out->len ? ", " : "", n,
			       n == 1 ? "" : "s", how_name(how));
}

/**
 * vnm_diff_describe() - the differences in one line, for messages
 * @diff: the differences
 * @out:  gets for example "file /run/x/hosts changed, 3 firewall rules added"; after ", " if it is not empty
 */
void vnm_diff_describe(const struct vnm_diff *diff, struct vnm_buf *out)
{
	for (size_t i = 0; i < diff->n; i++) {
		const struct vnm_step *step = &diff->steps[i];

		if (is_rule(step))
			continue;
		vnm_buf_add(out, out->len ? ", " : "");
		vnm_op_describe(step->new ? step->new : step->old, out);
		vnm_buf_printf(out, " %s", how_name(step->how));
	}
	for (int how = VNM_STEP_ADD; how <= VNM_STEP_RESTART; how++)
		describe_rules(diff, (enum vnm_step_how)how, out);
}

/** vnm_diff_clear() - free the list; the operations are the plans'. */
void vnm_diff_clear(struct vnm_diff *diff)
{
	free(diff->steps);
	*diff = (struct vnm_diff){ 0 };
}
