/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq_names.h - the names that we and dnsmasq agree on: files, accounts. */
#ifndef VNM_PLAN_DNSMASQ_NAMES_H
#define VNM_PLAN_DNSMASQ_NAMES_H

#define VNM_DNSMASQ_USER "dnsmasq"		/* as distributions create it */
#define VNM_DNSMASQ_SHARED_USER "nobody"	/* where that is not there */
#define VNM_DNSMASQ_SHARED_GROUP "nogroup"	/* of it, in journals of older versions */

/* The files' names in vnm_dnsmasq_paths.dnsmasq_dir. */
#define VNM_DNSMASQ_CONF "dnsmasq.conf"
#define VNM_DNSMASQ_HOSTS "hosts"
#define VNM_DNSMASQ_ADDNHOSTS "addnhosts"

/* In the configuration, in front of the lines that are from the definition. */
#define VNM_DNSMASQ_OWN_LINES "# Of <dnsmasq:options>:"

#endif
