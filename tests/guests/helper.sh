#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A machine whose tap QEMU's own helper puts on the bridge: vnetmgr has not made it, and serves it as it serves others.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/guests/guest.sh"
for helper in /usr/lib/qemu /usr/libexec /usr/libexec/qemu none; do [ ! -x $helper/qemu-bridge-helper ] || break; done
[ $helper != none ] || skip 'qemu-bridge-helper is not installed'
helper=$helper/qemu-bridge-helper
cp "$srcdir/networks/keennet.xml" keennet.xml
vnm -q net-define keennet.xml && vnm -q net-start keennet || exit 1
# /etc is the sandbox's own.
mkdir -p /etc/qemu && echo 'allow keenbr0' >/etc/qemu/bridge.conf || exit 1
ok 'a machine' machine vm1 "-netdev bridge,id=h,br=keenbr0,helper=$helper -device virtio-net-pci,netdev=h,mac=52:54:00:00:00:42" || finish
has 'a lease' '^192\.168\.132\.' "$(vm vm1 lease)"
ok 'outside' vm vm1 "reaches $SERVER"
has 'it is listed' '52:54:00:00:00:42 ' "$(vnm -q net-dhcp-leases keennet)"
tap=$(ls /sys/class/net/keenbr0/brif | grep tap)
has 'its tap is the bridge port' '^tap' "$tap"
ok 'stop' vnm -q net-destroy keennet
ok 'start' vnm -q net-start keennet
ok 'it is back on the bridge' test -e /sys/class/net/keenbr0/brif/"$tap"
ok 'the machine goes on' vm vm1 "reaches $SERVER"
finish
