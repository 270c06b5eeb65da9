/* SPDX-License-Identifier: GPL-2.0-or-later */
/* station.c - the device and MAC address of an attached guest in the table of frames; see frames_table.c. */
#include "sys/op_impl.h"

#include <net/if.h>
#include <string.h>

#include "sys/firewall/frames_apply.h"

static void add_hairpin(struct vnm_frames_elements *list, const char *name)
{
	uint8_t key[VNM_FRAMES_KEY] = { 0 };

	memcpy(key, name, strnlen(name, IFNAMSIZ - 1));
	memcpy(key + IFNAMSIZ, key, IFNAMSIZ);
	vnm_frames_elements_add(list, VNM_SET_HAIRPINS, key, sizeof(key));
}

static void station_elements(const struct vnm_op *station, bool by_name,
			     struct vnm_frames_elements *list)
{
	const struct vnm_op_station *op = &station->station;
	bool served = !op->unserved;

	if (served && !by_name)
		vnm_frames_elements_add_name(list, VNM_SET_STATIONS, op->dev);
	if (!op->bridge || !op->mac.set)
		return; /* its MAC address is unknown */
	if (op->hairpin)
		add_hairpin(list, op->dev);
	if (served && by_name)
		vnm_frames_elements_add_pair(list, VNM_SET_HOMES, op->bridge, &op->mac);
	else if (served)
		vnm_frames_elements_add(list, VNM_SET_GUESTS, op->mac.b, sizeof(op->mac.b));
	vnm_frames_elements_add_pair(list, VNM_SET_AT_HOME, op->dev, &op->mac);
}

static const char *station_name(const struct vnm_op *op)
{
	return op->station.dev;
}

/* The network's own operation warns if the kernel has no such tables. */
static const struct vnm_frames_kind kind = { .elements = station_elements, .name = station_name };

static int station_apply(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			 struct vnm_error *err)
{
	return vnm_frames_apply(sys, &(struct vnm_frames_group){ &kind, ops, n }, err);
}

static int station_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			 struct vnm_error *err)
{
	return vnm_frames_check(sys, &kind, op, ret, err);
}

static int station_revert(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			  struct vnm_error *err)
{
	return vnm_frames_remove(sys, &(struct vnm_frames_group){ &kind, ops, n }, NULL, err);
}

const struct vnm_op_impl vnm_impl_station = {
	.apply_many = station_apply,
	.check = station_check,
	.revert_many = station_revert,
};
