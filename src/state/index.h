/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * index.h - what is known of the files of networks without opening them.
 *
 * Each command looks at the journals of all networks, to recover what a killed one left, and a definition is compared
 * with all others. With hundreds of networks that is most of what a command does, and the files are as they were. So
 * RUN/index has, for each file that a command has read, what it found there, and the identity of the file as it was:
 * number, size, and time of the last change. An entry holds only while these are the same, so there is nothing
 * to keep up to date, and nothing to lose: without an entry the file is read.
 *
 * A file that was changed within the last MIN_AGE seconds gets no entry, since another change in the same tick of the file
 * system's clock would not show. The index is of one boot, and is used under the lock, by the owner of the run directory. There
 * is none without active networks; a dry run, and what only reads, writes none.
 */
#ifndef VNM_STATE_INDEX_H
#define VNM_STATE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/parse.h"

/** enum vnm_index_kind - what the file is. An entry of a journal says that its network is active, in this boot. */
enum vnm_index_kind {
	VNM_INDEX_JOURNAL,
	VNM_INDEX_LIVE, /* the definition of an active network */
	VNM_INDEX_PERSISTENT,
	VNM_INDEX_KINDS
};

/** struct vnm_stamp - the identity of a file's content. @ino: 0: the file cannot be looked at */
struct vnm_stamp {
	uint64_t ino, size;
	int64_t sec;
	uint32_t nsec;
};

/** struct vnm_index_entry - of a file. @text: an outline (plan/conflict/outline.h), or "". @used: in this command */
struct vnm_index_entry {
	enum vnm_index_kind kind;
	char *name, *text;
	struct vnm_stamp stamp;
	bool used;
};

/**
 * struct vnm_index - see above; zero: not in use
 * @run_fd:  the run directory
 * @boot_id: of this boot
 * @items:   sorted by kind and name
 * @walked:  kinds of which all files were looked at, so that entries without a file can go
 * @fresh:   entries that the file lacks
 * @changes: of a command that may write the file
 * @exists:  there is a file
 */
struct vnm_index {
	int run_fd;
	char boot_id[VNM_UUID_STRLEN];
	struct vnm_index_entry *items;
	size_t n, fresh;
	bool in_use, changes, exists, walked[VNM_INDEX_KINDS];
};

void vnm_stamp_file(int dirfd, const char *file, struct vnm_stamp *ret);
bool vnm_stamp_same(const struct vnm_stamp *a, const struct vnm_stamp *b);
void vnm_index_load(struct vnm_index *index, int run_fd, const char *boot_id, bool changes);
void vnm_index_begin(struct vnm_index *index);
const char *vnm_index_find(struct vnm_index *index, enum vnm_index_kind kind, int dirfd,
			   const char *name, struct vnm_stamp *ret);
void vnm_index_put(struct vnm_index *index, enum vnm_index_kind kind, const char *name,
		   const struct vnm_stamp *stamp, const char *text);
void vnm_index_save(struct vnm_index *index, bool definitions);
void vnm_index_drop(struct vnm_index *index);
void vnm_index_clear(struct vnm_index *index);

#endif
