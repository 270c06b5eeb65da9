/* SPDX-License-Identifier: GPL-2.0-or-later */
/* finding.h - what a check has found: the cause, the evidence, and the command that mends it. */
#ifndef VNM_DOCTOR_FINDING_H
#define VNM_DOCTOR_FINDING_H

#include "doctor/case.h"

struct vnm_findings;

/**
 * struct vnm_check - one check
 * @id:       its name, for scripts
 * @question: that it answers
 * @find:     adds a finding for each fault
 * @cause:    what is wrong, and what follows; with the words of struct vnm_subject
 * @evidence: where that is to be seen
 * @mend:     the command that mends it; NULL: none can
 * @probed:   it is about what probes found: meaningful only after all others have found nothing
 */
struct vnm_check {
	const char *id, *question;
	void (*find)(const struct vnm_case *c, struct vnm_findings *found);
	const char *cause, *evidence, *mend;
	bool probed;
};

/**
 * struct vnm_finding - @guest: whose it is, on the host; NULL: the network's. @mend: NULL: no command can
 * @follows: the check whose finding, if it has one, is the cause of this one
 * @root:    the number of the finding that this one follows from, and whose command mends it; -1: none
 * @also:    what follows from this one: their causes, borrowed
 */
struct vnm_finding {
	const char *check, *follows;
	char *guest, *cause, *evidence, *mend;
	int root;
	char **also;
	size_t n_also;
};

/** struct vnm_findings - of one network; zero-initialise, free with vnm_findings_clear(). @check: the one that looks */
struct vnm_findings {
	struct vnm_finding *items;
	size_t n;
	const struct vnm_check *check;
	const struct vnm_case *of;
};

/**
 * struct vnm_subject - what a finding is about: the words in the texts of its check, by their names in braces.
 *
 * {network} and {bridge} are the case's; {guest}, {ip} and {run} those of @guest. A command with a word that is not there is
 * left out: nothing can be told to run. @follows: as in struct vnm_finding.
 */
struct vnm_subject {
	const struct vnm_case_guest *guest;
	const char *dev, *other, *address, *subnet, *value, *path, *mend, *follows;
	unsigned number;
};

void vnm_findings_add(struct vnm_findings *found, const struct vnm_subject *subject);
bool vnm_findings_about(const struct vnm_findings *found, const struct vnm_case_guest *guest);
void vnm_findings_relate(struct vnm_findings *found);
void vnm_finding_clear(struct vnm_finding *finding);
void vnm_findings_clear(struct vnm_findings *found);
#define vnm_autofindings __attribute__((cleanup(vnm_findings_clear)))

/* In a check: found, with these members of struct vnm_subject. */
#define VNM_FOUND(found, ...) vnm_findings_add(found, &(const struct vnm_subject){ __VA_ARGS__ })

#endif
