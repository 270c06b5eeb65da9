#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A reboot, imitated: run files and kernel state gone, definitions and leases still there; the boot service's command
# brings every autostart network back, a broken one stops no other, and guests get their old addresses.
. "$srcdir/tests/lib/ns.sh"

net() { printf "<network><name>%s</name>%s<bridge name='%s' stp='off'/>%s</network>" "$1" "$3" "$2" "$4" >"$T/n.xml"; ok "define $1" vnm net-define "$T/n.xml"; }
lan() { echo "<ip address='192.168.$1.1' prefix='24'><dhcp><range start='192.168.$1.100' end='192.168.$1.200'/></dhcp></ip>"; }

net nat br-nat '<forward/>' "$(lan 151)"
net hostonly br-host '' "$(lan 152)"
net internal br-int '' ''
net manual br-man '' "$(lan 153)"
net broken br-broken '' "$(lan 154)"
ok 'mark several' vnm net-autostart nat hostonly internal broken
ok 'first boot' vnm autostart
same 'up' 'broken hostonly internal nat' "$(vnm -q net-list --name | xargs)"
guest g br-nat
ok 'a guest gets a lease' dhcp g
first=$(dhcp_value g ip)
xml=$(vnm -q net-dumpxml nat --inactive)

# The power goes: nobody runs a clean-up. Processes end, devices and rules vanish, /run is a new one.
pkill -KILL -f 'dnsmasq/(nat|hostonly|internal|broken)/'
leave g
for br in br-nat br-host br-int br-broken; do ip link del "$br"; done
flush_tables
echo 0 >/proc/sys/net/ipv4/ip_forward
rm -rf "$VNETMGR_ROOT/run"
# And one definition is damaged meanwhile.
definition=$(find "$VNETMGR_ROOT" -name broken.xml -type f)
printf '<network><name>broken</name>\n<bridge name="oops' >"$definition"

no 'the boot reports that one failed' vnm autostart
has 'and which, with file and line' 'broken\.xml:2' "$(vnm autostart 2>&1)"
same 'the others are up' 'hostonly internal nat' "$(vnm -q net-list --name | xargs)"
same 'the definition is the same' "$xml" "$(vnm -q net-dumpxml nat --inactive)"
guest g br-nat
ok 'the guest asks again' dhcp g
has 'leases were kept' " $first/24 " "$(vnm net-dhcp-leases nat)"
ok 'NAT works' reaches g "$SERVER"
same 'forwarding is on again' 1 "$(cat /proc/sys/net/ipv4/ip_forward)"

# The same with the run directory still there, as where /run is no tmpfs: the boot id shows it.
pkill -KILL -f 'dnsmasq/(nat|hostonly|internal)/'
for br in br-nat br-host br-int; do ip link del "$br"; done
flush_tables
sed -i 's/^boot .*/boot 00000000-0000-0000-0000-000000000000/' "$VNETMGR_ROOT"/run/vnetmgr/*.journal
rm "$definition" "${definition%/*}/autostart/broken.xml"
ok 'boot with stale run files' vnm autostart
same 'up again' 'hostonly internal nat' "$(vnm -q net-list --name | xargs)"
has 'and whole' '^Active: +yes$' "$(vnm net-info nat)"
no 'not degraded' sh -c "'$VNETMGR' net-info nat | grep Degraded"
finish
