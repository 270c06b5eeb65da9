/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outline.c - of a definition, what decides whether another network can conflict with it at all. Pure.
 *
 * Whether two networks do conflict, and what is said about it, is decided by their whole definitions (conflict.c,
 * conflict_nat.c). An outline only tells which of hundreds need not be read for that.
 */
#include "plan/conflict/outline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/conflict/other_net.h"
#include "util/mem.h"

#define NONE "-"
#define FORWARDS "forwards"

static bool forwards(const struct vnm_network *net)
{
	return net->n_port_forwards + net->n_static_nats > 0;
}

static void add_subnet(struct vnm_outline *outline, const struct vnm_prefix *subnet)
{
	outline->subnets =
		vnm_array_add(outline->subnets, &outline->n_subnets, sizeof(*outline->subnets));
	outline->subnets[outline->n_subnets - 1] = *subnet;
}

/** vnm_outline_of() - the outline of a definition; free with vnm_outline_clear() */
void vnm_outline_of(const struct vnm_network *net, struct vnm_outline *ret)
{
	const char *bridge = net->bridge.name;

	*ret = (struct vnm_outline){ .uuid = net->uuid, .forwards = forwards(net) };
	if (bridge && *bridge)
		ret->bridge = vnm_strdup(bridge);
	for (size_t i = 0; i < net->n_ips; i++) {
		struct vnm_prefix subnet = vnm_ip_prefix(&net->ips[i]);

		add_subnet(ret, &subnet);
	}
}

/** vnm_outline_format() - in one line, without a newline: the UUID, the bridge, whether it forwards, the subnets */
void vnm_outline_format(const struct vnm_outline *outline, struct vnm_buf *out)
{
	char uuid[VNM_UUID_STRLEN], text[VNM_PREFIX_STRLEN];

	vnm_buf_printf(out, "%s %s %s",
		       outline->uuid.set ? vnm_uuid_format(&outline->uuid, uuid) : NONE,
		       outline->bridge ? outline->bridge : NONE,
		       outline->forwards ? FORWARDS : NONE);
	for (size_t i = 0; i < outline->n_subnets; i++)
		vnm_buf_printf(out, " %s", vnm_prefix_format(&outline->subnets[i], text));
}

/**
 * vnm_outline_parse() - read what vnm_outline_format() has written
 * @text: the line
 * @ret:  free with vnm_outline_clear(); written on success only
 *
 * Return: 0 or -EINVAL.
 */
int vnm_outline_parse(const char *text, struct vnm_outline *ret)
{
	vnm_autofree char *copy = vnm_strdup(text);
	vnm_autooutline struct vnm_outline outline = { 0 };
	char *rest = copy;
	const char *uuid = strsep(&rest, " "), *bridge = strsep(&rest, " ");
	const char *forwarding = strsep(&rest, " "), *word;

	if (!forwarding || (strcmp(uuid, NONE) != 0 && vnm_uuid_parse(uuid, &outline.uuid) < 0) ||
	    (strcmp(forwarding, NONE) != 0 && strcmp(forwarding, FORWARDS) != 0))
		return -EINVAL;
	outline.forwards = !strcmp(forwarding, FORWARDS);
	if (strcmp(bridge, NONE) != 0)
		outline.bridge = vnm_strdup(bridge);
	while ((word = strsep(&rest, " "))) {
		struct vnm_prefix subnet;

		if (vnm_prefix_parse(word, &subnet) < 0)
			return -EINVAL;
		add_subnet(&outline, &subnet);
	}
	*ret = outline;
	outline = (struct vnm_outline){ 0 };
	return 0;
}

static bool overlaps(const struct vnm_network *net, const struct vnm_outline *other)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		struct vnm_prefix mine = vnm_ip_prefix(&net->ips[i]);

		for (size_t k = 0; !vnm_conflict_link_local(&mine) && k < other->n_subnets; k++)
			if (vnm_prefix_overlaps(&mine, &other->subnets[k]))
				return true;
	}
	return false;
}

/**
 * vnm_outline_may_conflict() - need the other network be looked at, before this one is defined?
 * @net:   the definition; if a name for its bridge is still to be chosen, every other bridge matters, every VNI to an overlay, and every VRF to one
 * @other: the outline of a network with another name
 *
 * Return: false: vnm_conflict_define(), vnm_conflict_forwards() and vnm_bridge_name_pick() find nothing in it.
 */
bool vnm_outline_may_conflict(const struct vnm_network *net, const struct vnm_outline *other)
{
	const char *bridge = vnm_conflict_bridge_name(net);

	if ((!bridge && vnm_network_makes_bridge(net)) || net->overlay.at.present ||
	    net->vrf.at.present)
		return true;
	return vnm_uuid_equal(&net->uuid, &other->uuid) ||
	       (bridge && other->bridge && !strcmp(bridge, other->bridge)) ||
	       (forwards(net) && other->forwards) || overlaps(net, other);
}

/** vnm_outline_clear() - free what an outline holds. */
void vnm_outline_clear(struct vnm_outline *outline)
{
	free(outline->bridge);
	free(outline->subnets);
	*outline = (struct vnm_outline){ 0 };
}
