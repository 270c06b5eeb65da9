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

/** struct vnm_evpn_state - @advertised: the other hosts are told of this one; @hosts: those that are known */
struct vnm_evpn_state {
	struct vnm_evpn_session *sessions;
	size_t n_sessions;
	struct vnm_addr *hosts;
	size_t n_hosts;
	bool advertised;
};

void vnm_evpn_state_parse(const char *text, uint32_t vni, struct vnm_evpn_state *ret);
void vnm_evpn_state_clear(struct vnm_evpn_state *state);
#define vnm_autoevpn_state __attribute__((cleanup(vnm_evpn_state_clear)))
size_t vnm_evpn_twins_parse(const char *text, const char *community, const struct vnm_addr *own,
			    struct vnm_addr **ret);
int vnm_evpn_twins(const struct vnm_op_evpn *evpn, struct vnm_addr **ret, size_t *ret_n,
		   struct vnm_error *err);

#endif
