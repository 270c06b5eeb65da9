/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conflict.c - may a network be defined beside the others? Pure.
 *
 * A definition needs a name, UUID, bridge and VNI of its own; a start needs its subnets and bridge to be free
 * (conflict_start.c). Two definitions may share a subnet or forward the same port, as long as only one of them is
 * active.
 */
#include "plan/conflict/conflict.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "plan/conflict/conflict_nat.h"
#include "plan/conflict/conflict_vrf.h"
#include "util/mem.h"

#define BRIDGE_TEMPLATE "virbr%d"
#define BRIDGE_ID_MAX 256	/* as libvirt */

/* A template has exactly one %d and no other %, as in libvirt. */
static const char *template_mark(const char *name)
{
	const char *mark = name ? strchr(name, '%') : NULL;

	return mark && mark[1] == 'd' && !strchr(mark + 1, '%') ? mark : NULL;
}

static int check_identity(const struct vnm_network *net, const struct vnm_network *other,
			  struct vnm_error *err)
{
	bool same = vnm_conflict_same(net, other);
	char uuid[VNM_UUID_STRLEN];

	if (!net->uuid.set || same == vnm_uuid_equal(&net->uuid, &other->uuid))
		return 0;
	vnm_uuid_format(&other->uuid, uuid);
	if (same)
		return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
				     "network '%s' already exists with uuid %s", other->name, uuid);
	return vnm_error_set(err, VNM_ERR_UUID_IN_USE, EEXIST,
			     "network '%s' is already defined with uuid %s", other->name, uuid);
}

static void warn_overlap(const struct vnm_network *net, const struct vnm_network *other,
			 struct vnm_warnings *warnings)
{
	char text[VNM_PREFIX_STRLEN];
	struct vnm_prefix overlap;

	if (vnm_conflict_same(net, other) || !vnm_conflict_overlap(net, NULL, other, &overlap))
		return;
	vnm_warnings_add(
		warnings,
		"subnet %s of network '%s' overlaps with network '%s': only one of them can "
		"be active at a time",
		vnm_prefix_format(&overlap, text), net->name, other->name);
}

static void warn_password(const struct vnm_network *net, const struct vnm_network *other,
			  struct vnm_warnings *warnings)
{
	if (vnm_conflict_password(net, other))
		vnm_warnings_add(warnings,
				 "network '%s' has another password in <vnm:evpn> than network "
				 "'%s', and FRR has one for both: give both the same",
				 net->name, other->name);
}

/**
 * vnm_conflict_define() - may the network be defined?
 * @net:      the definition; without a UUID it is never in conflict with the one of its name
 * @others:    all networks there are; the one of its name may be among them
 * @n:        how many
 * @warnings: subnets and port forwarding that only one of two networks can have at a time
 * @err:      VNM_ERR_NAME_IN_USE, VNM_ERR_UUID_IN_USE, VNM_ERR_BRIDGE_IN_USE
 *
 * Return: 0 or -EEXIST.
 */
int vnm_conflict_define(const struct vnm_network *net, const struct vnm_other_net *others, size_t n,
			struct vnm_warnings *warnings, struct vnm_error *err)
{
	for (size_t i = 0; i < n; i++) {
		int r = check_identity(net, others[i].net, err);

		if (r == 0)
			r = vnm_conflict_bridge(net, others[i].net, err);
		if (r == 0)
			r = vnm_conflict_vni(net, others[i].net, err);
		if (r == 0)
			r = vnm_conflict_evpn(net, others[i].net, err);
		if (r == 0)
			r = vnm_conflict_vrf(net, others[i].net, err);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < n; i++)
		warn_overlap(net, others[i].net, warnings);
	for (size_t i = 0; i < n; i++)
		warn_password(net, others[i].net, warnings);
	for (size_t i = 0; i < n; i++)
		vnm_conflict_warn_forwards(net, others[i].net, warnings);
	return 0;
}

/* ---- names for bridges ---- */

static bool name_taken(const char *name, const struct vnm_facts *facts,
		       const struct vnm_other_net *others, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (others[i].net->bridge.name && !strcmp(others[i].net->bridge.name, name))
			return true;
	return vnm_facts_link(facts, name) != NULL;
}

/**
 * vnm_bridge_name_pick() - the first free name of a template
 * @template_name: with one %d; NULL, empty or without exactly that: "virbr%d"
 * @facts:         the host's links
 * @others:         the other networks
 * @n:             how many
 * @ret:           the name
 * @err:           set when all numbers are taken
 *
 * Return: 0 or -EEXIST.
 */
int vnm_bridge_name_pick(const char *template_name, const struct vnm_facts *facts,
			 const struct vnm_other_net *others, size_t n,
			 char ret[static VNM_IFNAME_SIZE], struct vnm_error *err)
{
	const char *mark = template_mark(template_name);

	if (!mark) {
		template_name = BRIDGE_TEMPLATE;
		mark = template_mark(template_name);
	}
	for (int id = 0; id <= BRIDGE_ID_MAX; id++) {
		vnm_autofree char *name = vnm_asprintf("%.*s%d%s", (int)(mark - template_name),
						       template_name, id, mark + 2);

		/* A long template has no room for the larger numbers. */
		if (!vnm_ifname_valid(name) || name_taken(name, facts, others, n))
			continue;
		snprintf(ret, VNM_IFNAME_SIZE, "%s", name);
		return 0;
	}
	return vnm_error_set(err, VNM_ERR_BRIDGE_IN_USE, EEXIST,
			     "Bridge generation exceeded max id %d", BRIDGE_ID_MAX);
}
