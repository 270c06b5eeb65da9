/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vf_settings.h - MAC address and VLAN that a device has for one of its virtual functions. */
#ifndef VNM_SYS_VF_SETTINGS_H
#define VNM_SYS_VF_SETTINGS_H

#include "sys/link/link.h"

/** struct vnm_vf_settings - @mac: all zero: the function chooses its own; @vlan: 0: none */
struct vnm_vf_settings {
	struct vnm_mac mac;
	uint16_t vlan;
};

int vnm_vf_settings_read(struct vnm_sys *sys, const struct vnm_link *pf, uint32_t number,
			 struct vnm_vf_settings *ret);
int vnm_vf_settings_set(struct vnm_sys *sys, const struct vnm_link *pf, uint32_t number,
			const struct vnm_vf_settings *settings, struct vnm_nl_req *req);

#endif
