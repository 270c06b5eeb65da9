/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ports.c - the ports of active networks: net-port-create, net-port-delete, net-port-list, net-port-dumpxml. */
#include "driver/ports.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uuid/uuid.h>

#include "model/pool.h"
#include "model/port.h"
#include "model/port_allot.h"
#include "model/vlan.h"
#include "run/announce.h"
#include "run/change.h"
#include "run/definition.h"
#include "run/hook.h"
#include "state/guest_store.h"
#include "state/networks.h"
#include "state/pool_devices.h"
#include "state/port_store.h"
#include "state/session.h"
#include "state/upgrade.h"
#include "sys/link/link.h"
#include "sys/link/port_vlans.h"
#include "util/mem.h"
#include "xml/network_xml.h"
#include "xml/port_xml.h"

static int accept_port(const char *text, size_t len, const char *file, bool reclaim,
		       struct vnm_port *ret, struct vnm_error *err)
{
	vnm_autoschema struct vnm_schema *schema = NULL;
	int r;

	r = vnm_port_xml_parse(text, len, file, ret, err);
	if (r == 0)
		r = vnm_port_validate(ret, reclaim, err);
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
			return vnm_error_set(err, VNM_ERR_PORT_EXISTS, EEXIST,
					     "Network port with UUID %s already exists",
					     vnm_uuid_format(&port->uuid, text));
	return 0;
}

/* If a hook refuses the port, it is deleted again. */
static int announce(struct vnm_driver *drv, const struct vnm_network *net,
		    const struct vnm_port *port, struct vnm_error *err)
{
	vnm_autobuf struct vnm_buf xml = { 0 };
	struct vnm_error ignored = { 0 };
	int r;

	vnm_port_xml_format(port, &xml);
	r = vnm_driver_run_hook(drv, VNM_HOOK_PORT_CREATED, net, xml.data, err);
	if (r < 0)
		(void)vnm_driver_change_port(
			drv, net->name, &(struct vnm_port_change){ .port = port, .deleted = true },
			&ignored);
	return r;
}

/* Whoever plugs the guest in sets its VLANs; whether they keep it apart from others is up to the bridge. */
static int check_vlans(struct vnm_driver *drv, const struct vnm_port *port, struct vnm_error *err)
{
	struct vnm_link bridge;
	int r;

	if (!port->vlan.at.present || port->plug.type == VNM_PLUG_HOSTDEV_PCI)
		return 0;
	if (port->virtualport.at.present) /* of a switch that has VLANs by itself */
		return vnm_vlan_check_ids(&port->vlan, "the port", err);
	r = vnm_vlan_check_ids(&port->vlan, "the port", err);
	if (r == 0)
		r = vnm_link_need(&drv->sys, port->plug.bridge, &bridge, err);
	return r < 0 ? r : vnm_bridge_need_vlans(&bridge, err);
}

/**
 * vnm_driver_port_create() - create a port of an active network
 * @drv:      the driver
 * @name:     the network
 * @text:     the port's XML, @len bytes
 * @len:      its length
 * @file:     its name, for messages
 * @reclaim:  a guest has it already, and the network has lost it: it says where it is plugged in, and stays there
 * @ret_uuid: the port's UUID, allocated
 * @err:      VNM_ERR_INACTIVE, VNM_ERR_PORT_EXISTS, or why it cannot be created
 *
 * Return: 0 or -errno; after a failure nothing is changed.
 */
