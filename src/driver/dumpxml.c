/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dumpxml.c - net-dumpxml: a definition as it is printed. */
#include "driver/dumpxml.h"

#include "state/networks.h"
#include "state/port_store.h"
#include "state/session.h"
#include "xml/network_xml.h"

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
	if (drv->paths.public)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "this is not all of network '%s': what only root may see is left "
				  "out, such as metadata and options of dnsmasq; for all of it: "
				  "sudo vnetmgr net-dumpxml %s",
				  name, name);
	vnm_network_xml_format(&net, &text);
	*ret = vnm_buf_steal(&text);
	return 0;
}
