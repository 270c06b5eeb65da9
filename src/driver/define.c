/* SPDX-License-Identifier: GPL-2.0-or-later */
/* define.c - definitions: accept, complete, keep, remove, mark, print. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <uuid/uuid.h>

#include "model/taken.h"
#include "model/validate.h"
#include "plan/conflict/conflict.h"
#include "run/others.h"
#include "sys/link/link.h"
#include "util/file.h"
#include "util/mem.h"

#ifndef VNM_SCHEMADIR
#define VNM_SCHEMADIR "/usr/share/vnetmgr/schemas"
#endif

/**
 * vnm_driver_schema() - load one of the schemas
 * @file: its name; VNETMGR_SCHEMAS names the directory for a program that is not installed
 * @ret:  free with vnm_schema_free()
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_schema(const char *file, struct vnm_schema **ret, struct vnm_error *err)
{
	const char *dir = secure_getenv("VNETMGR_SCHEMAS");
	vnm_autofree char *path = vnm_asprintf("%s/%s", dir ? dir : VNM_SCHEMADIR, file);

	return vnm_schema_load(path, ret, err);
}

/** vnm_driver_need_schema() - load the schema of networks, once. Return: 0 or -errno. */
int vnm_driver_need_schema(struct vnm_driver *drv, struct vnm_error *err)
{
	return drv->schema ? 0 : vnm_driver_schema("network.rng", &drv->schema, err);
}

/**
 * vnm_driver_validate() - does the definition of a network make sense?
 * @drv:      the driver
 * @net:      the definition
 * @becomes:  what it is to be, beside what it is: VNM_AFFECT_LIVE, VNM_AFFECT_CONFIG; for advice
 * @warnings: what works but is odd
 * @err:      what does not make sense
 *
 * Attached guests have static leases, too, of which the definition knows nothing.
 *
 * Return: 0 or -EINVAL.
 */
int vnm_driver_validate(struct vnm_driver *drv, const struct vnm_network *net, unsigned becomes,
			struct vnm_warnings *warnings, struct vnm_error *err)
{
	static const char *const options[] = {
		[0] = "--config",
		[VNM_AFFECT_LIVE] = "--live",
		[VNM_AFFECT_CONFIG] = "--config",
		[VNM_AFFECT_LIVE | VNM_AFFECT_CONFIG] = "--live --config",
	};
	struct vnm_taken taken __attribute__((cleanup(vnm_taken_clear))) = { 0 };
	struct vnm_beside beside = { .guests = &taken };

	if (net->name && vnm_name_valid(net->name)) {
		const struct vnm_attachments *guests = vnm_attachments_look(drv, net->name);

		for (size_t i = 0; i < guests->n_items; i++)
			for (size_t k = 0; k < guests->items[i].n_ips; k++)
				vnm_taken_add(&taken, &guests->items[i].ips[k].address);
		if (vnm_driver_active(drv, net->name))
			becomes |= VNM_AFFECT_LIVE | (vnm_store_has(&drv->persistent, net->name)
							      ? VNM_AFFECT_CONFIG
							      : 0);
	}
	beside.affect = options[becomes];
	return vnm_network_validate_beside(net, &beside, warnings, err);
}

/* Is a line that of @known, but for the place in a file before it? */
static bool same_note(const char *line, const char *known)
{
	size_t len = strlen(line), n = strlen(known);

	return len >= n && !strcmp(line + len - n, known) &&
	       (len == n || (len - n >= 2 && !strncmp(line + len - n - 2, ": ", 2)));
}

/**
 * vnm_driver_drop_known() - what was odd before was told when it was defined
 * @drv:      the driver
 * @before:   the definition before the change; forgets what file it is from
 * @peers:    the other networks
 * @becomes:  as for vnm_driver_validate()
 * @warnings: those after it; what was odd before is taken out
 */
void vnm_driver_drop_known(struct vnm_driver *drv, struct vnm_network *before,
			   const struct vnm_other_nets *peers, unsigned becomes,
			   struct vnm_warnings *warnings)
{
	struct vnm_warnings known = { 0 };
	struct vnm_error ignored = { 0 };
	size_t n = 0;

	if (warnings->n == 0)
		return;
	free(before->file);
	before->file = NULL;
	(void)vnm_driver_validate(drv, before, becomes, &known, &ignored);
	(void)vnm_conflict_define(before, peers->refs, peers->n, &known, &ignored);
	for (size_t i = 0; i < warnings->n; i++) {
		bool old = false;

		for (size_t k = 0; k < known.n; k++)
			old |= same_note(warnings->items[i], known.items[k]);
		if (old)
			free(warnings->items[i]);
		else
			warnings->items[n++] = warnings->items[i];
	}
	warnings->n = n;
	vnm_warnings_clear(&known);
}

