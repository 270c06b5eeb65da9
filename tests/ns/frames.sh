#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What guests send to others as only the network's server may, and what they send to the switches behind an uplink.
. "$srcdir/tests/lib/ns.sh"
need nft
. "$srcdir/tests/lib/frame.sh"

before=$(snapshot; frame_tables)
cat >"$T/n.xml" <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><bridge name='br-n' stp='off'/>
<ip address='10.4.1.1' prefix='24'><dhcp><range start='10.4.1.100' end='10.4.1.200'/></dhcp></ip>
<ip family='ipv6' address='fd00:41::1' prefix='64'/></network>
X
sed "s|</network|<vnm:guests servers='yes'/>&|" "$T/n.xml" >"$T/free.xml"
sed "s/stp='off'/stp='on' delay='0'/" "$T/n.xml" >"$T/stp.xml"
echo "<network><name>n</name><bridge name='br-n' stp='off'/></network>" >"$T/internal.xml"
echo "<network><name>n</name><bridge name='br-n' stp='off'/><ip address='10.4.1.1' prefix='24'/></network>" >"$T/static.xml"

# heard_of FROM TO: what FROM may send of it, as only a server may: the kinds that TO has heard
KINDS='ra ra_behind redirect6 offer6 offer redirect4 router4'
heard_of() {
	from=$(mac_of "$1") to=$(mac_of "$2")
	for kind in $KINDS; do
		for dst in "$ALL6" "$to"; do
			frame=$($kind "$dst" "$from")
			printf '%s %s %s ' "$frame" "$(tagged "$frame")" "$(tagged "$(tagged "$frame")")"
		done
	done >"$T/frames"
	printf '%s %s' "$(offer "$ALL" "$from" 03e8)" "$(mark "$from")" >>"$T/frames"
	hears "$2" eth0
	# shellcheck disable=SC2046
	sends "$1" $(cat "$T/frames")
	heard || { echo 'no mark'; return; }
	grep -c c0ffee "$T/heard.$2"
}
ALL_HEARD=43

### Guests that others have put on the bridge.
ok 'start' vnm -q net-create "$T/n.xml"
# A kernel that can be asked for a bridge's name is asked for it; else the rules go by ports.
modprobe -nq nft_meta_bridge && by=ibrname || by=iifname
has "the rules go by $by" "$by" "$(nft list chain bridge vnetmgr guests)"
guest i br-n; guest j br-n
static i 10.4.1.66/24; static j 10.4.1.67/24
ok 'they are there' reaches i 10.4.1.1; reaches j 10.4.1.1 >/dev/null
same 'by hand: none of it is heard' 0 "$(heard_of i j)"
same 'by hand: nor the other way' 0 "$(heard_of j i)"
ok 'by hand: they reach each other' reaches i 10.4.1.67
ok 'the network serves: DHCP' dhcp j
has 'an address of ours' '^10.4.1.1' "$(dhcp_value j ip)"
router() { inns "$1" ip -6 route show default | grep -o 'via fe80::[^ ]*' | head -1; }
announced() { inns "$1" ip -6 addr show dev eth0 scope global | grep -c fd00:41; }
ok 'and its advertisements come' until_is 1 announced j

# Attached ones are in the table before they are on the bridge, so without a frame of anybody.
for g in a b; do
	ip netns add $g; inns $g sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	ok "attach $g" vnm -q net-attach n --netns $g
done
inns a sysctl -qw net.ipv6.conf.all.disable_ipv6=1
same 'attached: none of it is heard' 0 "$(heard_of a b)"
same 'attached, by another: none' 0 "$(heard_of i a)"
same 'another, by an attached one: none' 0 "$(heard_of b i)"

### Somebody else's flush, or a rule among ours, is seen and put right.
nft flush ruleset
has 'flushed: seen' '^Degraded: .*frame filter of br-n' "$(vnm net-info n)"
same 'flushed: all is heard' $ALL_HEARD "$(heard_of i a)"
ok 'flushed: repaired' vnm -q net-repair n
has 'flushed: whole' '^ n  *active ' "$(vnm net-list)"
same 'flushed: none is heard' 0 "$(heard_of i a)"
nft insert rule bridge vnetmgr forward accept
has 'a rule before ours: seen' "frame filter of br-n .somebody has changed table 'vnetmgr' of nf_tables" "$(vnm net-info n)"
ok 'a rule before ours: repaired' vnm -q net-repair n
same 'a rule before ours: none is heard' 0 "$(heard_of i a)"
nft replace rule bridge vnetmgr guests handle "$(nft -a list chain bridge vnetmgr guests | sed -n 's/.*iifname.*handle //p;s/.*ibrname.*handle //p' | head -1)" counter
has 'a rule of ours replaced: seen' '^Degraded: .*frame filter' "$(vnm net-info n)"
ok 'a rule of ours replaced: repaired' vnm -q net-repair n
nft delete element bridge vnetmgr bridges "{ $(cat /sys/class/net/br-n/address) }"
has 'an element gone: seen' '^Degraded: .*frame filter of br-n' "$(vnm net-info n)"
ok 'an element gone: repaired' vnm -q net-repair n

