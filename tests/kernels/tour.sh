#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tour.sh - the whole of vnetmgr once, on a kernel just booted on which nothing is loaded.
. "$srcdir/world.sh"
for m in ip_tables ip6_tables bridge nf_tables; do no "$m is not there yet" loaded $m; done
uplink
printf 'before: '; grep -c . /proc/modules
begin=$(snapshot_links() { ip -o link | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/ state [A-Z]* / /'; ip route; }; snapshot_links)
define keennet hostonly routed ipv6 internal open

### Look first, which loads what is needed to look.
ok 'dry run' vnm net-start keennet --dry-run
ok 'marked for autostart' vnm -q net-autostart keennet
ok 'started as by the boot' vnm -q autostart
for m in ip_tables bridge; do ok "$m is loaded" loaded $m; done
no 'not what IPv4 does not need' loaded ip6_tables
has 'whole' '^ keennet +active +yes' "$(vnm net-list)"

### A guest.
guest g keenbr0
ok 'a lease' dhcp g
has 'listed' "$(dhcp_value g ip)" "$(vnm net-dhcp-leases keennet)"
ok 'the gateway' reaches g 192.168.132.1
ok 'through NAT' reaches g $SERVER
listens g 80
ok 'a port of the host' vnm -q net-forward-add keennet tcp 8080 "$(dhcp_value g ip):80"
ok 'from outside' outside nc -z -w 3 $UPLINK 8080
ok 'from the host' nc -z -w 3 $UPLINK 8080
listens internet 81
ok 'TCP through NAT' connects g $SERVER 81

### Guests that are attached.
ip netns add web
ok 'a namespace' vnm -q net-attach keennet --netns web --ip auto
until reaches web 192.168.132.1 >/dev/null 2>&1 || [ "$((tries = ${tries:-0} + 1))" -gt 10 ]; do :; done
ok 'through NAT' reaches web $SERVER
ok 'a tap' vnm -q net-attach keennet --tap tp0
ok 'tun is there' loaded tun
has 'whole with them' '^ keennet +active ' "$(vnm net-list)"

### Every model, both families.
ok 'all others' vnm -q net-start hostonly routed ipv6 internal open
same 'whole' 6 "$(vnm -q net-list | grep -c ' active ')"
ok 'ip6_tables is loaded' loaded ip6_tables
guest s sixbr0
ok 'a lease' dhcp s
ok 'IPv4' reaches s $SERVER
tries=0; until inns s ip -6 addr show dev eth0 scope global | grep -q inet6 || [ $((tries = tries + 1)) -gt 50 ]; do inns s ping -6 -n -c 1 -W 1 ff02::2%eth0 >/dev/null 2>&1; done
has 'an address by advertisement' 'inet6' "$(inns s ip -6 addr show dev eth0 scope global)"
ok 'NAT66' reaches s $SERVER6
guest h hostbr0
ok 'a lease' dhcp h
ok 'the host' reaches h 192.168.133.1
no 'not the outside' reaches h $SERVER
no 'not another network' reaches h "$(dhcp_value g ip)"

### Bandwidth, both ways.
sed 's/<name>.*</<name>bw</; s/keenbr0/bwbr0/; s/192\.168\.132/192.168.150/g
	s:<forward/>:<forward/><bandwidth><inbound average="1000"/><outbound average="1000"/></bandwidth>:' "$srcdir/networks/keennet.xml" >bw.xml
ok 'limits' vnm -q net-define bw.xml; ok 'limits' vnm -q net-start bw
has 'whole' '^ bw +active ' "$(vnm net-list)"

### Changes, damage, repair.
ok 'a change' vnm -q net-update keennet add ip-dhcp-host --live --config "<host mac='52:54:00:00:00:07' ip='192.168.132.7'/>"
iptables-legacy -F VNM_FWO; ip6tables-legacy -F VNM_FWI
has 'seen' '^ ipv6 +degraded ' "$(vnm net-list)"
ok 'repaired' vnm -q net-repair --all
same 'all are whole' 7 "$(vnm -q net-list | grep -c ' active ')"
ok 'through NAT' reaches g $SERVER
ok 'connections that came in live on' outside nc -z -w 3 $UPLINK 8080

### Others may try it, too.
cp "$VNETMGR" /tmp/vnetmgr && chmod 755 /tmp/vnetmgr
user() { setpriv --reuid=1000 --regid=1000 --clear-groups /tmp/vnetmgr sandbox "$@"; }
has 'a sandbox of a user' ' ipv6 +active ' "$(user sh -c "/tmp/vnetmgr -q net-define $srcdir/networks/ipv6.xml; /tmp/vnetmgr -q net-start ipv6; /tmp/vnetmgr net-list" 2>&1)"

### Down: nothing is left.
kill "$listener" 2>/dev/null
leave g s h 2>/dev/null
ok 'stop' vnm -q net-destroy --all
vnm -q net-detach keennet tp0; vnm -q net-detach keennet --netns web 2>/dev/null
ok 'forget' vnm -q net-undefine keennet hostonly routed ipv6 internal open bw
ip netns del web
same 'devices and routes' "$begin" "$(ip -o link | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/ state [A-Z]* / /'; ip route)"
for t in filter nat mangle; do
	same "$t" '' "$(iptables-legacy -t $t -S | grep -v '^-P'; ip6tables-legacy -t $t -S | grep -v '^-P')"
done
! command -v nft >/dev/null || same 'nf_tables' '' "$(nft list ruleset 2>/dev/null)"
same 'processes' '' "$(pgrep dnsmasq)"
same 'forwarding' 0 "$(cat /proc/sys/net/ipv4/ip_forward)"
finish
