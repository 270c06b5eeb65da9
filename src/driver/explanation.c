/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explanation.c - what became of a packet, as it is found out. The first obstacle is the one that counts. */
#include "driver/explanation.h"

#include <stdlib.h>
#include <string.h>

#include "plan/trace/rule_words.h"
#include "util/mem.h"

/** vnm_explanation_clear() - free an explanation */
void vnm_explanation_clear(struct vnm_explanation *of)
{
	struct vnm_obstacle *obstacle = &of->obstacle;

	for (size_t i = 0; i < of->n_hops; i++)
		free(of->hops[i].text);
	for (size_t i = 0; i < of->n_notes; i++)
		free(of->notes[i]);
	free(of->hops);
	free(of->notes);
	free(obstacle->text);
	free(obstacle->table);
	free(obstacle->chain);
	free(obstacle->rule);
	free(obstacle->show);
	free(obstacle->mend);
	*of = (struct vnm_explanation){ 0 };
}

__attribute__((format(printf, 1, 0))) static char *format(const char *fmt, va_list ap)
{
	struct vnm_buf text = { 0 };

	vnm_buf_vprintf(&text, fmt, ap);
	return vnm_buf_steal(&text);
}

/** vnm_explanation_hop() - add a part of the way. @where: static */
void vnm_explanation_hop(struct vnm_explanation *of, const char *where, const char *fmt, ...)
{
	va_list ap;

	of->hops = vnm_array_add(of->hops, &of->n_hops, sizeof(*of->hops));
	of->hops[of->n_hops - 1].where = where;
	va_start(ap, fmt);
	of->hops[of->n_hops - 1].text = format(fmt, ap);
	va_end(ap);
}

/** vnm_explanation_note() - add what may matter as well */
void vnm_explanation_note(struct vnm_explanation *of, const char *fmt, ...)
{
	va_list ap;

	of->notes = vnm_array_add(of->notes, &of->n_notes, sizeof(*of->notes));
	va_start(ap, fmt);
	of->notes[of->n_notes - 1] = format(fmt, ap);
	va_end(ap);
}

/** vnm_explanation_stop() - the packet gets no further. @fmt: why, in a sentence */
void vnm_explanation_stop(struct vnm_explanation *of, enum vnm_reason reason, const char *fmt, ...)
{
	va_list ap;

	of->verdict = reason == VNM_REASON_LOST ? VNM_EXPLAINED_UNKNOWN : VNM_EXPLAINED_STOPPED;
	of->obstacle.reason = reason;
	va_start(ap, fmt);
	of->obstacle.text = format(fmt, ap);
	va_end(ap);
}

/** vnm_explanation_mend() - the command that helps against what vnm_explanation_stop() has said */
void vnm_explanation_mend(struct vnm_explanation *of, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	of->obstacle.mend = format(fmt, ap);
	va_end(ap);
}

static enum vnm_reason reason_of(const struct vnm_trace_event *event)
{
	if (event->fate == VNM_FATED_AWAY)
		return VNM_REASON_RULE_TAKES;
	if (event->kind == VNM_TRACED_POLICY)
		return VNM_REASON_POLICY_DROPS;
	return event->fate == VNM_FATED_REJECT ? VNM_REASON_RULE_REJECTS : VNM_REASON_RULE_DROPS;
}

static const char *deed_of(enum vnm_reason reason)
{
	if (reason == VNM_REASON_RULE_TAKES)
		return "takes away";
	return reason == VNM_REASON_RULE_REJECTS ? "rejects" : "drops";
}

/* "rule 1 of chain FORWARD in the legacy table filter, of docker, drops the packet: -A FORWARD -j DROP" */
static char *sentence(const struct vnm_trace_event *event, const char *deed)
{
	const char *owner = vnm_rule_owner(event);
	vnm_autobuf struct vnm_buf place = { 0 };

	vnm_rule_place(event, &place);
	return vnm_asprintf("%s%s%s%s %s%s%s", vnm_buf_str(&place), owner ? ", of " : "",
			    owner ? owner : "", owner ? "," : "", deed, event->text ? ": " : "",
			    event->text ? event->text : "");
}

/* Somebody wrote that rule, and knows better than we do what it is for. */
static void note_other_way(struct vnm_explanation *of, const struct vnm_trace_event *event,
			   const struct vnm_buf *mend)
{
	vnm_autobuf struct vnm_buf other = { 0 };

	if (vnm_rule_owner(event) || !vnm_rule_drops(event) || event->kind != VNM_TRACED_RULE ||
	    !mend->len || !strncmp(mend->data, "vnetmgr ", 8))
		return;
	vnm_rule_delete(event, &other);
	vnm_explanation_note(of,
			     "what accepts the packets lasts until those rules are loaded again; "
			     "where the rule has no other use, it can be deleted: %s",
			     vnm_buf_str(&other));
}

static void name_rule(struct vnm_explanation *of, const struct vnm_trace_event *event,
		      const char *bridge, bool answer)
{
	struct vnm_obstacle *obstacle = &of->obstacle;
	struct vnm_buf mend = { 0 }, show = { 0 };

	of->verdict = VNM_EXPLAINED_STOPPED;
	obstacle->family = vnm_rule_family(event);
	obstacle->table = vnm_strdup(event->table);
	obstacle->chain = vnm_strdup(event->chain);
	obstacle->legacy = event->legacy;
	obstacle->number = event->kind == VNM_TRACED_POLICY ? 0 : event->number;
	obstacle->owner = vnm_rule_owner(event);
	obstacle->rule = event->text ? vnm_strdup(event->text) : NULL;
	vnm_rule_show(event, &show);
	obstacle->show = vnm_buf_steal(&show);
	vnm_rule_mend(event, bridge, answer, of->firewall, &mend);
	note_other_way(of, event, &mend);
	obstacle->mend = mend.len ? vnm_buf_steal(&mend) : NULL;
}

/**
 * vnm_explanation_blame() - a rule or policy stops the packet, or the answer to it
 * @of:     the explanation
 * @event:  the rule's
 * @bridge: of the network
 * @answer: to it
 */
void vnm_explanation_blame(struct vnm_explanation *of, const struct vnm_trace_event *event,
			   const char *bridge, bool answer)
{
	enum vnm_reason reason = reason_of(event);
	vnm_autofree char *deed =
		vnm_asprintf("%s the %s", deed_of(reason), answer ? "answer" : "packet");

	of->obstacle.reason = reason;
	of->obstacle.text = sentence(event, deed);
	name_rule(of, event, bridge, answer);
}

/**
 * vnm_explanation_astray() - a rule does something to the packet, or an answer, so that it gets elsewhere, or nowhere
 * @reason: what that is
 * @deed:   the same in words
 *
 * The other arguments are as those of vnm_explanation_blame().
 */
void vnm_explanation_astray(struct vnm_explanation *of, enum vnm_reason reason,
			    const struct vnm_trace_event *event, const char *bridge,
			    const char *deed)
{
	of->obstacle.reason = reason;
	of->obstacle.text = sentence(event, deed);
	name_rule(of, event, bridge, false);
}

/** vnm_explanation_ended() - is it known what stopped it, so that it goes no further? */
bool vnm_explanation_ended(const struct vnm_explanation *of)
{
	return of->verdict != VNM_EXPLAINED_PASSES;
}

/** vnm_explained_name() - the verdict in a word */
const char *vnm_explained_name(enum vnm_explained verdict)
{
	static const char *const names[] = { "passes", "stopped", "unknown" };

	return names[verdict];
}
