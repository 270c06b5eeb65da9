/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pci.c - the addresses of PCI devices, as sysfs has them: "0000:03:10.1". */
#include "model/pci.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/** vnm_pci_format() - an address as the kernel writes it. Return: @buf. */
const char *vnm_pci_format(const struct vnm_pci_address *address, char buf[static VNM_PCI_STRLEN])
{
	snprintf(buf, VNM_PCI_STRLEN, "%04x:%02x:%02x.%x", address->domain.v & 0xffff,
		 address->bus.v & 0xff, address->slot.v & 0x1f, address->function.v & 7);
	return buf;
}

/**
 * vnm_pci_parse() - the opposite of vnm_pci_format()
 * @text: the address
 * @ret:  written on success only, as it stands in a definition
 *
 * Return: 0 or -EINVAL.
 */
int vnm_pci_parse(const char *text, struct vnm_pci_address *ret)
{
	struct vnm_pci_address address = { .at.present = true, .type = VNM_ADDRESS_PCI };
	char back[VNM_PCI_STRLEN];
	unsigned domain, bus, slot, function;

	if (sscanf(text, "%4x:%2x:%2x.%1x", &domain, &bus, &slot, &function) != 4)
		return -EINVAL;
	address.domain = (struct vnm_uint){ true, domain };
	address.bus = (struct vnm_uint){ true, bus };
	address.slot = (struct vnm_uint){ true, slot };
	address.function = (struct vnm_uint){ true, function };
	if (strcmp(vnm_pci_format(&address, back), text) != 0)
		return -EINVAL;
	*ret = address;
	return 0;
}

/** vnm_pci_equal() - are two addresses those of one device? */
bool vnm_pci_equal(const struct vnm_pci_address *a, const struct vnm_pci_address *b)
{
	return a->domain.v == b->domain.v && a->bus.v == b->bus.v && a->slot.v == b->slot.v &&
	       a->function.v == b->function.v;
}
