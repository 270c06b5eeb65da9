/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * accept_ra.c - the host keeps accepting router advertisements while it forwards IPv6.
 *
 * With net.ipv6.conf.all.forwarding on, the kernel ignores router advertisements on devices whose accept_ra is 1, and
 * drops the default routes that it has learnt there (Documentation/networking/ip-sysctl.rst): a host that gets its IPv6
 * from them would lose it. 2 overrides this. So before a network turns forwarding on, 1 is changed to 2 on each device
 * and in "default", which new devices begin with.
 *
 * Left alone are the value 0 (NetworkManager and systemd-networkd process advertisements themselves, and their routes
 * stay), devices of networks and of guests, which must not advertise anything to the host, and devices that receive none:
 * bridge ports, the loopback device, devices without IPv6.
 *
 * Like forwarding, this is shared by all networks. A device is recorded before it is changed, by its index, which survives
 * renaming. When forwarding is off again the record is consumed: a device that still has 2 gets its old value, others have
 * been changed by somebody else. If forwarding stays on, because others have come to rely on it, so does 2. If it was on
 * before the first of our networks, nothing is changed: the administrator has chosen to ignore advertisements.
 */
#include "sys/host/accept_ra.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/host/forwarding.h"
#include "sys/link/link.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"

#define RECORD "accept_ra" /* in the run directory */
#define RECORD_MAX (1024 * 1024)
#define VALUE_SIZE 16
#define HEARS_AS_HOST "1"
#define HEARS_AS_ROUTER "2"
#define NEW_DEVICES 0 /* instead of a device's index: "default" */

struct entry {
	int index;
	char old[VALUE_SIZE];
};

struct record {
	struct entry *items;
	size_t n;
};

static void record_clear(struct record *record)
{
	free(record->items);
	*record = (struct record){ 0 };
}

#define autorecord __attribute__((cleanup(record_clear)))

static int accept_ra_fail(struct vnm_error *err, int rc, const char *what, const char *on)
{
	bool read_only = rc == -EROFS;

	return vnm_error_set(err, read_only ? VNM_ERR_PERMISSION : VNM_ERR_SYSTEM, -rc,
			     "cannot %s %s: %s%s", what, on, strerror(-rc),
			     read_only ? "; /proc/sys must be writable, also in a container" : "");
}

static char *path_of(const char *dev)
{
	return vnm_asprintf("/proc/sys/net/ipv6/conf/%s/accept_ra", dev);
}

/* Has the device that value? Return: 1; 0, also without the device or IPv6; -errno. */
static int has_value(const char *dev, const char *value, struct vnm_error *err)
{
	vnm_autofree char *path = path_of(dev);
	char now[VALUE_SIZE];
	int r = vnm_proc_read(path, now, sizeof(now));

	if (r == -ENOENT)
		return 0;
	return r < 0 ? accept_ra_fail(err, r, "read", path) : !strcmp(now, value);
}

/* Return: 1, 0 or -errno. */
static int new_devices_are_deaf(struct vnm_error *err)
{
	return has_value("default", HEARS_AS_HOST, err);
}

static bool is_bridge(const struct vnm_links *links, int index)
{
	for (size_t i = 0; i < links->n; i++)
		if (links->items[i].fact.index == index)
			return !strcmp(links->items[i].fact.kind, "bridge");
	return false;
}

/* Would it ignore advertisements on a host that forwards? The bridge of an uplink must accept them as the NIC did. */
static bool is_deaf(const struct vnm_links *links, const struct vnm_link *link)
{
	return link->accept_ra == 1 && !link->loopback && !vnm_link_in_our_group(link) &&
	       !is_bridge(links, link->fact.master);
}

/* A record of another boot, or a damaged one, counts as none. */
static int record_read(struct vnm_sys *sys, struct record *ret)
{
	char boot[VNM_UUID_STRLEN], *save = NULL;
	vnm_autofree char *text = NULL;
	struct entry entry;
	int r = vnm_file_read(sys->run_fd, RECORD, RECORD_MAX, &text, NULL);

	if (r == 0)
		r = vnm_boot_id(boot);
	if (r < 0)
		return r == -ENOENT || vnm_file_damaged(r) ? 0 : r;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (line == text) {
			if (strcmp(line, boot) != 0)
				break;
			continue;
		}
		if (sscanf(line, "%d %15s", &entry.index, entry.old) != 2)
			continue;
		ret->items = vnm_array_add(ret->items, &ret->n, sizeof(*ret->items));
		ret->items[ret->n - 1] = entry;
	}
	return 0;
}

