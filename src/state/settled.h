/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * settled.h - the networks with files in a state directory, as recovery has listed it.
 *
 * With a thousand networks a look through a directory is a good part of a command. While the lock is held nobody else changes
 * it, so the names stay known until this session adds or removes one.
 */
#ifndef VNM_STATE_SETTLED_H
#define VNM_STATE_SETTLED_H

#include <stdbool.h>
#include <stddef.h>

/** struct vnm_settled - those that have a journal, and those that have a definition; sorted. @known: they still are all there are */
struct vnm_settled {
	char **journals, **definitions;
	size_t n_journals, n_definitions;
	bool known;
};

bool vnm_settled_defined(const struct vnm_settled *settled, const char *name);
bool vnm_settled_names(const struct vnm_settled *settled, const char *suffix, char ***ret,
		       size_t *ret_n);
void vnm_settled_forget(struct vnm_settled *settled);
void vnm_settled_clear(struct vnm_settled *settled);

#endif
