/* SPDX-License-Identifier: GPL-2.0-or-later */
/* definition.h - from a text to a definition that is valid, complete and without conflicts. */
#ifndef VNM_RUN_DEFINITION_H
#define VNM_RUN_DEFINITION_H

#include <stddef.h>

#include "model/network.h"
#include "state/networks.h"
#include "util/error.h"
#include "util/parse.h"
#include "xml/schema.h"

struct vnm_driver;

/* Changes of one section of a definition (xml/update/update.h). */
enum vnm_affect { VNM_AFFECT_LIVE = 1 << 0, VNM_AFFECT_CONFIG = 1 << 1 };

int vnm_driver_schema(const char *file, struct vnm_schema **ret, struct vnm_error *err);
int vnm_driver_validate(struct vnm_driver *drv, const struct vnm_network *net, unsigned becomes,
			struct vnm_warnings *warnings, struct vnm_error *err);
int vnm_driver_parse_and_validate(struct vnm_driver *drv, const char *text, size_t len,
				  const char *file, unsigned becomes, struct vnm_network *ret,
				  struct vnm_error *err);
int vnm_driver_fill_defaults(struct vnm_driver *drv, struct vnm_network *net,
			     const struct vnm_other_nets *others, struct vnm_error *err);
int vnm_driver_generate_mac(struct vnm_mac *ret, struct vnm_error *err);
void vnm_driver_inherit_generated(struct vnm_driver *drv, struct vnm_network *net,
				  struct vnm_network *kept);
int vnm_driver_check_conflicts(struct vnm_driver *drv, struct vnm_network *net, unsigned becomes,
			       struct vnm_network *kept, struct vnm_error *err);
void vnm_driver_drop_known(struct vnm_driver *drv, struct vnm_network *before,
			   const struct vnm_other_nets *others, unsigned becomes,
			   struct vnm_warnings *warnings);
int vnm_driver_need_schema(struct vnm_driver *drv, struct vnm_error *err);
void vnm_driver_set_runtime_defaults(struct vnm_network *net);

#endif
