#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A reservation that moves takes effect at once, unless somebody alive uses the address, which is reported; leases are ended by
# net-dhcp-release; net-info shows how many there are. For IPv4 and IPv6, while the network runs and when it starts.
. "$srcdir/tests/lib/ns.sh"
command -v dhclient >/dev/null || skip 'dhclient is not installed'
cd "$T" || exit 1
N=192.168.150
M=52:54:00:00:00:
D=00:03:00:01:$M
# no-ping: without it dnsmasq pings an address for three seconds before it offers it.
cat >r.xml <<X
<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'><name>r</name><forward mode='nat'/><bridge name='br-r' stp='off'/><domain name='lab.test'/>
<ip address='$N.1' prefix='24'><dhcp><range start='$N.2' end='$N.6'/><host mac='${M}01' name='seven' ip='$N.7'><lease expiry='0'/></host></dhcp></ip>
<ip family='ipv6' address='fd00:150::1' prefix='64'><dhcp><range start='fd00:150::100' end='fd00:150::1ff'/><host id='${D}01' name='seven' ip='fd00:150::10'/></dhcp></ip>
<dnsmasq:options><dnsmasq:option value='no-ping'/></dnsmasq:options></network>
X
sed "s/<name>r</<name>e</; s/br-r/br-e/; s/192.168.150/192.168.151/g; s/fd00:150/fd00:151/g; s/<forward mode='nat'.>//" r.xml >e.xml

# machine NUMBER [BRIDGE]: a guest of that MAC address; gone NUMBER: it is deleted, and gives nothing back
machine() { guest "g$1" "${2:-br-r}" "$M$1"; }
gone() { leave "g$1"; }
lease() { dhcp "g$1" -x hostname:"${2:-g$1}" && dhcp_value "g$1" ip; }	# lease NUMBER [NAME]: the address it is given
printf '#!/bin/sh\ncase $reason in BOUND6|RENEW6|REBIND6) ip -6 addr add "$new_ip6_address/64" dev "$interface" nodad; echo "$new_ip6_address" >"$DHCP_OUT" ;; esac\nexit 0\n' >script6
chmod +x script6
lease6() {	# lease6 NUMBER [DUID]: the same for IPv6
	printf 'interface "eth0" { send dhcp6.client-id %s; }\n' "${2:-$D$1}" >"$1.conf"
	until inns "g$1" ip -6 -o addr show dev eth0 scope link | grep -qv tentative; do sleep .02; done
	ip netns exec "g$1" timeout 20 dhclient -6 -1 -e DHCP_OUT="$T/$1.six" -cf "$1.conf" -sf "$T/script6" -lf "$T/$1.leases6" -pf "$T/$1.pid6" eth0 >out6 2>&1 || cat out6
	until [ -s "$1.pid6" ]; do sleep .02; done
	kill -9 "$(cat "$1.pid6")"
	cat "$1.six"
}
leases() { vnm -q net-dhcp-leases "${1:-r}" | awk '$3 == "MAC" || NF < 5 || /---/ { next } { print $5 " " $3 }' | sort; }
pid() { cut -d' ' -f1 "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/${1:-r}/process"; }
move() { vnm net-update r modify ip-dhcp-host "<host mac='$M$1' name='seven' ip='$N.7'/>" --config ${2-"--live"} 2>&1; }

vnm -q net-define r.xml; vnm -q net-start r
has 'nothing is leased' '^Leases: +0 of 6 \(IPv4\), 0 of 257 \(IPv6\)$' "$(vnm net-info r)"

