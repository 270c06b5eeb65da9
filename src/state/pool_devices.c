/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pool_devices.c - the devices of a pool that a definition names by the device whose virtual functions they are (<pf>), and which of
 * its PCI devices have a guest.
 *
 * Functions are switched on and off while the host runs, so they are looked up whenever one is to be had, and stand in no file.
 */
#include "state/pool_devices.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/pci.h"
#include "state/assume.h"
#include "state/journal.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/host/vfs.h"
#include "sys/link/link.h"
#include "sys/link/vf_settings.h"
#include "util/mem.h"

static void add_address(struct vnm_forward *forward, const struct vnm_fact_vf *vf)
{
	struct vnm_pci_address address;

	if (vnm_pci_parse(vf->address, &address) < 0)
		return;
	forward->addresses = vnm_array_add(forward->addresses, &forward->n_addresses,
					   sizeof(*forward->addresses));
	forward->addresses[forward->n_addresses - 1] = address;
}

static void add_interface(struct vnm_forward *forward, const struct vnm_fact_vf *vf)
{
	struct vnm_forward_interface *interface;

	if (!*vf->dev)
		return;
	forward->interfaces = vnm_array_add(forward->interfaces, &forward->n_interfaces,
					    sizeof(*forward->interfaces));
	interface = &forward->interfaces[forward->n_interfaces - 1];
	interface->at.present = true;
	interface->dev = vnm_strdup(vf->dev);
}

/**
 * vnm_pool_fill() - look up the devices of a network with <pf>
 * @net: the network; gets its <address>es or <interface>s, unless it has them
 * @err: they could not be listed
 *
 * There may be none at the moment: an active network can be changed and its ports be deleted all the same.
 *
 * Return: 0 or -errno.
 */
int vnm_pool_fill(struct vnm_network *net, struct vnm_error *err)
{
	bool hostdev = vnm_network_mode(net) == VNM_FORWARD_HOSTDEV;
	struct vnm_forward *forward = &net->forward;
	vnm_autofree struct vnm_fact_vf *vfs = NULL;
	size_t n = 0;
	int r;

	if (!forward->pf.at.present || forward->n_addresses + forward->n_interfaces > 0)
		return 0;
	r = vnm_vfs_read(forward->pf.dev, &vfs, &n);
	if (r < 0 && r != -ENODEV)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot list the virtual functions of device '%s': %s",
				     forward->pf.dev, strerror(-r));
	for (size_t i = 0; i < n; i++)
		if (hostdev)
			add_address(forward, &vfs[i]);
		else
			add_interface(forward, &vfs[i]);
	return 0;
}

static int refuse_address(const struct vnm_network *net, const char *address, int r,
			  struct vnm_error *err)
{
	if (r == -ENODEV)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV,
				     "there is no PCI device %s, which network '%s' lists", address,
				     net->name);
	if (r == -ENOTSUP)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENOTSUP,
				     "PCI device %s of network '%s' is no virtual function of a "
				     "network device; only those are handed out",
				     address, net->name);
	return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot inspect PCI device %s: %s", address,
			     strerror(-r));
}

/* That the device is missing is said elsewhere. */
static int check_functions(const struct vnm_network *net, struct vnm_error *err)
{
	const char *pf = net->forward.pf.dev;
	vnm_autofree struct vnm_fact_vf *vfs = NULL;
	size_t n = 0;

	if (net->forward.n_addresses + net->forward.n_interfaces > 0 ||
	    vnm_vfs_read(pf, &vfs, &n) < 0)
		return 0;
	if (n == 0)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV,
				     "device '%s' of network '%s' has no virtual functions; if it "
				     "can have some: echo 4 >/sys/class/net/%s/device/sriov_numvfs",
				     pf, net->name, pf);
	return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV,
			     "none of the %zu virtual functions of device '%s' of network '%s' has "
			     "a network device: load their driver, or use mode='hostdev'",
			     n, pf, net->name);
}

/**
 * vnm_pool_check_start() - has a network that starts the devices that it hands out?
 * @drv: the driver
 * @net: the network, after vnm_pool_fill()
 * @err: VNM_ERR_NO_DEVICE: there are none, or one that it lists is no virtual function
 *
 * While the system boots, they may still come.
 *
 * Return: 0 or -errno.
 */
