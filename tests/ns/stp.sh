#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What guests send to the bridge itself: no BPDU of theirs makes it slow or gives it another root, and a flood of
# joined groups, by which it sends all multicast to all, is found out. Loops are found all the same.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/frame.sh"

cat >"$T/n.xml" <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><bridge name='br-n' stp='on' delay='0'/>
<ip address='10.3.1.1' prefix='24'><dhcp><range start='10.3.1.100' end='10.3.1.200'/></dhcp></ip></network>
X
sed "s|</network|<vnm:guests bridges='yes'/>&|" "$T/n.xml" >"$T/b.xml"
tree() { cat "/sys/class/net/br-n/bridge/$1"; }
port() { cat "/sys/class/net/$1/brport/$2"; }
# bpdu GUEST ROOT: a configuration BPDU: the sender is the root, and wants a forward delay of 256 s
bpdu() {
	mac=$(mac_of "$1")
	sends "$1" "0180c2000000${mac}00264242030000000000${2}00000000${2}8001000014000200ffff0000000000000000"
}
FIRST=0000000000000001	# no bridge comes before it
attack() { for i in 1 2 3; do bpdu "$1" $FIRST; done; }

ok 'start' vnm -q net-create "$T/n.xml"
ours=$(tree bridge_id)
ip netns add g; ok 'a guest' vnm net-attach n --netns g --ip none
has 'nothing passes at first' "^hint: packets of 'vnet0' \(g\) pass in about 4 seconds: until then the spanning tree of bridge 'br-n' looks for loops; <bridge stp='off'/> does without$" "$(cat "$T/out")"
ip netns add h; ok 'another' vnm -q net-attach n --netns h
same 'its port cannot lead to the root' 1 "$(port vnet0 root_block)"
ok 'it forwards' until_is 3 port vnet0 state

attack g
same 'net-attach: the root is ours' "$ours" "$(tree root_id)"
same 'net-attach: the delay is ours' 200 "$(tree forward_delay)"
has 'net-attach: nothing is wrong' '^ n  *active ' "$(vnm net-list)"
ip netns add late; ok 'the next guest' vnm -q net-attach n --netns late
ok 'forwards as soon as ever' until_is 3 port vnet2 state

# A port that others have put on the bridge: found out, named, put right.
guest tap br-n
ok 'it forwards' until_is 3 port tap state
attack tap
has 'by hand: it is found out' "^Degraded: .*the guest at 'tap' has made itself the root of the spanning tree" "$(vnm net-info n)"
ok 'by hand: repaired' vnm -q net-repair n
ok 'by hand: the root is ours again' until_is "$ours" tree root_id
attack tap
same 'by hand: and stays it' "$ours" "$(tree root_id)"
same 'by hand: the delay, too' 200 "$(tree forward_delay)"
has 'by hand: whole' '^ n  *active ' "$(vnm net-list)"

# A loop is found: a guest that is a bridge with two ports on ours.
ip netns add loop
for i in 1 2; do
	ip link add l$i type veth peer name eth$i netns loop; ip link set l$i master br-n up
done
vnm -q net-detach n late
inns loop sh -c 'ip link add name lb type bridge stp_state 0; ip link set dev lb up; ip link set dev eth1 master lb up; ip link set dev eth2 master lb up'
for i in 1 2; do bridge link set dev l$i root_block on; done
blocked() { sort -u /sys/class/net/l1/brport/state /sys/class/net/l2/brport/state | tr '\n' ' '; }
ok 'a loop of ports with the block is cut' until_is '3 4 ' blocked
ip link del l1; ip link del l2

# Somebody took the block away: net-repair gives it back.
bridge link set dev vnet0 root_block off
has 'without the block: seen' '^Degraded: ' "$(vnm net-info n)"
ok 'repaired' vnm -q net-repair n
same 'it is back' 1 "$(port vnet0 root_block)"

### A start says for how long guests are not reached.
sed "s|<name>n<|<name>s<|; s/br-n/br-s/; s/10\.3\./10.4./g" "$T/n.xml" >"$T/s.xml"
vnm -q net-define "$T/s.xml"
ok 'without guests' vnm net-start s
same 'nothing is said' 'Network s started' "$(cat "$T/out")"
ok 'a machine, which is yet to boot' vnm -q net-attach s --tap s0 --ip auto
same 'nor of that' '' "$(grep '^hint' "$T/out")"
ip netns add s1; ok 'a guest' vnm -q net-attach s --netns s1 --ip auto
vnm -q net-destroy s
ok 'with guests' vnm net-start s
has 'they have to wait' "^hint: packets of its guests pass in about 4 seconds" "$(cat "$T/out")"
vnm -q net-destroy s; vnm -q net-undefine s

### multicast
# joins GUEST LAST: membership reports (IGMP version 2) for so many groups 239.1.X.Y
joins() {
	mac=$(mac_of "$1") from=$(hex4 10.3.1.32)
	seq "$2" | awk -v head="$mac"0800450000000001000001020000"$from" '{
		group = sprintf("01%04x", $1)
		print "01005e" group head "ef" group "16000000ef" group
	}' | xargs ip netns exec "$1" "$FRAME" eth0 send
}
joins tap 6000
same 'too many groups' 0 "$(tree multicast_snooping)"
has 'it is reported' '^Degraded: .*multicast snooping is off: guests have joined too many groups' "$(vnm net-info n)"
ok 'by hand: repaired' vnm -q net-repair n
same 'snooping is on' 1 "$(tree multicast_snooping)"
has 'whole' '^ n  *active ' "$(vnm net-list)"

### Bridges among the guests can be allowed.
vnm -q net-destroy n
ok 'guests may be bridges' vnm -q net-create "$T/b.xml"
ip link set tap master br-n up
ok 'it forwards' until_is 3 port tap state
attack tap
same 'the root is theirs' "0000.000000000001" "$(tree root_id)"
has 'and that is right' '^ n  *active ' "$(vnm net-list)"
finish
