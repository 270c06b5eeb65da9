#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Networks that a real libvirtd runs go on here: definitions, autostart, leases, bridges with what is on them. Guests ping the outside,
# the host and each other meanwhile. A libvirtd that is started again takes nothing back; net-import --undo gives all back. Backups.
VNM_FIREWALL=${VNM_FIREWALL:-auto}
. "$srcdir/tests/lib/ns.sh"
need libvirtd virsh
cd "$T" || exit 1
LOST_MAX=3	# of 250 echoes

for dir in /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do
	mkdir -p "$dir" && mount -t tmpfs tmpfs "$dir" || skip "cannot mount a tmpfs on $dir"
done
mkdir -p /run/dbus
daemon_up() {
	libvirtd >libvirtd.log 2>&1 & libvirtd=$!
	until virsh -q uri >/dev/null 2>&1; do kill -0 $libvirtd || { cat libvirtd.log >&2; return 1; }; sleep .05; done
}
daemon_down() { kill $libvirtd; wait $libvirtd; }
export LIBVIRT_DEFAULT_URI=network:///system
daemon_up || exit 1

IP6="<ip family='ipv6' address='fd00:91::1' prefix='64'><dhcp><range start='fd00:91::100' end='fd00:91::1ff'/></dhcp></ip>"
dhcp_of() { echo "<dhcp><range start='$1.100' end='$1.200'/></dhcp>"; }
in_libvirt() { echo "<network><name>$1</name>$2</network>" >"$1.def" && virsh -q net-define "$1.def" && virsh -q net-start "$1"; }
ok 'libvirt: a NAT network' in_libvirt lnat "<forward mode='nat'/><bridge name='virbr10' stp='off'/><ip address='10.91.1.1' prefix='24'>$(dhcp_of 10.91.1)</ip>$IP6"
ok 'libvirt: an isolated one' in_libvirt liso "<bridge name='virbr11' stp='off'/><ip address='10.91.2.1' prefix='24'>$(dhcp_of 10.91.2)</ip>"
ok 'libvirt: a routed one' in_libvirt lroute "<forward mode='route'/><bridge name='virbr12'/><ip address='10.91.3.1' prefix='24'>$(dhcp_of 10.91.3)</ip>"
ok 'libvirt: autostart' virsh -q net-autostart lnat
outside ip route add 10.91.3.0/24 via "$UPLINK"
guest g1 virbr10; guest g1b virbr10; guest g2 virbr11; guest g3 virbr12
for g in g1 g1b g2 g3; do ok "$g has a lease of libvirt" dhcp $g; done
before=$(dhcp_value g1 ip)
# lease6 GUEST: an address by DHCPv6, from a client that remembers nothing
printf '#!/bin/sh\n[ "$reason" != BOUND6 ] || echo "$new_ip6_address" >"$DHCP_OUT"\n' >script6
chmod +x script6
lease6() {
	rm -f "$1.six" "$1.leases6" "$1.pid6"
	echo "send dhcp6.client-id 00:03:00:01:$(inns "$1" cat /sys/class/net/eth0/address);" >"$1.conf"
	inns "$1" timeout 60 dhclient -6 -1 -e DHCP_OUT="$T/$1.six" -cf "$1.conf" -sf "$T/script6" -lf "$T/$1.leases6" -pf "$T/$1.pid6" eth0 >out6 2>&1 ||
		{ cat out6; return 1; }
	await test -s "$1.pid6"
	kill -9 "$(cat "$1.pid6")"
}
leases=2 before6=
if optional dhclient; then
	ok 'g1 has an IPv6 lease of libvirt' lease6 g1
	# libvirt notes the server after the guest has the lease.
	await grep -q server-duid /var/lib/libvirt/dnsmasq/virbr10.status
	leases=3 before6=$(cat g1.six) server6=$(jq -r 'first(.[]."server-duid" // empty)' /var/lib/libvirt/dnsmasq/virbr10.status)
