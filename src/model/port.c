/* SPDX-License-Identifier: GPL-2.0-or-later */
/* port.c - ports of guests: validation of a port by itself. Pure. See port_allot.c for what the network adds. */
#include "model/port.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>


static int fail(const struct vnm_port *port, const struct vnm_at *at, struct vnm_error *err,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static int fail(const struct vnm_port *port, const struct vnm_at *at, struct vnm_error *err,
		const char *fmt, ...)
{
	char message[VNM_ERROR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	vnm_error_set(err, VNM_ERR_XML_MEANING, EINVAL, "%s", message);
	if (port->file)
		vnm_error_prefix(err, "%s:%d: ", port->file, at->line);
	return -EINVAL;
}

/* ---- validation ---- */

static int check_owner(const struct vnm_port *port, struct vnm_error *err)
{
	const struct vnm_port_owner *owner = &port->owner;
	const struct vnm_at *at = owner->at.present ? &owner->at : &port->at;

	if (!owner->name || !*owner->name)
		return fail(port, at, err,
			    "network port has no owner name: say whose it is in <owner><name>");
	if (!owner->uuid.set)
		return fail(port, at, err,
			    "network port has no owner UUID: put it into <owner><uuid>");
	return 0;
}

static int check_mac(const struct vnm_port *port, struct vnm_error *err)
{
	const struct vnm_mac zero = { .set = true };
	char text[VNM_MAC_STRLEN];

	if (!port->mac.at.present)
		return fail(port, &port->at, err,
			    "network port has no mac: put that of the guest's interface into "
			    "<mac address=.../>");
	if (vnm_mac_is_multicast(&port->mac.address) || vnm_mac_equal(&port->mac.address, &zero))
		return fail(port, &port->mac.at, err,
			    "mac address '%s' cannot be an interface's: it is %s",
			    vnm_mac_format(&port->mac.address, text),
			    vnm_mac_is_multicast(&port->mac.address) ? "multicast" : "zero");
	return 0;
}

static int check_rate(const struct vnm_port *port, const struct vnm_rate *rate, bool outbound,
		      struct vnm_error *err)
{
	if (!rate->at.present)
		return 0;
	if (rate->floor.set && outbound)
		return fail(port, &rate->at, err,
			    "'floor' attribute allowed only in <inbound> element");
	if (!rate->average.set && (!rate->floor.set || rate->peak.set || rate->burst.set))
		return fail(port, &rate->at, err, "Missing mandatory average or floor attributes");
	if (rate->peak.v > 0 && rate->peak.v < rate->average.v)
		return fail(port, &rate->at, err,
			    "a peak of %" PRIu64
			    " kilobytes a second is less than the average of %" PRIu64,
			    rate->peak.v, rate->average.v);
	return 0;
}

/* What was asked for does not go with the port: neither is invalid by itself. */
static int check_plug(const struct vnm_port *port, bool reclaim, struct vnm_error *err)
{
	if (reclaim == port->plug.at.present)
		return 0;
	if (reclaim)
		fail(port, &port->at, err, "Port reclaim requested but plug type is none");
	else
		fail(port, &port->plug.at, err,
		     "Port reclaim not requested but plug type is not none: remove <plug>, "
		     "since the network says what its ports are plugged into");
	err->code = VNM_ERR_USAGE;
	return -EINVAL;
}

/**
 * vnm_port_validate() - is a port valid by itself?
 * @port:    as parsed
 * @reclaim: it was plugged into the network before, and says where; else it must not
 * @err:     VNM_ERR_XML_MEANING, or VNM_ERR_USAGE for @reclaim, with file and line
 *
 * Return: 0 or -EINVAL.
 */
int vnm_port_validate(const struct vnm_port *port, bool reclaim, struct vnm_error *err)
{
	int r = check_owner(port, err);

	if (r == 0)
		r = check_mac(port, err);
	if (r == 0)
		r = check_rate(port, &port->bandwidth.inbound, false, err);
	if (r == 0)
		r = check_rate(port, &port->bandwidth.outbound, true, err);
	return r < 0 ? r : check_plug(port, reclaim, err);
}

/**
 * vnm_port_group() - the portgroup whose settings a guest has
 * @net:  the network
 * @name: the requested one; NULL: the default one
 *
 * Return: the portgroup, or NULL.
 */
const struct vnm_portgroup *vnm_port_group(const struct vnm_network *net, const char *name)
{
	for (size_t i = 0; i < net->n_portgroups; i++) {
		const struct vnm_portgroup *group = &net->portgroups[i];

		if (name ? !strcmp(group->name, name) : group->is_default == VNM_TRI_YES)
			return group;
	}
	return NULL;
}