### Another network's elements stay when one goes; the last takes the table.
sed 's/>n</>m</; s/br-n/br-m/; s/10.4.1/10.4.2/g; s/fd00:41/fd00:42/' "$T/n.xml" >"$T/m.xml"
ok 'a second network' vnm -q net-create "$T/m.xml"
ok 'one of them goes' vnm -q net-destroy m
same 'the other is guarded as before' 0 "$(heard_of i a)"
vnm -q net-destroy n
same 'no table is left' '' "$(frame_tables)"

### Who may send it.
for kind in free internal static; do
	ok "$kind" vnm -q net-create "$T/$kind.xml"
	ip link set i master br-n; ip link set j master br-n; reaches j 10.4.1.1 >/dev/null
	same "$kind: all is heard" $ALL_HEARD "$(heard_of i j)"
	vnm -q net-destroy n
done

### With the spanning tree, without a word of anybody.
ok 'with the spanning tree' vnm -q net-create "$T/stp.xml"
for g in i j; do ip link set $g down; inns $g sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1; inns $g ip addr flush dev eth0; done
for g in i j; do ip link set $g master br-n; ip link set $g up; done
state() { cat /sys/class/net/$1/brport/state; }
ok 'they forward' until_is 3 state i; ok 'both' until_is 3 state j
same 'spanning tree: none is heard' 0 "$(heard_of i j)"

### A change while it is active.
vnm -q net-destroy n
vnm -q net-define "$T/n.xml"; vnm -q net-start n
ip link set i master br-n; ip link set j master br-n; static j 10.4.1.67/24
reaches j 10.4.1.1 >/dev/null
same 'guarded' 0 "$(heard_of i j)"
sed -i "s|<name>|<uuid>$(vnm net-uuid n | tr -d ' ')</uuid>&|" "$T/free.xml" "$T/n.xml"
ok 'they may from now on' vnm -q net-apply "$T/free.xml"
same 'all is heard' $ALL_HEARD "$(heard_of i j)"
ok 'no more' vnm -q net-apply "$T/n.xml"
reaches j 10.4.1.1 >/dev/null
same 'none is heard' 0 "$(heard_of i j)"
vnm -q net-destroy n; vnm -q net-undefine n
leave i j; for g in a b; do ip netns del $g; done
same 'nothing is left' "$before" "$(snapshot; frame_tables)"

### The switches behind an uplink.
ip netns add lan; ip link add lan0 type veth peer name p0 netns lan; ip link set lan0 up
inns lan sh -c 'ip link add name sw type bridge stp_state 1 forward_delay 200; ip link set sw up; ip link set p0 master sw up; ip link set lo up'
ip addr add 192.0.2.2/24 dev lan0; inns lan ip addr add 192.0.2.1/24 dev sw
sw() { inns lan cat "/sys/class/net/sw/bridge/$1"; }
sw_port() { inns lan cat /sys/class/net/p0/brport/state; }
ok 'the LAN forwards' until_is 3 sw_port
cat >"$T/u.xml" <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>u</name><forward mode='bridge'/><bridge name='br-u' stp='off'/>
<vnm:uplink dev='lan0'/></network>
X
# BPDUs of all kinds, and what else is for switches: to the LAN nothing of it
bpdu() { echo "0180c2000000${1}00264242030000000000${2}00000000${2}8001000006000200ffff0000000000000000"; }
for_switches() { # for_switches SRC
	bpdu "$1" 0000000000000001
	bpdu "$1" "$(sw bridge_id | tr -d .)"
	tagged "$(bpdu "$1" 0000000000000001)"
	for dst in 0180c200000e 0180c2000003 0180c2000008 0180c2000021 01000ccccccd 01000ccccccc; do
		echo "${dst}${1}88cc0207c0ffee"
	done
}
attack() { sends "$1" $(for_switches "$(mac_of "$1")") "$(mark "$(mac_of "$1")")"; }
# lan_hears GUEST: how much of it
lan_hears() {
	from=$(mac_of "$1")
	hears lan p0; attack "$1"; heard || { echo 'no mark'; return; }
	grep -c "^\(0180c2\|01000c\).\{6\}$from" "$T/heard.lan"
}
uplink() { # uplink WHAT GUESTS...: none of it reaches the LAN, whose tree stays as it is
	what=$1; shift
	ours=$(sw bridge_id)
	for g in "$@"; do
		same "$what, $g: the LAN hears nothing" 0 "$(lan_hears "$g")"
		same "$what, $g: the LAN's root" "$ours" "$(sw root_id)"
		same "$what, $g: the LAN's port" 3 "$(sw_port)"
	done
	ok "$what: the LAN is in reach" ping -n -c 1 -W 2 192.0.2.1
}
ok 'uplink' vnm -q net-create "$T/u.xml"
guest g br-u; ip netns add h; ok 'attached' vnm -q net-attach u --netns h
uplink 'spanning tree off' g h
# What the LAN's server sends reaches guests, and guests hear each other's BPDUs: a loop is found.
hears g eth0; from=$(inns lan cat /sys/class/net/p0/address | tr -d :)
inns lan "$FRAME" p0 send "$(offer $ALL "$from")" "$(ra $ALL6 "$from")" "$(mark "$from")"; heard
same "the LAN's server is heard" 2 "$(grep -c c0ffee "$T/heard.g")"
hears g eth0; attack h; heard
has 'a guest hears the other' '^0180c2000000' "$(cat "$T/heard.g")"
nft flush ruleset
has 'flushed: seen' '^Degraded: .*frame filter of br-u' "$(vnm net-info u)"
no 'flushed: the LAN hears it' [ "$(lan_hears g)" = 0 ]
ok 'repaired' vnm -q net-repair u
vnm -q net-destroy u
ok 'the LAN forwards' until_is 3 sw_port; ok 'its root is back' until_is "$(sw bridge_id)" sw root_id

