/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reason.h - what can stop a packet, by names that scripts may rely on. Pure. */
#ifndef VNM_PLAN_REASON_H
#define VNM_PLAN_REASON_H

/* In the order of a packet's way. */
/* clang-format off */
#define VNM_REASONS(X) \
	X(NAMESPACE_GONE, "guest-namespace-gone") \
	X(GUEST_DOWN, "guest-device-down") \
	X(GUEST_ADDRESS, "guest-no-address") \
	X(GUEST_ROUTE, "guest-no-route") \
	X(GUEST_OTHER_WAY, "guest-other-way") \
	X(GUEST_OTHER_NETWORK, "guest-other-network") \
	X(GUEST_NEIGHBOUR, "guest-next-hop-silent") \
	X(PORT_MISSING, "port-missing") \
	X(PORT_OFF_BRIDGE, "port-off-bridge") \
	X(PORT_DOWN, "port-down") \
	X(PORT_UNPLUGGED, "port-no-carrier") \
	X(PORT_LOCKED, "port-locked") \
	X(PORT_WAITS, "port-not-forwarding") \
	X(PORT_ISOLATED, "port-isolated") \
	X(BRIDGE_MISSING, "bridge-missing") \
	X(BRIDGE_DOWN, "bridge-down") \
	X(RULE_DROPS, "rule-drops") \
	X(RULE_REJECTS, "rule-rejects") \
	X(RULE_TAKES, "rule-takes-away") \
	X(POLICY_DROPS, "policy-drops") \
	X(UNTRACKED, "not-tracked") \
	X(CONNECTIONS_FULL, "connection-table-full") \
	X(FORWARDING_OFF, "forwarding-off") \
	X(DEVICE_FORWARDING_OFF, "device-forwarding-off") \
	X(SOURCE_FILTER, "reverse-path-filter") \
	X(SOURCE_IMPOSSIBLE, "impossible-address") \
	X(ROUTE_BLACKHOLE, "route-blackhole") \
	X(ROUTE_UNREACHABLE, "route-unreachable") \
	X(ROUTE_PROHIBITED, "route-prohibited") \
	X(ROUTE_NONE, "no-route") \
	X(ROUTE_RULE, "routing-rule-refuses") \
	X(HOPS, "time-to-live-expired") \
	X(NOT_TRANSLATED, "source-not-translated") \
	X(NOT_FORWARDED, "port-not-forwarded") \
	X(LED_ELSEWHERE, "led-elsewhere") \
	X(OUT_DOWN, "outgoing-device-down") \
	X(OUT_UNPLUGGED, "outgoing-device-no-carrier") \
	X(NEXT_HOP, "next-hop-silent") \
	X(BACK_ROUTE, "no-way-back") \
	X(NO_SERVICE, "no-service") \
	X(NOT_SEEN, "not-seen") \
	X(LOST, "lost")
/* clang-format on */

/** enum vnm_reason - what stops a packet. */
enum vnm_reason {
	VNM_REASON_NONE,
#define VNM_REASON_ID(id, name) VNM_REASON_##id,
	VNM_REASONS(VNM_REASON_ID)
#undef VNM_REASON_ID
	VNM_REASON_COUNT
};

const char *vnm_reason_name(enum vnm_reason reason);

#endif
