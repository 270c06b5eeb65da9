/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_near.c - which known names are near an unknown one. */
#include "runner.h"

#include <string.h>

#include "util/buf.h"
#include "util/mem.h"
#include "util/near.h"

const char vnm_suite[] = "near";

static const char *const commands[] = {
	"net-apply",	    "net-autostart",	"net-dhcp-leases",  "net-forward-add",
	"net-forward-del",  "net-forward-list", "net-list",	    "net-port-create",
	"net-port-delete",  "net-port-list",	"net-port-dumpxml", "net-start",
	"net-destroy",	    "autostart",	"autostop",	    "help",
};
static const char *const sections[] = { "bridge", "ip-dhcp-host", "ip-dhcp-range", "dns-host",
					"dns-txt", "dns-srv", "mtu" };
static const char *const networks[] = { "default", "keennet", "lab", "lan", "web-front" };
static const char *const options[] = { "all", "inactive", "name", "no-autostart", "table" };

static void near_is(const char *word, const char *const *list, size_t n, const char *expected)
{
	vnm_autobuf struct vnm_buf got = { 0 };
	struct vnm_near near;

	vnm_near_find(word, list, n, &near);
	for (size_t i = 0; i < near.n; i++)
		vnm_buf_printf(&got, "%s%s", i ? " " : "", near.words[i]);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&got), expected);
}

#define IS(word, list, expected) near_is(word, list, VNM_ARRAY_SIZE(list), expected)

static void test_first_part_left_out(void)
{
	IS("start", commands, "net-start");
	IS("list", commands, "net-list");
	IS("forward-list", commands, "net-forward-list");
	IS("dhcp-host", sections, "ip-dhcp-host");
	IS("range", sections, "ip-dhcp-range");
}

static void test_typing_errors(void)
{
	IS("net-strat", commands, "net-start"); /* swapped */
	IS("net-lst", commands, "net-list"); /* left out */
	IS("net-aply", commands, "net-apply");
	IS("net-destroyy", commands, "net-destroy"); /* too many */
	IS("strat", commands, "net-start");
	IS("hlep", commands, "help");
	IS("al", options, "all");
	IS("dns-hots", sections, "dns-host");
	IS("mut", sections, "mtu");
}

/* As many letters may be wrong as a third of the longer word has, whether they are too many or too few. */
static void test_several_errors(void)
{
	IS("kenet", networks, "keennet");
	IS("keenentt", networks, "keennet");
	IS("defualt", networks, "default");
	IS("dfeualt", networks, "default");
	IS("web_frnt", networks, "web-front");
	IS("lb", networks, "lab");
	IS("la", networks, "lab lan");
	IS("net-strt-al", commands, "");
	IS("autstrt", commands, "net-autostart autostart");
	IS("net-dhpc-laeses", commands, "net-dhcp-leases");
	IS("innactve", options, "inactive");
	IS("ip-dchp-ragne", sections, "ip-dhcp-range");
	IS("brdge", sections, "bridge");
	IS("kent", networks, ""); /* three of seven letters are missing */
	IS("fault", networks, "default");
}

static void test_beginnings(void)
{
	IS("net-forw", commands, "net-forward-add net-forward-del net-forward-list");
	IS("port", commands, "net-port-create net-port-delete net-port-list");
	IS("inact", options, "inactive");
}

static void test_nothing_near(void)
{
	char long_word[300];

	memset(long_word, 'a', sizeof(long_word) - 1);
	long_word[sizeof(long_word) - 1] = '\0';
	IS("", commands, "");
	IS("x", commands, "");
	IS("-", commands, "");
	IS("frobnicate", commands, "");
	IS(long_word, commands, "");
	near_is("all", NULL, 0, "");
}

const struct vnm_test vnm_tests[] = { { "first_part_left_out", test_first_part_left_out },
				      { "typing_errors", test_typing_errors },
				      { "several_errors", test_several_errors },
				      { "beginnings", test_beginnings },
				      { "nothing_near", test_nothing_near },
				      { 0 } };
