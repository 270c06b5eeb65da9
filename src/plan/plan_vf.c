/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_vf.c - the virtual functions that a network's ports have: MAC address and VLAN of each. */
#include "plan/plan_vf.h"

#include <errno.h>
#include <string.h>

#include "model/pci.h"
#include "util/mem.h"

static const struct vnm_fact_vf *find(const struct vnm_facts *facts, const char *address)
{
	for (size_t i = 0; i < facts->n_vfs; i++)
		if (!strcmp(facts->vfs[i].address, address))
			return &facts->vfs[i];
	return NULL;
}

static int plan_one(const struct vnm_network *net, const struct vnm_port *port,
		    const struct vnm_facts *facts, struct vnm_plan *plan, struct vnm_error *err)
{
	char address[VNM_PCI_STRLEN];
	const struct vnm_fact_vf *vf =
		find(facts, vnm_pci_format(&port->plug.address, address));
	struct vnm_op_virtual_function *op;

	if (!vf)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV,
				     "PCI device %s of network '%s' is no virtual function of a "
				     "network device",
				     address, net->name);
	op = &vnm_plan_add(plan, VNM_OP_VIRTUAL_FUNCTION)->virtual_function;
	op->address = vnm_strdup(address);
	op->dev = vnm_strdup(vf->pf);
	op->number = vf->number;
	op->mac = port->mac.address.set ? port->mac.address : vf->mac;
	op->vlan = port->vlan.at.present ? (uint16_t)port->vlan.tags[0].id.v : 0;
	op->old_mac = vf->mac;
	op->old_vlan = vf->vlan;
	return 0;
}

/**
 * vnm_plan_vfs() - plan what a network's ports have of its devices
 * @in:   definition, ports; the facts of their functions
 * @plan: gets an operation for each
 * @err:  VNM_ERR_NO_DEVICE: a port's is not known
 *
 * Return: 0 or -errno.
 */
int vnm_plan_vfs(const struct vnm_plan_input *in, struct vnm_plan *plan, struct vnm_error *err)
{
	int r = 0;

	for (size_t i = 0; i < in->n_ports && r == 0; i++)
		if (in->ports[i].plug.type == VNM_PLUG_HOSTDEV_PCI)
			r = plan_one(in->net, &in->ports[i], in->facts, plan, err);
	return r;
}
