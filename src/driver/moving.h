/* SPDX-License-Identifier: GPL-2.0-or-later */
/* moving.h - a network on its way from libvirt, or back: its bridge, and what is on it. */
#ifndef VNM_DRIVER_MOVING_H
#define VNM_DRIVER_MOVING_H

#include "model/network.h"
#include "state/takeover_record.h"
#include "sys/link/others.h"
#include "sys/process/virsh.h"
#include "util/buf.h"
#include "util/error.h"

struct vnm_driver;
struct vnm_link;

/**
 * struct vnm_moving - a network on its way. @others: the devices on the bridge
 */
struct vnm_moving {
	struct vnm_driver *drv;
	const struct vnm_virsh *virsh;
	const char *name;
	struct vnm_network net;
	struct vnm_takeover record;
	struct vnm_others others;
};

#define vnm_automoving __attribute__((cleanup(vnm_moving_clear)))

void vnm_moving_clear(struct vnm_moving *moving);
int vnm_moving_prepare(struct vnm_moving *moving, struct vnm_error *err);
int vnm_moving_bridge(const struct vnm_moving *moving, struct vnm_link *ret);
int vnm_moving_rename(struct vnm_moving *moving, const char *to, struct vnm_error *err);
int vnm_moving_virsh(const struct vnm_moving *moving, const char *command, struct vnm_error *err);
int vnm_moving_adopt(struct vnm_moving *moving, struct vnm_error *err);
int vnm_moving_start(struct vnm_moving *moving, struct vnm_error *err);
int vnm_moving_enslave(struct vnm_moving *moving, const struct vnm_link *from,
		       struct vnm_error *err);
void vnm_moving_name_others(const struct vnm_moving *moving, struct vnm_buf *out);
void vnm_moving_forget(struct vnm_moving *moving);

#endif
