/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_print.c - the rules of a plan in the language of nft(8).
 *
 * In tables of our own a rule has no command by itself: chains and elements of maps, which lead to it, are shared by the rules of a
 * network. So all are printed together.
 */
#include "plan/op/rules_print.h"

#include <string.h>

#include "plan/firewall/nftables_text.h"
#include "util/mem.h"

#define ADD "add "
#define RULE ADD "rule "
#define BY_HANDLE "# nft delete rule, with its handle: "

/* Deleting a chain deletes its rules. @lines: those of the start. */
static void print_removal(const char *line, const char *lines, struct vnm_buf *out)
{
	vnm_autofree char *chain = NULL;
	const char *name = line + strlen(RULE);
	size_t len = 0;

	if (!strncmp(line, ADD "element ", strlen(ADD "element ")) ||
	    !strncmp(line, ADD "chain ", strlen(ADD "chain "))) {
		vnm_buf_printf(out, "nft 'delete %s'\n", line + strlen(ADD));
		return;
	}
	if (strncmp(line, RULE, strlen(RULE)) != 0)
		return;
	for (int word = 0; word < 3; word++) /* family, table, chain */
		len += strcspn(name + len, " ") + 1;
	chain = vnm_asprintf(ADD "chain %.*s\n", (int)len - 1, name);
	if (!strstr(lines, chain))
		vnm_buf_printf(out, BY_HANDLE "%s\n", name);
}

static void print_lines(char *text, bool revert, struct vnm_buf *out)
{
	vnm_autofree char *lines = vnm_strdup(text);
	vnm_autofree char **list = NULL;
	size_t n = 0;

	for (char *line, *rest = text; (line = strsep(&rest, "\n"));) {
		list = vnm_array_add(list, &n, sizeof(*list));
		list[n - 1] = line;
	}
	for (size_t i = 0; i < n; i++) {
		const char *line = list[revert ? n - 1 - i : i];

		if (*line && revert)
			print_removal(line, lines, out);
		else if (*line)
			vnm_buf_printf(out, "nft '%s'\n", line);
	}
}

/**
 * vnm_rules_print() - show the rules of a plan as commands of nft(8)
 * @plan:   the plan
 * @revert: those that remove them
 * @out:    gets the lines
 *
 * Return: false where the rules have commands of iptables(8), and nothing is printed.
 */
bool vnm_rules_print(const struct vnm_plan *plan, bool revert, struct vnm_buf *out)
{
	vnm_autofree const struct vnm_op **rules = NULL;
	vnm_autobuf struct vnm_buf text = { 0 };
	size_t n = 0;

	if (plan->firewall != VNM_FW_BACKEND_NFTABLES)
		return false;
	for (size_t i = 0; i < plan->n; i++) {
		if (plan->ops[i].type != VNM_OP_RULE)
			continue;
		rules = vnm_array_add(rules, &n, sizeof(*rules));
		rules[n - 1] = &plan->ops[i];
	}
	vnm_nftables_text(rules, n, &text);
	if (text.len)
		print_lines(text.data, revert, out);
	return true;
}

/**
 * vnm_rule_print() - show one rule by itself as a command of nft(8)
 * @op:     the rule
 * @revert: that it is removed
 * @out:    gets a line, without the chains and maps that lead to the rule
 */
void vnm_rule_print(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	const char *own = NULL; /* those before it look up its chain */

	vnm_nftables_text(&op, 1, &text);
	for (char *line, *rest = text.data; rest && (line = strsep(&rest, "\n"));)
		if (strncmp(line, RULE, strlen(RULE)) == 0)
			own = line;
	if (own && revert)
		vnm_buf_printf(out, BY_HANDLE "%s\n", own + strlen(RULE));
	else if (own)
		vnm_buf_printf(out, "nft '%s'\n", own);
}
