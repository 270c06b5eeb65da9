/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_evpn_state.c - what FRR says of the other hosts of a network, and what is wrong with it. The answers are those of FRR 8.4. */
#include "runner.h"

#include <string.h>
#include <sys/socket.h>

#include "run/evpn_look.h"
#include "sys/frr/evpn_state.h"
#include "util/mem.h"

const char vnm_suite[] = "evpn state";

#define DAEMONS " zebra bgpd bfdd\n"
#define PEER(addr, state) \
	"\"" addr "\":{\"remoteAs\":65000,\"state\":\"" state "\",\"peerState\":\"OK\"}"
#define SUMMARY(peers) "{\n  \"routerId\":\"10.0.0.3\",\n  \"peers\":{" peers "}\n}\n"
#define VNIS(flag)                                                                            \
	"{\n  \"advertiseAllVnis\":\"Enabled\",\n  \"150\":{\"vni\":150,\"inKernel\":\"" flag \
	"\",\"rd\":\"10.0.0.3:2\"}\n}\n"
#define ZEBRA(hosts) "{\"150\":{\"vni\":150,\"numRemoteVteps\":2,\"remoteVteps\":[" hosts "]}}\n"
#define ROUTE(host, community)                                                          \
	"\"[3]:[0]:[32]:[" host "]\":{\"ip\":\"" host "\",\"paths\":[[{\"valid\":true," \
	"\"community\":{\"string\":\"" community "\",\"list\":[\"" community "\"]}}]]}"
#define ROUTES(routes) "{\"10.0.0.1:2\":{\"rd\":\"10.0.0.1:2\"," routes "},\"numPrefix\":1}\n"
#define BFD(host, status)                                                                   \
	"{\"" host "\":{\"bgpState\":\"Established\",\"peerBfdInfo\":{\"status\":\"" status \
	"\"}}}\n"
#define RUNNING \
	"Building configuration...\n\nCurrent configuration:\n!\nrouter bgp 65000\n exit\n!\nend\n"

#define WELL                                                                         \
	SUMMARY(PEER("10.0.0.1", "Established") "," PEER("10.0.0.2", "Established")) \
	VNIS("True")                                                                 \
	ZEBRA("\"10.0.0.1\",\"10.0.0.2\"")                                           \
	ROUTES(ROUTE("10.0.0.1", "65000:1") "," ROUTE("10.0.0.2", "65000:2"))        \
	RUNNING BFD("10.0.0.1", "Up") BFD("10.0.0.2", "Up")

static struct vnm_addr addr_of(const char *text)
{
	struct vnm_addr addr = { 0 };

	CU_ASSERT_FATAL(vnm_addr_parse(text, &addr) == 0);
	return addr;
}

static void parse(const char *text, struct vnm_evpn_state *ret)
{
	const struct vnm_op_evpn evpn = { .asn = 65000, .index = 3, .local = addr_of("10.0.0.3") };

	vnm_evpn_state_parse(text, &evpn, 150, ret);
}

static void all_is_read(void)
{
	vnm_autoevpn_state struct vnm_evpn_state state = { 0 };
	const struct vnm_addr first = addr_of("10.0.0.1"), second = addr_of("10.0.0.2");

	parse(DAEMONS WELL, &state);
	CU_ASSERT_EQUAL_FATAL(state.n_sessions, 2);
	CU_ASSERT(vnm_addr_equal(&state.sessions[0].peer, &first) && state.sessions[0].up);
	CU_ASSERT_EQUAL_FATAL(state.n_hosts, 2);
	CU_ASSERT(vnm_addr_equal(&state.hosts[1], &second));
	CU_ASSERT_EQUAL_FATAL(state.n_numbers, 2);
	CU_ASSERT_EQUAL(state.numbers[1].number, 2);
	CU_ASSERT(vnm_addr_equal(&state.numbers[1].host, &second));
	CU_ASSERT_TRUE(state.advertised);
	CU_ASSERT_TRUE(state.bfdd);
	CU_ASSERT_EQUAL(state.n_unwatched, 0);
}

/* What is not there, is of another type or of another network is "no", and nothing else. */
static void odd_answers(void)
{
	static const char *const texts[] = {
		"",
		"\n",
		"bgpd is not running\n",
		"{",
		"{}{}{}\n{",
		"{\"peers\":[],\"150\":[]}\n",
		"{\"peers\":{\"10.0.0.1\":null,\"no address\":{\"state\":\"Established\"}}}\n",
		"{\"150\":{\"remoteVteps\":\"10.0.0.1\"}}\n",
		"{\"150\":{\"remoteVteps\":[1,null,{},\"x\"]}}\n",
		"{\"151\":{\"remoteVteps\":[\"10.0.0.1\"],\"inKernel\":\"True\"}}\n",
		"{\"advertiseAllVnis\":\"Disabled\",\"150\":{\"inKernel\":\"True\"}}\n",
		"{\"advertiseAllVnis\":\"Enabled\",\"150\":{\"inKernel\":\"False\"}}\n",
		ROUTES("\"p\":{\"ip\":\"10.0.0.1\",\"paths\":[[{}],{},7]}"),
		ROUTES(ROUTE("10.0.0.1", "65001:1") "," ROUTE("10.0.0.2", "65000:x")),
		ROUTES(ROUTE("10.0.0.3", "65000:3")), /* this host */
		"{\"10.0.0.1\":{\"peerBfdInfo\":{\"status\":\"Up\"}},\"x\":{\"peerBfdInfo\":{}}}\n",
		"{\"bgpNoSuchNeighbor\":true}\n",
		" zebra bgpd bfddx\n",
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(texts); i++) {
		vnm_autoevpn_state struct vnm_evpn_state state = { 0 };

		parse(texts[i], &state);
		if (state.n_hosts || state.n_numbers || state.n_unwatched || state.advertised ||
		    state.bfdd || (state.n_sessions && state.sessions[0].up))
			VNM_ASSERT_STR_EQ(texts[i], "nothing of it");
	}
}