int vnm_pool_check_start(struct vnm_driver *drv, const struct vnm_network *net,
			 struct vnm_error *err)
{
	if (drv->sys.boots)
		return 0;
	if (net->forward.pf.at.present)
		return check_functions(net, err);
	for (size_t i = 0; i < net->forward.n_addresses; i++) {
		char address[VNM_PCI_STRLEN];
		struct vnm_fact_vf vf;
		int r;

		vnm_pci_format(&net->forward.addresses[i], address);
		r = vnm_vf_find(address, &vf);
		if (r < 0)
			return refuse_address(net, address, r, err);
	}
	return 0;
}

static void leave_out(struct vnm_forward *forward, const struct vnm_plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < forward->n_addresses; i++) {
		char address[VNM_PCI_STRLEN];
		bool used = false;

		vnm_pci_format(&forward->addresses[i], address);
		for (size_t k = 0; k < plan->n && !used; k++)
			used = plan->ops[k].type == VNM_OP_VIRTUAL_FUNCTION &&
			       !strcmp(plan->ops[k].virtual_function.address, address);
		if (!used)
			forward->addresses[n++] = forward->addresses[i];
	}
	forward->n_addresses = n;
}

/**
 * vnm_pool_leave_out_used() - without the PCI devices that guests of other networks have
 * @drv: the driver
 * @net: the network; its list becomes shorter
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_pool_leave_out_used(struct vnm_driver *drv, struct vnm_network *net, struct vnm_error *err)
{
	char **names = NULL;
	size_t n = 0;
	int r = vnm_driver_journal_names(drv, &names, &n, err);

	for (size_t i = 0; r == 0 && i < n; i++) {
		vnm_autojournal struct vnm_journal journal = { 0 };

		if (!strcmp(names[i], net->name))
			continue;
		r = vnm_driver_journal(drv, names[i], true, &journal, err);
		if (r == 0)
			leave_out(&net->forward, &journal.plan);
	}
	vnm_names_free(names, n);
	return r;
}

static bool recall(const struct vnm_plan *plan, const char *address, struct vnm_fact_vf *ret)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct vnm_op_virtual_function *op = &plan->ops[i].virtual_function;

		if (plan->ops[i].type != VNM_OP_VIRTUAL_FUNCTION ||
		    strcmp(op->address, address) != 0)
			continue;
		*ret = (struct vnm_fact_vf){ .number = op->number,
					     .mac = op->old_mac,
					     .vlan = op->old_vlan };
		snprintf(ret->address, sizeof(ret->address), "%s", address);
		snprintf(ret->pf, sizeof(ret->pf), "%s", op->dev);
		return true;
	}
	return false;
}

static int observe(struct vnm_driver *drv, const char *address, struct vnm_fact_vf *ret,
		   struct vnm_error *err)
{
	struct vnm_vf_settings settings;
	struct vnm_link pf;
	int r = vnm_vf_find(address, ret);

	if (r == -ENODEV || r == -ENOTSUP)
		return 0; /* the plan says so */
	if (r == 0)
		r = vnm_link_read(&drv->sys, ret->pf, &pf);
	if (r == 0)
		r = vnm_vf_settings_read(&drv->sys, &pf, ret->number.v, &settings);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, -r,
				     "device '%s' does not tell of its virtual function %u (%s): "
				     "%s",
				     ret->pf, ret->number.v, address, strerror(-r));
	ret->mac = settings.mac;
	ret->vlan = settings.vlan;
	return 1;
}

/**
 * vnm_pool_note_vfs() - the virtual functions that a network's ports have, and what these were before
 * @drv:     the driver
 * @name:    the network
 * @ports:   its ports
 * @n_ports: how many
 * @facts:   gets them
 * @err:     set on failure
 *
 * What they were before stands in the journal, once a port has changed it.
 *
 * Return: 0 or -errno.
 */
int vnm_pool_note_vfs(struct vnm_driver *drv, const char *name, const struct vnm_port *ports,
		      size_t n_ports, struct vnm_facts *facts, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	int r = 0;

	for (size_t i = 0; i < n_ports && r == 0; i++) {
		struct vnm_fact_vf vf = { 0 };
		char address[VNM_PCI_STRLEN];

		if (ports[i].plug.type != VNM_PLUG_HOSTDEV_PCI)
			continue;
		if (!journal.plan.n && vnm_driver_active(drv, name))
			r = vnm_driver_journal(drv, name, true, &journal, err);
		vnm_pci_format(&ports[i].plug.address, address);
		if (r == 0)
			r = recall(&journal.plan, address, &vf) ? 1
								: observe(drv, address, &vf, err);
		if (r <= 0)
			continue;
		facts->vfs = vnm_array_add(facts->vfs, &facts->n_vfs, sizeof(*facts->vfs));
		facts->vfs[facts->n_vfs - 1] = vf;
		r = 0;
	}
	return r;
}
