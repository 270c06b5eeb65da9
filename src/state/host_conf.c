/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host_conf.c - what is this host's own in definitions that are the same on many hosts: host.conf. */
#include "state/host_conf.h"

#include <stdio.h>

#include "state/conf_file.h"
#include "util/mem.h"

#define INDEX_MAX 65535

static char *set_local(const char *value, void *data)
{
	struct vnm_host_conf *conf = data;

	if (vnm_addr_parse(value, &conf->local) == 0)
		return NULL;
	return vnm_asprintf("invalid value of local: '%.64s' is no IP address", value);
}

static char *set_dev(const char *value, void *data)
{
	struct vnm_host_conf *conf = data;

	if (!vnm_ifname_valid(value))
		return vnm_asprintf("invalid value of dev: '%.64s' is no name of a device", value);
	snprintf(conf->dev, sizeof(conf->dev), "%s", value);
	return NULL;
}

static char *set_index(const char *value, void *data)
{
	struct vnm_host_conf *conf = data;

	conf->index.set = vnm_parse_u32(value, 1, INDEX_MAX, &conf->index.v) == 0;
	if (conf->index.set)
		return NULL;
	return vnm_asprintf("invalid value of index: '%.64s' is no number from 1 to %d", value,
			    INDEX_MAX);
}

/**
 * vnm_host_conf_load() - read host.conf
 * @paths: where it is
 * @ret:   what it sets; nothing, without a file
 * @err:   that it cannot be read, or what is wrong in which line
 *
 * Return: 0 or -errno.
 */
int vnm_host_conf_load(const struct vnm_paths *paths, struct vnm_host_conf *ret,
		       struct vnm_error *err)
{
	static const struct vnm_conf_key keys[] = { { "local", set_local },
						    { "dev", set_dev },
						    { "index", set_index } };
	struct vnm_host_conf conf = { 0 };
	const struct vnm_conf_keys all = { keys, VNM_ARRAY_SIZE(keys), &conf };
	int r = vnm_conf_load(paths->host_conf, &all, err);

	*ret = r == 0 ? conf : (struct vnm_host_conf){ 0 };
	return r;
}
