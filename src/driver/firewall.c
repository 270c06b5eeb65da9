/* SPDX-License-Identifier: GPL-2.0-or-later */
/* firewall.c - net-repair --firewall: the firewall back end that suits the host now. */
#include "driver/firewall.h"

#include "run/firewall.h"
#include "run/firewall_change.h"
#include "state/networks.h"
#include "state/session.h"

static const char *word(enum vnm_fw_backend backend)
{
	return vnm_enum_name(&vnm_enum_fw_backend, (int)backend);
}

/**
 * vnm_driver_suit_firewall() - move the rules of all active networks to the back end that suits the host and the settings
 * @drv: the driver
 * @ret: the outcome; free its steps
 * @err: network.conf cannot be read, or the back end does not work here; then nothing is changed
 *
 * Return: 0 or -errno.
 */
int vnm_driver_suit_firewall(struct vnm_driver *drv, struct vnm_firewall_change *ret,
			     struct vnm_error *err)
{
	struct vnm_fw_choice choice;
	char **names;
	size_t n;
	int r = vnm_driver_journal_names(drv, &names, &n, err);

	if (r < 0)
		return r;
	vnm_names_free(names, n);
	r = vnm_driver_decide_firewall(drv, true, &choice, err);
	if (r < 0)
		return r;
	*ret = (struct vnm_firewall_change){ .from = word(drv->sys.fw_backend),
					     .to = word(choice.backend),
					     .reason = choice.reason,
					     .active = n > 0 };
	return vnm_driver_change_firewall(drv, choice.backend, &ret->steps, err);
}
