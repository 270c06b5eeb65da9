#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The four models that people think in, with real packets: who reaches whom, in both families. Every cell of the
# table below is asked; "y" reaches, "-" does not.
. "$srcdir/tests/lib/ns.sh"
before=$(snapshot)

# model      guest-guest guest-host host-guest guest-outside outside-guest outside-forwarded port
table='
bridged      y           y          y          y             y             -
nat          y           y          y          y             -             y
hostonly     y           y          y          -             -             -
internal     y           -          -          -             -             -
'

# For "bridged": the host's own bridge, with its uplink on it, as its administrator has made it.
ip link add br-wan type bridge forward_delay 0
ip link set dev br-wan address "$(cat /sys/class/net/uplink0/address 2>/dev/null || ip -o link show uplink0 | sed 's:.*link/ether \([^ ]*\).*:\1:')"
for a in "$UPLINK/24" "$UPLINK6/64"; do ip addr del "$a" dev uplink0; ip addr add "$a" dev br-wan nodad 2>/dev/null || ip addr add "$a" dev br-wan; done
ip link set uplink0 master br-wan; ip link set br-wan up
ip route replace default via 203.0.113.1; ip -6 route replace default via 2001:db8:113::1

xml() {	# xml NAME BRIDGE FORWARD IPS
	echo "<network><name>$1</name>$3<bridge name='$2'$5/>$4</network>" >"$T/$1.xml"
	ok "define $1" vnm -q net-define "$T/$1.xml"
	ok "start $1" vnm -q net-start "$1"
}
subnet() { echo "<ip address='192.168.$1.1' prefix='24'/><ip family='ipv6' address='fd00:$1::1' prefix='64'/>"; }
xml bridged br-wan "<forward mode='bridge'/>" '' ''
xml nat br-nat "<forward mode='nat'><nat ipv6='yes'/></forward>" "$(subnet 180)" " stp='off'"
xml hostonly br-host '' "$(subnet 181)" " stp='off'"
xml internal br-int '' '' " stp='off'"

# Two guests each, with the addresses of their network.
join() {	# join NETWORK NAMESPACE V4 V6
	ip netns add "$2"
	ok "$2 joins $1" vnm -q net-attach "$1" --netns "$2" --ip "$3" --ip "$4"
}
join bridged bridged1 203.0.113.101/24 2001:db8:113::101/64; join bridged bridged2 203.0.113.102/24 2001:db8:113::102/64
for g in bridged1 bridged2; do inns $g ip route add default via 203.0.113.1; inns $g ip -6 route add default via 2001:db8:113::1; done
join nat nat1 192.168.180.101 fd00:180::101; join nat nat2 192.168.180.102 fd00:180::102
join hostonly hostonly1 192.168.181.101 fd00:181::101; join hostonly hostonly2 192.168.181.102 fd00:181::102
join internal internal1 192.168.182.101/24 fd00:182::101/64; join internal internal2 192.168.182.102/24 fd00:182::102/64
for g in bridged nat hostonly internal; do for n in 1 2; do
	while inns "$g$n" ip -6 addr | grep -q tentative; do sleep .02; done
done; done
# Whoever tries has a way: only what the network allows may stop them.
for g in hostonly1; do inns $g ip route replace default via 192.168.181.1; inns $g ip -6 route replace default via fd00:181::1; done
for s in 180 181; do outside ip route add "192.168.$s.0/24" via "$UPLINK"; outside ip -6 route add "fd00:$s::/64" via "$UPLINK6"; done
outside ip route add 192.168.182.0/24 via "$UPLINK"; outside ip -6 route add fd00:182::/64 via "$UPLINK6"

