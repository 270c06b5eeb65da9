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

static void add_address(struct vnm_addr **list, size_t *n, const struct vnm_addr *addr)
{
	*list = vnm_array_add(*list, n, sizeof(**list));
	(*list)[*n - 1] = *addr;
}

static void take_hosts(json_t *addresses, struct vnm_evpn_state *ret)
{
	struct vnm_addr addr;
	json_t *item;
	size_t i;

	json_array_foreach(addresses, i, item) {
		if (!json_is_string(item) || vnm_addr_parse(json_string_value(item), &addr) < 0)
			continue;
		add_address(&ret->hosts, &ret->n_hosts, &addr);
	}
}

static void add_once(const struct vnm_evpn_number *number, struct vnm_evpn_state *ret)
{
	for (size_t i = 0; i < ret->n_numbers; i++)
		if (vnm_addr_equal(&ret->numbers[i].host, &number->host) &&
		    ret->numbers[i].number == number->number)
			return;
	ret->numbers = vnm_array_add(ret->numbers, &ret->n_numbers, sizeof(*ret->numbers));
	ret->numbers[ret->n_numbers - 1] = *number;
}

/* Of one path; several lead to a host. */
static void take_number(json_t *path, const struct vnm_op_evpn *evpn, const struct vnm_addr *host,
			struct vnm_evpn_state *ret)
{
	json_t *list = json_object_get(json_object_get(path, "community"), "list"), *item;
	struct vnm_evpn_number number = { .host = *host };
	size_t i;

	json_array_foreach(list, i,
			   item) if (json_is_string(item) &&
				     vnm_frr_number(evpn, json_string_value(item), &number.number))
		add_once(&number, ret);
}

/* From the routes of type 3, by which hosts tell of themselves. */
static void take_numbers(json_t *routes, const struct vnm_op_evpn *evpn, struct vnm_evpn_state *ret)
{
	json_t *route, *group, *path;
	struct vnm_addr host;
	const char *prefix;
	size_t i, k;

	json_object_foreach(routes, prefix, route)
	{
		if (vnm_addr_parse(text_of(route, "ip"), &host) < 0 ||
		    vnm_addr_equal(&host, &evpn->local))
			continue;
		json_array_foreach(json_object_get(route, "paths"), i, group)
			json_array_foreach(group, k, path) take_number(path, evpn, &host, ret);
	}
}

/* A neighbour that is to be watched by BFD. */
static void take_watch(const char *name, json_t *neighbour, struct vnm_evpn_state *ret)
{
	json_t *bfd = json_object_get(neighbour, "peerBfdInfo");
	struct vnm_addr addr;

	if (bfd && strcmp(text_of(bfd, "status"), "Up") != 0 && vnm_addr_parse(name, &addr) == 0)
		add_address(&ret->unwatched, &ret->n_unwatched, &addr);
}

/* Which of the answers is it? bgpd's and zebra's lists of VNIs differ in what they say of one. */
static void take(json_t *answer, const struct vnm_op_evpn *evpn, uint32_t vni,
		 struct vnm_evpn_state *ret)
{
	const char *name;
	char key[16];
	json_t *item;

	snprintf(key, sizeof(key), "%u", vni);
	item = json_object_get(answer, key);
	take_sessions(json_object_get(answer, "peers"), ret);
	take_hosts(json_object_get(item, "remoteVteps"), ret);
	ret->advertised |= !strcmp(text_of(item, "inKernel"), "True") &&
			   !strcmp(text_of(answer, "advertiseAllVnis"), "Enabled");
	json_object_foreach(answer, name, item)
	{
		if (json_object_get(item, "rd"))
			take_numbers(item, evpn, ret);
		take_watch(name, item, ret);
	}
}

/* In the first line are the daemons that run. bgpd does not tell that the one for BFD is gone. */
static bool runs(const char *text, const char *daemon)
{
	vnm_autofree char *line = vnm_strndup(text, strcspn(text, "\n"));
	char *rest = line, *word;

	while ((word = strsep(&rest, " \t\r")))
		if (!strcmp(word, daemon))
			return true;
	return false;
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
 * @evpn: of this host
 * @vni:  the network's number
 * @ret:  free with vnm_evpn_state_clear()
 */
void vnm_evpn_state_parse(const char *text, const struct vnm_op_evpn *evpn, uint32_t vni,
			  struct vnm_evpn_state *ret)
{
	json_t *answer;

	*ret = (struct vnm_evpn_state){ .bfdd = runs(text, "bfdd") };
	while ((text = next_object(text, &answer))) {
		take(answer, evpn, vni, ret);
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
	free(state->numbers);
	free(state->unwatched);
	*state = (struct vnm_evpn_state){ 0 };
}
