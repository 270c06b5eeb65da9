/* SPDX-License-Identifier: GPL-2.0-or-later */
/* evpn_state.h - what FRR knows of the other hosts of a network. */
#ifndef VNM_SYS_EVPN_STATE_H
#define VNM_SYS_EVPN_STATE_H

#include "sys/sys.h"

/** struct vnm_evpn_session - of BGP. @state: "Established", and all else is none */
struct vnm_evpn_session {
	struct vnm_addr peer;
	char *state;
	bool up;
};

/** struct vnm_evpn_number - that another host tells of itself */
struct vnm_evpn_number {
	struct vnm_addr host;
	uint32_t number;
};

/**
 * struct vnm_evpn_state - @advertised: the other hosts are told of this one; @hosts: those that are known; @numbers: of other hosts, each
 * once; @bfdd: it runs; @unwatched: hosts with which BFD is wanted and not up. For who fills it in: @ours: the configuration is vnetmgr's;
 * @other_password: with another password than the network's
 */
struct vnm_evpn_state {
	struct vnm_evpn_session *sessions;
	size_t n_sessions;
	struct vnm_addr *hosts;
	size_t n_hosts;
	struct vnm_evpn_number *numbers;
	size_t n_numbers;
	struct vnm_addr *unwatched;
	size_t n_unwatched;
	bool advertised, bfdd, ours, other_password;
};

void vnm_evpn_state_parse(const char *text, const struct vnm_op_evpn *evpn, uint32_t vni,
			  struct vnm_evpn_state *ret);
void vnm_evpn_state_clear(struct vnm_evpn_state *state);
#define vnm_autoevpn_state __attribute__((cleanup(vnm_evpn_state_clear)))

#endif
