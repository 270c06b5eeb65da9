/* SPDX-License-Identifier: GPL-2.0-or-later */
/* public.h - the public summary: what members of the group "vnetmgr" may see of networks. */
#ifndef VNM_STATE_PUBLIC_H
#define VNM_STATE_PUBLIC_H

struct vnm_driver;

#define VNM_PUBLIC_DIR "public" /* in the run directory */
#define VNM_PUBLIC_CHANGING "changing" /* is in it while it is out of date */

void vnm_public_begin(struct vnm_driver *drv);

#endif
