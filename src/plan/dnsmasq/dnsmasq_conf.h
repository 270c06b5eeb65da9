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

#include "plan/plan_input.h"
#include "util/buf.h"
#include "util/error.h"

/** struct vnm_dnsmasq_files - the three texts, ready to be written. */
struct vnm_dnsmasq_files {
	char *conf, *hosts /* dhcp-hostsfile */, *addnhosts;
};

int vnm_dnsmasq_files(const struct vnm_plan_input *in, struct vnm_dnsmasq_files *ret,
		      struct vnm_error *err);
void vnm_dnsmasq_files_clear(struct vnm_dnsmasq_files *files);

#endif
