/* SPDX-License-Identifier: GPL-2.0-or-later */
/* checks.c - all checks, from the kernel outwards. */
#include "doctor/checks.h"

#include "doctor/check_guest.h"
#include "doctor/check_host.h"
#include "doctor/check_mtu.h"
#include "doctor/check_overlay.h"
#include "doctor/check_own.h"
#include "doctor/check_port.h"
#include "doctor/check_probe.h"
#include "doctor/check_service.h"
#include "doctor/check_uplink.h"
#include "util/mem.h"

#define REPAIR "vnetmgr net-repair {network}"
#define SET_PORT "ip link set dev {dev} type bridge_slave "
#define OF_INACTIVE 2 /* the first ones, which an inactive network can have */
#define RESOLV "echo 'nameserver {address}' >{path}"

/* clang-format off */
const struct vnm_check vnm_checks[] = {
	/* The network itself, and its guests. */
	{ "port-taken", "Are the ports free that the network needs?", vnm_check_port_taken,
	  "{value} has port {number}, which the network's dnsmasq needs: the network cannot start",
	  "ss -lnp sport = :{number}", "kill {other}" },
	{ "inactive", "Is the network active?", vnm_check_inactive,
	  "the network is not active", "vnetmgr net-list",
	  "vnetmgr net-start {network}" },
	{ "part", "Is everything there that the network consists of, and in effect?",
	  vnm_check_part,
	  "{value}", "vnetmgr net-info {network}", REPAIR },
	{ "guest-gone", "Are the network namespaces of all guests there?", vnm_check_guest_gone,
	  "the network namespace of guest {guest} is gone",
	  "vnetmgr net-port-list {network}", REPAIR },
	{ "guest-awaited", "Have all guests been attached since the boot?", vnm_check_guest_awaited,
	  "guest {guest} is not attached: network namespace {value} does not exist yet",
	  "ip netns list", "ip netns add {value} && " REPAIR },
	{ "guest-elsewhere", "Are the guests' devices on the network's bridge?",
	  vnm_check_port_elsewhere,
	  "device {dev} of guest {guest} is on bridge {value}, not on {bridge}: the guest is "
	  "in another network",
	  "ip link show dev {dev}", "ip link set dev {dev} nomaster && " REPAIR },
	{ "guest-arp", "Do the guests' devices take part in ARP?", vnm_check_guest_arp,
	  "guest {guest} resolves no addresses: ARP is off on its device {ifname}",
	  "{ip} link show dev {ifname}: NOARP", "{ip} link set dev {ifname} arp on" },
	{ "port-mtu", "Do the guests' ports take packets as large as the network's?",
	  vnm_check_port_mtu,
	  "port {dev} of guest {guest} takes only packets of {value} bytes, and the network has "
	  "{number}: larger ones are lost, and bridge {bridge} forwards none of them",
	  "ip link show dev {dev}: mtu {value}", "ip link set dev {dev} mtu {number}" },
	{ "tunnel-mtu", "Do tunnels on the bridge take packets as large as the guests'?",
	  vnm_check_tunnel_mtu,
	  "port {dev} of bridge {bridge}, a {other} tunnel, takes only packets of {value} bytes, "
	  "and guests send {number}: larger ones are lost on the way to guests behind it",
	  "ip -d link show dev {dev}: mtu {value}", "{mend}" },
	{ "guest-mtu", "Do the guests send only packets that their bridge forwards?",
	  vnm_check_guest_mtu,
	  "guest {guest} sends packets of {value} bytes, and bridge {bridge} forwards at most "
	  "{number}: large transfers hang",
	  "{ip} link show dev {ifname}: mtu {value}", "{ip} link set dev {ifname} mtu {number}" },
	{ "guest-mac", "Has each guest a MAC address of its own?", vnm_check_guest_mac,
	  "guests {guest} and {other} have the same MAC address {value}: frames for one go to "
	  "the other",
	  "{ip} link show dev {ifname}", "{ip} link set dev {ifname} address {address}" },
	{ "guest-twin", "Has each guest an address of its own?", vnm_check_guest_twin,
	  "guest {guest} has address {address}, which guest {other} has, too",
	  "{ip} address show dev {ifname}", "{mend}" },
	{ "guest-address", "Has each guest an address?", vnm_check_guest_address,
	  "guest {guest} has no address on {ifname}: no DHCP client has got one, and none was "
	  "given",
	  "{ip} address show dev {ifname}", "{ip} address add {address} dev {ifname}" },
	{ "guest-stranger", "Are the guests' addresses in the network's subnets?",
	  vnm_check_guest_stranger,
	  "guest {guest} has address {value}, which is in none of the network's subnets",
	  "{ip} address show dev {ifname}", "{ip} address add {address} dev {ifname}" },
	{ "guest-gateway", "Is the network the guests' default route?", vnm_check_guest_gateway,
	  "the default route of guest {guest} is by {value}, not by the network's gateway "
	  "{address}",
	  "{ip} route show default", "{ip} route replace default via {address} dev {ifname}" },
	{ "guest-route", "Have guests on the host's LAN a default route?", vnm_check_guest_route,
	  "guest {guest} has no default route: it reaches its own subnet only",
	  "{ip} {other}route show default",
	  "{ip} {other}route add default via {address} dev {ifname}" },
	{ "guest-resolver", "Do the guests ask a name server that can answer?",
	  vnm_check_guest_resolver,
	  "guest {guest} asks name server {value}, where nobody answers it",
	  "{path}:{other}", "{mend}" },
	{ "guest-firewall", "Do the guests accept what the network sends them?",
	  vnm_check_guest_firewall,
	  "in guest {guest}, {value}", "{run} {path}", "{mend}" },
	{ "guest-lacks", "Have the guests everything that they were attached with?",
	  vnm_check_attachment,
	  "{value}", "vnetmgr net-port-list {network}", "{mend}" },

	/* The bridge and its ports. */
	{ "port-down", "Are the ports up?", vnm_check_port_down,
	  "port {dev} of bridge {bridge} is down: nothing passes", "ip link show dev {dev}",
	  "ip link set dev {dev} up" },
	{ "port-carrier", "Is the other end of each port up?", vnm_check_port_carrier,
	  "port {dev} of bridge {bridge} has no carrier: its other end is down",
	  "ip link show dev {dev}: NO-CARRIER",
	  "{ip} link set dev {ifname} up" },
	{ "guest-off", "Is the machine on that was asked about?", vnm_check_guest_off,
	  "nobody has device {dev} open: the machine is off, or uses another device",
	  "ip link show dev {dev}: NO-CARRIER", NULL },
	{ "port-listening", "Does the spanning tree let the ports forward?",
	  vnm_check_port_listening,
	  "port {dev} of bridge {bridge} does not forward yet: the spanning tree has it "
	  "{value} for up to {number} seconds",
	  "ip -d link show dev {dev}: state {value}", "sleep {number}" },
	{ "port-blocked", "Is there one way only to each part of the segment?",
	  vnm_check_port_blocked,
	  "port {dev} of bridge {bridge} is blocked by the spanning tree: there is another "
	  "way to where it leads, a loop",
	  "ip -d link show dev {dev}: state blocking", "ip link set dev {dev} nomaster" },
	{ "port-isolated", "May guests reach each other where the definition does not forbid "
	  "it?", vnm_check_port_isolated,
	  "port {dev} of bridge {bridge} is isolated: no traffic with other isolated ports",
	  "ip -d link show dev {dev}: isolated on", SET_PORT "isolated off" },
	{ "port-locked", "Do the ports accept frames of guests?", vnm_check_port_locked,
	  "port {dev} of bridge {bridge} is locked: it takes only frames of stations in the "
	  "forwarding table",
	  "ip -d link show dev {dev}: locked on", SET_PORT "locked off" },
	{ "port-flood", "Do the ports get frames for all, and for unknown stations?",
	  vnm_check_port_flood,
	  "port {dev} of bridge {bridge} has {value} off: guests behind it are not found",
	  "ip -d link show dev {dev}: {value} off", SET_PORT "{value} on" },
	{ "port-learning", "Do the ports learn who is behind them?", vnm_check_port_learning,
	  "port {dev} of bridge {bridge} does not learn: frames for guests behind it go to "
	  "all ports",
	  "ip -d link show dev {dev}: learning off", SET_PORT "learning on" },
	{ "port-static", "Does the bridge expect each guest at its own port?",
	  vnm_check_port_static,
	  "bridge {bridge} expects guest {guest} ({value}) at port {dev}, which is not its own",
	  "bridge fdb show br {bridge}", "bridge fdb del {value} dev {dev} master" },
	{ "port-vlan", "Do the ports pass frames without a VLAN tag, as guests send them?",
	  vnm_check_port_vlan,
	  "bridge {bridge} filters VLANs, and port {dev} {value}", "bridge vlan show dev {dev}",
	  "bridge vlan add dev {dev} vid {number} pvid untagged" },
	{ "port-queue", "Do the ports let packets pass at a usable rate?", vnm_check_port_queue,
	  "queueing discipline {value} of others on {dev} lets hardly anything pass",
	  "tc -s qdisc show dev {dev}", "tc qdisc del dev {dev} root" },
	{ "host-device-down", "Is the host's bridge or device that the guests are on up?",
	  vnm_check_host_device_down,
	  "{dev}, a device of the host that guests are on, is down: nothing passes",
	  "ip link show dev {dev}", "ip link set dev {dev} up" },
	{ "bridge-arp", "Does the bridge take part in ARP?", vnm_check_bridge_arp,
	  "ARP is off on bridge {bridge}: host and guests do not find each other",
	  "ip link show dev {bridge}: NOARP", "ip link set dev {bridge} arp on" },
	{ "bridge-root", "Is the bridge the root of its spanning tree?", vnm_check_bridge_root,
	  "the root of the spanning tree is behind port {dev} of bridge {bridge}: a bridge "
	  "there decides which ports forward",
	  "ip -d link show dev {bridge}: root_port", SET_PORT "root_block on" },
	{ "bridge-managed", "Is the bridge vnetmgr's alone?", vnm_check_bridge_managed,
	  "{value} manages bridge {bridge}, too, and may change its addresses",
	  "{path}", "{mend}" },

	/* The host's stack. */
	{ "setting", "Do the settings of devices let packets pass?", vnm_check_setting,
	  "setting {path} is {value}: packets of guests are dropped or not answered",
	  "/proc/sys/{path}", "sysctl -w {path}={other}" },
	{ "conntrack", "Is there room for new connections?", vnm_check_conntrack,
	  "the connection tracking table is full ({value}): new connections are dropped",
	  "/proc/sys/net/netfilter/nf_conntrack_count",
	  "sysctl -w net.netfilter.nf_conntrack_max={other}" },
	{ "subnet-route", "Has the host a route to the network's subnets?",
	  vnm_check_subnet_route,
	  "the host has no route to {subnet} on {bridge}: answers to guests go elsewhere",
	  "ip {other}route show dev {bridge}{value}",
	  "ip {other}route replace {subnet} dev {bridge} proto kernel scope link src {address}"
	  "{value}" },
	{ "stolen-route", "Do all routes to guests lead to their bridge?", vnm_check_stolen_route,
	  "the route to {subnet} leads to {dev}: guests with addresses in there are not reached",
	  "ip {other}route show {subnet} dev {dev}{value}",
	  "ip {other}route del {subnet} dev {dev}{value}" },
	{ "stolen-subnet", "Is the subnet on the network's bridge only?", vnm_check_stolen_subnet,
	  "{dev} has address {address} in the network's own subnet: guests are looked for there",
	  "ip {other}address show dev {dev}", "ip {other}address del {address} dev {dev}" },
	{ "blocking-rule", "Does policy routing let guests' packets pass?",
	  vnm_check_blocking_rule,
	  "a rule of policy routing drops packets of the guests: {value}",
	  "ip {other}rule show, priority {number}", "ip {other}rule del priority {number}" },
	{ "neighbour", "Does the host know the guests by their MAC addresses?",
	  vnm_check_neighbour,
	  "the host has a permanent neighbour entry for guest {guest}, {address}, with "
	  "another MAC address: {value}",
	  "ip neighbour show dev {bridge} {address}", "ip neighbour del {address} dev {bridge}" },

	/* Rules of others. */
	{ "foreign-rules", "Does everybody's firewall let guests' packets pass?",
	  vnm_check_obstacle,
	  "{value}", "{path}", "{mend}" },

	/* The other hosts of an overlay. */
	{ "host-silent", "Do the other hosts answer?", vnm_check_host_silent, "{value}",
	  "ping -c 3 {address}", NULL },
	{ "host-absent", "Is the network active on the other hosts?", vnm_check_host_absent,
	  "{value}", "bridge fdb show dev {dev}", "ssh {address} vnetmgr net-start {network}" },
	{ "host-gateway", "Is the gateway the same on all hosts?", vnm_check_host_gateway,
	  "{value}", "ssh {address} vnetmgr net-dumpxml {network}", NULL },
	{ "host-number", "Has each host a number of its own?", vnm_check_host_number, "{value}",
	  "ssh {address} vnetmgr net-dumpxml {network}: <vnm:host>", NULL },
	{ "host-mtu", "Do packets as large as they should be get to the other hosts?",
	  vnm_check_host_mtu, "{value}", "tracepath -n {address}", NULL },
	{ "bgp-session", "Do the reflectors of EVPN answer?", vnm_check_host_session, "{value}",
	  "vtysh -c 'show bgp l2vpn evpn summary'", NULL },
	{ "vni-untold", "Are the other hosts told of the network on this one?",
	  vnm_check_host_untold, "{value}", "vtysh -c 'show bgp l2vpn evpn vni'", REPAIR },
	{ "vtep-unflooded", "Does the kernel send to all hosts that FRR knows?",
	  vnm_check_host_unflooded, "{value}", "bridge fdb show dev {dev}",
	  "ip link set dev {dev} down && ip link set dev {dev} up" },
	{ "vtep-stale", "Does it send to no others?", vnm_check_host_stale, "{value}",
	  "bridge fdb show dev {dev}; vtysh -c 'show evpn vni json'",
	  "bridge fdb del 00:00:00:00:00:00 dev {dev} dst {address}" },
	{ "bfd-session", "Does BFD watch over the sessions with the reflectors?",
	  vnm_check_host_unwatched, "{value}", "vtysh -c 'show daemons' -c 'show bfd peers'",
	  NULL },
	{ "bgp-password", "Do the networks with EVPN have one password?",
	  vnm_check_host_password, "{value}", "vnetmgr net-dumpxml --security-info {network}",
	  NULL },
	{ "host-twin", "Has each guest an address of its own, on all hosts?", vnm_check_host_twin,
	  "{value}", "bridge fdb show dev {dev}", NULL },

	/* Leases, names, boot files. */
	{ "dnsmasq-stuck", "Does dnsmasq read its requests?", vnm_check_dnsmasq_stuck,
	  "dnsmasq does not read its requests: {value} bytes wait", "ss -ulnp",
	  "kill {number} && " REPAIR },
	{ "pool-full", "Are there addresses for new guests?", vnm_check_pool_full,
	  "all {value} addresses of the DHCP pool are leased: a new guest gets none",
	  "vnetmgr net-dhcp-leases {network}",
	  "vnetmgr net-update {network} add ip-dhcp-range \"<range start='{address}' "
	  "end='{other}'/>\" --live --config" },
	{ "resolver-none", "Does the host know a name server?", vnm_check_resolver_none,
	  "the host knows no name server: names of the outside are not resolved", "{path}",
	  RESOLV },
	{ "resolver-loop", "Does the host ask somebody else for names?", vnm_check_resolver_loop,
	  "the host asks {value}, which is the network's own dnsmasq: that asks the host's "
	  "servers, and so itself",
	  "{path}:{other}", RESOLV },
	{ "boot-root", "Is the directory of boot files there?", vnm_check_boot_root,
	  "there is no directory {path}: guests get no boot file",
	  "vnetmgr net-dumpxml {network}: <tftp root>",
	  "mkdir -p {path}" },
	{ "lease-file", "Can dnsmasq write down its leases?", vnm_check_lease_file,
	  "leases are not written down, and forgotten at the next start: {path} is on a "
	  "read-only file system",
	  "findmnt -T {path}", "mount -o remount,rw \"$(findmnt -no TARGET -T {path})\"" },

	/* The outside. */
	{ "uplink-down", "Is the device to the outside up?", vnm_check_uplink_down,
	  "the host has no default route, and {dev} is down", "ip link show dev {dev}",
	  "ip link set dev {dev} up" },
	{ "default-route", "Has the host a way out?", vnm_check_default_route,
	  "the host has no default route: guests do not reach the outside",
	  "ip route show default",
	  "ip route add default via {address} dev {dev}" },
	{ "uplink-carrier", "Is the cable in?", vnm_check_uplink_carrier,
	  "{dev}, which the default route leads to, has no carrier: a cable is out, or the "
	  "other side is off",
	  "ip link show dev {dev}: NO-CARRIER", NULL },
	{ "uplink-mtu", "Do packets as large as the uplink's reach the gateway?",
	  vnm_check_uplink_mtu,
	  "{dev} sends packets of {value} bytes, and of those to the gateway {address} only "
	  "smaller ones arrive, up to {number}: large transfers hang",
	  "ip link show dev {dev}: mtu {value}", "ip link set dev {dev} mtu {number}", true },
	{ "path-mtu", "Do the guests hear that their packets are too large for the way out?",
	  vnm_check_path_mtu,
	  "guest {guest} sends packets of {value} bytes, {dev} takes {number}, and the message "
	  "that says so does not reach the guest: large transfers hang",
	  "ip {other}route show default; ip link show dev {dev}",
	  "{ip} link set dev {ifname} mtu {number}", true },
	{ "way-lost",
	  "Do packets get through beyond the gateway, or is somebody told that they are too large?",
	  vnm_check_way_lost,
	  "of the packets to {address} those of {value} bytes are lost beyond the gateway {other}, "
	  "where a link takes {number}, and no message says so: large transfers hang",
	  "{path}", "{mend}", true },
	{ "way-told", "Do the guests hear that their packets are too large beyond the gateway?",
	  vnm_check_way_told,
	  "guest {guest} sends packets of {value} bytes, a router on the way to {address} takes "
	  "{number}, and its message that says so does not reach the guest: large transfers hang",
	  "{run} tracepath -n {address}", "{ip} link set dev {ifname} mtu {number}", true },
	{ "uplink-enslaved", "Is the device with the host's address no port of another one?",
	  vnm_check_uplink_enslaved,
	  "{dev} has an address, and is a port of {other}, which takes all that arrives there",
	  "ip link show dev {dev}: master {other}", "ip link set dev {dev} nomaster" },
	{ "uplink-vrf", "Is the device that forwarding is limited to in the network's VRF?",
	  vnm_check_uplink_vrf, "the network forwards by {dev} only, and that {value}",
	  "ip link show dev {dev}", "{mend}" },
	{ "uplink-other", "Does the default route lead by the device that forwarding is "
	  "limited to?", vnm_check_uplink_other,
	  "the default route is by {dev}, and the network forwards by {other} only",
	  "ip route show default", "ip route del default dev {dev}{value}" },
	{ "gateway", "Does the host's gateway answer?", vnm_check_gateway_failed,
	  "the gateway {address} on {dev} does not answer",
	  "ip neighbour show {address}: FAILED", NULL },
	{ "forward-address", "Has the host the addresses that ports are forwarded for?",
	  vnm_check_forward_address,
	  "port {number} is forwarded for {address}, which the host has not",
	  "vnetmgr net-forward-list {network}", "ip address add {address}/{value} dev {dev}" },

	{ "forward-flow", "Do all flows to forwarded ports get to the guests?",
	  vnm_check_forward_flow,
	  "a flow of UDP from {address} to port {number} is older than the port's forward: its "
	  "packets get to the host, not to the guest, as long as it goes on",
	  "conntrack {other}-L -p udp --orig-port-dst {number}",
	  "conntrack {other}-D -p udp -s {address} --orig-port-dst {number}" },

	/* Packets and probes, when nothing else is wrong. */
	{ "packet", "Do guests' packets pass, and those for forwarded ports?", vnm_check_packet,
	  "{value} is stopped: {other}", "{path}", "{mend}", true },
	{ "forward-target", "Are the guests at the addresses that ports are forwarded to?",
	  vnm_check_forward_target,
	  "port {number} is forwarded to {address}, and its guest is at {other} now",
	  "ip neighbour show dev {bridge}", "{mend}", true },
	{ "forward-nobody", "Is anybody at the addresses that ports are forwarded to?",
	  vnm_check_forward_nobody,
	  "{value} port {number} is forwarded to {address}, where nobody answers: {other}",
	  "vnetmgr net-forward-list {network}; vnetmgr net-port-list {network}", "{mend}", true },
	{ "twin-address", "Does one device only answer for each address?", vnm_check_twin_address,
	  "both {value} and {other} answer for {address}", "bridge fdb show br {bridge}",
	  NULL, true },
	{ "bad-checksum", "Have guests' packets the right checksums?", vnm_check_bad_sums,
	  "{value} sends packets with wrong checksums ({number} in a few seconds): whoever gets "
	  "them drops them",
	  "tcpdump -n -vv -i {bridge}", "{run} ethtool -K {ifname} tx off", true },
	{ "dhcp-silent", "Is a new guest offered an address?", vnm_check_dhcp_silent,
	  "a DHCPDISCOVER sent to bridge {bridge} was not answered",
	  "journalctl -t dnsmasq-dhcp", NULL, true },
	{ "dhcp-other", "Is there one DHCP server only?", vnm_check_dhcp_other,
	  "another DHCP server, {address} ({value}), offers addresses, too",
	  "bridge fdb show br {bridge}",
	  "ip link set dev {dev} down", true },
	{ "ra-silent", "Are new guests told the IPv6 router?", vnm_check_ra_silent,
	  "a router solicitation sent to bridge {bridge} was not answered: guests get no IPv6 "
	  "address and no default route by themselves",
	  "journalctl -t dnsmasq-dhcp", NULL, true },
	{ "dns-silent", "Does the network's name server answer?", vnm_check_dns_silent,
	  "a DNS query of a guest to {address} was not answered", "ss -ulnp sport = :53",
	  NULL, true },
	{ "dns-upstream", "Are names of the outside resolved?", vnm_check_dns_upstream,
	  "the name servers that dnsmasq asks {value}: names of the outside are not "
	  "resolved", "/etc/resolv.conf",
	  "echo 'nameserver {address}' >/etc/resolv.conf", true },
};
/* clang-format on */

const size_t vnm_n_checks = VNM_ARRAY_SIZE(vnm_checks);

/**
 * vnm_checks_run() - make the checks
 * @c:      the case
 * @probed: those that are about what probes found; else the others
 * @found:  gets what they find
 *
 * An inactive network has nothing else to be looked at.
 */
void vnm_checks_run(const struct vnm_case *c, bool probed, struct vnm_findings *found)
{
	found->of = c;
	for (size_t i = 0; i < vnm_n_checks; i++) {
		if (vnm_checks[i].probed != probed || (!c->active && i >= OF_INACTIVE))
			continue;
		found->check = &vnm_checks[i];
		vnm_checks[i].find(c, found);
	}
	found->check = NULL;
}
