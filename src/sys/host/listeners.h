/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listeners.h - the sockets on which the host's services listen, and their processes. */
#ifndef VNM_SYS_LISTENERS_H
#define VNM_SYS_LISTENERS_H

#include "plan/facts.h"

void vnm_observe_listeners(struct vnm_facts *facts);
void vnm_observe_listener_owners(struct vnm_facts *facts);

#endif