static int record_write(struct vnm_sys *sys, const struct record *record)
{
	char boot[VNM_UUID_STRLEN];
	vnm_autobuf struct vnm_buf text = { 0 };
	int r = vnm_boot_id(boot);

	if (r < 0)
		return r;
	vnm_buf_printf(&text, "%s\n", boot);
	for (size_t i = 0; i < record->n; i++)
		vnm_buf_printf(&text, "%d %s\n", record->items[i].index, record->items[i].old);
	return vnm_file_replace(sys->run_fd, RECORD, text.data, text.len, 0600, (gid_t)-1,
				VNM_VOLATILE);
}

/* Return: false when it was recorded already. */
static bool record_add(struct record *record, int index)
{
	for (size_t i = 0; i < record->n; i++)
		if (record->items[i].index == index)
			return false;
	record->items = vnm_array_add(record->items, &record->n, sizeof(*record->items));
	record->items[record->n - 1] = (struct entry){ index, HEARS_AS_HOST };
	return true;
}

/* Written only if there is something new. */
static int record_indexes(struct vnm_sys *sys, const int *indexes, size_t n, struct vnm_error *err)
{
	struct record record autorecord = { 0 };
	bool more = false;
	int r = record_read(sys, &record);

	if (r < 0)
		return accept_ra_fail(err, r, "read the record", RECORD);
	for (size_t i = 0; i < n; i++)
		more |= record_add(&record, indexes[i]);
	r = more ? record_write(sys, &record) : 0;
	return r < 0 ? accept_ra_fail(err, r, "write the record", RECORD) : 0;
}

static int record_all(struct vnm_sys *sys, const struct vnm_links *links, struct vnm_error *err)
{
	vnm_autofree int *indexes = NULL;
	size_t n = 0;
	int r = new_devices_are_deaf(err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < links->n; i++) {
		if (!is_deaf(links, &links->items[i]))
			continue;
		indexes = vnm_array_add(indexes, &n, sizeof(*indexes));
		indexes[n - 1] = links->items[i].fact.index;
	}
	if (r > 0) {
		indexes = vnm_array_add(indexes, &n, sizeof(*indexes));
		indexes[n - 1] = NEW_DEVICES;
	}
	return record_indexes(sys, indexes, n, err);
}

/* No error for a device that is gone. */
static int set_value(const char *dev, const char *value, struct vnm_error *err)
{
	vnm_autofree char *path = path_of(dev);
	int r = vnm_proc_write(path, value);

	return r < 0 && r != -ENOENT ? accept_ra_fail(err, r, "write", path) : 0;
}

/* Did we turn forwarding on? @on: it is on. @ours: also while it is off, since a later operation turns it on. */
static int read_switch(struct vnm_sys *sys, bool *on, bool *ours, struct vnm_error *err)
{
	int r = vnm_forwarding_get(AF_INET6, on);

	if (r == 0)
		r = vnm_forwarding_recorded(sys, AF_INET6, ours);
	return r < 0 ? accept_ra_fail(err, r, "read", "the switch of IPv6 forwarding") : 0;
}

static int accept_ra_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autolinks struct vnm_links links = { 0 };
	bool on = false, ours = false;
	int r = read_switch(sys, &on, &ours, err);

	(void)op;
	vnm_accept_ra_forget(sys);
	if (r < 0 || (on && !ours))
		return r;
	r = vnm_links_read(sys, &links, err);
	if (r == 0)
		r = record_all(sys, &links, err);
	/* The default first, so that no new device is missed. */
	if (r == 0)
		r = new_devices_are_deaf(err);
	if (r > 0)
		r = set_value("default", HEARS_AS_ROUTER, err);
	for (size_t i = 0; r == 0 && i < links.n; i++)
		if (is_deaf(&links, &links.items[i]))
			r = set_value(links.items[i].fact.name, HEARS_AS_ROUTER, err);
	return r;
}

/**
 * vnm_accept_ra_keep() - keep a device that is restored to the host from ignoring advertisements while others forward
 * @sys:  the handles
 * @link: the device, still on a bridge
 * @err:  the error
 *
 * Return: 0 or -errno.
 */
