// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fw_nft_handles.c - by which handles the kernel knows the rules in chains that all networks share.
 *
 * Theory of operation. The kernel deletes a rule by its handle. Where there are rules of a thousand networks, the list of a chain
 * that tells the handle takes longer than all else of a stop. So handles are recorded when rules are added, in a file for each
 * network, RUN/handles/NAME, with a line for each rule; of two lines for a rule the last one counts.
 *
 * A record is a hint. A rule is what its handle leads to only if it is equal to the one that is looked for; else, or
 * without a record, the chain is read. So a record may be missing, damaged or of another boot, and that it cannot be written is no
 * failure.
 */
#include "sys/firewall/fw_nft_handles.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/dir.h"
#include "util/file.h"
#include "util/mem.h"

#define RECORDS "handles"
#define RECORD_MAX ((size_t)256 * 1024)

/** struct vnm_fw_nft_handles - the record read last. @text: NULL: there is none; @used: for a rule; @distrusted: no more */
struct vnm_fw_nft_handles {
	char *network, *text;
	bool used, distrusted;
};

static void add_place(const struct vnm_fw_nft_place *rule, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%s %s %s %016" PRIx64 " ", rule->family == AF_INET6 ? "ip6" : "ip",
		       vnm_enum_name(&vnm_enum_fw_table, (int)rule->table), rule->chain,
		       rule->hash);
}

static int open_records(const struct vnm_sys *sys)
{
	return vnm_open(sys->run_fd, RECORDS, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
}

static void load(struct vnm_sys *sys, const char *network)
{
	struct vnm_fw_nft_handles *handles = sys->fw_nft_handles;
	vnm_autoclose int dir = -1;

	free(handles->network);
	free(handles->text);
	handles->network = vnm_strdup(network);
	handles->text = NULL;
	dir = open_records(sys);
	if (dir >= 0 && vnm_file_read(dir, network, RECORD_MAX, &handles->text, NULL) < 0)
		handles->text = NULL;
}

/* What follows the last line that begins so. */
static const char *last_after(const char *text, const char *begin)
{
	const char *found = NULL;
	size_t len = strlen(begin);

	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		if (!strchr(line, '\n'))
			break;
		if (!strncmp(line, begin, len))
			found = line + len;
	}
	return found;
}

/**
 * vnm_fw_nft_handle() - the handle of a rule, as it was recorded
 * @sys:  the handles
 * @rule: but for @handle
 *
 * Return: the handle, which may lead elsewhere by now; 0: not known.
 */
uint64_t vnm_fw_nft_handle(struct vnm_sys *sys, const struct vnm_fw_nft_place *rule)
{
	struct vnm_fw_nft_handles *handles;
	vnm_autobuf struct vnm_buf begin = { 0 };
	const char *found;

	if (!sys->fw_nft_handles)
		sys->fw_nft_handles = vnm_alloc(sizeof(*sys->fw_nft_handles));
	handles = sys->fw_nft_handles;
	if (handles->distrusted || sys->run_fd < 0 || !rule->network || !*rule->network)
		return 0;
	if (!handles->network || strcmp(handles->network, rule->network) != 0)
		load(sys, rule->network);
	if (!handles->text)
		return 0;
	add_place(rule, &begin);
	found = last_after(handles->text, begin.data);
	handles->used |= found != NULL;
	return found ? strtoull(found, NULL, 10) : 0;
}

static int by_network(const void *a, const void *b)
{
	const struct vnm_fw_nft_place *x = a, *y = b;

	return strcmp(x->network, y->network);
}

/* To the end of what is there, unless that has grown too long. A line that was not written whole leads nowhere. */
static void append(int dir, const char *network, const struct vnm_buf *text)
{
	vnm_autoclose int fd =
		vnm_open(dir, network,
			 O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    ((size_t)st.st_size + text->len > RECORD_MAX && ftruncate(fd, 0) < 0))
		return;
	(void)vnm_write_all(fd, text->data, text->len);
}

/**
 * vnm_fw_nft_handles_write() - record where rules are, which have just been added
 * @sys:   the handles
 * @rules: of any networks; sorted here
 * @n:     how many
 */
void vnm_fw_nft_handles_write(struct vnm_sys *sys, struct vnm_fw_nft_place *rules, size_t n)
{
	struct vnm_error ignored = { 0 };
	vnm_autoclose int dir = -1;

	if (n == 0 || sys->run_fd < 0)
		return;
	dir = vnm_dir_openat(sys->run_fd, RECORDS, 0700, (gid_t)-1, &ignored);
	if (dir < 0)
		return;
	qsort(rules, n, sizeof(*rules), by_network);
	for (size_t first = 0, last; first < n; first = last) {
		vnm_autobuf struct vnm_buf text = { 0 };

		for (last = first; last < n && !by_network(&rules[first], &rules[last]); last++) {
			add_place(&rules[last], &text);
			vnm_buf_printf(&text, "%" PRIu64 "\n", rules[last].handle);
		}
		append(dir, rules[first].network, &text);
	}
}

/**
 * vnm_fw_nft_handles_drop() - remove the records of networks that have no rules any more
 * @sys: the handles
 * @ops: the rules that they had; those of a network follow each other
 * @n:   how many
 */
void vnm_fw_nft_handles_drop(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n)
{
	vnm_autoclose int dir = sys->run_fd < 0 || n == 0 ? -1 : open_records(sys);

	for (size_t i = 0; i < n && dir >= 0; i++)
		if (*ops[i]->rule.network &&
		    (i == 0 || strcmp(ops[i]->rule.network, ops[i - 1]->rule.network) != 0))
			(void)vnm_file_unlink(dir, ops[i]->rule.network, VNM_VOLATILE);
}

/** vnm_fw_nft_handles_distrust() - use no record from now on: rules were added twice. Return: false if none was used. */
bool vnm_fw_nft_handles_distrust(struct vnm_sys *sys)
{
	if (!sys->fw_nft_handles || !sys->fw_nft_handles->used || sys->fw_nft_handles->distrusted)
		return false;
	sys->fw_nft_handles->distrusted = true;
	return true;
}

/** vnm_fw_nft_handles_free() - free what was read; NULL is fine. */
void vnm_fw_nft_handles_free(struct vnm_fw_nft_handles *handles)
{
	if (!handles)
		return;
	free(handles->network);
	free(handles->text);
	free(handles);
}
