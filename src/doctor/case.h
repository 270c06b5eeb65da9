/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * case.h - all that was observed of a network, its guests and its host: what the checks of net-doctor are made on.
 *
 * Nothing here is read later: sys/doctor/ and driver/doctor.c fill it in, in one pass, and then the probes; the checks only look.
 */
#ifndef VNM_DOCTOR_CASE_H
#define VNM_DOCTOR_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/attach.h"
#include "model/lease.h"
#include "model/network.h"
#include "model/overlay_fault.h"
#include "plan/facts.h"
#include "plan/link.h"
#include "plan/op/op.h"
#include "util/error.h"

/** struct vnm_case_route - a route. @ifindex: 0: several next hops, or none; @type: RTN_*; @mtu: its own, 0: its device's; @linkdown: its device has no carrier */
struct vnm_case_route {
	struct vnm_prefix dst;
	struct vnm_addr gateway, src;
	int ifindex;
	uint32_t table, metric, mtu;
	uint8_t type, protocol;
	bool linkdown;
};

/** struct vnm_case_rule - a rule of policy routing; @action: FR_ACT_* */
struct vnm_case_rule {
	int family;
	uint32_t priority, table, mark;
	uint8_t action;
	struct vnm_prefix src, dst; /* without a family: any */
	char in[VNM_IFNAME_SIZE];
	bool inverted;
};

/** struct vnm_case_neighbour - of the neighbour table; of a bridge's forwarding table: without an address. @state: NUD_* */
struct vnm_case_neighbour {
	struct vnm_addr addr;
	struct vnm_mac mac;
	int ifindex, master;
	uint16_t state;
};

/** struct vnm_case_queue - the root queueing discipline of a device. @rate: bytes a second, 0: none; @loss: in percent */
struct vnm_case_queue {
	int ifindex;
	char kind[16];
	uint32_t handle;
	uint64_t rate;
	unsigned loss;
};

/** struct vnm_case_vlan - of a bridge port, or of a bridge itself. @pvid: frames without a tag belong to it; 0: to none. @untagged: they leave without one */
struct vnm_case_vlan {
	int ifindex;
	uint16_t pvid;
	bool untagged;
};

/** struct vnm_case_flow - of UDP, to a forwarded port, and not forwarded: from, to, and the port */
struct vnm_case_flow {
	struct vnm_addr src, dst;
	uint16_t port;
};

/** struct vnm_case_bad_sums - who has sent packets with wrong checksums. @n: of a sample */
struct vnm_case_bad_sums {
	struct vnm_mac mac;
	unsigned n;
};

/** struct vnm_case_setting - a number below /proc/sys. */
struct vnm_case_setting {
	char *path;
	long value;
};

/** struct vnm_case_nameserver - a line of a resolv.conf. */
struct vnm_case_nameserver {
	struct vnm_addr addr;
	unsigned line;
};

/** struct vnm_case_resolver - a resolv.conf; @path NULL: there is none. @unread: it cannot be read: what is in it is not known */
struct vnm_case_resolver {
	char *path;
	bool unread;
	struct vnm_case_nameserver *items;
	size_t n;
};

/** struct vnm_case_obstacle - what somebody else put in the way, and the commands that show it and that help. */
struct vnm_case_obstacle {
	char *text, *show, *mend;
};

struct vnm_case_obstacles {
	struct vnm_case_obstacle *items;
	size_t n;
};

/** struct vnm_case_stack - routes and addresses of one network namespace. */
struct vnm_case_stack {
	struct vnm_links links;
	struct vnm_fact_address *addresses;
	size_t n_addresses;
	struct vnm_case_route *routes;
	size_t n_routes;
};

/**
 * struct vnm_case_path - the way of a guest's packets to the outside, if it takes only smaller ones than the guest sends
 * @family: of the packets; @out: index of the host's device by which they leave
 * @mtu:    what it takes; 0: all, or not known
 * @untold: the guest sends larger ones all the same: it does not hear that they are too large
 * @beyond: a router behind the host's gateway takes no more, on the way to this one; without a family: @out does not
 */
