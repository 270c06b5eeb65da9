#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Networks on a bridge or devices of the host that come after the boot: active, degraded until they come, and then whole.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
echo "<network><name>b</name><forward mode='bridge'/><bridge name='br0'/></network>" >b.xml
echo "<network><name>p</name><forward mode='private'><interface dev='late0'/></forward></network>" >p.xml
for n in b p; do vnm -q net-define $n.xml; done
no 'a start by hand names what is missing' vnm net-start b
has 'and what to do' "bridge 'br0' does not exist; create it first" "$(cat out)"
# A bridge that is down lets nothing pass, and is not vnetmgr's to set up.
ip link add br0 type bridge
down="^hint: 'br0' of the host is down, so nothing of the guests passes: ip link set dev br0 up$"
ok 'a bridge that is down' vnm net-start b; has 'is told' "$down" "$(cat out)"
ok 'a guest on it' vnm net-attach b --netns g --create --ip 10.9.9.9/24 --no-default-route; has 'is told, too' "$down" "$(cat out)"
has 'net-doctor' 'Check: +host-device-down' "$(vnm net-doctor b --passive)"
has 'and its command' '^Command: +ip link set dev br0 up$' "$(vnm net-doctor b --passive)"
has 'net-explain' '^Mended by: ip link set dev br0 up$' "$(vnm net-explain b g 10.9.9.8)"
ip link set dev br0 up
same 'up' 'Network b is healthy' "$(vnm net-doctor b --passive)"
vnm -q net-detach b g; vnm -q net-destroy b
ok 'a guest' vnm -q net-start b; ok 'of it' vnm -q net-attach b --tap t0
boot() { vnm -q net-destroy --all 2>/dev/null; for dev in br0 t0 late0; do ip link del $dev 2>/dev/null; done; rm -rf "$VNETMGR_ROOT"/run/vnetmgr/[!lo]*; vnm autostart 2>&1; }
vnm -q net-autostart b p
output=$(boot)
has 'the boot reports it' "^warning: bridge 'br0' is not there yet; the network that uses it is degraded until it comes$" "$output"
has 'of the pool' "^warning: device 'late0' is not there yet" "$output"
has 'both are active' '^ b +degraded +yes' "$(vnm net-list)"
has 'both are active' '^ p +degraded +yes' "$(vnm net-list)"
ip link add br0 type bridge; ip link set br0 up; ip link add late0 type veth peer late1
has 'they come' '^ p +active +yes' "$(vnm net-list)"
ok 'the guest is put back' vnm net-repair b
has 'it is whole' '^ b +active +yes' "$(vnm net-list)"
has 'it is on it' 'master br0' "$(ip -o link show t0)"

# ---- what udev has run when a device comes (vnetmgr-device@.service). An uplink cannot be waited for by an active network.
uses() { (cd "$VNETMGR_ROOT/run/vnetmgr/devices" 2>/dev/null && find . -type f | sort | xargs); }
same 'who uses what' './br0/b ./late0/p' "$(uses)"
ip link del br0
has 'gone' '^ b +degraded ' "$(vnm net-list)"
ip link add br0 type bridge; ip link set br0 up
ok 'it comes' vnm autostart --late
has 'the guest is put back' 'master br0' "$(ip -o link show t0)"
echo "<network xmlns:vnm='urn:vnetmgr:network:1'><name>u</name><forward mode='bridge'/><bridge name='br-u'/><vnm:uplink dev='late2'/></network>" >u.xml
ok 'define' vnm -q net-define u.xml; vnm -q net-autostart u
no_because 'the boot without its uplink' "uplink 'late2' of network 'u' does not exist" vnm autostart
same 'it waits' './br0/b ./late0/p ./late2/u' "$(uses)"
plug() { ip link add late2 type veth peer name late3; ip link set late3 up; ip link set late2 up; }
no 'nothing has come' vnm -q autostart --late
plug
ok 'it comes' vnm autostart --late
has 'it is started' '^ u +active ' "$(vnm net-list)"
has 'the uplink' 'master br-u' "$(ip -o link show late2)"
ip link del late2; plug
ok 'unplugged, and plugged again' vnm autostart --late
has 'the uplink' 'master br-u' "$(ip -o link show late2)"
ok 'stop' vnm -q net-destroy u
same 'it uses nothing' './br0/b ./late0/p' "$(uses)"
ok 'what comes now' vnm autostart --late
no 'starts nothing that was stopped' sh -c '"$VNETMGR" -q net-list | grep " u "'
vnm -q net-autostart u --disable

# A network that forwards by one device, which comes, is plugged again, and gets another name: its rules name it.
echo "<network><name>w</name><forward mode='nat' dev='wan0'/><bridge name='br-w' stp='off'/><ip address='192.168.174.1' prefix='24'/></network>" >w.xml
call() { ip link set $1 down; ip link set $1 name $2; ip link set $2 up; ip route replace default via 203.0.113.1; }
vnm -q net-define w.xml
has 'the start says that it is not there' "^warning: network 'w' forwards by device 'wan0' only, and that does not exist" "$(vnm -q net-start w 2>&1)"
has 'and so does net-info' "^Note: +it forwards by device 'wan0' only, and that does not exist" "$(vnm net-info w)"
ok 'a guest' vnm -q net-attach w --netns web --create --ip auto
no 'nothing gets out' reaches web $SERVER
call uplink0 wan0
ok 'it comes' reaches web $SERVER
no 'net-info is content' sh -c '"$VNETMGR" net-info w | grep Note'
call wan0 wan1
no 'it gets another name' reaches web $SERVER
has 'net-info says so' '^Note: ' "$(vnm net-info w)"
has 'net-doctor, too' 'the default route is by wan1, and the network forwards by wan0 only' "$(vnm net-doctor w)"
call wan1 wan0
ok 'it gets its name back' reaches web $SERVER
vnm -q net-detach w web; vnm -q net-destroy w; call wan0 uplink0

# What is there, and is another thing, is not waited for.
vnm -q net-detach b t0; vnm -q net-destroy --all; ip link del br0; ip link add br0 type veth peer br1
rm -rf "$VNETMGR_ROOT"/run/vnetmgr/[!lo]*
has 'a device that is no bridge' "device 'br0' is not a bridge" "$(vnm autostart 2>&1)"
finish
