/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_frr.c - what FRR has. The first letter says what the rest is: its answers (j), its configuration file (c), or two
 * configurations with a line "=" between them (u).
 */
#include "fuzz.h"

#include <string.h>
#include <sys/socket.h>

#include "plan/frr_conf.h"
#include "plan/frr_text.h"
#include "run/evpn_look.h"
#include "util/mem.h"

const char vnm_fuzz_name[] = "frr";
const size_t vnm_fuzz_head = 1;

static void read_answers(const char *text)
{
	const struct vnm_op_evpn evpn = { .asn = 65000, .index = 3 };
	struct vnm_network net = { .name = (char *)"n" };
	vnm_autoevpn_state struct vnm_evpn_state state = { 0 };
	vnm_autofaults struct vnm_overlay_faults faults = { 0 };
	const struct vnm_vxlan_entries none = { 0 };

	net.overlay.vni = (struct vnm_uint){ true, 150 };
	net.overlay.host =
		(struct vnm_overlay_host){ { .present = true }, { true, 3 }, { true, 9 } };
	net.overlay.evpn.bfd = VNM_TRI_YES;
	vnm_evpn_state_parse(text, &evpn, 150, &state);
	for (size_t i = 0; i < state.n_hosts; i++)
		vnm_fuzz_true(state.hosts[i].family != AF_UNSPEC, "a host without address", text);
	for (size_t i = 0; i < state.n_sessions; i++)
		vnm_fuzz_true(state.sessions[i].state && state.sessions[i].peer.family != AF_UNSPEC,
			      "a session with nobody", text);
	for (size_t i = 0; i < state.n_numbers; i++)
		vnm_fuzz_true(state.numbers[i].number > 0, "a host without number", text);
	vnm_evpn_find_faults(&net, &state, &faults);
	vnm_evpn_find_floods(&net, &state, &none, &faults);
	for (size_t i = 0; i < faults.n; i++)
		vnm_fuzz_true(faults.items[i].text && *faults.items[i].text,
			      "a fault without words", text);
}

/* Whatever is in the file, our part can be read again, and taken out so that nothing else has changed. */
static void read_conf(const char *conf)
{
	static const char ours[] = "router bgp 1\n neighbor 10.0.0.1 remote-as 1\nexit\n";
	vnm_autofree char *part = vnm_frr_conf_part(conf), *without = vnm_frr_conf_with(conf, "");
	vnm_autofree char *with = vnm_frr_conf_with(conf, ours);
	vnm_autofree char *same = vnm_frr_conf_with(conf, part), *again = vnm_frr_conf_part(with);
	vnm_autofree char *back = vnm_frr_conf_with(with, ""), *old = vnm_frr_conf_part(same);
	const size_t len = strlen(without);

	vnm_fuzz_true(!strcmp(again, ours), "our part is another one", with);
	vnm_fuzz_true(!strcmp(old, part), "our old part is another one", same);
	vnm_fuzz_true(!strncmp(back, without, len) && (!back[len] || !strcmp(back + len, "\n")),
		      "something else has changed", conf);
	vnm_fuzz_true(vnm_frr_conf_foreign(conf) == vnm_frr_conf_foreign(with),
		      "somebody else's, or not", conf);
}

static void read_both(const char *text)
{
	const char *second = strstr(text, "\n=\n");
	vnm_autofree char *from =
		vnm_strndup(text, second ? (size_t)(second + 1 - text) : strlen(text));
	const char *to = second ? second + 3 : "";
	vnm_autobuf struct vnm_buf none = { 0 }, undo = { 0 };

	vnm_frr_undo(from, from, &none);
	vnm_fuzz_true(none.len == 0, "what is the same is taken back", from);
	vnm_frr_undo(from, to, &undo);
	vnm_fuzz_true(vnm_frr_same_but_password(from, from), "not the same", from);
	vnm_fuzz_true(vnm_frr_same_but_password(from, to) == vnm_frr_same_but_password(to, from),
		      "the same one way only", text);
}

/** LLVMFuzzerTestOneInput() - a letter and a text. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	vnm_autofree char *text = NULL;

	if (size == 0)
		return 0;
	text = vnm_strndup((const char *)data + 1, size - 1);
	switch (data[0]) {
	case 'j': read_answers(text); break;
	case 'c': read_conf(text); break;
	case 'u': read_both(text); break;
	default: break;
	}
	return 0;
}
