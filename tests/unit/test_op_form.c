/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_op_form.c - the text form of operations itself: what is taken, and what is refused. */
#include "runner.h"

#include "plan/op/op.h"
#include "plan/op/op_parse.h"
#include "plan/op/op_text.h"
#include "util/mem.h"

const char vnm_suite[] = "op_form";

static void test_refused(void)
{
	static const char *const lines[] = {
		"",
		" ",
		"bridges name=a",
		"bridge", /* required */
		"bridge name=a ", /* trailing blank */
		"bridge  name=a",
		"bridge name=a junk",
		"bridge name=a colour=red", /* unknown */
		"bridge name=a name=b", /* twice */
		"bridge name=a=b", /* what the writer encodes */
		"bridge name=a\n",
		"bridge name=a%",
		"bridge name=a%4",
		"bridge name=%61", /* what the writer does not encode */
		"bridge name=a%0a", /* lower case */
		"bridge name=a%00",
		"bridge name=a stp=no", /* absent is no */
		"bridge name=a delay=0",
		"bridge name=a delay=-1",
		"bridge name=a delay=4294967296",
		"bridge name=a mac=1:2:3:4:5",
		"address dev=a addr=192.0.2.1",
		"address dev=a addr=192.0.2.1/33",
		"accept-ra value=2", "forwarding family=inet",
		"forwarding", "rule family=ipv4 chain=VNM_INP target=ACCEPT",
		"rule family=ipv4 chain=inp target=QUEUE",
		"rule family=ipv4 chain=inp target=ACCEPT in=sixteencharacter",
		"rule family=ipv4 chain=inp target=ACCEPT dport=65536",
		"rule family=ipv4 chain=inp target=ACCEPT proto=256",
		"rule family=ipv4 chain=inp target=ACCEPT state=any",
		"rule family=ipv4 chain=inp target=ACCEPT src-group=0x1",
		"rule family=ipv4 chain=inp target=ACCEPT src-group=0x1/0x0",
		"rule family=ipv4 chain=inp target=ACCEPT src-group=0x123456789/0x1",
		"file dir=/d name=n",
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(lines); i++) {
		struct vnm_op op = { .type = VNM_OP_COUNT };
		struct vnm_error err = { 0 };

		if (vnm_op_parse(lines[i], &op, &err) == 0)
			VNM_ASSERT_STR_EQ(lines[i], "refused");
		VNM_ASSERT_INT_EQ(err.code, VNM_ERR_STATE);
		VNM_ASSERT_INT_EQ(op.type, VNM_OP_COUNT); /* untouched */
	}
}

/* The journals of one version are read by the next: the form itself is pinned. */
static void test_form(void)
{
	static const char *const lines[] = {
		"use-device name=br0 bridge=yes",
		"use-device name=eth0",
		"bridge name=br0 mac=52:54:00:01:02:03 mtu=1400 stp=yes delay=2 group=1986948353",
		"bridge name=br0",
		"sysctl path=net/ipv6/conf/br0/accept_ra value=0",
		"address dev=br0 addr=192.0.2.1/24",
		"address dev=br0 addr=fd00:1::1/64",
		"rule family=ipv4 chain=nat src=192.0.2.0/24 dst=192.0.2.0/24 dst-invert=yes "
		"out=eth0 proto=6 target=SNAT to-port-first=1024 to-port-last=65535 "
		"to-first=198.51.100.1 to-last=198.51.100.9",
		("rule family=ipv6 chain=fwx src-group=!0x766e6d00/0xfffffff0 "
		 "state=established target=ACCEPT"),
		"link-up dev=br0",
		"route dev=br0 dst=10.0.0.0/8 gateway=192.0.2.9 metric=1",
		"accept-ra",
		"forwarding family=ipv6",
		"file dir=/run/vnetmgr/dnsmasq/n name=hosts content=a%0Ab%20c%25%3D%0A shared=yes",
		"file dir=/d name=n content= shared=yes owner=dnsmasq",
		"file dir=/d name=n content= shared=yes group=nogroup",
		"file dir=/d name=n content=",
		"dnsmasq dir=/d program=/p lease-file=/l bridge=b bridge-only=yes single-uid=yes",
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(lines); i++) {
		vnm_autobuf struct vnm_buf again = { 0 };
		struct vnm_error err = { 0 };
		struct vnm_op op = { 0 };

		VNM_ASSERT_OK_FATAL(vnm_op_parse(lines[i], &op, &err), err);
		vnm_op_format(&op, &again);
		VNM_ASSERT_STR_EQ(vnm_buf_str(&again), lines[i]);
		vnm_op_clear(&op);
	}
}

const struct vnm_test vnm_tests[] = {
	{ "form", test_form },
	{ "refused", test_refused },
	{ 0 },
};
