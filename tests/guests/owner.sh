#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# QEMU of a user who is not root, on the tap that is his, and not on another's.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/guests/guest.sh"
# As most systems have it: whoever has a tap may open it.
mkdir dev && mount -t tmpfs -o mode=755 tmpfs dev && mknod -m 666 dev/tun c 10 200 && mount --bind dev/tun /dev/net/tun ||
	skip 'only root can give /dev/net/tun to everybody, here in the sandbox'
vnm -q net-define "$srcdir/networks/keennet.xml" && vnm -q net-start keennet || exit 1
options=$(vnm -q net-attach keennet --tap his --owner nobody --vnet-hdr 2>/dev/null)
other=$(vnm -q net-attach keennet --tap other --owner dnsmasq 2>/dev/null || vnm -q net-attach keennet --tap other --owner daemon)
AS=nobody
ok 'a machine' machine vm1 "$options" || finish
same 'is his' nobody "$(ps -o user= -p "$(cat vm1.pid)")"
has 'a lease' '^192\.168\.132\.' "$(vm vm1 lease)"
same 'outside' "you are $UPLINK" "$(vm vm1 "page $SERVER")"
# Refused by the kernel when QEMU opens it: no machine comes up, and QEMU says why.
touch vm2.console vm2.pid; chmod 666 vm2.console vm2.pid; mkfifo -m 666 vm2.in vm2.out
{ sed -e '/-netdev/d' -e 's/vm1/vm2/g' vm1.sh; printf '%s\n' "$other"; } >vm2.sh
no "on another's" timeout 60 setpriv --reuid=nobody --regid=nogroup --clear-groups sh vm2.sh
has 'why' 'could not configure /dev/net/tun \(other\): (Operation not permitted|Device or resource busy)' "$(cat out)"
ok 'the network is stopped and started' vnm -q net-destroy keennet
ok 'under it' vnm -q net-start keennet
ok 'it goes on' vm vm1 "for i in \$(seq 20); do reaches -W 1 $SERVER && exit; done; false"
finish