/* One that is applied, again and again, is warned of once. */
static void tell(struct vnm_driver *drv, const char *name, unsigned becomes,
		 struct vnm_warnings *warnings)
{
	vnm_autonetwork struct vnm_network kept = { 0 };
	struct vnm_other_nets all vnm_autoother_nets = { 0 };
	struct vnm_error ignored = { 0 };

	if (warnings->n && becomes == (VNM_AFFECT_LIVE | VNM_AFFECT_CONFIG) &&
	    vnm_name_valid(name) && vnm_store_has(&drv->persistent, name) &&
	    vnm_store_load(&drv->persistent, name, &kept, &ignored) == 0 &&
	    vnm_other_nets_load(drv, name, &all, &ignored) == 0)
		vnm_driver_drop_known(drv, &kept, &all, becomes, warnings);
	vnm_driver_warn(drv, warnings);
}

/**
 * vnm_driver_parse_and_validate() - from a text to a definition that makes sense
 * @drv:  the driver
 * @text: the XML, @len bytes
 * @len:  its length
 * @file: its name, for messages
 * @becomes: as for vnm_driver_validate()
 * @ret:  free with vnm_network_clear()
 * @err:  set on failure, with file and line
 *
 * Return: 0 or -errno.
 */
int vnm_driver_parse_and_validate(struct vnm_driver *drv, const char *text, size_t len,
				  const char *file, unsigned becomes, struct vnm_network *ret,
				  struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_warnings warnings = { 0 };
	int r;

	r = vnm_network_xml_parse(text, len, file, &net, err);
	if (r == 0)
		r = vnm_driver_validate(drv, &net, becomes, &warnings, err);
	if (r == 0)
		r = vnm_driver_need_schema(drv, err);
	if (r == 0)
		r = vnm_network_xml_check(text, len, file, drv->schema, err);
	tell(drv, net.name, becomes, &warnings);
	if (r < 0)
		return r;
	*ret = net;
	net = (struct vnm_network){ 0 };
	return 0;
}

/** vnm_driver_generate_mac() - three random bytes under 52:54:00, the prefix of QEMU and libvirt. Return: 0 or -errno. */
int vnm_driver_generate_mac(struct vnm_mac *ret, struct vnm_error *err)
{
	struct vnm_mac mac = { .set = true, .b = { 0x52, 0x54, 0x00 } };

	if (getrandom(mac.b + 3, 3, 0) != 3)
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno,
				     "cannot generate a MAC address: %s", strerror(errno));
	*ret = mac;
	return 0;
}

static int complete_bridge(struct vnm_driver *drv, struct vnm_network *net,
			   const struct vnm_other_nets *peers, struct vnm_error *err)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	const char *name = net->bridge.name;
	char picked[VNM_IFNAME_SIZE];
	int r;

	if (name && *name && !strchr(name, '%'))
		return 0;
	r = vnm_observe_links(&drv->sys, &facts, err);
	if (r < 0)
		return r;
	r = vnm_bridge_name_pick(name, &facts, peers->refs, peers->n, picked, err);
	if (r < 0)
		return r;
	free(net->bridge.name);
	net->bridge.name = vnm_strdup(picked);
	net->bridge.at.present = true;
	return 0;
}

/**
 * vnm_driver_fill_defaults() - give a definition what it leaves to us: UUID, MAC, bridge name
 * @drv:   the driver
 * @net:   the definition
 * @peers: the other networks, whose bridge names are taken
 * @err:   set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_fill_defaults(struct vnm_driver *drv, struct vnm_network *net,
			     const struct vnm_other_nets *peers, struct vnm_error *err)
{
	int r;

	if (!net->uuid.set) {
		uuid_generate(net->uuid.b);
		net->uuid.set = true;
	}
	if (!vnm_network_makes_bridge(net))
		return 0;
	if (!net->mac.address.set && !vnm_network_has_uplink(net)) {
		r = vnm_driver_generate_mac(&net->mac.address, err);
		if (r < 0)
			return r;
		net->mac.at.present = true;
	}
	return complete_bridge(drv, net, peers, err);
}

/**
 * vnm_driver_inherit_generated() - give a definition of a known name what it leaves out and was generated the first time
 * @drv: the driver
 * @net: the definition; it means the same network, so a person can define their own file again
 */
