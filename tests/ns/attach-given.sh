#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What guests are given, and what stays when they go: addresses that ways of the host lead to, or that routes name, MAC
# addresses that are the host's, the resolv.conf of their namespace.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/attach.sh"
cd "$T" || exit 1
N=192.168.50 M=fd00:50:
refused() { title=$1 pattern=$2; shift 2; now=$(state); no_change_because "$title" "$pattern" vnm net-attach "$@"; }
before=$(snapshot)
for ns in a b c d; do ip netns add $ns; done
ip addr add 203.0.113.77/32 dev uplink0
cat >n.xml <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<mac address='52:54:00:aa:bb:cc'/><domain name='lab.test'/><dns><host ip='$N.3'><hostname>named</hostname></host></dns>
<ip address='$N.1' prefix='24'><dhcp><host mac='52:54:00:00:00:99' ip='$N.9'/></dhcp></ip><ip family='ipv6' address='$M:1' prefix='64'/>
<route address='10.20.0.0' prefix='16' gateway='$N.2'/><route family='ipv6' address='fd00:20::' prefix='48' gateway='$M:2'/>
<vnm:staticNat outside='203.0.113.77' inside='$N.6'/></network>
X
ok define vnm -q net-define n.xml; ok marked vnm -q net-autostart n; ok start vnm -q net-start n
address() { inns "$1" ip -o addr show dev eth0 scope global permanent | sed 's/.*inet6* \([^/]*\).*/\1/' | xargs; } # not those that it makes itself of advertisements

### An address that a route names is reserved for that guest, and given to it.
ok 'one who asks for any' vnm -q net-attach n --netns a --ip auto
same 'is not given the addresses of gateways and names' "$N.4 $M:3" "$(address a)"
ok 'the gateway as a look' vnm -q net-attach n --netns b --ip $N.2 --ip $M:2 --router --dry-run
ok 'the gateway itself' vnm -q net-attach n --netns b --ip $N.2 --ip $M:2 --router
same 'has its addresses' "$N.2 $M:2" "$(address b)"
refused 'nobody beside it' "address $N.2 is taken already" n --netns c --ip $N.2
refused 'by IPv6 neither' "address $M:2 is taken already" n --netns c --ip $M:2
inns b ip link add in0 type veth peer name in1; inns b ip link set in0 up; inns b ip addr add 10.20.0.9/16 dev in0; inns b ip addr add fd00:20::9/64 dev in0 nodad
ok 'the host goes by it' ping -n -c 1 -W 2 10.20.0.9
ok 'by IPv6, too' ping -n -c 1 -W 2 fd00:20::9
ok 'it goes' vnm -q net-detach n b
ok 'and comes' vnm -q net-attach n --netns b --ip $N.2 --ip $M:2 --router
vnm -q net-destroy n; ok 'a start' vnm -q net-start n
ok 'has it again' ping -n -c 1 -W 2 10.20.0.9
ok 'it goes again' vnm -q net-detach n b
ok 'as a tap' vnm -q net-attach n --tap r0 --ip $N.2
ok 'as well' vnm -q net-detach n r0
ok 'and whom the name server names' vnm -q net-attach n --netns b --ip $N.3
ok 'goes' vnm -q net-detach n b
ok 'and off' vnm -q net-detach n a

