#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The service for OpenRC, run by OpenRC: networks come up in its runlevel, before what starts guests; a stop disturbs nobody, but for a
# shutdown, which ends dnsmasq.
. "$srcdir/tests/lib/ns.sh"
U=${VNM_TEST_UNPACKED:-}
PATH=$PATH:$U/sbin
need openrc openrc-run rc-service unshare
cd "$T" || exit 1

# OpenRC looks for its parts where they would be installed, and for services and runlevels, which are the test's, in /etc.
mkdir -p lib sbin etc/init.d etc/runlevels/default etc/runlevels/shutdown
if [ ! -d /lib/rc ]; then
	ln -s "$U/lib/rc" lib/rc; ln -s "$U/sbin/openrc-run" sbin/
	for library in "$U"/lib/*-linux-gnu/libeinfo.so* "$U"/lib/*-linux-gnu/librc.so*; do
		dir=${library%/*}; mkdir -p "lib/${dir##*/}"; ln -s "$library" "lib/${dir##*/}/"
	done
fi
printf '#!/bin/sh\nexport VNETMGR_ROOT=%s VNETMGR_SCHEMAS=%s\nexec %s "$@"\n' "$VNETMGR_ROOT" "${VNETMGR_SCHEMAS:-}" "$VNETMGR" >bin/vnetmgr
chmod +x bin/vnetmgr
sed "s|@bindir@|$T/bin|" "$srcdir/data/vnetmgr.openrc.in" >etc/init.d/vnetmgr
printf '#!/sbin/openrc-run\nstart() { :; }\n' >etc/init.d/localmount
# What starts guests, and fails if their bridge is not there.
printf '#!/sbin/openrc-run\nstart() { ip link show keenbr0 >/dev/null; eend $?; }\n' >etc/init.d/lxc
chmod +x etc/init.d/*
for service in lxc vnetmgr; do ln -s /etc/init.d/$service etc/runlevels/default/; done
: >etc/insserv.conf; : >etc/rc.conf
cat >in-rc <<-X
	#!/bin/sh
	set -e
	for dir in lib sbin; do mount -t overlay overlay -o lowerdir=$T/\$dir:/usr/\$dir /usr/\$dir; done
	mount -t overlay overlay -o lowerdir=$T/etc:/etc /etc
	exec "\$@"
X
chmod +x in-rc
rc() { unshare -m "$T/in-rc" "$@"; }
rc true 2>/dev/null || skip 'no overlay file systems here'
for state in started starting stopping inactive wasinactive failed hotplugged daemons options exclusive scheduled tmp; do mkdir -p /run/openrc/$state; done

servers() { pgrep -f "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/" | sort | xargs; }
says() { rc rc-service "$@" 2>&1; }

for n in keennet ipv6; do vnm -q net-define "$srcdir/networks/$n.xml"; vnm -q net-autostart $n; done
ok 'a boot' rc openrc default
same 'what is marked is up' 2 "$(vnm -q net-list | grep -c ' active .*yes')"
has 'the service' 'status: started' "$(says vnetmgr status)"
has 'what starts guests comes later' 'status: started' "$(says lxc status)"
guest g keenbr0; ok 'a lease' dhcp g
was=$(servers)
ok 'stop' rc rc-service vnetmgr stop
same 'nobody is disturbed' "$was" "$(servers)"
ok 'the guest' reaches g "$SERVER"
ok 'start' rc rc-service vnetmgr start
same 'all dnsmasq stay' "$was" "$(servers)"
lose_rules VNM_FWO
has 'damage' ' keennet +degraded ' "$(vnm net-list)"
ok 'reload' rc rc-service vnetmgr reload
has 'is repaired' ' keennet +active ' "$(vnm net-list)"
lose_rules VNM_FWO
ok 'restart' rc rc-service vnetmgr restart
has 'repairs, too' ' keennet +active ' "$(vnm net-list)"
same 'all dnsmasq stay' "$was" "$(servers)"

# One that cannot start is named, and the service is started for the others, so that it can be reloaded.
ok 'stop' rc rc-service vnetmgr stop
printf "<network><name>x</name><forward/><bridge name='br-x'/><ip address='10.99.99.1' prefix='24'><tftp root='/nosuch'/></ip></network>" >x.xml
vnm -q net-define x.xml; vnm -q net-autostart x
output=$(says vnetmgr start)
has 'it is named' 'error: Failed to start network x' "$output"
has 'the service' 'status: started' "$(says vnetmgr status)"

ok 'a shutdown' rc openrc shutdown
same 'ends all dnsmasq' '' "$(servers)"
ok 'the guest has its network until the end' reaches g "$SERVER"
leave g
finish
