/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link_ours.c - a device of ours, from which something is to be reverted.
 *
 * A bridge is created in a device group that only we use (sys/link/bridge.c). Operations that have only its name (address,
 * link up, route) revert something only on a bridge of that group: a foreign device of the same name is not touched.
 */
#include "sys/link/link_ours.h"

#include <errno.h>

#include "sys/link/guest_record.h"
#include "sys/link/link.h"

/**
 * vnm_link_find_ours() - read a device from which something is to be reverted
 * @sys:  the handles
 * @name: its name
 * @ret:  the device, when 1 is returned
 * @err:  the error
 *
 * Return: 1 when it exists and is ours; 0 otherwise (nothing to do); or -errno.
 */
int vnm_link_find_ours(struct vnm_sys *sys, const char *name, struct vnm_link *ret,
		       struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_guest_record_find(sys, name, NULL, ret);

	if (r > 0)
		return 1;
	if (r < 0)
		return r == -ENODEV || r == -EINVAL
			       ? 0
			       : vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", name);
	r = vnm_link_find(sys, name, &link, err);
	if (r <= 0 || !vnm_link_in_our_group(&link))
		return r < 0 ? r : 0;
	*ret = link;
	return 1;
}
