#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A namespace that is a guest of two networks, as a router is: its resolv.conf has the servers of both, and it goes with the last of
# its guests. One that is not there yet after a boot; a resolv.conf of others in the place of ours.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/attach.sh"
mkdir "$T/upper" "$T/work"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$T/upper,workdir=$T/work" /etc 2>/dev/null || skip 'no overlay file system here'
mkdir -p /etc/netns
before=$(snapshot)
for n in 1 2; do
	[ $n = 1 ] && name=out mode="<forward mode='nat'/>" || name=in mode=
	echo "<network><name>$name</name>$mode<bridge name='br-$name' stp='off'/><domain name='$name.test'/>
	<ip address='10.$n.0.254' prefix='24'/></network>" >"$T/$name.xml"
	ok "define $name" vnm -q net-define "$T/$name.xml"
	ok "start $name" vnm -q net-start $name
done
healthy() { for net in in out; do vnm -q net-info $net | grep -E '^(Degraded|Note)' && return 1; done; return 0; }
mend() { vnm net-doctor "$@" 2>&1 | sed -n "s|vnetmgr net|$VNETMGR net|; s/^Command: *//p" | head -n 1 >"$T/mend"; }
left() { attachment_files; ls /run/netns /etc/netns; ip -br link | grep -o "^vnet[0-9]*"; }
up=$(left)

# The namespace goes with the last of them, whoever it was made for.
ok 'a router' vnm -q net-attach in --netns router --create --ifname in --router --ip 10.2.0.1
ok 'on both' vnm -q net-attach out --netns router --ifname out --router --ip 10.1.0.1
# One resolv.conf: the server of the network that leads outside is asked first, whoever came first.
resolver() { grep -v '^#' /etc/netns/router/resolv.conf | xargs; }
shared='nameserver 10.1.0.254 nameserver 10.2.0.254 search out.test in.test'
same 'it knows both name servers' "$shared" "$(resolver)"
ok 'both networks are whole' healthy
same 'the one with the way out is asked' '10.1.0.254#53' "$(inns router dig +time=3 router.out.test | sed -n 's/.*SERVER: \([^(]*\)(.*/\1/p')"
ok 'a restart' sh -c '"$1" -q net-destroy in && "$1" -q net-start in' x "$VNETMGR"
same 'keeps it' "$shared" "$(resolver)"
# A live change of what it has from one of them.
ok 'another domain' vnm -q net-update in modify domain "<domain name='other.test'/>"
same 'it has that at once' "${shared%in.test}other.test" "$(resolver)"
ok 'whole' healthy
ok 'the first one again' vnm -q net-update in modify domain "<domain name='in.test'/>"
same 'as it was' "$shared" "$(resolver)"
sed -i '/^nameserver/d' /etc/netns/router/resolv.conf
no 'edited: seen' healthy
ok 'a repair of all' vnm -q net-repair --all
same 'mends it' "$shared" "$(resolver)"
rm /etc/netns/router/resolv.conf
ok 'lost: a repair of all' vnm -q net-repair --all
same 'makes it' "$shared" "$(resolver)"
ok 'whole again' healthy
no 'what its end would be: it is not deleted' sh -c '"$1" net-detach in router --dry-run | grep "netns del"' x "$VNETMGR"
ok 'it leaves one' vnm net-detach in router
has 'it is said that the namespace stays' "^warning: network namespace 'router' stays: 'vnet[0-9]*' of network 'out' is in it, too" "$(cat "$T/out")"
ok 'the other works' reaches router 10.1.0.254
same 'with its server alone' 'nameserver 10.1.0.254 search out.test' "$(resolver)"
ok 'whole' healthy
ip netns del router; until ! ip -br link | grep -q '^vnet'; do sleep .02; done
ok 'it is the one that makes it again' vnm -q net-repair out
ok 'on both again' vnm -q net-attach in --netns router --ifname in --router --ip 10.2.0.1
ok 'the network is no more' vnm -q net-undefine out
ok 'nor active' vnm -q net-destroy out
ok 'the other still works' reaches router 10.2.0.254
ok 'and goes' vnm net-detach in router
no 'with the namespace' ip netns exec router true
ok 'define it again' vnm -q net-define "$T/out.xml"
ok 'start it again' vnm -q net-start out
same 'nothing is left' "$up" "$(left)"

