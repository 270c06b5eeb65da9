/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host_conf.h - what is this host's own in definitions that are the same on many hosts: host.conf. */
#ifndef VNM_STATE_HOST_CONF_H
#define VNM_STATE_HOST_CONF_H

#include "plan/firewall/fwrule.h"
#include "state/paths.h"
#include "util/addr.h"
#include "util/parse.h"

/** struct vnm_host_conf - @local: its address among the hosts of an overlay; @dev: the device that has it, "": any; @index: its number, from 1 */
struct vnm_host_conf {
	struct vnm_addr local;
	char dev[VNM_IFNAME_SIZE];
	struct vnm_uint index;
};

int vnm_host_conf_load(const struct vnm_paths *paths, struct vnm_host_conf *ret,
		       struct vnm_error *err);

#endif
