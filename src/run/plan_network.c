/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_network.c - the plan of a network, and its conflicts with the host and other networks. */
#include "run/plan_network.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/validate.h"
#include "plan/attach_augment.h"
#include "plan/conflict/conflict_listen.h"
#include "plan/conflict/conflict_nat.h"
#include "plan/conflict/conflict_start.h"
#include "plan/plan.h"
#include "plan/plan_input.h"
#include "run/guest_rival.h"
#include "run/observe.h"
#include "state/guest_store.h"
#include "state/networks.h"
#include "state/pool_devices.h"
#include "state/port_store.h"
#include "state/session.h"
#include "sys/host/listeners.h"
#include "sys/link/address_list.h"
#include "sys/link/vrf.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/* Networks in VRFs have no routes in the host's main table. */
static bool needs_others(const struct vnm_network *net)
{
	return vnm_network_has_uplink(net) || net->overlay.at.present || net->vrf.at.present ||
	       (net->n_ips > 0 && vnm_vrf_known());
}

/*
 * Checks for conflicts. The host's routes already show the subnets of active networks; the others are needed only
 * after a conflict, for a bridge and a pool, for an overlay, where there are VRFs, or when several networks start together and have
 * no routes yet.
 */
static int check_conflicts(struct vnm_driver *drv, const struct vnm_plan_input *in,
			   const struct vnm_network *old, const struct vnm_other_net *batch,
			   size_t n_batch, struct vnm_error *err)
{
	const struct vnm_network *net = in->net;
	struct vnm_other_nets others vnm_autoother_nets = { 0 };
	struct vnm_warnings warnings = { 0 };
	struct vnm_error named = { 0 };
	int r;

	r = vnm_conflict_start(in, old, batch, n_batch, &warnings, err);
	if (r == 0 && needs_others(net)) {
		vnm_warnings_clear(&warnings);
		r = vnm_network_has_uplink(net)
			    ? vnm_other_nets_load(drv, net->name, &others, err)
			    : vnm_other_nets_near(drv, net->name, &net, 1, NULL, &others, err);
		if (r == 0)
			r = vnm_conflict_start(in, old, others.refs, others.n, &warnings, err);
	}
	if (r == 0 || (err->code != VNM_ERR_SUBNET_IN_USE && !vnm_network_is_pool(net))) {
		vnm_driver_warn(drv, &warnings);
		return r;
	}
	vnm_warnings_clear(&warnings);
	/* Only for the message: which network it is. */
	(void)vnm_other_nets_load(drv, net->name, &others, &named);
	if (vnm_conflict_start(in, old, others.refs, others.n, &warnings, &named) < 0)
		*err = named;
	vnm_driver_warn(drv, &warnings);
	return r;
}

/* Is the directory world-readable? Then dnsmasq can read it, which does so unprivileged, after it has reported that it is ready. */
static bool open_to_all(const char *dir)
{
	vnm_autofree char *path = vnm_strdup(dir);
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode) || !(st.st_mode & S_IROTH))
		return false;
	for (char *slash = path + strlen(path); slash; slash = strrchr(path, '/')) {
		*slash = '\0';
		if (stat(*path ? path : "/", &st) < 0 || !(st.st_mode & S_IXOTH))
			return false;
	}
	return true;
}

static bool has_tftp(const struct vnm_network *net, const char *root)
{
	for (size_t i = 0; net && i < net->n_ips; i++)
		if (net->ips[i].tftp.at.present && !strcmp(net->ips[i].tftp.root, root))
			return true;
	return false;
}

/*
 * Symbolic links in it are followed, which boot servers rely on. So whoever may create one there publishes what dnsmasq
 * can read.
 */
static void warn_of_writers(struct vnm_driver *drv, const struct vnm_network *net, const char *root)
{
	struct stat st;

	if (stat(root, &st) < 0 || (st.st_uid == 0 && !(st.st_mode & (S_IWGRP | S_IWOTH))))
		return;
	vnm_driver_report(drv, VNM_REPORT_WARNING,
			  "others than root may write to the tftp root '%s' of network '%s': by a "
			  "symbolic link they give its guests any file that everybody may read; "
			  "chown root and chmod go-w keep them from it",
			  root, net->name);
}

static int check_tftp(struct vnm_driver *drv, const struct vnm_network *net,
		      const struct vnm_network *old, const struct vnm_facts *facts,
		      struct vnm_error *err)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_tftp *tftp = &net->ips[i].tftp;

		if (!tftp->at.present || has_tftp(old, tftp->root))
			continue;
		if (!open_to_all(tftp->root))
			return vnm_error_set(
				err, VNM_ERR_NO_DEVICE, ENOENT,
				"the tftp root '%s' of network '%s' is no directory that "
				"everybody may read; dnsmasq reads it as user %s",
				tftp->root, net->name,
				facts->dnsmasq_user ? facts->dnsmasq_user : "root");
		warn_of_writers(drv, net, tftp->root);
	}
	return 0;
}