### Whom a way of the host leads to: its address is nobody else's as long as there are others.
ok 'a guest' vnm -q net-attach n --netns a --ip auto
same 'has what is free' "$N.4 $M:3" "$(address a)"
ok 'a port leads to it' vnm -q net-forward-add n tcp 8081 $N.4:80
ok 'more lead to it, in the persistent definition' vnm -q net-forward-add n udp 7000-7009 $N.4 --config
ok 'and by IPv6' vnm -q net-forward-add n tcp 8082 "[$M:3]:80" --live --config
ok 'what would be reported' vnm net-detach n a --dry-run
has 'is reported' "warning: tcp port 8081 still leads to $N.4" "$(cat out)"
ok 'it goes' vnm net-detach n a
has 'the port is named' "^warning: tcp port 8081 still leads to $N.4; see net-forward-list and net-forward-del" "$(cat out)"
has 'that of the persistent definition' "^warning: udp ports 7000-7009 still lead to $N.4" "$(cat out)"
same 'that of both is reported once' 1 "$(grep -c "tcp port 8082 still leads to $M:3" out)"
ok 'the next one' vnm -q net-attach n --netns b --ip auto
same 'has other addresses' "$N.5 $M:4" "$(address b)"
ok 'and one more' vnm -q net-attach n --netns c --ip auto
same 'does not get that of <vnm:staticNat>' "$N.7 $M:5" "$(address c)"
ok 'both again' vnm -q net-attach n --netns a --ip $N.4 --ip $M:3
same 'has them' "$N.4 $M:3" "$(address a)"
ok 'one to whom no way leads' vnm net-detach n b
no 'goes without a word' grep -q warning out
ok 'whom <vnm:staticNat> names' vnm -q net-attach n --netns b --ip $N.6
ok 'goes' vnm net-detach n b
has 'with a word' "^warning: the address 203.0.113.77 still leads to $N.6, by <vnm:staticNat>" "$(cat out)"
ok 'one with a reservation' vnm -q net-attach n --netns b --ip auto --mac 52:54:00:00:00:99
same 'has that' "$N.9 $M:4" "$(address b)"
ok 'also when a port leads to it' vnm -q net-forward-add n tcp 8083 $N.9:80
ok 'it goes' vnm net-detach n b
no 'and nobody else gets it' grep -q warning out
ip netns del a; until ! ip link show vnet0 >/dev/null 2>&1; do sleep .02; done
ok 'one whose namespace is gone' vnm net-repair n
has 'is collected with the same words' "^warning: tcp port 8081 still leads to $N.4" "$(cat out)"
vnm -q net-detach n c
# Nothing else is free.
sed "s/<name>n</<name>s</; s/br-n/br-s/; s/aa:bb:cc/aa:bb:dd/; s/$N/192.168.51/g; s/prefix='24'/prefix='29'/; s/<dhcp>.*<.dhcp>//; s/fd00:50/fd00:51/g; s/<vnm.*/<vnm:portForward proto='tcp' port='9000' to='192.168.51.5' toPort='80'\/><\/network>/; s/<route.*//; s/<dns>.*<.dns>//" n.xml >s.xml
ok 'a small network' vnm -q net-define s.xml; ok 'starts' vnm -q net-start s
for i in 2 3 4 6 5; do ip netns add s$i; ok "guest $i" vnm -q net-attach s --netns s$i --ip auto; has "guest $i has .$i" "^192.168.51.$i " "$(address s$i)"; done
refused 'there is no more' 'has no free IPv4 address' s --netns b --ip auto
vnm -q net-destroy s; for i in 2 3 4 5 6; do vnm -q net-detach s s$i 2>/dev/null; ip netns del s$i; done; vnm -q net-undefine s

### MAC addresses of the host's own.
for kind in '--netns b --ip auto' '--tap t0'; do
	refused "the bridge's: $kind" "MAC address 52:54:00:aa:bb:cc is that of bridge 'br-n'" n $kind --mac 52:54:00:aa:bb:cc
	refused "as a look: $kind" "is that of bridge 'br-n'" n $kind --mac 52:54:00:AA:BB:CC --dry-run
