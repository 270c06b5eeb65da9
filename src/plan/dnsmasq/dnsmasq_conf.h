/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dnsmasq_conf.h - the text of dnsmasq's files.
 *
 * Every option goes through one line writer that knows the grammar of its value and dnsmasq's line limit
 * (1025-byte buffer: what follows byte 1024 would be read as a new option), and the finished text is read back
 * and must hold exactly the options that were meant.
 */
#ifndef VNM_PLAN_DNSMASQ_CONF_H
#define VNM_PLAN_DNSMASQ_CONF_H

#include "plan/facts.h"
#include "model/network.h"
#include "util/buf.h"
#include "util/error.h"

#define VNM_DNSMASQ_LINE_MAX 1023
#define VNM_DNSMASQ_USER "dnsmasq"		/* as distributions make it */
#define VNM_DNSMASQ_SHARED_USER "nobody"	/* where that is not there */
#define VNM_DNSMASQ_SHARED_GROUP "nogroup"	/* of it, in records of older versions */

/* The files' names in vnm_dnsmasq_paths.dnsmasq_dir. */
#define VNM_DNSMASQ_CONF "dnsmasq.conf"
#define VNM_DNSMASQ_HOSTS "hosts"
#define VNM_DNSMASQ_ADDNHOSTS "addnhosts"

/* In the configuration, in front of the lines that are from the definition. */
#define VNM_DNSMASQ_OWN_LINES "# Of <dnsmasq:options>:"

/** struct vnm_dnsmasq_files - the three texts, ready to be written. */
struct vnm_dnsmasq_files {
	char *conf, *hosts /* dhcp-hostsfile */, *addnhosts;
};

int vnm_dnsmasq_files(const struct vnm_network *net, const struct vnm_facts *facts,
		      const struct vnm_dnsmasq_paths *places, struct vnm_dnsmasq_files *ret,
		      struct vnm_error *err);
void vnm_dnsmasq_files_clear(struct vnm_dnsmasq_files *files);

#endif
