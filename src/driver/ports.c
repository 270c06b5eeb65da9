/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ports.c - the ports of active networks: files RUNDIR/ports/NETWORK/UUID.xml.
 *
 * A port is there when its file is, from one rename to one unlink; so a killed command leaves nothing half done.
 * One with a floor, or isolated, changes its network, too, which takes more than a step. While it does, the file is
 * UUID.coming, and the network is planned with the port, or UUID.going, and it is planned without; whoever finds such
 * a file takes the port away. They go with their network, before its journal does: what takes a network back takes back its ports.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uuid/uuid.h>

#include "driver/driver_internal.h"
#include "model/port_allot.h"
#include "util/file.h"
#include "util/mem.h"
#include "xml/port_xml.h"
#include "xml/show.h"

#define PORTS_DIR "ports"
#define PORTS_MODE 0755

/* What the name of a port's file ends with. */
#define HERE ".xml"
#define COMING ".coming"
#define GOING ".going"

/** vnm_ports_clear() - free what vnm_ports_load() filled in. */
void vnm_ports_clear(struct vnm_ports *ports)
{
	for (size_t i = 0; i < ports->n; i++)
		vnm_port_clear(&ports->items[i]);
	free(ports->items);
}

/* The directory of a network's ports. Return: a descriptor; -ENOENT without @err: it has none yet. */
static int open_ports(struct vnm_driver *drv, const char *name, bool make, struct vnm_error *err)
{
	vnm_autofree char *path = vnm_asprintf(PORTS_DIR "/%s", name);
	vnm_autoclose int above = -1;
	struct stat st;

	if (!make && vnm_stat_at(drv->run_fd, path, &st) == -ENOENT)
		return -ENOENT;
	above = vnm_dir_openat(drv->run_fd, PORTS_DIR, PORTS_MODE, (gid_t)-1, err);
	return above < 0 ? above : vnm_dir_openat(above, name, PORTS_MODE, (gid_t)-1, err);
}

static int port_names(struct vnm_driver *drv, const char *name, int fd, const char *state,
		      char ***ret, size_t *ret_n, struct vnm_error *err)
{
	vnm_autofree char *path = vnm_asprintf("%s/" PORTS_DIR "/%s", drv->paths.run, name);
	const struct vnm_store store = { fd, path, VNM_VOLATILE };

	return vnm_store_names(&store, state, ret, ret_n, err);
}

static int load_port(struct vnm_driver *drv, const char *name, int fd, const char *uuid,
		     const char *state, struct vnm_port *ret, struct vnm_error *err)
{
	vnm_autofree char *file = vnm_asprintf("%s%s", uuid, state);
	vnm_autofree char *path =
		vnm_asprintf("%s/" PORTS_DIR "/%s/%s", drv->paths.run, name, file);
	vnm_autofree char *text = NULL;
	size_t len;
	int r = vnm_file_read(fd, file, VNM_XML_MAX, &text, &len);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_STATE, -r, "cannot read '%s': %s", path,
				     strerror(-r));
	return vnm_port_xml_parse(text, len, path, ret, err);
}

static int add_ports(struct vnm_driver *drv, const char *name, int fd, const char *state,
		     struct vnm_ports *ports, struct vnm_error *err)
{
	char **uuids = NULL;
	size_t n_uuids = 0;
	int r = port_names(drv, name, fd, state, &uuids, &n_uuids, err);

	for (size_t i = 0; r == 0 && i < n_uuids; i++) {
		struct vnm_port port = { 0 };

		r = load_port(drv, name, fd, uuids[i], state, &port, err);
		if (r < 0)
			break;
		ports->items = vnm_array_add(ports->items, &ports->n, sizeof(*ports->items));
		ports->items[ports->n - 1] = port;
	}
	vnm_names_free(uuids, n_uuids);
	return r;
}

/**
 * vnm_ports_load() - all ports of a network
 * @drv:    the driver
 * @name:   the network
 * @coming: the one, too, that is being made
 * @ret:    zeroed; free with vnm_ports_clear(), after a failure as well
 * @err:    one that cannot be read is an error: what it holds cannot be given to another
 *
 * Return: 0 or -errno.
 */
