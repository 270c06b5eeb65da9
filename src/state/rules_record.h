/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_record.h - which networks have their firewall rules as planned, and in which version of the packet filters.
 *
 * net-list compares every rule with the kernel's, which is most of its work. RUN/rules has what it found: the version of
 * all packet filters (sys/firewall/fw_version.h), and the networks whose rules were as planned, with the identity of the
 * journal that says how. While both are the same, these rules need no look.
 *
 * Transactions of our own lead from one version to the next (vnm_nft_commit()). So a command that has made all that the
 * kernel counts since takes the record along to the version that it leaves, with the networks that it has changed; whatever
 * another program commits ends that. With legacy tables each change does.
 *
 * The base chains of nf_tables are in it, too, for a start, which looks at those of others; and while the rules of all active networks
 * are as planned, the jumps and early-return rules that they share need no look.
 *
 * It is of one boot and network namespace, and is used under the lock. A few networks are always looked at.
 */
#ifndef VNM_STATE_RULES_RECORD_H
#define VNM_STATE_RULES_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "state/index.h"
#include "sys/firewall/fw_version.h"

#define VNM_RULES_RECORD_MIN 16 /* networks that are worth a record */

/** struct vnm_rules_network - one whose rules are as planned. @journal: which has the plan */
struct vnm_rules_network {
	char *name;
	struct vnm_stamp journal;
};

/**
 * struct vnm_rules_record - the record; zero: there is none
 * @sys:     the handles, once it was looked for
 * @version: of the packet filters
 * @items:   by name; @text, @lines: as they were read, and those of them that are not yet in @items
 * @exists:  there is a file
 * @changed: it is to be written even if the version stays
 */
struct vnm_rules_record {
	struct vnm_sys *sys;
	struct vnm_fw_version version;
	struct vnm_rules_network *items;
	size_t n;
	char *text, *lines;
	bool exists, changed;
};

void vnm_rules_record_begin(struct vnm_rules_record *record, struct vnm_sys *sys);
void vnm_rules_record_stands(struct vnm_rules_record *record, char *const *active, size_t n);
void vnm_rules_record_put(struct vnm_rules_record *record, const char *name);
void vnm_rules_record_keep(struct vnm_rules_record *record, const char *name);
void vnm_rules_record_remove(struct vnm_rules_record *record, const char *name);
void vnm_rules_record_end(struct vnm_rules_record *record);
bool vnm_rules_record_load(struct vnm_rules_record *record, struct vnm_sys *sys,
			   struct vnm_fw_version *now);
bool vnm_rules_record_has(struct vnm_rules_record *record, const char *name);
void vnm_rules_record_write(struct vnm_rules_record *record, const struct vnm_fw_version *version);
void vnm_rules_record_drop(struct vnm_rules_record *record);
void vnm_rules_record_clear(struct vnm_rules_record *record);

#endif
