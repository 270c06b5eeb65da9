#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The port forwarding and NAT that a network asks for: forwarded ports, redirections, source addresses, 1:1 addresses, access to
# other networks; with packets from outside, from the host, from guests and in transit.
. "$srcdir/tests/lib/ns.sh"
before=$(snapshot)
G=192.168.190 G6=fd00:190:
cat >"$T/n.xml" <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name>
<forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<ip address='$G.1' prefix='24'/><ip family='ipv6' address='$G6:1' prefix='64'/>
<vnm:portForward proto='tcp' port='80' to='$G.10' toPort='8080' name='web'/>
<vnm:portForward proto='tcp' port='80' to='$G6:10' toPort='8080'/>
<vnm:portForward proto='tcp' port='5000-5010' to='$G.10' toPort='8075'/>
<vnm:portForward proto='tcp' address='203.0.113.77' port='81' to='$G.10' toPort='8080'/>
<vnm:portForward proto='tcp' dev='uplink0' port='82' to='$G.10' toPort='8080'/>
<vnm:portForward proto='tcp' port='83'><vnm:target address='$G.10' port='8080'/><vnm:target address='$G.11' port='8080' weight='3'/></vnm:portForward>
<vnm:portForward proto='udp' port='90' to='$G.10' toPort='9090'/>
<vnm:portForward proto='tcp' port='7' to='$G.10'/>
</network>
X
listening() { timeout 10 sh -c "until $1 ss -Hln$2 'sport = :$3' | grep -q .; do sleep .02; done"; }	# listening RUNNER t|u PORT
# serve NAME PORT: an HTTP server on a guest that answers who it is and whom it sees
servers=
serve() {
	mkdir -p "$T/www/$1/cgi-bin"
	printf '#!/bin/sh\nprintf "Content-type: text/plain\\n\\n"\necho "%s sees $REMOTE_ADDR" | tr -d [] | sed s/::ffff://\n' "$1" >"$T/www/$1/cgi-bin/me"
	chmod +x "$T/www/$1/cgi-bin/me"
	ip netns exec "$1" busybox httpd -f -h "$T/www/$1" -p "[::]:$2" </dev/null >/dev/null 2>&1 &
	servers="$servers $!"
	listening "ip netns exec $1" t "$2"
}
local_serve() {	# local_serve NAME ADDRESS:PORT: the same on the host; its pid goes into $local_server
	mkdir -p "$T/www/$1/cgi-bin"
	sed "s/g0/$1/" "$T/www/g0/cgi-bin/me" >"$T/www/$1/cgi-bin/me"; chmod +x "$T/www/$1/cgi-bin/me"
	busybox httpd -f -h "$T/www/$1" -p "$2" </dev/null >/dev/null 2>&1 & local_server=$!
	listening '' t "${2##*:}"
}
ask() { timeout 2 busybox wget -q -O - "http://$1/cgi-bin/me" 2>/dev/null; }	# ask HOST:PORT
from() { inns "$1" timeout "${3:-2}" busybox wget -q -O - "http://$2/cgi-bin/me" 2>/dev/null; }	# from NAME HOST:PORT [SECONDS]
rules() { iptables -S; iptables -t nat -S; ip6tables -S; ip6tables -t nat -S; }
planned() { vnm -q net-start "$1" --dry-run | sed -n 's/^\(ip6\{0,1\}tables\) \(.*\)-A \(VNM_.*\)/\1 \2-C \3/p'; }

ip addr add 203.0.113.77/32 dev uplink0
ok define vnm net-define "$T/n.xml"
planned n >"$T/rules"
has 'there are rules' 'DNAT|dnat to' "$(vnm -q net-start n --dry-run)"
ok start vnm net-start n
! in_iptables || while read -r rule; do ok 'in the kernel' sh -c "$rule" </dev/null; done <"$T/rules"
has 'whole' ' n +active ' "$(vnm net-list)"
for n in 0 1; do
	guest "g$n" br-n
	inns "g$n" sysctl -qw net.ipv6.conf.eth0.accept_ra=0
	static "g$n" "$G.1$n/24" "$G.1"
	static "g$n" "$G6:1$n/64" "$G6:1"
	serve "g$n" 8080
