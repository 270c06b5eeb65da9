# SPDX-License-Identifier: GPL-2.0-or-later
# upgrade.sh - networks of every mode, with guests of every kind, that a program of an earlier version has made: its file is
# replaced, and the new one has them, loses no packet of theirs, changes and stops them, and leaves nothing behind.
#
# VNM_EARLIER: a checkout of that version, built in its directory "build"; "make check-upgrade EARLIER=DIR".
[ -x "${VNM_EARLIER:-}/build/vnetmgr" ] || { echo "SKIP: VNM_EARLIER is no checkout with a program in build/" >&2; exit 77; }
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
new=$VNETMGR new_schemas=$VNETMGR_SCHEMAS R=$VNETMGR_ROOT
VNETMGR=$T/installed/vnetmgr
mkdir installed
networks='keennet ipv6 hostonly routed internal open'

# install PROGRAM: as a package manager does, processes that run keep the file that they had.
install() { cp "$1" installed/new && mv installed/new installed/vnetmgr; }
servers() { cat "$R"/run/vnetmgr/dnsmasq/*/process 2>/dev/null | sort; }
active() { vnm -q net-list | grep -c ' active '; }
attached() { for n in $networks; do vnm -q net-port-list $n; done | grep -c ' attached '; }
leases() { for n in keennet hostonly; do vnm -q net-dhcp-leases $n; done | awk 'NF { print $1, $2, $3, $5 }'; }
definitions() { for n in $networks; do vnm net-dumpxml --inactive $n; done; }
rest() {
	saved_rules | grep '^-A'; ip -o link | sed 's/^[0-9]*: //' | awk '{ print $1 }' | sort; ip netns | awk '{ print $1 }' | sort; servers
	find "$R/run" -name '*.journal' -o -name '*.xml' 2>/dev/null
}

# world: what the earlier one makes.
world() {
	install "$VNM_EARLIER/build/vnetmgr"; VNETMGR_SCHEMAS=$VNM_EARLIER/schemas
	for n in $networks; do ok "define $n" vnm -q net-define "$VNM_EARLIER/networks/$n.xml"; ok "start $n" vnm -q net-start $n; done
	for n in web two inner; do ip netns add $n; done
	ok 'a tun' vnm -q net-attach keennet --tun tun0 --ip 192.168.132.1 --peer 192.168.132.250
	ok 'a namespace' vnm -q net-attach keennet --netns web --ip auto --hostname web
	ok 'one with a DHCP client' vnm -q net-attach keennet --netns two --ip dhcp --hostname two
	ok 'one in another network' vnm -q net-attach ipv6 --netns inner --ip auto
	ok 'a tap' vnm -q net-attach hostonly --tap tap0
	web=$(ip -n web -4 -o addr show dev eth0 | awk '{ sub("/.*", "", $4); print $4 }')
	ip netns exec web nc -lk 80 >/dev/null 2>&1 & listener=$!
	ok 'a forward' vnm -q net-forward-add keennet tcp 8080 "$web:80" --live --config
	guest g keenbr0
}

# round NAME COMMAND...: the command takes over; what it changes of packets, and what is left when all is stopped.
round() {
	by=$1; shift
	world
	ok "$by: g has a lease" dhcp g
	await inns web ping -n -c 1 -W 1 "$SERVER"
	ip netns exec web ping -n -i 0.01 "$SERVER" >ping.outside & pings=$!
	ip netns exec web ping -n -i 0.01 192.168.132.1 >ping.host & pings="$pings $!"
	ip netns exec g ping -n -i 0.01 "$web" >ping.guest & pings="$pings $!"
	was=$(servers) leased=$(leases) defined=$(definitions)
	install "$new"; VNETMGR_SCHEMAS=$new_schemas
	same "$by: it lists all" 6 "$(vnm -q net-list | grep -c .)"
	ok "$by" "$@"
	same "$by: all are active" 6 "$(active)"
	ok "$by: nothing is missing" vnm -q net-repair --all
	kill -INT $pings; wait $pings 2>/dev/null
	for to in outside host guest; do
		has "$by: no packet to the $to is lost" ' 0% packet loss' "$(cat ping.$to)"
		echo "$by: to the $to: $(grep 'packet loss' ping.$to)"
	done
	same "$by: guests are attached" 5 "$(attached)"
	same "$by: dnsmasq goes on" "$was" "$(servers)"
	same "$by: leases" "$leased" "$(leases)"
	has "$by: forward" ' 8080 ' "$(vnm net-forward-list keennet)"
	ok "$by: healthy" vnm net-doctor
	ok "$by: a live change" vnm -q net-update keennet add ip-dhcp-host "<host mac='52:54:00:00:00:99' ip='192.168.132.99'/>" --live --config
	ok "$by: a guest goes" vnm -q net-detach keennet two
	ok "$by: stop" vnm -q net-destroy --all
	ok "$by: start" vnm -q net-start --all
	same "$by: all are active again" 6 "$(active)"
	ok "$by: the guest is back" await inns web ping -n -c 1 -W 1 "$SERVER"
	clean "$by"
}

# clean WHAT: all that was made is gone.
clean() {
	for n in $networks; do vnm -q net-destroy $n 2>/dev/null; done
	for n in $networks; do ok "$1: undefine $n" vnm -q net-undefine $n; done
	kill $listener; leave g; for n in web two inner; do ip netns del $n; done
	same "$1: nothing is left" "$nothing" "$(rest)"
}

nothing=$(rest)
round 'a repair' vnm -q net-repair --all
[ "$FIREWALL" != legacy ] || round 'another back end' sh -c 'echo "firewall_backend = \"iptables-nft\"" >"$1"; exec "$2" -q net-repair --firewall' sh \
	"$R/etc/vnetmgr/network.conf" "$VNETMGR"
# Or it stops them at once.
use_firewall "${VNM_FIREWALL:-legacy}"
world
install "$new"; VNETMGR_SCHEMAS=$new_schemas
ok 'stopped at once' vnm -q net-destroy --all
clean 'stopped at once'
finish
