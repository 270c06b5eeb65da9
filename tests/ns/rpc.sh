#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A tour by virsh of a server for clients of libvirt: every command of networks that it has, each with the effect that it has from
# the command line; and the server itself: who may connect, when it ends, what it leaves.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/rpc.sh"
cd "$T" || exit 1

# refused WHAT MESSAGE COMMAND...: as virsh prints it
refused() {
	what=$1 message=$2; shift 2
	no "$what" "$@"
	same "$what: message" "$message" "$(sed -n 's/^error: //p' out | sed -n '$p')"
}

before=$(snapshot)
serve
same 'the socket is for root' '600 root' "$(stat -c '%a %U' "$SOCK")"
same 'the other one for everybody' 666 "$(stat -c %a "$SOCK_RO")"

# Definitions
same 'nothing yet' '' "$(vsh net-list --all)"
ok 'define' vsh net-define "$srcdir/networks/keennet.xml"
has 'it is defined' ' keennet +inactive +no +yes' "$(vnm net-list --all)"
same 'uuid' "$(vnm -q net-uuid keennet)" "$(vsh net-uuid keennet)"
uuid=$(vnm -q net-uuid keennet)
same 'name' keennet "$(vsh net-name "$uuid")"
same 'definition' "$(vnm -q net-dumpxml keennet)" "$(vsh net-dumpxml keennet)"
ok 'once more' vsh net-define "$srcdir/networks/keennet.xml" --validate
same 'is the same network' "$uuid" "$(vsh net-uuid keennet)"
ok 'mark' vsh net-autostart keennet
has 'marked' '^ keennet +inactive +yes +yes$' "$(vsh net-list --all)"
for flags in --inactive --all '--all --persistent' '--all --autostart'; do
	has "list $flags" '^ keennet ' "$(vsh net-list $flags)"
done
for flags in '' '--all --transient' '--all --no-autostart'; do same "list $flags" '' "$(vsh net-list $flags)"; done
ok 'unmark' vsh net-autostart keennet --disable
refused 'no XML' "$(printf '<network' >bad.xml; vnm -q net-define bad.xml 2>&1 | sed -n '$s/error: bad.xml/(network_definition)/p')" vsh net-define bad.xml
refused 'another name for its UUID' "network 'keennet' is already defined with uuid $uuid" \
	sh -c 'printf "<network><name>other</name><uuid>$0</uuid></network>" >other.xml; virsh -q -c "$1" net-define other.xml' \
	"$uuid" "network:///system?socket=$SOCK"
refused 'a network that there is not' "Network not found: no network with matching name 'nonet'" vsh net-start nonet

# Life
ok 'start' vsh net-start keennet
has 'it runs' ' keennet +active ' "$(vnm net-list)"
same 'one dnsmasq' 1 "$(pgrep -fc 'dnsmasq .*dnsmasq/keennet/')"
refused 'start again' 'Requested operation is not valid: network is already active' vsh net-start keennet
same 'info' "Name:           keennet
UUID:           $uuid
Active:         yes
Persistent:     yes
Autostart:      no
Bridge:         keenbr0" "$(vsh net-info keennet)"
guest g1 keenbr0
ok 'a guest gets a lease' dhcp g1
ip=$(dhcp_value g1 ip) mac=$(ip -n g1 -o link show eth0 2>/dev/null | sed -n 's/.*link\/ether \([^ ]*\).*/\1/p')
has 'leases' " ipv4 +$ip/24 " "$(vsh net-dhcp-leases keennet)"
same 'as from the command line' "$(vnm -q net-dhcp-leases keennet | tr -s ' ')" "$(vsh net-dhcp-leases keennet | tr -s ' ')"
refused 'no MAC' 'invalid MAC address: 52:54' vsh net-dhcp-leases keennet --mac 52:54
ok 'update' vsh net-update keennet add ip-dhcp-host "<host mac='52:54:00:00:00:09' ip='192.168.132.9'/>" --live --config
has 'of the live one' "ip='192.168.132.9'" "$(vnm -q net-dumpxml keennet)"
has 'and the persistent one' "ip='192.168.132.9'" "$(vnm -q net-dumpxml keennet --inactive)"
has 'which virsh shows' "ip='192.168.132.9'" "$(vsh net-dumpxml keennet --inactive)"
refused 'once more' "Requested operation is not valid: there is an existing dhcp host entry in network 'keennet' that matches \"<host mac='52:54:00:00:00:09' name='(null)' ip='192.168.132.9'/>\"" \
	vsh net-update keennet add ip-dhcp-host "<host mac='52:54:00:00:00:09' ip='192.168.132.9'/>" --live