fi
ok 'the outside is reached' reaches g1 "$SERVER"
index=$(cat /sys/class/net/virbr10/ifindex) mac=$(cat /sys/class/net/virbr10/address)

# comes_back GUEST ADDRESS: soon
comes_back() { n=0; until reaches "$1" "$2"; do n=$((n + 1)); [ $n -lt 10 ] || return 1; done; }

# ---- What would be done
plan=$(vnm net-import --start --dry-run 2>&1)
has 'dry run: definition' "^\\+ definition of network 'lnat' from '/etc/libvirt/qemu/networks/lnat.xml'" "$plan"
has 'dry run: leases' "$leases leases of bridge 'virbr10'" "$plan"
has 'dry run: takeover' "# taken over from libvirt, with what is on bridge 'virbr12'" "$plan"
same 'dry run: nothing is here' '' "$(vnm net-list --all --name)"
ok 'dry run: JSON' sh -c "'$VNETMGR' net-import --start --dry-run --json | jq -e '.networks | length == 3'"
no_because 'a network that libvirt does not have' "libvirt has no definition of a network 'nix' in" vnm net-import --network nix

echo "<network><name>ltrans</name><bridge name='virbr13'/></network>" >ltrans.def
ok 'libvirt: a transient network' virsh -q net-create ltrans.def
has 'it is not taken, which is said first' "^warning: network 'ltrans' is transient in libvirt, and stays there; to take it over, define it first: virsh net-dumpxml" \
	"$(vnm net-import --start --dry-run 2>&1)"
ok 'it ends' virsh -q net-destroy ltrans

# ---- Definitions alone
ok 'without --start' vnm net-import --network liso
has 'it stays in libvirt' "warning: network 'liso' is active in libvirt, and stays there; --start takes it over" "$(cat "$T/out")"
has 'and is defined here' 'liso +inactive +no' "$(vnm net-list --all)"
no_because 'what cannot be imported is said first' '1 of 3 networks cannot be imported, and nothing is changed' \
	sh -c "echo '<network><name>liso</name><bridge name=\"virbr77\"/></network>' >other.xml
		'$VNETMGR' -q net-undefine liso && '$VNETMGR' -q net-define other.xml && '$VNETMGR' net-import --start"
has 'which and why' "warning: network 'liso' cannot be imported: .*already exists|warning: network 'liso' cannot be imported" "$(cat "$T/out")"
vnm -q net-undefine liso
same 'libvirt runs them all' 'liso lnat lroute' "$(echo $(virsh -q net-list --name))"

