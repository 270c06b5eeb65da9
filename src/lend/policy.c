/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * policy.c - bridge.conf: who may have how many taps on which networks.
 *
 *   # USER or @GROUP   NETWORK   TAPS
 *   ann                default   4
 *   @students          lab       1
 *
 * Separated by blanks; "#" begins a comment. Nothing of a file with an error takes effect, so that no typing error grants or refuses
 * what was not meant.
 */
#include "lend/policy.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/parse.h"

#define POLICY_MAX 65536
#define BLANKS " \t\r"
#define WHO_MAX 256
#define TAPS_MAX 1000

static int refuse(const char *path, unsigned line, const char *what, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_STATE, EINVAL, "%s:%u: %s", path, line, what);
}

/* As in passwd(5) and group(5), or a number; "@" before a group. */
static bool is_who(const char *s)
{
	size_t len = strlen(s += *s == '@');

	for (size_t i = 0; i < len; i++)
		if (!isgraph((unsigned char)s[i]) || strchr("@:,\"'", s[i]))
			return false;
	return len > 0 && len <= WHO_MAX;
}

static char *next_word(char **rest)
{
	char *word;

	*rest += strspn(*rest, BLANKS);
	word = strsep(rest, BLANKS);
	if (!*rest)
		*rest = word + strlen(word);
	return word;
}

static int read_line(const char *path, unsigned number, char *line, struct vnm_policy *policy,
		     struct vnm_error *err)
{
	struct vnm_grant *grant;
	char *rest = line, *who, *network, *taps;
	uint32_t max;

	line[strcspn(line, "#")] = '\0';
	who = next_word(&rest);
	network = next_word(&rest);
	taps = next_word(&rest);
	if (!*who)
		return 0;
	if (!*taps || *next_word(&rest))
		return refuse(path, number, "expecting USER or @GROUP, NETWORK and TAPS", err);
	if (!is_who(who))
		return refuse(path, number, "expecting a user, or a group with @ before it", err);
	if (!vnm_name_valid(network))
		return refuse(path, number, "expecting the name of a network", err);
	if (vnm_parse_u32(taps, 0, TAPS_MAX, &max) < 0)
		return refuse(path, number, "expecting a number of taps, from 0 to 1000", err);
	policy->items = vnm_array_add(policy->items, &policy->n, sizeof(*policy->items));
	grant = &policy->items[policy->n - 1];
	grant->who = vnm_strdup(who);
	grant->network = vnm_strdup(network);
	grant->max = max;
	return 0;
}

/**
 * vnm_policy_parse() - read the text of bridge.conf
 * @text: is modified
 * @path: of the file, for messages
 * @ret:  zeroed; free with vnm_policy_clear(), also after a failure
 * @err:  VNM_ERR_STATE, with file and line
 *
 * Return: 0 or -errno.
 */
int vnm_policy_parse(char *text, const char *path, struct vnm_policy *ret, struct vnm_error *err)
{
	unsigned number = 0;
	char *line;
	int r = 0;

	while (r == 0 && (line = strsep(&text, "\n")))
		r = read_line(path, ++number, line, ret, err);
	return r;
}

/* Who may write it decides who gets onto the networks. */
static int check_file(const char *path, struct vnm_error *err)
{
	struct stat st;
	int r = vnm_stat_at(AT_FDCWD, path, &st);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_PERMISSION, -r, "cannot read '%s': %s", path,
				     strerror(-r));
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & (S_IWGRP | S_IWOTH)))
		return vnm_error_set(
			err, VNM_ERR_PERMISSION, EPERM,
			"'%s' must be a file that belongs to root, and that nobody else "
			"may write to",
			path);
	return 0;
}

/**
 * vnm_policy_load() - read bridge.conf
 * @path: of the file
 * @ret:  zeroed; free with vnm_policy_clear()
 * @err:  VNM_ERR_PERMISSION: there is none, or others may write to it; VNM_ERR_STATE
 *
 * Return: 0 or -errno.
 */
int vnm_policy_load(const char *path, struct vnm_policy *ret, struct vnm_error *err)
{
	vnm_autofree char *text = NULL;
	size_t len;
	int r = check_file(path, err);

	if (r < 0)
		return r;
	r = vnm_file_read(AT_FDCWD, path, POLICY_MAX, &text, &len);
	if (r == 0 && strlen(text) != len)
		r = -EINVAL;
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_STATE, -r, "cannot read '%s': %s", path,
				     strerror(-r));
	return vnm_policy_parse(text, path, ret, err);
}

static bool in_group(const struct vnm_caller *caller, const char *name)
{
	const struct group *group = getgrnam(name);
	uint32_t gid = group ? group->gr_gid : 0;

	if (!group && vnm_parse_u32(name, 0, UINT32_MAX - 1, &gid) < 0)
		return false;
	for (size_t i = 0; i < caller->n_groups; i++)
		if (caller->groups[i] == gid)
			return true;
	return false;
}

static bool is_user(const struct vnm_caller *caller, const char *name)
{
	const struct passwd *user = getpwnam(name);
	uint32_t uid = user ? user->pw_uid : 0;

	if (!user && vnm_parse_u32(name, 0, UINT32_MAX - 1, &uid) < 0)
		return false;
	return caller->uid == uid;
}

/** vnm_policy_select() - keep the lines that are for the caller, one a network: that with most taps */
void vnm_policy_select(struct vnm_policy *policy, const struct vnm_caller *caller)
{
	struct vnm_policy mine = { 0 };

	for (size_t i = 0; i < policy->n; i++) {
		struct vnm_grant *grant = &policy->items[i];
		size_t k = 0;

		if (*grant->who == '@' ? !in_group(caller, grant->who + 1)
				       : !is_user(caller, grant->who))
			continue;
		while (k < mine.n && strcmp(mine.items[k].network, grant->network) != 0)
			k++;
		if (k < mine.n) {
			if (grant->max > mine.items[k].max)
				mine.items[k].max = grant->max;
			continue;
		}
		mine.items = vnm_array_add(mine.items, &mine.n, sizeof(*mine.items));
		mine.items[k].who = vnm_steal(&grant->who);
		mine.items[k].network = vnm_steal(&grant->network);
		mine.items[k].max = grant->max;
	}
	vnm_policy_clear(policy);
	*policy = mine;
}

/** vnm_policy_clear() - free what vnm_policy_parse() read */
void vnm_policy_clear(struct vnm_policy *policy)
{
	for (size_t i = 0; i < policy->n; i++) {
		free(policy->items[i].who);
		free(policy->items[i].network);
	}
	free(policy->items);
	*policy = (struct vnm_policy){ 0 };
}
