/* SPDX-License-Identifier: GPL-2.0-or-later */
/* show.h - complete a definition as libvirt prints it. */
#ifndef VNM_XML_SHOW_H
#define VNM_XML_SHOW_H

#include "model/network.h"

void vnm_network_show(struct vnm_network *net);

#endif
