/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_record.h - the record of a guest's device, by which it is recognised whatever its name, MAC address or group. */
#ifndef VNM_SYS_GUEST_RECORD_H
#define VNM_SYS_GUEST_RECORD_H

#include "sys/link/link.h"
#include "sys/op_impl.h"

/**
 * struct vnm_guest_dev - a device of ours, as it is created.
 * @ns:    its namespace; a NULL path: this one
 * @group: its group
 * @mac:   its MAC address; unset: any
 * @mtu:   its MTU; 0: any
 * @less:  a smaller MTU is accepted, too
 */
struct vnm_guest_dev {
	const char *name, *kind;
	const struct vnm_op_netns *ns;
	uint32_t group;
	struct vnm_mac mac;
	uint32_t mtu;
	bool less;
};

int vnm_guest_record_write(struct vnm_sys *sys, const struct vnm_guest_dev *dev,
			   struct vnm_error *err);
int vnm_guest_record_drop(struct vnm_sys *sys, const struct vnm_guest_dev *dev,
			  struct vnm_error *err);
int vnm_guest_record_find(struct vnm_sys *sys, const char *name, const struct vnm_op_netns *ns,
			  struct vnm_link *ret);
int vnm_guest_record_read(struct vnm_sys *sys, const char *name, struct vnm_link *ret);
int vnm_guest_record_find_peer(struct vnm_sys *sys, const struct vnm_guest_dev *dev,
			       const struct vnm_op_netns *ns, struct vnm_link *ret);
bool vnm_guest_other_mtu(const struct vnm_link *link, const struct vnm_guest_dev *dev,
			 char why[static VNM_WHY_SIZE]);
bool vnm_guest_explain(const struct vnm_link *link, const struct vnm_guest_dev *dev,
		       char why[static VNM_WHY_SIZE]);
int vnm_guest_restore(struct vnm_sys *sys, const struct vnm_link *link,
		      const struct vnm_guest_dev *dev, struct vnm_error *err);

#endif
