// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * others_record.c - NAME.others in the run directory: the record of others' devices on a network's bridge.
 *
 * The first line is the format's; the second has the boot, and the network namespace and its cookie, in which the numbers are valid.
 * Each device has a line: its ifindex, that of its veth peer, that of the bridge; kind, name and MAC address; its bridge port flags; the old
 * value of each setting that shields the host from its guest; "lowered": it is down for a moment, and is to be up; its VLANs, other
 * than the bridge's default.
 */
#include "state/others_record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/session.h"
#include "util/mem.h"
#include "util/namespaces.h"
#include "util/proc.h"

#define RECORD_MAGIC "vnetmgr-others 1"
#define RECORD_MAX (256 * 1024) /* 1023 ports */
#define NONE "-"
#define LOWERED "lowered"
#define VLANS "vlans="

static char *record_name(const char *name)
{
	return vnm_asprintf("%s.others", name);
}

/* The header, but for the cookie: boot and namespace of the numbers. @ret: allocated. Return: 0 or -errno. */
static int make_head(char **ret, uint64_t *ret_cookie)
{
	char boot[VNM_UUID_STRLEN];
	struct vnm_namespaces own;
	int r = vnm_boot_id(boot);

	if (r == 0)
		r = vnm_namespaces_of(0, &own);
	if (r == 0)
		*ret = vnm_asprintf(RECORD_MAGIC "\n%s %" PRIu64, boot, own.id[VNM_NAMESPACE_NET]);
	*ret_cookie = r == 0 ? own.cookie : 0;
	return r;
}

/* Are the numbers valid here? @ret: the rest of the header; records of earlier versions have no cookie. */
static bool is_valid(char *text, const char *head, uint64_t cookie, char **ret)
{
	size_t len = strlen(head);

	*ret = text + len;
	return !strncmp(text, head, len) &&
	       (**ret == '\n' || (**ret == ' ' && vnm_namespace_cookies_match(
							  strtoull(*ret + 1, NULL, 10), cookie)));
}

static void format_other(const struct vnm_other *other, struct vnm_buf *out)
{
	char mac[VNM_MAC_STRLEN] = NONE;

	if (other->mac.set)
		vnm_mac_format(&other->mac, mac);
	vnm_buf_printf(out, "%d %d %d %s %s %s %" PRIx64 " %" PRIx64, other->index, other->peer,
		       other->bridge, *other->kind ? other->kind : NONE, other->name, mac,
		       other->settings, other->set);
	for (size_t i = 0; i < VNM_SHIELD_COUNT; i++)
		vnm_buf_printf(out, " %d", other->before[i]);
	vnm_buf_printf(out, "%s%s%s\n", other->lowered ? " " LOWERED : "",
		       other->vlans ? " " VLANS : "", other->vlans ? other->vlans : "");
}

/* The words behind what every line has. */
static void parse_words(const char *line, struct vnm_other *ret)
{
	vnm_autofree char *words = strndup(line, strcspn(line, "\n"));
	char *rest = words;

	for (char *word; words && (word = strsep(&rest, " "));) {
		if (!strcmp(word, LOWERED))
			ret->lowered = true;
		if (!strncmp(word, VLANS, strlen(VLANS)) && !ret->vlans)
			ret->vlans = vnm_strdup(word + strlen(VLANS));
	}
}

static bool parse_other(const char *line, struct vnm_other *ret)
{
	char kind[16], mac[VNM_MAC_STRLEN];
	int *before = ret->before, n, end = 0;

	*ret = (struct vnm_other){ 0 };
	n = sscanf(line, "%d %d %d %15s %15s %17s %" SCNx64 " %" SCNx64 " %d %d %d%n", &ret->index,
		   &ret->peer, &ret->bridge, kind, ret->name, mac, &ret->settings, &ret->set,
		   &before[VNM_SHIELD_IPV6], &before[VNM_SHIELD_ARP], &before[VNM_SHIELD_SENDER],
		   &end);
	if (n < 11)
		return false;
	parse_words(line + end, ret);
	snprintf(ret->kind, sizeof(ret->kind), "%s", strcmp(kind, NONE) ? kind : "");
	return ret->index > 0 && vnm_ifname_valid(ret->name) &&
	       (!strcmp(mac, NONE) || vnm_mac_parse(mac, &ret->mac) == 0);
}