int vnm_ports_load(struct vnm_driver *drv, const char *name, bool coming, struct vnm_ports *ret,
		   struct vnm_error *err)
{
	vnm_autoclose int fd = open_ports(drv, name, false, err);
	int r;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	r = add_ports(drv, name, fd, HERE, ret, err);
	return r == 0 && coming ? add_ports(drv, name, fd, COMING, ret, err) : r;
}

/** vnm_driver_port_users() - who has a place in a network: @ports, and its guests; good as vnm_attachments_look() is. */
struct vnm_port_users vnm_driver_port_users(struct vnm_driver *drv, const char *name,
					    const struct vnm_ports *ports)
{
	const struct vnm_attachments *guests = vnm_attachments_look(drv, name);

	return (struct vnm_port_users){ ports->items, ports->n, guests->items, guests->n_items };
}

static int accept_port(const char *text, size_t len, const char *file, struct vnm_port *ret,
		       struct vnm_error *err)
{
	vnm_autoschema struct vnm_schema *schema = NULL;
	int r;

	r = vnm_port_xml_parse(text, len, file, ret, err);
	if (r == 0)
		r = vnm_port_validate(ret, err);
	if (r == 0)
		r = vnm_driver_schema("networkport.rng", &schema, err);
	return r < 0 ? r : vnm_network_xml_check(text, len, file, schema, err);
}

static int give_uuid(const struct vnm_ports *others, struct vnm_port *port, struct vnm_error *err)
{
	char text[VNM_UUID_STRLEN];

	if (!port->uuid.set) {
		uuid_generate(port->uuid.b);
		port->uuid.set = true;
	}
	for (size_t i = 0; i < others->n; i++)
		if (vnm_uuid_equal(&others->items[i].uuid, &port->uuid))
			return vnm_error_set(err, VNM_ERR_UUID_IN_USE, EEXIST,
					     "Network port with UUID %s already exists",
					     vnm_uuid_format(&port->uuid, text));
	return 0;
}

/* Is something of the network made for it: a floor, or rules that keep isolated guests apart? */
static bool concerns_network(const struct vnm_port *port)
{
	return port->bandwidth.class_id.set || port->options.isolated == VNM_TRI_YES;
}

static int save_port(struct vnm_driver *drv, const char *name, int fd, const struct vnm_port *port,
		     const char *uuid, struct vnm_error *err)
{
	const char *state = concerns_network(port) ? COMING : HERE;
	vnm_autofree char *file = vnm_asprintf("%s%s", uuid, state);
	vnm_autobuf struct vnm_buf text = { 0 };
	int r;

	vnm_file_sweep_temp(fd);
	vnm_port_xml_format(port, &text);
	if (text.len > VNM_XML_MAX)
		return vnm_error_set(err, VNM_ERR_XML_MEANING, EFBIG,
				     "network port %s takes %zu bytes as it is kept, and may take "
				     "%d: make it smaller",
				     uuid, text.len, VNM_XML_MAX);
	r = vnm_file_replace(fd, file, text.data, text.len, 0600, (gid_t)-1, VNM_VOLATILE);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot write '%s/" PORTS_DIR "/%s/%s': %s", drv->paths.run,
				     name, file, strerror(-r));
	return 0;
}

static int remove_port(struct vnm_driver *drv, const char *name, int fd, const char *uuid,
		       const char *state, struct vnm_error *err)
{
	vnm_autofree char *file = vnm_asprintf("%s%s", uuid, state);
	int r = vnm_file_unlink(fd, file, VNM_VOLATILE);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot remove '%s/" PORTS_DIR "/%s/%s': %s", drv->paths.run,
				     name, file, strerror(-r));
	return 0;
}

static int move_port(struct vnm_driver *drv, const char *name, int fd, const char *uuid,
		     const char *from, const char *to, struct vnm_error *err)
{
	vnm_autofree char *old = vnm_asprintf("%s%s", uuid, from);
	vnm_autofree char *new = vnm_asprintf("%s%s", uuid, to);

	if (renameat(fd, old, fd, new) < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno,
				     "cannot rename '%s/" PORTS_DIR "/%s/%s' to '%s': %s",
				     drv->paths.run, name, old, new, strerror(errno));
	return 0;
}

