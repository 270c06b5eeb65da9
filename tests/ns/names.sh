#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Whose a name is: a guest that claims the name of another one is given an address and not the name, in DNS, in both
# families, and in what net-dhcp-leases shows.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
need dhclient

cat >n.xml <<'X'
<network><name>n</name><bridge name='br-n' stp='off'/><domain name='lab.test'/>
<dns><host ip='192.168.190.77'><hostname>printer</hostname></host></dns>
<ip address='192.168.190.1' prefix='24'><dhcp><range start='192.168.190.100' end='192.168.190.110'/>
<host mac='52:54:00:00:19:01' name='db' ip='192.168.190.20'/>
<host mac='52:54:00:00:19:02' name='printer' ip='192.168.190.22'/>
<host mac='52:54:00:00:19:03' name='mail.lab.test' ip='192.168.190.23'/></dhcp></ip>
<ip family='ipv6' address='fd00:190::1' prefix='64'><dhcp><range start='fd00:190::100' end='fd00:190::1ff'/>
<host id='0:3:0:1:52:54:00:00:19:06' name='six' ip='fd00:190::6'/></dhcp></ip></network>
X
ok define vnm -q net-define n.xml
ok start vnm -q net-start n
ask() { dig +short +time=2 +tries=1 @192.168.190.1 "$@"; }
# shown MAC: the name of the IPv4 lease in net-dhcp-leases
shown() { vnm -q net-dhcp-leases n --mac "$1" | awk '$4 == "ipv4" { print $6 }'; }
# claim GUEST NAME: it takes an address, and calls itself so
claim() { dhcp "$1" -x "hostname:$2"; }

same 'a reserved guest that is off has its name' 192.168.190.20 "$(ask db)"
same 'with the domain' 192.168.190.20 "$(ask db.lab.test)"
same 'its address has the name' db.lab.test. "$(ask -x 192.168.190.20)"
same 'a name with the domain in it' 192.168.190.23 "$(ask mail.lab.test)"
same 'what <dns> says of a name counts more' 192.168.190.77 "$(ask printer)"
same 'with the domain, too' 192.168.190.77 "$(ask printer.lab.test)"
same 'a name of IPv6' fd00:190::6 "$(ask six AAAA)"

guest evil br-n 52:54:00:00:19:66
for called in db DB db.lab.test mail printer six six.lab.test localhost localhost.lab.test wpad WPAD wpad.lab.test wpad.else.where; do
	ok "an address for one that says it is $called" claim evil "$called"
	address=$(dhcp_value evil ip)
	has "$called: from the range" '^192\.168\.190\.1(0[0-9]|10)$' "$address"
	plain=${called%%.*}
	no "$called leads to it" sh -c "dig +short +time=2 +tries=1 @192.168.190.1 $plain $plain.lab.test | grep -qxF $address"
	same "nor is it shown as $called" - "$(shown 52:54:00:00:19:66)"
	no "nor has its address the name $called" sh -c "dig +short +time=2 +tries=1 @192.168.190.1 -x $address | grep -i '^$plain'"
done
ok 'one whose name is free' claim evil worker
same 'has it' "$(dhcp_value evil ip)" "$(ask worker)"
same 'with the domain' "$(dhcp_value evil ip)" "$(ask worker.lab.test)"
same 'and is shown with it' worker "$(shown 52:54:00:00:19:66)"
ok 'again as db' claim evil db

guest db br-n 52:54:00:00:19:01
ok 'the true one comes' claim db db
same 'to its address' 192.168.190.20 "$(dhcp_value db ip)"
same 'and to its name' 192.168.190.20 "$(ask db)"
same 'and is shown with it' db "$(shown 52:54:00:00:19:01)"

# The names of attached guests.
ip netns add web
ok attach vnm -q net-attach n --netns web --ip auto --hostname web
ok 'one that says it is an attached guest' claim evil web
same 'that has its name' "$(inns web ip -4 -o addr show dev eth0 | awk '{ sub("/.*", "", $4); print $4 }')" "$(ask web)"
same 'and is alone in having it' - "$(shown 52:54:00:00:19:66)"

