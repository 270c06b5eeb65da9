/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * evpn_state.c - what FRR knows of the other hosts of a network.
 *
 * Of its JSON, which differs between versions: what is not there is taken for "no". A session is up if its "state" says so; "peerState"
 * is OK even while a wrong password keeps it from coming up.
 */
#include "sys/frr/evpn_state.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/frr_text.h"
#include "sys/frr/vtysh.h"
#include "util/mem.h"

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void take_sessions(json_t *peers, struct vnm_evpn_state *ret)
{
	const char *name;
	json_t *peer;

	json_object_foreach(peers, name, peer) {
		struct vnm_evpn_session session = { 0 };

		if (vnm_addr_parse(name, &session.peer) < 0)
			continue;
		session.state = vnm_strdup(text_of(peer, "state"));
		session.up = !strcmp(session.state, "Established");
		ret->sessions = vnm_array_add(ret->sessions, &ret->n_sessions,
					      sizeof(*ret->sessions));
		ret->sessions[ret->n_sessions - 1] = session;
	}
}

static void take_hosts(json_t *addresses, struct vnm_evpn_state *ret)
{
	struct vnm_addr addr;
	json_t *item;
	size_t i;

	json_array_foreach(addresses, i, item) {
		if (!json_is_string(item) || vnm_addr_parse(json_string_value(item), &addr) < 0)
			continue;
		ret->hosts = vnm_array_add(ret->hosts, &ret->n_hosts, sizeof(*ret->hosts));
		ret->hosts[ret->n_hosts - 1] = addr;
	}
}

/* Which of the answers is it? bgpd's and zebra's lists of VNIs differ in what they say of one. */
static void take(json_t *answer, uint32_t vni, struct vnm_evpn_state *ret)
{
	char key[16];
	json_t *item;

	snprintf(key, sizeof(key), "%u", vni);
	item = json_object_get(answer, key);
	take_sessions(json_object_get(answer, "peers"), ret);
	take_hosts(json_object_get(item, "remoteVteps"), ret);
	ret->advertised |= !strcmp(text_of(item, "inKernel"), "True") &&
			   !strcmp(text_of(answer, "advertiseAllVnis"), "Enabled");
}

/* The next object of a text that is more than that. Return: where to go on; NULL: there is none. */
static const char *next_object(const char *text, json_t **ret)
{
	json_error_t error;
	const char *at = text;

	while (*at && *at != '{')
		at = strchr(at, '\n') ? strchr(at, '\n') + 1 : at + strlen(at);
	*ret = *at ? json_loads(at, JSON_DISABLE_EOF_CHECK, &error) : NULL;
	return *ret ? at + error.position : NULL;
}

/**
 * vnm_evpn_state_parse() - read the text of vnm_frr_see()
 * @text: the text
 * @vni:  the network's number
 * @ret:  free with vnm_evpn_state_clear()
 */
void vnm_evpn_state_parse(const char *text, uint32_t vni, struct vnm_evpn_state *ret)
{
	json_t *answer;

	*ret = (struct vnm_evpn_state){ 0 };
	while ((text = next_object(text, &answer))) {
		take(answer, vni, ret);
		json_decref(answer);
	}
}

/** vnm_evpn_state_clear() - free what vnm_evpn_state_parse() filled in. */
void vnm_evpn_state_clear(struct vnm_evpn_state *state)
{
	for (size_t i = 0; i < state->n_sessions; i++)
		free(state->sessions[i].state);
	free(state->sessions);
	free(state->hosts);
	*state = (struct vnm_evpn_state){ 0 };
}

/* ---- hosts with one number ---- */

static bool has_community(json_t *path, const char *community)
{
	json_t *list = json_object_get(json_object_get(path, "community"), "list"), *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (json_is_string(item) && !strcmp(json_string_value(item), community))
			return true;
	return false;
}

static bool one_has_community(json_t *paths, const char *community)
{
	json_t *group, *path;
	size_t i, k;

	json_array_foreach(paths, i, group)
		json_array_foreach(group, k, path)
			if (has_community(path, community))
				return true;
	return false;
}

static void add_once(const struct vnm_addr *addr, struct vnm_addr **list, size_t *n)
{
	for (size_t i = 0; i < *n; i++)
		if (vnm_addr_equal(&(*list)[i], addr))
			return;
	*list = vnm_array_add(*list, n, sizeof(**list));
	(*list)[*n - 1] = *addr;
}

/**
 * vnm_evpn_twins_parse() - who else has a community that one host alone should have
 * @text:      the routes of type 3 in detail, by which hosts tell of themselves, as JSON
 * @community: the community
 * @own:       this host's address
 * @ret:       allocated
 *
 * Return: how many.
 */
size_t vnm_evpn_twins_parse(const char *text, const char *community, const struct vnm_addr *own,
			    struct vnm_addr **ret)
{
	json_t *all = json_loads(text, JSON_DISABLE_EOF_CHECK, NULL), *routes, *route;
	const char *rd, *prefix;
	struct vnm_addr addr;
	size_t n = 0;

	*ret = NULL;
	json_object_foreach(all, rd, routes)
		json_object_foreach(routes, prefix, route)
			if (vnm_addr_parse(text_of(route, "ip"), &addr) == 0 &&
			    !vnm_addr_equal(&addr, own) &&
			    one_has_community(json_object_get(route, "paths"), community))
				add_once(&addr, ret, &n);
	json_decref(all);
	return n;
}

/**
 * vnm_evpn_twins() - which other hosts have this one's number?
 * @evpn:  of this host
 * @ret:   their addresses, allocated
 * @ret_n: how many
 * @err:   as vnm_vtysh_show()
 *
 * Return: 0 or -errno.
 */
int vnm_evpn_twins(const struct vnm_op_evpn *evpn, struct vnm_addr **ret, size_t *ret_n,
		   struct vnm_error *err)
{
	static const char *const commands[] = { "show bgp l2vpn evpn route detail type 3 json",
						NULL };
	char community[VNM_FRR_COMMUNITY_SIZE];
	vnm_autofree char *text = NULL;
	int r;

	*ret = NULL;
	*ret_n = 0;
	if (!evpn->index)
		return 0;
	r = vnm_vtysh_show(evpn, commands, &text, err);
	if (r == 0)
		*ret_n = vnm_evpn_twins_parse(text, vnm_frr_community(evpn, community),
					      &evpn->local, ret);
	return r;
}
