/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - vnetmgr-bridge-helper: taps on networks for the virtual machines of ordinary users.
 *
 * QEMU runs it instead of its own bridge helper: "-netdev bridge,br=NETWORK,helper=...". It is setuid root: see privilege.c for
 * what it does not believe its caller, and policy.c for whom it serves. Nothing is printed while the lock is held, since whoever
 * reads it may keep us waiting.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/driver.h"
#include "lend/policy.h"
#include "lend/privilege.h"
#include "lend/request.h"
#include "util/mem.h"

#define WAIT_SECONDS 5
#define POLICY "bridge.conf"

/* Beside network.conf. */
static char *policy_path(const char *root)
{
	struct vnm_paths paths = { 0 };
	char *path;

	vnm_paths_init(&paths, root);
	path = vnm_asprintf("%.*s/" POLICY, (int)(strrchr(paths.settings, '/') - paths.settings),
			    paths.settings);
	vnm_paths_clear(&paths);
	return path;
}

/* The network that is asked for, by its name or its bridge, if the caller may have taps there. */
static const struct vnm_grant *find_grant(struct vnm_driver *drv, const struct vnm_policy *mine,
					  const char *name)
{
	for (size_t i = 0; i < mine->n; i++)
		if (!strcmp(mine->items[i].network, name))
			return &mine->items[i];
	for (size_t i = 0; i < mine->n; i++)
		if (vnm_driver_is_bridge(drv, mine->items[i].network, name))
			return &mine->items[i];
	return NULL;
}

static int lend(const struct vnm_request *request, const struct vnm_caller *caller,
		struct vnm_driver *drv, const struct vnm_policy *mine, struct vnm_error *err)
{
	const struct vnm_grant *grant = find_grant(drv, mine, request->bridge);
	struct vnm_loan loan = { .uid = caller->uid, .vnet_hdr = request->vnet_hdr };
	struct vnm_error ignored = { 0 };
	vnm_autoclose int fd = -1;
	int r;

	if (!grant)
		return -ENOENT;
	loan.network = grant->network;
	loan.max = grant->max;
	r = vnm_driver_lend(drv, &loan, &fd, err);
	if (r == 0) {
		r = vnm_request_send(request, fd, err);
		if (r < 0)
			(void)vnm_driver_detach_id(drv, loan.network, loan.id, &ignored);
	}
	free(loan.id);
	return r;
}

static int refuse(const struct vnm_request *request, const struct vnm_caller *caller,
		  const char *path, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_PERMISSION, EPERM,
			     "user %u may have no tap on '%s'; root can allow it in '%s'",
			     (unsigned)caller->uid, request->bridge, path);
}

/* Who is allowed nothing does not get as far as the lock. */
static int serve(const struct vnm_request *request, const struct vnm_caller *caller,
		 const char *root, struct vnm_error *err)
{
	const struct vnm_options options = { .root = root, .wait = WAIT_SECONDS };
	vnm_autodriver struct vnm_driver *drv = NULL;
	vnm_autofree char *path = policy_path(root);
	struct vnm_policy mine = { 0 };
	int r = vnm_policy_load(path, &mine, err);

	if (r == 0) {
		vnm_policy_select(&mine, caller);
		r = mine.n ? vnm_driver_open(&options, &drv, err) : -ENOENT;
	}
	if (r == 0)
		r = lend(request, caller, drv, &mine, err);
	vnm_policy_clear(&mine);
	return r < 0 && err->code == VNM_ERR_NONE ? refuse(request, caller, path, err) : r;
}

static int run(const struct vnm_request *request, struct vnm_error *err)
{
	const char *given = secure_getenv("VNETMGR_ROOT");
	vnm_autofree char *root = given && *given == '/' ? vnm_strdup(given) : NULL;
	struct vnm_caller caller = { 0 };
	int r;

	vnm_privilege_read_caller(&caller);
	r = vnm_privilege_isolate(request->fd, err);
	if (r == 0)
		r = vnm_request_check_socket(request, err);
	if (r == 0)
		r = serve(request, &caller, root, err);
	free(caller.groups);
	return r;
}

int main(int argc, char **argv)
{
	struct vnm_request request = { 0 };
	struct vnm_error err = { 0 };
	int r = vnm_request_read(argc, argv, &request, &err);

	if (r == 0 && request.version)
		return puts("vnetmgr-bridge-helper " VNM_VERSION) < 0;
	if (r == 0 && request.help)
		return puts("vnetmgr-bridge-helper [--use-vnet] --br=NETWORK --fd=FD\n"
			    "QEMU runs it: -netdev bridge,br=NETWORK,helper=/path/to/"
			    "vnetmgr-bridge-helper; see vnetmgr-bridge-helper(8)") < 0;
	if (r == 0)
		r = run(&request, &err);
	if (r == 0)
		return 0;
	fprintf(stderr, "error: %s\n", err.msg);
	return 1;
}