/* ---- faults ---- */

/** struct row - @text: of FRR; @floods: hosts that the kernel sends to; @is: the faults, with the number of their kind */
struct row {
	const char *text, *floods, *is;
	bool other_password;
};

static struct vnm_network network(void)
{
	struct vnm_network net = { .name = (char *)"n" };
	struct vnm_overlay *overlay = &net.overlay;

	overlay->at.present = overlay->evpn.at.present = overlay->host.at.present = true;
	overlay->vni = (struct vnm_uint){ true, 150 };
	overlay->host.index = (struct vnm_uint){ true, 3 };
	overlay->local = addr_of("10.0.0.3");
	overlay->evpn.reflector = addr_of("10.0.0.1");
	overlay->evpn.reflector2 = addr_of("10.0.0.2");
	overlay->evpn.bfd = VNM_TRI_YES;
	return net;
}

static void take_floods(const char *words, struct vnm_vxlan_entries *ret)
{
	vnm_autofree char *copy = vnm_strdup(words);
	char *rest = copy, *word;

	while ((word = strsep(&rest, " "))) {
		ret->items = vnm_array_add(ret->items, &ret->n, sizeof(*ret->items));
		ret->items[ret->n - 1] = (struct vnm_vxlan_entry){ .mac.set = true };
		if (*word == '=') /* a guest's */
			ret->items[ret->n - 1].mac.b[5] = 7;
		ret->items[ret->n - 1].host = addr_of(word + (*word == '='));
	}
}

static char *found(const struct row *row)
{
	vnm_autoevpn_state struct vnm_evpn_state state = { 0 };
	vnm_autofaults struct vnm_overlay_faults faults = { 0 };
	vnm_autoentries struct vnm_vxlan_entries entries = { 0 };
	const struct vnm_network net = network();
	vnm_autobuf struct vnm_buf out = { 0 };

	parse(row->text, &state);
	take_floods(row->floods, &entries);
	state.ours = true;
	state.other_password = row->other_password;
	vnm_evpn_find_floods(&net, &state, &entries, &faults);
	vnm_evpn_find_faults(&net, &state, &faults);
	for (size_t i = 0; i < faults.n; i++)
		vnm_buf_printf(&out, "%s%d %s%.48s", i ? "; " : "", (int)faults.items[i].kind,
			       faults.items[i].harmless ? "(harmless) " : "", faults.items[i].text);
	return vnm_strdup(vnm_buf_str(&out));
}

#define BOTH "10.0.0.1 10.0.0.2"
static void what_is_wrong(void)
{
	static const struct row rows[] = {
		{ DAEMONS WELL, BOTH " =10.0.0.9", "", false },
		{ DAEMONS WELL, "10.0.0.1", "8 FRR knows host 10.0.0.2, but the kernel does not",
		  false },
		{ DAEMONS WELL, BOTH " 10.0.0.9",
		  "9 (harmless) the kernel sends what is for everybody to host 1", false },
		{ " zebra bgpd watchfrr\n" WELL, BOTH,
		  "10 (harmless) bfdd (FRR) does not run: that a host fails is no", false },
		{ DAEMONS WELL BFD("10.0.0.2", "Down"), BOTH,
		  "10 (harmless) no BFD session with reflector 10.0.0.2: that a h", false },
		{ DAEMONS WELL, BOTH,
		  "11 (harmless) the BGP sessions have the password of another ne", true },
		{ DAEMONS SUMMARY(PEER("10.0.0.1", "Connect") "," PEER("10.0.0.2", "Established"))
			  VNIS("True") ZEBRA("\"10.0.0.1\",\"10.0.0.2\"") BFD("10.0.0.1", "Down"),
		  BOTH, "6 (harmless) no BGP session with reflector 10.0.0.1 (Connect)", false },
		{ DAEMONS SUMMARY(PEER("10.0.0.1", "Connect")) VNIS("False")
			  ZEBRA("\"10.0.0.1\",\"10.0.0.2\""),
		  BOTH,
		  "7 FRR does not advertise VNI 150 (advertise-all-vn; "
		  "6 no BGP session with reflector 10.0.0.1 (Connect); "
		  "6 no BGP session with reflector 10.0.0.2 (FRR does",
		  false },
		{ DAEMONS WELL ROUTES(ROUTE("10.0.0.7", "65000:3")), BOTH,
		  "3 host 10.0.0.7 has number 3, as this one has: bot", false },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		vnm_autofree char *is = found(&rows[i]);

		VNM_ASSERT_STR_EQ(is, rows[i].is);
	}
}

const struct vnm_test vnm_tests[] = {
	{ "all is read", all_is_read },
	{ "odd answers", odd_answers },
	{ "what is wrong", what_is_wrong },
	{ 0 },
};
