#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A network on three hosts that find each other by BGP EVPN, which FRR speaks: its guests reach each other, move, and lose a host and a
# reflector; FRR's configuration is taken back, and somebody else's is left alone.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/hosts.sh"
. "$srcdir/tests/lib/frr.sh"
need nft bridge
ok 'hosts' three_hosts
frr_find || skip 'FRR (frr, libyang2) is neither installed nor unpacked (scripts/deps --unpack)'
# With it, there is what its members may see.
{ cat /etc/group; echo 'vnetmgr:x:986:'; } >"$T/groups" && mount --bind "$T/groups" /etc/group

# An administrator's rules, which accept neither VXLAN nor BGP and BFD by themselves.
! in_iptables || for k in $HOSTS; do
	for tool in iptables:icmp ip6tables:ipv6-icmp; do
		on $k ${tool%:*} -P INPUT DROP; on $k ${tool%:*} -A INPUT -p ${tool#*:} -j ACCEPT
		on $k ${tool%:*} -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
	done
done

# definition NAME NUMBER: the same file for all hosts; the first two are reflectors
password=s3cret
definition() {
	cat <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>$1</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-$1'/>
<ip address='192.168.$2.1' prefix='24'><dhcp><range start='192.168.$2.2' end='192.168.$2.254'/></dhcp></ip>
<ip family='ipv6' address='fd$2::1' prefix='64'/><vnm:overlay vni='1$2'><vnm:host of='3'/>
<vnm:evpn asn='65000' reflector='10.99.0.1' reflector2='10.99.0.2' listen='10.99.0.0/29' password='$password' bfd='yes'/></vnm:overlay></network>
X
}
# soon COMMAND...: it succeeds, at the latest in a minute: on a busy machine BFD may take a host for dead for a moment
soon() { end=$(($(date +%s) + 60)); until "$@" >/dev/null 2>&1; do [ "$(date +%s)" -lt $end ] || { "$@"; return; }; sleep .05; done; }
conf() { echo "$LAB/h$1/etc/frr/frr.conf"; }
# flooded K: the hosts to which host K floods; floods K HOST...: they are just those
flooded() { on "$1" bridge fdb show dev vnm150 | sed -n 's/^00:00:00:00:00:00 dst 10.99.0.\([0-9]*\).*/\1/p' | sort | xargs; }
floods() { k=$1; shift; [ "$(flooded "$k")" = "$*" ]; }
# known K MAC [HOST]: host K knows that the guest is on HOST; without: on none
known() { [ "$(on "$1" bridge fdb show dev vnm150 | sed -n "s/^$2 dst 10.99.0.\([0-9]*\) .*/\1/p" | head -n 1)" = "${3:-}" ]; }
no_bgp() { ! vty "$1" 'show running-config' | grep -q '^router bgp\|VNETMGR'; }
is_whole() { [ "$(host "$1" net-info lab --json | sed -n 's/.*"state": "\([a-z]*\)".*/\1/p')" = active ] || { host "$1" net-info lab; false; }; }

### Before there is FRR.
definition lab 50 >"$T/lab.xml"
ok 'defined' each net-define "$T/lab.xml"
no_because 'without bgpd' 'bgpd=yes in /etc/frr/daemons' host 1 net-start lab
no 'nothing is left' on 1 ip link show br-lab
for k in $HOSTS; do ok "FRR on host $k" frr_start $k zebra bfdd bgpd; done

### The password is for who may see it.
same 'net-dumpxml has no password' 0 "$(host 1 net-dumpxml lab | grep -c s3cret)"
has 'with --security-info it has' "password='s3cret'" "$(host 1 net-dumpxml --security-info lab)"
host 1 net-dumpxml lab >"$T/again.xml"
ok 'a definition without it is defined again' host 1 net-define "$T/again.xml"
has 'it is there still' "password='s3cret'" "$(host 1 net-dumpxml --security-info lab)"
lines=$(host 1 net-start lab --dry-run)
has 'a dry run shows what FRR is told' 'router bgp 65000' "$lines"
same 'and no password' 0 "$(echo "$lines" | grep -c s3cret)"

### Somebody else's configuration is left alone.
printf 'router bgp 65000\n neighbor 10.99.0.1 remote-as 65000\n' >"$(conf 3)"
foreign=$(cat "$(conf 3)")
has 'a warning' "is somebody else's" "$(host 3 net-start lab 2>&1)"
same 'the file is as it was' "$foreign" "$(cat "$(conf 3)")"
ok 'and so is FRR' no_bgp 3
has 'other hosts do not know: net-info' 'does not advertise VNI 150' "$(host 3 net-info lab)"
has 'net-list' 'degraded' "$(host 3 net-list)"
has 'net-doctor has a name for it' '"vni-untold"' "$(host 3 net-doctor lab --json)"
host 3 net-dumpxml --frr --security-info lab >"$T/fragment"
has 'what is to be added' '^ neighbor 10.99.0.2 password s3cret$' "$(cat "$T/fragment")"
same 'without the password for everybody' 0 "$(host 3 net-dumpxml --frr lab | grep -c s3cret)"
frr_shell 3 -f "$T/fragment"
for k in 1 2; do ok "host $k" host $k net-start lab; done
for k in 1 2; do ok "host $k knows host 3, which has added it" soon floods $k $((3 - k)) 3; done
host 3 net-destroy lab
same 'somebody else'\''s stays' 'router bgp 65000' "$(vty 3 'show running-config' | grep '^router')"
vty 3 'configure terminal' 'no router bgp 65000' 'no route-map VNETMGR' 'no bgp route-map delay-timer'
rm "$(conf 3)"

### All of them.
ok 'host 3' host 3 net-start lab
for k in $HOSTS; do
	ip netns add g$k
	ok "a guest on host $k" host $k net-attach lab --netns g$k --ip auto --mac 52:54:00:50:00:0$k
done
ok 'host 1 knows the others' soon floods 1 2 3
ok 'host 2, too' soon floods 2 1 3
ok 'host 3, too' soon floods 3 1 2
ok 'all reach all' soon all_reach
for k in $HOSTS; do ok "host $k is whole" soon is_whole $k; done
same 'the device learns nothing by itself' 1 "$(on 1 ip -d link show dev vnm150 | grep -c nolearning)"
has 'nor does the bridge there' 'learning off.*neigh_suppress on' "$(on 1 bridge -d link show dev vnm150)"
ok 'where a guest is, BGP tells' soon known 3 52:54:00:50:00:02 2
same 'frr.conf is not for everybody' 600 "$(stat -c %a "$(conf 3)")"
same 'the community has the number of the host' 65000:3 "$(vty 1 'show bgp l2vpn evpn route detail type 3 json' | grep -o '65000:3' | head -n 1)"

### What has the password is for root alone, and no output has it.
secret_files() { find "$LAB" -type f -perm /077 -exec grep -l "$password" {} +; }
same 'files that others may read' '' "$(secret_files)"
ok 'there are some: the public summary' test -s "$LAB/h1/run/vnetmgr/public/networks/lab.xml"
shown() {
	for command in 'net-info lab' 'net-info lab --json' 'net-list --all --json' 'net-dumpxml lab' 'net-dumpxml --inactive lab' \
		'net-dumpxml --frr lab' 'net-doctor lab' 'net-doctor lab --json' net-graph 'net-repair lab --dry-run' '-v net-repair lab' \
		"net-apply $T/lab.xml --dry-run" "net-apply $T/nobfd.xml --dry-run" "net-define $T/lab.xml --dry-run" "-v net-start lab"; do
		# shellcheck disable=SC2086
		on 3 "$VNETMGR" $command 2>&1
	done
}
sed "s/ bfd='yes'//" "$T/lab.xml" >"$T/nobfd.xml"
all=$(shown)
has 'they show FRR' 'EVPN: *AS 65000' "$all"
same 'and no password' 0 "$(echo "$all" | grep -c s3cret)"

### Only its hosts.
ip addr add 10.99.0.100/24 dev under
no 'BGP is not for others' nc -z -w 1 10.99.0.1 179
on 2 nft 'table ip t { chain i { type filter hook prerouting priority -400; tcp dport 179 tcp flags syn counter; }; }'
for to in 1 2; do no "a guest does not speak BGP to host $to" inns g1 nc -z -w 1 10.99.0.$to 179; done
has 'nothing of it has come to host 2, in the name of host 1' 'packets 0' "$(on 2 nft list table ip t)"
on 2 nft delete table ip t
ip netns add rogue
ip link add rogue type veth peer name eth0 netns rogue && ip link set rogue master under up
ip -n rogue link set eth0 up; ip -n rogue addr add 10.99.0.9/24 dev eth0
ip -n rogue link add vx type vxlan id 150 remote 10.99.0.1 dstport 4789 dev eth0
ip -n rogue addr add 192.168.50.99/24 dev vx; ip -n rogue link set vx up
no 'a machine that is no host reaches no guest' reaches rogue "$(address g1 -4)"
no 'and no guest has heard of it' sh -c "ip -n g1 neigh show 192.168.50.99 | grep lladdr"
ip netns del rogue

### A guest moves.
ok 'a guest on host 1' comes 1
ok 'it is reached from host 3' soon reaches g3 192.168.50.77
ok 'in IPv6, too' soon reaches g3 fd50::77
pings 'it moves' 1 2 192.168.50.77 fd50::77
ok 'host 3 knows' soon known 3 52:54:00:50:00:77 2
ok 'from where it was it is reached, too' soon reaches g1 192.168.50.77
pings 'it comes back' 2 1 192.168.50.77 fd50::77
ok 'host 3 knows' soon known 3 52:54:00:50:00:77 1
goes 1

### A second network: FRR is not told anything.
definition two 51 >"$T/two.xml"
before=$(vty 1 'show running-config')
# unnoticed COMMAND...: of three times there is one at which a guest that sends to another host loses nothing meanwhile. On a busy machine
# BFD may take a host for dead for a moment.
unnoticed() {
	for try in 1 2 3; do
		soon reaches g3 "$(address g1 -4)"
		ip netns exec g3 ping -n -q -i 0.01 -w 60 "$(address g1 -4)" >"$T/ping" & ping=$!
		"$@" || return
		kill -INT $ping; wait $ping
		! grep -q '[, ]0% packet loss' "$T/ping" || return 0
		cat "$T/ping"
	done
	return 1
}
two_starts() { for k in 1 2; do host $k net-list | grep -q ' two ' && host $k net-destroy two; host $k net-create "$T/two.xml" || return; done; }
ok 'a second network starts, and nobody notices' unnoticed two_starts
two() { [ "$(on 1 bridge fdb show dev vnm151 | grep -c '^00:00:00:00:00:00 dst 10.99.0.2 ')" = 1 ]; }
ok 'its hosts know each other' soon two
same 'the configuration is the same' "$before" "$(vty 1 'show running-config')"
sed "s/>two</>three</; s/br-two/br-three/; s/151/152/; s/192.168.51/192.168.52/g; s/fd51/fd52/; s/asn='65000'/asn='65001'/" "$T/two.xml" >"$T/three.xml"
no_because 'another BGP on the same host' "<vnm:evpn> of network 'three' differs from that of network" host 1 net-define "$T/three.xml"

### A list of peers becomes EVPN, host by host.
definition five 55 | sed 's|<vnm:evpn .*/>|<vnm:peer address="10.99.0.1"/><vnm:peer address="10.99.0.2"/>|' >"$T/list.xml"
definition five 55 >"$T/five.xml"
for k in 1 2; do ok "a network with a list on host $k" host $k net-create "$T/list.xml"; done
# What the list has put into the kernel is taken out, and FRR, which has known of it all the time, puts it in again.
told() { [ "$(on 1 bridge fdb show dev vnm155 | grep -c '^00:00:00:00:00:00 dst 10.99.0.2 ')" = 1 ]; }
for k in 1 2; do ok "applied on host $k" host $k net-apply "$T/five.xml"; done
ok 'they know each other by FRR' soon told
same 'the device learns nothing by itself any more' 1 "$(on 1 ip -d link show dev vnm155 | grep -c nolearning)"
for k in 1 2; do host $k net-undefine five; ok "it ends on host $k" host $k net-destroy five; done

### Their password is changed network by network, host by host.
definition four 54 | sed 's/s3cret/another/' >"$T/four.xml"
has 'one password for all' "network 'four' has another password in <vnm:evpn> than network 'lab'" "$(host 1 net-define "$T/four.xml" 2>&1)"
no_because 'and for all that are active' 'give both the same' host 1 net-start four
host 1 net-undefine four
password=another
definition lab 50 >"$T/lab.xml"; definition two 51 >"$T/two.xml"
if optional strace; then
	ok 'changed on host 1' on 1 strace -f -qq -s 4096 -e trace=execve -o "$T/executed" "$VNETMGR" -q net-apply "$T/lab.xml"
	has 'vtysh is told' '/vtysh"' "$(cat "$T/executed")"
	same 'and not by arguments, which everybody sees' 0 "$(grep -c "$password" "$T/executed")"
else
	ok 'changed on host 1' host 1 net-apply "$T/lab.xml"
fi
has 'FRR has it' 'password another$' "$(cat "$(conf 1)")"
has 'the other network has another' 'have the password of another network' "$(host 1 net-info two)"
has 'net-doctor has a name for it' '"bgp-password"' "$(host 1 net-doctor two --json)"
ok 'its repair does not take it back' host 1 net-repair two
same 'nor does anything else' 0 "$(grep -c s3cret "$(conf 1)")"
ok 'changed there, too' host 1 net-apply "$T/two.xml"
for k in 2 3; do ok "on host $k" host $k net-apply "$T/lab.xml"; done
ok 'and all of host 2' host 2 net-apply "$T/two.xml"
same 'files that others may read' '' "$(secret_files)"
same 'nothing is left of the old one' 0 "$(cat "$(conf 1)" "$(conf 2)" "$(conf 3)" | grep -c s3cret)"
for k in $HOSTS; do ok "host $k is whole" soon is_whole $k; done
same 'host 1 has one password' 0 "$(host 1 net-info two | grep -c password)"
ok 'its hosts know each other' soon two
ok 'it ends' host 1 net-destroy two
ok 'on host 2, too' host 2 net-destroy two
same 'the first goes on' "$(echo "$before" | sed 's/s3cret/another/')" "$(vty 1 'show running-config')"

### What somebody has taken out of FRR is missed, and made again.
vty 3 'configure terminal' 'no router bgp 65000'
has 'net-info' 'EVPN by FRR .AS 65000. .FRR runs another configuration' "$(host 3 net-info lab)"
ok 'repaired' host 3 net-repair lab
ok 'host 1 knows host 3 again' soon floods 1 2 3

### What else may be wrong with FRR, and between it and the kernel.
info_has() { host 3 net-info lab | grep -q "$1"; }
frr_kill 3 KILL bfdd
ok 'without bfdd' soon info_has 'Note: .*bfdd (FRR) does not run'
has 'net-doctor has a name for it' '"bfd-session"' "$(host 3 net-doctor lab --json)"
ok 'guests do not suffer' soon is_whole 3
ok 'it starts again' frr_start 3 bfdd
watched() { ! info_has 'BFD\|bfdd'; }
ok 'BFD is back' soon watched
on 3 bridge fdb append 00:00:00:00:00:00 dev vnm150 dst 10.99.0.77
ok 'a host that FRR does not know' info_has 'Note: .*the kernel sends .* to host 10.99.0.77'
has 'net-doctor has a name for it' '"vtep-stale"' "$(host 3 net-doctor lab --json)"
# follows: what net-doctor says is to be run
follows() { command=$(host 3 net-doctor lab | sed -n 's/^Command: *//p' | head -n 1) && echo "$command" && on 3 sh -c "$command"; }
ok 'what it says is done' follows
no 'it is gone' info_has 'the kernel sends'
ok 'host 3 is whole' soon is_whole 3
# The kernel takes an entry for granted which zebra gives it, and so does zebra: where the kernel has no memory for it, say.
if optional strace; then
	timeout 60 strace -f -e trace=sendmsg -e inject=sendmsg:error=ENOMEM -o "$T/refused" -p "$(cat "$LAB/h3/run/frr/zebra.pid")" 2>"$T/attached" &
	strace=$!
	ok "it is watched" soon grep -q attached "$T/attached"
	on 3 bridge fdb del 00:00:00:00:00:00 dev vnm150 dst 10.99.0.1
	ok "an entry of the kernel is refused" soon grep -q "ENOMEM.*INJECTED" "$T/refused"
	kill $strace; wait $strace
	ok 'a host that the kernel does not send to' info_has 'FRR knows host 10.99.0.1, but the kernel does not send to it'
	has 'net-list' degraded "$(host 3 net-list)"
	has 'net-doctor has a name for it' '"vtep-unflooded"' "$(host 3 net-doctor lab --json)"
	ok 'what it says is done' follows
	ok 'host 3 sends to it again' soon floods 3 1 2
	ok 'host 3 is whole' soon is_whole 3
	ok 'and reaches it' soon reaches g3 "$(address g1 -4)"
fi

### A host dies, and a reflector does.
# forgotten LIMIT: host 3 is cut off, and host 1 knows, in so many seconds
forgotten() {
	ip link set u3 down
	from=$(date +%s%N)
	soon floods 1 2 && soon known 1 52:54:00:50:00:03 || return
	took=$((($(date +%s%N) - from) / 1000000))
	echo "# host 3 is cut off: after $took ms host 1 sends nothing there"
	[ $took -le $(($1 * 1000)) ]
}
ok 'host 3 is cut off: with BFD host 1 knows, and where its guest is not, within the hold time' forgotten 9
cat "$T/out"
lonely() { host 3 net-info lab | grep -q 'no BGP session with reflector 10.99.0.1 .*guests on other hosts are not reached'; }
ok 'host 3 says so' soon lonely
has 'net-list, too' 'degraded' "$(host 3 net-list)"
has 'net-doctor has a name for it' '"bgp-session"' "$(host 3 net-doctor lab --json)"
ok 'the others go on' soon reaches g1 "$(address g2 -4)"
ip link set u3 up
ok 'it comes back' soon floods 1 2 3
ok 'its guest is reached' soon reaches g1 "$(address g3 -4)"
both_sessions() { ! host 3 net-info lab | grep 'no BGP session'; }
ok 'host 3 has both reflectors again' soon both_sessions
frr_kill 1 KILL zebra bfdd bgpd
ok 'a reflector dies' soon floods 2 3
ok 'the other one goes on' soon reaches g2 "$(address g3 -4)"
has 'it is no fault on host 3' 'no BGP session with reflector 10.99.0.1' "$(host 3 net-info lab)"
ok 'host 3 is whole' soon is_whole 3
has 'on host 1 it is' 'EVPN by FRR' "$(host 1 net-info lab)"
ok 'it starts again, with its file' frr_start 1 zebra bfdd bgpd
ok 'all know each other again' soon floods 2 1 3
ok 'all reach all' soon all_reach
ok 'host 1 is whole' soon is_whole 1

### What is wrong between the hosts has a name.
has 'net-info has the sessions' '^EVPN: *AS 65000$' "$(host 3 net-info lab)"
has 'each' '10.99.0.2 Established' "$(host 3 net-info lab)"
has 'and the hosts' '^Peer: *10.99.0.1$' "$(host 3 net-info lab)"
host 3 net-info lab --json >"$T/info.json"
has 'as JSON' '"asn": 65000' "$(cat "$T/info.json")"
! python3 -c 'import jsonschema' 2>/dev/null || ok 'as the schema says' python3 -c '
import json, jsonschema, sys
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' "$T/info.json" "$srcdir/schemas/json/net-info.json"
same 'net-doctor finds nothing wrong with them' 0 "$(host 3 net-doctor lab --json | grep -c '"check": "\(host\|bgp\|vni\|port\|part\)')"
ip link set u2 mtu 1400
has 'too small packets' 'packets to host 10.99.0.2 may have 1400 bytes at most, not 1500' "$(host 3 net-info lab)"
has 'net-doctor has a name for it' '"host-mtu"' "$(host 3 net-doctor lab --json)"
ip link set u2 mtu 1500
twin=$(address g3 -4)
ip -n g1 addr add $twin/24 dev eth0
has 'two guests with one address' "$twin of guest g3 is also the address of a guest of .*, 52:54:00:50:00:01" "$(host 3 net-info lab)"
has 'net-doctor has a name for it' '"host-twin"' "$(host 3 net-doctor lab --json)"
ip -n g1 addr del $twin/24 dev eth0
ok 'host 3 is whole' soon is_whole 3
host 2 net-detach lab g2; host 2 net-destroy lab
echo 'index = "3"' >"$LAB/h2/etc/vnetmgr/host.conf"
sed "s|<ip address|<mac address='02:76:00:00:00:99'/>&|" "$T/lab.xml" >"$T/other.xml"
host 2 net-define "$T/other.xml" && host 2 net-start lab
ok 'host 3 knows it' soon floods 3 1 2
has 'two hosts with one number' 'host 10.99.0.2 has number 3, as this one has' "$(host 3 net-info lab)"
has 'net-list, too' degraded "$(host 3 net-list)"
has 'net-doctor has a name for it' '"host-number"' "$(host 3 net-doctor lab --json)"
echo 'index = "2"' >"$LAB/h2/etc/vnetmgr/host.conf"
host 2 net-destroy lab; host 2 net-start lab
ok 'host 3 knows it' soon floods 3 1 2
has 'another gateway' 'the gateway has another MAC address on host 10.99.0.2' "$(host 3 net-info lab)"
host 2 net-destroy lab; host 2 net-undefine lab; host 2 net-define "$T/lab.xml"; host 2 net-start lab
ok 'a guest on host 2' host 2 net-attach lab --netns g2 --ip auto --mac 52:54:00:50:00:02
ok 'host 3 knows it' soon floods 3 1 2
ok 'host 3 is whole' soon is_whole 3

### A live change: only what differs.
definition lab 50 | sed "s/ bfd='yes'//" >"$T/nobfd.xml"
ok 'without BFD' host 3 net-apply "$T/nobfd.xml"
same 'FRR has taken it back' 0 "$(vty 3 'show running-config' | grep -c ' bfd$')"
same 'and its file' 0 "$(grep -c ' bfd$' "$(conf 3)")"
ok 'host 1 still knows it' soon floods 1 2 3
ok 'and its guest' soon known 1 52:54:00:50:00:03 3
ok 'host 3 is cut off: without BFD host 1 knows by the hold time of 9 seconds' forgotten 20
cat "$T/out"
ip link set u3 up

### The end.
for k in $HOSTS; do
	host $k net-detach lab g$k; ip netns del g$k
	ok "stopped on host $k" host $k net-destroy lab
	ok "FRR of host $k is as it was" no_bgp $k
	no "and so is its file" test -e "$(conf $k)"
done
for k in $HOSTS; do frr_kill $k KILL zebra bfdd bgpd; done
finish