/* dnsmasq silently takes a missing file for an empty one: then no name outside is resolved. */
static void warn_missing_resolv(struct vnm_driver *drv, const struct vnm_network *net)
{
	static const char option[] = "resolv-file=";

	for (size_t i = 0; i < net->dnsmasq_options.n_items; i++) {
		const char *value = net->dnsmasq_options.items[i].value;

		if (!strncmp(value, option, strlen(option)) &&
		    access(value + strlen(option), F_OK) < 0 && errno == ENOENT)
			vnm_driver_report(drv, VNM_REPORT_WARNING,
					  "network '%s': <dnsmasq:option value='%s'/>: there is no "
					  "such file; without it no name outside of the network is "
					  "found",
					  net->name, value);
	}
}

static void warn_rivals(struct vnm_driver *drv, const struct vnm_network *net)
{
	struct vnm_warnings notes = { 0 };

	vnm_driver_note_rivals(drv, net, &notes);
	for (size_t i = 0; i < notes.n; i++)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "network '%s': %s", net->name,
				  notes.items[i]);
	vnm_warnings_clear(&notes);
}

/**
 * vnm_driver_check_listeners() - would port forwardings of a network shadow services of the host?
 * @drv:      the driver
 * @net:      the network
 * @old:      its definition before a change; NULL: none
 * @warnings: services that lose an address
 * @err:      VNM_ERR_PORT_IN_USE
 *
 * Return: 0 or -errno.
 */
int vnm_driver_check_listeners(struct vnm_driver *drv, const struct vnm_network *net,
			       const struct vnm_network *old, struct vnm_warnings *warnings,
			       struct vnm_error *err)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	int r = 0;

	if (net->n_port_forwards + net->n_static_nats == 0)
		return 0;
	vnm_observe_listeners(&facts);
	vnm_conflict_keep_listeners(net, old, &facts);
	vnm_observe_listener_owners(&facts);
	if (facts.n_listeners)
		r = vnm_observe_addresses(&drv->sys, &facts, err);
	return r < 0 ? r : vnm_conflict_listeners(net, old, &facts, warnings, err);
}

/**
 * vnm_driver_check_forwards() - are the ports and addresses of a network's forwardings free now?
 * @drv:     the driver
 * @net:     the network
 * @old:     its definition before a change; NULL: none
 * @batch:   the other networks of the batch
 * @n_batch: how many
 * @err:     VNM_ERR_PORT_IN_USE
 *
 * Return: 0 or -errno.
 */
int vnm_driver_check_forwards(struct vnm_driver *drv, const struct vnm_network *net,
			      const struct vnm_network *old, const struct vnm_other_net *batch,
			      size_t n_batch, struct vnm_error *err)
{
	struct vnm_other_nets others vnm_autoother_nets = { 0 };
	struct vnm_warnings warnings = { 0 };
	int r;

	if (net->n_port_forwards + net->n_static_nats == 0)
		return 0;
	r = vnm_other_nets_near(drv, net->name, &net, 1, NULL, &others, err);
	if (r == 0)
		r = vnm_conflict_forwards(net, old, others.refs, others.n, err);
	if (r == 0)
		r = vnm_conflict_forwards(net, old, batch, n_batch, err);
	if (r == 0)
		r = vnm_driver_check_listeners(drv, net, old, &warnings, err);
	vnm_driver_warn(drv, &warnings);
	return r;
}

/* @in: without the functions of its ports, which are looked up. */
static int plan_with_vfs(struct vnm_driver *drv, struct vnm_plan_input *in, struct vnm_plan *ret,
			 struct vnm_error *err)
{
	struct vnm_facts facts = *in->facts;
	int r = vnm_pool_note_vfs(drv, in->net->name, in->ports, in->n_ports, &facts, err);

	in->facts = &facts;
	if (r == 0)
		r = vnm_plan_start(in, ret, err);
	free(facts.vfs);
	return r;
}

/* Including the attached guests, with names and addresses, and the network's ports. */
static int plan_with_guests(struct vnm_driver *drv, const struct vnm_network *net,
			    const struct vnm_facts *facts, const struct vnm_port_change *port,
			    struct vnm_plan *ret, struct vnm_error *err)
{
	struct vnm_dnsmasq_paths places __attribute__((cleanup(vnm_dnsmasq_paths_clear))) = { 0 };
	const struct vnm_attachments *guests = vnm_attachments_get(drv, net->name);
	struct vnm_ports ports vnm_autoports = { 0 };
	vnm_autonetwork struct vnm_network whole = { 0 };
	struct vnm_plan_input in = {
		.net = net, .facts = facts, .guests = guests, .paths = &places
	};
	int r = vnm_attachments_load_error(drv, net->name, err);

