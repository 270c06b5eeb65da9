/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus_none.c - operations that need D-Bus, in a build without it: prepare refuses them. */
#ifndef HAVE_SD_BUS
#include "sys/dbus/bus.h"
#include "sys/op_impl.h"
#include "sys/dbus/zone.h"

#include <errno.h>

#define WITHOUT "built without D-Bus support (libsystemd)"

void vnm_bus_free(struct vnm_bus *bus)
{
	(void)bus;
}

/* Whether firewalld runs is unknown. */
int vnm_observe_zones(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err)
{
	(void)sys, (void)facts, (void)err;
	return 0;
}

static int zone_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys;
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "zone %s requested for network %s, but vnetmgr was " WITHOUT
			     "; take zone='%s' out of the definition, or build it anew",
			     op->zone.zone, op->zone.network, op->zone.zone);
}

static int nameserver_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys;
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "failed to register name server for domain %s: vnetmgr was " WITHOUT
			     "; take register='yes' out of the definition, or build it anew",
			     op->nameserver.domain);
}

/* It was never applied, unless by another build of the program. */
static int none_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	(void)sys, (void)op, (void)err;
	*ret = VNM_ABSENT;
	return 0;
}

static int none_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys, (void)op, (void)err;
	return 0;
}

const struct vnm_op_impl vnm_impl_zone = {
	.prepare = zone_prepare,
	.apply = zone_prepare,
	.check = none_check,
	.revert = none_revert,
};

const struct vnm_op_impl vnm_impl_nameserver = {
	.prepare = nameserver_prepare,
	.apply = nameserver_prepare,
	.check = none_check,
	.revert = none_revert,
};
#endif
