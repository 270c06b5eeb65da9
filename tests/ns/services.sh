#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What dnsmasq serves, as clients see it: DHCP options and reservations, DNS records of every kind, TFTP, RA and DHCPv6.
. "$srcdir/tests/lib/ns.sh"

mkdir "$T/tftp"; echo hello >"$T/tftp/boot.txt"; chmod -R a+rX "$T" "$T/tftp"
cat >"$T/s.xml" <<X
<network><name>s</name><forward/><bridge name='br-s' stp='off'/><mtu size='1400'/>
<domain name='lab.test' localOnly='yes'/>
<dns>
  <forwarder domain='corp.test' addr='203.0.113.1'/>
  <forwarder domain='port.test' addr='203.0.113.1' port='5353'/>
  <txt name='note.lab.test' value='hello world'/>
  <txt name='key.lab.test' value='"q, r","x"'/>
  <txt name='odd.lab.test' value='say "hello, # world " twice,"",last'/>
  <srv service='ldap' protocol='tcp' domain='lab.test' target='dir.lab.test' port='389' priority='3' weight='7'/>
  <host ip='192.168.180.77'><hostname>printer</hostname><hostname>copier</hostname></host>
</dns>
<ip address='192.168.180.1' prefix='24' localPtr='yes'>
  <tftp root='$T/tftp'/>
  <dhcp>
    <range start='192.168.180.100' end='192.168.180.110'><lease expiry='2' unit='hours'/></range>
    <host mac='52:54:00:00:00:05' name='vm5' ip='192.168.180.5'/>
    <bootp file='pxelinux.0' server='192.168.180.9'/>
  </dhcp>
</ip>
<ip family='ipv6' address='fd00:180::1' prefix='64'>
  <dhcp><range start='fd00:180::100' end='fd00:180::110'/><host id='00:03:00:01:52:54:00:00:00:06' name='vm6' ip='fd00:180::6'/></dhcp>
</ip></network>
X
# A server on another port: it is ready when the command is done.
ok 'a name server on port 5353' outside dnsmasq -C /dev/null --user=root --pid-file="$T/5353.pid" --port=5353 --listen-address=203.0.113.1 --bind-interfaces --no-resolv --no-hosts --address=/port.test/9.8.7.6
ok define vnm net-define "$T/s.xml"
ok start vnm net-start s
guest g5 br-s 52:54:00:00:00:05; guest g6 br-s 52:54:00:00:00:06

ok 'DHCP with a reservation' dhcp g5 -O mtu -O bootfile -O hostname -O domain
same 'the reserved address' 192.168.180.5 "$(dhcp_value g5 ip)"
same 'the reserved name' vm5 "$(dhcp_value g5 hostname)"
same 'domain' lab.test "$(dhcp_value g5 domain)"
same 'MTU' 1400 "$(dhcp_value g5 mtu)"
same 'boot file' pxelinux.0 "$(dhcp_value g5 boot_file)"
same 'boot server' 192.168.180.9 "$(dhcp_value g5 siaddr)"
ok 'DHCP from the range' dhcp g6
same 'lease time' 7200 "$(dhcp_value g6 lease)"
has 'from the range' '^192\.168\.180\.1(0[0-9]|10)$' "$(dhcp_value g6 ip)"
has 'net-dhcp-leases' '52:54:00:00:00:05 +ipv4 +192\.168\.180\.5/24 +vm5 ' "$(vnm net-dhcp-leases s)"
same '--mac filters' 1 "$(vnm -q net-dhcp-leases s --mac 52:54:00:00:00:05 | grep -c ipv4)"
has 'MTU of the bridge' 'mtu 1400' "$(ip -o link show br-s)"

