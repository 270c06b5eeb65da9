#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No attached guest ends another's lease: what it sends to the DHCP server in the other's name does not arrive there.
. "$srcdir/tests/lib/ns.sh"
need nft
. "$srcdir/tests/lib/frame.sh"

before=$(snapshot; frame_tables)
N=10.4.1
cat >"$T/n.xml" <<X
<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'><name>n</name><bridge name='br-n' stp='off'/>
<ip address='$N.1' prefix='24'><dhcp><range start='$N.100' end='$N.200'/></dhcp></ip>
<dnsmasq:options><dnsmasq:option value='no-ping'/></dnsmasq:options></network>
X
vnm -q net-define "$T/n.xml"
ok 'start' vnm -q net-start n
for g in g h; do ip netns add $g; ok "attach $g" vnm -q net-attach n --netns $g; done

colons() { echo "$1" | sed 's/../&:/g; s/:$//'; }
# lease GUEST: by its MAC address alone (-C: no client identifier); leased GUEST: has it one?
lease() { dhcp "$1" -C; }
leased() { vnm -q net-dhcp-leases n | grep -q " $(colons "$(mac_of "$1")") "; }

### What a DHCP client sends.
zeros() { printf "%0$(($1 * 2))d" 0; }
bootp() { # bootp DSTMAC SRCMAC SRC DST CIADDR CHADDR OPTIONS
	echo "$(ip4 "$1" "$2" 11 "$3" "$4")0044004300000000""01010600c0ffee0000000000$(hex4 "$5")$(zeros 12)$6$(zeros 10)$(zeros 192)63825363$7ff"
}
release() { # release SRCMAC CHADDR ADDRESS
	bootp "$(tr -d : </sys/class/net/br-n/address)" "$1" "$3" $N.1 "$3" "$2" "3501073604$(hex4 $N.1)"
}
decline() { bootp $ALL "$1" 0.0.0.0 255.255.255.255 0.0.0.0 "$2" "3501043204$(hex4 "$3")3604$(hex4 $N.1)"; }
# pieces FRAME: in two fragments, of which the first ends before the client's address
pieces() {
	len=$(printf %04x $(((${#1} - 68) / 2)))
	echo "$1" | sed "s/^\(.\{36\}\)........\(.\{24\}\)\(.\{8\}\)........\(.\{32\}\)\(.*\)/\1c0de2000\2\3${len}0000\4 \1c0de0003\2\5/"
}
once() { tagged "$(release "$@")"; }
twice() { tagged "$(once "$@")"; }
in_pieces() { pieces "$(release "$@")"; }
WAYS='release decline once twice in_pieces'

# steals KIND FROM: with either sender's address, in the name of h; what has become of its lease when dnsmasq has read it
steals() {
	leased h || lease h >/dev/null || { echo 'there is no lease'; return; }
	for mac in "$(mac_of "$2")" "$(mac_of h)"; do
		# shellcheck disable=SC2046
		sends "$2" $($1 "$mac" "$(mac_of h)" "$(dhcp_value h ip)")
	done
	lease "$2" >/dev/null || { echo "$2 is given nothing"; return; }
	leased h && echo kept || echo ended
}
# ends KIND: the frame as h itself sends it
ends() {
	lease h >/dev/null
	# shellcheck disable=SC2046
	sends h $($1 "$(mac_of h)" "$(mac_of h)" "$(dhcp_value h ip)")
	lease g >/dev/null
	leased h && echo kept || echo ended
}
none_steal() { for kind in $WAYS; do same "$2, $1: $kind" kept "$(steals $kind "$1")"; done; } # none_steal FROM WHAT

### The owner may. What is in pieces, no client sends.
for kind in release decline once; do same "its own: $kind" ended "$(ends $kind)"; done

### Others may not.
none_steal g 'attached'
# What is no attached guest's name comes by whatever port.
inns g ip link add link eth0 name nested type macvlan mode bridge
inns g ip link set nested up
nested() { DHCP_OUT="$T/nested.dhcp" ip netns exec g busybox udhcpc -i nested -n -q -f -t 20 -T 1 -s "$T/udhcpc"; }
ok 'a machine behind a guest is given an address' nested
has 'one of ours' "^$N\." "$(dhcp_value nested ip)"
inns g ip link del nested

### It is seen when it is gone, and put right.
home=$(nft list set bridge vnetmgr at_home | sed -n 's/[^"]*\("[^"]*" \. [0-9a-f:]*\).*/\1/p' | head -1)
ok 'one goes' nft delete element bridge vnetmgr at_home "{ $home }"
has 'seen' '^Degraded: .*frame filter' "$(vnm net-info n)"
ok 'repaired' vnm -q net-repair n
has 'whole' '^ n  *active ' "$(vnm net-list)"
none_steal g 'after a repair'
nft flush ruleset
same 'flushed: it can be ended' ended "$(steals release g)"
ok 'flushed: repaired' vnm -q net-repair n
none_steal g 'after a flush and a repair'

### The network is started again, and so are they.
vnm -q net-destroy n
ok 'started again' vnm -q net-start n
none_steal g 'after a restart'
same 'its own goes on to work' ended "$(ends release)"

### By a port of somebody else's, where rules see the bridge.
if nft list set bridge vnetmgr homes >/dev/null 2>&1; then
	guest i br-n
	none_steal i 'by hand'
	leave i
fi

### By the client identifier of its lease: from an address that is nobody's, and from its own.
# identified GUEST: a lease of a client that sends option 61, as most do; known GUEST: its identifier in the list of leases
identified() { dhcp "$1" -x 0x3d:ff0a0b0c0d"$(mac_of "$1")"; }
option61() { echo "3d0bff0a0b0c0d$(mac_of h)"; }
lease h >/dev/null; inns h ip addr flush dev eth0
sends h $(release "$(mac_of h)" "$(mac_of h)" "$(dhcp_value h ip)"); lease g >/dev/null
ok 'a client with an identifier' identified h
h_ip=$(dhcp_value h ip)
by_id() { # by_id KIND FROM CHADDR
	inside=$(option61)
	case $1 in
	release) bootp "$(tr -d : </sys/class/net/br-n/address)" "$2" "$h_ip" $N.1 "$h_ip" "$3" "3501073604$(hex4 $N.1)$inside" ;;
	decline) bootp $ALL "$2" 0.0.0.0 255.255.255.255 0.0.0.0 "$3" "3501043204$(hex4 "$h_ip")3604$(hex4 $N.1)$inside" ;;
	esac
}
has 'its lease is on record' " $(colons "$(mac_of h)") .*$h_ip" "$(vnm -q net-dhcp-leases n)"
for chaddr in 525400aabbcc "$(mac_of g)"; do for kind in release decline; do
	# shellcheck disable=SC2046
	sends g $(by_id $kind "$(mac_of g)" "$chaddr")
	lease g >/dev/null
	same "in its name by the identifier: $kind of $chaddr" kept "$(leased h && echo kept || echo ended)"
	leased h || identified h >/dev/null
done; done
ok 'it goes on with its address' identified h
same 'the same' "$h_ip" "$(dhcp_value h ip)"
# shellcheck disable=SC2046
sends h $(by_id release "$(mac_of h)" "$(mac_of h)"); lease g >/dev/null
no 'its own release works' leased h
# A lease from before, which is known by an identifier, goes on to be its guest's.
vnm -q net-destroy n
printf '%s %s %s * ff:0a:0b:0c:0d:%s\n' $(($(date +%s) + 3000)) "$(colons "$(mac_of h)")" $N.177 "$(colons "$(mac_of h)")" >>"$VNETMGR_ROOT/var/lib/vnetmgr/leases/n"
ok 'started again' vnm -q net-start n
ok 'it asks' identified h
same 'the lease from before' $N.177 "$(dhcp_value h ip)"

### When it is detached, its name is anybody's.
mac=$(colons "$(mac_of h)")
ok 'detach' vnm -q net-detach n "$(vnm -q net-port-list n | awk '/ h( |$)/ { print $1 }')"
no 'nothing is known of it' sh -c "nft list ruleset | grep -q $mac"
inns g ip link set eth0 address "$mac"
ok 'another guest with its MAC address is served' lease g
vnm -q net-destroy n; vnm -q net-undefine n
for g in g h; do ip netns del $g; done
same 'nothing is left' "$before" "$(snapshot; frame_tables)"
finish
