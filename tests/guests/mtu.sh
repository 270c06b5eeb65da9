#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Large packets: machines on a network with <mtu size='9000'/> have that by what net-attach prints, before they ask for anything, and
# packets of that size arrive: at the host, at the other machine, at a namespace, and back; after a restart, too.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/guests/guest.sh"
N=192.168.190
cat >n.xml <<'X'
<network><name>n</name><forward mode='nat'/><bridge name='br-n' stp='off'/><mtu size='9000'/>
<ip address='192.168.190.1' prefix='24'><dhcp><range start='192.168.190.10' end='192.168.190.99'/></dhcp></ip></network>
X
vnm -q net-define n.xml && vnm -q net-start n || exit 1
ip netns add other
vnm -q net-attach n --netns other --ip $N.200 || exit 1
for i in 1 2; do
	ok 'attached' vnm -q net-attach n --tap vm$i; options=$(cat out)
	ok "machine $i" machine vm$i "$options" || finish
	same "machine $i: without being told by DHCP" 9000 "$(vm vm$i 'cat /sys/class/net/eth0/mtu')"
done
one=$(vm vm1 lease) two=$(vm vm2 lease)
same 'nor does DHCP say otherwise' '9000 9000' "$(vm vm1 'dhcp_value mtu') $(vm vm1 'cat /sys/class/net/eth0/mtu')"
large() {	# large WHAT: 8972 bytes are what 9000 have room for
	ok "$1: to the host" vm vm1 "reaches -s 8972 $N.1"
	ok "$1: to the other machine" vm vm1 "reaches -s 8972 $two"
	ok "$1: to a namespace" vm vm1 "reaches -s 8972 $N.200"
	ok "$1: from the host, in one piece" ping -n -c 1 -W 3 -M do -s 8972 "$one"
	ok "$1: from a namespace, in one piece" inns other ping -n -c 1 -W 3 -M do -s 8972 "$one"
	no "$1: and no more" ping -n -c 1 -W 1 -M do -s 8973 "$one"
}
large 'booted'
ok 'outside, through what is smaller, as it is told' vm vm1 "reaches -c 3 -s 8000 $SERVER"
ok 'stop' vnm -q net-destroy n
ok 'start' vnm -q net-start n
large 'after a restart'
finish
