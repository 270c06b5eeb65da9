/* SPDX-License-Identifier: GPL-2.0-or-later */
/* query.h - net-list and net-info: the state of networks, and what they lack. */
#ifndef VNM_DRIVER_QUERY_H
#define VNM_DRIVER_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "model/network.h"
#include "run/lease_use.h"
#include "sys/frr/evpn_state.h"
#include "util/error.h"
#include "util/parse.h"

struct vnm_driver;

/** enum vnm_passing - states that are neither active nor inactive. */
enum vnm_passing {
	VNM_PASSING_NOT,
	VNM_PASSING_UP, /* another command is starting it */
	VNM_PASSING_DOWN, /* another command is stopping it */
	VNM_PASSING_UNKNOWN, /* started by a newer version, whose journal this one cannot read */
};

/** struct vnm_info - the state of one network. Free with vnm_infos_free(). */
struct vnm_info {
	char *name;
	enum vnm_passing passing;
	struct vnm_uuid uuid;
	bool active, persistent, autostart;
	char *bridge, *title; /* NULL: none */
	char **missing; /* active but degraded: what is missing ("dnsmasq", "bridge virbr0", "3 of 14 firewall rules") */
	size_t n_missing;
	char **faults; /* what else is wrong, a sentence each ("chain VNM_FWX is not first in FORWARD: ...") */
	size_t n_faults;
	struct vnm_warnings notes; /* what may be intended */
	struct vnm_lease_use leases[VNM_LEASE_FAMILIES]; /* of an active one */
	size_t n_leases;
	bool guarded; /* its uplink waits for net-confirm */
	int guard_left; /* seconds until the uplink is restored; negative: unknown */
	const char *firewall; /* the back end of its rules; NULL: it has none, or is inactive */
	const char *mode; /* of forwarding: "nat"; without, "isolated"; NULL: unknown */
	char *vrf; /* NULL: none */
	char *vlan; /* of guests who have no other: "trunk of 42, 43"; NULL: none */
	char **devices; /* of the host: the uplink, those of a pool, or the one that it forwards by */
	char **subnets; /* "192.0.2.0/24" */
	struct vnm_dhcp_range *ranges; /* only @start and @end of each */
	size_t n_devices, n_subnets, n_ranges;
	size_t n_guests; /* attached by net-attach */
	uint32_t vni; /* of an overlay; 0: it is on this host alone */
	uint32_t overlay_mtu; /* of its guests; 0: not known before it starts */
	uint16_t vxlan_port;
	struct vnm_addr vtep; /* this host's address among the peers; none: not known before it starts */
	struct vnm_addr *peers; /* with EVPN: those that FRR knows */
	size_t n_peers;
	uint32_t asn; /* of EVPN; 0: none */
	struct vnm_evpn_session *sessions; /* of FRR with other hosts */
	size_t n_sessions;
};

/** struct vnm_flags - what is known of a network without its definition */
struct vnm_flags {
	bool active, persistent, autostart;
};

struct vnm_flags vnm_driver_flags(struct vnm_driver *drv, const char *name);
int vnm_driver_info(struct vnm_driver *drv, const char *name, bool check, struct vnm_info *ret,
		    struct vnm_error *err);
int vnm_driver_info_net(struct vnm_driver *drv, const char *name, bool check, struct vnm_info *ret,
			struct vnm_network *net, struct vnm_error *err);
int vnm_driver_list(struct vnm_driver *drv, bool check, struct vnm_info **ret, size_t *ret_n,
		    struct vnm_error *err); /* sorted as virsh sorts */
const char *vnm_info_state(const struct vnm_info *info);
void vnm_info_clear(struct vnm_info *info);
void vnm_infos_free(struct vnm_info *infos, size_t n);

#endif
