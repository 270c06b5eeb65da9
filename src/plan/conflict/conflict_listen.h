/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conflict_listen.h - which services of the host would lose connections to a port forwarding. Pure. */
#ifndef VNM_PLAN_CONFLICT_LISTEN_H
#define VNM_PLAN_CONFLICT_LISTEN_H

#include "model/network.h"
#include "plan/facts.h"
#include "util/error.h"

/** enum vnm_loss - what a service of the host loses: nothing, some of its addresses, all. In that order. */
enum vnm_loss { VNM_LOSS_NONE, VNM_LOSS_PART, VNM_LOSS_ALL };

enum vnm_loss vnm_conflict_listener(const struct vnm_network *net, const struct vnm_network *old,
				    const struct vnm_fact_listener *listener);
void vnm_conflict_keep_listeners(const struct vnm_network *net, const struct vnm_network *old,
				 struct vnm_facts *facts);
int vnm_conflict_listeners(const struct vnm_network *net, const struct vnm_network *old,
			   const struct vnm_facts *facts, struct vnm_warnings *warnings,
			   struct vnm_error *err);

#endif
