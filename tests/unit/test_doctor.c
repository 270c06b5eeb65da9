/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_doctor.c - the checks of net-doctor: on a network without faults, and on each fault by itself. */
#include "runner.h"
#include "patient.h"

#include <linux/fib_rules.h>
#include <linux/if_bridge.h>
#include <stdio.h>
#include <string.h>

#include "doctor/checks.h"

const char vnm_suite[] = "doctor";

/* ---- faults: each changes one thing ---- */

static void inactive(struct patient *p)
{
	p->c.active = false;
}
static void taken(struct patient *p)
{
	p->c.active = false;
	p->c.rival = (struct vnm_case_rival){ 67, 9, vnm_strdup("dhcpd") };
}
static void part(struct patient *p)
{
	vnm_warnings_add(&p->c.missing, "dnsmasq");
}
static void gone(struct patient *p)
{
	p->c.guests[1].gone = true;
	p->c.guests[1].inside = false;
}
static void awaited(struct patient *p)
{
	p->c.guests[0].gone = p->c.guests[0].awaited = true;
	p->c.guests[0].inside = false;
}
static void elsewhere(struct patient *p)
{
	add_link(&p->c.host, OTHER, "other");
	p->c.link = &p->c.host.links.items[1];
	port_of(p)->fact.master = OTHER;
}
static void no_arp(struct patient *p)
{
	p->c.guests[0].link.no_arp = true;
}
static void large(struct patient *p)
{
	p->c.guests[0].link.fact.mtu = 9000;
}
static void same_mac(struct patient *p)
{
	p->c.guests[1].link.fact.mac = mac("02:00:00:00:00:05");
}
static void twin(struct patient *p)
{
	static struct vnm_attach_ip given;

	given.address = addr("192.0.2.5");
	p->attach[0].ips = &given;
	p->attach[0].n_ips = 1;
	add_address(&p->c.guests[1].stack, 2, "192.0.2.5/24");
}
/* It would set the address again. */
static void twin_by_dhcp(struct patient *p)
{
	twin(p);
	p->attach[1].dhcp = VNM_TRI_YES;
}
/* What is inside of a machine is not seen. */
static void twin_of_machine(struct patient *p)
{
	twin(p);
	p->c.guests[0].inside = false;
}
static void no_address(struct patient *p)
{
	p->c.guests[1].stack.n_addresses = 0;
}
static void stranger(struct patient *p)
{
	p->c.guests[1].stack.addresses[0].prefix = prefix("203.0.113.6/24");
}
static void gateway(struct patient *p)
{
	p->c.guests[0].stack.routes[0].gateway = addr("192.0.2.9");
}
static void guest_no_route(struct patient *p)
{
	static struct vnm_attach_ip given;

	given.address = addr("192.0.2.5");
	p->net.forward.mode = VNM_FORWARD_BRIDGE;
	p->attach[0].ips = &given;
	p->attach[0].n_ips = 1;
	p->c.guests[0].stack.n_routes = 0;
	add_route(&p->c.host, BRIDGE, "0.0.0.0/0", "192.0.2.9");
}
static void other_host(struct patient *p, enum vnm_overlay_fault_kind kind)
{
	p->c.hosts.items = vnm_array_add(NULL, &p->c.hosts.n, sizeof(*p->c.hosts.items));
	p->c.hosts.items[0] = (struct vnm_overlay_fault){ .kind = kind,
							  .host = addr("10.0.0.2"),
							  .text = vnm_strdup("a fault") };
}
#define OTHER_HOST(name, kind)              \
	static void name(struct patient *p) \
	{                                   \
		other_host(p, kind);        \
	}
