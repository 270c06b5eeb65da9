#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Devices that others have put on a network's bridge are back on it after a stop and a start, after somebody deleted the
# bridge, and with what they may do there; but not what has left it by somebody's wish, or is another device. While the
# network is down they are as they were, and their guests do not get to the host.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
R=$VNETMGR_ROOT/run/vnetmgr

IP="<ip address='10.81.1.1' prefix='24'/><ip family='ipv6' address='fd00:81::1' prefix='64'/>"
define() { echo "<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name>$1</network>" >n.xml; ok "define $1" vnm -q net-define n.xml; }
on() { ip -o link show "$1" 2>/dev/null | grep -q "master $2 "; }
off() { ! ip -o link show "$1" | grep -q 'master '; }
isup() { ip -o link show "$1" | grep -q '[<,]UP[,>]'; }
port() { bridge -d link show dev "$1" | grep -oE "$2 (on|off)"; }
settings() { for s in ipv6/conf/$1/disable_ipv6 ipv4/conf/$1/arp_ignore ipv4/conf/$1/rp_filter; do cat /proc/sys/net/$s; done; }
linklocal() {	# linklocal COMMAND...: until "COMMAND ip addr" has an address that it can send from
	n=0; until "$@" ip -6 addr show dev eth0 scope link | grep -v tentative | grep -q fe80; do n=$((n + 1)); [ $n -lt 2000 ] || return 1; done
}
# apart GUEST: it gets no answer from the host, whichever of its addresses it asks
apart() {
	inns "$1" ping -n -c 1 -W 1 -L ff02::1%eth0 >apart6 2>&1 & ping6=$!
	no "$1: nobody says that he has the host's address" inns "$1" busybox arping -c 1 -w 1 -I eth0 "$UPLINK"
	wait $ping6; same "$1: no answer by IPv6" 1 $?
}

before=$(snapshot)
for mode in nat route open isolated internal uplink; do
	case $mode in
	uplink) ip link add nic0 type veth peer name nic1; ip link set nic0 up; ip link set nic1 up
		define "<forward mode='bridge'/><bridge name='br-n'/><vnm:uplink dev='nic0'/>" ;;
	isolated) define "<bridge name='br-n' stp='off'/>$IP" ;;
	internal) define "<bridge name='br-n' stp='off'/>" ;;
	*) define "<forward mode='$mode'/><bridge name='br-n' stp='off'/>$IP" ;;
	esac
	ok "$mode: start" vnm -q net-start n
	guest ga br-n; guest gb br-n
	inns ga ip addr add 10.81.1.10/24 dev eth0; inns gb ip addr add 10.81.1.11/24 dev eth0
	[ $mode != nat ] || { bridge link set dev ga isolated on; bridge link set dev gb hairpin on; bridge link set dev gb learning off; }
	case $mode in nat | internal) ok "$mode: the guest can send" linklocal ip netns exec ga; esac
	was=$(settings ga)
	has "$mode: what a stop would do" '^ip link set dev gb nomaster$' "$(vnm net-destroy n --dry-run)"
	ok "$mode: stop" vnm net-destroy n
	has "$mode: they are named" "^warning: network 'n' is stopped with ports of others on its bridge: (ga, gb|gb, ga); they are cut off, and restored when it starts$" "$(cat out)"
	ok "$mode: theirs stays up" isup ga
	[ $mode != uplink ] || ip link set gb address 02:00:00:00:00:77	# as when it is another one
	case $mode in nat | internal) apart ga; esac
	has "$mode: what a start would do" '^ip link set dev ga master br-n$' "$(vnm net-start n --dry-run)"
	no "$mode: and does not do: set up" sh -c "'$VNETMGR' net-start n --dry-run | grep 'dev ga up'"
	ok "$mode: start again" vnm net-start n
	ok "$mode: ga is on the bridge" on ga br-n
	same "$mode: its settings are what they were" "$was" "$(settings ga)"
	if [ $mode = uplink ]; then
		ok "$mode: another device of the name is not restored" off gb
	else
		ok "$mode: so is gb" on gb br-n
	fi
	if [ $mode = nat ]; then
		same "$mode: what ga may not" 'isolated on' "$(port ga isolated)"
		same "$mode: what gb may" 'hairpin on' "$(port gb hairpin)"
		same "$mode: what gb does not" 'learning off' "$(port gb learning)"
		ok "$mode: ga reaches the host" reaches ga 10.81.1.1
	elif [ $mode != uplink ]; then
		ok "$mode: they reach each other" reaches ga 10.81.1.11
	fi

	# Somebody deletes the bridge.
	ok "$mode: looked at" vnm net-info n
	ip link del br-n
	ok "$mode: repair" vnm net-repair n
	[ $mode = uplink ] || has "$mode: names them" '^Network n repaired: .*, (ga, gb|gb, ga)$' "$(cat out)"
	ok "$mode: ga is on the bridge again" on ga br-n
	[ $mode != nat ] || same "$mode: what ga may not, still" 'isolated on' "$(port ga isolated)"
	ok "$mode: whole" sh -c "'$VNETMGR' net-list | grep -E '^ n +active'"

	# Taken off by its owner, it stays off.
	ip link set ga nomaster
	ok "$mode: a repair" vnm net-repair n
	ok "$mode: does not want it" off ga
	vnm -q net-destroy n; ok "$mode: nor does a start" vnm -q net-start n; ok "$mode: want it" off ga
	ok "$mode: stop at last" vnm -q net-destroy n
	leave ga gb
	ok "$mode: start without them" vnm net-start n
	same "$mode: nothing to report of others" 'Network n started' "$(grep -v '^hint: the outside' out)"
	no "$mode: nothing is kept" ls "$R/n.others"
	vnm -q net-destroy n; vnm -q net-undefine n
	[ $mode != uplink ] || ip link del nic0
