/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * port_store.c - the records of libvirt ports: files RUNDIR/ports/NETWORK/UUID.xml.
 *
 * A port exists while its file does, from one rename to one removal. It is pending before (state/pending.h), and an empty file is
 * pending for one that is deleted. A port with a floor, or an isolated one, also changes its network, and belongs to that
 * transaction. Ports are removed with their network, before its journal.
 */
#include "state/port_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/guest_store.h"
#include "state/pending.h"
#include "state/pool_devices.h"
#include "state/session.h"
#include "util/dir.h"
#include "util/mem.h"
#include "xml/document.h"
#include "xml/port_xml.h"
#include "xml/show.h"

#define PORTS_MODE 0755

/** vnm_ports_clear() - free what vnm_ports_load() filled in. */
void vnm_ports_clear(struct vnm_ports *ports)
{
	for (size_t i = 0; i < ports->n; i++)
		vnm_port_clear(&ports->items[i]);
	free(ports->items);
}

/** vnm_ports_open() - open the directory of a network's ports. Return: a descriptor; -ENOENT without @err: there is none; -errno. */
int vnm_ports_open(struct vnm_driver *drv, const char *name, bool make, struct vnm_error *err)
{
	vnm_autofree char *path = vnm_asprintf(VNM_PORTS_DIR "/%s", name);
	vnm_autoclose int above = -1;
	struct stat st;

	if (!make && vnm_stat_at(drv->run_fd, path, &st) == -ENOENT)
		return -ENOENT;
	if (drv->paths.public)
		return vnm_open(drv->run_fd, path, O_RDONLY | O_DIRECTORY, 0);
	above = vnm_dir_openat(drv->run_fd, VNM_PORTS_DIR, PORTS_MODE, (gid_t)-1, err);
	return above < 0 ? above : vnm_dir_openat(above, name, PORTS_MODE, (gid_t)-1, err);
}

static int list_files(struct vnm_driver *drv, const char *name, int fd, const char *suffix,
		      char ***ret, size_t *ret_n, struct vnm_error *err)
{
	vnm_autofree char *path = vnm_asprintf("%s/" VNM_PORTS_DIR "/%s", drv->paths.run, name);
	const struct vnm_store store = { fd, path, VNM_VOLATILE };

	return vnm_store_names(&store, suffix, ret, ret_n, err);
}

static int list_ports(struct vnm_driver *drv, const char *name, int fd, char ***ret, size_t *ret_n,
		      struct vnm_error *err)
{
	return list_files(drv, name, fd, ".xml", ret, ret_n, err);
}

/** vnm_driver_ports_names() - the UUIDs of a network's ports, if it has any; free with vnm_names_free(). Return: 0 or -errno. */
int vnm_driver_ports_names(struct vnm_driver *drv, const char *name, char ***ret, size_t *ret_n,
			   struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_ports_open(drv, name, false, err);

	*ret = NULL;
	*ret_n = 0;
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	return list_ports(drv, name, fd, ret, ret_n, err);
}

/** vnm_port_load() - one port, of a directory opened by vnm_ports_open(); free with vnm_port_clear(). Return: 0 or -errno. */
int vnm_port_load(struct vnm_driver *drv, const char *name, int fd, const char *uuid,
		  struct vnm_port *ret, struct vnm_error *err)
{
	vnm_autofree char *file = vnm_asprintf("%s.xml", uuid);
	vnm_autofree char *path =
		vnm_asprintf("%s/" VNM_PORTS_DIR "/%s/%s", drv->paths.run, name, file);
	vnm_autofree char *text = NULL;
	size_t len;
	int r = vnm_file_read(fd, file, VNM_XML_MAX, &text, &len);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_STATE, -r, "cannot read '%s': %s", path,
				     strerror(-r));
	return vnm_port_xml_parse(text, len, path, ret, err);
}

static struct vnm_port *add_port(struct vnm_ports *ports)
{
	ports->items = vnm_array_add(ports->items, &ports->n, sizeof(*ports->items));
	return &ports->items[ports->n - 1];
}

/* But for the one that @change deletes. */
static int load_files(struct vnm_driver *drv, const char *name, int fd,
		      const struct vnm_port_change *change, struct vnm_ports *ports,
		      struct vnm_error *err)
{
	char **uuids = NULL;
	size_t n_uuids = 0;
	int r = list_ports(drv, name, fd, &uuids, &n_uuids, err);

	for (size_t i = 0; r == 0 && i < n_uuids; i++) {
		struct vnm_port port = { 0 };

		r = vnm_port_load(drv, name, fd, uuids[i], &port, err);
		if (r == 0 && change && vnm_uuid_equal(&port.uuid, &change->port->uuid))
			vnm_port_clear(&port);
		else if (r == 0)
			*add_port(ports) = port;
	}
	vnm_names_free(uuids, n_uuids);
	return r;
}

/**
 * vnm_ports_load() - all ports of a network
 * @drv:    the driver
 * @name:   the network
 * @change: a change of them, as if it were committed; or NULL
 * @ret:    zeroed; free with vnm_ports_clear(), after a failure as well
 * @err:    one port that cannot be read is an error, lest its resources be given to another
 *
 * Return: 0 or -errno.
 */
int vnm_ports_load(struct vnm_driver *drv, const char *name, const struct vnm_port_change *change,
		   struct vnm_ports *ret, struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_ports_open(drv, name, false, err);
	int r = fd == -ENOENT ? 0 : fd;

	if (fd >= 0)
		r = load_files(drv, name, fd, change, ret, err);
	if (r == 0 && change && !change->deleted)
		vnm_port_copy(change->port, add_port(ret));
	return r;
}

