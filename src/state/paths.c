/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paths.c - the paths of the state directories. */
#include "state/paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plan/op/op_types.h"
#include "util/dir.h"
#include "util/mem.h"

#ifndef VNM_SYSCONFDIR
#define VNM_SYSCONFDIR "/etc"
#endif

#ifndef VNM_RUNDIR
#define VNM_RUNDIR "/run"
#endif

#ifndef VNM_LOCALSTATEDIR
#define VNM_LOCALSTATEDIR "/var"
#endif

/**
 * vnm_paths_init() - fill in the state directories
 * @paths: where to put them
 * @root:  directory to put everything below, or NULL: VNETMGR_ROOT from the environment (ignored in a program
 *         with raised privileges, secure_getenv(3)), else the system's own directories
 */
void vnm_paths_init(struct vnm_paths *paths, const char *root)
{
	size_t len;

	if (!root)
		root = secure_getenv("VNETMGR_ROOT");
	if (!root)
		root = "";
	len = strlen(root);
	while (len > 0 && root[len - 1] == '/')
		len--;
	paths->config = vnm_asprintf("%.*s%s/vnetmgr/networks", (int)len, root, VNM_SYSCONFDIR);
	paths->settings =
		vnm_asprintf("%.*s%s/vnetmgr/network.conf", (int)len, root, VNM_SYSCONFDIR);
	paths->host_conf = vnm_asprintf("%.*s%s/vnetmgr/host.conf", (int)len, root, VNM_SYSCONFDIR);
	paths->run = vnm_asprintf("%.*s%s/vnetmgr", (int)len, root, VNM_RUNDIR);
	paths->hooks = vnm_asprintf("%.*s%s/vnetmgr/hooks", (int)len, root, VNM_SYSCONFDIR);
	paths->frr_conf = vnm_asprintf("%.*s%s", (int)len, root, VNM_FRR_CONF);
	paths->frr_sockets = vnm_asprintf("%.*s%s", (int)len, root, VNM_FRR_SOCKETS);
	paths->made = vnm_asprintf("%s/attachments", paths->run);
	paths->attachments =
		vnm_asprintf("%.*s%s/lib/vnetmgr/attachments", (int)len, root, VNM_LOCALSTATEDIR);
	paths->leases =
		vnm_asprintf("%.*s%s/lib/vnetmgr/leases", (int)len, root, VNM_LOCALSTATEDIR);
}

/**
 * vnm_paths_check() - can nobody else replace our directories?
 * @paths: the state directories
 * @root:  the directory below which they are; NULL: the system's, which is not checked
 * @err:   VNM_ERR_STATE
 *
 * Return: 0 or -errno.
 */
int vnm_paths_check(const struct vnm_paths *paths, const char *root, struct vnm_error *err)
{
	const char *const dirs[] = { paths->config, paths->run, paths->leases, paths->attachments };
	int r = 0;

	for (size_t i = 0; root && r == 0 && i < VNM_ARRAY_SIZE(dirs); i++)
		r = vnm_dir_check_below(root, dirs[i], err);
	return r;
}

/* The sibling of @dir with another name; NULL: it does not exist. */
static char *find_sibling(const char *dir, const char *name)
{
	char *path = vnm_asprintf("%.*s/%s", (int)(strrchr(dir, '/') - dir), dir, name);

	if (access(path, F_OK) < 0 && errno == ENOENT) {
		free(path);
		return NULL;
	}
	return path;
}

/** vnm_paths_find_old() - find the directories of earlier versions */
void vnm_paths_find_old(struct vnm_paths *paths)
{
	free(paths->old_attachments);
	free(paths->old_made);
	paths->old_attachments = find_sibling(paths->attachments, "ports");
	paths->old_made = find_sibling(paths->made, "attached");
}

/** vnm_paths_clear() - free the strings of @paths. */
void vnm_paths_clear(struct vnm_paths *paths)
{
	free(paths->config);
	free(paths->settings);
	free(paths->host_conf);
	free(paths->run);
	free(paths->hooks);
	free(paths->frr_conf);
	free(paths->frr_sockets);
	free(paths->leases);
	free(paths->attachments);
	free(paths->made);
	free(paths->old_attachments);
	free(paths->old_made);
	*paths = (struct vnm_paths){ 0 };
}

/**
 * vnm_paths_dnsmasq() - the paths of one network's dnsmasq
 * @paths: the state directories
 * @name:  the network's name, already checked
 * @ret:   free with vnm_dnsmasq_paths_clear()
 */
void vnm_paths_dnsmasq(const struct vnm_paths *paths, const char *name,
		       struct vnm_dnsmasq_paths *ret)
{
	ret->dnsmasq_dir = vnm_asprintf("%s/dnsmasq/%s", paths->run, name);
	ret->lease_file = vnm_asprintf("%s/%s", paths->leases, name);
}
