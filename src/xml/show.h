/* SPDX-License-Identifier: GPL-2.0-or-later */
/* show.h - what libvirt prints of a definition, whether it was written or not. */
#ifndef VNM_XML_SHOW_H
#define VNM_XML_SHOW_H

#include "model/network.h"

void vnm_network_show(struct vnm_network *net);

#endif
