/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_op_shown.c - operations as people see them: described, printed as commands, and how they are reverted. */
#include "runner.h"

#include "plan/op/op.h"
#include "plan/op/op_parse.h"
#include "plan/op/op_print.h"
#include "util/mem.h"

const char vnm_suite[] = "op_shown";

static const struct shown {
	const char *line, *described, *printed, *reverted;
} shown[] = {
	{ "use-device name=br0 bridge=yes", "bridge br0", "ip link show dev br0 type bridge\n",
	  "" },
	{ "bridge name=br0 mac=52:54:00:01:02:03 mtu=1400 stp=yes delay=2 group=1986948353",
	  "bridge br0",
	  "ip link add br0 address 52:54:00:01:02:03 mtu 1400 group 0x766e6d01 type bridge "
	  "forward_delay 200 stp_state 1 fdb_max_learned 65536\n",
	  "ip link del br0\n" },
	{ "bridge name=br0", "bridge br0",
	  "ip link add br0 type bridge forward_delay 0 stp_state 0 fdb_max_learned 65536\n",
	  "ip link del br0\n" },
	{ "sysctl path=net/ipv6/conf/br.0/accept_ra value=0",
	  "setting net/ipv6/conf/br.0/accept_ra=0", "sysctl -w net/ipv6/conf/br.0/accept_ra=0\n",
	  "" },
	{ "address dev=br0 addr=192.0.2.1/24", "address 192.0.2.1/24 on br0",
	  "ip address add 192.0.2.1/24 broadcast + dev br0\n",
	  "ip address del 192.0.2.1/24 dev br0\n" },
	{ "address dev=br0 addr=fd00:1::1/64", "address fd00:1::1/64 on br0",
	  "ip address add fd00:1::1/64 dev br0 nodad\n", "ip address del fd00:1::1/64 dev br0\n" },
	{ "rule family=ipv4 chain=nat src=192.0.2.0/24 dst=192.0.2.0/24 dst-invert=yes "
	  "target=MASQUERADE",
	  "firewall rule (ipv4 nat) -A VNM_PRT -s 192.0.2.0/24 ! -d 192.0.2.0/24 -j MASQUERADE",
	  "iptables -t nat -A VNM_PRT -s 192.0.2.0/24 ! -d 192.0.2.0/24 -j MASQUERADE\n",
	  "iptables -t nat -D VNM_PRT -s 192.0.2.0/24 ! -d 192.0.2.0/24 -j MASQUERADE\n" },
	{ "rule family=ipv6 chain=fwo in=br0 target=REJECT",
	  "firewall rule (ipv6 filter) -A VNM_FWO -i br0 -j REJECT --reject-with "
	  "icmp6-port-unreachable",
	  "ip6tables -A VNM_FWO -i br0 -j REJECT --reject-with icmp6-port-unreachable\n",
	  "ip6tables -D VNM_FWO -i br0 -j REJECT --reject-with icmp6-port-unreachable\n" },
	{ "link-up dev=br0", "link br0 up", "ip link set dev br0 up\n",
	  "ip link set dev br0 down\n" },
	{ "route dev=br0 dst=10.0.0.0/8 gateway=192.0.2.9 metric=1", "route 10.0.0.0/8 on br0",
	  "ip route add 10.0.0.0/8 via 192.0.2.9 dev br0 metric 1\n",
	  "ip route del 10.0.0.0/8 via 192.0.2.9 dev br0 metric 1\n" },
	{ "route dev=br0 dst=10.0.0.0/8 src=192.0.2.1", "route 10.0.0.0/8 on br0",
	  "ip route add 10.0.0.0/8 dev br0 src 192.0.2.1\n",
	  "ip route del 10.0.0.0/8 dev br0 src 192.0.2.1\n" },
	{ "address dev=tun0 addr=192.0.2.1/32 peer=192.0.2.9", "address 192.0.2.1/32 on tun0",
	  "ip address add 192.0.2.1/32 peer 192.0.2.9 dev tun0\n",
	  "ip address del 192.0.2.1/32 peer 192.0.2.9 dev tun0\n" },
	{ "link-up dev=eth0 netns=/run/netns/g1 netns-ino=7", "link eth0 up",
	  "nsenter --net=/run/netns/g1 ip link set dev eth0 up\n", "" },
	{ "use-device name=nic0", "device nic0", "ip link show dev nic0\n", "" },
	{ "zone dev=br0 zone=libvirt network=n", "device br0 in firewalld's zone libvirt",
	  "firewall-cmd --zone=libvirt --change-interface=br0\n",
	  "firewall-cmd --zone=libvirt --remove-interface=br0\n" },
	{ "nameserver dev=br0 domain=lab addr=192.0.2.1",
	  "registration of domain lab with systemd-resolved",
	  "resolvectl domain br0 '~lab'\nresolvectl dns br0 192.0.2.1\n",
	  "resolvectl revert br0\n" },
	{ "localnet dev=br0", "loopback addresses routed on br0",
	  "sysctl -w net/ipv4/conf/br0/route_localnet=1\n",
	  "sysctl -w net/ipv4/conf/br0/route_localnet=0\n" },
	{ "accept-ra", "router advertisements while IPv6 is forwarded",
	  "# accept_ra=2 where it is 1, on the devices of the host, and for new ones\n",
	  "# accept_ra=2: shared; goes with IPv6 forwarding\n" },
	{ "tap name=tap0", "tap tap0", "ip tuntap add dev tap0 mode tap\n",
	  "ip link del dev tap0\n" },
	{ "tap name=tap0 mac=52:54:00:00:00:01 uid=1000 gid=36 group=1986946816 multi-queue=yes "
	  "vnet-hdr=yes",
	  "tap tap0",
	  "ip tuntap add dev tap0 mode tap user 1000 group 36 multi_queue vnet_hdr\n"
	  "ip link set dev tap0 group 0x766e6700\n"
	  "ip link set dev tap0 address 52:54:00:00:00:01\n",
	  "ip link del dev tap0\n" },
	{ "tap name=tun0 mac=52:54:00:00:00:01 tun=yes", "tun tun0", /* which has no address */
	  "ip tuntap add dev tun0 mode tun\n", "ip link del dev tun0\n" },
	{ "veth name=vnet0 peer=eth0 mac=52:54:00:00:00:01 netns=/run/netns/g1 "
	  "netns-ino=4026532200",
	  "eth0 in /run/netns/g1",
	  "ip link add vnet0 type veth peer name eth0 address 52:54:00:00:00:01 "
	  "netns /run/netns/g1\n",
	  "ip link del dev vnet0\n" },
	{ "veth name=vnet0 peer=eth0 mtu=1400 netns=/run/netns/g1 netns-ino=7",
	  "eth0 in /run/netns/g1",
	  "ip link add vnet0 mtu 1400 type veth peer name eth0 mtu 1400 netns /run/netns/g1\n",
	  "ip link del dev vnet0\n" },
	{ "macvlan name=eth0 parent=nic0 mode=private mac=52:54:00:00:00:01 netns=/run/netns/g1 "
	  "netns-ino=4026532200",
	  "eth0 on nic0",
	  "ip link add link nic0 name eth0 address 52:54:00:00:00:01 netns /run/netns/g1 "
	  "type macvlan mode private\n",
	  "nsenter --net=/run/netns/g1 ip link del dev eth0\n" },
	{ "macvlan name=tap1 parent=nic0 mode=passthrough uid=1000 gid=36 tap=yes", "tap1 on nic0",
	  "ip link add link nic0 name tap1 type macvtap mode passthru\n"
	  "chown 1000 /dev/tap$(cat /sys/class/net/tap1/ifindex)\n"
	  "chgrp 36 /dev/tap$(cat /sys/class/net/tap1/ifindex)\n",
	  "ip link del dev tap1\n" },
	{ "vxlan name=vnm7 vni=7 local=10.0.0.1 port=4789 mtu=1450", "VXLAN device vnm7",
	  "ip link add vnm7 mtu 1450 type vxlan id 7 local 10.0.0.1 dstport 4789\n",
	  "ip link del dev vnm7\n" },
	{ "vxlan name=vnm7 vni=7 local=fd00::1 port=8472 link=eth1", "VXLAN device vnm7",
	  "ip link add vnm7 type vxlan id 7 local fd00::1 dstport 8472 dev eth1\n",
	  "ip link del dev vnm7\n" },
	{ "flood dev=vnm7 peer=10.0.0.2", "host 10.0.0.2 of vnm7",
	  "bridge fdb append 00:00:00:00:00:00 dev vnm7 dst 10.0.0.2 self permanent\n",
	  "bridge fdb del 00:00:00:00:00:00 dev vnm7 dst 10.0.0.2 self\n" },
	{ "overlay-port dev=vnm7 bridge=br0 isolated=yes", "vnm7 on bridge br0",
	  "ip link set dev vnm7 master br0\n"
	  "bridge link set dev vnm7 root_block on isolated on\nip link set dev vnm7 up\n",
	  "ip link set dev vnm7 down\nip link set dev vnm7 nomaster\n" },
	{ "overlay-filter dev=vnm7 family=ipv4 vni=7 port=4789 peers=10.0.0.2,10.0.0.3 "
	  "mac=02:76:00:00:00:01 own=02:76:00:00:00:02 gateways=192.0.2.1 served=yes",
	  "filter of vnm7",
	  "nft add table netdev vnetmgr-vnm7\n"
	  "# nft: DHCP, router advertisements, the gateway 192.0.2.1 and BPDUs stay on this host; "
	  "02:76:00:00:00:01 is 02:76:00:00:00:02 elsewhere\n"
	  "nft add table ip vnetmgr-vnm7\n"
	  "# nft: of VNI 7 on UDP port 4789, only from 10.0.0.2,10.0.0.3; nothing from guests\n",
	  "nft delete table netdev vnetmgr-vnm7\nnft delete table ip vnetmgr-vnm7\n" },
	{ "vxlan name=vnm7 vni=7 local=10.0.0.1 port=4789 told=yes", "VXLAN device vnm7",
	  "ip link add vnm7 type vxlan id 7 local 10.0.0.1 dstport 4789 nolearning\n",
	  "ip link del dev vnm7\n" },
	{ "overlay-port dev=vnm7 bridge=br0 told=yes", "vnm7 on bridge br0",
	  "ip link set dev vnm7 master br0\n"
	  "bridge link set dev vnm7 root_block on learning off neigh_suppress on\n"
	  "ip link set dev vnm7 up\n",
	  "ip link set dev vnm7 down\nip link set dev vnm7 nomaster\n" },
	{ "evpn network=n asn=65000 local=10.0.0.2 listen=10.0.0.0/24 reflector=10.0.0.1 "
	  "password=secret",
	  "EVPN by FRR (AS 65000)",
	  "# our part of /etc/frr/frr.conf, and \"vtysh -f\" with it:\n"
	  "#   router bgp 65000\n"
	  "#    bgp router-id 10.0.0.2\n"
	  "#    no bgp default ipv4-unicast\n"
	  "#    timers bgp 3 9\n"
	  "#    coalesce-time 100\n"
	  "#    neighbor 10.0.0.1 remote-as 65000\n"
	  "#    neighbor 10.0.0.1 timers connect 1\n"
	  "#    neighbor 10.0.0.1 update-source 10.0.0.2\n"
	  "#    ! neighbor 10.0.0.1 password (not shown)\n"
	  "#    address-family l2vpn evpn\n"
	  "#     neighbor 10.0.0.1 activate\n"
	  "#     advertise-all-vni\n"
	  "#    exit-address-family\n"
	  "#   exit\n",
	  "# with the last network that needs it: our part of /etc/frr/frr.conf, and "
	  "\"vtysh -f\" with what takes it back\n" },
	{ "frames bridge=br0 mac=52:54:00:01:02:03 served=yes", "frame filter of br0",
	  "nft add element bridge vnetmgr bridges '{ 52:54:00:01:02:03 }'\n"
	  "nft add element bridge vnetmgr served '{ br0 }'\n",
	  "nft delete element bridge vnetmgr bridges '{ 52:54:00:01:02:03 }'\n"
	  "nft delete element bridge vnetmgr served '{ br0 }'\n" },
	{ "frames bridge=br0 mac=52:54:00:01:02:03 uplink=eth0", "frame filter of br0",
	  "nft add element bridge vnetmgr uplinks '{ eth0 }'\n"
	  "nft add element bridge vnetmgr roots '{ eth0 . 52:54:00:01:02:03 }'\n",
	  "nft delete element bridge vnetmgr uplinks '{ eth0 }'\n"
	  "nft delete element bridge vnetmgr roots '{ eth0 . 52:54:00:01:02:03 }'\n" },
	{ "frames bridge=br0 mac=52:54:00:01:02:03 served=yes", "frame filter of br0",
	  "nft add element bridge vnetmgr bridges '{ 52:54:00:01:02:03 }'\n"
	  "nft add element bridge vnetmgr served '{ br0 }'\n",
	  "nft delete element bridge vnetmgr bridges '{ 52:54:00:01:02:03 }'\n"
	  "nft delete element bridge vnetmgr served '{ br0 }'\n" },
	{ "frames bridge=br0 mac=52:54:00:01:02:03 served=yes by-port=yes", "frame filter of br0",
	  "nft add element bridge vnetmgr bridges '{ 52:54:00:01:02:03 }'\n"
	  "nft add element bridge vnetmgr servers '{ 52:54:00:01:02:03 }'\n",
	  "nft delete element bridge vnetmgr bridges '{ 52:54:00:01:02:03 }'\n"
	  "nft delete element bridge vnetmgr servers '{ 52:54:00:01:02:03 }'\n" },
	{ "station dev=vnet0 by-port=yes", "frame filter of vnet0",
	  "nft add element bridge vnetmgr stations '{ vnet0 }'\n",
	  "nft delete element bridge vnetmgr stations '{ vnet0 }'\n" },
	{ "station dev=vnet0 bridge=br0 mac=52:54:00:01:02:03", "frame filter of vnet0",
	  "nft add element bridge vnetmgr homes '{ br0 . 52:54:00:01:02:03 }'\n"
	  "nft add element bridge vnetmgr at_home '{ vnet0 . 52:54:00:01:02:03 }'\n",
	  "nft delete element bridge vnetmgr homes '{ br0 . 52:54:00:01:02:03 }'\n"
	  "nft delete element bridge vnetmgr at_home '{ vnet0 . 52:54:00:01:02:03 }'\n" },
	{ "station dev=vnet0 bridge=br0 mac=52:54:00:01:02:03 by-port=yes", "frame filter of vnet0",
	  "nft add element bridge vnetmgr stations '{ vnet0 }'\n"
	  "nft add element bridge vnetmgr guest_macs '{ 52:54:00:01:02:03 }'\n"
	  "nft add element bridge vnetmgr at_home '{ vnet0 . 52:54:00:01:02:03 }'\n",
	  "nft delete element bridge vnetmgr stations '{ vnet0 }'\n"
	  "nft delete element bridge vnetmgr guest_macs '{ 52:54:00:01:02:03 }'\n"
	  "nft delete element bridge vnetmgr at_home '{ vnet0 . 52:54:00:01:02:03 }'\n" },
	{ "plug dev=vnet0 bridge=br0 isolated=yes", "vnet0 on bridge br0",
	  "ip link set dev vnet0 master br0\nbridge link set dev vnet0 isolated on\n"
	  "ip link set dev vnet0 up\n",
	  "ip link set dev vnet0 down\nip link set dev vnet0 nomaster\n" },
	{ "plug dev=vnet0 bridge=br0 root-block=yes hairpin=yes", "vnet0 on bridge br0",
	  "ip link set dev vnet0 master br0\n"
	  "bridge link set dev vnet0 root_block on hairpin on\nip link set dev vnet0 up\n",
	  "ip link set dev vnet0 down\nip link set dev vnet0 nomaster\n" },
	{ "plug dev=nic0 bridge=br0 was-up=yes", "nic0 on bridge br0",
	  "ip link set dev nic0 master br0\n", "ip link set dev nic0 nomaster\n" },
	{ "plug dev=vnet0 bridge=br0 vlans=42:pvid:untagged,43", "vnet0 on bridge br0",
	  "ip link set dev vnet0 master br0\n"
	  "bridge vlan add dev vnet0 vid 42 pvid untagged\nbridge vlan add dev vnet0 vid 43\n"
	  "bridge vlan del dev vnet0 vid 1\nip link set dev vnet0 up\n",
	  "ip link set dev vnet0 down\nip link set dev vnet0 nomaster\n" },
	{ "plug dev=vnet0 bridge=br0 vlans=1:pvid:untagged", "vnet0 on bridge br0",
	  "ip link set dev vnet0 master br0\n"
	  "bridge vlan add dev vnet0 vid 1 pvid untagged\nip link set dev vnet0 up\n",
	  "ip link set dev vnet0 down\nip link set dev vnet0 nomaster\n" },
	{ "netns path=/run/netns/web ino=4026532999 cookie=4294967297", "network namespace web",
	  "mkdir -p /etc/netns/web\nip netns add web\n",
	  "ip netns del web\nrmdir /etc/netns/web\n" },
	{ "proxy dev=br0 addr=192.0.2.9", "192.0.2.9 answered for on br0",
	  "ip neighbour add proxy 192.0.2.9 dev br0\n",
	  "ip neighbour del proxy 192.0.2.9 dev br0\n" },
	{ "dhcp dir=/d name=vnet0 program=/usr/sbin/dhclient dev=eth0 netns=/run/netns/g1 "
	  "netns-ino=4026532200",
	  "DHCP client for eth0 in /run/netns/g1",
	  "nsenter --net=/run/netns/g1 /usr/sbin/dhclient eth0 &\n",
	  "stop /usr/sbin/dhclient eth0 in /run/netns/g1\n" },
	{ "dhcp dir=/d name=vnet0 program=/bin/busybox dev=eth0 netns=/run/netns/g1 "
	  "netns-ino=4026532200",
	  "DHCP client for eth0 in /run/netns/g1",
	  "nsenter --net=/run/netns/g1 /bin/busybox udhcpc -i eth0 &\n",
	  "stop /bin/busybox udhcpc -i eth0 in /run/netns/g1\n" },
	{ "resolv path=/etc/netns/g1/resolv.conf content=nameserver%20192.0.2.1%0A",
	  "/etc/netns/g1/resolv.conf", "write /etc/netns/g1/resolv.conf\n",
	  "rm /etc/netns/g1/resolv.conf\n" },
	{ "forwarding family=ipv4", "IPv4 forwarding", "sysctl -w net.ipv4.ip_forward=1\n",
	  "# IPv4 forwarding: shared; goes with the last network that needs it\n" },
	{ "forwarding family=ipv6", "IPv6 forwarding", "sysctl -w net.ipv6.conf.all.forwarding=1\n",
	  "# IPv6 forwarding: shared; goes with the last network that needs it\n" },
	{ "file dir=/d name=hosts content=a%0A%0Ab", "dnsmasq file hosts",
	  "write /d/hosts\n    a\n    \n    b\n", "rm /d/hosts\n" },
	{ "file dir=/d name=hosts content=", "dnsmasq file hosts", "write /d/hosts\n",
	  "rm /d/hosts\n" },
	{ "dnsmasq dir=/d program=/usr/sbin/dnsmasq", "dnsmasq",
	  "/usr/sbin/dnsmasq --keep-in-foreground --conf-file=/d/dnsmasq.conf &\n",
	  "stop /usr/sbin/dnsmasq --conf-file=/d/dnsmasq.conf\n" },
};

