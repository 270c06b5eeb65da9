/* SPDX-License-Identifier: GPL-2.0-or-later */
/* observe.c - read the state of the host once, before anything is decided. */
#include "sys/host/observe.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/host/forwarding.h"
#include "sys/link/link.h"
#include "sys/link/route.h"
#include "sys/process/dnsmasq_account.h"
#include "sys/process/dnsmasq_explain.h"
#include "util/file.h"
#include "util/mem.h"

#define MAP_MAX 16384 /* a map has 340 lines at most (kernel UID_GID_MAP_MAX_EXTENTS) */

static int observe_forwarding(struct vnm_facts *facts, struct vnm_error *err)
{
	int r = vnm_forwarding_get(AF_INET, &facts->forwarding4);

	if (r == 0)
		r = vnm_forwarding_get(AF_INET6, &facts->forwarding6);
	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot read the forwarding switches: %s", strerror(-r))
		     : 0;
}

/* One line that maps one id: "0 1000 1" (user_namespaces(7)). */
static bool map_has_one_id(const char *map)
{
	unsigned long inside, outside, count;
	const char *newline = strchr(map, '\n');

	return sscanf(map, "%lu %lu %lu", &inside, &outside, &count) == 3 && count == 1 &&
	       (!newline || newline[1] == '\0');
}

static bool observe_single_uid(void)
{
	vnm_autofree char *map = NULL;
	char setgroups[16];

	if (vnm_proc_read("/proc/self/setgroups", setgroups, sizeof(setgroups)) == 0 &&
	    strcmp(setgroups, "deny") == 0)
		return true;
	return vnm_file_read(AT_FDCWD, "/proc/self/uid_map", MAP_MAX, &map, NULL) == 0 &&
	       map_has_one_id(map);
}

/**
 * vnm_observe_means() - the facts that every plan needs: how dnsmasq is run here
 * @facts: get it
 * @err:   set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_observe_means(struct vnm_facts *facts, struct vnm_error *err)
{
	facts->single_uid = observe_single_uid();
	free(facts->dnsmasq);
	facts->dnsmasq = vnm_dnsmasq_find();
	return vnm_observe_account(facts, err);
}

/**
 * vnm_observe_host() - what vnm_observe() reads, but the devices
 * @sys:   the handles
 * @facts: get it
 * @err:   set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_observe_host(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err)
{
	int r = vnm_observe_routes(sys, facts, err);

	if (r == 0)
		r = observe_forwarding(facts, err);
	return r < 0 ? r : vnm_observe_means(facts, err);
}

/**
 * vnm_observe() - read all facts of the host that a planner needs
 * @sys: the handles
 * @ret: the facts; vnm_facts_clear() frees them
 * @err: the error
 *
 * Return: 0 or -errno.
 */
int vnm_observe(struct vnm_sys *sys, struct vnm_facts *ret, struct vnm_error *err)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	int r = vnm_observe_links(sys, &facts, err);

	if (r == 0)
		r = vnm_observe_host(sys, &facts, err);
	if (r < 0)
		return r;
	*ret = facts;
	facts = (struct vnm_facts){ 0 };
	return 0;
}
