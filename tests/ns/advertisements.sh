#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A host that has its IPv6 from router advertisements keeps it while networks forward, whichever was first: devices that
# listen as hosts do (accept_ra 1) listen as routers may (2), until the last network is gone. A real router advertises.
. "$srcdir/tests/lib/ns.sh"
need strace
cd "$T" || exit 1
conf() { cat "/proc/sys/net/ipv6/conf/$1/accept_ra"; }
set_conf() { echo "$2" >"/proc/sys/net/ipv6/conf/$1/accept_ra"; }
values() { for dev; do printf '%s ' "$dev=$(conf "$dev")"; done; }
forwarding() { cat /proc/sys/net/ipv6/conf/all/forwarding; }
soon() { what=$1; shift; i=0; until "$@" >/dev/null 2>&1; do i=$((i + 1)); [ $i -lt 150 ] || break; sleep 0.1; done; ok "$what" "$@"; }
learnt() { ip -6 route show default dev "$1" proto ra | grep -q via && ip -6 addr show dev "$1" dynamic | grep -q 2001:db8:9:; }
net() { cat >"$1.xml" && vnm -q net-define "$1.xml"; }

### The router: a dnsmasq in a namespace of its own, behind eth9.
ip netns add rt && ip link add eth9 type veth peer name r9 netns rt && inns rt sh -c 'echo 0 >/proc/sys/net/ipv6/conf/r9/accept_dad; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding' &&
	inns rt ip addr add 2001:db8:9::1/64 dev r9 nodad && inns rt ip link set r9 up && ip link set eth9 up || exit 1
advertise() {
	ip netns exec rt dnsmasq --no-daemon --conf-file=/dev/null --port=0 --enable-ra --ra-param=r9,4,600 --interface=r9 \
		--dhcp-range=::,constructor:r9,ra-only --dhcp-leasefile=/dev/null --user=root >router.log 2>&1 &
	router=$!
}
hush() { kill "$router"; wait "$router" 2>/dev/null; }
forget() { ip link set eth9 down; ip link set eth9 up; }	# what was learnt goes

net v6 <<'X'
<network><name>v6</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-v6' stp='off'/><ip family='ipv6' address='fd00:77::1' prefix='64'/></network>
X
net ro <<'X'
<network><name>ro</name><forward mode='route'/><bridge name='br-ro' stp='off'/><ip family='ipv6' address='fd00:78::1' prefix='64'/></network>
X
net v4 <<'X'
<network><name>v4</name><forward/><bridge name='br-v4' stp='off'/><ip address='192.168.77.1' prefix='24'/></network>
X
net iso <<'X'
<network><name>iso</name><bridge name='br-iso' stp='off'/><ip family='ipv6' address='fd00:79::1' prefix='64'/></network>
X
ip -6 route del default dev uplink0; ip -6 addr flush dev uplink0	# at home on two links, the host would be a router for others
before=$(values eth9 uplink0 default lo)
same 'the host listens as hosts do' 'eth9=1 uplink0=1 default=1 lo=1 ' "$before"
ok 'IPv4 alone' vnm -q net-start v4
ok 'an isolated network' vnm -q net-start iso
same 'change nothing' "$before" "$(values eth9 uplink0 default lo)"
vnm -q net-destroy --all

### Told beforehand.
dry=$(vnm net-start v6 --dry-run 2>&1)
has 'the dry run has the step' '^ *# accept_ra=2 where it is 1' "$dry"
has 'and the devices' 'accept_ra would be set from 1 to 2.*: .*eth9' "$dry"
same 'and does nothing' "$before" "$(values eth9 uplink0 default lo)"

### The network first, then the advertisement.
ok 'start' vnm -q net-start v6
same 'it forwards' 1 "$(forwarding)"
same 'devices of the host listen even so, and so will new ones' 'eth9=2 uplink0=2 default=2 lo=1 br-v6=0 ' "$(values eth9 uplink0 default lo br-v6)"
advertise
soon 'an advertisement that comes later is taken' learnt eth9
has 'the network is whole' '^ v6 +active ' "$(vnm net-list)"

### Devices that come later, guests' devices, and what somebody sets.
ip link add eth8 type veth peer name p8
same 'a new one listens' 2 "$(conf eth8)"
guest g br-v6; set_conf g 1
ip netns add a; ok 'attach' vnm -q net-attach v6 --netns a --ip auto
ok 'a repair with nothing to do' vnm -q net-repair v6
same 'ports of guests are left alone' 1 "$(conf g)"
ip link set g nomaster; set_conf g 0; ip link set g master br-v6
same 'attached guests have no IPv6 here' 1 "$(cat /proc/sys/net/ipv6/conf/vnet0/disable_ipv6)"
set_conf eth8 1
has 'one that is deaf is told' '^ v6 +degraded ' "$(vnm net-list)"
has 'by name' 'accept_ra is 1: eth8\)' "$(vnm net-info v6)"
ok 'repair' vnm -q net-repair v6
same 'it listens' 2 "$(conf eth8)"
has 'whole' '^ v6 +active ' "$(vnm net-list)"
ip link set eth8 name eth88