ask() { inns g5 dig +short +time=2 +tries=1 @192.168.180.1 "$@"; }
same 'guest by name' 192.168.180.5 "$(ask vm5.lab.test)"
same 'guest by name without domain' 192.168.180.5 "$(ask vm5)"
same 'guest by address' vm5.lab.test. "$(ask -x 192.168.180.5)"
same 'static host' 192.168.180.77 "$(ask printer.lab.test)"
same 'its other name' 192.168.180.77 "$(ask copier)"
same 'TXT' '"hello world"' "$(ask note.lab.test TXT)"
same 'TXT with a comma in a string' '"q, r" "x"' "$(ask key.lab.test TXT)"
same 'TXT with quotes within a string' '"say hello, # world  twice" "" "last"' "$(ask odd.lab.test TXT)"
same 'SRV' '3 7 389 dir.lab.test.' "$(ask _ldap._tcp.lab.test SRV)"
has 'the local domain is not asked outside' 'NXDOMAIN' "$(inns g5 dig +time=2 +tries=1 @192.168.180.1 nosuch.lab.test)"
has 'the local reverse zone is not asked outside' 'NXDOMAIN' "$(inns g5 dig +time=2 +tries=1 @192.168.180.1 -x 192.168.180.222)"
same 'DNS over TCP' 192.168.180.5 "$(ask +tcp vm5)"
same 'the world is forwarded' "$SERVER" "$(ask example.com)"
same 'a forwarder on another port is asked' 9.8.7.6 "$(ask port.test)"
same 'for its domain alone' '' "$(ask port.example)"
ln -s boot.txt "$T/tftp/inside"; mkdir "$T/elsewhere"; echo other >"$T/elsewhere/file"; chmod 755 "$T/elsewhere"; ln -s "$T/elsewhere/file" "$T/tftp/outside"
ok 'TFTP by a link' inns g5 busybox tftp -g -l "$T/got" -r inside 192.168.180.1
same 'its content' hello "$(cat "$T/got")"
ok 'by one that leads outside, as boot servers have them' inns g5 busybox tftp -g -l "$T/got" -r outside 192.168.180.1
same 'its content' other "$(cat "$T/got")"
ok 'TFTP' inns g5 busybox tftp -g -l "$T/got" -r boot.txt 192.168.180.1
same 'TFTP content' hello "$(cat "$T/got")"

# It answers nobody but its bridge.
no 'no answer on the uplink' outside dig +short +time=1 +tries=1 @"$UPLINK" vm5.lab.test
no 'nor on the bridge address from outside' sh -c "ip netns exec internet ip route add 192.168.180.0/24 via $UPLINK; ip netns exec internet dig +short +time=1 +tries=1 @192.168.180.1 vm5.lab.test"

# DHCPv6 and RA: a real client; the kernel takes the route from the RA.
if optional dhclient; then
	inns g6 sysctl -q net.ipv6.conf.eth0.accept_ra=2 2>/dev/null
	printf 'interface "eth0" { send dhcp6.client-id 00:03:00:01:52:54:00:00:00:06; request dhcp6.name-servers; }\n' >"$T/dhclient6.conf"
	cat >"$T/dhclient-script" <<'X'
#!/bin/sh
[ -n "$new_ip6_address" ] && { ip -6 addr add "$new_ip6_address/128" dev "$interface" nodad; set | grep ^new_ >"$DHCP_OUT"; }
exit 0
X
	chmod +x "$T/dhclient-script"
	until inns g6 ip -6 -o addr show dev eth0 scope link | grep -qv tentative; do sleep .02; done
	ok 'DHCPv6' env DHCP_OUT="$T/g6.dhcp6" ip netns exec g6 timeout 20 dhclient -6 -1 -e DHCP_OUT="$T/g6.dhcp6" -v -cf "$T/dhclient6.conf" -sf "$T/dhclient-script" -lf "$T/dhclient6.leases" -pf "$T/dhclient6.pid" eth0
	has 'the reserved IPv6 address' "fd00:180::6" "$(cat "$T/g6.dhcp6" 2>/dev/null)"
	ok 'IPv6 to the host' reaches g6 fd00:180::1
	same 'AAAA of a guest' fd00:180::6 "$(inns g6 dig +short +time=2 +tries=1 @fd00:180::1 vm6.lab.test AAAA)"
	has 'the default route comes by RA' 'default via fe80' "$(inns g6 ip -6 route)"
	[ -f "$T/dhclient6.pid" ] && kill "$(cat "$T/dhclient6.pid")"
fi
kill "$(cat "$T/5353.pid")"
leave g5 g6
ok destroy vnm net-destroy s

