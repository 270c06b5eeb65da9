/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conflict_input.h - definitions of networks that may be in each other's way. */
#ifndef VNM_TEST_CONFLICT_INPUT_H
#define VNM_TEST_CONFLICT_INPUT_H

#define UUID_A "11111111-1111-1111-1111-111111111111"
#define UUID_B "22222222-2222-2222-2222-222222222222"
#define NET(name, uuid, rest) \
	"<network><name>" name "</name><uuid>" uuid "</uuid>" rest "</network>"
#define BRIDGED(name, uuid, bridge) \
	NET(name, uuid, "<forward mode='bridge'/><bridge name='" bridge "'/>")
#define MAC_A "<mac address='52:54:00:00:00:0a'/>"
#define IP(address, prefix) "<ip address='" address "' prefix='" prefix "'/>"
#define IP6(address, prefix) "<ip family='ipv6' address='" address "' prefix='" prefix "'/>"
#define ROUTE(to, prefix, by) \
	"<route address='" to "' prefix='" prefix "' gateway='" by "'/>"

/* A: active or not, on bra; may B be defined or started beside it?. */
#define A(rest) NET("a", UUID_A, "<bridge name='bra'/>" MAC_A rest)
#define B(rest) NET("b", UUID_B, "<bridge name='brb'/><mac address='52:54:00:00:00:0b'/>" rest)

#endif
