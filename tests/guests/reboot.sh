#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A boot: the kernel has nothing any more, definitions, leases and attachments are kept. The script that starts the machine is the
# one of before, and so is all that the machine has.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/guests/guest.sh"
cp "$srcdir/networks/keennet.xml" keennet.xml
echo "<network><name>pool</name><forward mode='bridge'><interface dev='uplink0'/></forward></network>" >pool.xml
vnm -q net-define keennet.xml && vnm -q net-define pool.xml && vnm -q net-start keennet pool && vnm -q net-autostart keennet pool || exit 1
ip netns add lost
ok 'a namespace' vnm -q net-attach keennet --netns lost --ip auto
# Of these options some are not for everybody here, which is told beside them.
options=$(vnm -q net-attach keennet --tap vm1 --owner nobody --multiqueue --vnet-hdr --hostname first 2>/dev/null)
ok 'a macvtap' vnm -q net-attach pool --tap mv0
options="$options $(cat out)"
# is: what the taps are, but for whether anybody holds them and which port they are
is() {
	for dev in vm1 mv0; do
		ip -d -o link show $dev | sed -E 's/^[0-9]*: //; s/NO-CARRIER,//; s/,LOWER_UP//; s/ state [A-Z]* / /; s/@if[0-9]*//
			s/ (port_id|port_no|designated_port) [0-9a-fx]*//g'
	done
}
before=$(is)
CPUS=2
ok 'a machine' machine vm1 "$options" || finish
lease=$(vm vm1 lease)
has 'a lease' '^192\.168\.132\.' "$lease"
mac=$(vm vm1 'cat /sys/class/net/eth0/address')

# The power goes.
cut_off vm1
pkill -KILL -f 'dnsmasq/keennet/'
ip netns del lost
for dev in vm1 mv0 keenbr0; do ip link del $dev; done
for t in filter nat mangle raw; do iptables -t $t -F; iptables -t $t -X; done
rm -rf "$VNETMGR_ROOT/run"
# Other devices come first this time, so that numbers differ.
ip link add one type dummy; ip link add two type dummy
"$VNETMGR" -q autostart >boot.output 2>&1
has 'the guest that is gone is named' 'lost' "$(cat boot.output)"
same 'the taps are as they were' "$before" "$(is)"
file=/dev/tap$(cat /sys/class/net/mv0/ifindex)
[ "$(printf '%d:%d' $(stat -c '0x%t 0x%T' "$file"))" = "$(cat /sys/class/net/mv0/tap*/dev)" ] || skip "$file is that of another sandbox"
ok 'the same script again' starts vm1
same 'the same lease' "$lease" "$(vm vm1 lease)"
same 'the same MAC address' "$mac" "$(vm vm1 'cat /sys/class/net/eth0/address')"
same 'outside' "you are $UPLINK" "$(vm vm1 "page $SERVER")"
ok 'the LAN' vm vm1 'ip addr add 203.0.113.60/24 dev eth1; reaches -I eth1 203.0.113.1'
ok 'repair collects what is gone' vnm -q net-repair keennet
has 'whole' '^ keennet +active ' "$(vnm -q net-list)"
finish
