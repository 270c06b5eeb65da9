/* SPDX-License-Identifier: GPL-2.0-or-later */
/* overview.c - a network with all that is observed of it, for commands that show it as a whole. */
#include "driver/overview.h"

#include "xml/network_xml.h"

/**
 * vnm_driver_overview() - read a network, its guests and its port forwards; its definition is read once
 * @drv:  the driver; between vnm_driver_survey() and vnm_driver_survey_end() for many networks
 * @name: the network
 * @ret:  free with vnm_overview_clear()
 * @err:  set when there is no such network
 *
 * What cannot be read, because the definition is lost or a newer version started the network, is left out.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_overview(struct vnm_driver *drv, const char *name, struct vnm_overview *ret,
			struct vnm_error *err)
{
	struct vnm_overview all = { 0 };
	struct vnm_error ignored = { 0 };
	int r = vnm_driver_info_net(drv, name, true, &all.info, &all.net, err);

	if (r < 0)
		return r;
	(void)vnm_driver_attached(drv, name, &all.net, &all.guests, &all.n_guests, &ignored);
	(void)vnm_driver_forwards(drv, name, &all.net, &all.forwards, &all.n_forwards, &ignored);
	*ret = all;
	return 0;
}

/** vnm_overview_clear() - free what vnm_driver_overview() filled in. */
void vnm_overview_clear(struct vnm_overview *overview)
{
	vnm_info_clear(&overview->info);
	vnm_network_clear(&overview->net);
	vnm_attached_free(overview->guests, overview->n_guests);
	vnm_forward_entries_free(overview->forwards, overview->n_forwards);
	*overview = (struct vnm_overview){ 0 };
}
