#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a network's bridge passes on: LLDP and 802.1X between guests by its mask, not by an uplink; multicast to those who
# have joined, or to all. At a start, changed live, changed by others, and as a dry run.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/frame.sh"
need perl
cd "$T" || exit 1

define() {	# define ATTRIBUTES [BODY]
	echo "<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name>${2:-}<bridge name='br-n' stp='off' $1/></network>" >n.xml
}
setting() { cat "/sys/class/net/br-n/bridge/$1"; }
lldp() { echo "0180c200000e$(mac_of "$1")88cc0207040200c0ffee01040703c0ffee010602007800000000"; }
eapol() { echo "0180c2000003$(mac_of "$1")888e01010000c0ffee02"; }
# pass WHAT FROM TO EXPECTED: which of the two come through, before a frame that does
pass() {
	hears "$3" eth0
	sends "$2" "$(lldp "$2")" "$(eapol "$2")" "$(mark "$(mac_of "$2")")"
	ok "$1: the end is heard" heard
	same "$1" "$4" "$(sed -n 's/^0180c200000e.*/lldp/p; s/^0180c2000003.*/eapol/p' "heard.$3" | tr '\n' ' ' | sed 's/ $//')"
}
# Joins a group on eth0, sends or waits for a datagram to it, and prints what it got.
cat >group.pl <<'X'
use strict; use Socket;
my ($group, $own) = @ARGV;
socket(my $s, AF_INET, SOCK_DGRAM, 17) or die "socket: $!";
bind($s, pack_sockaddr_in(7777, INADDR_ANY)) or die "bind: $!";
setsockopt($s, 0, 35, inet_aton($group) . inet_aton($own)) or die "join: $!"; # IP_ADD_MEMBERSHIP
$| = 1; print "joined\n";
sleep while 1;
X
joins() { : >joined; ip netns exec "$1" perl group.pl 239.1.2.3 "$2" >joined & member=$!; until grep -q joined joined; do kill -0 $member || return 1; done; }
datagram() { echo "01005e010203$(mac_of g)0800450000000001000001110000$(hex4 10.82.1.1)$(hex4 239.1.2.3)1e611e6100000000c0ffee03"; }
# group WHAT EXPECTED: which of h, which has joined, and i get what is for the group
group() {
	hears h eth0; hears i eth0
	sends g "$(datagram)" "$(mark "$(mac_of g)")"
	ok "$1: the end is heard" heard
	same "$1" "$2" "$(grep -l c0ffee03 heard.h heard.i | sed 's/heard.//' | tr '\n' ' ' | sed 's/ $//')"
}

before=$(snapshot)
define ''; ok 'define' vnm -q net-define n.xml; ok 'start' vnm -q net-start n
ip netns add g; ip netns add h
n=0; for g in g h; do n=$((n + 1)); ok "attach $g" vnm -q net-attach n --netns $g --ip 10.82.1.$n/24; done
guest i br-n; inns i ip addr add 10.82.1.3/24 dev eth0
pass 'without a mask' g h ''
echo 0x4000 >/sys/class/net/br-n/bridge/group_fwd_mask
has "a hook's mask is no fault" '^ n +active' "$(vnm net-list)"
pass "a hook's mask" g h 'lldp'
ok 'a repair' vnm -q net-repair n; same 'leaves it' 0x4000 "$(setting group_fwd_mask)"

define "vnm:groupForwardMask='0x4008'"
has 'what a change would do' '0x4008' "$(vnm net-diff n --file n.xml)"
ok 'live' vnm net-apply n.xml
same 'the mask' 0x4008 "$(setting group_fwd_mask)"
pass 'attached guests' g h 'lldp eapol'
pass 'one of others' g i 'lldp eapol'
pass 'and from there' i h 'lldp eapol'
echo 0 >/sys/class/net/br-n/bridge/group_fwd_mask
has 'changed by somebody' "bridge br-n .its group_fwd_mask was changed to 0x0." "$(vnm net-diff n --live)"
has 'net-list' '^ n +degraded' "$(vnm net-list)"
has 'repair' '^Network n repaired: bridge br-n' "$(vnm net-repair n)"
pass 'repaired' g h 'lldp eapol'
ok 'stop' vnm -q net-destroy n
has 'what a start would do' 'ip link add br-n .*group_fwd_mask 0x4008' "$(vnm net-start n --dry-run)"
ok 'start' vnm -q net-start n
pass 'started' g h 'lldp eapol'
define ''; ok 'without it' vnm -q net-apply n.xml
pass 'no more' g h ''

### Multicast. The bridge believes itself, as a querier, after the time that guests have to answer.
ok 'h joins' joins h 10.82.1.2
group 'without a querier' 'h i'
echo 10 >/sys/class/net/br-n/bridge/multicast_query_response_interval
define "vnm:multicastQuerier='yes'"; ok 'with one' vnm -q net-apply n.xml
same 'it asks' 1 "$(setting multicast_querier)"
kill $member; wait $member 2>/dev/null; ok 'h joins anew' joins h 10.82.1.2
n=0; until bridge mdb show dev br-n | grep -q 239.1.2.3; do n=$((n + 1)); [ $n -lt 300 ] || break; done
quiet() { hears i eth0; sends g "$(datagram)" "$(mark "$(mac_of g)")"; heard && ! grep -q c0ffee03 heard.i; }
n=0; until quiet; do n=$((n + 1)); [ $n -lt 100 ] || break; done
group 'with a querier' 'h'
echo 0 >/sys/class/net/br-n/bridge/multicast_querier
has 'switched off by somebody' 'its multicast querier was switched off' "$(vnm net-info n)"
ok 'repair' vnm -q net-repair n; same 'it asks again' 1 "$(setting multicast_querier)"
define "vnm:multicastSnooping='no'"; ok 'to all' vnm -q net-apply n.xml
same 'no querier' 0 "$(setting multicast_querier)"
has 'that is no fault' '^ n +active' "$(vnm net-list)"
group 'without snooping' 'h i'
echo 1 >/sys/class/net/br-n/bridge/multicast_snooping
has 'switched on by somebody' 'multicast snooping was switched on' "$(vnm net-info n)"
ok 'repair' vnm -q net-repair n; same 'it does not look' 0 "$(setting multicast_snooping)"
ok 'stop' vnm -q net-destroy n; ok 'start' vnm -q net-start n
same 'started' 0 "$(setting multicast_snooping)"
group 'started: to all' 'h i'
define ''; ok 'as ever' vnm -q net-apply n.xml; same 'it looks again' 1 "$(setting multicast_snooping)"
kill $member; wait $member 2>/dev/null

### What an uplink's bridge lets in, and does not let out.
vnm -q net-destroy n 2>/dev/null; vnm -q net-undefine n; leave i; ip netns del g; ip netns del h
ip netns add lan; ip link add nic0 type veth peer name eth0 netns lan; ip link set nic0 up; inns lan ip link set eth0 up
define "vnm:groupForwardMask='0x4008'" "<forward mode='bridge'/><vnm:uplink dev='nic0'/>"
ok 'an uplink' vnm net-define n.xml
has 'is told what does not pass' "what they send to 01:80:c2:00:00:00 to 0f does not leave by uplink 'nic0'" "$(cat out)"
ok 'start' vnm -q net-start n
guest g br-n; guest h br-n
pass 'between guests' g h 'lldp eapol'
pass 'from the LAN' lan g 'lldp eapol'
pass 'to the LAN' g lan ''
vnm -q net-destroy n 2>/dev/null; vnm -q net-undefine n; leave g h; ip link del nic0; ip netns del lan
same 'no trace is left' "$before" "$(snapshot)"
finish
