/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * op_frames.c - the frames of guests that their bridge drops: for a bridge (frames), for an attached guest's device
 * (station). Both are elements of the sets of one nf_tables table.
 */
#include "plan/op/op_kind.h"

static void print_element(const char *set, const char *element, bool revert, struct vnm_buf *out)
{
	vnm_buf_printf(out, "nft %s element bridge vnetmgr %s '{ %s }'\n",
		       revert ? "delete" : "add", set, element);
}

static void print_frames(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_frames *frames = &op->frames;
	vnm_autobuf struct vnm_buf root = { 0 };
	char mac[VNM_MAC_STRLEN];

	vnm_mac_format(&frames->mac, mac);
	if (!frames->uplink) {
		print_element("bridges", mac, revert, out);
		if (frames->served)
			print_element(frames->by_port ? "servers" : "served",
				      frames->by_port ? mac : frames->bridge, revert, out);
		return;
	}
	vnm_buf_printf(&root, "%s . %s", frames->uplink, mac);
	print_element("uplinks", frames->uplink, revert, out);
	print_element("roots", root.data, revert, out);
}

const struct vnm_op_kind vnm_op_kind_frames = {
	.name = "frames",
	.fields = {
		REQ("bridge", STRING, frames.bridge),
		REQ("mac", MAC, frames.mac),
		OPT("uplink", STRING, frames.uplink),
		OPT("served", BOOL, frames.served),
		OPT("by-port", BOOL, frames.by_port),
	},
	.describe = { "frame filter of {bridge}" },
	.apply = { .print = print_frames },
	.revert = { .print = print_frames },
	.flags = VNM_OPF_SINGLE,
};

static void print_station(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_station *station = &op->station;
	vnm_autobuf struct vnm_buf home = { 0 }, port = { 0 }, twice = { 0 };
	char mac[VNM_MAC_STRLEN];

	vnm_buf_printf(&twice, "%s . %s", station->dev, station->dev);
	if (!station->unserved && station->by_port)
		print_element("stations", station->dev, revert, out);
	if (!station->bridge || !station->mac.set)
		return;
	vnm_mac_format(&station->mac, mac);
	vnm_buf_printf(&home, "%s . %s", station->bridge, mac);
	vnm_buf_printf(&port, "%s . %s", station->dev, mac);
	if (station->hairpin)
		print_element("hairpins", twice.data, revert, out);
	if (!station->unserved)
		print_element(station->by_port ? "guest_macs" : "homes",
			      station->by_port ? mac : home.data, revert, out);
	print_element("at_home", port.data, revert, out);
}

const struct vnm_op_kind vnm_op_kind_station = {
	.name = "station",
	.fields = {
		REQ("dev", STRING, station.dev),
		OPT("bridge", STRING, station.bridge),
		OPT("mac", MAC, station.mac),
		OPT("unserved", BOOL, station.unserved),
		OPT("hairpin", BOOL, station.hairpin),
		OPT("by-port", BOOL, station.by_port),
	},
	.describe = { "frame filter of {dev}" },
	.apply = { .print = print_station },
	.revert = { .print = print_station },
};
