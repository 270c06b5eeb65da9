/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal_cache.h - the journals of networks, each read once by a command that holds the lock.
 *
 * While the lock is held, nobody else changes a journal, so what was read stays valid; every change of a network's
 * journal goes through here and updates the copy in memory. Without the lock nothing is cached.
 */
#ifndef VNM_STATE_JOURNAL_CACHE_H
#define VNM_STATE_JOURNAL_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/op/op.h"
#include "state/journal.h"
#include "state/settled.h"
#include "util/error.h"

/**
 * struct vnm_cached_journal - of one network. @text: NULL: it has none. @pending: the pending journal, or NULL.
 * @unread: it is known to be active, and no more
 */
struct vnm_cached_journal {
	char *name, *text, *pending;
	bool unread;
};

/**
 * struct vnm_journal_cache - @run_fd: the run directory. @locked: nobody else changes its files. @items: by name
 * @settled: the names in the run directory, if recovery has listed them; or NULL
 */
struct vnm_journal_cache {
	int run_fd;
	bool locked;
	struct vnm_settled *settled;
	struct vnm_cached_journal *items;
	size_t n;
};

int vnm_journal_cache_read(struct vnm_journal_cache *cache, const char *name, bool with_plan,
			   struct vnm_journal *ret, struct vnm_error *err);
int vnm_journal_cache_read_others(struct vnm_journal_cache *cache, const char *name,
				  struct vnm_journal *ret, struct vnm_error *err);
void vnm_journal_cache_know(struct vnm_journal_cache *cache, const char *name);
bool vnm_journal_cache_knows(struct vnm_journal_cache *cache, const char *name);
bool vnm_journal_cache_knows_any(const struct vnm_journal_cache *cache);
int vnm_journal_cache_create(struct vnm_journal_cache *cache, const char *name,
			     const struct vnm_plan *plan, struct vnm_error *err);
int vnm_journal_cache_mark(struct vnm_journal_cache *cache, const char *name,
			   enum vnm_journal_state state, struct vnm_error *err);
int vnm_journal_cache_write_pending(struct vnm_journal_cache *cache, const char *name,
				    const struct vnm_plan *plan, struct vnm_error *err);
int vnm_journal_cache_commit(struct vnm_journal_cache *cache, const char *name,
			     struct vnm_error *err);
int vnm_journal_cache_remove(struct vnm_journal_cache *cache, const char *name,
			     struct vnm_error *err);
void vnm_journal_cache_clear(struct vnm_journal_cache *cache);
#define vnm_autojournal_cache __attribute__((cleanup(vnm_journal_cache_clear)))

#endif
