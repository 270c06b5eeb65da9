/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_fate.h - what the rules of a chain of iptables' tables do with a packet. */
#ifndef VNM_SYS_FW_FATE_H
#define VNM_SYS_FW_FATE_H

#include "sys/firewall/fw_probe.h"
#include "sys/firewall/fw_table.h"

/** struct vnm_fw_spot - a rule. @chain: its name, as long as the table is open; @rule: its number; 0: the policy */
struct vnm_fw_spot {
	const char *chain;
	unsigned rule;
};

enum vnm_fw_fate vnm_fw_fate(struct vnm_sys *sys, const struct vnm_fw_handle *handle,
			     const char *chain, const struct vnm_fw_probe *probe,
			     struct vnm_fw_spot *ret);

#endif
