/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explanation.h - a packet that is asked about, and what became of it: its way, hop by hop, and what stopped it. */
#ifndef VNM_DRIVER_EXPLANATION_H
#define VNM_DRIVER_EXPLANATION_H

#include "plan/firewall/fw_backend.h"
#include "plan/trace/packet.h"
#include "plan/trace/reason.h"
#include "plan/trace/trail.h"

/**
 * struct vnm_explain_ask - which packet
 * @guest: by its device, namespace, name or address
 * @to:    where the packet goes
 * @proto: IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP (or ICMPV6); @port: of TCP and UDP
 * @from:  who sends it, from outside, so that it comes in by the device that leads there; family AF_UNSPEC: the guest
 */
struct vnm_explain_ask {
	const char *network, *guest;
	struct vnm_addr to;
	uint8_t proto;
	uint16_t port;
	struct vnm_addr from;
};

/** enum vnm_explained - the verdict. */
enum vnm_explained {
	VNM_EXPLAINED_PASSES,
	VNM_EXPLAINED_STOPPED,
	VNM_EXPLAINED_UNKNOWN, /* it was lost, and nothing says by what */
};

/**
 * struct vnm_obstacle - what stopped a packet.
 * @text:   what, in one sentence
 * @family, @table, @chain, @number: of a rule or policy: its place, for nft(8) or iptables(8); NULL, 0: of none
 * @legacy: the table is a legacy one, whose rules have numbers; else rules have handles
 * @owner:  the program whose rule it is; NULL: unknown
 * @rule:   the rule; NULL: it cannot be printed
 * @show:   the command that shows it; @mend: the command that lets the packet pass; or NULL
 */
struct vnm_obstacle {
	enum vnm_reason reason;
	char *text;
	const char *family, *owner;
	char *table, *chain;
	bool legacy;
	uint64_t number;
	char *rule, *show, *mend;
};

/** struct vnm_hop - a part of the way. @where: "guest", "port", "forward", ... */
struct vnm_hop {
	const char *where;
	char *text;
};

/** struct vnm_explanation - @firewall: where our own rules are. @notes: what may matter as well. @onward: who gets it here is to pass it on. Zero-initialise; free with vnm_explanation_clear(). */
struct vnm_explanation {
	enum vnm_explained verdict;
	enum vnm_fw_backend firewall;
	struct vnm_packet packet;
	struct vnm_obstacle obstacle;
	struct vnm_hop *hops;
	size_t n_hops;
	char **notes;
	size_t n_notes;
	bool onward;
};

#define vnm_autoexplanation __attribute__((cleanup(vnm_explanation_clear)))

void vnm_explanation_clear(struct vnm_explanation *of);
void vnm_explanation_hop(struct vnm_explanation *of, const char *where, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void vnm_explanation_note(struct vnm_explanation *of, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void vnm_explanation_stop(struct vnm_explanation *of, enum vnm_reason reason, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void vnm_explanation_mend(struct vnm_explanation *of, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void vnm_explanation_blame(struct vnm_explanation *of, const struct vnm_trace_event *event,
			   const char *bridge, bool answer);
void vnm_explanation_astray(struct vnm_explanation *of, enum vnm_reason reason,
			    const struct vnm_trace_event *event, const char *bridge,
			    const char *deed);
bool vnm_explanation_ended(const struct vnm_explanation *of);
const char *vnm_explained_name(enum vnm_explained verdict);

#endif
