/* SPDX-License-Identifier: GPL-2.0-or-later */
/* firewall.h - net-repair --firewall: the firewall back end that suits the host now. */
#ifndef VNM_DRIVER_FIREWALL_H
#define VNM_DRIVER_FIREWALL_H

#include <stdbool.h>

#include "plan/op/steps.h"
#include "util/error.h"

struct vnm_driver;

/**
 * struct vnm_firewall_change - the outcome.
 * @from, @to: names of back ends, static; the same when nothing had to be changed
 * @reason:    a clause: why @to; static
 * @active:    there are active networks
 * @steps:     of a dry run; free with vnm_steps_clear()
 */
struct vnm_firewall_change {
	const char *from, *to, *reason;
	bool active;
	struct vnm_steps steps;
};

int vnm_driver_suit_firewall(struct vnm_driver *drv, struct vnm_firewall_change *ret,
			     struct vnm_error *err);

#endif
