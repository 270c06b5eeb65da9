/* SPDX-License-Identifier: GPL-2.0-or-later */
/* enums.c - the names of enums, a table each; see enums.h. */
#include "model/enums.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define TABLE(prefix, n)                                                                           \
	static_assert(sizeof(prefix##_names) / sizeof(prefix##_names[0]) == (n), "one per value"); \
	const struct vnm_enum vnm_enum_##prefix = { prefix##_names, (n) }

static const char *const tristate_names[] = {
	[VNM_TRI_ABSENT] = NULL,
	[VNM_TRI_YES] = "yes",
	[VNM_TRI_NO] = "no",
};
TABLE(tristate, VNM_TRI_COUNT);

static const char *const switch_names[] = {
	[VNM_SWITCH_ABSENT] = NULL,
	[VNM_SWITCH_ON] = "on",
	[VNM_SWITCH_OFF] = "off",
};
TABLE(switch, VNM_SWITCH_COUNT);

static const char *const forward_mode_names[] = {
	[VNM_FORWARD_NONE] = NULL,	   [VNM_FORWARD_NAT] = "nat",
	[VNM_FORWARD_ROUTE] = "route",	   [VNM_FORWARD_OPEN] = "open",
	[VNM_FORWARD_BRIDGE] = "bridge",   [VNM_FORWARD_PRIVATE] = "private",
	[VNM_FORWARD_VEPA] = "vepa",	   [VNM_FORWARD_PASSTHROUGH] = "passthrough",
	[VNM_FORWARD_HOSTDEV] = "hostdev",
};
TABLE(forward_mode, VNM_FORWARD_COUNT);

static const char *const family_names[] = {
	[VNM_FAMILY_ABSENT] = NULL,
	[VNM_FAMILY_IPV4] = "ipv4",
	[VNM_FAMILY_IPV6] = "ipv6",
};
TABLE(family, VNM_FAMILY_COUNT);

static const char *const lease_unit_names[] = {
	[VNM_UNIT_ABSENT] = NULL,
	[VNM_UNIT_SECONDS] = "seconds",
	[VNM_UNIT_MINUTES] = "minutes",
	[VNM_UNIT_HOURS] = "hours",
};
TABLE(lease_unit, VNM_UNIT_COUNT);

static const char *const mac_table_names[] = {
	[VNM_MAC_TABLE_ABSENT] = NULL,
	[VNM_MAC_TABLE_KERNEL] = "kernel",
	[VNM_MAC_TABLE_LIBVIRT] = "libvirt",
};
TABLE(mac_table, VNM_MAC_TABLE_COUNT);

static const char *const pci_driver_names[] = {
	[VNM_PCI_DRIVER_ABSENT] = NULL,
	[VNM_PCI_DRIVER_KVM] = "kvm",
	[VNM_PCI_DRIVER_VFIO] = "vfio",
	[VNM_PCI_DRIVER_XEN] = "xen",
};
TABLE(pci_driver, VNM_PCI_DRIVER_COUNT);

static const char *const address_type_names[] = {
	[VNM_ADDRESS_ABSENT] = NULL,
	[VNM_ADDRESS_PCI] = "pci",
};
TABLE(address_type, VNM_ADDRESS_COUNT);

static const char *const native_mode_names[] = {
	[VNM_NATIVE_ABSENT] = NULL,
	[VNM_NATIVE_TAGGED] = "tagged",
	[VNM_NATIVE_UNTAGGED] = "untagged",
};
TABLE(native_mode, VNM_NATIVE_COUNT);

static const char *const virtualport_type_names[] = {
	[VNM_VIRTUALPORT_ABSENT] = NULL,	[VNM_VIRTUALPORT_8021QBG] = "802.1Qbg",
	[VNM_VIRTUALPORT_8021QBH] = "802.1Qbh", [VNM_VIRTUALPORT_OPENVSWITCH] = "openvswitch",
	[VNM_VIRTUALPORT_MIDONET] = "midonet",
};
TABLE(virtualport_type, VNM_VIRTUALPORT_COUNT);

static const char *const proto_names[] = {
	[VNM_PROTO_ABSENT] = NULL,
	[VNM_PROTO_TCP] = "tcp",
	[VNM_PROTO_UDP] = "udp",
};
TABLE(proto, VNM_PROTO_COUNT);

static const char *const plug_type_names[] = {
	[VNM_PLUG_ABSENT] = NULL,
	[VNM_PLUG_NETWORK] = "network",
	[VNM_PLUG_BRIDGE] = "bridge",
	[VNM_PLUG_DIRECT] = "direct",
	[VNM_PLUG_HOSTDEV_PCI] = "hostdev-pci",
};
TABLE(plug_type, VNM_PLUG_COUNT);

/* The values of enum vnm_forward_mode that a macvtap device has. */
static const char *const direct_mode_names[] = {
	[VNM_FORWARD_BRIDGE] = "bridge",
	[VNM_FORWARD_PRIVATE] = "private",
	[VNM_FORWARD_VEPA] = "vepa",
	[VNM_FORWARD_PASSTHROUGH] = "passthrough",
};
TABLE(direct_mode, VNM_FORWARD_PASSTHROUGH + 1);

static const char *const attach_kind_names[] = {
	[VNM_ATTACH_ABSENT] = NULL,
	[VNM_ATTACH_TAP] = "tap",
	[VNM_ATTACH_NETNS] = "netns",
	[VNM_ATTACH_DEV] = "dev",
	[VNM_ATTACH_TUN] = "tun",
};
TABLE(attach_kind, VNM_ATTACH_COUNT);

/**
 * vnm_enum_name() - the name of a value
 * @table: the table
 * @value: the value
 *
 * Return: the name, or NULL when the value has none or is out of range.
 */
const char *vnm_enum_name(const struct vnm_enum *table, int value)
{
	return value >= 0 && value < table->count ? table->names[value] : NULL;
}

/**
 * vnm_enum_value() - the value of a name
 * @table: the table
 * @word:  the name, exactly as in the table
 *
 * Return: the value, or -EINVAL.
 */
int vnm_enum_value(const struct vnm_enum *table, const char *word)
{
	for (int i = 0; i < table->count; i++)
		if (table->names[i] && !strcmp(table->names[i], word))
			return i;
	return -EINVAL;
}
