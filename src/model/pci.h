/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pci.h - the addresses of PCI devices, as sysfs has them. */
#ifndef VNM_MODEL_PCI_H
#define VNM_MODEL_PCI_H

#include "model/network.h"

#define VNM_PCI_STRLEN 16 /* "0000:03:10.1", and the NUL */

const char *vnm_pci_format(const struct vnm_pci_address *address, char buf[static VNM_PCI_STRLEN]);
int vnm_pci_parse(const char *text, struct vnm_pci_address *ret);
bool vnm_pci_equal(const struct vnm_pci_address *a, const struct vnm_pci_address *b);

#endif
