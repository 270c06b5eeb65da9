/* SPDX-License-Identifier: GPL-2.0-or-later */
/* journal_cache.c - the journals of networks, each read once by a command that holds the lock; see journal_cache.h. */
#include "state/journal_cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

static int by_name(const void *item, const void *name)
{
	return strcmp(((const struct vnm_cached_journal *)item)->name, name);
}

/* The place of @name in the sorted list; what is there may be another's. */
static size_t place_of(const struct vnm_journal_cache *cache, const char *name)
{
	return vnm_array_place(cache->items, cache->n, sizeof(*cache->items), name, by_name);
}

static struct vnm_cached_journal *find_cached(struct vnm_journal_cache *cache, const char *name)
{
	size_t at = place_of(cache, name);

	return at < cache->n && !strcmp(cache->items[at].name, name) ? &cache->items[at] : NULL;
}

/* The same, of a journal that was read. */
static struct vnm_cached_journal *find_read(struct vnm_journal_cache *cache, const char *name)
{
	struct vnm_cached_journal *item = find_cached(cache, name);

	return item && !item->unread ? item : NULL;
}

/* Networks are read in the order of their names, so an item is rarely put before another. */
static struct vnm_cached_journal *add_item(struct vnm_journal_cache *cache, const char *name)
{
	size_t at = place_of(cache, name), behind = cache->n - at;
	struct vnm_cached_journal *item;

	cache->items = vnm_array_add(cache->items, &cache->n, sizeof(*cache->items));
	item = &cache->items[at];
	memmove(item + 1, item, behind * sizeof(*item));
	*item = (struct vnm_cached_journal){ .name = vnm_strdup(name) };
	return item;
}

/* The cache takes both strings; without the lock it frees them. */
static void put_text(struct vnm_journal_cache *cache, const char *name, char *text, char *pending)
{
	struct vnm_cached_journal *item = find_cached(cache, name);

	if (!cache->locked) {
		free(text);
		free(pending);
		return;
	}
	if (!item)
		item = add_item(cache, name);
	if (item->text != text)
		free(item->text);
	if (item->pending != pending)
		free(item->pending);
	item->text = text;
	item->pending = pending;
	item->unread = false;
}

static void free_cached(struct vnm_cached_journal *item)
{
	free(item->name);
	free(item->text);
	free(item->pending);
}

/* After a failed write the file is read again. */
static void forget_text(struct vnm_journal_cache *cache, const char *name)
{
	struct vnm_cached_journal *item = find_cached(cache, name);

	if (!item)
		return;
	free_cached(item);
	cache->n--;
	memmove(item, item + 1, (size_t)(cache->items + cache->n - item) * sizeof(*item));
}

/** vnm_journal_cache_know() - a network is active, by a journal that needs not be read for that */
void vnm_journal_cache_know(struct vnm_journal_cache *cache, const char *name)
{
	if (cache->locked && !find_cached(cache, name))
		add_item(cache, name)->unread = true;
}

/** vnm_journal_cache_knows() - is the network known to be active by vnm_journal_cache_know(), and untouched since? */
bool vnm_journal_cache_knows(struct vnm_journal_cache *cache, const char *name)
{
	const struct vnm_cached_journal *item = find_cached(cache, name);

	return item && item->unread;
}

/** vnm_journal_cache_knows_any() - is a network active whose journal this command has not used? False, if it is not known. */
bool vnm_journal_cache_knows_any(const struct vnm_journal_cache *cache)
{
	for (size_t i = 0; i < cache->n; i++)
		if (cache->items[i].unread)
			return true;
	return false;
}

/* @ret: allocated. Return: 0 or -errno; -ENOENT: there is none. */
static int load_text(struct vnm_journal_cache *cache, const char *name, char **ret,
		     struct vnm_error *err)
{
	const struct vnm_cached_journal *item = find_read(cache, name);
	int r;

	*ret = item && item->text ? vnm_strdup(item->text) : NULL;
	if (item)
		return *ret ? 0 : -ENOENT;
	r = vnm_journal_load(cache->run_fd, name, ret, err);
	if (r == 0 || r == -ENOENT)
		put_text(cache, name, *ret ? vnm_strdup(*ret) : NULL, NULL);
	return r;
}