done

# Where it comes from.
same 'from outside' "g0 sees 203.0.113.1" "$(from internet "$UPLINK:80")"
same 'from the host' "g0 sees $UPLINK" "$(ask "$UPLINK:80")"
same 'from the host by the bridge' "g0 sees $G.1" "$(ask "$G.1:80")"
same 'from the host by 127.0.0.1' "g0 sees $G.1" "$(ask 127.0.0.1:80)"
same 'from a guest of the network' "g0 sees $G.1" "$(from g1 "$UPLINK:80")"
same 'from a guest by the gateway' "g0 sees $G.1" "$(from g1 "$G.1:80")"
# With br_netfilter the kernel translates on the bridge, and a bridge sends nothing back to where it came from.
sysctl -qw net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0 2>/dev/null
same 'from the guest itself' "g0 sees $G.1" "$(from g0 "$UPLINK:80")"
same 'from another guest, without br_netfilter' "g0 sees $G.1" "$(from g1 "$UPLINK:80")"
same 'transit is not captured' "you are $UPLINK" "$(web g1 "$SERVER")"
same 'IPv6 from outside' "g0 sees 2001:db8:113::1" "$(from internet "[$UPLINK6]:80")"
same 'IPv6 from the host' "g0 sees $UPLINK6" "$(ask "[$UPLINK6]:80")"
same 'IPv6 from a guest' "g0 sees $G6:1" "$(from g1 "[$UPLINK6]:80")"
same 'IPv6 transit is not captured' "you are $UPLINK6" "$(web g1 "[$SERVER6]")"
same 'a range keeps its order' "g0 sees 203.0.113.1" "$(from internet "$UPLINK:5005")"
no 'the others of the range lead to nothing' from internet "$UPLINK:5006"
no 'the range has an end' from internet "$UPLINK:5011"
same 'one address' "g0 sees 203.0.113.1" "$(from internet 203.0.113.77:81)"
no 'not the other' from internet "$UPLINK:81"
same 'one device' "g0 sees 203.0.113.1" "$(from internet "$UPLINK:82")"
no 'not from the host, then' ask "$UPLINK:82"
no 'not from guests, then' from g1 "$UPLINK:82"
outside ip route add "$G.0/24" via "$UPLINK"
no 'the guest is not open to direct access' from internet "$G.10:8080"
outside ip route del "$G.0/24"

# What 127.0.0.1 takes: guests do not get at what the host serves itself only.
local_serve private 127.0.0.1:8099
same 'the host has a service of its own' 'private sees 127.0.0.1' "$(ask 127.0.0.1:8099)"
same 'loopback addresses are routed' 1 "$(cat /proc/sys/net/ipv4/conf/br-n/route_localnet)"
# A guest that has no 127.0.0.1 of its own sends it to the host.
loop() {
	inns g1 sysctl -qw net.ipv4.conf.all.route_localnet=1
	inns g1 ip addr del 127.0.0.1/8 dev lo
	inns g1 ip route add 127.0.0.1/32 via "$G.1" dev eth0 src "$G.11"
}
unloop() { inns g1 ip route del 127.0.0.1/32; inns g1 ip addr add 127.0.0.1/8 dev lo; }
ok 'a guest can send there' loop
no 'it gets no answer' from g1 127.0.0.1:8099
if in_iptables; then
	iptables -I INPUT -i br-n -j ACCEPT
	has 'only the rules are in the way' 'private sees' "$(from g1 127.0.0.1:8099)"
	iptables -D INPUT -i br-n -j ACCEPT
fi
kill "$local_server"