void vnm_driver_inherit_generated(struct vnm_driver *drv, struct vnm_network *net)
{
	vnm_autonetwork struct vnm_network old = { 0 };
	struct vnm_error ignored = { 0 };
	bool stored = vnm_store_has(&drv->persistent, net->name);

	if (vnm_store_load(stored ? &drv->persistent : &drv->live, net->name, &old, &ignored) < 0)
		return;
	if (!net->uuid.set)
		net->uuid = old.uuid;
	if (!vnm_uuid_equal(&net->uuid, &old.uuid))
		return;
	if (!vnm_network_makes_bridge(net) || !vnm_network_makes_bridge(&old))
		return;
	if (!net->mac.address.set && !vnm_network_has_uplink(net))
		net->mac = old.mac;
	if (!net->bridge.name && old.bridge.name) {
		net->bridge.name = vnm_strdup(old.bridge.name);
		net->bridge.at.present = true;
	}
}

/**
 * vnm_driver_check_conflicts() - everything up to the point where a definition could be kept or started
 * @drv: the driver
 * @net: the definition, checked by itself; is given what it leaves out
 * @becomes: as for vnm_driver_validate()
 * @err: what is in the way
 *
 * Return: 0 or -errno.
 */
int vnm_driver_check_conflicts(struct vnm_driver *drv, struct vnm_network *net, unsigned becomes,
			       struct vnm_error *err)
{
	struct vnm_other_nets all vnm_autoother_nets = { 0 };
	struct vnm_other_nets others vnm_autoother_nets = { 0 };
	struct vnm_warnings warnings = { 0 };
	int r;

	vnm_driver_inherit_generated(drv, net);
	r = vnm_other_nets_load(drv, NULL, &all, err);
	if (r < 0)
		return r;
	r = vnm_conflict_define(net, all.refs, all.n, &warnings, err);
	tell(drv, net->name, becomes, &warnings);
	if (r < 0)
		return r;
	r = vnm_other_nets_load(drv, net->name, &others, err);
	return r < 0 ? r : vnm_driver_fill_defaults(drv, net, &others, err);
}

/* A text that is refused makes no directories; what is said about one that is not comes with the real thing. */
static int try_text(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		    struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_report report = drv->report;
	int r;

	drv->report = (struct vnm_report){ 0 };
	r = vnm_driver_parse_and_validate(drv, text, len, file, VNM_AFFECT_CONFIG, &net, err);
	drv->report = report;
	return r < 0 ? r : vnm_driver_settle(drv, err);
}

/**
 * vnm_driver_define() - keep a definition
 * @drv:      the driver
 * @text:     the XML, @len bytes
 * @len:      its length
 * @file:     its name, for messages
 * @ret:      the network, and its definitions before and after; free with vnm_applied_clear()
 * @err:      set on failure; then nothing was changed
 *
 * Replaces the definition of the same name and UUID; an active network keeps running as it is.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_define(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		      struct vnm_applied *ret, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autoapplied struct vnm_applied done = { 0 };
	int r;

	r = drv->late ? try_text(drv, text, len, file, err) : 0;
	if (r == 0)
		r = vnm_driver_parse_and_validate(drv, text, len, file, VNM_AFFECT_CONFIG, &net,
						  err);
	if (r < 0)
		return r;
	r = vnm_driver_check_conflicts(drv, &net, VNM_AFFECT_CONFIG, err);
	if (r < 0)
		return r;
	vnm_driver_compare_kept(drv, &net, &done);
	r = vnm_store_save(&drv->persistent, &net, err);
	if (r < 0)
		return r;
	*ret = done;
	done = (struct vnm_applied){ 0 };
	return 0;
}

/**
 * vnm_driver_create() - start a network from a text, without keeping its definition
 *
 * Arguments as vnm_driver_define(). A persistent network of the same name and UUID stays persistent and runs
 * the new text until it is destroyed.
 *
 * Return: 0 or -errno; after a failure nothing is left of it.
 */
int vnm_driver_create(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		      struct vnm_applied *ret, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_result result = { 0 };
	int r;

	r = vnm_driver_parse_and_validate(drv, text, len, file, VNM_AFFECT_LIVE, &net, err);
	if (r < 0)
		return r;
	r = vnm_driver_check_conflicts(drv, &net, VNM_AFFECT_LIVE, err);
	if (r < 0)
		return r;
	r = vnm_driver_state_readable(drv, net.name, err);
	if (r < 0)
		return r;
	if (vnm_driver_active(drv, net.name))
		return vnm_error_set(
			err, VNM_ERR_ACTIVE, EEXIST,
			"Requested operation is not valid: network is already active as '%s'",
			net.name);
	result.name = net.name;
	r = vnm_driver_start_nets(drv, &net, &result, 1, err);
	if (r < 0)
		return r;
	if (result.failed) {
		*err = result.err;
		return -(err->sys ? err->sys : EINVAL);
	}
	*ret = (struct vnm_applied){ .name = vnm_strdup(net.name), .started = true };
	vnm_buf_add(&ret->steps, result.steps ? result.steps : "");
	free(result.steps);
	return 0;
}