/* A port that concerns its network goes, from whatever state; where that fails, it is in that state again. */
static int end_port(struct vnm_driver *drv, const char *name, int fd, const char *uuid,
		    const char *state, struct vnm_error *err)
{
	struct vnm_error ignored = { 0 };
	int r = move_port(drv, name, fd, uuid, state, GOING, err);

	if (r < 0)
		return r;
	r = vnm_driver_reconcile(drv, name, err);
	if (r == 0)
		return remove_port(drv, name, fd, uuid, GOING, err);
	(void)move_port(drv, name, fd, uuid, GOING, state, &ignored);
	return r;
}

/* What it has of its network is in effect before the port is there. */
static int put_port(struct vnm_driver *drv, const char *name, const struct vnm_port *port,
		    const char *uuid, struct vnm_error *err)
{
	vnm_autoclose int fd = open_ports(drv, name, true, err);
	struct vnm_error why = { 0 };
	int r = fd < 0 ? fd : save_port(drv, name, fd, port, uuid, err);

	if (r < 0 || !concerns_network(port))
		return r;
	r = vnm_driver_reconcile(drv, name, err);
	if (r == 0)
		r = move_port(drv, name, fd, uuid, COMING, HERE, err);
	if (r < 0 && end_port(drv, name, fd, uuid, COMING, &why) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "parts of port %s of network '%s' are left: %s; the next command "
				  "tries again",
				  uuid, name, why.msg);
	return r;
}

static int drop_port(struct vnm_driver *drv, const char *name, int fd, const struct vnm_port *port,
		     const char *uuid, struct vnm_error *err)
{
	return concerns_network(port) ? end_port(drv, name, fd, uuid, HERE, err)
			       : remove_port(drv, name, fd, uuid, HERE, err);
}

/* A hook that refuses the port takes it back. */
static int announce(struct vnm_driver *drv, const struct vnm_network *net,
		    const struct vnm_port *port, const char *uuid, struct vnm_error *err)
{
	vnm_autobuf struct vnm_buf xml = { 0 };
	struct vnm_error ignored = { 0 };
	int r;

	vnm_port_xml_format(port, &xml);
	r = vnm_driver_run_hook(drv, VNM_HOOK_PORT_CREATED, net, xml.data, err);
	if (r < 0) {
		vnm_autoclose int fd = open_ports(drv, net->name, false, &ignored);

		if (fd >= 0)
			(void)drop_port(drv, net->name, fd, port, uuid, &ignored);
	}
	return r;
}

/**
 * vnm_driver_port_create() - give a guest's interface its place in an active network
 * @drv:      the driver
 * @name:     the network
 * @text:     the port's XML, @len bytes
 * @len:      its length
 * @file:     its name, for messages
 * @ret_uuid: the port's UUID, allocated
 * @err:      VNM_ERR_INACTIVE, or why there is no place
 *
 * Return: 0 or -errno; after a failure nothing was changed.
 */
int vnm_driver_port_create(struct vnm_driver *drv, const char *name, const char *text, size_t len,
			   const char *file, char **ret_uuid, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autoport struct vnm_port port = { 0 };
	struct vnm_ports others vnm_autoports = { 0 };
	struct vnm_warnings warnings = { 0 };
	char uuid[VNM_UUID_STRLEN];
	int r;

	r = accept_port(text, len, file, &port, err);
	if (r == 0)
		r = vnm_driver_need_active(drv, name, err);
	if (r == 0)
		r = vnm_store_load(&drv->live, name, &net, err);
	if (r == 0)
		r = vnm_ports_load(drv, name, false, &others, err);
	if (r == 0)
		r = give_uuid(&others, &port, err);
	if (r == 0)
		r = vnm_attachments_load_error(drv, name, err);
	if (r == 0) {
		const struct vnm_port_users all = vnm_driver_port_users(drv, name, &others);

		r = vnm_port_allot(&net, &all, &port, &warnings, err);
	}
	vnm_driver_warn(drv, &warnings);
	if (r < 0)
		return r;
	vnm_uuid_format(&port.uuid, uuid);
	r = put_port(drv, name, &port, uuid, err);
	if (r == 0)
		r = announce(drv, &net, &port, uuid, err);
	if (r < 0)
		return r;
	*ret_uuid = vnm_strdup(uuid);
	return 0;
}