# Nor does 127.0.0.1 lead to guests for anybody but the host: not for guests, of whichever network, nor for the outside.
ok 'a redirection beside the forwards' vnm net-update n add redirect "<vnm:redirect proto='tcp' port='84' toPort='8098'/>"
local_serve proxy 0.0.0.0:8098
ok 'another network' vnm net-create /dev/stdin <<X
<network><name>o</name><forward mode='nat'/><bridge name='br-o' stp='off'/><ip address='192.168.193.1' prefix='24'/></network>
X
guest o1 br-o; static o1 192.168.193.5/24 192.168.193.1
stray() {	# stray NAME GATEWAY DEVICE SOURCE: it has no 127.0.0.1 of its own, but a way there
	inns "$1" sysctl -qw net.ipv4.conf.all.route_localnet=1
	inns "$1" ip addr del 127.0.0.1/8 dev lo 2>/dev/null
	inns "$1" ip route replace 127.0.0.1/32 via "$2" dev "$3" src "$4"
}
ok 'the outside can send there' stray internet "$UPLINK" "$(outside ip -o route get "$UPLINK" | sed 's/.* dev \([^ ]*\).*/\1/')" 203.0.113.1
ok 'a guest of another network, too' stray o1 192.168.193.1 eth0 192.168.193.5
ip netns exec g0 dnsmasq -k -C /dev/null --pid-file --user=root --port=9090 -R -h --address=/guest.test/10.9.8.7 >/dev/null 2>&1 & udp_server=$!
listening 'ip netns exec g0' u 9090
same 'the host gets an answer' "g0 sees $G.1" "$(ask 127.0.0.1:80)"
same 'by UDP' 10.9.8.7 "$(dig +short +tries=1 +time=2 -p 90 @127.0.0.1 guest.test)"
same 'the outside gets one at the address of the host' 'g0 sees 203.0.113.1' "$(from internet "$UPLINK:80")"
iptables -t nat -nvxL VNM_PRE >"$T/pre"
mkdir "$T/strays"
probes=
for who in internet g1 o1; do
	for port in 80 83 84 5005 8099; do from $who 127.0.0.1:$port >"$T/strays/$who-$port" & probes="$probes $!"; done
	inns $who dig +short +tries=1 +time=2 -p 90 @127.0.0.1 guest.test 2>/dev/null | grep -v '^;' >"$T/strays/$who-udp" & probes="$probes $!"
done
# shellcheck disable=SC2086
wait $probes
same 'nobody else gets an answer' 18 "$(find "$T/strays" -type f | wc -l)"
same 'from any port' '' "$(find "$T/strays" -type f -size +0)"
translated() { awk '$3 == "DNAT" || $3 == "REDIRECT" { n += $1 } END { print n }' "$@"; }
same 'nothing of it was led to a guest' "$(translated "$T/pre")" "$(iptables -t nat -nvxL VNM_PRE | translated)"
outside sh -c 'ip route del 127.0.0.1/32; ip addr add 127.0.0.1/8 dev lo'
leave o1
ok 'the other network goes' vnm net-destroy o
ok 'no redirection' vnm net-update n delete redirect "<vnm:redirect proto='tcp' port='84'/>"
ok 'as it was' unloop
kill "$local_server" "$udp_server"; wait "$local_server" "$udp_server" 2>/dev/null	# the next one wants its port

# UDP, and several targets.
ip netns exec g0 dnsmasq -k -C /dev/null --pid-file --user=root --port=9090 -R -h --address=/guest.test/10.9.8.7 >/dev/null 2>&1 & udp_server=$!
listening 'ip netns exec g0' u 9090
same 'UDP' 10.9.8.7 "$(outside dig +short +tries=1 +time=2 -p 90 "@$UPLINK" guest.test)"
same 'UDP from the host' 10.9.8.7 "$(dig +short +tries=1 +time=2 -p 90 @127.0.0.1 guest.test)"
kill "$udp_server"
first=0 i=0
while [ $i -lt 200 ]; do
	case $(from internet "$UPLINK:83" 20) in
	g0*) first=$((first + 1)) ;;
	g1*) ;;
	*) echo "FAIL: connection $i went nowhere" >&2; failures=$((failures + 1)) ;;
	esac
	i=$((i + 1))