# One address is given, the other one comes by DHCP, in either order, and both do: the file is shared all the same.
echo "<network><name>dyn</name><forward mode='nat'/><bridge name='br-dyn' stp='off'/><domain name='dyn.test'/>
<ip address='10.3.0.254' prefix='24'><dhcp><range start='10.3.0.10' end='10.3.0.20'/></dhcp></ip></network>" >"$T/dyn.xml"
echo "<network><name>dyn2</name><bridge name='br-dyn2' stp='off'/>
<ip address='10.4.0.254' prefix='24'><dhcp><range start='10.4.0.10' end='10.4.0.20'/></dhcp></ip></network>" >"$T/dyn2.xml"
for net in dyn dyn2; do ok "create $net" vnm -q net-create "$T/$net.xml"; done
ok 'a given one first' vnm -q net-attach in --netns router --create --ifname in --ip 10.2.0.5
ok 'then DHCP' vnm -q net-attach dyn --netns router --ifname dyn --ip dhcp
shared='nameserver 10.3.0.254 nameserver 10.2.0.254 search dyn.test in.test'
same 'both name servers' "$shared" "$(resolver)"
same 'the one with the way out is asked' '10.3.0.254#53' "$(inns router dig +time=3 router.dyn.test | sed -n 's/.*SERVER: \([^(]*\)(.*/\1/p')"
ok 'its client asks anew' vnm -q net-dhcp-release dyn "$(vnm net-dhcp-leases dyn | awk '/10[.]3[.]0/ { print $3 }')"
same 'they stay' "$shared" "$(resolver)"
ok 'one goes' vnm -q net-detach in router
same 'with its server' 'nameserver 10.3.0.254 search dyn.test' "$(resolver)"
ok 'after DHCP, a given one' vnm -q net-attach in --netns router --ifname in --ip 10.2.0.5
ok 'and DHCP of an isolated one' vnm -q net-attach dyn2 --netns router --ifname dyn2 --ip dhcp
same 'its server is asked last' 'nameserver 10.3.0.254 nameserver 10.2.0.254 nameserver 10.4.0.254 search dyn.test in.test' "$(resolver)"
ok 'DHCP goes' vnm -q net-detach dyn router
same 'with its server alone' 'nameserver 10.2.0.254 nameserver 10.4.0.254 search in.test' "$(resolver)"
printf '# Written by vnetmgr for a DHCP client\nnameserver 10.9.9.9\n' >/etc/netns/router/resolv.conf
ok 'of version 1.1.0, it is ours' vnm -q net-repair --all
same 'and made anew, with that of the client, too' 'nameserver 10.4.0.254 nameserver 10.2.0.254 search in.test' "$(resolver)"
for net in in dyn2; do ok "$net goes" vnm -q net-detach $net router; done
for net in dyn dyn2; do vnm -q net-destroy $net; done
same 'nothing of it is left' "$up" "$(left)"

# Somebody else's resolv.conf in its place: what is advised mends it.
ok 'a guest' vnm -q net-attach out --netns web --create --ip 10.1.0.2
echo 'nameserver 203.0.113.77' >/etc/netns/web/resolv.conf
no_because 'a repair leaves it' 'resolv.conf.*: rm /etc/netns/web/resolv.conf' vnm net-repair out
mend out
ok 'what net-doctor advises' sh -e "$T/mend"
same 'mends it' 'nameserver 10.1.0.254' "$(grep ^nameserver /etc/netns/web/resolv.conf)"
ok 'all of it' healthy
ok 'it goes' vnm -q net-detach out web

# After a boot, a namespace that others make, and have not made yet.
ip netns add later
ok 'a guest of theirs' vnm -q net-attach out --netns later --ip 10.1.0.3
ip netns del later; power_cycle
ok 'start without it' vnm net-start out
has 'what attaches it is said' 'ip netns add later && vnetmgr net-repair out' "$(cat "$T/out")"
ok 'the other' vnm -q net-start in
has 'as of the network' '^Note: .*later. is not attached: its namespace does not exist yet' "$(vnm net-info out)"
has 'and of the guest' ' later .* unplugged ' "$(vnm net-port-list out)"
ok 'a repair' vnm -q net-repair out
has 'does not collect it' ' later ' "$(vnm net-port-list out)"
mend out
has 'net-doctor advises the same' '^ip netns add later' "$(cat "$T/mend")"
ok 'which it does' sh -e "$T/mend"
ok 'attaches it' reaches later 10.1.0.254
ip netns del later; until ! ip -br link | grep -q '^vnet'; do sleep .02; done
has 'lost since, it is gone' '^Note: .* is gone with its namespace' "$(vnm net-info out)"
ok 'and collected' vnm -q net-repair out
same 'nothing is left of them' "$up" "$(left)"

# A guest whose namespace another network makes, which starts after it: all of them at once, as at boot.
ok 'of out first' vnm -q net-attach out --netns router --create --ifname out --ip 10.1.0.7
ok 'and in' vnm -q net-attach in --netns router --ifname in --ip 10.2.0.7
power_cycle
vnm net-start in out >"$T/out" 2>&1
same 'no guest is left out' '' "$(grep ^warning "$T/out")"
ok 'on out' reaches router 10.1.0.254; ok 'on in' reaches router 10.2.0.254
for net in in out; do ok "$net goes" vnm -q net-detach $net router; done

for net in in out; do vnm -q net-destroy $net; done
same 'no trace is left' "$before" "$(snapshot)"
umount -l /etc
finish