# ---- what is reserved ----
reserved() { vnm -q net-dhcp-leases r --reservations "$@" | sed 's/^ *//; s/  */ /g; s/ *$//; /^$/d'; }
same 'the reservations' "${M}01 ipv4 $N.7/24 seven -
- ipv6 fd00:150::10/64 seven ${D}01" "$(reserved)"
same 'of a MAC address' "${M}01 ipv4 $N.7/24 seven -" "$(reserved ${M}01)"
same 'of one that has none' '' "$(reserved ${M}09)"
same 'no leases' '' "$(vnm net-dhcp-leases r --reservations --json | jq -r '.leases // empty')"
same 'as JSON' "$N.7 24 ${M}01|fd00:150::10 64 null" "$(vnm net-dhcp-leases r --reservations --json | jq -r '[.reservations[] | "\(.ip) \(.prefix) \(.mac)"] | join("|")')"
vnm -q net-update r add ip-dhcp-host "<host mac='${M}06' ip='$N.6'/>" --live
has 'a live one' "^${M}06 ipv4 $N.6/24 - -$" "$(reserved)"
vnm -q net-update r delete ip-dhcp-host "<host mac='${M}06'/>" --live
no 'it is gone' eval "reserved | grep -q '${M}06'"

# ---- IPv4: the old guest is gone ----
machine 01; machine 04
same 'the old guest' "$N.7" "$(lease 01)"
has 'another one' "^$N\.[2-6]$" "$(other=$(lease 04); echo "$other" | tee other)"
other=$(cat other)
gone 01
same 'what it would do' "- lease of $N.7 by ${M}01 (seven)" "$(vnm net-update r delete ip-dhcp-host "<host mac='${M}01'/>" --live >/dev/null; vnm net-update r add ip-dhcp-host "<host mac='${M}02' name='seven' ip='$N.7'/>" --live --dry-run 2>&1 | grep lease)"
has 'nothing was done' "^$N.7/24 ${M}01$" "$(leases)"
has 'a deleted reservation takes no lease away' "^$N.7/24 ${M}01$" "$(leases)"
ok 'a new owner' vnm net-update r add ip-dhcp-host "<host mac='${M}02' name='seven' ip='$N.7'/>" --live
same 'its lease has ended, others go on' "$other/24 ${M}04" "$(leases)"
machine 02
same 'the new one has the address at once' "$N.7" "$(lease 02 seven)"
same 'and the name' "$N.7" "$(inns g02 dig +short @$N.1 seven.lab.test)"
vnm -q net-update r delete ip-dhcp-host "<host mac='${M}01'/>" --config
vnm -q net-update r add ip-dhcp-host "<host mac='${M}02' name='seven' ip='$N.7'/>" --config

# ---- IPv4: the old guest is there ----
out=$(move 03)
has 'who has it, until when' "^warning: address $N.7 is reserved for ${M}03, and leased to ${M}02 \(seven\) until 20[0-9-]+ [0-9:]+; ${M}02 uses it, so that lease is not ended; to end it all the same: vnetmgr net-dhcp-release r $N.7$" "$out"
has 'it is done' '^Updated network r persistent config and live state$' "$out"
has 'it keeps it' "^$N.7/24 ${M}02$" "$(leases)"
ok 'it is reached' ping -n -c 1 -W 2 $N.7
has 'net-info reports it' "^Note: +address $N.7 is reserved for ${M}03, and leased to ${M}02 \(seven\) until .*: vnetmgr net-dhcp-release r $N.7$" "$(vnm net-info r)"
gone 02
ok 'when it is gone, a repair' vnm net-repair r
no 'nothing is to be reported' eval "vnm net-info r | grep -q Note:"
machine 03
same 'ends its lease' "$N.7" "$(lease 03 seven)"
gone 03

# ---- a start, and net-apply ----
vnm -q net-destroy r
ok 'moved while it is down' move 05 ''
has 'what a start would do' "^- lease of $N.7 by ${M}03 \(seven\)$" "$(vnm net-start r --dry-run)"
has 'it has done nothing' "^$N.7/24 ${M}03$" "$(leases)"
ok 'start' vnm net-start r
same 'a start ends the lease' "$other/24 ${M}04" "$(leases)"
machine 05
same 'the next owner' "$N.7" "$(lease 05 vm)"
gone 05
vnm -q net-dumpxml r >a.xml; sed -i "s/${M}05/${M}06/" a.xml
has 'what net-apply would do' "^- lease of $N.7 by ${M}05" "$(vnm net-apply a.xml --dry-run)"
dnsmasq=$(pid)
ok 'net-apply' vnm net-apply a.xml
same 'ends it, too' "$other/24 ${M}04" "$(leases)"
same 'dnsmasq goes on' "$dnsmasq" "$(pid)"
# A boot: all that describes the kernel is lost.
machine 06; same 'and the next' "$N.7" "$(lease 06 vm)"; gone 06; gone 04
vnm -q net-autostart r; ok 'moved' move 07 ''
kill -9 "$(pid)"; ip link del br-r; rm -rf "$VNETMGR_ROOT"/run/vnetmgr/[!lo]*
ok 'boot' vnm autostart
same 'a boot ends it' "$other/24 ${M}04" "$(leases)"