OTHER_HOST(host_silent, VNM_HOST_SILENT)
OTHER_HOST(host_absent, VNM_HOST_ABSENT)
OTHER_HOST(host_gateway, VNM_HOST_GATEWAY)
OTHER_HOST(host_number, VNM_HOST_NUMBER)
OTHER_HOST(host_mtu, VNM_HOST_PACKETS)
OTHER_HOST(host_twin, VNM_HOST_TWIN)
OTHER_HOST(host_session, VNM_HOST_SESSION)
OTHER_HOST(host_untold, VNM_HOST_UNTOLD)
OTHER_HOST(host_unflooded, VNM_HOST_UNFLOODED)
OTHER_HOST(host_stale, VNM_HOST_STALE)
OTHER_HOST(host_unwatched, VNM_HOST_UNWATCHED)
OTHER_HOST(host_password, VNM_HOST_PASSWORD)
static void forward_nobody(struct patient *p)
{
	p->net.ips[0].dhcp.n_hosts = 0;
	p->c.probes.answers =
		vnm_array_add(NULL, &p->c.probes.n_answers, sizeof(*p->c.probes.answers));
	p->c.probes.answers[0] = (struct vnm_case_answer){ .addr = addr("192.0.2.5") };
}
static void resolver(struct patient *p)
{
	struct vnm_case_resolver *its = &p->c.guests[0].resolver;

	its->path = vnm_strdup("/etc/netns/g/resolv.conf");
	its->items = vnm_array_add(NULL, &its->n, sizeof(*its->items));
	its->items[0] = (struct vnm_case_nameserver){ addr("127.0.0.53"), 3 };
}
/* One that was written for its attachment. */
static void own_resolver(struct patient *p)
{
	resolver(p);
	p->attach[0].dhcp = VNM_TRI_YES;
}
static void own_resolver_given(struct patient *p)
{
	static struct vnm_attach_ip given;

	given.address = addr("192.0.2.5");
	resolver(p);
	p->attach[0].ips = &given;
	p->attach[0].n_ips = 1;
}
static void own_rules(struct patient *p)
{
	vnm_case_obstacle_add(&p->c.guests[0].obstacles, "a chain drops", "nft list", "nft insert");
}
static void lacks(struct patient *p)
{
	p->c.guests[0].lacks = vnm_strdup("guest vg1 lacks it");
}
static void foreign_down(struct patient *p)
{
	struct vnm_link *link = add_link(&p->c.host, OTHER, "tap9");

	link->fact.master = BRIDGE;
	link->fact.up = link->carrier = false;
	p->c.link = &p->c.host.links.items[1];
}
static void no_carrier(struct patient *p)
{
	port_of(p)->carrier = false;
}
static void listening(struct patient *p)
{
	port_of(p)->port.state = BR_STATE_LISTENING;
}
static void blocked(struct patient *p)
{
	port_of(p)->port.state = BR_STATE_BLOCKING;
}
static void isolated(struct patient *p)
{
	port_of(p)->port.isolated = true;
}
static void locked(struct patient *p)
{
	port_of(p)->port.set |= VNM_PORT_SETTING(VNM_IFLA_BRPORT_LOCKED);
}
static void no_flood(struct patient *p)
{
	port_of(p)->port.set &= ~VNM_PORT_SETTING(IFLA_BRPORT_UNICAST_FLOOD);
}
static void no_learning(struct patient *p)
{
	port_of(p)->port.set &= ~VNM_PORT_SETTING(IFLA_BRPORT_LEARNING);
}
static void fixed(struct patient *p)
{
	p->c.stations = vnm_array_add(NULL, &p->c.n_stations, sizeof(*p->c.stations));
	p->c.stations[0] = (struct vnm_case_neighbour){ .mac = mac("02:00:00:00:00:06"),
							.ifindex = PORT,
							.master = BRIDGE,
							.state = NUD_NOARP };
}
static void no_vlan(struct patient *p)
{
	p->c.vlans = vnm_array_add(NULL, &p->c.n_vlans, sizeof(*p->c.vlans));
	p->c.vlans = vnm_array_add(p->c.vlans, &p->c.n_vlans, sizeof(*p->c.vlans));
	p->c.vlans[0] = (struct vnm_case_vlan){ BRIDGE, 7, true };
	p->c.vlans[1] = (struct vnm_case_vlan){ PORT, 0, false };
}
static void slow(struct patient *p)
{
	p->c.queues = vnm_array_add(NULL, &p->c.n_queues, sizeof(*p->c.queues));
	p->c.queues[0] = (struct vnm_case_queue){ .ifindex = PORT, .kind = "tbf", .rate = 1 };
}
static void host_bridge_down(struct patient *p)
{
	p->net.forward.mode = VNM_FORWARD_BRIDGE;
	p->c.host.links.items[1].fact.up = false;
}
static void bridge_arp(struct patient *p)
{
	p->c.host.links.items[1].no_arp = true;
}
static void other_root(struct patient *p)
{
	p->c.host.links.items[1].stp = true;
	p->c.host.links.items[1].root_port = 1;
}
static void managed(struct patient *p)
{
	p->c.managers = 1u << VNM_MANAGER_NETWORKD;
}
static void setting(struct patient *p)
{
	p->c.settings[1].value = 8;
}
static void full_table(struct patient *p)
{
	add_setting(&p->c, "net/netfilter/nf_conntrack_count", 100);
	add_setting(&p->c, "net/netfilter/nf_conntrack_max", 100);
}
static void no_route(struct patient *p)
{
	p->c.host.routes[0].dst = prefix("192.0.3.0/24");
}
static void stolen(struct patient *p)
{
	add_route(&p->c.host, UPLINK, "192.0.2.128/25", NULL);
}
static void stolen_subnet(struct patient *p)
{
	add_address(&p->c.host, UPLINK, "192.0.2.77/24");
	add_route(&p->c.host, UPLINK, "192.0.2.0/24", NULL);
}
static void rule(struct patient *p)
{
	p->c.rules = vnm_array_add(NULL, &p->c.n_rules, sizeof(*p->c.rules));
	p->c.rules[0] = (struct vnm_case_rule){ .family = AF_INET,
						.priority = 9,
						.action = FR_ACT_PROHIBIT,
						.src = prefix("192.0.2.0/25") };
}
static void neighbour(struct patient *p)
{
	add_neighbour(&p->c, BRIDGE, "192.0.2.6", "02:00:00:00:00:99", NUD_PERMANENT);
}
static void foreign(struct patient *p)
{
	vnm_case_obstacle_add(&p->c.obstacles, "a chain drops", "nft list", NULL);
}
static void stuck(struct patient *p)
{
	p->c.dnsmasq = (struct vnm_case_process){ 7, 'S', 65536 };
}
static void full(struct patient *p)
{
	p->c.pool.left = 0;
}
static void no_server(struct patient *p)
{
	p->c.resolver.n = 0;
}
static void loop(struct patient *p)
{
	p->c.resolver.items[0].addr = addr("192.0.2.1");
}
static void no_root(struct patient *p)
{
	p->c.no_boot_root = vnm_strdup("/srv");
}
static void read_only(struct patient *p)
{
	p->c.lease_file_fixed = vnm_strdup("/var/l");
}
static void uplink_down(struct patient *p)
{
	p->c.host.links.items[2].fact.up = false;
	p->c.host.n_routes = 1;
}
static void no_way(struct patient *p)
{
	p->c.host.n_routes = 1;
}
static void cable(struct patient *p)
{
	p->c.host.links.items[2].carrier = false;
}
static void enslaved(struct patient *p)
{
	add_link(&p->c.host, OTHER, "other");
	p->c.link = &p->c.host.links.items[1];
	p->c.host.links.items[2].fact.master = OTHER;
	p->c.host.links.items[2].port.number = 1;
}
static void other_dev(struct patient *p)
{
	p->net.forward.dev = vnm_strdup("eth9");
}
static void other_vrf(struct patient *p)
{
	snprintf(add_link(&p->c.host, OTHER, "mgmt")->fact.kind, sizeof("vrf"), "vrf");
	p->c.link = &p->c.host.links.items[1];
	p->c.host.links.items[2].fact.master = OTHER;
	p->net.forward.dev = vnm_strdup("up0");
}
static void dead_gateway(struct patient *p)
{
	add_neighbour(&p->c, UPLINK, "198.51.100.1", "02:00:00:00:00:01", NUD_FAILED);
}
static void no_forward(struct patient *p)
{
	p->c.host.addresses[1].prefix = prefix("198.51.100.3/24");
}
static void moved(struct patient *p)
{
	p->c.probes.answers =
		vnm_array_add(NULL, &p->c.probes.n_answers, sizeof(*p->c.probes.answers));
	p->c.probes.answers[0] = (struct vnm_case_answer){ .addr = addr("192.0.2.5") };
	add_neighbour(&p->c, BRIDGE, "192.0.2.50", "02:00:00:00:00:05", NUD_REACHABLE);
}
static void stopped(struct patient *p)
{
	p->c.stops = vnm_array_add(NULL, &p->c.n_stops, sizeof(*p->c.stops));
	p->c.stops[0] = (struct vnm_case_stop){ &p->c.guests[0], vnm_strdup("a DNS query"),
						vnm_strdup("a rule drops it"), vnm_strdup("nft"),
						vnm_strdup("nft insert rule") };
}
static void two(struct patient *p)
{
	p->c.probes.answers =
		vnm_array_add(NULL, &p->c.probes.n_answers, sizeof(*p->c.probes.answers));
	p->c.probes.answers[0] = (struct vnm_case_answer){
		addr("192.0.2.5"), { mac("02:00:00:00:00:05"), mac("02:00:00:00:00:07") }, 2
	};
}
static void no_offer(struct patient *p)
{
	p->c.probes.dhcp = VNM_PROBE_SILENCE;
}
static void other_server(struct patient *p)
{
	p->c.probes.dhcp = VNM_PROBE_ANSWERED;
	p->c.probes.offers =
		vnm_array_add(NULL, &p->c.probes.n_offers, sizeof(*p->c.probes.offers));
	p->c.probes.offers[0] = (struct vnm_case_offer){ .server = addr("192.0.2.6"),
							 .mac = mac("02:00:00:00:00:06"),
							 .port = PORT };
}
static void small_port(struct patient *p)
{
	p->c.host.links.items[3].fact.mtu = 1400;
}
static void machine_off(struct patient *p)
{
	snprintf(port_of(p)->fact.kind, sizeof(port_of(p)->fact.kind), "tun");
	port_of(p)->carrier = false;
	p->c.asked = "vg1";
}
static void small_uplink(struct patient *p)
{
	p->c.probes.gateway = (struct vnm_case_step){ addr("198.51.100.1"), UPLINK, 1400 };
}
static void untold(struct patient *p)
{
	p->c.guests[0].path = (struct vnm_case_path){ AF_INET, UPLINK, 1400, true };
}
static void untold_beyond(struct patient *p)
{
	p->c.guests[0].path =
		(struct vnm_case_path){ AF_INET, UPLINK, 1400, true, addr("203.0.113.9") };
}
static void lost(struct patient *p)
{
	p->c.probes.ways[0] = (struct vnm_case_way){
		addr("203.0.113.9"), addr("198.51.100.1"), UPLINK, 1500, 1400, false
	};
}
static void tunnel(struct patient *p)
{
	struct vnm_link *link = add_link(&p->c.host, OTHER, "vx0");

	link->fact.master = BRIDGE;
	link->fact.mtu = 1450;
	snprintf(link->fact.kind, sizeof(link->fact.kind), "vxlan");
	p->c.link = &p->c.host.links.items[1];
}
static void old_flow(struct patient *p)
{
	p->c.flows = vnm_array_add(NULL, &p->c.n_flows, sizeof(*p->c.flows));
	p->c.flows[0] = (struct vnm_case_flow){ addr("203.0.113.9"), addr("198.51.100.2"), 53 };
}
static void bad_sums(struct patient *p)
{
	p->c.probes.bad_sums =
		vnm_array_add(NULL, &p->c.probes.n_bad_sums, sizeof(*p->c.probes.bad_sums));
	p->c.probes.bad_sums[0] = (struct vnm_case_bad_sums){ mac("02:00:00:00:00:05"), 3 };
}
static void no_advert(struct patient *p)
{
	p->c.probes.advert = VNM_PROBE_SILENCE;
}
static void no_dns(struct patient *p)
{
	p->c.probes.dns = VNM_PROBE_SILENCE;
}
static void refused(struct patient *p)
{
	p->c.probes.upstream = VNM_PROBE_REFUSED;
}

