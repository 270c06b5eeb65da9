#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What commands advise does what is needed, when it is followed to the letter; and what they report of a change or a
# definition is so.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
N=192.168.50 N6=fd00:50:
before=$(snapshot)
has_not() { checks=$((checks + 1)); printf '%s\n' "$3" | grep -Eq -- "$2" || return 0; failures=$((failures + 1)); printf 'FAIL: %s: a line matches %s in\n%s\n' "$1" "$2" "$3" >&2; return 1; }
reports() { what=$1 words=$2; shift 2; ok "$what" "$@"; cp out output; has "$what: reported" "$words" "$(cat output)"; }
cat >r.xml <<X
<network><name>r</name><forward/><bridge name='br-r' stp='off'/>
<ip address='$N.1' prefix='24'><dhcp><range start='$N.100' end='$N.200'/><host mac='52:54:00:00:50:01' name='gadget' ip='$N.9'/></dhcp></ip></network>
X

# A reservation for a forward: the command that is advised is run with the guest's MAC address in place of the dots.
# follow MAC: the advice in what was told
follow() {
	sed -n 's/^warning: .* make one: vnetmgr \(.*\)$/"$VNETMGR" -q \1/p' output | sed "s/'\.\.\.'/'$1'/" >advice
	[ -s advice ] && sh advice
}
leased() { guest g br-r "$1" && dhcp g; leave g; }
ok 'define' vnm net-define r.xml
ok 'start' vnm net-start r
# Another definition than that of the active network.
vnm -q net-dumpxml r --inactive >same.xml; sed "s/$N.200/$N.199/" same.xml >other.xml
has_not 'the same definition' '^hint' "$(vnm net-define same.xml 2>&1)"
reports 'another definition' '^hint: it takes effect at the next start; now: ' vnm net-define other.xml
ok 'now' sh -c "$(sed -n "s|^hint: .* now: vnetmgr|'$VNETMGR'|p" output | sed "s/| vnetmgr/| '$(echo "$VNETMGR" | sed 's/[/]/\\&/g')'/")"
has 'it is in effect' "end='$N.199'" "$(vnm net-dumpxml r)"
ok 'back' vnm net-apply same.xml
# Nobody gets a lease here, and the list does not leave it at that.
echo "<network><name>plain</name><bridge name='br-p' stp='off'/></network>" >plain.xml
ok 'a network without DHCP' vnm -q net-create plain.xml
has 'no leases' "^hint: network 'plain' serves no DHCP; addresses of attached guests: vnetmgr net-port-list plain$" "$(vnm net-dhcp-leases plain 2>&1)"
same 'where it does, they may come' '' "$(vnm net-dhcp-leases r 2>&1 | grep '^hint')"
vnm -q net-destroy plain
# A name of <dns> takes that of a reserved guest.
has 'a name of a guest' "^warning: name 'gadget' leads to $N.5 by <dns> of network 'r', and not to the guest for which it and $N.9 are reserved$" "$(
	vnm net-update r add dns-host "<host ip='$N.5'><hostname>gadget</hostname></host>" --live 2>&1)"
