/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt_host.c - the networks of libvirt on this host, or in a directory, read from its files.
 *
 *   DIR/NAME.xml                           the definition
 *   DIR/autostart/NAME.xml                 the autostart link
 *   /run/libvirt/network/NAME.xml          it is active
 *   /run/libvirt/network/NAME.ports/UUID.xml  the ports of its guests
 *
 * The same files are there with libvirtd and with virtnetworkd, whether it runs at the moment or not.
 */
#include "driver/libvirt_host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "model/names.h"
#include "state/store.h"
#include "util/file.h"
#include "util/mem.h"
#include "xml/document.h"

#define RUN "/run/libvirt/network"
#define SUFFIX ".xml"

/* Return: the files with a suffix, without it, sorted; the directory may be missing. */
static int list_names(const char *path, char ***ret, size_t *ret_n, struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
	struct vnm_store store = { .fd = fd, .path = path };

	*ret = NULL;
	*ret_n = 0;
	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -fd, "cannot read '%s': %s", path,
				     strerror(-fd));
	return vnm_store_names(&store, SUFFIX, ret, ret_n, err);
}

static bool has_file(const char *dir, const char *name)
{
	vnm_autofree char *path = vnm_asprintf("%s/%s" SUFFIX, dir, name);
	struct stat st;

	return vnm_stat_at(AT_FDCWD, path, &st) == 0;
}

static size_t count_ports(const char *name)
{
	vnm_autofree char *path = vnm_asprintf(RUN "/%s.ports", name);
	struct vnm_error ignored = { 0 };
	char **names;
	size_t n = 0;

	if (list_names(path, &names, &n, &ignored) == 0)
		vnm_names_free(names, n);
	return n;
}

static int read_one(const char *dir, const char *name, bool here, struct vnm_libvirt_net *ret,
		    struct vnm_error *err)
{
	vnm_autofree char *marks = vnm_asprintf("%s/autostart", dir);
	size_t len;
	int r;

	ret->name = vnm_strdup(name);
	ret->file = vnm_asprintf("%s/%s" SUFFIX, dir, name);
	r = vnm_file_read(AT_FDCWD, ret->file, VNM_XML_MAX, &ret->text, &len);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot read '%s': %s", ret->file,
				     strerror(-r));
	ret->marked = has_file(marks, name);
	ret->active = here && has_file(RUN, name);
	ret->ports = ret->active ? count_ports(name) : 0;
	return 0;
}

static int find_transient(struct vnm_libvirt_host *host, char *const *names, size_t n,
			  struct vnm_error *err)
{
	char **active;
	size_t n_active;
	int r = list_names(RUN, &active, &n_active, err);

	for (size_t i = 0; r == 0 && i < n_active; i++) {
		if (vnm_names_have(names, n, active[i]))
			continue;
		host->transient = vnm_array_add(host->transient, &host->n_transient,
						sizeof(*host->transient));
		host->transient[host->n_transient - 1] = vnm_strdup(active[i]);
	}
	if (r == 0)
		vnm_names_free(active, n_active);
	return r;
}

/**
 * vnm_libvirt_host_read() - find the networks of libvirt
 * @dir: the directory of its definitions; NULL: that of this host
 * @ret: free with vnm_libvirt_host_clear(), also on failure
 * @err: VNM_ERR_NO_NETWORK: there is none
 *
 * Return: 0 or -errno.
 */
int vnm_libvirt_host_read(const char *dir, struct vnm_libvirt_host *ret, struct vnm_error *err)
{
	char **names;
	size_t n;
	int r;

	ret->here = !dir || !strcmp(dir, VNM_LIBVIRT_NETWORKS);
	dir = dir ? dir : VNM_LIBVIRT_NETWORKS;
	r = list_names(dir, &names, &n, err);
	if (r < 0)
		return r;
	ret->nets = vnm_alloc((n + 1) * sizeof(*ret->nets));
	for (; r == 0 && ret->n < n; ret->n++)
		r = read_one(dir, names[ret->n], ret->here, &ret->nets[ret->n], err);
	if (r == 0 && ret->here)
		r = find_transient(ret, names, n, err);
	vnm_names_free(names, n);
	if (r == 0 && ret->n + ret->n_transient == 0)
		return vnm_error_set(err, VNM_ERR_NO_NETWORK, ENOENT,
				     "'%s' has no networks of libvirt", dir);
	return r;
}

/** vnm_libvirt_host_clear() - free what vnm_libvirt_host_read() found. */
void vnm_libvirt_host_clear(struct vnm_libvirt_host *host)
{
	for (size_t i = 0; i < host->n; i++) {
		free(host->nets[i].name);
		free(host->nets[i].file);
		free(host->nets[i].text);
	}
	free(host->nets);
	vnm_names_free(host->transient, host->n_transient);
	*host = (struct vnm_libvirt_host){ 0 };
}
