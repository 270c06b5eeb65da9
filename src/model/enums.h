/* SPDX-License-Identifier: GPL-2.0-or-later */
/* enums.h - the enums of the vocabulary and their names: one table each, for reading and printing. */
#ifndef VNM_MODEL_ENUMS_H
#define VNM_MODEL_ENUMS_H

#include <stddef.h>

enum vnm_tristate { VNM_TRI_ABSENT, VNM_TRI_YES, VNM_TRI_NO, VNM_TRI_COUNT };
enum vnm_switch { VNM_SWITCH_ABSENT, VNM_SWITCH_ON, VNM_SWITCH_OFF, VNM_SWITCH_COUNT };

enum vnm_forward_mode {
	VNM_FORWARD_NONE,	/* no <forward>: isolated (host-only with an <ip>, internal without) */
	VNM_FORWARD_NAT,
	VNM_FORWARD_ROUTE,
	VNM_FORWARD_OPEN,
	VNM_FORWARD_BRIDGE,	/* a bridge of the host, or a pool of devices for macvtap */
	VNM_FORWARD_PRIVATE,	/* pools for macvtap */
	VNM_FORWARD_VEPA,
	VNM_FORWARD_PASSTHROUGH,
	VNM_FORWARD_HOSTDEV,	/* a pool of PCI devices */
	VNM_FORWARD_COUNT
};

enum vnm_family { VNM_FAMILY_ABSENT, VNM_FAMILY_IPV4, VNM_FAMILY_IPV6, VNM_FAMILY_COUNT };

enum vnm_lease_unit {
	VNM_UNIT_ABSENT, VNM_UNIT_SECONDS, VNM_UNIT_MINUTES, VNM_UNIT_HOURS, VNM_UNIT_COUNT
};

enum vnm_mac_table {
	VNM_MAC_TABLE_ABSENT, VNM_MAC_TABLE_KERNEL, VNM_MAC_TABLE_LIBVIRT, VNM_MAC_TABLE_COUNT
};
enum vnm_pci_driver {
	VNM_PCI_DRIVER_ABSENT,
	VNM_PCI_DRIVER_KVM,
	VNM_PCI_DRIVER_VFIO,
	VNM_PCI_DRIVER_XEN,
	VNM_PCI_DRIVER_COUNT
};
enum vnm_address_type { VNM_ADDRESS_ABSENT, VNM_ADDRESS_PCI, VNM_ADDRESS_COUNT };
enum vnm_native_mode {
	VNM_NATIVE_ABSENT, VNM_NATIVE_TAGGED, VNM_NATIVE_UNTAGGED, VNM_NATIVE_COUNT
};
enum vnm_virtualport_type {
	VNM_VIRTUALPORT_ABSENT,
	VNM_VIRTUALPORT_8021QBG,
	VNM_VIRTUALPORT_8021QBH,
	VNM_VIRTUALPORT_OPENVSWITCH,
	VNM_VIRTUALPORT_MIDONET,
	VNM_VIRTUALPORT_COUNT
};

enum vnm_proto { VNM_PROTO_ABSENT, VNM_PROTO_TCP, VNM_PROTO_UDP, VNM_PROTO_COUNT };

enum vnm_plug_type {
	VNM_PLUG_ABSENT,
	VNM_PLUG_NETWORK,	/* a bridge of ours */
	VNM_PLUG_BRIDGE,	/* one of the host's */
	VNM_PLUG_DIRECT,	/* a device of the host, by macvtap */
	VNM_PLUG_HOSTDEV_PCI,
	VNM_PLUG_COUNT
};

enum vnm_attach_kind {
	VNM_ATTACH_ABSENT,
	VNM_ATTACH_TAP,
	VNM_ATTACH_NETNS,
	VNM_ATTACH_DEV,
	VNM_ATTACH_TUN,
	VNM_ATTACH_COUNT
};

/** struct vnm_enum - a table of names, indexed by value; NULL: no name. */
struct vnm_enum {
	const char *const *names;
	int count;
};

extern const struct vnm_enum vnm_enum_tristate, vnm_enum_switch, vnm_enum_forward_mode,
			     vnm_enum_family, vnm_enum_lease_unit, vnm_enum_mac_table,
			     vnm_enum_pci_driver, vnm_enum_address_type, vnm_enum_native_mode,
			     vnm_enum_virtualport_type, vnm_enum_plug_type, vnm_enum_direct_mode,
			     vnm_enum_attach_kind, vnm_enum_proto;

const char *vnm_enum_name(const struct vnm_enum *table, int value);
int vnm_enum_value(const struct vnm_enum *table, const char *word);	/* -EINVAL when unknown */

#endif