done

### Whatever became of them while the network was down.
define "<bridge name='br-n' stp='off'/>$IP"
again() { vnm -q net-start n 2>/dev/null; for g; do guest "$g" br-n; done; vnm -q net-destroy n 2>/dev/null; }

again ga gb gc gd
ip link add other type bridge; ip link set ga master other
index=$(cat /sys/class/net/gb/ifindex); ip link del gb; ip link add gb index "$index" type veth peer name eth0 netns gb
ip addr add 192.0.2.1/24 dev gc
ip link set gd name renamed
ok 'start' vnm net-start n; cp out output
has 'on another bridge' "^warning: device 'ga', which others had put on the bridge of network 'n', is not restored: it is on another bridge by now" "$(cat output)"
ok 'stays there' on ga other
same 'and has its settings' '0 0 0' "$(settings ga | tr '\n' ' ' | sed 's/ $//')"
ok 'another device of the number and name' off gb
has 'one that the host uses' "^warning: device 'gc', .* is not restored: device 'gc' has the address 192.0.2.1/24 by now" "$(cat output)"
ok 'stays off' off gc
ok 'one of another name' off renamed
same 'no more is told' 3 "$(grep -c . output)"
vnm -q net-destroy n; ip link del other; ip link del renamed; ip netns del gd
leave ga gb gc

# Of another boot.
again ga
sed -i "2s/^./$(sed -n '2s/^\(.\).*/\1/p' "$R/n.others" | tr '0-9a-f' '1-9a-f0')/" "$R/n.others"
ok 'another boot' vnm -q net-start n; ok 'knows nothing' off ga
vnm -q net-destroy n; leave ga
# Damaged.
again ga; echo junk >"$R/n.others"
ok 'a damaged record' vnm -q net-start n; ok 'is none' off ga
vnm -q net-destroy n; leave ga

# By another name.
again ga
ok 'rename' vnm net-rename n m; ok 'start' vnm -q net-start m; ok 'it goes with it' on ga br-n
vnm -q net-destroy m; ok 'back' vnm -q net-rename m n
# A restart with another definition.
define "<bridge name='br-m' stp='off'/>$IP"
ok 'on another bridge of the same network' vnm -q net-apply n.xml; ok 'it is' on ga br-m
# Undefined, it is forgotten.
vnm -q net-destroy n; vnm -q net-undefine n; no 'forgotten' ls "$R/n.others"
ok 'create' vnm -q net-create n.xml; ok 'it is off' off ga; ip link set ga master br-m
ok 'destroy' vnm net-destroy n
has 'what was transient does not come back' 'on its bridge: ga; they are cut off$' "$(cat out)"
leave ga

# A command that is killed anywhere: the next one carries on.
define "<bridge name='br-n' stp='off'/>$IP"
if command -v strace >/dev/null; then
	vnm -q net-start n; guest ga br-n; was=$(settings ga)
	for call in openat:12 sendmsg:4 sendmsg:9 renameat2:2 renameat:1 unlinkat:2; do
		for command in net-destroy net-start; do
			timeout 20 strace -o /dev/null -e "inject=${call%:*}:signal=KILL:when=${call#*:}+" \
				"$VNETMGR" -q $command n >/dev/null 2>&1
		done
		vnm -q net-list --all >/dev/null 2>&1; vnm -q net-start n >/dev/null 2>&1; vnm -q net-repair n >/dev/null 2>&1
		ok "killed at $call: it is on the bridge" on ga br-n
		same "killed at $call: as it was" "$was" "$(settings ga)"
	done
	vnm -q net-destroy n 2>/dev/null; leave ga
fi
vnm -q net-undefine n
for f in ipv4/ip_forward ipv6/conf/all/forwarding; do echo 0 >/proc/sys/net/$f; done
same 'no trace is left' "$before" "$(snapshot)"
finish