struct vnm_case_path {
	int family, out;
	uint32_t mtu;
	bool untold;
	struct vnm_addr beyond;
};

/**
 * struct vnm_case_guest - a guest that net-attach connected.
 * @attach:  as it was asked for; borrowed
 * @name:    for people: "vg1 (web)"
 * @ip:      what a command on its devices begins with: "ip -n web"; NULL: it is not in a namespace
 * @run:     the same for any command: "ip netns exec web"
 * @inside:  its namespace was read: @stack, and @link, the device in it, unless that has no name
 * @gone:    its namespace is gone, or, @awaited, does not exist yet in this boot
 * @lacks:   what its attachment should have and has not, a line; NULL: nothing
 * @gateway: of the default route that it should have, of IPv4; without a family: none
 * @path:    out of the host, as probes found it
 */
struct vnm_case_guest {
	const struct vnm_attachment *attach;
	char *name, *ip, *run, *lacks;
	bool inside, gone, awaited;
	struct vnm_addr gateway;
	struct vnm_case_path path;
	struct vnm_case_stack stack;
	struct vnm_link link;
	struct vnm_case_resolver resolver;
	struct vnm_case_obstacles obstacles;
};

/** struct vnm_case_lease - an address that is leased. @mac: not set: to a client that has told another identity */
struct vnm_case_lease {
	struct vnm_addr addr;
	struct vnm_mac mac;
};

/** struct vnm_case_process - a process. @pid: 0: it does not run; @waiting: bytes that it has not read from its sockets */
struct vnm_case_process {
	int pid;
	char state;
	uint64_t waiting;
};

/** struct vnm_case_rival - who has a port that dnsmasq needs. @port: 0: nobody; @pid, @name: 0, NULL: not to be seen */
struct vnm_case_rival {
	uint16_t port;
	int pid;
	char *name;
};

/** struct vnm_case_offer - an answer to the DISCOVER of a probe. @port: by which it came, 0: unknown */
struct vnm_case_offer {
	struct vnm_addr server, router, offered;
	struct vnm_mac mac;
	int port;
};

/** struct vnm_case_stop - a packet that was followed, and did not arrive. @guest: whose, NULL: the host's; @what: the packet; @text: what stops it. @show, @mend: or NULL */
struct vnm_case_stop {
	const struct vnm_case_guest *guest;
	char *what, *text, *show, *mend;
};

/** struct vnm_case_answer - who answers for an address. @macs: different ones, the first @n of them */
struct vnm_case_answer {
	struct vnm_addr addr;
	struct vnm_mac macs[2];
	size_t n;
};

/** struct vnm_case_step - the host's gateway. @mtu: the largest packets that get there; 0: not known */
struct vnm_case_step {
	struct vnm_addr addr;
	int ifindex;
	uint32_t mtu;
};

/**
 * struct vnm_case_way - of packets to the outside, beyond the host's gateway
 * @to:      who was asked; without a family: nobody has answered
 * @gateway: by which they go; @ifindex: of the host's device
 * @full:    bytes of the largest ones that the host lets through; @mtu: of those that arrive
 * @told:    a router on the way says that larger ones are too large; otherwise they are lost
 */
struct vnm_case_way {
	struct vnm_addr to, gateway;
	int ifindex;
	uint32_t full, mtu;
	bool told;
};

/**
 * enum vnm_probe_result - what a probe found. Only the first means nothing.
 */
enum vnm_probe_result {
	VNM_PROBE_NONE, /* it was not sent */
	VNM_PROBE_ANSWERED,
	VNM_PROBE_SILENCE,
	VNM_PROBE_REFUSED,
};

/**
 * struct vnm_case_probes - what the probes found, after the facts alone had no explanation.
 * @dhcp:     a DISCOVER of a stranger on the bridge
 * @dns:      a query to the network's own name server, for what it knows itself
 * @upstream: the same for what it has to ask
 * @resolver: a server that answered such a query of the host's: the default gateway
 * @gateway:  that gateway, if it answers echo requests
 * @ways:     beyond it, by IPv4 and by IPv6
 * @advert:   a router advertisement that was solicited
 */
