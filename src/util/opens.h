/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opens.h - whether another account may open a file. */
#ifndef VNM_UTIL_OPENS_H
#define VNM_UTIL_OPENS_H

#include <stdbool.h>
#include <sys/types.h>

/** struct vnm_opener - a user, a group, or both; neither: whoever we are. */
struct vnm_opener {
	bool has_uid, has_gid;
	uid_t uid;
	gid_t gid;
};

int vnm_opens(const char *path, const struct vnm_opener *who);

#endif
