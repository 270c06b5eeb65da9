/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_attach.c - a guest's address: which one is found, which are passed over, and with how much work. */
#include "runner.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model/attach.h"
#include "model/taken.h"
#include "util/buf.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "attach";

static struct vnm_addr addr(const char *text)
{
	struct vnm_addr ret = { 0 };

	VNM_ASSERT_INT_EQ_FATAL(vnm_addr_parse(text, &ret), 0);
	return ret;
}

/* What is found in a network of one <ip>, when these (separated by blanks) and the network's own are taken. */
static void finds(const char *ip, const char *others, const char *should)
{
	vnm_autofree char *xml = vnm_asprintf("<network><name>n</name>%s</network>", ip);
	vnm_autofree char *words = vnm_strdup(others);
	struct vnm_taken taken = { 0 };
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_addr found = { 0 };
	char text[VNM_ADDR_STRLEN];
	int r;

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "n.xml", &net, &err), err);
	vnm_taken_network(&net, &taken);
	vnm_taken_named(&net, &taken);
	for (char *save = NULL, *word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		const struct vnm_addr other = addr(word);

		vnm_taken_add(&taken, &other);
	}
	r = vnm_address_pick(&net.ips[0], &taken, &found);
	if (r == 0)
		vnm_addr_format(&found, text);
	else
		snprintf(text, sizeof(text), "%s", r == -ENOSPC ? "ENOSPC" : strerror(-r));
	VNM_ASSERT_STR_EQ(text, should);
	vnm_taken_clear(&taken);
}

#define IP4(address, prefix, content) \
	"<ip address='" address "' prefix='" prefix "'>" content "</ip>"
#define IP6(address, prefix, content) \
	"<ip family='ipv6' address='" address "' prefix='" prefix "'>" content "</ip>"
#define DHCP(content) "<dhcp>" content "</dhcp>"
#define RANGE(start, end) "<range start='" start "' end='" end "'/>"

static void test_free(void)
{
	finds(IP4("192.0.2.1", "24", ""), "", "192.0.2.2");
	finds(IP4("192.0.2.1", "24", ""), "192.0.2.3 192.0.2.2 192.0.2.5", "192.0.2.4");
	finds(IP4("192.0.2.254", "24", ""), "", "192.0.2.1");
	finds(IP6("fd00::1", "64", ""), "fd00::2 192.0.2.2", "fd00::3");
}

/* The network's address, the broadcast address; the whole of what is free is found before it is full. */
static void test_edges(void)
{
	finds(IP4("192.0.2.1", "30", ""), "", "192.0.2.2");
	finds(IP4("192.0.2.1", "30", ""), "192.0.2.2", "ENOSPC");
	finds(IP4("192.0.2.0", "31", ""), "", "192.0.2.1");
	finds(IP4("192.0.2.1", "32", ""), "", "ENOSPC");
	finds(IP4("255.255.255.253", "30", ""), "255.255.255.254", "ENOSPC");
	finds(IP6("fd00::1", "126", ""), "fd00::2", "fd00::3");
	finds(IP6("fd00::1", "126", ""), "fd00::2 fd00::3", "ENOSPC");
	finds(IP6("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffd", "126", ""),
	      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe "
	      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	      "ENOSPC");
}

/* What DHCP gives out comes last; reservations are nobody else's. */
static void test_ranges(void)
{
	finds(IP4("192.0.2.1", "24", DHCP(RANGE("192.0.2.2", "192.0.2.253"))), "", "192.0.2.254");
	finds(IP4("192.0.2.1", "24", DHCP(RANGE("192.0.2.2", "192.0.2.254"))), "", "192.0.2.2");
	finds(IP4("192.0.2.1", "24", DHCP(RANGE("192.0.2.2", "192.0.2.254"))), "192.0.2.2",
	      "192.0.2.3");
	finds(IP4("192.0.2.1", "29",
		  DHCP(RANGE("192.0.2.2", "192.0.2.3") RANGE("192.0.2.4", "192.0.2.6"))),
	      "192.0.2.2 192.0.2.3 192.0.2.4", "192.0.2.5");
	finds(IP4("192.0.2.1", "24", DHCP("<host mac='52:54:00:00:00:01' ip='192.0.2.2'/>")), "",
	      "192.0.2.3");
}

/* A large range is not walked through: one address after the other, this would not come to an end. */
static void test_large(void)
{
	finds(IP4("10.0.0.1", "8", DHCP(RANGE("10.0.0.2", "10.255.255.200"))), "10.255.255.201",
	      "10.255.255.202");
	finds(IP6("fd00::1", "64", DHCP(RANGE("fd00::", "fd00::ffff:ffff:ffff:fffe"))), "",
	      "fd00::ffff:ffff:ffff:ffff");
}

static void test_has(void)
{
	struct vnm_taken taken = { 0 };
	struct vnm_addr one = addr("192.0.2.1"), two = addr("192.0.2.2"), v6 = addr("fd00::1");

	VNM_ASSERT_INT_EQ(vnm_taken_has(&taken, &one), false);
	vnm_taken_add(&taken, &two);
	VNM_ASSERT_INT_EQ(vnm_taken_has(&taken, &two), true);
	vnm_taken_add(&taken, &v6);
	vnm_taken_add(&taken, &one);
	vnm_taken_add(&taken, &one);
	VNM_ASSERT_INT_EQ(vnm_taken_has(&taken, &one), true);
	VNM_ASSERT_INT_EQ(vnm_taken_has(&taken, &two), true);
	VNM_ASSERT_INT_EQ(vnm_taken_has(&taken, &v6), true);
	vnm_taken_clear(&taken);
}

