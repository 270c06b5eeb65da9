/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link_ours.c - a device of ours, from which something is to be reverted.
 *
 * A device group that only we use is set in the message that creates a bridge (sys/link/bridge.c). Operations that know
 * nothing of their bridge but its name (address, link up, route) take something back only from a bridge of that group: if
 * another program's device has the name of ours, nothing of it is touched.
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
 * Return: 1 when it is there and ours, 0 when there is none or it is not ours (nothing
 * to do), or -errno.
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
			       : vnm_nl_fail(err, r, NULL, "cannot look at device '%s'", name);
	r = vnm_link_find(sys, name, &link, err);
	if (r <= 0 || !vnm_link_in_our_group(&link))
		return r < 0 ? r : 0;
	*ret = link;
	return 1;
}
