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
 * vnm_applied_compare() - compare a definition with the persistent one that it replaces
 * @net:  the definition, complete
 * @kept: the persistent one; NULL or without a name: there is none that can be read
 * @ret:  gets its name and UUID, whether it changes anything, and both texts
 */
void vnm_applied_compare(const struct vnm_network *net, const struct vnm_network *kept,
			 struct vnm_applied *ret)
{
	if (kept && kept->name)
		ret->kept = vnm_definition_text(kept);
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