# ---- IPv6 ----
machine 01
same 'IPv6: the old guest' fd00:150::10 "$(lease6 01)"
gone 01
six() { vnm net-update r "$@" --live 2>&1; }
ok 'IPv6: without' six delete ip-dhcp-host "<host id='${D}01' ip='fd00:150::10'/>" --parent-index 1
ok 'IPv6: a new owner' six add ip-dhcp-host "<host id='${D}02' name='seven' ip='fd00:150::10'/>" --parent-index 1
same 'IPv6: its lease has ended' '' "$(leases | grep fd00)"
machine 02
same 'IPv6: the new one has the address at once' fd00:150::10 "$(lease6 02)"
ok 'IPv6: without' six delete ip-dhcp-host "<host id='${D}02' ip='fd00:150::10'/>" --parent-index 1
has 'IPv6: the old one is there' "^warning: address fd00:150::10 is reserved for ${D}03, and leased to ${M}02 .*; ${M}02 uses it" "$(six add ip-dhcp-host "<host id='${D}03' name='seven' ip='fd00:150::10'/>" --parent-index 1)"
has 'IPv6: it keeps it' "^fd00:150::10/64 ${M}02$" "$(leases)"

# ---- net-dhcp-release ----
has 'dry' "^- lease of fd00:150::10 by ${M}02$" "$(vnm net-dhcp-release r ${D}02 --dry-run 2>/dev/null)"
has 'nothing is done' "^fd00:150::10/64 ${M}02$" "$(leases)"
has 'by its DUID' "^Lease of fd00:150::10 by ${M}02 released$" "$(vnm net-dhcp-release r ${D}02 2>err)"
same 'who uses it is told' "warning: ${M}02 goes on using fd00:150::10 until it asks for a lease again" "$(cat err)"
same 'it has ended' '' "$(leases | grep fd00)"
gone 02
no 'none' vnm net-dhcp-release r $N.99
same 'why' "error: Failed to release a lease of network r
error: network 'r' has no lease of '$N.99'; see: vnetmgr net-dhcp-leases r" "$(cat out)"
ok 'by its MAC address' vnm net-dhcp-release r ${M}04
same 'none is left' '' "$(leases)"

# ---- a client of ours, which is told ----
ok 'a guest' vnm -q net-attach r --netns own --create --ip dhcp --mac ${M}20
has 'a reservation comes later' "^hint: ${M}20 .*keeps $N\.[2-6] until it renews its lease, or asks anew, and then gets $N\.20; now: vnetmgr net-dhcp-release r ${M}20$" \
	"$(vnm net-update r add ip-dhcp-host "<host mac='${M}20' ip='$N.20'/>" --live 2>&1)"
same 'it is told once' 0 "$(vnm net-update r add ip-dhcp-host "<host mac='${M}21' ip='$N.21'/>" --live 2>&1 | grep -c keeps)"
same 'its lease is released: it is no stranger' "Lease of $N.X by ${M}20 released" "$(vnm net-dhcp-release r ${M}20 2>&1 | sed '/^$/d; s/\.[2-6] by/.X by/; s/ (.*)//')"
has 'it has asked anew' "inet $N\.20/24" "$(ip -n own -4 addr show dev eth0)"
has 'by a lease' "^$N\.20/24 ${M}20$" "$(leases)"
has 'and has its way out' "^default via $N\.1 " "$(ip -n own route)"
same 'nothing is missing' 'Network r is complete' "$(vnm net-repair r | sed '/^$/d')"
# The forward to the address that it has, when that is reserved no longer.
vnm -q net-forward-add r tcp 8080 $N.20:80 --live
has 'a forward is left behind' "^warning: .*tcp port 8080 leads to $N\.20, whose guest in network 'r' has a reservation of $N\.22 now; this leads it there: vnetmgr net-forward-del r tcp 8080 --" \
	"$(vnm net-update r modify ip-dhcp-host "<host mac='${M}20' ip='$N.22'/>" --live 2>&1 | tee moved)"