static const char named[] =
	"<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><forward mode='nat'/>"
	"<dns><host ip='192.0.2.7'><hostname>h</hostname></host></dns>"
	"<ip address='192.0.2.1' prefix='24'>"
	"<dhcp><host mac='52:54:00:00:00:01' ip='192.0.2.2'/></dhcp></ip>"
	"<route address='10.0.0.0' prefix='8' gateway='192.0.2.3'/>"
	"<vnm:portForward proto='tcp' port='80' to='192.0.2.4'/>"
	"<vnm:portForward proto='tcp' port='81'><vnm:target address='192.0.2.5' port='80'/>"
	"<vnm:target address='192.0.2.6' port='80'/></vnm:portForward>"
	"<vnm:staticNat outside='198.51.100.8' inside='192.0.2.8'/></network>";

/* The last octets of what a list has of 192.0.2.0/24. */
static void has_only(struct vnm_taken *taken, const char *should)
{
	vnm_autobuf struct vnm_buf found = { 0 };

	for (unsigned i = 0; i < 256; i++) {
		vnm_autofree char *text = vnm_asprintf("192.0.2.%u", i);
		struct vnm_addr one = addr(text);

		if (vnm_taken_has(taken, &one))
			vnm_buf_printf(&found, "%u ", i);
	}
	VNM_ASSERT_STR_EQ(vnm_buf_str(&found), should);
	vnm_taken_clear(taken);
}

/* Who has an address, for whom it is reserved, and where port forwarding leads are three things. */
static void test_lists(void)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_taken taken = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(named, strlen(named), "n.xml", &net, &err), err);
	vnm_taken_network(&net, &taken);
	has_only(&taken, "1 2 ");
	vnm_taken_named(&net, &taken);
	has_only(&taken, "3 7 ");
	vnm_taken_led_to(&net, &taken);
	has_only(&taken, "4 5 6 8 ");
}

/* The address with the number of @old in a subnet of @prefix bits, where @taken is somebody's; "": there is none. */
static void same_number(const char *ip, const char *old, unsigned len, const char *taken_one,
			const char *should)
{
	vnm_autofree char *xml = vnm_asprintf("<network><name>n</name>%s</network>", ip);
	const struct vnm_prefix from = { addr(old), len };
	const struct vnm_addr one = addr(taken_one);
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_taken taken = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_addr found = { 0 };
	char text[VNM_ADDR_STRLEN] = "";
	int r;

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "n.xml", &net, &err), err);
	vnm_taken_add(&taken, &one);
	r = vnm_address_same(&net.ips[0], &from, &taken, &found);
	VNM_ASSERT_INT_EQ(r, *should ? 0 : -ENOSPC);
	if (r == 0)
		vnm_addr_format(&found, text);
	VNM_ASSERT_STR_EQ(text, should);
	vnm_taken_clear(&taken);
}

static void test_same(void)
{
	static const char v4[] = IP4("10.31.0.1", "24", DHCP(RANGE("10.31.0.100", "10.31.0.200")));

	same_number(v4, "10.30.0.9", 24, "10.31.0.8", "10.31.0.9");
	same_number(v4, "10.30.0.9", 24, "10.31.0.9", "");
	same_number(v4, "10.30.0.150", 24, "10.31.0.8", "");	/* a guest of DHCP may get it */
	same_number(v4, "10.30.0.255", 24, "10.31.0.8", "");	/* all of them */
	same_number(v4, "10.30.0.9", 16, "10.31.0.8", "");
	same_number(v4, "fd00:30::9", 24, "10.31.0.8", "");
	same_number(IP4("10.31.32.1", "20", ""), "10.30.20.9", 20, "10.31.0.8", "10.31.36.9");
	same_number(IP4("10.31.0.129", "25", ""), "10.30.0.9", 25, "10.31.0.8", "10.31.0.137");
	same_number(IP6("fd00:31::1", "64", ""), "fd00:30::9:9", 64, "fd00::8", "fd00:31::9:9");
	same_number(IP6("fd00:31:0:10::1", "60", ""), "fd00:30:0:2::9", 60, "fd00::8",
		    "fd00:31:0:12::9");
}

static void test_outside(void)
{
	static const char xml[] = "<network><name>n</name>" IP4("10.31.0.1", "24", "") "</network>";
	const struct vnm_addr in = addr("10.31.0.9"), out = addr("10.30.0.9"), v6 = addr("fd00::9");
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "n.xml", &net, &err), err);
	CU_ASSERT_FALSE(vnm_attach_outside(&net, &in));
	CU_ASSERT(vnm_attach_outside(&net, &out));
	CU_ASSERT_FALSE(vnm_attach_outside(&net, &v6)); /* there is nothing that it would be outside of */
}

static void test_host_mac(void)
{
	const struct vnm_mac none = { 0 };
	struct vnm_mac guest = { .set = true, .b = { 0x52, 0x54, 0, 0, 0, 7 } };

	VNM_ASSERT_INT_EQ(vnm_attach_host_mac(&guest).b[0], 0xfe);
	VNM_ASSERT_INT_EQ(vnm_attach_host_mac(&guest).b[5], 7);
	guest.b[0] = 0xfe;
	VNM_ASSERT_INT_EQ(vnm_attach_host_mac(&guest).b[0], 0xfa);
	VNM_ASSERT_INT_EQ(vnm_attach_host_mac(&none).set, false);
}

const struct vnm_test vnm_tests[] = {
	{ "lists", test_lists }, { "host_mac", test_host_mac },
	{ "same", test_same },	 { "outside", test_outside },
	{ "free", test_free },	 { "edges", test_edges }, { "ranges", test_ranges },
	{ "large", test_large }, { "has", test_has },	  { 0 },
};