/** vnm_driver_drop_leases() - remove the lease file of a network that is no more. Return: 0 or -errno. */
int vnm_driver_drop_leases(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_dir_open(drv->paths.leases, 0755, err);
	int r = fd < 0 ? fd : vnm_file_unlink(fd, name, VNM_VOLATILE);

	if (fd >= 0 && r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot remove '%s/%s': %s",
				     drv->paths.leases, name, strerror(-r));
	return r;
}

/* What belonged to a definition that was buried; every step may be done already. */
static int finish_undefine(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	int r = 0;

	if (!vnm_driver_active(drv, name)) {
		vnm_driver_drop_attachments(drv, name);
		vnm_driver_drop_others(drv, name);
		r = vnm_driver_drop_leases(drv, name, err);
	}
	if (r == 0)
		r = vnm_autostart_set(drv->autostart_fd, name, false, err);
	return r < 0 ? r : vnm_store_unbury(&drv->persistent, name, err);
}

/* Defined again, all of it is the new one's. */
static int recover_undefine(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	int there = vnm_store_look(&drv->persistent, name, err);

	if (there < 0)
		return there;
	return there ? vnm_store_unbury(&drv->persistent, name, err)
		     : finish_undefine(drv, name, err);
}

/** vnm_driver_finish_undefines() - carry on those that were interrupted; what cannot be is a warning. */
void vnm_driver_finish_undefines(struct vnm_driver *drv)
{
	struct vnm_error err = { 0 };
	char **names;
	size_t n;

	if (vnm_store_names(&drv->persistent, ".undefined", &names, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		if (recover_undefine(drv, names[i], &err) < 0)
			vnm_driver_report(drv, VNM_REPORT_WARNING,
					  "network '%s' was undefined, but: %s; the next command "
					  "tries again",
					  names[i], err.msg);
	vnm_names_free(names, n);
}

/**
 * vnm_driver_undefine() - forget a definition
 * @drv:  the driver
 * @name: the network; an active one runs on as a transient one
 * @err:  VNM_ERR_TRANSIENT when it has no definition, VNM_ERR_NO_NETWORK
 *
 * Its leases, its guests and its mark go with it. One rename makes that a fact (NAME.undefined), and whoever finds such
 * a file carries out the rest.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_undefine(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	int r;

	if (!vnm_store_has(&drv->persistent, name))
		return vnm_error_set(
			err, VNM_ERR_TRANSIENT, EINVAL,
			"Requested operation is not valid: can't undefine transient network");
	r = vnm_store_bury(&drv->persistent, name, err);
	return r < 0 ? r : finish_undefine(drv, name, err);
}

/**
 * vnm_driver_set_autostart() - start the network at boot, or not
 * @drv:  the driver
 * @name: the network
 * @on:   which
 * @err:  VNM_ERR_TRANSIENT when it has no definition
 *
 * Return: 0 or -errno.
 */
int vnm_driver_set_autostart(struct vnm_driver *drv, const char *name, bool on,
			     struct vnm_error *err)
{
	if (!vnm_store_has(&drv->persistent, name))
		return vnm_error_set(
			err, VNM_ERR_TRANSIENT, EINVAL,
			"Requested operation is not valid: cannot set autostart for transient "
			"network");
	return vnm_autostart_set(drv->autostart_fd, name, on, err);
}

/**
 * vnm_driver_dumpxml() - a definition as virsh prints it
 * @drv:      the driver
 * @name:     the network
 * @inactive: the persistent definition even while the network is active
 * @ret:      the text, allocated
 * @err:      set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_dumpxml(struct vnm_driver *drv, const char *name, bool inactive, char **ret,
		       struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	int r;

	if (inactive && vnm_store_has(&drv->persistent, name))
		r = vnm_store_load(&drv->persistent, name, &net, err);
	else
		r = vnm_driver_load(drv, name, &net, err);
	if (r == 0 && !inactive && vnm_driver_active(drv, name))
		r = vnm_driver_show_ports(drv, &net, err);
	if (r < 0)
		return r;
	vnm_network_xml_format(&net, &text);
	*ret = vnm_buf_steal(&text);
	return 0;
}
