/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq_hosts.h - dnsmasq's lists of hosts. */
#ifndef VNM_PLAN_DNSMASQ_HOSTS_H
#define VNM_PLAN_DNSMASQ_HOSTS_H

#include "model/attach.h"
#include "util/error.h"

int vnm_dm_hosts_file(const struct vnm_network *net, const struct vnm_attachments *guests,
		      char **ret, struct vnm_error *err);
int vnm_dm_addnhosts_file(const struct vnm_network *net, char **ret, struct vnm_error *err);

#endif
