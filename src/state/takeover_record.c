/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * takeover_record.c - RUN/NAME.takeover: a bridge that is being taken over from libvirt, or given back to it. One line: number, name,
 * other name, and "back".
 */
#include "state/takeover_record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model/names.h"
#include "util/file.h"
#include "util/mem.h"

#define RECORD_MAX 256

static char *file_of(const char *name)
{
	return vnm_asprintf("%s" VNM_TAKEOVER_SUFFIX, name);
}

/** vnm_takeover_write() - write the record of a network. Return: 0 or -errno, with @err set. */
int vnm_takeover_write(int run_fd, const char *name, const struct vnm_takeover *takeover,
		       struct vnm_error *err)
{
	vnm_autofree char *file = file_of(name);
	vnm_autofree char *text = vnm_asprintf("%d %s %s%s\n", takeover->index, takeover->bridge,
					       takeover->aside, takeover->back ? " back" : "");
	int r = vnm_file_replace(run_fd, file, text, strlen(text), 0600, (gid_t)-1, VNM_VOLATILE);

	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot record that network '%s' moves: %s", name,
				     strerror(-r))
		     : 0;
}

/** vnm_takeover_read() - read it. Return: 0; -EINVAL: it is damaged; -errno. */
int vnm_takeover_read(int run_fd, const char *name, struct vnm_takeover *ret)
{
	vnm_autofree char *file = file_of(name), *text = NULL;
	int words, r = vnm_file_read(run_fd, file, RECORD_MAX, &text, NULL);
	char back[8] = "";

	if (r < 0)
		return r;
	words = sscanf(text, "%d %15s %15s %7s", &ret->index, ret->bridge, ret->aside, back);
	ret->back = words == 4 && !strcmp(back, "back");
	if (words < 3 || (words == 4 && !ret->back) || ret->index <= 0 ||
	    !vnm_ifname_valid(ret->bridge) || !vnm_ifname_valid(ret->aside))
		return -EINVAL;
	return 0;
}

/** vnm_takeover_drop() - remove it; none is fine */
void vnm_takeover_drop(int run_fd, const char *name)
{
	vnm_autofree char *file = file_of(name);

	(void)vnm_file_unlink(run_fd, file, VNM_VOLATILE);
}