has 'an element of another section' "unexpected element <mac>, expecting <host>" \
	"$(vsh net-update keennet add ip-dhcp-host '<mac/>' 2>&1)"
EDITOR='sed -i s/192.168.132.9/192.168.132.8/' ok 'edit' vsh net-edit keennet
has 'edited' "ip='192.168.132.8'" "$(vnm -q net-dumpxml keennet --inactive)"

# Ports
port=6d5ff4ab-1e4b-4a30-9a35-6a1c8a4d0101
cat >port.xml <<X
<networkport><uuid>$port</uuid><owner><name>vm1</name><uuid>6d5ff4ab-1e4b-4a30-9a35-6a1c8a4d0102</uuid></owner><mac address='52:54:00:00:00:0a'/></networkport>
X
ok 'port' vsh net-port-create keennet port.xml
same 'is listed' "$port" "$(vsh net-port-list keennet --uuid)"
has 'and printed' "<plug type='network' bridge='keenbr0'/>" "$(vsh net-port-dumpxml keennet $port)"
same 'as from the command line' "$(vnm -q net-port-dumpxml keennet $port)" "$(vsh net-port-dumpxml keennet $port)"
ok 'is deleted' vsh net-port-delete keennet $port
same 'and gone' '' "$(vsh net-port-list keennet --uuid)"

# Others look on: by a socket of their own, they change nothing.
has 'list' '^ keennet +active' "$(vsh_ro net-list)"
has 'definition' '<name>keennet</name>' "$(vsh_ro net-dumpxml keennet)"
setpriv --reuid 65534 --clear-groups virsh -q -r -c "network:///system?socket=$SOCK_RO" net-list >nobody 2>&1
chmod 755 "$T"
has 'somebody else' '^ keennet +active' "$(setpriv --reuid 65534 --clear-groups virsh -q -c "network:///system?socket=$SOCK_RO" net-list 2>&1)"
no 'not by the socket for root' setpriv --reuid 65534 --clear-groups virsh -q -c "network:///system?socket=$SOCK" net-list
now=$(vnm net-list --all)
while read -r function command; do
	refused "read-only: $command" "operation forbidden: read only access prevents $function" \
		virsh -q -c "network:///system?socket=$SOCK_RO" $command
done <<X
virNetworkDestroy net-destroy keennet
virNetworkUndefine net-undefine keennet
virNetworkSetAutostart net-autostart keennet
virNetworkDefineXML net-define other.xml
virNetworkDefineXMLFlags net-define other.xml --validate
virNetworkCreateXML net-create other.xml
virNetworkCreateXMLFlags net-create other.xml --validate
virNetworkUpdate net-update keennet delete ip-dhcp-host <host/> --live
virNetworkPortCreateXML net-port-create keennet port.xml
X
refused 'read-only by itself' 'operation forbidden: read only access prevents virNetworkDestroy' \
	virsh -q -r -c "network:///system?socket=$SOCK" net-destroy keennet
same 'nothing changed' "$now" "$(vnm net-list --all)"

# watched: a connection has a process that sees events
watched() { for connection in $(connections); do pgrep -P "$connection"; done | grep -q .; }

# Events, whoever causes them
virsh -q -c "network:///system?socket=$SOCK" net-event --event lifecycle --loop >events 3>&- & watcher=$!
await watched
ok 'destroy' vsh net-destroy keennet
leave g1
ok 'undefine' vnm net-undefine keennet
ok 'create' vsh net-create "$srcdir/networks/keennet.xml"
ok 'and destroy' vnm net-destroy keennet
expected="event 'lifecycle' for network keennet: Stopped
event 'lifecycle' for network keennet: Undefined
event 'lifecycle' for network keennet: Started
event 'lifecycle' for network keennet: Stopped"
ok 'events' until_is "$expected" cat events
kill "$watcher"; wait "$watcher"

# A change that takes long: the client is told that the server is there, and the next one waits for it.
mkdir -p "$VNETMGR_ROOT/etc/vnetmgr/hooks"
cat >"$VNETMGR_ROOT/etc/vnetmgr/hooks/network" <<X
#!/bin/sh
[ "\$2" != start ] || { : >"$T/started"; while [ ! -e "$T/go" ]; do sleep .1; done; }
X
chmod 755 "$VNETMGR_ROOT/etc/vnetmgr/hooks/network"
echo '<network><name>slow</name></network>' >slow.xml
virsh -k 1 -K 3 -q -c "network:///system?socket=$SOCK" "net-create slow.xml; net-list" >slow 2>&1 3>&- & client=$!
await test -e started
sleep 5.5	# without answers, virsh hangs up after four; two can be too few on a busy machine
: >go
wait "$client"
same 'a slow change' 0 $?
has 'its answers' '^ slow +active' "$(cat slow)"
# A hook that asks is told at once that it cannot, since it would wait for its caller.
cat >"$VNETMGR_ROOT/etc/vnetmgr/hooks/network" <<X
#!/bin/sh
[ "\$2" != stopped ] || virsh -q -c "network:///system?socket=$SOCK" net-list >"$T/asked" 2>&1 || :
X
vsh net-destroy slow
has 'a hook asks' 'a hook cannot use vnetmgr: process [0-9]*, which called the hook, has not finished' "$(cat asked)"
rm "$VNETMGR_ROOT/etc/vnetmgr/hooks/network"

