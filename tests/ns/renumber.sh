#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A network gets other subnets while guests are attached: those whose addresses were found for them have new ones, routes,
# names and reservations with them; who is cut off is named beforehand, then, and as long as it is so.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
R=$VNETMGR_ROOT
# subnet NUMBER [PREFIX]: a definition with 10.NUMBER.0.0 and fd00:NUMBER::
subnet() {
	cat >n.xml <<-X
	<network><name>n</name><uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7</uuid><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/><domain name='lab'/>
	<ip address='10.$1.0.1' prefix='${2:-24}'><dhcp><range start='10.$1.0.100' end='10.$1.0.200'/></dhcp></ip>
	<ip family='ipv6' address='fd00:$1::1' prefix='64'/></network>
	X
}
addresses() { inns "$1" ip -o addr show dev eth0 scope global | awk '{ print $4 }' | sort | xargs; }
listed() { vnm -q net-port-list n | awk -v g="$1" '$0 ~ " " g "( |$)"'; }
name() { dig +short +time=2 +tries=2 "@$1" "$2.lab" "$3"; }
hosts() { cat "$R/run/vnetmgr/dnsmasq/n/hosts"; }
follows() { # follows WHAT NUMBER LEN
	same "$1: the addresses" "10.$2.0.2/$3 fd00:$2::2/64" "$(addresses web)"
	has "$1: they are on record" "10\.$2\.0\.2/$3 fd00:$2::2/64" "$(listed web)"
	same "$1: one way out" "default via 10.$2.0.1 default via fd00:$2::1" "$(inns web sh -c 'ip route; ip -6 route' | grep -v 'proto ra' | sed -n 's/^\(default via [^ ]*\).*/\1/p' | xargs)"
	ok "$1: it leads out" web web $SERVER
	ok "$1: IPv6, too" web web "[$SERVER6]"
	same "$1: the name" "10.$2.0.2" "$(name 10.$2.0.1 web A)"
	same "$1: for IPv6" "fd00:$2::2" "$(name 10.$2.0.1 web AAAA)"
	has "$1: the reservation" "^52:54:00:00:00:03(,id:\*)?,10\.$2\.0\.[0-9]+" "$(hosts)"
}

subnet 30; ok 'define' vnm -q net-define n.xml; ok 'start' vnm -q net-start n
for g in web db box; do ip netns add $g; inns $g sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/autoconf'; done
ok 'one with addresses found for it' vnm -q net-attach n --netns web --ip auto --hostname web --mac 52:54:00:00:00:01
ok 'one with its own' vnm -q net-attach n --netns db --ip 10.30.0.9
ok 'one by DHCP' vnm -q net-attach n --netns box --ip dhcp
ok 'a machine' vnm -q net-attach n --tap tap-vm --ip auto --mac 52:54:00:00:00:03
guest alien br-n; ok 'somebody else' dhcp alien
follows 'at first' 30 24
alien=$(inns alien cat /sys/class/net/eth0/address)

### A dry run reports it.
subnet 31
dry=$(vnm net-apply --dry-run n.xml 2>&1)
has 'reported: the new address' "guest 'vnet0' \(web\) would get 10\.31\.0\.2/24 in place of 10\.30\.0\.2/24" "$dry"
has 'reported: of both families' "guest 'vnet0' \(web\) would get fd00:31::2/64 in place of fd00:30::2/64" "$dry"
has 'reported: who is cut off' "guest 'vnet1' \(db\) would be cut off: its address 10\.30\.0\.9 " "$dry"
has 'reported: who has a lease' "would be outside of the subnets of network 'n': .*10\.30\.0\.[0-9]+ of $alien" "$dry"
follows 'a dry run' 30 24

### What was made of a guest cannot be read for a moment: nothing of it is forgotten.
if optional strace; then
	subnet 34
	timeout 60 strace -qq -o "$T/trace" -P "$R/run/vnetmgr/attachments/n/vnet0.journal" -e trace=read -e inject=read:error=EIO "$VNETMGR" net-apply n.xml >"$T/out" 2>&1
	has 'the error is injected' INJECTED "$(cat "$T/trace")"
	has 'and reported' "vnet0.*Input/output error" "$(cat "$T/out")"
	vnm net-repair n >/dev/null 2>&1
	same 'the old address is gone' '10.34.0.2/24 fd00:34::2/64' "$(addresses web)"
	subnet 30; ok 'back' vnm -q net-apply n.xml
fi
subnet 31

