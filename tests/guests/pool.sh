#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A machine directly on a device of the host, by a macvtap, run by its owner, who is not root: it reaches the LAN, and with vnm:host
# the host; and the options that are printed for a shell, in both ways in which the manual uses them.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/guests/guest.sh"
cat >pool.xml <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>pool</name>
<forward mode='bridge' vnm:host='yes'><interface dev='uplink0'/></forward></network>
X
vnm -q net-define pool.xml && vnm -q net-start pool || exit 1
G=203.0.113.50
ok 'attached' vnm -q net-attach pool --tap mv0 --ip $G --owner nobody
options=$(cat out)
file=/dev/tap$(cat /sys/class/net/mv0/ifindex)
# All namespaces share the names of these files; the first macvtap of a number has it.
[ "$(printf '%d:%d' $(stat -c '0x%t 0x%T' "$file"))" = "$(cat /sys/class/net/mv0/tap*/dev)" ] || skip "$file is that of another sandbox"
same 'whose it is' nobody "$(stat -c %U "$file")"
AS=nobody
ok 'a machine of its owner' machine vm1 "$options" || finish
works() {
	ok "$1: the LAN" vm vm1 'reaches 203.0.113.1'
	ok "$1: from the LAN" outside ping -n -c 1 -W 3 $G
	same "$1: outside" "you are $G" "$(vm vm1 "page $SERVER")"
	ok "$1: the host" vm vm1 "reaches $UPLINK"
	ok "$1: and back" ping -n -c 1 -W 3 $G
}
vm vm1 "ip addr add $G/24 dev eth0; ip route add default via 203.0.113.1"
works 'booted'
ok 'stop' vnm -q net-destroy pool
no 'cut off' vm vm1 'reaches -W 1 203.0.113.1'
ok 'start' vnm -q net-start pool
works 'after a restart'
cut_off vm1

# As the manual has it: options in a variable.
cat >vm1.sh <<END
echo \$\$ >vm1.pid
options='$options'
eval "exec $(common vm1) \$options"
END
ok 'out of a variable' starts vm1
vm vm1 "ip addr add $G/24 dev eth0; ip route add default via 203.0.113.1"
works 'out of a variable'
ok 'detached' vnm -q net-detach pool mv0
no 'its file is gone' test -e "$file"
finish
