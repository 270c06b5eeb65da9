/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conf_file.h - files of the administrator's, in the syntax of libvirt's network.conf. */
#ifndef VNM_STATE_CONF_FILE_H
#define VNM_STATE_CONF_FILE_H

#include <stddef.h>

#include "util/error.h"

/**
 * struct vnm_conf_key - a key that a file may set, once
 * @set: takes its value. Return: NULL, or the complaint about it, allocated
 */
struct vnm_conf_key {
	const char *name;
	char *(*set)(const char *value, void *data);
};

/** struct vnm_conf_keys - those of one kind of file. @data: for their functions */
struct vnm_conf_keys {
	const struct vnm_conf_key *keys;
	size_t n;
	void *data;
};

int vnm_conf_parse(char *text, const char *path, const struct vnm_conf_keys *keys,
		   struct vnm_error *err);
int vnm_conf_load(const char *path, const struct vnm_conf_keys *keys, struct vnm_error *err);

#endif
