/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_overlay_fault.c - what is wrong between the hosts of an overlay: what follows from what was seen. */
#include "runner.h"

#include <string.h>
#include <sys/socket.h>

#include "model/overlay.h"
#include "model/overlay_fault.h"
#include "util/buf.h"
#include "util/mem.h"

const char vnm_suite[] = "model/overlay_fault";

static struct vnm_addr addr_of(const char *text)
{
	struct vnm_addr addr = { 0 };

	CU_ASSERT_FATAL(vnm_addr_parse(text, &addr) == 0);
	return addr;
}

/** struct world - host 1 of 3, with 10.0.0.1, and one peer, 10.0.0.2 */
struct world {
	struct vnm_network net;
	struct vnm_ip ip;
	struct vnm_overlay_answer answers[3];
	struct vnm_overlay_way way;
	struct vnm_overlay_guest guest;
	struct vnm_overlay_sight sight;
};

static void make(struct world *w)
{
	static char name[] = "g";

	*w = (struct world){ .ip = { .address = addr_of("192.168.5.1"), .prefix = { true, 24 } } };
	w->net.ips = &w->ip;
	w->net.n_ips = 1;
	w->net.mac.address = (struct vnm_mac){ true, { 2, 0, 0, 0, 0, 1 } };
	w->net.overlay = (struct vnm_overlay){
		.at.present = true,
		.mtu = { true, 1500 },
		.local = addr_of("10.0.0.1"),
		.host = { { .present = true }, { true, 1 }, { true, 3 } },
	};
	w->way = (struct vnm_overlay_way){ .host = addr_of("10.0.0.2"), .echoes = true };
	w->guest = (struct vnm_overlay_guest){ addr_of("192.168.5.7"), name };
	w->sight = (struct vnm_overlay_sight){ &w->guest, 1, w->answers, 0, &w->way, 1 };
}

/* Somebody at @host answers for @addr; as the host itself, if it has no MAC address of its own. */
static void answer(struct world *w, const char *addr, const char *host, uint8_t mac)
{
	struct vnm_overlay_answer *it = &w->answers[w->sight.n_answers++];

	it->addr = addr_of(addr);
	it->host = addr_of(host);
	it->mac = mac ? (struct vnm_mac){ true, { 2, 2, 2, 2, 2, mac } }
		      : vnm_overlay_host_mac(&w->net, &it->host);
}

static void well(struct world *w)
{
	answer(w, "192.168.5.253", "10.0.0.2", 0);
}
static void silent(struct world *w)
{
	w->way.echoes = false;
}
static void absent(struct world *w)
{
	w->way.known = true;
	w->way.stations = true;
}
/* It has no number, and guests behind it are known. */
static void by_hand(struct world *w)
{
	w->way.stations = true;
}
static void by_hand_silent(struct world *w)
{
	w->way.stations = true;
	w->way.echoes = false;
}
/* Not all were asked for: that there is no answer means nothing. */
static void many(struct world *w)
{
	w->net.overlay.host.of.v = VNM_OVERLAY_ASK_MAX + 1;
}
static void no_numbers(struct world *w)
{
	w->net.overlay.host.at.present = false;
}
static void no_numbers_silent(struct world *w)
{
	no_numbers(w);
	silent(w);
}
static void gateway(struct world *w)
{
	answer(w, "192.168.5.253", "10.0.0.2", 9);
}
static void my_number(struct world *w)
{
	answer(w, "192.168.5.254", "10.0.0.2", 0);
}
static void one_number(struct world *w)
{
	well(w);
	answer(w, "192.168.5.253", "10.0.0.3", 0);
}
static void small(struct world *w)
{
	well(w);
	w->way.mtu = 1400;
	w->way.lost = true;
}
static void fragmented(struct world *w)
{
	well(w);
	w->way.mtu = 1400;
}
static void twin(struct world *w)
{
	well(w);
	answer(w, "192.168.5.7", "10.0.0.2", 9);
}

static char *found(void (*spoil)(struct world *w))
{
	vnm_autofaults struct vnm_overlay_faults faults = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	struct world w;

	make(&w);
	spoil(&w);
	vnm_overlay_find_faults(&w.net, &w.sight, &faults);
	for (size_t i = 0; i < faults.n; i++)
		vnm_buf_printf(&text, "%s%d %s%s", i ? "; " : "", (int)faults.items[i].kind,
			       faults.items[i].harmless ? "(harmless) " : "", faults.items[i].text);
	return vnm_buf_steal(&text);
}

static void test_faults(void)
{
	static const struct {
		void (*spoil)(struct world *w);
		const char *is; /* how it begins */
	} rows[] = {
		{ well, NULL },
		{ silent, "0 host 10.0.0.2 does not answer: guests there are not reached" },
		{ absent, "1 host 10.0.0.2 does not answer on the network: it is not active" },
		{ by_hand, NULL },
		{ by_hand_silent, NULL },
		{ many, NULL },
		{ no_numbers, NULL },
		{ no_numbers_silent, "0 (harmless) host 10.0.0.2 does not answer echo requests" },
		{ gateway, "2 the gateway has another MAC address on host 10.0.0.2: " },
		{ my_number, "3 host 10.0.0.2 has number 1, as this one has: " },
		{ one_number, "3 hosts 10.0.0.2 and 10.0.0.3 both have number 2: " },
		{ small, "4 packets to host 10.0.0.2 may have 1400 bytes at most, not 1500: "
			 "larger ones are lost; set mtu='1400'" },
		{ fragmented, "4 (harmless) packets to host 10.0.0.2 may have 1400 bytes at most, "
			      "not 1500: larger ones are fragmented" },
		{ twin, "5 192.168.5.7 of guest g is also the address of a guest of host "
			"10.0.0.2, 02:02:02:02:02:09" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		vnm_autofree char *is = found(rows[i].spoil);

		if (!rows[i].is)
			VNM_ASSERT_STR_EQ(is ? is : "", "");
		else if (!is || strncmp(is, rows[i].is, strlen(rows[i].is)) != 0 ||
			 strstr(is, "; 1") || strstr(is, "; 3"))
			VNM_ASSERT_STR_EQ(is, rows[i].is);
	}
}

const struct vnm_test vnm_tests[] = {
	{ "faults", test_faults },
	{ 0 },
};