static int fail_record(struct vnm_driver *drv, int rc, const char *what, const char *file,
		       struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_SYSTEM, -rc,
			     "cannot %s the record of others' bridge ports '%s/%s': %s", what,
			     drv->paths.run, file, strerror(-rc));
}

/* @line: the header's last, which is passed over */
static void parse_record(char *line, struct vnm_others *ret)
{
	char *end;

	for (line += strcspn(line, "\n"); *line && (end = strchr(++line, '\n')); line = end) {
		struct vnm_other other;

		if (parse_other(line, &other))
			vnm_others_add(ret, &other);
		free(other.vlans);
	}
}

/**
 * vnm_others_read() - read the record of others' devices
 * @drv:  the driver
 * @name: the network
 * @ret:  gets them; empty if the record is damaged, or of another boot or namespace
 * @text: gets the record's text, allocated; it stays NULL when there is none
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_others_read(struct vnm_driver *drv, const char *name, struct vnm_others *ret, char **text,
		    struct vnm_error *err)
{
	vnm_autofree char *file = record_name(name), *head = NULL;
	uint64_t cookie;
	char *rest;
	int r = vnm_file_read(drv->run_fd, file, RECORD_MAX, text, NULL);

	if (r == -ENOENT || vnm_file_damaged(r))
		return 0;
	if (r == 0)
		r = make_head(&head, &cookie);
	if (r < 0)
		return fail_record(drv, r, "read", file, err);
	if (is_valid(*text, head, cookie, &rest))
		parse_record(rest, ret);
	return 0;
}

/**
 * vnm_others_write() - write the record of others' devices
 * @drv:    the driver
 * @name:   the network
 * @before: the present text of the record, which is not written again; or NULL
 * @others: all devices; none: the record is removed
 * @err:    set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_others_write(struct vnm_driver *drv, const char *name, const char *before,
		     const struct vnm_others *others, struct vnm_error *err)
{
	vnm_autofree char *file = record_name(name), *head = NULL;
	vnm_autobuf struct vnm_buf text = { 0 };
	uint64_t cookie;
	int r;

	if (others->n == 0) {
		r = vnm_file_unlink(drv->run_fd, file, VNM_VOLATILE);
		return r < 0 ? fail_record(drv, r, "remove", file, err) : 0;
	}
	r = make_head(&head, &cookie);
	if (r == 0) {
		vnm_buf_printf(&text, "%s %" PRIu64 "\n", head, cookie);
		for (size_t i = 0; i < others->n; i++)
			format_other(&others->items[i], &text);
		if (before && !strcmp(before, vnm_buf_str(&text)))
			return 0;
		r = vnm_file_replace(drv->run_fd, file, vnm_buf_str(&text), text.len, 0600,
				     (gid_t)-1, VNM_VOLATILE);
	}
	return r < 0 ? fail_record(drv, r, "write", file, err) : 0;
}

/** vnm_driver_drop_others() - remove the record of others' devices */
void vnm_driver_drop_others(struct vnm_driver *drv, const char *name)
{
	vnm_autofree char *file = record_name(name);

	(void)vnm_file_unlink(drv->run_fd, file, VNM_VOLATILE);
}

/** vnm_driver_move_others() - rename the record with its network; may be repeated */
void vnm_driver_move_others(struct vnm_driver *drv, const char *old, const char *to)
{
	vnm_autofree char *from = record_name(old), *file = record_name(to);

	(void)renameat(drv->run_fd, from, drv->run_fd, file);
}
