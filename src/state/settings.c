/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings.c - the administrator's settings, network.conf. Nothing of a file with an error takes effect. */
#include "state/settings.h"

#include "state/conf_file.h"
#include "util/mem.h"

static char *set_firewall(const char *value, void *data)
{
	struct vnm_settings *settings = data;
	int setting = vnm_enum_value(&vnm_enum_fw_setting, value);

	if (setting < 0)
		return vnm_asprintf("unrecognized value of firewall_backend: '%.64s'; it is auto, "
				    "iptables, iptables-nft, legacy or nftables",
				    value);
	settings->firewall = (enum vnm_fw_setting)setting;
	return NULL;
}

static const struct vnm_conf_key keys[] = { { "firewall_backend", set_firewall } };

/**
 * vnm_settings_parse() - read the text of network.conf
 * @text: is modified
 * @path: of the file, for messages
 * @ret:  what it sets; written on success only
 * @err:  VNM_ERR_STATE, with file and line
 *
 * Return: 0 or -errno.
 */
int vnm_settings_parse(char *text, const char *path, struct vnm_settings *ret,
		       struct vnm_error *err)
{
	struct vnm_settings settings = { 0 };
	const struct vnm_conf_keys all = { keys, VNM_ARRAY_SIZE(keys), &settings };
	int r = vnm_conf_parse(text, path, &all, err);

	if (r == 0)
		*ret = settings;
	return r;
}

/**
 * vnm_settings_load() - read network.conf
 * @paths: where it is
 * @ret:   what it sets; nothing, without a file
 * @err:   that it cannot be read, or what is wrong in which line
 *
 * Return: 0 or -errno.
 */
int vnm_settings_load(const struct vnm_paths *paths, struct vnm_settings *ret,
		      struct vnm_error *err)
{
	struct vnm_settings settings = { 0 };
	const struct vnm_conf_keys all = { keys, VNM_ARRAY_SIZE(keys), &settings };
	int r = vnm_conf_load(paths->settings, &all, err);

	*ret = r == 0 ? settings : (struct vnm_settings){ 0 };
	return r;
}
