/* SPDX-License-Identifier: GPL-2.0-or-later */
/* applied.c - the outcome, real or of a dry run, for a definition. */
#include "driver/applied.h"

#include <stdlib.h>
#include <string.h>

#include "state/session.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/** vnm_definition_text() - a definition with all that is stored, passwords, too; allocated */
char *vnm_definition_text(const struct vnm_network *net)
{
	struct vnm_buf text = { 0 };

	vnm_network_xml_format_secret(net, &text);
	return vnm_buf_steal(&text);
}

static char *text_with_password(const struct vnm_network *net, const char *password)
{
	struct vnm_network shown = *net;
	vnm_autofree char *instead = vnm_strdup(password);

	if (net->overlay.evpn.password && *net->overlay.evpn.password)
		shown.overlay.evpn.password = instead;
	return vnm_definition_text(&shown);
}

/**
 * vnm_definition_texts() - two definitions, for a comparison that is shown: without their passwords, but with whether these differ
 * @a, @b: the definitions
 * @ret_a, @ret_b: allocated
 */
void vnm_definition_texts(const struct vnm_network *a, const struct vnm_network *b, char **ret_a,
			  char **ret_b)
{
	const char *mine = a->overlay.evpn.password, *theirs = b->overlay.evpn.password;
	const bool same = !strcmp(mine ? mine : "", theirs ? theirs : "");

	*ret_a = text_with_password(a, "(not shown)");
	*ret_b = text_with_password(b, same ? "(not shown)" : "(not shown, another one)");
}

/** vnm_applied_name() - whose outcome it is. @ret: gets the name and UUID of @net */
void vnm_applied_name(const struct vnm_network *net, struct vnm_applied *ret)
{
	ret->name = vnm_strdup(net->name);
	ret->uuid = net->uuid;
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
	const bool stored = kept && kept->name;

	vnm_definition_texts(stored ? kept : net, net, &ret->kept, &ret->wanted);
	if (!stored)
		free(vnm_steal(&ret->kept));
	vnm_applied_name(net, ret);
	ret->defined = !ret->kept || strcmp(ret->kept, ret->wanted) != 0;
}

/** vnm_applied_clear() - free what vnm_driver_apply() filled in. */
void vnm_applied_clear(struct vnm_applied *applied)
{
	free(applied->name);
	vnm_warnings_clear(&applied->hints);
	free(applied->repaired);
	free(applied->kept);
	free(applied->wanted);
	vnm_steps_clear(&applied->steps);
	*applied = (struct vnm_applied){ 0 };
}