int vnm_accept_ra_keep(struct vnm_sys *sys, const struct vnm_link *link, struct vnm_error *err)
{
	bool on = false, ours = false;
	int r = read_switch(sys, &on, &ours, err);

	if (r < 0 || !on || !ours || link->accept_ra != 1)
		return r;
	r = record_indexes(sys, &link->fact.index, 1, err);
	return r < 0 ? r : set_value(link->fact.name, HEARS_AS_ROUTER, err);
}

/**
 * vnm_accept_ra_deaf() - which devices of the host ignore router advertisements when our networks have it forward IPv6?
 * @sys: the handles
 * @ret: gets their names, separated by commas, or "default": only new ones will; "": none
 * @err: the error
 *
 * Return: 0 or -errno.
 */
int vnm_accept_ra_deaf(struct vnm_sys *sys, struct vnm_buf *ret, struct vnm_error *err)
{
	vnm_autolinks struct vnm_links links = { 0 };
	bool on = false, ours = false;
	int r = read_switch(sys, &on, &ours, err);

	if (r < 0 || (on && !ours))
		return r;
	r = vnm_links_read(sys, &links, err);
	for (size_t i = 0; r == 0 && i < links.n; i++)
		if (is_deaf(&links, &links.items[i]))
			vnm_buf_printf(ret, "%s%s", ret->len ? ", " : "", links.items[i].fact.name);
	if (r == 0 && !ret->len)
		r = new_devices_are_deaf(err);
	if (r > 0)
		vnm_buf_add(ret, "default");
	return r < 0 ? r : 0;
}

/** vnm_accept_ra_drop_record() - remove the record of a network namespace that is gone. */
void vnm_accept_ra_drop_record(struct vnm_sys *sys)
{
	(void)vnm_file_unlink(sys->run_fd, RECORD, VNM_VOLATILE);
}

/** vnm_accept_ra_forget() - drop the cached state of devices, which may change now. */
void vnm_accept_ra_forget(struct vnm_sys *sys)
{
	free(sys->ra_deaf);
	sys->ra_deaf = NULL;
}

/* Read once for all networks. */
static int accept_ra_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			   struct vnm_error *err)
{
	vnm_autobuf struct vnm_buf names = { 0 };
	int r = sys->ra_deaf ? 0 : vnm_accept_ra_deaf(sys, &names, err);

	(void)op;
	if (r < 0)
		return r;
	if (!sys->ra_deaf)
		sys->ra_deaf = vnm_strdup(vnm_buf_str(&names));
	*ret = *sys->ra_deaf ? VNM_ABSENT : VNM_PRESENT;
	if (*sys->ra_deaf)
		snprintf(sys->why, sizeof(sys->why), "accept_ra is 1: %s", sys->ra_deaf);
	return 0;
}

/* Return: 0 or -errno; a device that is gone, or has another value by now, is no error. */
static int restore_value(const struct entry *entry, struct vnm_error *err)
{
	char dev[IF_NAMESIZE] = "default";
	int r;

	if (entry->index != NEW_DEVICES && !if_indextoname((unsigned)entry->index, dev)) {
		r = -errno;
		return r == -ENXIO || r == -ENODEV ? 0
						   : accept_ra_fail(err, r, "inspect", "a device");
	}
	r = has_value(dev, HEARS_AS_ROUTER, err);
	return r > 0 ? set_value(dev, entry->old, err) : r;
}

/* The values first, then the record: after a kill in between the first step is repeated, which is harmless. */
static int accept_ra_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct record record autorecord = { 0 };
	bool on = false, ours = false;
	int r;

	(void)op;
	vnm_accept_ra_forget(sys);
	if (!sys->last_one)
		return 0;
	r = read_switch(sys, &on, &ours, err);
	if (r < 0 || (on && ours)) /* still ours: it could not be turned off */
		return r;
	r = on ? 0 : record_read(sys, &record);
	if (r < 0)
		return accept_ra_fail(err, r, "read the record", RECORD);
	for (size_t i = 0; r == 0 && i < record.n; i++)
		r = restore_value(&record.items[i], err);
	if (r < 0)
		return r;
	r = vnm_file_unlink(sys->run_fd, RECORD, VNM_VOLATILE);
	return r < 0 ? accept_ra_fail(err, r, "remove the record", RECORD) : 0;
}

const struct vnm_op_impl vnm_impl_accept_ra = {
	.apply = accept_ra_apply,
	.check = accept_ra_check,
	.revert = accept_ra_revert,
};