### A live change.
out=$(vnm net-apply n.xml 2>&1)
has 'the new address' "guest 'vnet0' \(web\) gets 10\.31\.0\.2/24 in place of 10\.30\.0\.2/24" "$out"
has 'the machine asks itself' "guest 'tap-vm' gets 10\.31\.0\.[0-9]+/24 in place of 10\.30\.0\.[0-9]+/24 when it asks by DHCP" "$out"
has 'who is cut off' "guest 'vnet1' \(db\) is cut off: its address 10\.30\.0\.9 .*net-detach n vnet1" "$out"
has 'who has a lease' "outside of the subnets of network 'n': .*10\.30\.0\.[0-9]+ of $alien" "$out"
follows 'a live change' 31 24
has 'the client has asked again' '^10\.31\.0\.' "$(addresses box)"
has 'the state of one' "degraded \(address outside of the network's subnets\)" "$(listed db)"
has 'of the others' ' attached( |$)' "$(listed web)"
has 'of the network' '^ n +degraded ' "$(vnm net-list)"
has 'by name' '^Degraded: .*guest vnet1 \(db\) has an address outside of the network.s subnets: 10\.30\.0\.9' "$(vnm net-info n)"
no 'a repair cannot choose for it' vnm net-repair n
has 'and reports it' 'guest vnet1 \(db\) has an address outside' "$(cat "$T/out")"
ok 'detach' vnm -q net-detach n vnet1
has 'whole without it' '^ n +active ' "$(vnm net-list)"
ok 'again' vnm -q net-attach n --netns db --ip 10.31.0.9

for dev in $(vnm -q net-port-list n | awk '/ box( |$)/ { print $1 }'); do vnm -q net-detach n $dev; done; leave alien
### By parts.
ok 'a second subnet' vnm -q net-update n add ip "<ip address='10.32.0.1' prefix='24'></ip>" --live
same 'is no reason to move' '10.31.0.2/24 fd00:31::2/64' "$(addresses web)"
steps=$(vnm net-update n delete ip "<ip address='10.31.0.1'/>" --live --dry-run 2>&1)
has 'a step of the dry run' "~ guest 'vnet0' \(web\) would get 10\.32\.0\.2/24" "$steps"
ok 'the first goes' vnm -q net-update n delete ip "<ip address='10.31.0.1'/>" --live
same 'it moves' '10.32.0.2/24 fd00:31::2/64' "$(addresses web)"
ok 'it reaches' reaches web 10.32.0.1

### A restart, of a definition that was changed meanwhile.
subnet 33; ok 'define' vnm -q net-define n.xml
has 'nothing yet' '^10\.32\.0\.2/24' "$(addresses web)"
vnm -q net-destroy n >/dev/null 2>&1
has 'reported beforehand' "guest 'vnet0' \(web\) would get 10\.33\.0\.2/24" "$(vnm net-start n --dry-run 2>&1)"
out=$(vnm net-start n 2>&1)
has 'who is cut off' "guest 'vnet1' \(db\) is cut off: its address 10\.31\.0\.9 " "$out"
follows 'a restart' 33 24
ok 'detach' vnm -q net-detach n db

### The same subnet, larger.
subnet 33 16; ok 'a larger one' vnm -q net-apply n.xml
follows 'larger' 33 16

### The address becomes the host's.
subnet 33; sed -i 's/10.33.0.1.\( prefix\)/10.33.0.2'"'"'\1/' n.xml
ok "the host's own moves" vnm -q net-apply n.xml
has 'the guest makes way' '^10\.33\.0\.[13-9][0-9]*/24' "$(addresses web)"
ok 'and finds the host' reaches web 10.33.0.2
same 'one way out' 'default via 10.33.0.2' "$(inns web ip route | sed -n 's/^\(default via [^ ]*\).*/\1/p')"

### A command that ended when the list was written, and nothing else: a repair does the rest.
was=$(addresses web | sed 's|/.*||')
sed -i "s/address='$was'/address='10.33.0.77'/" "$R/var/lib/vnetmgr/attachments/n.xml"
has 'seen' "^Degraded: .*guest vnet0 \(web\) lacks address 10\.33\.0\.77" "$(vnm net-info n)"
ok 'repaired' vnm -q net-repair n
same 'it has the address of the list' "10.33.0.77/24 fd00:33::2/64" "$(addresses web)"
has 'whole' '^ n +active ' "$(vnm net-list)"
sed -i "s/address='10.33.0.77'/address='10.30.0.2'/" "$R/var/lib/vnetmgr/attachments/n.xml"
has 'left behind: seen' "^Degraded: .*guest vnet0 \(web\) has an address outside of the network.s subnets: 10\.30\.0\.2" "$(vnm net-info n)"
ok 'repaired' vnm -q net-repair n
has 'whole' '^ n +active ' "$(vnm net-list)"
has 'it is at home' '^10\.33\.0\.' "$(addresses web)"

### At a boot.
subnet 34; ok 'define' vnm -q net-define n.xml; ok 'mark for autostart' vnm -q net-autostart n
pkill -KILL -f "$R/run/vnetmgr/dnsmasq/"; while pgrep -f "$R/run/vnetmgr/dnsmasq/" >/dev/null; do sleep .02; done
ip -br link | sed -n 's/^\(br-n\|vnet[0-9]*\|tap-vm\)[ @].*/\1/p' | xargs -n 1 -r ip link del
flush_tables
rm -rf "$R/run/vnetmgr"
ok 'boot' vnm -q autostart
has 'it has a new address' '^10\.34\.0\.[0-9]+/24 fd00:34::2/64' "$(addresses web)"
ok 'it gets out' web web $SERVER
has 'whole' '^ n +active ' "$(vnm net-list)"
finish
