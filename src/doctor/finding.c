/* SPDX-License-Identifier: GPL-2.0-or-later */
/* finding.c - what a check has found: the texts of its row with the words of its subject. */
#include "doctor/finding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/buf.h"
#include "util/mem.h"

#define WORD_MAX 16

/* What a word in braces stands for; NULL: nothing. @number is formatted into @buf. */
static const char *word_of(const struct vnm_findings *found, const struct vnm_subject *subject,
			   const char *name, char buf[static WORD_MAX])
{
	const struct vnm_case_guest *guest = subject->guest;
	const struct {
		const char *name, *value;
	} words[] = {
		{ "network", found->of->net->name },
		{ "bridge", found->of->bridge },
		{ "guest", guest ? guest->name : NULL },
		{ "ip", guest ? guest->ip : NULL },
		{ "run", guest ? guest->run : NULL },
		{ "ifname", guest ? guest->link.fact.name : NULL },
		{ "dev", subject->dev },
		{ "other", subject->other },
		{ "address", subject->address },
		{ "subnet", subject->subnet },
		{ "value", subject->value },
		{ "path", subject->path },
		{ "mend", subject->mend },
	};

	if (!strcmp(name, "number")) {
		snprintf(buf, WORD_MAX, "%u", subject->number);
		return buf;
	}
	for (size_t i = 0; i < VNM_ARRAY_SIZE(words); i++)
		if (!strcmp(name, words[i].name))
			return words[i].value;
	return NULL;
}

/* The text with its words; NULL: one of them is missing. "{{" is a brace. */
static char *fill(const struct vnm_findings *found, const struct vnm_subject *subject,
		  const char *text)
{
	vnm_autobuf struct vnm_buf out = { 0 };

	for (; text && *text; text++) {
		size_t len = strcspn(text + 1, "}");
		char name[WORD_MAX] = "", buf[WORD_MAX];
		const char *word;

		if (*text != '{' || text[1] == '{' || len >= sizeof(name)) {
			vnm_buf_addc(&out, *text);
			text += *text == '{' && text[1] == '{';
			continue;
		}
		memcpy(name, text + 1, len);
		word = word_of(found, subject, name, buf);
		if (!word)
			return NULL;
		vnm_buf_add(&out, word);
		text += len + 1;
	}
	return text ? vnm_buf_steal(&out) : NULL;
}

/**
 * vnm_findings_add() - a fault, in the words of the check that looks now
 * @found:   the findings
 * @subject: what it is about
 */
void vnm_findings_add(struct vnm_findings *found, const struct vnm_subject *subject)
{
	const struct vnm_check *check = found->check;
	struct vnm_finding *item;

	found->items = vnm_array_add(found->items, &found->n, sizeof(*found->items));
	item = &found->items[found->n - 1];
	*item = (struct vnm_finding){
		.check = check->id,
		.guest = subject->guest ? vnm_strdup(subject->guest->attach->dev) : NULL,
		.cause = fill(found, subject, check->cause),
		.evidence = fill(found, subject, check->evidence),
		.mend = fill(found, subject, check->mend),
		.follows = subject->follows,
		.root = -1,
	};
	if (!item->cause)
		item->cause = vnm_strdup(check->question);
}

/** vnm_findings_about() - is there a finding about this guest? */
bool vnm_findings_about(const struct vnm_findings *found, const struct vnm_case_guest *guest)
{
	for (size_t i = 0; i < found->n; i++)
		if (found->items[i].guest && !strcmp(found->items[i].guest, guest->attach->dev))
			return true;
	return false;
}

/* The finding that another one follows from: that of the check that it names, or an earlier one with the same command. */
static int root_of(const struct vnm_findings *found, size_t at)
{
	const struct vnm_finding *item = &found->items[at];

	for (size_t i = 0; i < at && item->follows; i++)
		if (found->items[i].root < 0 && !strcmp(found->items[i].check, item->follows))
			return (int)i;
	for (size_t i = 0; i < at && item->mend; i++)
		if (found->items[i].root < 0 && found->items[i].mend &&
		    !strcmp(found->items[i].mend, item->mend))
			return (int)i;
	return -1;
}

/**
 * vnm_findings_relate() - tell causes from what follows from them, or from the same cause
 * @found: all findings; those that follow from another one lose their command, which would be useless before the other's
 */
void vnm_findings_relate(struct vnm_findings *found)
{
	for (size_t i = 0; i < found->n; i++) {
		struct vnm_finding *item = &found->items[i], *root;

		item->root = root_of(found, i);
		if (item->root < 0)
			continue;
		free(item->mend);
		item->mend = NULL;
		root = &found->items[item->root];
		root->also = vnm_array_add(root->also, &root->n_also, sizeof(*root->also));
		root->also[root->n_also - 1] = item->cause;
	}
}

/** vnm_finding_clear() - free one finding. */
void vnm_finding_clear(struct vnm_finding *finding)
{
	free(finding->guest);
	free(finding->cause);
	free(finding->evidence);
	free(finding->mend);
	free(finding->also);
	*finding = (struct vnm_finding){ 0 };
}

/** vnm_findings_clear() - free the findings. */
void vnm_findings_clear(struct vnm_findings *found)
{
	for (size_t i = 0; i < found->n; i++)
		vnm_finding_clear(&found->items[i]);
	free(found->items);
	*found = (struct vnm_findings){ 0 };
}