int vnm_driver_port_create(struct vnm_driver *drv, const char *name, const char *text, size_t len,
			   const char *file, bool reclaim, char **ret_uuid, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autoport struct vnm_port port = { 0 };
	struct vnm_ports others vnm_autoports = { 0 };
	struct vnm_warnings warnings = { 0 };
	char uuid[VNM_UUID_STRLEN];
	int r;

	r = accept_port(text, len, file, reclaim, &port, err);
	if (r == 0)
		r = vnm_driver_need_active(drv, name, err);
	if (r == 0)
		r = vnm_store_load(&drv->live, name, &net, err);
	if (r == 0)
		r = vnm_pool_fill(&net, err);
	if (r == 0 && net.forward.n_addresses)
		r = vnm_pool_leave_out_used(drv, &net, err);
	if (r == 0)
		r = vnm_ports_load(drv, name, NULL, &others, err);
	if (r == 0)
		r = give_uuid(&others, &port, err);
	if (r == 0)
		r = vnm_attachments_load_error(drv, name, err);
	if (r == 0) {
		const struct vnm_port_users all = vnm_driver_port_users(drv, name, &others);

		r = reclaim ? vnm_port_reclaim(&net, &all, &port, err)
			    : vnm_port_allot(&net, &all, &port, &warnings, err);
	}
	vnm_driver_warn(drv, &warnings);
	if (r == 0 && !reclaim)
		r = check_vlans(drv, &port, err);
	if (r < 0)
		return r;
	r = vnm_driver_change_port(drv, name, &(struct vnm_port_change){ .port = &port }, err);
	if (r == 0)
		r = announce(drv, &net, &port, err);
	if (r < 0)
		return r;
	*ret_uuid = vnm_strdup(vnm_uuid_format(&port.uuid, uuid));
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
	fd = vnm_ports_open(drv, name, false, err);
	if (fd < 0 && fd != -ENOENT)
		return fd;
	file = vnm_asprintf("%s.xml", vnm_uuid_format(&wanted, uuid));
	if (fd < 0 || fstatat(fd, file, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return vnm_error_set(err, VNM_ERR_NO_PORT, ENOENT,
				     "Network port not found: network '%s' has no port with "
				     "matching uuid '%s'",
				     name, uuid);
	return vnm_steal_fd(&fd);
}

static int load_port(struct vnm_driver *drv, const char *name, const char *ref,
		     struct vnm_port *ret, struct vnm_error *err)
{
	char uuid[VNM_UUID_STRLEN];
	vnm_autoclose int fd = find_port(drv, name, ref, uuid, err);

	return fd < 0 ? fd : vnm_port_load(drv, name, fd, uuid, ret, err);
}

/**
 * vnm_driver_port_delete() - delete a port
 * @drv:      the driver
 * @name:     the network
 * @ref:      the port's UUID, unchecked
 * @ret_uuid: the same as it is printed, allocated
 * @err:      VNM_ERR_INACTIVE, VNM_ERR_NO_PORT
 *
 * Return: 0 or -errno.
 */
int vnm_driver_port_delete(struct vnm_driver *drv, const char *name, const char *ref,
			   char **ret_uuid, struct vnm_error *err)
{
	char uuid[VNM_UUID_STRLEN];
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autoport struct vnm_port port = { 0 };
	vnm_autobuf struct vnm_buf xml = { 0 };
	int r = load_port(drv, name, ref, &port, err);

	if (r == 0)
		r = vnm_store_load(&drv->live, name, &net, err);
	if (r == 0)
		r = vnm_driver_change_port(
			drv, name, &(struct vnm_port_change){ .port = &port, .deleted = true },
			err);
	if (r < 0)
		return r;
	vnm_port_xml_format(&port, &xml);
	vnm_driver_notify_hook(drv, VNM_HOOK_PORT_DELETED, &net, xml.data);
	*ret_uuid = vnm_strdup(vnm_uuid_format(&port.uuid, uuid));
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
	int r = vnm_driver_need_active(drv, name, err);

	return r < 0 ? r : vnm_driver_ports_names(drv, name, ret, ret_n, err);
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
	vnm_autoport struct vnm_port port = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	int r = load_port(drv, name, ref, &port, err);

	if (r < 0)
		return r;
	if (drv->paths.public)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "this is not all of network port %s: whose it is, only root may "
				  "see; for all of it: sudo vnetmgr net-port-dumpxml %s %s",
				  ref, name, ref);
	vnm_port_xml_format(&port, &text);
	*ret = vnm_buf_steal(&text);
	return 0;
}

/**
 * vnm_driver_port_rates() - the rates of a port
 * @drv:          the driver
 * @name:         the network
 * @ref:          the port's UUID, unchecked
 * @ret_inbound:  as the guest sees it; not present: none
 * @ret_outbound: the same
 * @err:          as vnm_driver_port_delete()
 *
 * Return: 0 or -errno.
 */
int vnm_driver_port_rates(struct vnm_driver *drv, const char *name, const char *ref,
			  struct vnm_rate *ret_inbound, struct vnm_rate *ret_outbound,
			  struct vnm_error *err)
{
	vnm_autoport struct vnm_port port = { 0 };
	int r = load_port(drv, name, ref, &port, err);

	if (r < 0)
		return r;
	*ret_inbound = port.bandwidth.inbound;
	*ret_outbound = port.bandwidth.outbound;
	return 0;
}

/**
 * vnm_driver_port_set_rates() - give a port other rates; its floor has an effect in the network, the rest is its owner's part
 * @drv:      the driver
 * @name:     the network
 * @ref:      the port's UUID, unchecked
 * @inbound:  as the guest sees it, all of it; without an average and a floor: none
 * @outbound: the same
 * @err:      VNM_ERR_INACTIVE, VNM_ERR_NO_PORT, VNM_ERR_INVALID (no rate is left to guarantee), VNM_ERR_XML_MEANING
 *
 * Return: 0 or -errno; after a failure nothing is changed.
 */
int vnm_driver_port_set_rates(struct vnm_driver *drv, const char *name, const char *ref,
			      const struct vnm_rate *inbound, const struct vnm_rate *outbound,
			      struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autoport struct vnm_port old = { 0 }, port = { 0 };
	const struct vnm_port_change without = { .port = &old, .deleted = true };
	const struct vnm_port_change change = { .port = &port, .old = &old };
	struct vnm_ports others vnm_autoports = { 0 };
	struct vnm_port_users all;
	int r = load_port(drv, name, ref, &old, err);

	if (r == 0)
		r = vnm_store_load(&drv->live, name, &net, err);
	if (r == 0)
		r = vnm_ports_load(drv, name, &without, &others, err);
	if (r == 0)
		r = vnm_attachments_load_error(drv, name, err);
	if (r < 0)
		return r;
	all = vnm_driver_port_users(drv, name, &others);
	vnm_port_copy(&old, &port);
	r = vnm_port_set_rates(&net, &all, inbound, outbound, &port, err);
	return r < 0 ? r : vnm_driver_change_port(drv, name, &change, err);
}

/** vnm_driver_warn_ports() - report that a network's ports go with it. */
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

static void recover_one(struct vnm_driver *drv, int above, const char *name)
{
	vnm_autoclose int fd = vnm_open(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	struct vnm_error err = { 0 };
	int r = 0;

	if (fd < 0)
		return;
	(void)vnm_file_sweep_temp(fd);
	if (!vnm_journal_has_pending(drv->run_fd, name))
		r = vnm_ports_commit(drv, name, &err);
	if (r == 0 && vnm_upgrade_ports(fd))
		r = vnm_driver_reconcile(drv, name, &err);
	if (r < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
	(void)unlinkat(above, name, AT_REMOVEDIR); /* fails unless it is empty */
}

/** vnm_driver_recover_ports() - commit what is pending of ports, unless it belongs to a change that could not be rolled back. */
void vnm_driver_recover_ports(struct vnm_driver *drv)
{
	vnm_autodir DIR *dir = NULL;
	const char *name;
	int r = vnm_dir_list(drv->run_fd, VNM_PORTS_DIR, &dir);

	while (r >= 0 && (r = vnm_dir_next(dir, &name)) > 0)
		recover_one(drv, dirfd(dir), name);
}
