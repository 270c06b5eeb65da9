/* SPDX-License-Identifier: GPL-2.0-or-later */
/* info_overlay.c - net-info: a network on many hosts, as text and as JSON. */
#include "cli/info_overlay.h"

#include <inttypes.h>

#include "cli/json.h"
#include "driver/query.h"

/** vnm_print_overlay() - "VNI 100, UDP port 4789, from 10.0.0.1, MTU 1450"; what a definition leaves to the host is left out. */
void vnm_print_overlay(const void *row, struct vnm_buf *out)
{
	const struct vnm_info *info = row;
	char text[VNM_ADDR_STRLEN];

	if (!info->vni)
		return;
	vnm_buf_printf(out, "VNI %" PRIu32 ", UDP port %" PRIu16, info->vni, info->vxlan_port);
	if (info->vtep.family)
		vnm_buf_printf(out, ", from %s", vnm_addr_format(&info->vtep, text));
	if (info->overlay_mtu)
		vnm_buf_printf(out, ", MTU %" PRIu32, info->overlay_mtu);
}

/** vnm_print_peers() - the other hosts, a line each */
void vnm_print_peers(const void *row, struct vnm_buf *out)
{
	const struct vnm_info *info = row;
	char text[VNM_ADDR_STRLEN];

	for (size_t i = 0; i < info->n_peers; i++)
		vnm_buf_printf(out, "%s\n", vnm_addr_format(&info->peers[i], text));
}

/** vnm_print_sessions() - with EVPN, "AS 65000", and FRR's sessions: "10.0.0.1 Established", a line each */
void vnm_print_sessions(const void *row, struct vnm_buf *out)
{
	const struct vnm_info *info = row;
	char text[VNM_ADDR_STRLEN];

	if (info->asn)
		vnm_buf_printf(out, "AS %" PRIu32 "\n", info->asn);
	for (size_t i = 0; i < info->n_sessions; i++)
		vnm_buf_printf(out, "%s %s\n", vnm_addr_format(&info->sessions[i].peer, text),
			       info->sessions[i].state);
}

static json_t *json_evpn(const struct vnm_info *info)
{
	json_t *evpn = json_object(), *sessions = json_array();

	for (size_t i = 0; i < info->n_sessions; i++) {
		json_t *session = json_object();

		vnm_json_set(session, "peer", vnm_json_addr(&info->sessions[i].peer));
		vnm_json_set(session, "state", vnm_json_string(info->sessions[i].state));
		json_array_append_new(sessions, session);
	}
	vnm_json_set(evpn, "asn", vnm_json_number(info->asn));
	vnm_json_set(evpn, "sessions", sessions);
	return evpn;
}

/** vnm_json_overlay() - the same as an object; NULL: the network is on this host alone */
json_t *vnm_json_overlay(const void *row)
{
	const struct vnm_info *info = row;
	json_t *object = info->vni ? json_object() : NULL, *peers = json_array();

	for (size_t i = 0; i < info->n_peers; i++)
		json_array_append_new(peers, vnm_json_addr(&info->peers[i]));
	if (!object) {
		json_decref(peers);
		return NULL;
	}
	vnm_json_set(object, "vni", vnm_json_number(info->vni));
	vnm_json_set(object, "port", vnm_json_number(info->vxlan_port));
	if (info->vtep.family)
		vnm_json_set(object, "local", vnm_json_addr(&info->vtep));
	if (info->overlay_mtu)
		vnm_json_set(object, "mtu", vnm_json_number(info->overlay_mtu));
	vnm_json_set(object, "peers", peers);
	if (info->asn)
		vnm_json_set(object, "evpn", json_evpn(info));
	return object;
}
