/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_print.c - operations as text for users: the templates of their kinds (struct vnm_op_words), filled in. */
#include "plan/op/op_print.h"

#include <string.h>

#include "plan/op/op_kind.h"
#include "plan/op/op_text.h"

/* Expand what is between braces. @absent: set when a field that it names is absent. Return: what follows. */
static const char *fill_field(const struct vnm_op *op, const char *s, struct vnm_buf *out,
			      bool *absent)
{
	const size_t len = strcspn(s, "?}");
	const struct vnm_op_field *f = vnm_op_field_find(vnm_op_kind(op->type), s, len);
	const char *end = strchr(s, '}'), *colon = strchr(s, ':');
	vnm_autobuf struct vnm_buf value = { 0 };
	const bool present = vnm_op_field_text(f, op, &value);

	if (s[len] != '?') {
		vnm_buf_add(out, vnm_buf_str(&value));
		*absent |= !present;
	} else if (present) {
		vnm_buf_addn(out, s + len + 1, (size_t)(colon - s) - len - 1);
	} else {
		vnm_buf_addn(out, colon + 1, (size_t)(end - colon) - 1);
	}
	return end + 1;
}

static void fill(const struct vnm_op *op, const char *s, struct vnm_buf *out)
{
	size_t begin = 0, len;
	bool absent = false;

	while (*s) {
		len = strcspn(s, "[]{");
		vnm_buf_addn(out, s, len);
		s += len;
		if (*s == '[') {
			begin = out->len;
			absent = false;
		} else if (*s == ']' && absent) {
			vnm_buf_truncate(out, begin);
		} else if (*s == '{') {
			s = fill_field(op, s + 1, out, &absent);
			continue;
		}
		s += *s != '\0';
	}
}

static void print_words(const struct vnm_op_words *words, const struct vnm_op *op, bool revert,
			struct vnm_buf *out)
{
	if (words->print)
		words->print(op, revert, out);
	else
		fill(op, words->text, out);
}

/**
 * vnm_op_describe() - name what an operation creates, for messages
 * @op:  the operation
 * @out: gets for example "bridge keenbr0" or "address 192.0.2.1/24 on keenbr0"
 */
void vnm_op_describe(const struct vnm_op *op, struct vnm_buf *out)
{
	print_words(&vnm_op_kind(op->type)->describe, op, false, out);
}

/**
 * vnm_op_print() - show an operation as equivalent commands
 * @op:     the operation
 * @revert: those that revert it
 * @out:    gets the lines; none where there is no command, or where it is reverted with its device
 */
void vnm_op_print(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_kind *kind = vnm_op_kind(op->type);
	const struct vnm_op_netns *ns = vnm_op_netns(op);

	if (ns && revert)
		return; /* it goes with the device */
	if (ns)
		vnm_buf_printf(out, "nsenter --net=%s ", ns->path);
	print_words(revert ? &kind->revert : &kind->apply, op, revert, out);
}

/**
 * vnm_plan_print() - show a plan as equivalent commands, where they exist
 * @plan:   the plan
 * @revert: show what stopping the network reverts, in that order
 * @out:    gets the lines
 */
void vnm_plan_print(const struct vnm_plan *plan, bool revert, struct vnm_buf *out)
{
	for (size_t i = 0; i < plan->n; i++)
		vnm_op_print(&plan->ops[revert ? plan->n - 1 - i : i], revert, out);
}