# ---- Takeover, while everybody pings
pings() { n=0; while read -r ns to; do n=$((n + 1)); inns "$ns" ping -n -i .01 -c 250 "$to" >"ping.$n" 2>&1 & echo $! >"ping.$n.pid"; done; }
lost() { sed -n 's/^\([0-9]*\) packets transmitted, \([0-9]*\) .*/\1 \2/p' "$1" | { read -r sent got; echo $((sent - got)); }; }
ping_all() {
	pings <<-END
		g1 $SERVER
		g1 10.91.1.1
		g1 $(dhcp_value g1b ip)
		g2 10.91.2.1
		g3 $SERVER
	END
}
# few_lost WHAT: once all have ended
few_lost() {
	for n in 1 2 3 4 5; do
		ended "$(cat ping.$n.pid)"
		echo "$1: lost of 250: $(head -n 1 ping.$n): $(lost ping.$n)"
		ok "$1: at most $LOST_MAX of 250 lost: $(head -n 1 ping.$n)" [ "$(lost ping.$n)" -le $LOST_MAX ]
	done
}
ping_all
ok 'takeover' vnm net-import --start
cp "$T/out" taken
few_lost 'takeover'
has 'what was taken over' "^Network lnat imported from libvirt: definition, $leases leases, taken over with (g1, g1b|g1b, g1), autostart$" "$(cat taken)"
same 'they are active here, and whole' 'liso active no yes lnat active yes yes lroute active no yes' "$(echo $(vnm net-list | sed 1,2d))"
same 'the bridge is the same' "$index $mac" "$(cat /sys/class/net/virbr10/ifindex) $(cat /sys/class/net/virbr10/address)"
same "libvirt's dnsmasq is gone" '' "$(pgrep -f /var/lib/libvirt/dnsmasq)"
same "libvirt's rules are gone" '' "$( (iptables-nft -S; iptables-legacy -S; iptables-nft -t nat -S; iptables-legacy -t nat -S) 2>/dev/null | grep 'LIBVIRT.*virbr1[0-9]')"
same 'leases' "$before" "$(vnm net-dhcp-leases lnat | awk '/ipv4/ && /'"$(inns g1 cat /sys/class/net/eth0/address)"'/ { sub("/.*", "", $5); print $5 }')"
if [ "$before6" ]; then
	has 'the IPv6 lease' " ipv6 +$before6/64 " "$(vnm net-dhcp-leases lnat)"
	has 'and the server that it is of' "^duid $server6\$" "$(cat "$VNETMGR_ROOT/var/lib/vnetmgr/leases/lnat")"
	ok 'g1 asks again by DHCPv6' lease6 g1
	same 'g1 keeps its IPv6 address' "$before6" "$(cat g1.six)"
fi
for g in g1 g2 g3; do
	was=$(dhcp_value $g ip)
	ok "$g asks again" dhcp $g
	same "$g keeps its address" "$was" "$(dhcp_value $g ip)"
done
for net in lnat liso lroute; do
	has "$net: in libvirt it is a network of mode bridge" "<forward mode='bridge'/>" "$(virsh net-dumpxml $net)"
done
same 'it can be done again' 0 "$(vnm net-import --start >/dev/null 2>&1; echo $?)"

# ---- A libvirtd that comes again
mkdir -p /etc/libvirt/hooks
printf '#!/bin/sh\n[ "$1 $2" != "liso start" ] || [ ! -e "%s/refuse" ]\n' "$T" >/etc/libvirt/hooks/network
chmod +x /etc/libvirt/hooks/network
daemon_down; daemon_up
same 'libvirt starts them' 'liso lnat lroute' "$(echo $(virsh -q net-list --name --all))"
virsh -q net-destroy lnat
ok 'and stops one, without an effect' reaches g1 "$SERVER"
same 'nothing is degraded' 3 "$(vnm net-list | grep -c ' active ')"
ok 'devices come back after a restart here' sh -c "'$VNETMGR' -q net-destroy liso && '$VNETMGR' -q net-start liso"
ok 'g2 is there' comes_back g2 10.91.2.1

# ---- And back
: >refuse
no_because 'undo: libvirt refuses to start it' '^error: .*hook' vnm net-import --undo --network liso
has 'it runs here' 'liso +active' "$(vnm net-list)"
ok 'with its guest' comes_back g2 10.91.2.1
rm refuse
ping_all
ok 'undo' vnm net-import --undo
cp "$T/out" undone
few_lost 'undo'
has 'undo: what' "^Network lnat given back to libvirt: definition, started with (g1, g1b|g1b, g1), autostart$" "$(cat undone)"
same 'nothing is left here' '' "$(vnm net-list --all --name)"
same 'libvirt runs them' 'liso lnat lroute' "$(echo $(virsh -q net-list --name))"
has 'as they were' "<forward mode='nat'>" "$(virsh net-dumpxml lnat)"
ok 'g1 reaches the outside' comes_back g1 "$SERVER"
has 'autostart' 'Autostart: +yes' "$(virsh net-info lnat)"

