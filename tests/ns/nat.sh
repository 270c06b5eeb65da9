#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The main job: a person's own NAT network, from the file to a guest that is on the net, and back to nothing.
. "$srcdir/tests/lib/ns.sh"

before=$(snapshot)
ok define vnm net-define "$srcdir/networks/keennet.xml"
ok autostart vnm net-autostart keennet
ok start vnm net-start keennet

xml=$(vnm -q net-dumpxml keennet --inactive)
mac=$(printf '%s\n' "$xml" | sed -n "s/.*<mac address='\(.*\)'.*/\1/p")
has 'MAC is generated and kept' "<mac address='52:54:00:" "$xml"
has 'UUID is generated and kept' "<uuid>[0-9a-f-]{36}</uuid>" "$xml"
link=$(ip -d -o link show keenbr0)
has 'bridge has the MAC of the definition' "link/ether $mac " "$link"
has 'STP is off' 'stp_state 0 ' "$link"
has 'address' 'inet 192.168.132.1/24 brd 192.168.132.255 ' "$(ip -o addr show keenbr0)"
same 'IPv4 forwarding' 1 "$(cat /proc/sys/net/ipv4/ip_forward)"
same 'IPv6 is off on the bridge' 1 "$(cat /proc/sys/net/ipv6/conf/keenbr0/disable_ipv6)"

N=192.168.132.0/24
! in_iptables || same 'nat rules, in order' "-A VNM_PRT -s $N -j VNM_PRT.keenbr0
-A VNM_PRT.keenbr0 -s $N -d 224.0.0.0/24 -j RETURN
-A VNM_PRT.keenbr0 -s $N -d 255.255.255.255/32 -j RETURN
-A VNM_PRT.keenbr0 -s $N ! -d $N ! -o keenbr0 -p tcp -j MASQUERADE --to-ports 1024-65535
-A VNM_PRT.keenbr0 -s $N ! -d $N ! -o keenbr0 -p udp -j MASQUERADE --to-ports 1024-65535
-A VNM_PRT.keenbr0 -s $N ! -d $N ! -o keenbr0 -j MASQUERADE" "$(iptables -t nat -S | grep '^-A VNM_PRT')"
same 'one dnsmasq' 1 "$(pgrep -fc 'dnsmasq .*dnsmasq/keennet/')"
has 'net-info' '^Active: +yes$' "$(vnm net-info keennet)"

guest g1 keenbr0; guest g2 keenbr0
ok 'a guest gets a lease' dhcp g1
ok 'another, too' dhcp g2
same 'router' 192.168.132.1 "$(dhcp_value g1 router)"
same 'DNS server' 192.168.132.1 "$(dhcp_value g1 dns)"
ip1=$(dhcp_value g1 ip) ip2=$(dhcp_value g2 ip)
has 'the lease is in the range' '^192\.168\.132\.([2-9]|[0-9]{2,3})$' "$ip1"
has 'leases are listed' " ipv4 +$ip1/24 " "$(vnm net-dhcp-leases keennet)"
same 'names are resolved' "$SERVER" "$(inns g1 dig +short +time=3 @192.168.132.1 example.com)"
same 'the outside sees the uplink' "you are $UPLINK" "$(web g1 "$SERVER")"
ok 'the outside answers ping' reaches g1 "$SERVER"
ok 'another guest is reached' reaches g1 "$ip2"
ok 'the host is reached' reaches g1 192.168.132.1
ok 'the host reaches the guest' ping -n -c 1 -W 2 "$ip1"

# The way out is narrower than the network, as with a VPN: a sender of too much gets an ICMP error, TCP as well, and all of it arrives.
ip link set uplink0 mtu 1300
has 'too large is told' '[Ff]rag.* needed' "$(inns g1 ping -n -c 1 -W 2 -M do -s 1400 "$SERVER" 2>&1)"
inns g1 ip route flush cache
ip netns exec internet timeout 20 nc -l "$SERVER" 81 </dev/null >"$T/arrived" & receiver=$!
await_port 81 outside
head -c 3000000 /dev/zero >"$T/much"
ok 'much of it' inns g1 timeout 20 nc -N "$SERVER" 81 <"$T/much"
wait $receiver
same 'arrives' 3000000 "$(wc -c <"$T/arrived")"
ip link set uplink0 mtu 1500

# The outside has a route, and the guest listens: only the rules stand between them.
listens g1 8080
ok 'the guest does listen' connects g2 "$ip1" 8080
outside ip route add "$N" via "$UPLINK"
no 'the outside opens nothing' connects internet "$ip1" 8080
no 'the outside does not even ping' outside ping -n -c 1 -W 2 "$ip1"
outside ip route del "$N"
kill "$listener"

leave g1 g2
ok destroy vnm net-destroy keennet
same 'no trace is left' "$before" "$(snapshot)"
has 'still defined and marked' ' keennet +inactive +yes +yes' "$(vnm net-list --all)"
finish