vnm -q net-update r delete dns-host "<host ip='$N.5'/>" --live
reports 'live' "^tcp port 8081 leads to $N.77 in network r, until that stops: --config keeps it\$" vnm net-forward-add r tcp 8081 $N.77
ok 'the advice' follow 52:54:00:00:50:77
ok 'a lease' leased 52:54:00:00:50:77
same 'the guest has the address' $N.77 "$(dhcp_value g ip)"
reports 'live and kept' "^tcp port 8082 leads to $N.78 in network r\$" vnm net-forward-add r tcp 8082 $N.78 --live --config
ok 'the advice' follow 52:54:00:00:50:78
ok 'a lease' leased 52:54:00:00:50:78
same 'the guest has the address' $N.78 "$(dhcp_value g ip)"
reports 'kept only' "^tcp port 8083 leads to $N.79 in network r, from its next start on\$" vnm net-forward-add r tcp 8083 $N.79 --config
ok 'the advice' follow 52:54:00:00:50:79
has 'the list says that there are others' '^hint: 1 more from the next start of the network on: vnetmgr net-dumpxml r --inactive$' "$(vnm net-forward-list r 2>&1)"
reports 'it is kept already' "^tcp port 8083 leads to $N.79 in network r\$" vnm net-forward-add r tcp 8083 $N.79 --live
has_not 'and told already' '^warning' "$(cat out)"
has 'the list has all' '^0$' "$(vnm net-forward-list r 2>&1 | grep -c '^hint')"
has 'a change for now' '^hint: it lasts until the network stops: with --live --config ' "$(vnm net-update r add ip-dhcp-host "<host mac='52:54:00:00:50:90' ip='$N.90'/>" 2>&1)"
same 'who says so knows' '' "$(vnm net-update r delete ip-dhcp-host "<host mac='52:54:00:00:50:90' ip='$N.90'/>" --live 2>&1 | grep '^hint')"
has 'an edited definition' '^hint: it takes effect at the next start; now: vnetmgr net-dumpxml --inactive r [|] vnetmgr net-apply -$' "$(EDITOR="sed -i s/$N.200/$N.199/" vnm net-edit r 2>&1)"
has 'the advice' '^Network r would be changed live$' "$(vnm net-dumpxml --inactive r | vnm net-apply - --dry-run 2>&1)"
has 'another bridge' '^hint: it takes effect at the next start, since the bridge changes: vnetmgr net-destroy r && vnetmgr net-start r$' "$(EDITOR="sed -i s/br-r/br-s/" vnm net-edit r 2>&1)"
no 'which is so' eval 'vnm net-dumpxml --inactive r | vnm net-apply - --dry-run'
vnm net-dumpxml --inactive r | sed s/br-s/br-r/ >back.xml; ok 'back' vnm -q net-define back.xml
no_because 'a guest of no kind' "^error: unexpected data 'web'" vnm net-attach r web
has 'which kinds there are' "^hint: which kind of guest is 'web'[?] A namespace: --netns web; .*--tap web; .*--dev web$" "$(cat out)"
printf "<network><name>bare</name><bridge name='br-bare' stp='off'/><ip address='192.168.53.1' prefix='24'/></network>" >bare.xml
ok 'a network without DHCP' vnm -q net-create bare.xml
has 'a machine is not told its address' '^hint: nobody tells the guest its address 192.168.53.7: .*; set it in the guest$' "$(vnm net-attach bare --tap t53 --ip 192.168.53.7 2>&1)"
has 'one with DHCP is' '^0$' "$(vnm net-attach r --tap t50 --ip $N.7 2>&1 | grep -c ^hint)"
ok 'detach' vnm -q net-detach r t50; ok 'stop' vnm -q net-destroy bare
printf "<network><name>away</name><forward mode='route'/><bridge name='br-away' stp='off'/><ip address='192.168.54.1' prefix='24'/></network>" >away.xml
needs="^hint: the outside answers guests in 192.168.54.0/24 only if .*router: ip route add 192.168.54.0/24 via $UPLINK$"
reports 'a routed network' "$needs" vnm net-create away.xml; ok 'stop it' vnm -q net-destroy away
reports 'applied' "$needs" vnm net-apply away.xml; ok 'stop it' vnm -q net-destroy away
reports 'started' "$needs" vnm net-start away; ok 'transient' vnm -q net-undefine away
answer=$(vnm net-attach away --netns away --create --ip auto 2>&1)
has 'what the outside needs' "^hint: the outside answers guests in 192.168.54.0/24 only if .*router: ip route add 192.168.54.0/24 via $UPLINK$" "$answer"
has 'for each look' "^hint: the outside answers guests in 192.168.54.0/24 only if " "$(vnm net-doctor away 2>&1)"
has 'for programs, too' '^the outside .* ip route add 192.168.54.0/24 via [0-9.]* what stops one packet: vnetmgr net-explain away vnet' "$(vnm net-doctor away away --json | python3 -c '
import json, sys
print(*json.load(sys.stdin)["networks"][0]["hints"])')"
has 'what it cannot tell' '^hint: what stops one packet: vnetmgr net-explain away vnet[0-9]+ ADDRESS:PORT$' "$(vnm net-doctor away away 2>&1)"
has 'how far a packet is followed' '^The packet passes this host[.]$' "$(vnm net-explain away away "$SERVER")"
ok 'the address of the host' ip -n away address add 192.168.54.1/24 dev eth0
answer2=$(vnm net-explain away away 192.168.54.1 2>&1)
has 'it is told' '^Stopped: the guest has the address 192.168.54.1 itself, so the packet does not leave it$' "$answer2"
ok 'the advice' sh -c "$(printf '%s\n' "$answer2" | sed -n 's/^Mended by: //p')"
ok 'it helps' vnm -q net-explain away away 192.168.54.1
ok 'a guest that routes' vnm -q net-attach away --netns hop --create --ip 192.168.54.9
ok 'a way by it' ip -n away route add 10.99.0.0/24 via 192.168.54.9
answer2=$(vnm net-explain away away 10.99.0.2 2>&1)
has 'who gets it' "^ note +it reaches guest 'vnet[0-9]+' [(]hop[)], which is the gateway 192.168.54.9; what that does with it is not followed$" "$answer2"
has 'so far' '^The packet passes this host[.]$' "$answer2"
no 'it does not answer' inns away ping -n -c 1 -W 1 "$SERVER"
ok 'the advice' outside sh -c "$(printf '%s\n' "$answer" | sed -n 's/^hint: .*router: //p')"
ok 'it answers' reaches away "$SERVER"
has 'once is enough' '^0$' "$(vnm net-attach away --netns away2 --create --ip auto 2>&1 | grep -c '^hint')"
outside ip route del 192.168.54.0/24; ok 'stop' vnm -q net-destroy away
printf "<network><name>p</name><forward mode='bridge'/>\n<vnm:uplink dev='x'/></network>" >p.xml
no_because 'a prefix of ours' "p.xml:2:.* Namespace prefix vnm on uplink is not defined; declare it: <network xmlns:vnm='urn:vnetmgr:network:1'>" vnm net-define p.xml
reports 'ended, live' '^tcp port 8082 no longer leads into network r, until it is started again: --config ends it for good$' vnm net-forward-del r tcp 8082
reports 'ended, kept' '^tcp port 8082 no longer leads into network r, from its next start on$' vnm net-forward-del r tcp 8082 --config
reports 'ended, never kept' '^tcp port 8081 no longer leads into network r$' vnm net-forward-del r tcp 8081
reports 'ended, both' '^tcp port 8083 no longer leads into network r$' vnm net-forward-del r tcp 8083 --live --config
# However it is written, and whatever the guest is called: an attached one, its namespace, a reservation, an entry of <dns>, a lease.
ip netns add web
ok 'a guest is attached' vnm net-attach r --netns web --ip $N.20 --hostname shop
guest g br-r; ok 'a lease with a name' dhcp g -x hostname:phone; phone=$(dhcp_value g ip)
ok 'a name twice' vnm net-update r add dns-host "<host ip='$N.31'><hostname>twin</hostname></host>"
ok 'a name twice' vnm net-update r add dns-host "<host ip='$N.32'><hostname>twin</hostname></host>"
stops=', until that stops: --config keeps it'
reports "as docker's" "^tcp port 8090 leads to $N.9:80 \\(gadget\\) in network r$stops\$" vnm net-forward-add r 8090:80 gadget
reports "as docker's, UDP" "^udp port 8090-8092 leads to $N.9:53 \\(GADGET\\) in network r$stops\$" vnm net-forward-add r 8090-8092:53/udp GADGET
reports 'with a slash' "^tcp port 8091 leads to $N.20:81 \\(shop\\) in network r$stops\$" vnm net-forward-add r tcp/8091 shop:81
reports 'a namespace' "^tcp port 8092 leads to $N.20:82 \\(web\\) in network r$stops\$" vnm net-forward-add r tcp 8092:82 web
reports 'a lease' "^tcp port 8093 leads to $phone \\(phone\\) in network r$stops\$" vnm net-forward-add r tcp 8093 phone
has 'the reservation that keeps it is whole' "<host mac='$(inns g cat /sys/class/net/eth0/address)' ip='$phone'/>" "$(cat output)"
has 'the address is what counts' "^ tcp .* 8093 .* $phone:8093 " "$(vnm net-forward-list r)"
no_because 'nobody' "no guest of network 'r' is called 'nobody': .*give the address" vnm net-forward-add r tcp/8094 nobody:80
no_because 'two' "'twin' has several addresses in network 'r': $N.31, $N.32; give one of them" vnm net-forward-add r tcp/8094 twin
no_because 'not of that family' "guest 'gadget' of network 'r' has no IPv6 address that is known" vnm net-forward-add r tcp/8094 gadget --address 2001:db8:113::2
no_because 'no guest' "^error: command 'net-forward-add' requires <to> option" vnm net-forward-add r 8094:80
has 'where it is given' '^hint: which guest[?] .*: vnetmgr net-forward-add r 8094:80 GUEST$' "$(cat out)"
no_because 'no port' "^error: command 'net-forward-add' requires <port> option" vnm net-forward-add r tcp
no_because 'too much' "^error: unexpected data 'more'" vnm net-forward-add r 8094:80 gadget more
no_because 'two protocols' "'udp 8094/tcp' names a protocol twice" vnm net-forward-add r udp 8094/tcp gadget
no_because 'two ports of the guest' 'port of the guest is given twice: 80 and 81' vnm net-forward-add r 8094:80 gadget:81
no_because 'an address that is none' "'192.168.50.300' is not a guest's address or name" vnm net-forward-add r tcp 8094 192.168.50.300
reports 'live, and kept now' "^tcp port 8090 leads to $N.9:80 \\(gadget\\) in network r\$" vnm net-forward-add r 8090:80 gadget --live --config
has 'it is kept' "port='8090'" "$(vnm net-dumpxml r --inactive)"
reports 'live, and kept by --config alone' "^tcp port 8091 leads to $N.20:81 \\(shop\\) in network r\$" vnm net-forward-add r tcp/8091 shop:81 --config
reports 'kept first' "^tcp port 8095 leads to $N.9 \\(gadget\\) in network r, from its next start on\$" vnm net-forward-add r tcp/8095 gadget --config
reports 'and live, too' "^tcp port 8095 leads to $N.9 \\(gadget\\) in network r\$" vnm net-forward-add r tcp/8095 gadget --live --config
no_because 'both are there' 'existing port-forward' vnm net-forward-add r tcp/8095 gadget --live --config
has 'where it leads' "^hint: tcp port 8095 leads to $N.9 already; this ends it: vnetmgr net-forward-del r tcp 8095 --live --config$" "$(cat out)"
reports 'ended in the same words' '^tcp port 8090 no longer leads into network r$' vnm net-forward-del r tcp/8090 --live --config
ok 'ended' vnm net-forward-del r 8095 --to gadget --live --config
ok 'ended' vnm net-forward-del r 8091:81 --live --config
leave g; ok 'detach' vnm net-detach r web; ip netns del web
sed "s,</network>,<vnm:portForward xmlns:vnm='urn:vnetmgr:network:1' proto='tcp' port='8084' to='$N.80'/>&," r.xml >f.xml
reports 'by a file' 'reservation of' vnm net-apply f.xml
ok 'the advice' follow 52:54:00:00:50:80
ok 'a lease' leased 52:54:00:00:50:80
same 'the guest has the address' $N.80 "$(dhcp_value g ip)"
ok 'stop' vnm net-destroy r
no_because 'it is not active' "network 'r' is not active" vnm net-attach r --tap t0
has 'the next command' '^hint: start it first: vnetmgr net-start r$' "$(cat out)"
reports 'not active' "^tcp port 8085 leads to $N.81 in network r, from its next start on\$" vnm net-forward-add r tcp 8085 $N.81
ok 'the advice' follow 52:54:00:00:50:81
ok 'start' vnm net-start r
ok 'a lease' leased 52:54:00:00:50:81
same 'the guest has the address' $N.81 "$(dhcp_value g ip)"
ok 'the end' vnm net-destroy r
vnm -q net-undefine r
sed "s/$N.80/$N.82/" f.xml >t.xml
reports 'transient' 'reservation of' vnm net-create t.xml
ok 'the advice' follow 52:54:00:00:50:82
ok 'a lease' leased 52:54:00:00:50:82
same 'the guest has the address' $N.82 "$(dhcp_value g ip)"
reports 'ends with it' "^tcp port 8086 leads to $N.83 in network r, until that stops\$" vnm net-forward-add r tcp 8086 $N.83
ok 'the advice' follow 52:54:00:00:50:83
ok 'the end' vnm net-destroy r

