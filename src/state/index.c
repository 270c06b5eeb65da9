/* SPDX-License-Identifier: GPL-2.0-or-later */
/* index.c - what is known of the files of networks without opening them; see index.h. */
#include "state/index.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util/buf.h"
#include "util/file.h"
#include "util/mem.h"

#define FILE_NAME "index"
#define FORMAT "vnetmgr-index 1 "
#define MAX (64 * 1024 * 1024)
#define MIN_AGE 2 /* seconds */
#define MIN_FRESH 16 /* entries that are worth writing the file */

static const char *const suffixes[VNM_INDEX_KINDS] = {
	[VNM_INDEX_JOURNAL] = ".journal",
	[VNM_INDEX_LIVE] = ".xml",
	[VNM_INDEX_PERSISTENT] = ".xml",
};

/** struct key - of an entry */
struct key {
	enum vnm_index_kind kind;
	const char *name;
};

static int compare(const void *item, const void *wanted)
{
	const struct vnm_index_entry *entry = item;
	const struct key *key = wanted;

	return entry->kind != key->kind ? (entry->kind > key->kind) - (entry->kind < key->kind)
					: strcmp(entry->name, key->name);
}

/* Where the entry is, or would be. */
static size_t position(const struct vnm_index *index, const struct key *key)
{
	/* They are read and looked for in this order. */
	if (index->n > 0 && compare(&index->items[index->n - 1], key) < 0)
		return index->n;
	return vnm_array_place(index->items, index->n, sizeof(*index->items), key, compare);
}

static bool is_at(const struct vnm_index *index, size_t at, const struct key *key)
{
	return at < index->n && compare(&index->items[at], key) == 0;
}

/* Replaces one of the same file. @entry: its strings move */
static void insert(struct vnm_index *index, const struct vnm_index_entry *entry)
{
	const struct key key = { entry->kind, entry->name };
	size_t at = position(index, &key);
	struct vnm_index_entry *item;

	if (is_at(index, at, &key)) {
		free(index->items[at].name);
		free(index->items[at].text);
	} else {
		index->items = vnm_array_add(index->items, &index->n, sizeof(*index->items));
		item = &index->items[at];
		memmove(item + 1, item, (index->n - 1 - at) * sizeof(*item));
	}
	index->items[at] = *entry;
}

/* A number and the blank behind it. */
static bool take_number(char **at, int64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoll(*at, &end, 10);
	if (errno || end == *at || *end != ' ')
		return false;
	*at = end + 1;
	return true;
}

/* "KIND INO SIZE SEC NSEC NAME\tTEXT"; no name has a tab. */
static bool parse_line(char *line, struct vnm_index *index)
{
	struct vnm_index_entry entry = { 0 };
	int64_t kind, ino, size, nsec;
	char *tab = strchr(line, '\t');

	if (!tab || !take_number(&line, &kind) || kind < 0 || kind >= VNM_INDEX_KINDS ||
	    !take_number(&line, &ino) || !take_number(&line, &size) ||
	    !take_number(&line, &entry.stamp.sec) || !take_number(&line, &nsec))
		return false;
	*tab = '\0';
	entry.kind = (enum vnm_index_kind)kind;
	entry.stamp.ino = (uint64_t)ino;
	entry.stamp.size = (uint64_t)size;
	entry.stamp.nsec = (uint32_t)nsec;
	entry.name = vnm_strdup(line);
	entry.text = vnm_strdup(tab + 1);
	insert(index, &entry);
	return true;
}

/**
 * vnm_index_load() - begin to use the index
 * @index:   the index; vnm_index_clear() frees it
 * @run_fd:  the run directory, which is ours, and locked; it must stay open
 * @boot_id: of this boot
 * @changes: vnm_index_save() may write the file
 *
 * One that is missing, damaged, or of another boot, is an empty one.
 */
void vnm_index_load(struct vnm_index *index, int run_fd, const char *boot_id, bool changes)
{
	vnm_autofree char *text = NULL;
	char *line, *rest;
	int r;

	*index = (struct vnm_index){ .run_fd = run_fd, .in_use = true, .changes = changes };
	snprintf(index->boot_id, sizeof(index->boot_id), "%s", boot_id);
	r = vnm_file_read(run_fd, FILE_NAME, MAX, &text, NULL);
	index->exists = r != -ENOENT;
	if (r < 0)
		return;
	rest = text;
	line = strsep(&rest, "\n");
	if (strncmp(line, FORMAT, strlen(FORMAT)) != 0 ||
	    strcmp(line + strlen(FORMAT), boot_id) != 0)
		return;
	/* Behind the last newline there is nothing. */
	while ((line = strsep(&rest, "\n")) && rest)
		if (!parse_line(line, index))
			return;
}

/** vnm_index_begin() - use an index without a file, in memory, unless it is in use already */
void vnm_index_begin(struct vnm_index *index)
{
	if (!index->in_use)
		*index = (struct vnm_index){ .run_fd = -1, .in_use = true };
}

