/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frr_seen.c - what FRR runs and knows, asked for once.
 *
 * The question takes as long as a hundred others of a check, and its answer is about all networks. While all devices are those of one
 * moment (vnm_devices_see()), it is, too.
 */
#include "sys/frr/frr_seen.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "sys/frr/vtysh.h"
#include "util/mem.h"

#define COMMANDS_MAX 9

/** struct question - @commands: NULL at the end; @neighbours: texts of some */
struct question {
	const char *commands[COMMANDS_MAX];
	size_t n;
	char neighbours[2][VNM_ADDR_STRLEN + 32];
};

/* BFD with a reflector. Of hosts that are its clients it is not asked: there may be a thousand. */
static void ask_for(struct question *question, size_t i, const struct vnm_addr *reflector,
		    const struct vnm_op_evpn *evpn)
{
	char text[VNM_ADDR_STRLEN];

	if (!evpn->bfd || reflector->family == AF_UNSPEC || vnm_addr_equal(reflector, &evpn->local))
		return;
	snprintf(question->neighbours[i], sizeof(question->neighbours[i]),
		 "show bgp neighbors %s json", vnm_addr_format(reflector, text));
	question->commands[question->n++] = question->neighbours[i];
}

static void make_question(const struct vnm_op_evpn *evpn, struct question *ret)
{
	*ret = (struct question){ { "show daemons", "show bgp l2vpn evpn summary json",
				    "show bgp l2vpn evpn vni json", "show evpn vni json",
				    "show bgp l2vpn evpn route detail type 3 json",
				    "show running-config" },
				  .n = 6 };
	ask_for(ret, 0, &evpn->reflector, evpn);
	ask_for(ret, 1, &evpn->reflector2, evpn);
}

/**
 * vnm_frr_see() - FRR's daemons, its sessions, its VNIs as bgpd and as zebra know them, all hosts' own routes, its configuration, and its
 * sessions with reflectors, as text
 * @sys:  the handles
 * @evpn: where it is
 * @err:  as vnm_vtysh_show()
 *
 * Return: the text, which @sys owns; NULL: it cannot be asked.
 */
const char *vnm_frr_see(struct vnm_sys *sys, const struct vnm_op_evpn *evpn, struct vnm_error *err)
{
	struct question question;

	if (!sys->links_seen)
		vnm_frr_forget(sys);
	if (sys->frr_seen)
		return sys->frr_seen;
	make_question(evpn, &question);
	return vnm_vtysh_show(evpn, question.commands, &sys->frr_seen, err) < 0 ? NULL
										: sys->frr_seen;
}

/** vnm_frr_forget() - drop the answer */
void vnm_frr_forget(struct vnm_sys *sys)
{
	free(vnm_steal(&sys->frr_seen));
}
