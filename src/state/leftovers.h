/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leftovers.h - whether a state directory has files that recovery takes care of. */
#ifndef VNM_STATE_LEFTOVERS_H
#define VNM_STATE_LEFTOVERS_H

#include <stdbool.h>
#include <stddef.h>

/** struct vnm_settled - the networks that have a journal, and those that have a definition, in a state directory; sorted */
struct vnm_settled {
	char **journals, **definitions;
	size_t n_journals, n_definitions;
};

bool vnm_leftovers(int dirfd, struct vnm_settled *ret);
bool vnm_settled_defined(const struct vnm_settled *settled, const char *name);
void vnm_settled_clear(struct vnm_settled *settled);
#define vnm_autosettled __attribute__((cleanup(vnm_settled_clear)))

#endif