# ---- Killed anywhere, a network runs here or in libvirt, with all devices on its bridge
for after in ${VNM_KILLS:-.1 .4}; do
	"$VNETMGR" net-import --start --network lnat >/dev/null 2>&1 & pid=$!
	sleep "$after"	# the moment of the kill, not a wait for anything
	kill -9 $pid; wait $pid 2>/dev/null
	vnm net-list >/dev/null 2>killed.err
	ok "killed after $after s: the bridge is there" [ -e /sys/class/net/virbr10 ]
	ok "killed after $after s: g1 is on it" sh -c 'ip -o link show g1 | grep -q "master virbr10"'
	ok "killed after $after s: the outside is reached" comes_back g1 "$SERVER"
	ok "killed after $after s: again" vnm net-import --start --network lnat
	same "killed after $after s: it runs here" yes "$(vnm net-info lnat | sed -n 's/^Active: *//p')"
	ok "killed after $after s: undo" vnm net-import --undo
done
# And on the way back
for after in ${VNM_KILLS:-.15 .4}; do
	ok "undo, killed after $after s: it runs here" vnm net-import --start --network lnat
	"$VNETMGR" net-import --undo --network lnat >/dev/null 2>&1 & pid=$!
	sleep "$after"	# as above
	kill -9 $pid; wait $pid 2>/dev/null
	vnm net-list >/dev/null 2>killed.err
	ok "undo, killed after $after s: the bridge is there" [ -e /sys/class/net/virbr10 ]
	ok "undo, killed after $after s: g1 is on it" sh -c 'ip -o link show g1 | grep -q "master virbr10"'
	ok "undo, killed after $after s: the outside is reached" comes_back g1 "$SERVER"
	vnm net-import --undo --network lnat >again 2>&1	# unless all was done
	same "undo, killed after $after s: again" lnat "$(virsh -q net-list --name | grep -x lnat)"
	same "undo, killed after $after s: it is not here" '' "$(vnm net-list --all --name)"
	ok "undo, killed after $after s: the outside is reached at last" comes_back g1 "$SERVER"
done
same 'nothing is renamed' '' "$(ip -o link | grep vnmaside)"

# ---- Without anything left in libvirt
ok 'forget' vnm net-import --start --forget --network liso
same 'libvirt has it no more' 'lnat lroute' "$(echo $(virsh -q net-list --name --all))"
ok 'it runs here' comes_back g2 10.91.2.1
ok 'undo' vnm net-import --undo
has 'libvirt runs it again' 'liso +active +no' "$(virsh net-list)"
ok 'with its guest' comes_back g2 10.91.2.1

# ---- Without a daemon
daemon_down
no_because 'libvirt does not answer' 'libvirt does not answer, and must give up its networks; start its daemon' vnm net-import --start

# ---- Definitions of another host, which need none: what starts there at boot starts here
mkdir -p other/autostart
for n in 1 2; do echo "<network><name>o$n</name><forward mode='nat'/><bridge name='obr$n'/><ip address='10.93.$n.1' prefix='24'>$(dhcp_of 10.93.$n)</ip></network>" >other/o$n.xml; done
ln -s ../o1.xml other/autostart/o1.xml
had=$(find other -printf '%p %T@\n' | sort)
no_because 'no such directory' "'nowhere' has no networks of libvirt" vnm net-import --from nowhere
plan=$(vnm net-import --from other --start --dry-run 2>&1)
has '--from, dry run' "^\+ definition of network 'o1' from '.*other/o1.xml'" "$plan"
same '--from, dry run: nothing is here' '' "$(vnm net-list --all --name)"
ok '--from' vnm net-import --from other --start
has '--from: what' '^Network o1 imported from libvirt: definition, started, autostart$' "$(cat "$T/out")"
same '--from: one is active' 'o1 active yes yes o2 inactive no yes' "$(echo $(vnm net-list --all | sed 1,2d))"
same '--from: it is only read' "$had" "$(find other -printf '%p %T@\n' | sort)"
ok 'gone' sh -c "'$VNETMGR' -q net-destroy o1; '$VNETMGR' -q net-undefine o1; '$VNETMGR' -q net-undefine o2"
echo "<network><name>o3</name><bridge name='obr3'/><ip address='10.93.1.1' prefix='24'/></network>" >other/o3.xml
same '--from: a warning is given once' 1 "$(vnm net-import --from other 2>&1 | grep -c "warning: subnet 10.93.1.0/24 of network 'o3' overlaps with network 'o1'")"
ok 'gone' sh -c "'$VNETMGR' -q net-undefine o1; '$VNETMGR' -q net-undefine o2; '$VNETMGR' -q net-undefine o3"
echo '<network><name>o3</name><bridge name="obr3"/><ip address="10.93.300.1" prefix="24"/></network>' >other/o3.xml
no_because '--from: what cannot be taken is said first' 'of 3 networks cannot be imported, and nothing is changed' vnm net-import --from other
has '--from: and why' "warning: network 'o3' cannot be imported: other/o3.xml:1" "$(cat "$T/out")"