address() {	# address GUEST FAMILY
	case $1:$2 in
	bridged?:4) echo "203.0.113.10${1#bridged}" ;; bridged?:6) echo "2001:db8:113::10${1#bridged}" ;;
	nat?:4) echo "192.168.180.10${1#nat}" ;; nat?:6) echo "fd00:180::10${1#nat}" ;;
	hostonly?:4) echo "192.168.181.10${1#hostonly}" ;; hostonly?:6) echo "fd00:181::10${1#hostonly}" ;;
	internal?:4) echo "192.168.182.10${1#internal}" ;; internal?:6) echo "fd00:182::10${1#internal}" ;;
	esac
}
host_of() {	# the address by which a guest would ask the host
	case $1:$2 in
	bridged:4) echo "$UPLINK" ;; bridged:6) echo "$UPLINK6" ;;
	nat:4) echo 192.168.180.1 ;; nat:6) echo fd00:180::1 ;;
	hostonly:4) echo 192.168.181.1 ;; hostonly:6) echo fd00:181::1 ;;
	internal:4) echo "$UPLINK" ;; internal:6) echo "$UPLINK6" ;;
	esac
}
ask() { timeout 4 ping -n -c 1 -W 1 "$1" >/dev/null 2>&1; }
within() { ns=$1; shift; ip netns exec "$ns" timeout 4 ping -n -c 1 -W 1 "$1" >/dev/null 2>&1; }
# A port of the host that leads to a guest, asked from outside. Where no network can have that, the command refuses it.
forwarded() {	# forwarded MODEL FAMILY
	to=$(address "${1}1" "$2") host=$UPLINK
	[ "$2" = 4 ] || { to="[$to]"; host="[$UPLINK6]"; }
	vnm -q net-forward-add "$1" tcp 8080 "$to:80" --live >"$T/out" 2>&1 || return
	inns internet timeout 4 busybox wget -q -O - "http://$host:8080/" | grep -qx "$1"
}
serve() {	# serve MODEL
	mkdir -p "$T/www/$1"; echo "$1" >"$T/www/$1/index.html"
	ip netns exec "${1}1" busybox httpd -f -h "$T/www/$1" -p '[::]:80' </dev/null >/dev/null 2>&1 & servers="$servers $!"
	await_port 80 inns "${1}1"
}
servers=
cells=0
cell() {	# cell WHAT EXPECTED COMMAND...
	what=$1 expected=$2; shift 2
	"$@" && got=y || got=-
	cells=$((cells + 1))
	same "$what" "$expected" "$got"
}
while read -r model gg gh hg go og of; do
	[ -n "$model" ] || continue
	serve "$model"
	for v in 4 6; do
		server=$SERVER; [ $v = 4 ] || server=$SERVER6
		cell "$model v$v guest-guest" "$gg" within "${model}1" "$(address "${model}2" $v)"
		cell "$model v$v guest-host" "$gh" within "${model}1" "$(host_of "$model" $v)"
		cell "$model v$v host-guest" "$hg" ask "$(address "${model}1" $v)"
		cell "$model v$v guest-outside" "$go" within "${model}1" "$server"
		cell "$model v$v outside-guest" "$og" within internet "$(address "${model}1" $v)"
		cell "$model v$v outside-forwarded port" "$of" forwarded "$model" $v
		[ "$of" = y ] || has "$model v$v gives the reason" "^error: .*$model" "$(cat "$T/out")"
	done
done <<X
$table
X
kill $servers
same 'all cells' 48 "$cells"

# Networks of different models do not reach each other, but by what their guests may do to the outside.
for pair in 'nat1 hostonly1' 'hostonly1 nat1' 'internal1 nat1' 'nat1 internal1'; do
	set -- $pair
	no "$1 does not reach $2" within "$1" "$(address "$2" 4)"
done
for m in bridged nat hostonly internal; do
	for i in 1 2; do vnm -q net-detach $m $m$i; ip netns del $m$i; done
	vnm -q net-destroy $m
done
for s in 180 181 182; do outside ip route del "192.168.$s.0/24"; outside ip -6 route del "fd00:$s::/64"; done
ip link set uplink0 nomaster; ip link del br-wan
ip addr add "$UPLINK/24" dev uplink0; ip addr add "$UPLINK6/64" dev uplink0 nodad
ip route replace default via 203.0.113.1 dev uplink0 proto static; ip -6 route replace default via 2001:db8:113::1 dev uplink0 proto static
same 'no trace is left' "$before" "$(snapshot)"
finish