/* Each with the check that is to find it, and no other, and what the command begins with; NULL: none. */
static const struct fault {
	const char *check;
	void (*make)(struct patient *p);
	const char *mend;
} faults[] = {
	{ "inactive", inactive, "vnetmgr net-start n" },
	{ "port-taken", taken, "kill 9" },
	{ "part", part, "vnetmgr net-repair n" },
	{ "guest-gone", gone, "vnetmgr net-repair n" },
	{ "guest-awaited", awaited, "ip netns add g && vnetmgr net-repair n" },
	{ "guest-elsewhere", elsewhere, "ip link set dev vg1 nomaster && vnetmgr net-repair n" },
	{ "guest-arp", no_arp, "ip -n g link set dev eth0 arp on" },
	{ "guest-mtu", large, "ip -n g link set dev eth0 mtu 1500" },
	{ "guest-mac", same_mac, "ip -n g link set dev eth0 address 02:00:00:00:00:06" },
	{ "guest-twin", twin, "ip -n g address del 192.0.2.5/24 dev eth0" },
	{ "guest-twin", twin_by_dhcp, "vnetmgr net-detach n vg2" },
	{ "guest-twin", twin_of_machine, "ip -n g address del 192.0.2.5/24 dev eth0" },
	{ "guest-address", no_address, "ip -n g address add 192.0.2.254/24 dev eth0" },
	{ "guest-stranger", stranger, "ip -n g address add 192.0.2.254/24 dev eth0" },
	{ "guest-gateway", gateway, "ip -n g route replace default via 192.0.2.1 dev eth0" },
	{ "guest-route", guest_no_route, "ip -n g route add default via 192.0.2.9 dev eth0" },
	{ "guest-resolver", resolver, "echo 'nameserver 192.0.2.1' >/etc/netns/g/resolv.conf" },
	{ "guest-resolver", own_resolver, "rm /etc/netns/g/resolv.conf && vnetmgr net-repair n" },
	{ "guest-resolver", own_resolver_given, "rm /etc/netns/g/resolv.conf && vnetmgr" },
	{ "guest-firewall", own_rules, "nft insert" },
	{ "guest-lacks", lacks, "vnetmgr net-repair n" },
	{ "port-down", foreign_down, "ip link set dev tap9 up" },
	{ "port-carrier", no_carrier, "ip -n g link set dev eth0 up" },
	{ "port-listening", listening, "sleep 0" },
	{ "port-blocked", blocked, "ip link set dev vg1 nomaster" },
	{ "port-isolated", isolated, "ip link set dev vg1 type bridge_slave isolated off" },
	{ "port-locked", locked, "ip link set dev vg1 type bridge_slave locked off" },
	{ "port-flood", no_flood, "ip link set dev vg1 type bridge_slave flood on" },
	{ "port-learning", no_learning, "ip link set dev vg1 type bridge_slave learning on" },
	{ "port-static", fixed, "bridge fdb del 02:00:00:00:00:06 dev vg1 master" },
	{ "port-vlan", no_vlan, "bridge vlan add dev vg1 vid 7 pvid untagged" },
	{ "port-queue", slow, "tc qdisc del dev vg1 root" },
	{ "host-device-down", host_bridge_down, "ip link set dev br up" },
	{ "bridge-arp", bridge_arp, "ip link set dev br arp on" },
	{ "bridge-root", other_root, "ip link set dev vg1 type bridge_slave root_block on" },
	{ "bridge-managed", managed, "printf '[Match]\\nName=br\\n" },
	{ "setting", setting, "sysctl -w net/ipv4/conf/br/arp_ignore=0" },
	{ "conntrack", full_table, "sysctl -w net.netfilter.nf_conntrack_max=200" },
	{ "subnet-route", no_route, "ip route replace 192.0.2.0/24 dev br proto kernel" },
	{ "stolen-route", stolen, "ip route del 192.0.2.128/25 dev up0" },
	{ "stolen-subnet", stolen_subnet, "ip address del 192.0.2.77/24 dev up0" },
	{ "blocking-rule", rule, "ip rule del priority 9" },
	{ "neighbour", neighbour, "ip neighbour del 192.0.2.6 dev br" },
	{ "foreign-rules", foreign, NULL },
	{ "host-silent", host_silent, NULL },
	{ "host-absent", host_absent, "ssh 10.0.0.2 vnetmgr net-start n" },
	{ "host-gateway", host_gateway, NULL },
	{ "host-number", host_number, NULL },
	{ "host-mtu", host_mtu, NULL },
	{ "bgp-session", host_session, NULL },
	{ "vni-untold", host_untold, "vnetmgr net-repair n" },
	{ "vtep-unflooded", host_unflooded, "ip link set dev vnm" },
	{ "vtep-stale", host_stale, "bridge fdb del 00:00:00:00:00:00 dev vnm" },
	{ "bfd-session", host_unwatched, NULL },
	{ "bgp-password", host_password, NULL },
	{ "host-twin", host_twin, NULL },
	{ "dnsmasq-stuck", stuck, "kill 7 && vnetmgr net-repair n" },
	{ "pool-full", full,
	  "vnetmgr net-update n add ip-dhcp-range \"<range start='192.0.2.201' " },
	{ "resolver-none", no_server, NULL },
	{ "resolver-loop", loop, NULL },
	{ "boot-root", no_root, "mkdir -p /srv" },
	{ "lease-file", read_only, "mount -o remount,rw \"$(findmnt -no TARGET -T /var/l)\"" },
	{ "uplink-down", uplink_down, "ip link set dev up0 up" },
	{ "default-route", no_way, "ip route add default via 198.51.100.1 dev up0" },
	{ "uplink-carrier", cable, NULL },
	{ "uplink-enslaved", enslaved, "ip link set dev up0 nomaster" },
	{ "uplink-vrf", other_vrf, "ip link set up0 nomaster" },
	{ "uplink-other", other_dev, NULL },
	{ "gateway", dead_gateway, NULL },
	{ "forward-address", no_forward, "ip address add 198.51.100.2/32 dev up0" },
	{ "forward-target", moved, "vnetmgr net-forward-del n tcp 80 --live --config && " },
	{ "packet", stopped, "nft insert rule" },
	{ "forward-nobody", forward_nobody, "vnetmgr net-forward-del n tcp 80" },
	{ "twin-address", two, NULL },
	{ "port-mtu", small_port, "ip link set dev vg1 mtu 1500" },
	{ "guest-off", machine_off, NULL },
	{ "uplink-mtu", small_uplink, "ip link set dev up0 mtu 1400" },
	{ "path-mtu", untold, "ip -n g link set dev eth0 mtu 1400" },
	{ "way-told", untold_beyond, "ip -n g link set dev eth0 mtu 1400" },
	{ "way-lost", lost, "ip route change default via 198.51.100.1 dev up0 proto 0 mtu 1400" },
	{ "tunnel-mtu", tunnel,
	  "vnetmgr net-update n add mtu \"<mtu size='1450'/>\" --live --config" },
	{ "forward-flow", old_flow, "conntrack -D -p udp -s 203.0.113.9 --orig-port-dst 53" },
	{ "bad-checksum", bad_sums, "ip netns exec g ethtool -K eth0 tx off" },
	{ "ra-silent", no_advert, NULL },
	{ "dhcp-silent", no_offer, NULL },
	{ "dhcp-other", other_server, "ip link set dev vg1 down" },
	{ "dns-silent", no_dns, NULL },
	{ "dns-upstream", refused, NULL },
};