# URIs
for uri in 'network:///system' 'network+unix:///system' 'qemu:///system' 'network:///system?foo=bar' 'remote+unix:///'; do
	case $uri in *\?*) uri="$uri&" ;; *) uri="$uri?" ;; esac
	ok "URI $uri" virsh -q -c "${uri}socket=$SOCK" net-list
done
refused 'another' 'no connection driver available for qemu:///session' virsh -q -c "qemu:///session?socket=$SOCK" net-list
refused 'a session' "unexpected network URI path '/session', try network:///system" virsh -q -c "network:///session?socket=$SOCK" net-list
mkdir -p /run/libvirt
ln -sf "$SOCK" /run/libvirt/virtnetworkd-sock; ln -sf "$SOCK_RO" /run/libvirt/virtnetworkd-sock-ro
ok 'found by its usual place' virsh -q -c network:///system net-list
ok 'to look at, too' virsh -q -r -c network:///system net-list
ok 'as the default' env LIBVIRT_DEFAULT_URI=network:///system virsh -q net-list

# Started by systemd, whose names of sockets say what they are for.
if command -v systemd-socket-activate >/dev/null; then
	for name in read-write read-only other; do
		systemd-socket-activate -l "$T/$name" --fdname="$name" -E VNETMGR_ROOT -E VNETMGR_SCHEMAS "$RPC" --timeout 1 >activated 2>&1 3>&- & activated=$!
		await test -S "$name"
		ok "activated: $name" virsh -q -c "network:///system?socket=$T/$name" net-list
		define() { virsh -q -c "network:///system?socket=$T/$name" net-define slow.xml; }
		if [ $name = read-write ]; then ok "$name" define
		else no_because "$name" 'read only access prevents virNetworkDefineXML' define; fi
		wait "$activated"
		same "$name: its end" 0 $?
	done
	ok 'undefine' vnm net-undefine slow

	# SocketMode=0660 and SocketGroup= of the unit: its members are as root, others are not let in.
	systemd-socket-activate -l "$T/group" --fdname=read-write -E VNETMGR_ROOT -E VNETMGR_SCHEMAS "$RPC" --timeout 1 >activated 2>&1 3>&- & activated=$!
	await test -S group
	chgrp 4242 group && chmod 660 group
	chmod 711 "$T"
	as() { setpriv --reuid 65534 --regid "$1" --clear-groups virsh -q -c "network:///system?socket=$T/group" net-define slow.xml; }
	chmod 644 slow.xml
	no 'who is not in the group' as 65534
	ok 'a member of the group' as 4242
	wait "$activated"
	ok 'undefine' vnm net-undefine slow
fi

# Its end
same 'no process is left of clients' '' "$(connections)"
end_server
no 'no socket is left' test -e "$SOCK"
ok 'no process is left' until_is '' pgrep -x 'vnetmgr-(rpc|spare)'
ok 'a server that ends when it is not needed' timeout 20 "$RPC" --socket "$SOCK" --timeout 1
no 'leaves no socket' test -e "$SOCK"
same 'no trace is left' "$before" "$(snapshot)"
same 'warnings are in its log' "warning: network 'keennet' is stopped with ports of others on its bridge: g1; they are cut off, and restored when it starts" "$(cat server)"
no_because 'without a socket' 'there is no socket to listen to' "$RPC"
no_because 'a bad time' "error: --timeout needs a number of seconds up to 86400, not '1s'" "$RPC" --socket "$SOCK" --timeout 1s
no_because 'no patience' "error: --patience needs a number of seconds up to 86400, not '0'" "$RPC" --socket "$SOCK" --patience 0
no_because 'an argument' "error: unexpected argument 'x'" "$RPC" x
no_because 'no place for a socket' "cannot listen to socket '/nowhere/sock': No such file or directory" "$RPC" --socket /nowhere/sock
has 'help' '--read-only-socket PATH' "$("$RPC" --help)"
finish