# ---- Backups
echo "<network><name>b</name><forward mode='nat'/><ip address='10.92.1.1' prefix='24'>$(dhcp_of 10.92.1)</ip></network>" >b.xml
ok 'a network' vnm -q net-define b.xml
ok 'autostart' vnm -q net-autostart b
ok 'start' vnm -q net-start b
ip netns add g9
ok 'a guest' vnm -q net-attach b --netns g9 --hostname nine --ip auto
lease="$(($(date +%s) + 3600)) 02:00:00:00:00:09 10.92.1.150 host9 *"
echo "$lease" >"$VNETMGR_ROOT/var/lib/vnetmgr/leases/b"
ok 'export' vnm net-export backup.json
has 'export: what' '^1 network exported to backup.json$' "$(cat "$T/out")"
same 'for root alone' 600 "$(stat -c %a backup.json)"
text=$(vnm net-dumpxml b --inactive)
no_because 'an active network is not replaced' "network 'b' is active; stop it first: vnetmgr net-destroy b" vnm net-import backup.json
ok 'gone' sh -c "'$VNETMGR' -q net-destroy b && '$VNETMGR' -q net-undefine b"
ok 'dry run' vnm net-import backup.json --dry-run
has 'dry run: what' '^Network b would be imported from backup.json: definition, 1 lease, 1 guest, autostart$' "$(cat "$T/out")"
same 'dry run: nothing' '' "$(vnm net-list --all --name)"
echo '<network><name>d</name></network>' >d.xml
no_because 'a definition is no backup' '^hint: a definition is for net-define: vnetmgr net-define d.xml$' vnm net-import d.xml
ok 'import' vnm net-import backup.json
has 'import: what' '^Network b imported from backup.json: definition, 1 lease, 1 guest, autostart$' "$(cat "$T/out")"
has 'import: what is next' '^hint: nothing is started; .*vnetmgr autostart; .*net-start NETWORK$' "$(cat "$T/out")"
same 'the same definition' "$text" "$(vnm net-dumpxml b --inactive)"
has 'the lease' "$lease" "$(cat "$VNETMGR_ROOT/var/lib/vnetmgr/leases/b")"
ok 'it starts' vnm -q net-start b
ok 'with its guest' comes_back g9 10.92.1.1
vnm -q net-destroy b
sed 's/"version": 1/"version": 9/' backup.json >newer.json
no_because 'a newer backup' 'newer.json: a backup of version 9, and this program knows version 1' vnm net-import newer.json
head -c 100 backup.json >cut.json
no_because 'a damaged one' '^error: Failed to import networks from cut.json|cut.json:[0-9]+: ' vnm net-import cut.json
sed "s/192.168/392.168/; s/10.92.1.1'/10.92.1.999'/" backup.json >wrong.json
no_because 'a wrong definition' "wrong.json: network 'b':[0-9]+" vnm net-import wrong.json
finish
