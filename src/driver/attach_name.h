/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_name.h - the name of a guest's namespace as its name in the DNS of its network. */
#ifndef VNM_DRIVER_ATTACH_NAME_H
#define VNM_DRIVER_ATTACH_NAME_H

#include "model/attach.h"

struct vnm_driver;

char *vnm_attach_name_of_netns(struct vnm_driver *drv, const struct vnm_network *net,
			       const struct vnm_attachment *attach, char **ret_why);

#endif
