/* SPDX-License-Identifier: GPL-2.0-or-later */
/* applied.h - the outcome, real or of a dry run, for a definition. */
#ifndef VNM_DRIVER_APPLIED_H
#define VNM_DRIVER_APPLIED_H

#include <stdbool.h>

#include "model/network.h"
#include "plan/op/steps.h"
#include "util/error.h"

/**
 * struct vnm_applied - the outcome, real or of a dry run, for a definition.
 * @name, @uuid: of the network
 * @repaired: what was restored, or NULL
 * @kept, @wanted: the persistent definition before and after, as it is printed; NULL: none. Valid only if @defined
 * @steps:    the steps of a dry run
 * @hints:    what the user should know of a network that was started
 * @active:   it has been running all the while, by its live definition; of net-define
 */
struct vnm_applied {
	char *name, *repaired, *kept, *wanted;
	struct vnm_uuid uuid;
	struct vnm_steps steps;
	struct vnm_warnings hints;
	bool defined, started, changed, active;
};

void vnm_applied_clear(struct vnm_applied *applied);
#define vnm_autoapplied __attribute__((cleanup(vnm_applied_clear)))
void vnm_applied_name(const struct vnm_network *net, struct vnm_applied *ret);
void vnm_applied_compare(const struct vnm_network *net, const struct vnm_network *kept,
			 struct vnm_applied *ret);
char *vnm_definition_text(const struct vnm_network *net);
void vnm_definition_texts(const struct vnm_network *a, const struct vnm_network *b, char **ret_a,
			  char **ret_b);

#endif