# Who may write to the tftp root decides what guests can read.
for mode in 'chmod 0775' 'chmod 0757' 'chown nobody'; do
	$mode "$T/tftp"
	has "tftp root, $mode" "^warning: others than root may write to the tftp root '$T/tftp' of network 's'" "$(vnm -q net-start s 2>&1)"
	has 'and it is up' '^ s +active' "$(vnm -q net-list)"
	same 'a change says no more of it' '' "$(vnm -q net-update s add dns-host "<host ip='192.168.180.78'><hostname>x$$</hostname></host>" --live 2>&1)"
	vnm -q net-destroy s
	chown root "$T/tftp"; chmod 0755 "$T/tftp"
done
same 'no word of one that is root'\''s' '' "$(vnm -q net-start s 2>&1)"
vnm -q net-destroy s

# Router advertisements alone (SLAAC), and none in an isolated network's default route.
printf "<network><name>ra</name><forward mode='route'/><bridge name='br-ra' stp='off'/><ip family='ipv6' address='fd00:181::1' prefix='64'/></network>" >"$T/ra.xml"
ok 'define ra' vnm net-define "$T/ra.xml"
ok 'start ra' vnm net-start ra
guest g br-ra
ok 'SLAAC' timeout 20 sh -c "ip -n g monitor address | grep -m 1 'inet6 fd00:181:' & ip -n g -6 -o addr show scope global | grep -q fd00:181: && kill \$! || wait"
leave g
ok 'destroy ra' vnm net-destroy ra

# What dnsmasq does not take of a definition's own options is reported as such.
cat >"$T/o.xml" <<'X'
<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'><name>o</name><bridge name='br-o'/>
<ip address='192.168.183.1' prefix='24'/>
<dnsmasq:options><dnsmasq:option value='cache-size=7'/><dnsmasq:option value='nonsense-option=1'/></dnsmasq:options></network>
X
vnm -q net-define "$T/o.xml"
no 'an option that dnsmasq does not know' vnm net-start o
has 'is named' "dnsmasq for o did not start: bad option at line [0-9]+ of .*/dnsmasq/o/dnsmasq.conf: 'nonsense-option=1', a <dnsmasq:option> of the network's definition: correct it" "$(vnm net-start o 2>&1)"
vnm -q net-undefine o

# Another DHCP server, on a device of its own beside ours, shares the port with nobody: it is named, and not one of ours.
if command -v perl >/dev/null; then
	for f in 2 10; do
		port=67 v6=; [ $f = 2 ] || port=547 v6=v6
		perl -e 'use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6); my ($f, $port) = @ARGV; $| = 1;
			socket(my $s, $f, SOCK_DGRAM, 17) or die "socket: $!";
			setsockopt($s, 1, 25, "uplink0") or die "device: $!"; # SO_BINDTODEVICE
			bind($s, $f == 2 ? pack_sockaddr_in($port, INADDR_ANY) : pack_sockaddr_in6($port, inet_pton($f, "::"))) or die "bind: $!";
			print "bound\n"; sleep 60' $f $port >"$T/bound.$port" 2>&1 & other=$!
		until grep -qs . "$T/bound.$port"; do sleep .02; done
		echo "<network><name>p</name><bridge name='br-p' stp='off'/><ip address='192.168.183.1' prefix='24'><dhcp><range start='192.168.183.9' end='192.168.183.9'/></dhcp></ip>
		<ip family='ipv6' address='fd00:183::1' prefix='64'><dhcp><range start='fd00:183::9' end='fd00:183::9'/></dhcp></ip></network>" >"$T/p.xml"
		no "port $port is taken" vnm net-create "$T/p.xml"
		has "by whom, port $port" "dnsmasq for p did not start: failed to bind DHCP$v6 server socket: Address already in use: process $other \(perl\) has it; end that, or let it serve other devices only" "$(cat "$T/out")"
		kill $other; wait $other 2>/dev/null
	done
fi

# Nothing to serve: no process.
printf "<network><name>q</name><bridge name='br-q'/><dns enable='no'/><ip address='192.168.182.1' prefix='24'/></network>" >"$T/q.xml"
vnm -q net-define "$T/q.xml"; ok 'start quiet' vnm net-start q
same 'no dnsmasq' 0 "$(pgrep -fc 'dnsmasq/q/')"
vnm -q net-destroy q