# A guest that was given no name has that of its namespace, unless somebody else has it.
addresses() { inns "$1" ip -4 -o addr show dev "${2:-eth0}" | awk '{ sub("/.*", "", $4); print $4 }'; }
hint() { has "$1" "^hint: the DNS of network 'n' does not know the guest as '$2': $3; --hostname gives it another name" "$answer"; }
attach() { answer=$(vnm net-attach n "$@" 2>&1); }
ok 'without a name' vnm -q net-attach n --netns pc --create --ip auto
same 'the DNS knows it by its namespace' "$(addresses pc)" "$(ask pc)"
same 'with the domain, in IPv6' "$(inns pc ip -6 -o addr show dev eth0 scope global | awk '{ sub("/.*", "", $4); print $4 }')" "$(ask pc.lab.test AAAA)"
ok 'once more' vnm -q net-attach n --netns pc --ifname eth1 --no-default-route --ip auto
same 'still to the first address' "$(addresses pc)" "$(ask pc)"
ok 'with no address' vnm -q net-attach n --netns bare --create --ip none
ok 'by DHCP' vnm -q net-attach n --netns asks --create --ip dhcp
same 'by DHCP, too' "$(addresses asks)" "$(ask asks)"
ok 'by DHCP, as who has the name' claim evil taken
for name in mail taken web2 pc%1; do ip netns add $name; done
ok 'the name of another namespace' vnm -q net-attach n --netns other --create --ip auto --hostname web2
attach --netns mail --ip auto; hint 'a reserved name' mail "the network's definition has that name for another host"
attach --netns taken --ip auto; hint 'a name that a client claims' taken "the client with $(dhcp_value evil ip) is called so"
attach --netns web2 --ip auto; hint "another guest's" web2 "'vnet[0-9]*' is called so"
attach --netns pc%1 --ip auto; hint 'no host name' pc%1 'it cannot be a host name: it may hold .*'
same 'each keeps its own' "192.168.190.23 $(dhcp_value evil ip) $(addresses other)" "$(echo $(ask mail.lab.test) $(ask taken) $(ask web2))"
ok 'a reservation with the name of a namespace' vnm -q net-update n add ip-dhcp-host "<host mac='52:54:00:00:19:07' name='pc' ip='192.168.190.27'/>" --live --parent-index 0
await sh -c '[ "$(dig +short +time=2 +tries=1 @192.168.190.1 pc)" = 192.168.190.27 ]'
ok 'reverted' vnm -q net-update n delete ip-dhcp-host "<host mac='52:54:00:00:19:07'/>" --live --parent-index 0
await sh -c "[ \"\$(dig +short +time=2 +tries=1 @192.168.190.1 pc)\" = $(addresses pc) ]"
for name in pc bare asks other mail taken web2 pc%1; do vnm -q net-detach n "$name" || vnm -q net-detach n "$name"; done
vnm -q net-detach n pc

# A reservation that comes when somebody has its name already, and one that goes.
ok 'one whose name is free so far' claim evil late
same 'has it' "$(dhcp_value evil ip)" "$(ask late)"
process=$(cat "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/n/process")
ok 'a reservation' vnm -q net-update n add ip-dhcp-host "<host mac='52:54:00:00:19:04' name='late' ip='192.168.190.24'/>" --live --parent-index 0
until [ "$(ask late)" = 192.168.190.24 ] || [ $((tries = ${tries:-0} + 1)) -gt 50 ]; do sleep .02; done
same 'its name is its own' 192.168.190.24 "$(ask late)"
same 'and no longer shown as the other one'\''s' - "$(shown 52:54:00:00:19:66)"
ok 'reverted' vnm -q net-update n delete ip-dhcp-host "<host mac='52:54:00:00:19:04'/>" --live --parent-index 0
ok 'again' claim evil late
same 'the name is free again' late "$(shown 52:54:00:00:19:66)"

# DHCPv6. The list of hosts has no IPv6 address of db, and none is given to anybody by that name.
cat >script <<'X'
#!/bin/sh
[ -z "$new_ip6_address" ] || echo "$new_ip6_address" >"$ADDRESS_OUT"
exit 0
X
chmod +x script
# claim6 GUEST MAC NAME
claim6() {
	until inns "$1" ip -6 -o addr show dev eth0 scope link | grep -qv tentative; do sleep .02; done
	printf 'interface "eth0" { send dhcp6.client-id 00:03:00:01:%s; send fqdn.fqdn "%s"; send fqdn.encoded on; send fqdn.server-update on; also request dhcp6.fqdn; }\n' "$2" "$3" >"$1.conf"
	rm -f "$1.address"; : >"$1.leases"; mkfifo "$1.address"
	ip netns exec "$1" timeout 20 dhclient -6 -1 -d -e ADDRESS_OUT="$T/$1.address" -cf "$T/$1.conf" -sf "$T/script" -lf "$T/$1.leases" -pf "$T/$1.pid" eth0 >"$1.log" 2>&1 &
	client=$!
	address6=$(timeout 20 cat "$1.address"); kill "$client"; wait "$client"
	[ -n "$address6" ]
}
shown6() { vnm -q net-dhcp-leases n --mac "$1" | awk '$4 == "ipv6" { print $6 }'; }
ok 'an IPv6 address for one that says it is db' claim6 evil 52:54:00:00:19:66 db
has 'from the range' '^fd00:190::1..$' "$address6"
same 'db has no IPv6 address' '' "$(ask db AAAA)"
same 'nor is it shown as db' - "$(shown6 52:54:00:00:19:66)"
ok 'for one that says it is six' claim6 evil 52:54:00:00:19:66 six
same 'six has its own' fd00:190::6 "$(ask six AAAA)"
ok 'for one that says it is wpad' claim6 evil 52:54:00:00:19:66 wpad
same 'wpad is nobody' '' "$(ask wpad AAAA)"
ok 'one whose name is free' claim6 evil 52:54:00:00:19:66 worker6
same 'has it' "$address6" "$(ask worker6 AAAA)"
guest six br-n 52:54:00:00:19:06
ok 'the true six' claim6 six 52:54:00:00:19:06 six
same 'has its address' fd00:190::6 "$address6"
same 'and is shown with its name' six "$(shown6 52:54:00:00:19:06)"
leave evil db six
ok destroy vnm -q net-destroy n

# A wpad has to be asked for.
sed "s/name='db'/name='wpad'/" n.xml >w.xml
ok 'a reservation of wpad' vnm -q net-define w.xml
ok start vnm -q net-start n
same 'is answered' 192.168.190.20 "$(ask wpad)"
ok destroy vnm -q net-destroy n
finish
