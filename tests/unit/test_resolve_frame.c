/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_resolve_frame.c - frames of ARP and neighbour discovery: every byte of them, and what is taken for an answer. */
#include "runner.h"

#include <string.h>
#include <sys/socket.h>

#include "sys/link/resolve_frame.h"
#include "util/buf.h"
#include "util/checksum.h"
#include "util/mem.h"

const char vnm_suite[] = "sys/resolve_frame";

static const struct vnm_mac mac = { true, { 0x02, 0x76, 0x0a, 0x0b, 0x0c, 0x0d } };

static struct vnm_addr addr_of(const char *text)
{
	struct vnm_addr addr = { 0 };

	CU_ASSERT_FATAL(vnm_addr_parse(text, &addr) == 0);
	return addr;
}

static char *hex(const uint8_t *bytes, size_t n)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	for (size_t i = 0; i < n; i++)
		vnm_buf_printf(&text, "%02x", bytes[i]);
	return vnm_buf_steal(&text);
}

/* ICMPv6 with its checksum adds up to nothing. */
static bool adds_up(const uint8_t *frame)
{
	const uint8_t pseudo[8] = { [3] = 32, [7] = 58 };
	uint32_t total = vnm_checksum_add(0, frame + 14 + 8, 32);

	total = vnm_checksum_add(total, pseudo, sizeof(pseudo));
	return vnm_checksum(vnm_checksum_add(total, frame + 14 + 40, 32)) == 0;
}

static void test_ipv4(void)
{
	const struct vnm_addr addr = addr_of("192.168.5.7");
	uint8_t frame[VNM_RESOLVE_FRAME_MAX];
	vnm_autofree char *asked = hex(frame, vnm_frame_ask(frame, &mac, &mac, &addr));
	vnm_autofree char *told = hex(frame, vnm_frame_announce(frame, &mac, &addr));

	VNM_ASSERT_STR_EQ(asked, "ffffffffffff02760a0b0c0d0806"
				 "000108000604000102760a0b0c0d00000000000000000000c0a80507");
	VNM_ASSERT_STR_EQ(told, "ffffffffffff02760a0b0c0d0806"
				"000108000604000102760a0b0c0dc0a80507000000000000c0a80507");
}

static void test_ipv6(void)
{
	const struct vnm_addr addr = addr_of("fd50::1:2:3");
	uint8_t frame[VNM_RESOLVE_FRAME_MAX];
	vnm_autofree char *asked = hex(frame, vnm_frame_ask(frame, &mac, &mac, &addr));

	CU_ASSERT(adds_up(frame));
	CU_ASSERT(!strncmp(asked,
			   "3333ff02000302760a0b0c0d86dd6000000000203aff"
			   "fe8000000000000000760afffe0b0c0d"
			   "ff0200000000000000000001ff0200038700",
			   strlen("3333ff02000302760a0b0c0d86dd6000000000203aff") + 68));
	VNM_ASSERT_INT_EQ(vnm_frame_announce(frame, &mac, &addr), 86);
	CU_ASSERT(adds_up(frame));
	VNM_ASSERT_INT_EQ(frame[54], 136);
}

static void test_answer(void)
{
	const struct vnm_addr v4 = addr_of("192.168.5.7"), v6 = addr_of("fd50::7");
	uint8_t frame[VNM_RESOLVE_FRAME_MAX];
	struct vnm_addr addr;
	struct vnm_mac who;
	size_t len = vnm_frame_ask(frame, &mac, &mac, &v4);

	CU_ASSERT(!vnm_frame_answer(frame, len, &addr, &who));
	len = vnm_frame_announce(frame, &mac, &v4);
	frame[21] = 2; /* a reply */
	CU_ASSERT(vnm_frame_answer(frame, len, &addr, &who));
	CU_ASSERT(vnm_addr_equal(&addr, &v4) && vnm_mac_equal(&who, &mac));
	CU_ASSERT(!vnm_frame_answer(frame, len - 1, &addr, &who));
	len = vnm_frame_ask(frame, &mac, &mac, &v6);
	CU_ASSERT(!vnm_frame_answer(frame, len, &addr, &who));
	len = vnm_frame_announce(frame, &mac, &v6);
	CU_ASSERT(vnm_frame_answer(frame, len, &addr, &who));
	CU_ASSERT(vnm_addr_equal(&addr, &v6) && vnm_mac_equal(&who, &mac));
	CU_ASSERT(!vnm_frame_answer(frame, 60, &addr, &who));
}

const struct vnm_test vnm_tests[] = {
	{ "ipv4", test_ipv4 },
	{ "ipv6", test_ipv6 },
	{ "answer", test_answer },
	{ 0 },
};
