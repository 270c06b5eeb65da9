#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a shutdown does: nobody keeps the leases' file system busy, and guests keep their network until the end.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
L=$VNETMGR_ROOT/var/lib/vnetmgr
mkdir -p "$L" && mount -t tmpfs -o mode=0755 tmpfs "$L" || exit 1
ok 'nothing to do' vnm autostop
for n in keennet ipv6 internal open; do vnm -q net-define "$srcdir/networks/$n.xml" || exit 1; done
ok 'up' vnm -q net-start keennet ipv6 internal open
guest g keenbr0; ok 'a lease' dhcp g
no 'the file system is busy' umount "$L"
ok 'autostop' vnm autostop
same 'no dnsmasq when it returns' '' "$(pgrep -f "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/")"
ok 'the guest still reaches the outside' reaches g "$SERVER"
has 'that is no complete network' '^ keennet +degraded ' "$(vnm net-list)"
has 'one without dnsmasq is whole' '^ internal +active ' "$(vnm net-list)"
ok 'again' vnm autostop
ok 'the file system is free' umount "$L"
mount -t tmpfs -o mode=0755 tmpfs "$L"
ok 'the shutdown was called off' vnm -q net-repair --all
has 'whole' '^ keennet +active ' "$(vnm net-list)"
ok 'a lease' dhcp g

### A process that does not end when it is asked to is ended.
pid=$(pgrep -f dnsmasq/keennet/); kill -STOP "$pid"
ok 'a stopped one' vnm autostop
no 'is gone' kill -0 "$pid"
ok 'repaired' vnm -q net-repair --all

### A network that cannot start has a status of its own, as long as others are up.
printf "<network><name>x</name><forward/><bridge name='br-x'/><ip address='10.99.99.1' prefix='24'><tftp root='/nosuch'/></ip></network>" >x.xml
ok 'one more' vnm -q net-define x.xml; vnm -q net-autostart --all
vnm -q autostart >out 2>&1; same 'others are up' 3 $?
has 'which' 'error: Failed to start network x' "$(cat out)"
vnm -q net-destroy --all; vnm -q autostart >out 2>&1; same 'others were started' 3 $?
vnm -q net-destroy --all; vnm -q net-autostart --disable keennet ipv6 internal open
vnm -q autostart >out 2>&1; same 'nobody is up' 1 $?
leave g
finish