struct vnm_case_probes {
	enum vnm_probe_result dhcp, dns, upstream, advert;
	struct vnm_case_offer *offers;
	size_t n_offers;
	struct vnm_case_answer *answers;
	size_t n_answers;
	struct vnm_case_bad_sums *bad_sums;
	size_t n_bad_sums;
	struct vnm_addr resolver;
	struct vnm_case_step gateway;
	struct vnm_case_way ways[2];
};

/**
 * struct vnm_case - see above; vnm_case_clear() frees it.
 * @net:       the definition in effect; borrowed
 * @plan:      of an active network; borrowed
 * @bridge:    the device that guests are on; NULL: none. @link: the same, of @host; NULL: it is not there
 * @asked:     the guest that was asked about: its device on the host; NULL: all are; borrowed
 * @missing:   parts of ours, for net-repair
 * @obstacles: what others put in their way
 * @hosts:     what is wrong with the other hosts of an overlay
 * @managers:  of the bridge: 1 << enum vnm_manager
 */
struct vnm_case {
	const struct vnm_network *net;
	const struct vnm_plan *plan;
	const char *bridge, *asked;
	const struct vnm_link *link;
	bool active, autostart;
	struct vnm_warnings missing;
	struct vnm_case_obstacles obstacles;
	struct vnm_overlay_faults hosts;
	struct vnm_case_guest *guests;
	size_t n_guests;
	struct vnm_case_stack host;
	struct vnm_case_rule *rules;
	size_t n_rules;
	struct vnm_case_neighbour *neighbours, *stations;
	size_t n_neighbours, n_stations;
	struct vnm_case_queue *queues;
	size_t n_queues;
	struct vnm_case_vlan *vlans; /* where the bridge filters them */
	size_t n_vlans;
	struct vnm_case_flow *flows;
	size_t n_flows;
	struct vnm_case_setting *settings;
	size_t n_settings;
	struct vnm_case_resolver resolver;
	struct vnm_case_rival rival; /* of an inactive network */
	struct vnm_case_process dnsmasq;
	struct vnm_dhcp_room pool; /* of IPv4 */
	struct vnm_case_lease *leased;
	size_t n_leased;
	unsigned managers;
	char *no_boot_root,
		*lease_file_fixed; /* a directory that is not there; a file on a read-only file system */
	struct vnm_case_stop *stops; /* of packets that were followed */
	size_t n_stops;
	struct vnm_warnings unchecked; /* what could not be looked at, and why: a line each */
	struct vnm_case_probes probes;
};

void vnm_case_clear(struct vnm_case *c);
#define vnm_autocase __attribute__((cleanup(vnm_case_clear)))
void vnm_case_copy_host(const struct vnm_case *from, struct vnm_case *c);
void vnm_case_obstacle_add(struct vnm_case_obstacles *list, const char *text, const char *show,
			   const char *mend);
bool vnm_case_failed(int r);
void vnm_case_unchecked(struct vnm_case *c, int r, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
long vnm_case_setting(const struct vnm_case *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
const struct vnm_link *vnm_case_link_of(const struct vnm_case_stack *stack, int ifindex);
bool vnm_case_is_port(const struct vnm_case *c, const struct vnm_link *link);
const struct vnm_case_guest *vnm_case_guest_of(const struct vnm_case *c, const char *dev);
bool vnm_case_forwards(const struct vnm_case *c, int family);
bool vnm_case_is_default(const struct vnm_case_route *route, int family, uint32_t table);
const struct vnm_case_route *vnm_case_default_route(const struct vnm_case *c, int family,
						    uint32_t table);
const struct vnm_case_route *vnm_case_way_out(const struct vnm_case *c, int family,
					      uint32_t *ret_mtu);
void vnm_case_outside(int family, struct vnm_addr *ret);
bool vnm_case_is_ours(const struct vnm_case *c, const struct vnm_addr *addr);
void vnm_case_previous(struct vnm_addr *addr);
bool vnm_case_spare(const struct vnm_case *c, struct vnm_addr *ret);
const struct vnm_ip *vnm_case_subnet_of(const struct vnm_case *c, const struct vnm_addr *addr);

#endif
