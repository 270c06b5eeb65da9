#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A machine on a NAT network: lease, reservation, names, both families, forwards from everywhere, and all that may happen to the
# network and to the machine while it runs.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/guests/guest.sh"
N=192.168.190 MAC=52:54:00:00:00:07
cat >n.xml <<'X'
<network><name>n</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<domain name='lab.test' localOnly='yes'/>
<ip address='192.168.190.1' prefix='24'><dhcp><range start='192.168.190.10' end='192.168.190.99'/>
<host mac='52:54:00:00:00:07' name='seven' ip='192.168.190.7'/></dhcp></ip>
<ip family='ipv6' address='fd00:190::1' prefix='64'/></network>
X
vnm -q net-define n.xml && vnm -q net-start n || exit 1
ip netns add other
vnm -q net-attach n --netns other --ip $N.200 || exit 1
options=$(vnm -q net-attach n --tap vm1 --mac $MAC) || exit 1
has 'options' "^-netdev tap,id=vm1,ifname=vm1,.* -device virtio-net-pci,netdev=vm1,mac=$MAC" "$options"
ok 'nobody holds the tap' carrier n vm1 no
ok 'a machine' machine vm1 "$options" || finish

# works WHAT: all that the machine has of the network
works() {
	same "$1: the reserved address" $N.7 "$(vm vm1 lease)"
	ok "$1: the host" vm vm1 "reaches $N.1"
	ok "$1: outside" vm vm1 "reaches $SERVER"
	same "$1: outside, as the host" "you are $UPLINK" "$(vm vm1 "page $SERVER")"
	has "$1: listed" "$MAC +ipv4 +$N.7/24 +seven " "$(vnm -q net-dhcp-leases n)"
	ok "$1: it holds the tap" carrier n vm1 yes
}
works 'booted'
same 'the name that it was told' seven "$(vm vm1 'dhcp_value hostname')"
same 'the domain' lab.test "$(vm vm1 'dhcp_value domain')"
same 'its name' $N.7 "$(vm vm1 "asked seven.lab.test $N.1")"
same 'its name for others' $N.7 "$(inns other dig +short +time=3 @$N.1 seven.lab.test)"
has 'IPv6' 'fd00:190::' "$(vm vm1 advertised)"
ok 'the host, IPv6' vm vm1 'reaches fd00:190::1'
same 'outside, IPv6' "you are $UPLINK6" "$(vm vm1 "page [$SERVER6]")"

### Forwards into it.
ok 'it serves' vm vm1 'serves "hello from seven"'
ok 'a forward' vnm -q net-forward-add n tcp 8080 $N.7:80
same 'from outside' 'hello from seven' "$(outside busybox wget -q -O - http://$UPLINK:8080/)"
same 'from the host' 'hello from seven' "$(page $UPLINK:8080)"
same 'from the host, 127.0.0.1' 'hello from seven' "$(page 127.0.0.1:8080)"
same 'from another guest' 'hello from seven' "$(inns other busybox wget -q -O - http://$UPLINK:8080/)"
same 'from itself' 'hello from seven' "$(vm vm1 "page $UPLINK:8080")"

### The network is restarted, changed, repaired under it.
before=$(vm vm1 'ip -4 addr show dev eth0; ip route')
ok 'stop' vnm -q net-destroy n
no 'cut off' vm vm1 "reaches $N.1"
ok 'start' vnm -q net-start n
ok 'at once' vm vm1 "reaches $SERVER"
has 'the lease is kept' "$MAC +ipv4 +$N.7/24 +seven " "$(vnm -q net-dhcp-leases n)"
has 'IPv6 again' 'fd00:190::' "$(vm vm1 advertised)"
ok 'outside, IPv6' vm vm1 "reaches $SERVER6"
sed "s:</dhcp>:<host mac='52\\:54\\:00\\:00\\:00\\:08' name='eight' ip='$N.8'/></dhcp>:
	s:</network>:<dns><host ip='$N.9'><hostname>nine</hostname></host></dns></network>:" n.xml >changed.xml
ok 'net-apply' vnm -q net-apply changed.xml
same 'a name that is new' $N.9 "$(vm vm1 "asked nine.lab.test $N.1")"
ok 'a subnet more' vnm -q net-update n add ip --live "<ip address='192.168.191.1' prefix='24'/>"
ok 'is there' vm vm1 'reaches 192.168.191.1'
iptables -F VNM_FWO; ip link set vm1 nomaster
has 'damaged' ' n +degraded ' "$(vnm -q net-list)"
ok 'repair' vnm -q net-repair n
ok 'outside' vm vm1 "reaches $SERVER"
same 'the machine saw nothing of it' "$before" "$(vm vm1 'ip -4 addr show dev eth0; ip route')"
ok 'a forward of the active network went with the restart' vnm -q net-forward-add n tcp 8080 $N.7:80
same 'and is there again' 'hello from seven' "$(outside busybox wget -q -O - http://$UPLINK:8080/)"

### The machine is reset, loses its power, loses its tap.
printf 'reboot -f\n' 1<>vm1.in
ok 'reset' up vm1
works 'after a reset'
cut_off vm1
ok 'killed' carrier n vm1 no
has 'the network is whole' ' n +active ' "$(vnm -q net-list)"
ok 'the same script again' starts vm1
works 'started again'
ok 'detached while it runs' vnm -q net-detach n vm1
no 'its tap is gone' ip link show vm1
no 'it is cut off' vm vm1 "reaches -W 1 $N.1"
ok 'it lives' vm vm1 true
same 'attached again: the same options' "$options" "$(vnm -q net-attach n --tap vm1 --mac $MAC)"
cut_off vm1
ok 'and again' starts vm1
works 'attached again'
cut_off vm1
vnm -q net-detach n vm1
ok 'without a MAC address' vnm -q net-attach n --tap vm1
options=$(cat out)
no 'another one is made' grep -q "mac=$MAC" out
ok 'to the network, another machine' machine vm1 "$options"
has 'so another lease' "^$N\.[1-9][0-9]$" "$(vm vm1 lease)"
finish