done
ok "weights 1:3 make $first of 200 (50)" test "$first" -ge 20 -a "$first" -le 85

# Live: a connection that is open outlives every change.
ip netns exec g0 busybox nc -l -p 7 -e cat </dev/null >/dev/null 2>&1 & echo_server=$!
listening 'ip netns exec g0' t 7
mkfifo "$T/in" "$T/reply"
outside busybox nc "$UPLINK" 7 <"$T/in" >"$T/reply" &
exec 3>"$T/in" 4<"$T/reply"
alive() {
	echo "$1" >&3; checks=$((checks + 1))
	IFS= read -r line <&4 && [ "$line" = "$1" ] || { failures=$((failures + 1)); echo "FAIL: the connection is dead after: $1" >&2; }
}
alive nothing
ok 'add live' vnm net-forward-add n tcp 8888 "$G.11:8080" --live --config --name second
same 'it leads there' "g1 sees 203.0.113.1" "$(from internet "$UPLINK:8888")"
has 'it is listed' "^ tcp +host's +8888 +anywhere +$G.11:8080 +active +second\$" "$(vnm net-forward-list n)"
has 'so are others' "^ tcp +host's +83 +anywhere +$G.10:8080 \\(1\\), $G.11:8080 \\(3\\) +active" "$(vnm net-forward-list n)"
has 'and their places' '^ tcp +203.0.113.77 +81 +anywhere ' "$(vnm net-forward-list n --table)"
has 'and devices' "^ tcp +host's +82 +uplink0 " "$(vnm net-forward-list n)"
has 'it is kept' "port='8888' to='$G.11' toPort='8080' name='second'" "$(vnm net-dumpxml n --inactive)"
alive 'an added forward'
ok 'delete live' vnm net-forward-del n tcp 8888 --live --config
no 'it is gone' from internet "$UPLINK:8888"
alive 'a deleted forward'
ok 'IPv6, live' vnm net-forward-add n tcp 8886 "[$G6:11]:8080"
same 'it leads there, too' 'g1 sees 2001:db8:113::1' "$(from internet "[$UPLINK6]:8886")"
ok 'deleted' vnm net-forward-del n tcp 8886
no 'not twice' vnm net-forward-del n tcp 8886
has 'reported' "couldn't find a matching port-forward entry in network 'n'" "$(cat "$T/out")"
# One that one of both definitions has: what the hint tells to do removes it.
for where in --live --config; do
	ok "$where" vnm net-forward-add n tcp 8885 "$G.11:8080" $where
	no "$where: twice" vnm net-forward-add n tcp 8885 "$G.11:80" $where
	told=$(sed -n 's/^hint: .* this ends it: //p' "$T/out")
	same "$where: what ends it" 'vnetmgr net-forward-del n tcp 8885 --live --config' "$told"
	ok "$where: ended" vnm ${told#vnetmgr }
	no "$where: is gone" sh -c "('$VNETMGR' net-dumpxml n; '$VNETMGR' net-dumpxml n --inactive) | grep 8885"
done
no_because 'in neither' "couldn't find a matching port-forward entry" vnm net-forward-del n tcp 8885 --live --config

# A guest without a default route answers the host only, so that is who calls.
inns g1 ip route del default; inns g1 ip -6 route del default
ok 'masqueraded' vnm net-forward-add n tcp 8887 "$G.11:8080" --masquerade
ok 'masqueraded, IPv6' vnm net-forward-add n tcp 8887 "[$G6:11]:8080" --masquerade
same 'an answer from there' "g1 sees $G.1" "$(from internet "$UPLINK:8887")"
same 'by IPv6' "g1 sees $G6:1" "$(from internet "[$UPLINK6]:8887")"
has 'it is in the definition' "portForward proto='tcp' port='8887' to='$G.11' toPort='8080' masquerade='yes'" "$(vnm net-dumpxml n)"
ok 'whole' sh -c "'$VNETMGR' net-list | grep -E '^ n +active'"
for to in "$G.11" "$G6:11"; do ok 'no more' vnm net-forward-del n tcp 8887 --to "$to"; done
inns g1 ip route add default via "$G.1"; inns g1 ip -6 route add default via "$G6:1"
# Services by name, protocols in capitals.
if grep -q '^http-alt' /etc/services; then
	ok 'by name' vnm net-forward-add n TCP ftp "$G.11:http-alt"
	has 'it is listed' "^ tcp +host's +21 +anywhere +$G.11:8080 +active" "$(vnm net-forward-list n)"
	ok 'deleted by name' vnm net-forward-del n tcp ftp
fi

# What is refused, and the reasons.
now=$(rules)
no_because 'a port twice' 'there is an existing port-forward|forwarded already' vnm net-forward-add n tcp 80 "$G.11"
no_because 'part of a range' 'forwarded already' vnm net-forward-add n tcp 5001 "$G.11"
no_because 'not a guest' 'not within a subnet' vnm net-forward-add n tcp 99 10.0.0.1
no_because 'the host itself' "host's own" vnm net-forward-add n tcp 99 "$G.1"
no_because 'no port' 'is not a port' vnm net-forward-add n tcp 99999 "$G.10"
no_because 'no protocol' 'tcp or udp' vnm net-forward-add n sctp 99 "$G.10"
no_because 'two protocols' 'once with tcp, and once with udp' vnm net-forward-add n tcp,udp 99 "$G.10"
no_because 'both' 'once with tcp, and once with udp' vnm net-forward-add n both 99 "$G.10"
no_because 'no service' 'is not a port' vnm net-forward-add n tcp nonsense "$G.10"
no_because 'where guests find DNS' 'dnsmasq' vnm net-forward-add n udp 53 "$G.10"
local_serve other 0.0.0.0:8123
no_because 'a port of a service' "busybox \\(process $local_server\\) listens on 0.0.0.0 port 8123" vnm net-forward-add n tcp 8120-8130 "$G.10"
kill "$local_server"
same 'nothing changed' "$now" "$(rules)"
cat >"$T/m.xml" <<X
<network><name>m</name><forward mode='nat'/><bridge name='br-m' stp='off'/>
<ip address='192.168.191.1' prefix='24'><dhcp><range start='192.168.191.9' end='192.168.191.99'/></dhcp></ip></network>
X
ok 'define another' vnm net-define "$T/m.xml"
ok 'a port of another network, kept' vnm net-forward-add m tcp 80 192.168.191.10
has 'reported' "tcp port 80 leads into network 'm', and into network 'n': only one of them" "$(cat "$T/out")"
no_because 'they cannot both be active' "tcp port 80 is already forwarded by network 'n' \\('web'\\)" vnm net-start m
ok 'kept no longer' vnm net-forward-del m tcp 80
ok 'without a reservation' vnm net-forward-add m tcp 8181 192.168.191.10 --config
has 'reported, with the command that makes one' "reservation of 192.168.191.10, to which tcp port 8181 leads; make one: vnetmgr net-update m add ip-dhcp-host" "$(cat "$T/out")"
has 'inactive ones are listed' ' 8181 .* inactive ' "$(vnm net-forward-list m)"
ok 'no longer' vnm net-forward-del m tcp 8181
alive refusals

# Redirection: what guests send to a port comes to a server of the host.
local_serve proxy 0.0.0.0:3128
! in_iptables || iptables -P INPUT DROP
ok 'redirect' vnm net-update n add redirect "<vnm:redirect proto='tcp' port='80' toPort='3128'/>"
same 'guests come to the proxy' "proxy sees $G.11" "$(from g1 "$SERVER:80")"
! in_iptables || no 'not directly' from g1 "$G.1:3128"
ok 'no redirect' vnm net-update n delete redirect "<vnm:redirect proto='tcp' port='80'/>"
! in_iptables || iptables -P INPUT ACCEPT
same 'guests go out again' "you are $UPLINK" "$(web g1 "$SERVER")"
kill "$local_server"
alive redirection

# Source addresses: by device, a range, ports; one guest's own address, both ways.
for a in 66 67 78; do ip addr add "203.0.113.$a/32" dev uplink0; done
ip addr add 2001:db8:113::66/128 dev uplink0 nodad
ok 'source address' vnm net-update n add source-nat "<vnm:sourceNat dev='uplink0' address='203.0.113.66'/>"
same 'seen outside' 'you are 203.0.113.66' "$(web g1 "$SERVER")"
ok 'another' vnm net-update n modify source-nat "<vnm:sourceNat dev='uplink0' address='203.0.113.67' port='2000-2047'/>"
same 'seen outside, too' 'you are 203.0.113.67' "$(web g1 "$SERVER")"
ok 'IPv6' vnm net-update n add source-nat "<vnm:sourceNat dev='uplink0' address='2001:db8:113::66'/>"
same 'IPv6 seen outside' 'you are 2001:db8:113::66' "$(web g1 "[$SERVER6]")"
ok 'a range' vnm net-update n modify source-nat "<vnm:sourceNat dev='uplink0' start='203.0.113.66' end='203.0.113.67'/>"
has 'one of it' 'you are 203.0.113.6[67]$' "$(web g1 "$SERVER")"
ok '1:1' vnm net-update n add static-nat "<vnm:staticNat outside='203.0.113.78' inside='$G.11'/>"
same 'out' 'you are 203.0.113.78' "$(web g1 "$SERVER")"
has 'not the others' 'you are 203.0.113.6[67]$' "$(web g0 "$SERVER")"
same 'in' 'g1 sees 203.0.113.1' "$(from internet 203.0.113.78:8080)"
has 'in, from the host' "g1 sees " "$(ask 203.0.113.78:8080)"
same 'in, from a guest' "g1 sees $G.1" "$(from g0 203.0.113.78:8080)"
has 'it is listed' "^ all +203.0.113.78 +all +anywhere +$G.11 +active" "$(vnm net-forward-list n)"
ok 'no 1:1' vnm net-update n delete static-nat "<vnm:staticNat outside='203.0.113.78'/>"
no 'nobody gets in' from internet 203.0.113.78:8080
ip addr add 2001:db8:113::78/128 dev uplink0 nodad
ok '1:1 for IPv6' vnm net-update n add static-nat "<vnm:staticNat outside='2001:db8:113::78' inside='$G6:11'/>"
same 'IPv6 out' 'you are 2001:db8:113::78' "$(web g1 "[$SERVER6]")"
same 'IPv6 in' 'g1 sees 2001:db8:113::1' "$(from internet '[2001:db8:113::78]:8080')"
ok 'no 1:1 for IPv6' vnm net-update n delete static-nat "<vnm:staticNat outside='2001:db8:113::78'/>"
ok 'no source address' vnm net-update n delete source-nat "<vnm:sourceNat dev='uplink0' address='203.0.113.66'/>"
ok 'nor IPv6' vnm net-update n delete source-nat "<vnm:sourceNat dev='uplink0' address='2001:db8:113::66'/>"
same 'as before' "you are $UPLINK" "$(web g1 "$SERVER")"
alive 'source addresses'

# Access to another network: one way, with answers; whichever starts first.
no_because 'to a network that is not there' "no such network" vnm net-update n add allow "<vnm:allow network='nobody'/>"
cat >"$T/iso.xml" <<X
<network><name>iso</name><bridge name='br-iso' stp='off'/><ip address='192.168.192.1' prefix='24'/></network>
X
ok 'define an isolated one' vnm net-define "$T/iso.xml"
ok 'start both' vnm net-start iso m
guest i1 br-iso; static i1 192.168.192.5/24 192.168.192.1; serve i1 8080
guest m1 br-m; static m1 192.168.191.5/24 192.168.191.1; serve m1 8080; serve m1 8081
no 'not before' from g1 192.168.192.5:8080
no 'not before, either' from g1 192.168.191.5:8080
ok 'allow the isolated one' vnm net-update n add allow "<vnm:allow network='iso'/>"
ok 'allow one port of the other' vnm net-update n add allow "<vnm:allow network='m' proto='tcp' port='8080'/>"
same 'allowed' 'i1 sees 192.168.192.1' "$(from g1 192.168.192.5:8080)"
same 'allowed, too' 'm1 sees 192.168.191.1' "$(from g1 192.168.191.5:8080)"
no 'only that port' from g1 192.168.191.5:8081
no 'one way' from i1 "$G.11:8080"
no 'the other one, too' from m1 "$G.11:8080"
leave i1 m1
ok 'stop the others' vnm net-destroy iso m
ok 'start one again, behind it' vnm net-start iso
guest i1 br-iso; static i1 192.168.192.5/24 192.168.192.1; serve i1 8080
same 'still allowed' 'i1 sees 192.168.192.1' "$(from g1 192.168.192.5:8080)"
no 'still one way' from i1 "$G.11:8080"
alive 'other networks'

# Isolated guests get into nothing; other networks' guests come by the host's address.
no 'an isolated guest gets no forwarded port' from i1 "$UPLINK:80"
ok 'start the other' vnm net-start m
guest m1 br-m; static m1 192.168.191.5/24 192.168.191.1
has 'a guest of another network does' 'g0 sees ' "$(from m1 "$UPLINK:80")"
leave i1 m1
ok 'stop them' vnm net-destroy iso m

# A lost rule makes the network degraded, and is repaired in its place.
if in_iptables; then
	iptables -t nat -D VNM_PRE ! -d 127.0.0.0/8 -p tcp -m tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination "$G.10:8080"
else
	nft flush chain ip vnetmgr prerouting_port.tcp.80
fi
has 'a forward is missed' " host's +80 .* degraded " "$(vnm net-forward-list n)"
ok repair vnm net-repair n
same 'it leads there again' "g0 sees 203.0.113.1" "$(from internet "$UPLINK:80")"
alive repair
exec 3>&- 4<&-

# The last forward takes its chains and the loopback route along.
no_because 'one of two of a port' 'several forwards' vnm net-forward-del n tcp 80 --live
for port in 5000-5010 81 82 83 7; do ok "no $port" vnm net-forward-del n tcp $port --live; done
ok 'IPv4' vnm net-forward-del n tcp 80 --to "$G.10" --live
ok 'IPv6, too' vnm net-forward-del n tcp 80 --live
ok 'the last one' vnm net-forward-del n udp 90 --live
no 'no chain is left' eval 'rules | grep -q "VNM_PRE\|VNM_NOU"'
same 'no loopback route' 0 "$(cat /proc/sys/net/ipv4/conf/br-n/route_localnet)"
has 'those that were defined are kept' "name='web'" "$(vnm net-dumpxml n --inactive)"
ok 'stop and start' sh -c '"$VNETMGR" -q net-destroy n && "$VNETMGR" -q net-start n'
ip link set dev g0 master br-n
same 'as they were defined' "g0 sees 203.0.113.1" "$(from internet "$UPLINK:80")"

# shellcheck disable=SC2086
kill $servers $echo_server 2>/dev/null
leave g0 g1
ok destroy vnm net-destroy n
for a in 66 67 77 78; do ip addr del "203.0.113.$a/32" dev uplink0; done
for a in 66 78; do ip addr del "2001:db8:113::$a/128" dev uplink0; done
same 'no trace is left' "$before" "$(snapshot)"
finish
