#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# doctor.sh - faults that net-doctor names and mends, which a test beside others cannot make: they take a kernel that has more than
# that of a container, or limits of the whole machine.
. "$srcdir/world.sh"
need nft sysctl bridge
uplink
define keennet
ok 'start' vnm -q net-start keennet
for g in g1 g2; do ip netns add $g; ok "guest $g" vnm -q net-attach keennet --netns $g --ip auto; done
net=keennet
VNM_DOCTOR=all
. "$srcdir/tests/lib/doctor.sh"
echo 'nameserver 203.0.113.1' >/etc/resolv.conf
# The spanning tree has its time.
await sh -c '[ "$(cat /sys/class/net/vnet[01]/brport/state | sort -u)" = 3 ]'
healthy 'the network' keennet --passive

# VLANs.
vlans() { ip link set dev keenbr0 type bridge vlan_filtering 1; }
no_vlans='ip link set dev keenbr0 type bridge vlan_filtering 0'
vlans; healthy 'VLANs as they are by themselves' keennet --passive
fault 25 port-vlan 'bridge vlan del dev vnet0 vid 1'
fault 25b port-vlan 'bridge vlan add dev vnet1 vid 7 pvid untagged'
fault 25c port-vlan 'bridge vlan add dev vnet1 vid 1 pvid'
ok 'they reach each other' reaches g1 192.168.132.1
eval "$no_vlans"

# Tunnels of all kinds that a bridge takes.
for kind in 'vxlan id 9 dev uplink0 dstport 4789' 'gretap local 203.0.113.2' 'geneve id 9'; do
	fault "${kind%% *}" tunnel-mtu "ip link add dev tun9 type $kind remote 203.0.113.9 && ip link set dev tun9 mtu 1400 master keenbr0 up" \
		'ip link del dev tun9; vnm -q net-update keennet delete mtu "<mtu/>" --live --config'
done

# No room for new connections: the limit is the machine's.
full() { sysctl -qw net.netfilter.nf_conntrack_max=1; ip netns exec g1 nc -z -w 1 203.0.113.1 81; ip netns exec g2 nc -z -w 1 203.0.113.1 81; until_is 1 sh -c 'echo $(($(cat /proc/sys/net/netfilter/nf_conntrack_count) >= 1))'; }
fault 60 conntrack full

# A flow that is older than the forward of its port.
need conntrack
fault 68 forward-flow "flow $(ip -n g1 -4 -o addr show dev eth0 | sed 's/.* inet \([0-9.]*\).*/\1/')" flowed
healthy 'after all' keennet --passive
echo "$faults faults, $named named, $mended mended"
finish
