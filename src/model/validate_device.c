/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_device.c - devices of the host in <forward>. */
#include "model/validate_device.h"

#include <string.h>

/**
 * vnm_check_device() - a device of the host in <forward>
 * @check: the validation
 * @at:    the element that names it
 * @dev:   its name
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_device(struct vnm_check *check, const struct vnm_at *at, const char *dev)
{
	const struct vnm_network *net = check->net;

	if (!vnm_ifname_valid(dev))
		return vnm_check_fail(check, at,
				      "invalid device name '%.60s' in <forward> of network '%s'",
				      dev, net->name);
	if (net->bridge.name && !strcmp(dev, net->bridge.name))
		return vnm_check_fail(check, at,
				      "device '%s' in <forward> is the bridge of network '%s' "
				      "itself; name the one that leads outside",
				      dev, net->name);
	return 0;
}

static bool same_device(const void *a, const void *b)
{
	const struct vnm_forward_interface *x = a, *y = b;

	return !strcmp(x->dev, y->dev);
}

static int compare_devices(const void *a, const void *b)
{
	const struct vnm_forward_interface *x = a, *y = b;

	return strcmp(x->dev, y->dev);
}

/**
 * vnm_check_interfaces() - the devices listed in <forward>: no duplicates, the first equals the attribute dev
 * @check: the validation
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_interfaces(struct vnm_check *check)
{
	static const struct vnm_clash_rule twice = { compare_devices, same_device };
	const struct vnm_forward *forward = &check->net->forward;
	const struct vnm_forward_interface *interfaces = forward->interfaces, *second;
	struct vnm_clash clash;

	if (forward->dev && forward->n_interfaces && strcmp(forward->dev, interfaces[0].dev) != 0)
		return vnm_check_fail(check, &interfaces[0].at,
				      "<forward dev='%.60s'> must match first <interface "
				      "dev='%.60s'/> in network %s",
				      forward->dev, interfaces[0].dev, check->net->name);
	if (!vnm_check_clash(interfaces, forward->n_interfaces, sizeof(*interfaces), &twice,
			     &clash))
		return 0;
	second = clash.second;
	return vnm_check_fail(check, &second->at,
			      "interface '%.60s' can only be listed once in network %s",
			      second->dev, check->net->name);
}