ok 'the advice' sh -c "$(sed -n 's/^warning: .*leads it there: //p' moved | sed 's/vnetmgr /"$VNETMGR" -q /g; s/ --live --config/ --live/g')"
has 'leads it there' " 8080 .* $N\.22:80 " "$(vnm net-forward-list r)"
# A dnsmasq that somebody has killed.
was=$(pid); kill -KILL "$was"; while kill -0 "$was" 2>/dev/null; do sleep .02; done
has 'it is told' "^warning: the dnsmasq of network 'r' was not running; it is started anew$" "$(vnm net-update r modify ip-dhcp-host "<host mac='${M}21' ip='$N.23'/>" --live 2>&1)"
ok 'it runs' kill -0 "$(pid)"
ok 'detach' vnm -q net-detach r own
for i in 20 21; do vnm -q net-update r delete ip-dhcp-host "<host mac='$M$i'/>" --live; done
vnm -q net-dhcp-release r ${M}20 2>/dev/null
same 'none is left' '' "$(leases)"

# ---- a full pool ----
for i in 11 12 13 14 15; do machine $i; has "the pool: $i" "^$N\.[2-6]$" "$(lease $i)"; gone $i; done
machine 16
no 'nothing is left' dhcp g16 -t 4
has 'it is told how many there are' '^Leases: +5 of 6 \(IPv4\), 0 of 257 \(IPv6\)$' "$(vnm net-info r)"
has 'and what to do' "^Note: +network 'r' has no IPv4 address left for a guest without a reservation: 5 of 6 are leased, the others reserved; see: vnetmgr net-dhcp-leases r; to end a lease: vnetmgr net-dhcp-release r ADDRESS$" "$(vnm net-info r)"
# ---- another range, which they are not in
ok 'another range' vnm -q net-update r modify ip-dhcp-range "<range start='$N.20' end='$N.29'/>"
has 'leases of the old one are counted by themselves' "^Note: +5 more IPv4 addresses are leased, in no range and not reserved: their guests get another one when they are renewed; see: vnetmgr net-dhcp-leases r$" "$(vnm net-info r)"
ok 'the first range' vnm -q net-update r modify ip-dhcp-range "<range start='$N.2' end='$N.6'/>"
no 'no such leases' eval "vnm net-info r | grep -q 'more IPv4'"
vnm -q net-destroy r
has 'a start reports it' "^warning: network 'r' has no IPv4 address left " "$(vnm net-start r 2>&1)"
ok 'one goes, of a network that is up' vnm net-dhcp-release r ${M}13
gone 16; machine 16
has 'and another comes' "^$N\.[2-6]$" "$(lease 16)"
gone 16
vnm -q net-destroy r
ok 'one goes, of a network that is down' vnm net-dhcp-release r ${M}11
same 'it has' 4 "$(leases | wc -l)"
ok 'start' vnm net-start r
same 'it is forgotten' 4 "$(leases | wc -l)"
kill -STOP "$(pid)"
no 'a dnsmasq that does not listen' vnm net-dhcp-release r ${M}12
has 'it is reported' "^error: dnsmasq for r has not ended the lease of $N\.[2-6] within 5 seconds; see: vnetmgr net-info r$" "$(cat out)"
kill -CONT "$(pid)"
vnm -q net-destroy r; vnm -q net-undefine r

# ---- the isolated network, by client identifiers ----
vnm -q net-define e.xml; vnm -q net-start e
machine 01 br-e; machine 02 br-e
ok 'a client identifier of its own' dhcp g01 -x 0x3d:ff00112233
has 'it is in the table' 'ff:00:11:22:33' "$(vnm net-dhcp-leases e)"
has 'by it the lease is ended' 'released$' "$(vnm net-dhcp-release e FF:00:11:22:33 2>/dev/null)"
same 'it has' '' "$(leases e)"
finish