# A name that cannot be one has its reason, wherever it stands.
long=$(printf '%064d' 0 | tr 0 x)
named() { no_because "'$1' of a reservation" "host name '$1' in network 'r': $2" sh -c "sed \"s/gadget/$1/\" r.xml | '$VNETMGR' net-define /dev/stdin"; }
named 'my vm' 'it may hold letters, digits, - and _ only, and dots between them'
named $long 'it has more than 63 characters without a dot'
named a..b 'there is nothing between two of its dots'
named -x 'it begins with neither a letter nor a digit'
vnm -q net-define r.xml 2>/dev/null
ok 'start' vnm net-start r
no_because 'of a record' "host name 'a b' in network 'r': it may hold" vnm net-update r add dns-host "<host ip='$N.5'><hostname>a b</hostname></host>"
ip netns add g
no_because 'of a guest' "'$(printf %.60s "$long")' cannot be a host name: it has more than 63" vnm net-attach r --netns g --ip auto --hostname "$long"
ip netns del g
ok 'stop' vnm net-destroy r; vnm -q net-undefine r

# IPv6 addresses that nobody outside can answer: said, and so.
for yes in no yes; do
	cat >six.xml <<X
<network><name>six</name><forward mode='nat'><nat ipv6='$yes'/></forward><bridge name='br-6' stp='off'/>
<ip address='$N.1' prefix='24'/>
<ip family='ipv6' address='$N6:1' prefix='64'/></network>
X
	ok "ipv6='$yes'" vnm net-define six.xml
	cp out defined
	ok "ipv6='$yes': start" vnm net-start six
	guest g br-6
	ok "ipv6='$yes': a way out is told" inns g timeout 15 sh -c 'until ip -6 route | grep -q "^default.*proto ra"; do sleep .02; done; until ip -6 addr show dev eth0 scope global -tentative | grep -q inet6; do sleep .02; done'
	if [ $yes = no ]; then
		has 'a warning' "^warning: six.xml:3: the guests of network 'six' have a default route for IPv6 that leads nowhere: $N6:/64 is known to nobody outside" "$(cat defined)"
		no 'it leads nowhere' reaches g "$SERVER6"
		# Applied, it is reported once, wherever it stands in the file; what is new is reported.
		ok 'apply' vnm net-apply six.xml
		has_not 'not again' '^warning' "$(cat out)"
		sed "1s,^,<!-- a line -->\n,; s,</network>,<vnm:portForward xmlns:vnm='urn:vnetmgr:network:1' proto='tcp' port='80' to='$N.7'/>&," six.xml |
			sed "s,prefix='24'/>,prefix='24'><dhcp><range start='$N.100' end='$N.200'/></dhcp></ip>," >more.xml
		ok 'apply more' vnm net-apply more.xml
		has 'what is new' '^warning: more.xml:4: no guest of network .six. has a reservation' "$(cat out)"
		has_not 'only that' '^warning: .*default route' "$(cat out)"
		ok 'apply that' vnm net-apply more.xml
		has_not 'and not again' '^warning' "$(cat out)"
	else
		has_not 'no warning' '^warning' "$(cat defined)"
		ok 'it leads outside' reaches g "$SERVER6"
	fi
	leave g
	vnm -q net-destroy six; vnm -q net-undefine six
done
same 'no trace is left' "$before" "$(snapshot)"
finish
