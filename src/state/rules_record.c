// SPDX-License-Identifier: GPL-2.0-or-later
/* rules_record.c - which networks have their firewall rules as planned; see rules_record.h. */
#include "state/rules_record.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/firewall/nft_chains.h"
#include "sys/link/link_record.h"
#include "util/buf.h"
#include "util/file.h"
#include "util/mem.h"

#define FILE_NAME "rules"
#define FORMAT "vnetmgr-rules 2 "
#define MAX (16 * 1024 * 1024)

static int by_name(const void *item, const void *name)
{
	return strcmp(((const struct vnm_rules_network *)item)->name, name);
}

static size_t place_of(const struct vnm_rules_record *record, const char *name)
{
	/* They are read in this order. */
	if (record->n > 0 && by_name(&record->items[record->n - 1], name) < 0)
		return record->n;
	return vnm_array_place(record->items, record->n, sizeof(*record->items), name, by_name);
}

static bool is_at(const struct vnm_rules_record *record, size_t at, const char *name)
{
	return at < record->n && !strcmp(record->items[at].name, name);
}

static void put(struct vnm_rules_record *record, const char *name, const struct vnm_stamp *journal)
{
	size_t at = place_of(record, name);

	if (!is_at(record, at, name)) {
		record->items = vnm_array_add(record->items, &record->n, sizeof(*record->items));
		memmove(&record->items[at + 1], &record->items[at],
			(record->n - 1 - at) * sizeof(*record->items));
		record->items[at].name = vnm_strdup(name);
	}
	record->items[at].journal = *journal;
	record->changed = true;
}

static void stamp_journal(const struct vnm_rules_record *record, const char *name,
			  struct vnm_stamp *ret)
{
	vnm_autofree char *file = vnm_asprintf("%s.journal", name);

	vnm_stamp_file(record->sys->run_fd, file, ret);
}

/* "VERSION HASH NETNS COOKIE BOOT": of this boot and network namespace? */
static bool parse_head(struct vnm_sys *sys, const char *line, struct vnm_fw_version *ret)
{
	char boot[VNM_UUID_STRLEN];
	uint64_t netns, cookie;

	return !strncmp(line, FORMAT, strlen(FORMAT)) &&
	       sscanf(line + strlen(FORMAT), "%" SCNu32 " %" SCNx64 " %" SCNu64 " %" SCNu64 " %36s",
		      &ret->generation, &ret->legacy, &netns, &cookie, boot) == 5 &&
	       vnm_link_record_here(sys) == 0 && netns == sys->here.netns &&
	       cookie == sys->here.cookie && !strcmp(boot, sys->here.boot);
}

/* "INO SIZE SEC NSEC NAME" */
static bool parse_line(struct vnm_rules_record *record, char *line)
{
	struct vnm_stamp journal;
	int name = 0;

	if (sscanf(line, "%" SCNu64 " %" SCNu64 " %" SCNd64 " %" SCNu32 " %n", &journal.ino,
		   &journal.size, &journal.sec, &journal.nsec, &name) != 4 ||
	    !name || !line[name])
		return false;
	put(record, line + name, &journal);
	return true;
}

/* Return: false: there is none that can be used; one that is damaged is none. */
static bool read_file(struct vnm_rules_record *record)
{
	char *line;

	vnm_rules_record_clear(record);
	if (record->sys->run_fd < 0 ||
	    vnm_file_read(record->sys->run_fd, FILE_NAME, MAX, &record->text, NULL) < 0)
		return false;
	record->exists = true;
	record->lines = record->text;
	line = strsep(&record->lines, "\n");
	return record->lines && parse_head(record->sys, line, &record->version);
}

/* Lines of base chains come first. */
static void read_bases(struct vnm_rules_record *record)
{
	char *end;

	while ((end = strchr(record->lines, '\n'))) {
		*end = '\0';
		if (!vnm_nft_bases_parse(record->sys, record->lines)) {
			*end = '\n';
			return;
		}
		record->lines = end + 1;
	}
}

/* Most commands need no network's line. Return: false: one is damaged, and the record void. */
static bool read_lines(struct vnm_rules_record *record)
{
	const bool changed = record->changed;
	char *line, *rest = record->lines;

	record->lines = NULL;
	/* Behind the last newline there is nothing. */
	while (rest && (line = strsep(&rest, "\n")) && rest) {
		if (parse_line(record, line) || vnm_nft_bases_are(line))
			continue;
		vnm_rules_record_clear(record);
		record->exists = true;
		record->sys->nft_own.known = false;
		return false;
	}
	record->changed = changed;
	return true;
}

static size_t position(struct vnm_rules_record *record, const char *name)
{
	(void)read_lines(record);
	return place_of(record, name);
}

/**
 * vnm_rules_record_begin() - before a command changes anything: from here on own transactions are known as such
 * @record: the record
 * @sys:    the handles, with the run directory, whose lock is held
 */
void vnm_rules_record_begin(struct vnm_rules_record *record, struct vnm_sys *sys)
{
	uint32_t generation;

	record->sys = sys;
	sys->nft_own.known = false;
	if (!read_file(record) || vnm_nft_generation(sys, &generation) < 0 ||
	    generation != record->version.generation)
		return;
	read_bases(record);
	sys->nft_own = (struct vnm_nft_own){ true, false, generation, sys->fw_backend };
}

/* "INO SIZE SEC NSEC NAME\n": is the name this? @rest: gets the next line */
static bool line_names(const char *line, const char *name, const char **rest)
{
	const char *end = strchr(line, '\n');
	size_t len = strlen(name);

	*rest = end ? end + 1 : NULL;
	return end && (size_t)(end - line) > len && end[-(ptrdiff_t)len - 1] == ' ' &&
	       !strncmp(end - len, name, len);
}