	if (r == 0)
		r = vnm_ports_load(drv, net->name, port, &ports, err);
	if (r < 0)
		return r;
	in.ports = ports.items;
	in.n_ports = ports.n;
	vnm_paths_dnsmasq(&drv->paths, net->name, &places);
	if (guests->n_items == 0)
		return plan_with_vfs(drv, &in, ret, err);
	vnm_network_copy(net, &whole);
	vnm_attach_augment(&whole, guests);
	in.net = &whole;
	return plan_with_vfs(drv, &in, ret, err);
}

/* @net, or @whole: a copy that has its guests' port forwardings, too. */
static const struct vnm_network *with_guests_forwards(const struct vnm_attachments *guests,
						      const struct vnm_network *net,
						      struct vnm_network *whole)
{
	size_t n = 0;

	for (size_t i = 0; i < guests->n_items; i++)
		n += guests->items[i].n_forwards;
	if (n == 0 || !net)
		return net;
	vnm_network_copy(net, whole);
	for (size_t i = 0; i < guests->n_items; i++)
		vnm_attach_augment_forwards(whole, &guests->items[i]);
	return whole;
}

/* Its own forwardings and its guests': a new one of either must not meet the others. */
static int check_all_forwards(struct vnm_driver *drv, const struct vnm_plan_input *in,
			      const struct vnm_network *old, const struct vnm_other_net *batch,
			      size_t n_batch, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network whole = { 0 }, before = { 0 };
	const struct vnm_network *net = with_guests_forwards(in->guests, in->net, &whole);
	struct vnm_warnings ignored = { 0 };
	int r = net == in->net ? 0 : vnm_network_validate(net, &ignored, err);

	vnm_warnings_clear(&ignored);
	return r < 0 ? r
		     : vnm_driver_check_forwards(drv, net,
						 with_guests_forwards(in->guests, old, &before),
						 batch, n_batch, err);
}

/* @net, or @whole: a copy with the devices that it names by another. Return: 0 or -errno. */
static int with_pool(const struct vnm_network **net, struct vnm_network *whole,
		     struct vnm_error *err)
{
	if (!(*net)->forward.pf.at.present)
		return 0;
	vnm_network_copy(*net, whole);
	*net = whole;
	return vnm_pool_fill(whole, err);
}

/**
 * vnm_driver_plan() - the plan of a network, if nothing conflicts with it
 * @drv:     the driver
 * @net:     its definition
 * @old:     the live definition, whose parts are not checked again; NULL: it is not active
 * @facts:   the host, without what the network itself has made
 * @batch:   the other networks of the batch
 * @n_batch: how many
 * @ret:     the plan; free with vnm_plan_clear()
 * @err:     the conflict
 *
 * Return: 0 or -errno.
 */
int vnm_driver_plan(struct vnm_driver *drv, const struct vnm_network *net,
		    const struct vnm_network *old, const struct vnm_facts *facts,
		    const struct vnm_other_net *batch, size_t n_batch, struct vnm_plan *ret,
		    struct vnm_error *err)
{
	struct vnm_plan_input in = { .facts = facts,
				     .guests = vnm_attachments_get(drv, net->name) };
	vnm_autonetwork struct vnm_network whole = { 0 };
	int r = with_pool(&net, &whole, err);

	in.net = net;
	if (r == 0 && !old)
		r = vnm_pool_check_start(drv, net, err);
	if (r == 0)
		r = check_conflicts(drv, &in, old, batch, n_batch, err);
	if (r == 0)
		r = check_all_forwards(drv, &in, old, batch, n_batch, err);
	if (r == 0)
		r = check_tftp(drv, net, old, facts, err);
	if (r == 0 && !old) {
		warn_missing_resolv(drv, net);
		warn_rivals(drv, net);
	}
	return r < 0 ? r : plan_with_guests(drv, net, facts, NULL, ret, err);
}

/**
 * vnm_driver_replan() - the plan of an active network, by its live definition
 * @drv: the driver
 * @net: the definition
 * @old: its present plan
 * @port: a port that is created or deleted along with it; or NULL
 * @ret: the plan; free with vnm_plan_clear()
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_replan(struct vnm_driver *drv, const struct vnm_network *net,
		      const struct vnm_plan *old, const struct vnm_port_change *port,
		      struct vnm_plan *ret, struct vnm_error *err)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	vnm_autonetwork struct vnm_network whole = { 0 };
	int r = with_pool(&net, &whole, err);

	if (r == 0)
		r = vnm_driver_observe_known(drv, net, old, &facts, err);
	return r < 0 ? r : plan_with_guests(drv, net, &facts, port, ret, err);
}
