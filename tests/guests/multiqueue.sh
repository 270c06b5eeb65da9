#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What --multiqueue prints gives the guest its queues: counted inside, for a tap and for a macvtap.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/guests/guest.sh"
cat >pool.xml <<'X'
<network><name>pool</name><forward mode='bridge'><interface dev='uplink0'/></forward></network>
X
vnm -q net-define "$srcdir/networks/keennet.xml" && vnm -q net-define pool.xml && vnm -q net-start keennet pool || exit 1
ok 'a tap' vnm -q net-attach keennet --tap mq0 --multiqueue --vnet-hdr; options=$(cat out)
ok 'a macvtap' vnm -q net-attach pool --tap mq1 --multiqueue; options="$options $(cat out)"
file=/dev/tap$(cat /sys/class/net/mq1/ifindex)
[ "$(printf '%d:%d' $(stat -c '0x%t 0x%T' "$file"))" = "$(cat /sys/class/net/mq1/tap*/dev)" ] || skip "$file is that of another sandbox"
CPUS=2
ok 'a machine with two processors' machine vm1 "$options" || finish
same 'two' 2 "$(vm vm1 nproc)"
for dev in eth0 eth1; do
	same "$dev: queues" 'rx-0 rx-1 tx-0 tx-1' "$(vm vm1 "ls /sys/class/net/$dev/queues | xargs")"
done
has 'the tap: a lease' '^192\.168\.132\.' "$(vm vm1 lease)"
same 'the tap: outside' "you are $UPLINK" "$(vm vm1 "page $SERVER")"
vm vm1 'ip route del default; ip addr add 203.0.113.60/24 dev eth1; ip route add default via 203.0.113.1'
same 'the macvtap: outside' 'you are 203.0.113.60' "$(vm vm1 "page $SERVER")"
finish
