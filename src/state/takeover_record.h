/* SPDX-License-Identifier: GPL-2.0-or-later */
/* takeover_record.h - RUN/NAME.takeover: a bridge that is being taken over from libvirt, or given back to it. */
#ifndef VNM_STATE_TAKEOVER_RECORD_H
#define VNM_STATE_TAKEOVER_RECORD_H

#include <net/if.h>
#include <stdbool.h>

#include "util/error.h"

#define VNM_TAKEOVER_SUFFIX ".takeover"

/**
 * struct vnm_takeover - a bridge that is called something else for a moment, so that libvirt does not find it
 * @index:  its number
 * @bridge: its name
 * @aside:  the other name
 * @back:   it goes back to libvirt
 */
struct vnm_takeover {
	int index;
	char bridge[IF_NAMESIZE], aside[IF_NAMESIZE];
	bool back;
};

int vnm_takeover_write(int run_fd, const char *name, const struct vnm_takeover *takeover,
		       struct vnm_error *err);
int vnm_takeover_read(int run_fd, const char *name, struct vnm_takeover *ret);
void vnm_takeover_drop(int run_fd, const char *name);

#endif