# A server of names on all addresses: the process that has the port is named, and nothing is left; a network without names does not need it.
printf "<network><name>p</name><bridge name='br-p'/><ip address='192.168.184.1' prefix='24'/></network>" >"$T/p.xml"
vnm -q net-define "$T/p.xml"
nc -l -k 0.0.0.0 53 </dev/null >/dev/null 2>&1 & taker=$!
until ss -Hltn 'sport = :53' | grep -q '0\.0\.0\.0:53'; do kill -0 $taker || break; sleep .02; done
before=$(snapshot)
no 'a port that is taken' vnm net-start p
has 'by whom' "Address already in use: process $taker \(nc.*\) has it; end that, or let it serve other addresses only" "$(vnm net-start p 2>&1)"
same 'nothing is left' "$before" "$(snapshot)"
ok 'without names' vnm -q net-start q
kill $taker
wait $taker 2>/dev/null; vnm -q net-undefine p

# What people have met elsewhere. Reservations alone: others get nothing; machines of one name have all its addresses.
m() { printf '<network><name>m</name><forward/><bridge name="br-m" stp="off"/><domain name="lab.test" localOnly="yes"/>%s</network>\n' "$1" >"$T/m.xml"; vnm -q net-define "$T/m.xml"; }
resolve() { dig +short +time=2 +tries=1 @192.168.184.1 "$@"; }
m "<dns><host ip='192.168.184.11'><hostname>node</hostname></host><host ip='192.168.184.12'><hostname>node</hostname></host></dns>
<ip address='192.168.184.1' prefix='24'><dhcp><host mac='52:54:00:00:84:01' ip='192.168.184.11'/><host mac='52:54:00:00:84:02' ip='192.168.184.12'/></dhcp></ip>"
ok 'reservations alone' vnm net-start m
for i in 1 2; do guest m$i br-m 52:54:00:00:84:0$i; ok "reserved: $i" dhcp m$i; same "its address: $i" "192.168.184.1$i" "$(dhcp_value m$i ip)"; done
guest m3 br-m
no 'nobody else' inns m3 busybox udhcpc -i eth0 -n -q -f -t 2 -T 1 -s /bin/true
same 'one name, both addresses' '192.168.184.11 192.168.184.12' "$(resolve node | sort | xargs)"
leave m1 m2 m3; vnm -q net-destroy m

# A machine that is called otherwise when it asks again, as after its first boot. A pool as small as it is used, again and again.
m "<ip address='192.168.184.1' prefix='24'><dhcp><range start='192.168.184.100' end='192.168.184.101'/></dhcp></ip>"
ok 'a small pool' vnm net-start m
guest m1 br-m
ok 'the first name' dhcp m1 -x hostname:before; ip=$(dhcp_value m1 ip)
ok 'another name' dhcp m1 -x hostname:after
same 'is found' "$ip" "$(resolve after.lab.test)"
same 'by address, too' after.lab.test. "$(resolve -x "$ip")"
same 'the old one is not' '' "$(resolve before.lab.test)"
has 'leases' " $ip/24 +after " "$(vnm net-dhcp-leases m)"
for i in 1 2 3; do
	ip netns add m4
	ok "round $i: the other address" vnm -q net-attach m --netns m4 --ip dhcp
	vnm -q net-detach m m4; ip netns del m4
done
leave m1; vnm -q net-destroy m

# A host without IPv6 has networks with it all the same, and their guests get IPv4.
for where in all default; do echo 1 >/proc/sys/net/ipv6/conf/$where/disable_ipv6; done
m "<ip address='192.168.184.1' prefix='24'><dhcp><range start='192.168.184.100' end='192.168.184.110'/></dhcp></ip><ip family='ipv6' address='fd00:184::1' prefix='64'/>"
ok 'a host without IPv6' vnm net-start m
guest m1 br-m
ok 'IPv4' dhcp m1
same 'gets out' "you are $UPLINK" "$(web m1 "$SERVER")"
leave m1; vnm -q net-destroy m
for where in default all; do echo 0 >/proc/sys/net/ipv6/conf/$where/disable_ipv6; done
vnm -q net-undefine m
finish