/** vnm_stamp_file() - the identity of a file's content now */
void vnm_stamp_file(int dirfd, const char *file, struct vnm_stamp *ret)
{
	struct stat st;

	*ret = (struct vnm_stamp){ 0 };
	if (vnm_stat_at(dirfd, file, &st) == 0 && S_ISREG(st.st_mode))
		*ret = (struct vnm_stamp){ st.st_ino, (uint64_t)st.st_size, st.st_ctim.tv_sec,
					   (uint32_t)st.st_ctim.tv_nsec };
}

/** vnm_stamp_same() - is it the same file, unchanged? */
bool vnm_stamp_same(const struct vnm_stamp *a, const struct vnm_stamp *b)
{
	return a->ino == b->ino && a->size == b->size && a->sec == b->sec && a->nsec == b->nsec;
}

/**
 * vnm_index_find() - what is known of a file
 * @index: the index
 * @kind:  what the file is
 * @dirfd: its directory
 * @name:  the network
 * @ret:   the identity of the file now, for vnm_index_put() after it was read
 *
 * Return: the text of its entry, until the next change of the index; NULL: it must be read.
 */
const char *vnm_index_find(struct vnm_index *index, enum vnm_index_kind kind, int dirfd,
			   const char *name, struct vnm_stamp *ret)
{
	vnm_autofree char *file = vnm_asprintf("%s%s", name, suffixes[kind]);
	size_t at;

	*ret = (struct vnm_stamp){ 0 };
	if (!index->in_use)
		return NULL;
	vnm_stamp_file(dirfd, file, ret);
	at = position(index, &(struct key){ kind, name });
	if (!ret->ino || !is_at(index, at, &(struct key){ kind, name }) ||
	    !vnm_stamp_same(ret, &index->items[at].stamp))
		return NULL;
	index->items[at].used = true;
	return index->items[at].text;
}

/* May the file have been changed after it was looked at, without a trace? */
static bool is_young(const struct vnm_stamp *stamp)
{
	struct timespec now;

	return clock_gettime(CLOCK_REALTIME, &now) < 0 || stamp->sec > now.tv_sec - MIN_AGE;
}

/**
 * vnm_index_put() - make an entry of a file
 * @index: the index
 * @kind:  what the file is
 * @name:  the network
 * @stamp: from vnm_index_find(), before the file was read
 * @text:  what was found there
 */
void vnm_index_put(struct vnm_index *index, enum vnm_index_kind kind, const char *name,
		   const struct vnm_stamp *stamp, const char *text)
{
	struct vnm_index_entry entry = { .kind = kind, .stamp = *stamp, .used = true };

	if (!index->in_use || !stamp->ino || is_young(stamp) || strchr(text, '\n'))
		return;
	entry.name = vnm_strdup(name);
	entry.text = vnm_strdup(text);
	insert(index, &entry);
	index->fresh++;
}

static bool has_journals(const struct vnm_index *index)
{
	for (size_t i = 0; i < index->n && index->items[i].kind == VNM_INDEX_JOURNAL; i++)
		if (index->items[i].used)
			return true;
	return false;
}

/**
 * vnm_index_save() - write the file, if that will spare enough
 * @index:       the index
 * @definitions: all of them were looked at; false: all journals
 *
 * Best effort. The entries of files that are gone are left out.
 */
void vnm_index_save(struct vnm_index *index, bool definitions)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	for (int kind = 0; kind < VNM_INDEX_KINDS; kind++)
		index->walked[kind] |= definitions == (kind != VNM_INDEX_JOURNAL);
	if (index->fresh < MIN_FRESH || !index->changes || !has_journals(index))
		return;
	index->fresh = 0;
	vnm_buf_printf(&text, FORMAT "%s\n", index->boot_id);
	for (size_t i = 0; i < index->n; i++) {
		const struct vnm_index_entry *entry = &index->items[i];

		if (entry->used || !index->walked[entry->kind])
			vnm_buf_printf(&text,
				       "%d %" PRIu64 " %" PRIu64 " %" PRId64 " %" PRIu32
				       " %s\t%s\n",
				       (int)entry->kind, entry->stamp.ino, entry->stamp.size,
				       entry->stamp.sec, entry->stamp.nsec, entry->name,
				       entry->text);
	}
	if (vnm_file_replace(index->run_fd, FILE_NAME, text.data, text.len, 0600, (gid_t)-1,
			     VNM_VOLATILE) == 0)
		index->exists = true;
}

/** vnm_index_drop() - remove the file: no network is active */
void vnm_index_drop(struct vnm_index *index)
{
	if (index->exists && vnm_file_unlink(index->run_fd, FILE_NAME, VNM_VOLATILE) == 0)
		index->exists = false;
}

/** vnm_index_clear() - free the entries; the index is not in use any more. */
void vnm_index_clear(struct vnm_index *index)
{
	for (size_t i = 0; i < index->n; i++) {
		free(index->items[i].name);
		free(index->items[i].text);
	}
	free(index->items);
	*index = (struct vnm_index){ 0 };
}
