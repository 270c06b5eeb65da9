/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal_cache.h - the journals of networks, each read once by a command that holds the lock.
 *
 * As long as the lock is held, nobody else changes a journal. So what was read holds, and every change of a network's
 * journal goes through here, by which the copy in memory changes along. Without the lock nothing is kept.
 */
#ifndef VNM_STATE_JOURNAL_CACHE_H
#define VNM_STATE_JOURNAL_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/op/op.h"
#include "state/journal.h"
#include "util/error.h"

/** struct vnm_cached_journal - one network's. @text: NULL: it has none. @proposal: of a change on its way, or NULL */
struct vnm_cached_journal {
	char *name, *text, *proposal;
};

/** struct vnm_journal_cache - @run_fd: the run directory. @locked: nobody else changes what is in it. */
struct vnm_journal_cache {
	int run_fd;
	bool locked;
	struct vnm_cached_journal *items;
	size_t n;
};

int vnm_journal_cache_read(struct vnm_journal_cache *cache, const char *name, bool with_plan,
			   struct vnm_journal *ret, struct vnm_error *err);
int vnm_journal_cache_create(struct vnm_journal_cache *cache, const char *name,
			     const struct vnm_plan *plan, struct vnm_error *err);
int vnm_journal_cache_mark(struct vnm_journal_cache *cache, const char *name,
			   enum vnm_journal_state state, struct vnm_error *err);
int vnm_journal_cache_propose(struct vnm_journal_cache *cache, const char *name,
			      const struct vnm_plan *plan, struct vnm_error *err);
int vnm_journal_cache_accept(struct vnm_journal_cache *cache, const char *name,
			     struct vnm_error *err);
int vnm_journal_cache_remove(struct vnm_journal_cache *cache, const char *name,
			     struct vnm_error *err);
void vnm_journal_cache_clear(struct vnm_journal_cache *cache);
#define vnm_autojournal_cache __attribute__((cleanup(vnm_journal_cache_clear)))

#endif