static void look(struct patient *p, struct vnm_findings *found)
{
	vnm_checks_run(&p->c, false, found);
	vnm_checks_run(&p->c, true, found);
}

static void test_healthy(void)
{
	vnm_autofindings struct vnm_findings found = { 0 };
	struct patient p;

	make(&p);
	look(&p, &found);
	for (size_t i = 0; i < found.n; i++)
		printf("\n%s: %s\n", found.items[i].check, found.items[i].cause);
	VNM_ASSERT_INT_EQ(found.n, 0);
	unmake(&p);
}

static void check_fault(const struct fault *fault)
{
	vnm_autofindings struct vnm_findings found = { 0 };
	struct patient p;
	const char *mend;

	make(&p);
	fault->make(&p);
	look(&p, &found);
	for (size_t i = 0; i < found.n; i++)
		VNM_ASSERT_STR_EQ(found.items[i].check, fault->check);
	VNM_ASSERT_INT_EQ(found.n, 1);
	mend = found.n ? found.items[0].mend : NULL;
	if (!fault->mend || !mend || strncmp(mend, fault->mend, strlen(fault->mend)) != 0)
		VNM_ASSERT_STR_EQ(mend, fault->mend);
	for (size_t i = 0; i < found.n; i++)
		CU_ASSERT(*found.items[i].cause && found.items[i].evidence);
	unmake(&p);
}

static void test_faults(void)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(faults); i++)
		check_fault(&faults[i]);
}

/* Every check has a fault that it finds, a name of its own, and texts without unknown words. */
static void test_table(void)
{
	for (size_t i = 0; i < vnm_n_checks; i++) {
		size_t n = 0;

		for (size_t k = 0; k < VNM_ARRAY_SIZE(faults); k++)
			n += !strcmp(faults[k].check, vnm_checks[i].id);
		if (n == 0)
			printf("\n%s: no fault\n", vnm_checks[i].id);
		CU_ASSERT(n > 0);
		CU_ASSERT(vnm_checks[i].question[strlen(vnm_checks[i].question) - 1] == '?');
	}
}

const struct vnm_test vnm_tests[] = {
	{ "healthy", test_healthy },
	{ "faults", test_faults },
	{ "table", test_table },
	{ 0 },
};