/** vnm_driver_port_users() - the users of a network's ports: @ports, and its attachments; as complete as vnm_attachments_get() */
struct vnm_port_users vnm_driver_port_users(struct vnm_driver *drv, const char *name,
					    const struct vnm_ports *ports)
{
	const struct vnm_attachments *guests = vnm_attachments_get(drv, name);

	return (struct vnm_port_users){ ports->items, ports->n, guests->items, guests->n_items };
}

static bool concerns_network(const struct vnm_port *port)
{
	return port->bandwidth.class_id.set || port->options.isolated == VNM_TRI_YES ||
	       port->plug.type == VNM_PLUG_HOSTDEV_PCI;
}

/** vnm_port_change_concerns_network() - is its plan another: by a floor, rules that keep isolated guests apart, a PCI device? */
bool vnm_port_change_concerns_network(const struct vnm_port_change *change)
{
	return concerns_network(change->port) || (change->old && concerns_network(change->old));
}

static int fail(struct vnm_driver *drv, int r, const char *what, const char *name, const char *file,
		struct vnm_error *err)
{
	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot %s '%s/" VNM_PORTS_DIR "/%s/%s': %s", what,
				     drv->paths.run, name, file, strerror(-r))
		     : 0;
}

/**
 * vnm_port_write_pending() - write the pending file of a port that is created or deleted
 * @drv:    the driver
 * @name:   the network
 * @change: the port
 * @err:    set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_port_write_pending(struct vnm_driver *drv, const char *name,
			   const struct vnm_port_change *change, struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_ports_open(drv, name, true, err);
	vnm_autobuf struct vnm_buf text = { 0 };
	char uuid[VNM_UUID_STRLEN];
	vnm_autofree char *file = NULL;

	if (fd < 0)
		return fd;
	vnm_uuid_format(&change->port->uuid, uuid);
	file = vnm_asprintf("%s.xml", uuid);
	vnm_file_sweep_temp(fd);
	if (!change->deleted)
		vnm_port_xml_format(change->port, &text);
	if (text.len > VNM_XML_MAX)
		return vnm_error_set(err, VNM_ERR_XML_MEANING, EFBIG,
				     "network port %s takes %zu bytes as it is kept, and may take "
				     "%d: make it smaller",
				     uuid, text.len, VNM_XML_MAX);
	return fail(drv, vnm_pending_write(fd, file, vnm_buf_str(&text), text.len, VNM_VOLATILE),
		    "write", name, file, err);
}

/* If what is pending is empty, the port goes first. */
static int commit_file(int fd, const char *file)
{
	vnm_autofree char *pending = vnm_pending_name(file);
	struct stat st;
	int r = vnm_stat_at(fd, pending, &st);

	if (r < 0 || st.st_size > 0)
		return r < 0 ? r : vnm_pending_commit(fd, file, VNM_VOLATILE);
	r = vnm_file_unlink(fd, file, VNM_VOLATILE);
	return r < 0 ? r : vnm_pending_abort(fd, file, VNM_VOLATILE);
}

static int abort_file(int fd, const char *file)
{
	return vnm_pending_abort(fd, file, VNM_VOLATILE);
}

static int end_pending(struct vnm_driver *drv, const char *name,
		       int (*end)(int fd, const char *file), struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_ports_open(drv, name, false, err);
	char **uuids = NULL;
	size_t n = 0;
	int r;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	r = list_files(drv, name, fd, ".xml" VNM_PENDING, &uuids, &n, err);
	for (size_t i = 0; r == 0 && i < n; i++) {
		vnm_autofree char *file = vnm_asprintf("%s.xml", uuids[i]);

		r = fail(drv, end(fd, file), "replace", name, file, err);
	}
	vnm_names_free(uuids, n);
	return r;
}

/** vnm_ports_commit() - commit all that is pending of a network's ports. Return: 0 or -errno. */
int vnm_ports_commit(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	return end_pending(drv, name, commit_file, err);
}

/** vnm_ports_abort() - abort all that is pending of a network's ports. Return: 0 or -errno. */
int vnm_ports_abort(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	return end_pending(drv, name, abort_file, err);
}

/**
 * vnm_driver_show_ports() - set the number of connections in a live definition
 * @drv: the driver
 * @net: the definition, to be printed
 * @err: set when the ports cannot be read
 *
 * Return: 0 or -errno.
 */
int vnm_driver_show_ports(struct vnm_driver *drv, struct vnm_network *net, struct vnm_error *err)
{
	struct vnm_ports ports vnm_autoports = { 0 };
	struct vnm_error ignored = { 0 };
	struct vnm_port_users all;
	int r = vnm_ports_load(drv, net->name, NULL, &ports, err);

	if (r < 0)
		return r;
	all = vnm_driver_port_users(drv, net->name, &ports);
	(void)vnm_pool_fill(net, &ignored); /* there may be none at the moment */
	vnm_network_show(net);
	vnm_pool_show(&all, net);
	return 0;
}

/**
 * vnm_driver_drop_ports() - remove all ports of a network
 * @drv:  the driver
 * @name: the network
 * @err:  set on failure
 *
 * Return: 0, also when there were none, or -errno.
 */
int vnm_driver_drop_ports(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autoclose int fd =
		vnm_open(drv->run_fd, VNM_PORTS_DIR, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	int r;

	if (fd == -ENOENT)
		return 0;
	r = fd < 0 ? fd : vnm_dir_remove(fd, name);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot remove '%s/" VNM_PORTS_DIR "/%s': %s", drv->paths.run,
				     name, strerror(-r));
	/* The parent directory, once it is empty. */
	(void)unlinkat(drv->run_fd, VNM_PORTS_DIR, AT_REMOVEDIR);
	return 0;
}