/**
 * vnm_rules_record_stands() - what all networks share is in place, if the rules of all of them are
 * @record: the record, since vnm_rules_record_begin()
 * @active: the active networks, sorted, @n of them; 0: not known
 */
void vnm_rules_record_stands(struct vnm_rules_record *record, char *const *active, size_t n)
{
	const char *line = record->lines;
	bool all = record->sys && line && n > 0;

	for (size_t i = 0; i < n && all; i++)
		all = line && line_names(line, active[i], &line);
	if (all && !*line)
		record->sys->nft_own.stands = true;
}

/** vnm_rules_record_put() - all rules of the network's journal are in place */
void vnm_rules_record_put(struct vnm_rules_record *record, const char *name)
{
	struct vnm_stamp journal;

	stamp_journal(record, name, &journal);
	(void)read_lines(record);
	if (journal.ino)
		put(record, name, &journal);
}

/* Were all transactions of nf_tables since the record was written ours? */
static bool is_kept(const struct vnm_rules_record *record)
{
	return record->sys && record->sys->nft_own.known;
}

/** vnm_rules_record_keep() - vnm_rules_record_put() after a change, unless the record is void */
void vnm_rules_record_keep(struct vnm_rules_record *record, const char *name)
{
	if (is_kept(record))
		vnm_rules_record_put(record, name);
}

/** vnm_rules_record_remove() - that is not known any more, or there is no such network */
void vnm_rules_record_remove(struct vnm_rules_record *record, const char *name)
{
	size_t at = position(record, name);

	if (!is_at(record, at, name))
		return;
	free(record->items[at].name);
	record->n--;
	memmove(&record->items[at], &record->items[at + 1],
		(record->n - at) * sizeof(*record->items));
	record->changed = true;
}

static void write_file(const struct vnm_rules_record *record)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_sys *sys = record->sys;

	if (vnm_link_record_here(sys) < 0)
		return;
	vnm_buf_printf(&text, FORMAT "%" PRIu32 " %" PRIx64 " %" PRIu64 " %" PRIu64 " %s\n",
		       record->version.generation, record->version.legacy, sys->here.netns,
		       sys->here.cookie, sys->here.boot);
	vnm_nft_bases_format(sys, &text);
	for (size_t i = 0; i < record->n; i++)
		vnm_buf_printf(&text, "%" PRIu64 " %" PRIu64 " %" PRId64 " %" PRIu32 " %s\n",
			       record->items[i].journal.ino, record->items[i].journal.size,
			       record->items[i].journal.sec, record->items[i].journal.nsec,
			       record->items[i].name);
	(void)vnm_file_replace(sys->run_fd, FILE_NAME, text.data, text.len, 0600, (gid_t)-1,
			       VNM_VOLATILE);
}

/**
 * vnm_rules_record_end() - at the end of a command: take the record along to the version that it leaves
 * @record: the record
 *
 * Not if there was another transaction than ours: then the record is void.
 */
void vnm_rules_record_end(struct vnm_rules_record *record)
{
	if (!is_kept(record) || !record->exists ||
	    (!record->changed && record->version.generation == record->sys->nft_own.generation))
		return;
	if (!read_lines(record))
		return;
	record->version.generation = record->sys->nft_own.generation;
	write_file(record);
}

/**
 * vnm_rules_record_load() - is there a record of this version of the packet filters?
 * @record: the record
 * @sys:    as for vnm_rules_record_begin()
 * @now:    gets the version; all zero: it cannot be told
 */
bool vnm_rules_record_load(struct vnm_rules_record *record, struct vnm_sys *sys,
			   struct vnm_fw_version *now)
{
	record->sys = sys;
	if (vnm_fw_version_read(sys, now) < 0) {
		*now = (struct vnm_fw_version){ 0 };
		return false;
	}
	return read_file(record) && vnm_fw_version_same(now, &record->version) &&
	       read_lines(record);
}

/** vnm_rules_record_has() - are the network's rules known to be as planned, by the journal as it is now? */
bool vnm_rules_record_has(struct vnm_rules_record *record, const char *name)
{
	size_t at = position(record, name);
	struct vnm_stamp journal;

	if (!is_at(record, at, name))
		return false;
	stamp_journal(record, name, &journal);
	return journal.ino && vnm_stamp_same(&journal, &record->items[at].journal);
}

/**
 * vnm_rules_record_write() - record the networks that vnm_rules_record_put() was called for
 * @record:  the record
 * @version: before their rules were looked at; nothing is recorded if it is another one by now
 */
void vnm_rules_record_write(struct vnm_rules_record *record, const struct vnm_fw_version *version)
{
	struct vnm_fw_version now;

	if (record->n < VNM_RULES_RECORD_MIN || !version->generation ||
	    vnm_fw_version_read(record->sys, &now) < 0 || !vnm_fw_version_same(&now, version))
		return;
	record->version = now;
	write_file(record);
}

/** vnm_rules_record_drop() - remove the file: no network is active */
void vnm_rules_record_drop(struct vnm_rules_record *record)
{
	if (record->exists)
		(void)vnm_file_unlink(record->sys->run_fd, FILE_NAME, VNM_VOLATILE);
	vnm_rules_record_clear(record);
}

/** vnm_rules_record_clear() - free what is known; there is no record then. */
void vnm_rules_record_clear(struct vnm_rules_record *record)
{
	for (size_t i = 0; i < record->n; i++)
		free(record->items[i].name);
	free(record->items);
	free(record->text);
	*record = (struct vnm_rules_record){ .sys = record->sys };
}
