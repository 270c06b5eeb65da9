/* SPDX-License-Identifier: GPL-2.0-or-later */
/* networks.h - which networks there are, whether they are active, and their definitions. */
#ifndef VNM_STATE_NETWORKS_H
#define VNM_STATE_NETWORKS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/network.h"
#include "plan/conflict/other_net.h"
#include "plan/op/op.h"
#include "util/error.h"
#include "util/parse.h"

struct vnm_driver;

/** struct vnm_other_nets - other networks, loaded; @refs points into @nets. */
struct vnm_other_nets {
	struct vnm_network *nets;
	struct vnm_other_net *refs;
	size_t n;
	bool partial; /* some could not be read */
};

#define VNM_DRIVER_ERROR_NOT_FOUND "Network not found: no network with matching name '%s'"

/* Lookup. @ref: a name or a UUID. *ret_name is allocated. */
int vnm_driver_lookup(struct vnm_driver *drv, const char *ref, char **ret_name,
		      struct vnm_error *err);
int vnm_driver_lookup_name(struct vnm_driver *drv, const char *name, struct vnm_uuid *ret,
			   struct vnm_error *err);
int vnm_driver_lookup_uuid(struct vnm_driver *drv, const char *uuid, char **ret_name,
			   struct vnm_error *err);
bool vnm_driver_active(struct vnm_driver *drv, const char *name);
int vnm_driver_state_readable(struct vnm_driver *drv, const char *name, struct vnm_error *err);
int vnm_driver_need_active(struct vnm_driver *drv, const char *name, struct vnm_error *err);
int vnm_driver_names(struct vnm_driver *drv, char ***ret, size_t *ret_n, struct vnm_error *err);
int vnm_driver_journal_names(struct vnm_driver *drv, char ***ret, size_t *ret_n,
			     struct vnm_error *err);
int vnm_driver_load(struct vnm_driver *drv, const char *name, struct vnm_network *ret,
		    struct vnm_error *err);
int vnm_other_nets_load(struct vnm_driver *drv, const char *except, struct vnm_other_nets *ret,
			struct vnm_error *err);
int vnm_other_nets_near(struct vnm_driver *drv, const char *except,
			const struct vnm_network *const *nets, size_t n,
			const struct vnm_network *kept, struct vnm_other_nets *ret,
			struct vnm_error *err);
void vnm_other_nets_drop(struct vnm_other_nets *nets, const char *name);
void vnm_other_nets_clear(struct vnm_other_nets *others);
#define vnm_autoother_nets __attribute__((cleanup(vnm_other_nets_clear)))
int vnm_driver_read_active(struct vnm_driver *drv, const char *name, struct vnm_plan *ret,
			   struct vnm_error *err);

#endif
