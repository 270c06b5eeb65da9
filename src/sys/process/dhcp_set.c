/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dhcp_set.c - what a lease has set beside the address: routes, and name servers.
 *
 * Only the server knows what it gives, and the client says it once. Its script writes down what it has set, a line each, "route PREFIX
 * GATEWAY" or "resolv", in a file beside the client's others; by that file a check finds what is gone. Clients of earlier versions have
 * none.
 */
#include "sys/process/dhcp_set.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/host/resolv.h"
#include "sys/process/dhcp_command.h"
#include "util/file.h"
#include "util/mem.h"

#define SET_MAX 65536
#define RESOLV_LINE "resolv"

/** vnm_dhcp_set_route() - note a route that was set */
void vnm_dhcp_set_route(struct vnm_buf *set, const struct vnm_op_route *route)
{
	char dst[VNM_PREFIX_STRLEN], gateway[VNM_ADDR_STRLEN];

	vnm_buf_printf(set, "route %s %s\n", vnm_prefix_format(&route->dst, dst),
		       vnm_addr_format(&route->gateway, gateway));
}

/** vnm_dhcp_set_resolv() - note that name servers were written */
void vnm_dhcp_set_resolv(struct vnm_buf *set)
{
	vnm_buf_add(set, RESOLV_LINE "\n");
}

/** vnm_dhcp_set_write() - write down what was noted, in the place of what an earlier lease has set. Return: 0 or -errno */
int vnm_dhcp_set_write(const char *path, const struct vnm_buf *set)
{
	const char *slash = strrchr(path, '/');
	vnm_autofree char *above = slash ? vnm_strndup(path, (size_t)(slash - path)) : NULL;
	vnm_autoclose int dir = slash ? vnm_open(AT_FDCWD, above, O_RDONLY | O_DIRECTORY, 0) : -1;

	return dir < 0 ? -ENOENT
		       : vnm_file_replace(dir, slash + 1, vnm_buf_str(set), set->len, 0644,
					  (gid_t)-1, VNM_VOLATILE);
}

static char *read_set(const struct vnm_op_dhcp *op)
{
	vnm_autofree char *name = vnm_dhcp_file(op, "set");
	vnm_autoclose int dir = vnm_dhcp_open_dir(op);
	char *text = NULL;

	return dir >= 0 && vnm_file_read(dir, name, SET_MAX, &text, NULL) == 0 ? text : NULL;
}

/* "PREFIX GATEWAY"; a line that is none says nothing. */
static bool has_route(struct vnm_sys *sys, const struct vnm_op_dhcp *op, char *line)
{
	struct vnm_op want = { .type = VNM_OP_ROUTE };
	enum vnm_presence presence = VNM_PRESENT;
	struct vnm_error ignored = { 0 };
	char *gateway = strchr(line, ' ');

	if (!gateway)
		return true;
	*gateway++ = '\0';
	if (vnm_prefix_parse(line, &want.route.dst) < 0 ||
	    vnm_addr_parse(gateway, &want.route.gateway) < 0)
		return true;
	want.route.dev = op->dev;
	want.route.ns = op->ns;
	if (vnm_impl_route.check(sys, &want, &presence, &ignored) < 0 || presence == VNM_PRESENT)
		return true;
	snprintf(sys->why, sizeof(sys->why), "its %s%s is gone",
		 want.route.dst.len > 0 ? "route to " : "default route",
		 want.route.dst.len > 0 ? line : "");
	return false;
}

static bool has_line(struct vnm_sys *sys, const struct vnm_op_dhcp *op, char *line)
{
	static const char route[] = "route ";

	if (!strncmp(line, route, strlen(route)))
		return has_route(sys, op, line + strlen(route));
	if (strcmp(line, RESOLV_LINE) != 0 || !op->resolv || vnm_resolv_names(op->resolv, op->name))
		return true;
	snprintf(sys->why, sizeof(sys->why), "%.96s has been changed", op->resolv);
	return false;
}

/** vnm_dhcp_set_foreign() - is there a resolv.conf of somebody else, which keeps the client from being started? @sys->why says so */
bool vnm_dhcp_set_foreign(struct vnm_sys *sys, const struct vnm_op_dhcp *op)
{
	if (!op->resolv || !vnm_resolv_foreign(op->resolv))
		return false;
	snprintf(sys->why, sizeof(sys->why), "somebody else's %.96s is in the way", op->resolv);
	return true;
}

/**
 * vnm_dhcp_set_holds() - is everything there that the lease has set?
 * @sys: the handles of the host; @sys->why says what is not
 * @op:  the client
 */
bool vnm_dhcp_set_holds(struct vnm_sys *sys, const struct vnm_op_dhcp *op)
{
	vnm_autofree char *text = read_set(op);
	char *save = NULL;

	for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		if (!has_line(sys, op, line))
			return false;
	return true;
}
