// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * link_record.c - records of devices, by which they are recognised whatever their name is now.
 *
 * The kernel gives each device an index (ifindex) that is unique in its network namespace. It is recorded when a device is
 * created, in a file of the run directory: with our namespace, its cookie, the boot, the kind, and the index of the other
 * end of a veth pair. Indexes of another namespace or boot are ignored.
 */
#include "sys/link/link_record.h"

#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <linux/rtnetlink.h>

#include "sys/link/link.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/namespaces.h"
#include "util/parse.h"
#include "util/proc.h"

#define RECORD_MAX 256
#define NO_KIND "-" /* hardware */

struct record {
	int index, peer;
	char kind[sizeof(((struct vnm_fact_link *)0)->kind)];
};

/** vnm_link_record_here() - read which boot and network namespace this is into @sys->here, once. Return: 0 or -errno. */
int vnm_link_record_here(struct vnm_sys *sys)
{
	struct vnm_here here = { 0 };
	struct stat st;
	int r;

	if (*sys->here.boot)
		return 0;
	r = vnm_boot_id(here.boot);
	if (r == 0 && stat("/proc/self/ns/net", &st) < 0)
		r = -errno;
	if (r == 0)
		r = vnm_namespace_cookie(&here.cookie);
	if (r < 0)
		return r;
	here.netns = (uint64_t)st.st_ino;
	sys->here = here;
	return 0;
}

/**
 * vnm_link_record_write() - record the index of a device
 * @sys:  the handles, with the run directory
 * @file: the record
 * @link: the device
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_link_record_write(struct vnm_sys *sys, const char *file, const struct vnm_link *link,
			  struct vnm_error *err)
{
	vnm_autofree char *text = NULL;
	int r;

	if (sys->run_fd < 0)
		return 0; /* no run directory: name, MAC and group must do */
	r = vnm_link_record_here(sys);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot tell which boot and namespace this is: %s",
				     strerror(-r));
	text = vnm_asprintf("%d %d %s %" PRIu64 " %s %" PRIu64 "\n", link->fact.index, link->other,
			    *link->fact.kind ? link->fact.kind : NO_KIND, sys->here.netns,
			    sys->here.boot, sys->here.cookie);
	r = vnm_file_replace(sys->run_fd, file, text, strlen(text), 0600, (gid_t)-1, VNM_VOLATILE);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write the record '%s': %s",
				     file, strerror(-r));
	return 0;
}

/** vnm_link_record_drop() - remove the record of a device that is gone, or ours no more. Return: 0 or -errno. */
int vnm_link_record_drop(struct vnm_sys *sys, const char *file, struct vnm_error *err)
{
	int r = sys->run_fd < 0 ? 0 : vnm_file_unlink(sys->run_fd, file, VNM_VOLATILE);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot remove the record '%s': %s",
				     file, strerror(-r));
	return 0;
}

/* Return: 1; 0: there is no record, or no valid one; -errno. */
static int read_record(struct vnm_sys *sys, const char *file, struct record *ret)
{
	vnm_autofree char *text = NULL;
	char kind[16], boot[VNM_UUID_STRLEN];
	uint64_t ns, cookie = 0;
	int r;

	if (sys->run_fd < 0)
		return 0;
	r = vnm_file_read(sys->run_fd, file, RECORD_MAX, &text, NULL);
	if (r == -ENOENT || vnm_file_damaged(r))
		return 0;
	if (r == 0)
		r = vnm_link_record_here(sys);
	if (r < 0)
		return r;
	r = sscanf(text, "%d %d %15s %" SCNu64 " %36s %" SCNu64, &ret->index, &ret->peer, kind, &ns,
		   boot, &cookie);
	if (r < 5 || strcmp(boot, sys->here.boot) != 0 || ns != sys->here.netns ||
	    !vnm_namespace_cookies_match(cookie, sys->here.cookie))
		return 0;
	snprintf(ret->kind, sizeof(ret->kind), "%s", strcmp(kind, NO_KIND) ? kind : "");
	return ret->index > 0;
}

static int find_device(struct vnm_sys *there, int index, const char *kind, struct vnm_link *ret)
{
	struct vnm_link link;
	int r = vnm_link_read_index(there, index, &link);

	if (r < 0 || strcmp(link.fact.kind, kind) != 0)
		return r == -ENODEV ? 0 : r;
	*ret = link;
	return 1;
}

/**
 * vnm_link_record_find() - read the device of a record
 * @sys:   the handles, with the run directory
 * @file:  the record
 * @there: the handles where the device is
 * @ret:   the device, when 1 is returned
 *
 * Return: 1; 0 when there is no such record, or no such device any more; -errno.
 */
int vnm_link_record_find(struct vnm_sys *sys, const char *file, struct vnm_sys *there,
			 struct vnm_link *ret)
{
	struct record record;
	int r = read_record(sys, file, &record);

	return r > 0 ? find_device(there, record.index, record.kind, ret) : r;
}

/** vnm_link_record_find_peer() - the same, of the other end of a pair, which is elsewhere. */
int vnm_link_record_find_peer(struct vnm_sys *sys, const char *file, struct vnm_sys *there,
			      struct vnm_link *ret)
{
	struct record record;
	int r = read_record(sys, file, &record);

	if (r > 0 && record.peer == 0)
		r = 0;
	return r > 0 ? find_device(there, record.peer, record.kind, ret) : r;
}