done
ok 'one that looks like the end of a tap' vnm -q net-attach n --tap t0 --mac fe:54:00:00:00:07
no 'is not its own end' grep -q fe:54:00:00:00:07 /sys/class/net/t0/address
refused 'the end of the tap of another' "and that of 't0' on network 'n' are" n --netns b --ip auto --mac fa:54:00:00:00:07
ok 'off' vnm -q net-detach n t0
ok 'a usual one' vnm -q net-attach n --tap t0 --mac 52:54:00:00:00:07
refused 'its end' "and that of 't0' on network 'n' are" n --netns b --ip auto --mac fe:54:00:00:00:07
ok 'off again' vnm -q net-detach n t0
ok 'a guest' vnm -q net-attach n --netns b --ip auto --mac 52:54:00:00:00:08
vnm -q net-destroy n; sed -i 's/52:54:00:aa:bb:cc/52:54:00:00:00:08/' "$R/etc/vnetmgr/networks/n.xml"
ok 'whose MAC address the bridge has now' vnm net-start n
has 'is not reattached' "warning: 'vnet0' \(b\) is not reattached to network 'n': MAC address 52:54:00:00:00:08 is that of bridge" "$(cat out)"
has 'the network reports it' '^ n +degraded' "$(vnm net-list)"
no 'the repair' vnm net-repair n
has 'says it, too' "error: guest 'vnet0' \(b\): MAC address 52:54:00:00:00:08 is that of bridge" "$(cat out)"
ok 'off' vnm -q net-detach n b
vnm -q net-destroy n; sed -i 's/52:54:00:00:00:08/52:54:00:aa:bb:cc/' "$R/etc/vnetmgr/networks/n.xml"
ip link add hostbr address 52:54:00:dd:dd:dd type bridge; ip link set hostbr up
echo "<network><name>h</name><forward mode='bridge'/><bridge name='hostbr'/></network>" >h.xml; vnm -q net-define h.xml; vnm -q net-start h
refused "that of the host's bridge" "is that of bridge 'hostbr'" h --tap t0 --mac 52:54:00:dd:dd:dd
vnm -q net-destroy h; vnm -q net-undefine h; ip link del hostbr
sed "s/ens33/uplink0/" "$srcdir/networks/examples/uplink.xml" >u.xml; lan=$(sed -n 's/.*<name>\(.*\)<.name>.*/\1/p' u.xml)
ok 'an uplink' vnm -q net-define u.xml; ok 'starts' vnm -q net-start "$lan"
refused "the uplink's" 'is that of bridge' "$lan" --tap t0 --mac "$(cat /sys/class/net/uplink0/address)"
vnm -q net-destroy "$lan"; vnm -q net-undefine "$lan"
ip link add nic0 type veth peer name nic1; ip link set nic0 up; ip link set nic1 up
echo "<network><name>m</name><forward mode='bridge'><interface dev='nic0'/></forward></network>" >m.xml; vnm -q net-define m.xml; vnm -q net-start m
refused "a device's" "is that of device 'nic0'" m --netns b --mac "$(cat /sys/class/net/nic0/address)"
vnm -q net-destroy m; vnm -q net-undefine m; ip link del nic0

### /etc/netns/NAME/resolv.conf: a symbolic link is a file that is there already.
vnm -q net-start n
mkdir "$T/upper" "$T/work"
if mount -t overlay overlay -o "lowerdir=/etc,upperdir=$T/upper,workdir=$T/work" /etc 2>/dev/null; then
	mkdir -p /etc/netns/b /etc/netns/c; echo 'nameserver 192.0.2.53' >precious
	there() { same "$1: the link is there" "$T/$2" "$(readlink /etc/netns/b/resolv.conf)"; same "$1: its target, too" 'nameserver 192.0.2.53' "$(cat precious)"; }
	for to in precious nowhere; do
		ln -sfn "$T/$to" /etc/netns/b/resolv.conf
		refused "a link to $to" "'/etc/netns/b/resolv.conf' already exists" n --netns b --ip auto
		there "a link to $to" $to
		refused "a link to $to, as a look" "'/etc/netns/b/resolv.conf' already exists" n --netns b --ip auto --dry-run
	done
	rm /etc/netns/b/resolv.conf
	for how in auto dhcp; do
		[ $how = auto ] || ok 'a network that gives addresses' vnm -q net-update n add ip-dhcp-range "<range start='$N.100' end='$N.120'/>" --live --config --parent-index 0
		ok "$how: without" vnm -q net-attach n --netns b --ip $how
		ok "$how: it is written" grep -q "nameserver $N.1" /etc/netns/b/resolv.conf
		ln -sfn "$T/precious" /etc/netns/b/resolv.conf	# the administrator's, meanwhile
		[ $how = dhcp ] || no "$how: the repair" vnm net-repair n
		there "$how: repaired" precious
		vnm -q net-destroy n; vnm -q net-start n >out 2>&1
		there "$how: started" precious
		ok "$how: off" vnm -q net-detach n b
		there "$how: off" precious
		rm -f /etc/netns/b/resolv.conf
	done
	ln -sfn "$T/precious" /etc/netns/b/resolv.conf
	refused 'a DHCP client neither' "'/etc/netns/b/resolv.conf' already exists" n --netns b --ip dhcp
	there 'a DHCP client neither' precious
	umount -l /etc
else
	echo 'no overlay file system here: resolv.conf is not looked at'
fi
vnm -q net-destroy n
ip addr del 203.0.113.77/32 dev uplink0
same 'no trace is left' "$before" "$(snapshot)"
finish