static void test_shown(void)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(shown); i++) {
		vnm_autobuf struct vnm_buf described = { 0 }, printed = { 0 }, reverted = { 0 };
		vnm_autoplan struct vnm_plan plan = { 0 };
		struct vnm_error err = { 0 };

		vnm_plan_add(&plan, VNM_OP_FORWARDING);
		VNM_ASSERT_OK_FATAL(vnm_op_parse(shown[i].line, &plan.ops[0], &err), err);
		vnm_op_describe(&plan.ops[0], &described);
		vnm_plan_print(&plan, false, &printed);
		vnm_plan_print(&plan, true, &reverted);
		VNM_ASSERT_STR_EQ(vnm_buf_str(&described), shown[i].described);
		VNM_ASSERT_STR_EQ(vnm_buf_str(&printed), shown[i].printed);
		VNM_ASSERT_STR_EQ(vnm_buf_str(&reverted), shown[i].reverted);
	}
}

static void test_print_order(void)
{
	vnm_autobuf struct vnm_buf printed = { 0 }, reverted = { 0 };
	vnm_autoplan struct vnm_plan plan = { 0 };

	for (int i = 0; i < 20; i++)
		vnm_plan_add(&plan, VNM_OP_LINK_UP)->link_up.dev = vnm_asprintf("d%d", i);
	plan.n = 2;
	vnm_plan_print(&plan, false, &printed);
	vnm_plan_print(&plan, true, &reverted);
	plan.n = 20;
	VNM_ASSERT_STR_EQ(vnm_buf_str(&printed), "ip link set dev d0 up\nip link set dev d1 up\n");
	VNM_ASSERT_STR_EQ(vnm_buf_str(&reverted),
			  "ip link set dev d1 down\nip link set dev d0 down\n");
	VNM_ASSERT_STR_EQ(plan.ops[19].link_up.dev, "d19");
}

const struct vnm_test vnm_tests[] = {
	{ "shown", test_shown },
	{ "print_order", test_print_order },
	{ 0 },
};