# With the spanning tree our bridge speaks with the LAN's: of its own root, and never of one behind a guest.
sed "s/stp='off'/stp='on' delay='0'/" "$T/u.xml" >"$T/us.xml"
ok 'uplink with the spanning tree' vnm -q net-create "$T/us.xml" --guard 0 2>/dev/null || vnm -q net-create "$T/us.xml"
ip link set g master br-u
g_state() { cat /sys/class/net/g/brport/state; }
ok 'the guest forwards' until_is 3 g_state
root=$(sw root_id)
attack g
hears lan p0; bpdus=$(mark "$(mac_of g)"); sleep 3; sends g "$bpdus"; heard
no 'the LAN hears of no root behind a guest' grep -q '^0180c2000000.\{36\}0000000000000001' "$T/heard.lan"
same "the LAN's root is as it was" "$root" "$(sw root_id)"
vnm -q net-destroy u

# It can be allowed.
sed "s|<vnm:uplink|<vnm:guests bridges='yes'/>&|" "$T/u.xml" >"$T/ub.xml"
ok 'guests may be bridges' vnm -q net-create "$T/ub.xml"
ip link set g master br-u
no 'the LAN hears them' [ "$(lan_hears g)" = 0 ]
same 'no table for that' '' "$(frame_tables)"
vnm -q net-destroy u

# A dry run shows the elements that this kernel gets.
elements() { vnm "$@" --dry-run | sed -n "s/^nft [a-z]* element bridge vnetmgr \([^ ]*\) '\(.*\)'\$/\1 \2/p"; }
absent() { while read -r set element; do nft get element bridge vnetmgr "$set" "$element" >/dev/null 2>&1 || echo "$set $element"; done; }
vnm -q net-define "$T/n.xml"; ip netns add gd
shown=$(elements net-start n) sets=2
ok 'it starts' vnm -q net-start n
shown="$shown
$(elements net-attach n --netns gd --ip auto --mac 52:54:00:00:00:77)"
ok 'a guest' vnm -q net-attach n --netns gd --ip auto --mac 52:54:00:00:00:77
same 'shown, and not there' '' "$(echo "$shown" | absent)"
ok 'of network and guest' [ "$(echo "$shown" | grep -c .)" -ge 4 ]
same 'a stop shows them, too' "$(echo "$shown" | head -n $sets | sort)" "$(elements net-destroy n | grep -v -e at_home -e 52:54:00:00:00:77 -e stations -e hairpins | sort)"
vnm -q net-detach n gd; ip netns del gd; vnm -q net-destroy n; vnm -q net-undefine n

# Of several networks in one command all is one transaction, and one question whether there can be such a table.
transactions() { strace -qq -o "$T/trace" -e trace=sendto "$VNETMGR" -q "$@" >/dev/null 2>&1; grep NFNL_MSG_BATCH_BEGIN "$T/trace" | grep -c AF_BRIDGE; }
if optional strace; then
	for i in 1 2 3; do
		echo "<network><name>k$i</name><bridge name='br-k$i' stp='off'/><ip address='192.168.18$i.1' prefix='24'><dhcp><range start='192.168.18$i.2' end='192.168.18$i.9'/></dhcp></ip></network>" >"$T/k.xml"
		vnm -q net-define "$T/k.xml"
	done
	same 'three come: one transaction' 1 "$(transactions net-start k1 k2 k3)"
	nft delete table bridge vnetmgr
	same 'nothing is there: one question' 1 "$(transactions net-list)"
	same 'and the answer' 3 "$(vnm -q net-list | grep -c ' degraded ')"
	ok 'repaired' vnm -q net-repair --all
	same 'three go: one transaction' 1 "$(transactions net-destroy k1 k2 k3)"
	same 'and the table' '' "$(frame_tables)"
fi
finish