### Shared: the last one gives back.
ok 'a second network' vnm -q net-start ro
ok 'the first goes' vnm -q net-destroy v6
same 'the second needs it' 'eth9=2 uplink0=2 default=2 eth88=2 1' "$(values eth9 uplink0 default eth88)$(forwarding)"
set_conf uplink0 0; vnm -q net-detach v6 vnet0
ok 'the last goes' vnm -q net-destroy ro
same 'all is back, but for what somebody has changed; a device may have another name by now' 'eth9=1 uplink0=0 default=1 eth88=1 0' "$(values eth9 uplink0 default eth88)$(forwarding)"
ok 'what was learnt stayed' learnt eth9
no 'no record stays' ls "$VNETMGR_ROOT/run/vnetmgr/accept_ra"
set_conf uplink0 1
# A router for others by now keeps the switch, and so its own routes.
ip addr add 2001:db8:113::2/64 dev uplink0 nodad
ok 'start' vnm -q net-start v6; ok 'stop' vnm -q net-destroy v6
same 'the switch stays on, and what goes with it' 'eth9=2 1' "$(values eth9)$(forwarding)"
no 'and nothing of it is ours' ls "$VNETMGR_ROOT/run/vnetmgr/accept_ra"
echo 0 >/proc/sys/net/ipv6/conf/all/forwarding; ip -6 addr flush dev uplink0; for dev in eth9 eth88 uplink0 default; do set_conf $dev 1; done

### The advertisement first.
for net in v6 ro; do
	ok "start of $net with routes learnt" vnm -q net-start "$net"
	ok "$net: they stay" learnt eth9
	forget; soon "$net: and come again" learnt eth9
	ok "stop of $net" vnm -q net-destroy "$net"
	same "back after $net" "$before" "$(values eth9 uplink0 default lo)"
done
ok 'a live change to IPv6: start' vnm -q net-start v4
ok 'change' vnm -q net-update v4 add ip "<ip family='ipv6' address='fd00:76::1' prefix='64'/>" --live
same 'listens as well' 'eth9=2 1' "$(values eth9)$(forwarding)"
ok 'the routes stay' learnt eth9
ok 'stop' vnm -q net-destroy v4
same 'back' "$before" "$(values eth9 uplink0 default lo)"

### At boot, before anything was heard: nothing is left of the last run but records of it.
hush; forget
ok 'marked for autostart' vnm -q net-autostart v6; ok 'up' vnm -q autostart
cp -a "$VNETMGR_ROOT/run/vnetmgr" old; vnm -q net-destroy v6
rm -rf "$VNETMGR_ROOT/run/vnetmgr"; cp -a old "$VNETMGR_ROOT/run/vnetmgr"
find "$VNETMGR_ROOT/run/vnetmgr" -type f ! -name lock ! -name owner | xargs sed -i 's/[0-9a-f]\{8\}\(-[0-9a-f]\{4\}\)\{3\}-[0-9a-f]\{12\}/00000000-0000-4000-8000-000000000000/'
set_conf default 0
ok 'boot' vnm -q autostart
same 'listens' 'eth9=2 default=0 1' "$(values eth9 default)$(forwarding)"
advertise; soon 'learns' learnt eth9
ok 'stop' vnm -q net-destroy v6
same 'back; a record of another boot is none' 'eth9=1 default=0 ' "$(values eth9 default)"
set_conf default 1

### Killed in between: the next command rolls it back.
for call in 1 2 3 4; do
	strace -qq -o /dev/null -e trace=write -e inject=write:signal=KILL:when=$call -P /proc/sys/net/ipv6/conf/default/accept_ra -P /proc/sys/net/ipv6/conf/eth9/accept_ra \
		-P /proc/sys/net/ipv6/conf/uplink0/accept_ra -P /proc/sys/net/ipv6/conf/all/forwarding "$VNETMGR" -q net-start v6 >/dev/null 2>&1
	[ $? -eq 137 ] || ok "write $call is one" false
	vnm -q net-list >/dev/null 2>&1
	same "killed at write $call" "$before" "$(values eth9 uplink0 default lo)"
	ok 'nothing forgotten' learnt eth9
done

### The bridge in the place of eth9 listens as that did; eth9 is not deaf when it comes back.
cat >lan.xml <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>lan</name><forward mode='bridge'/><bridge name='br-lan'/><vnm:uplink dev='eth9'/></network>
X
ok 'define' vnm -q net-define lan.xml
ok 'the bridge first' vnm -q net-start lan; ok 'then forwarding' vnm -q net-start v6
same 'the bridge listens' 2 "$(conf br-lan)"
has 'whole' '^ lan +active ' "$(vnm net-list)"
ok 'the bridge goes' vnm -q net-destroy lan
same 'the device listens' 2 "$(conf eth9)"
has 'whole' '^ v6 +active ' "$(vnm net-list)"
ok 'the bridge again' vnm -q net-start lan
same 'it listens' 2 "$(conf br-lan)"
vnm -q net-destroy --all
same 'back' "$before" "$(values eth9 uplink0 default lo)"

### Where somebody else has switched forwarding on, who is deaf is so by choice.
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
ok 'start' vnm -q net-start v6
same 'nothing is changed' "$before" "$(values eth9 uplink0 default lo)"
has 'nothing is missing' '^ v6 +active ' "$(vnm net-list)"
vnm -q net-destroy v6
hush
finish