/* Find a port by its UUID, in any form. Return: the descriptor of its directory, or -errno. */
static int find_port(struct vnm_driver *drv, const char *name, const char *ref,
		     char uuid[static VNM_UUID_STRLEN], struct vnm_error *err)
{
	vnm_autofree char *file = NULL;
	vnm_autoclose int fd = -1;
	struct vnm_uuid wanted = { 0 };
	struct stat st;
	int r = vnm_driver_need_active(drv, name, err);

	if (r < 0)
		return r;
	if (vnm_uuid_parse(ref, &wanted) < 0)
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL, "'%s' is not a UUID", ref);
	fd = open_ports(drv, name, false, err);
	if (fd < 0 && fd != -ENOENT)
		return fd;
	file = vnm_asprintf("%s.xml", vnm_uuid_format(&wanted, uuid));
	if (fd < 0 || fstatat(fd, file, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return vnm_error_set(err, VNM_ERR_NO_NETWORK, ENOENT,
				     "Network port not found: network '%s' has no port with "
				     "matching uuid '%s'",
				     name, uuid);
	return vnm_steal_fd(&fd);
}

/**
 * vnm_driver_port_delete() - take a port away
 * @drv:      the driver
 * @name:     the network
 * @ref:      the port's UUID, unchecked
 * @ret_uuid: the same as it is printed, allocated
 * @err:      VNM_ERR_INACTIVE, VNM_ERR_NO_NETWORK when there is no such port
 *
 * Return: 0 or -errno.
 */
int vnm_driver_port_delete(struct vnm_driver *drv, const char *name, const char *ref,
			   char **ret_uuid, struct vnm_error *err)
{
	char uuid[VNM_UUID_STRLEN];
	vnm_autoclose int fd = find_port(drv, name, ref, uuid, err);
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autoport struct vnm_port port = { 0 };
	vnm_autobuf struct vnm_buf xml = { 0 };
	int r;

	if (fd < 0)
		return fd;
	r = load_port(drv, name, fd, uuid, HERE, &port, err);
	if (r == 0)
		r = vnm_store_load(&drv->live, name, &net, err);
	if (r == 0)
		r = drop_port(drv, name, fd, &port, uuid, err);
	if (r < 0)
		return r;
	vnm_port_xml_format(&port, &xml);
	vnm_driver_notify_hook(drv, VNM_HOOK_PORT_DELETED, &net, xml.data);
	*ret_uuid = vnm_strdup(uuid);
	return 0;
}

/**
 * vnm_driver_port_list() - the ports of an active network
 * @drv:   the driver
 * @name:  the network
 * @ret:   their UUIDs, sorted; free with vnm_names_free()
 * @ret_n: how many
 * @err:   VNM_ERR_INACTIVE
 *
 * Return: 0 or -errno.
 */
int vnm_driver_port_list(struct vnm_driver *drv, const char *name, char ***ret, size_t *ret_n,
			 struct vnm_error *err)
{
	vnm_autoclose int fd = -1;
	int r = vnm_driver_need_active(drv, name, err);

	if (r < 0)
		return r;
	fd = open_ports(drv, name, false, err);
	if (fd >= 0)
		return port_names(drv, name, fd, HERE, ret, ret_n, err);
	*ret = NULL;
	*ret_n = 0;
	return fd == -ENOENT ? 0 : fd;
}

/**
 * vnm_driver_port_dumpxml() - a port as virsh prints it
 * @drv:  the driver
 * @name: the network
 * @ref:  the port's UUID, unchecked
 * @ret:  the text, allocated
 * @err:  as vnm_driver_port_delete()
 *
 * Return: 0 or -errno.
 */
int vnm_driver_port_dumpxml(struct vnm_driver *drv, const char *name, const char *ref, char **ret,
			    struct vnm_error *err)
{
	char uuid[VNM_UUID_STRLEN];
	vnm_autoclose int fd = find_port(drv, name, ref, uuid, err);
	vnm_autoport struct vnm_port port = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	int r;

	if (fd < 0)
		return fd;
	r = load_port(drv, name, fd, uuid, HERE, &port, err);
	if (r < 0)
		return r;
	vnm_port_xml_format(&port, &text);
	*ret = vnm_buf_steal(&text);
	return 0;
}

/**
 * vnm_driver_show_ports() - let the live definition of a network say how many ports and guests there are
 * @drv: the driver
 * @net: the definition, to be printed
 * @err: set when the ports cannot be read
 *
 * Return: 0 or -errno.
 */
int vnm_driver_show_ports(struct vnm_driver *drv, struct vnm_network *net, struct vnm_error *err)
{
	struct vnm_ports ports vnm_autoports = { 0 };
	struct vnm_port_users all;
	int r = vnm_ports_load(drv, net->name, false, &ports, err);

	if (r < 0)
		return r;
	all = vnm_driver_port_users(drv, net->name, &ports);
	vnm_network_show(net);
	vnm_pool_show(&all, net);
	return 0;
}

/** vnm_driver_warn_ports() - say that ports go with their network, if it has some. */
void vnm_driver_warn_ports(struct vnm_driver *drv, const char *name)
{
	struct vnm_error ignored = { 0 };
	char **uuids;
	size_t n;

	if (vnm_driver_port_list(drv, name, &uuids, &n, &ignored) < 0)
		return;
	if (n > 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "network '%s' still has %zu port%s, which %s with it", name, n,
				  n == 1 ? "" : "s", n == 1 ? "goes" : "go");
	vnm_names_free(uuids, n);
}

static void recover_ports(struct vnm_driver *drv, const char *name, int fd, const char *state)
{
	struct vnm_error err = { 0 };
	char **uuids = NULL;
	size_t n = 0;

	if (port_names(drv, name, fd, state, &uuids, &n, &err) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
	for (size_t i = 0; i < n; i++) {
		vnm_driver_report(
			drv, VNM_REPORT_WARNING,
			"network '%s': deleting port %s, whose %s was interrupted", name, uuids[i],
			strcmp(state, GOING) ? "creation" : "deletion");
		if (end_port(drv, name, fd, uuids[i], state, &err) < 0)
			vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
	}
	vnm_names_free(uuids, n);
}

static void sweep_one(struct vnm_driver *drv, int above, const char *name)
{
	vnm_autoclose int fd = vnm_open(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);

	if (fd < 0)
		return;
	(void)vnm_file_sweep_temp(fd);
	if (vnm_driver_active(drv, name)) {
		recover_ports(drv, name, fd, COMING);
		recover_ports(drv, name, fd, GOING);
	}
	(void)unlinkat(above, name, AT_REMOVEDIR); /* stays while a port is in it */
}

/** vnm_driver_sweep_ports() - remove what interrupted commands left. */
void vnm_driver_sweep_ports(struct vnm_driver *drv)
{
	vnm_autodir DIR *dir = NULL;
	const char *name;
	int r = vnm_dir_list(drv->run_fd, PORTS_DIR, &dir);

	while (r >= 0 && (r = vnm_dir_next(dir, &name)) > 0)
		sweep_one(drv, dirfd(dir), name);
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
		vnm_open(drv->run_fd, PORTS_DIR, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	int r;

	if (fd == -ENOENT)
		return 0;
	r = fd < 0 ? fd : vnm_dir_remove(fd, name);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot remove '%s/" PORTS_DIR "/%s': %s", drv->paths.run,
				     name, strerror(-r));
	/* With the last network's, unless others are left. */
	(void)unlinkat(drv->run_fd, PORTS_DIR, AT_REMOVEDIR);
	return 0;
}