/** vnm_journal_cache_read() - vnm_journal_read(), from memory if read before; arguments and return value as there. */
int vnm_journal_cache_read(struct vnm_journal_cache *cache, const char *name, bool with_plan,
			   struct vnm_journal *ret, struct vnm_error *err)
{
	vnm_autofree char *text = NULL;
	int r = load_text(cache, name, &text, err);

	return r < 0 ? r : vnm_journal_parse(text, name, with_plan, ret, err);
}

/** vnm_journal_cache_read_others() - the same, of operations that are no rules, which are most; @ret has one rule at most. */
int vnm_journal_cache_read_others(struct vnm_journal_cache *cache, const char *name,
				  struct vnm_journal *ret, struct vnm_error *err)
{
	vnm_autofree char *text = NULL;
	int r = load_text(cache, name, &text, err);

	if (r < 0)
		return r;
	vnm_journal_leave_out_rules(text);
	return vnm_journal_parse(text, name, true, ret, err);
}

/** vnm_journal_cache_create() - vnm_journal_create() of a network. Return: 0 or -errno. */
int vnm_journal_cache_create(struct vnm_journal_cache *cache, const char *name,
			     const struct vnm_plan *plan, struct vnm_error *err)
{
	char *text = NULL;
	int r;

	vnm_settled_forget(cache->settled);
	r = vnm_journal_create(cache->run_fd, name, plan, &text, err);
	if (r < 0)
		forget_text(cache, name);
	else
		put_text(cache, name, text, NULL);
	return r;
}

/** vnm_journal_cache_mark() - vnm_journal_mark() of a network. Return: 0 or -errno. */
int vnm_journal_cache_mark(struct vnm_journal_cache *cache, const char *name,
			   enum vnm_journal_state state, struct vnm_error *err)
{
	struct vnm_cached_journal *item = find_read(cache, name);
	int r = vnm_journal_mark(cache->run_fd, name, state, err);

	if (r < 0 || !item || !item->text) {
		forget_text(cache, name);
	} else {
		char *text = vnm_asprintf("%s%s", item->text, vnm_journal_state_line(state));

		put_text(cache, name, text, item->pending);
	}
	return r;
}

/** vnm_journal_cache_write_pending() - vnm_journal_write_pending() of a network. Return: 0 or -errno. */
int vnm_journal_cache_write_pending(struct vnm_journal_cache *cache, const char *name,
				    const struct vnm_plan *plan, struct vnm_error *err)
{
	struct vnm_cached_journal *item = find_read(cache, name);
	char *text = NULL;
	int r = vnm_journal_write_pending(cache->run_fd, name, plan, &text, err);

	if (item)
		put_text(cache, name, item->text, text);
	else
		free(text);
	return r;
}

/** vnm_journal_cache_commit() - vnm_journal_commit() of a network. Return: 0 or -errno. */
int vnm_journal_cache_commit(struct vnm_journal_cache *cache, const char *name,
			     struct vnm_error *err)
{
	struct vnm_cached_journal *item = find_read(cache, name);
	int r;

	vnm_settled_forget(cache->settled);
	r = vnm_journal_commit(cache->run_fd, name, err);
	if (r < 0 || !item || !item->pending)
		forget_text(cache, name);
	else
		put_text(cache, name, vnm_steal(&item->pending), NULL);
	return r;
}

/** vnm_journal_cache_remove() - vnm_journal_remove() of a network. Return: 0 or -errno. */
int vnm_journal_cache_remove(struct vnm_journal_cache *cache, const char *name,
			     struct vnm_error *err)
{
	int r;

	vnm_settled_forget(cache->settled);
	r = vnm_journal_remove(cache->run_fd, name, err);
	if (r < 0)
		forget_text(cache, name);
	else
		put_text(cache, name, NULL, NULL);
	return r;
}

/** vnm_journal_cache_clear() - empty the cache; reusable afterwards. */
void vnm_journal_cache_clear(struct vnm_journal_cache *cache)
{
	for (size_t i = 0; i < cache->n; i++)
		free_cached(&cache->items[i]);
	free(cache->items);
	cache->items = NULL;
	cache->n = 0;
}
