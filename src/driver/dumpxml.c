/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dumpxml.c - net-dumpxml: a definition as it is printed. */
#include "driver/dumpxml.h"

#include <errno.h>

#include "plan/frr_text.h"
#include "plan/plan_evpn.h"
#include "run/overlay.h"
#include "state/networks.h"
#include "state/port_store.h"
#include "state/session.h"
#include "xml/network_xml.h"

/* What somebody adds to FRR's configuration who keeps it himself. */
static int print_frr(struct vnm_driver *drv, struct vnm_network *net, bool secrets,
		     struct vnm_buf *text, struct vnm_error *err)
{
	struct vnm_op op = { .type = VNM_OP_EVPN };
	int r = 0;

	if (!net->overlay.evpn.at.present)
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "network '%s' has no <vnm:evpn>, and needs nothing of FRR",
				     net->name);
	r = vnm_driver_resolve_overlay(drv, net, NULL, err);
	if (r < 0)
		return r;
	vnm_plan_evpn_fill(net, &op.evpn);
	vnm_frr_fragment(&op.evpn, secrets, text);
	vnm_op_clear(&op);
	return 0;
}

/**
 * vnm_driver_dumpxml() - a definition as virsh prints it
 * @drv:      the driver
 * @name:     the network
 * @what:     which, and how much of it
 * @ret:      the text, allocated
 * @err:      set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_dumpxml(struct vnm_driver *drv, const char *name, const struct vnm_dumpxml *what,
		       char **ret, struct vnm_error *err)
{
	const bool inactive = what->inactive;
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
	if (drv->paths.public)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "this is not all of network '%s': what only root may see is left "
				  "out, such as metadata and options of dnsmasq; for all of it: "
				  "sudo vnetmgr net-dumpxml %s",
				  name, name);
	if (what->frr)
		r = print_frr(drv, &net, what->secrets, &text, err);
	else if (what->secrets)
		vnm_network_xml_format_secret(&net, &text);
	else
		vnm_network_xml_format(&net, &text);
	if (r == 0)
		*ret = vnm_buf_steal(&text);
	return r;
}
