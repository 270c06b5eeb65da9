/* SPDX-License-Identifier: GPL-2.0-or-later */
/* applied.c - the outcome, real or of a dry run, for a definition. */
#include "driver/applied.h"

#include <stdlib.h>
#include <string.h>

#include "state/session.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/** vnm_definition_text() - a definition as it is printed, allocated */
char *vnm_definition_text(const struct vnm_network *net)
{
	struct vnm_buf text = { 0 };

	vnm_network_xml_format(net, &text);
	return vnm_buf_steal(&text);
}

/**
 * vnm_driver_compare_kept() - compare a definition with the persistent one that it replaces
 * @drv: the driver
 * @net: the definition, complete
 * @ret: gets its name and UUID, whether it changes anything, and both texts; a persistent one that cannot be read counts as none
 */
void vnm_driver_compare_kept(struct vnm_driver *drv, const struct vnm_network *net,
			     struct vnm_applied *ret)
{
	vnm_autonetwork struct vnm_network kept = { 0 };
	struct vnm_error ignored = { 0 };

	if (vnm_store_load(&drv->persistent, net->name, &kept, &ignored) == 0)
		ret->kept = vnm_definition_text(&kept);
	ret->name = vnm_strdup(net->name);
	ret->uuid = net->uuid;
	ret->wanted = vnm_definition_text(net);
	ret->defined = !ret->kept || strcmp(ret->kept, ret->wanted) != 0;
}

/** vnm_applied_clear() - free what vnm_driver_apply() filled in. */
void vnm_applied_clear(struct vnm_applied *applied)
{
	free(applied->name);
	free(applied->repaired);
	free(applied->kept);
	free(applied->wanted);
	vnm_steps_clear(&applied->steps);
	*applied = (struct vnm_applied){ 0 };
}
