#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# net-attach --netns --ip dhcp: a DHCP client lives in the guest's namespace as long as the guest is attached to an
# active network; its address, routes and name servers are the guest's, and never the host's.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/attach.sh"
cd "$T" || exit 1
N=192.168.190
cat >n.xml <<X
<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'><name>n</name><forward mode='nat'/><bridge name='br-n' stp='off'/><domain name='lab.test' localOnly='yes'/>
<ip address='$N.1' prefix='24'><dhcp><range start='$N.100' end='$N.110'/><host mac='52:54:00:00:00:07' ip='$N.7'/></dhcp></ip>
<dnsmasq:options><dnsmasq:option value='no-ping'/><dnsmasq:option value='dhcp-option=option:mtu,1400'/></dnsmasq:options></network>
X
printf "<network><name>s</name><bridge name='br-s' stp='off'/><ip address='192.168.191.1' prefix='24'/></network>" >s.xml
# A place of our own for the files of ip-netns(8): what is written there must not be the host's.
mkdir -p netns && { [ -d /etc/netns ] || mkdir -p /etc/netns; } 2>/dev/null && mount --bind netns /etc/netns || skip 'no /etc/netns'
for ns in g1 g2 g3; do ip netns add $ns; done
mkdir /etc/netns/g1
host_resolv=$(cat /etc/resolv.conf)
# Of the clients that may be installed here, those are that the test says.
cp "$(command -v busybox)" busybox; busybox=$T/busybox
! optional dhclient || cp "$(command -v dhclient)" dhclient
for dir in $(realpath /usr/sbin /sbin /usr/bin /bin | sort -u); do
	mkdir -p "over$dir/up" "over$dir/work" && mount -t overlay -o "lowerdir=$dir,upperdir=$T/over$dir/up,workdir=$T/over$dir/work" overlay "$dir" ||
		skip "no overlay of $dir"
done
clients_are() {	# clients_are NAME...
	rm -f /usr/sbin/udhcpc /sbin/udhcpc /usr/bin/udhcpc /usr/bin/busybox /bin/busybox /usr/sbin/dhclient /sbin/dhclient
	for name; do
		case $name in
		busybox) cp "$busybox" /usr/bin/busybox ;;
		udhcpc) ln -s "$busybox" /usr/sbin/udhcpc ;;
		dhclient) [ ! -e dhclient ] || cp dhclient /usr/sbin/dhclient ;;
		esac
	done
}
clients_are busybox
web() { inns "$1" timeout 3 "$busybox" wget -q -O - "http://$2/"; }
clients() { ps -e -o args= | grep -E '[u]dhcpc|[d]hclient' | sort; }
state() { snapshot "$CARRIER" | sort; clients; find /etc/netns -type f | sort; attachment_files; }
before=$(state)
vnm -q net-define n.xml; vnm -q net-define s.xml; vnm -q net-start n s
up=$(state)
address() { inns "$1" ip -4 -o addr show "${2:-eth0}" | sed -n 's/.*inet \([^ ]*\).*/\1/p'; }

everything() {	# everything WHAT: what the first guest must have
	has "$1: an address of the range" "^$N\.1(0[0-9]|10)/24$" "$(address g1)"
	ok "$1: the host" reaches g1 $N.1
	same "$1: outside" "you are $UPLINK" "$(web g1 "$SERVER")"
	same "$1: its name" "${A%/*}" "$(inns g1 dig +short +time=3 @$N.1 one.lab.test)"
	same "$1: its name server" "nameserver $N.1
search lab.test" "$(grep -v '^#' /etc/netns/g1/resolv.conf)"
	has "$1: its MTU" ' mtu 1400 ' "$(inns g1 ip -o link show eth0)"
	same "$1: the host's are the host's" "$host_resolv" "$(cat /etc/resolv.conf)"
	same "$1: one client" 1 "$(clients | grep -c vnet0)"
}
lost() {	# lost WHAT WORDS COMMAND...: what the lease has set is gone by the command, is seen, and is there again by a repair
	about=$1 words=$2 was=$(address g1); shift 2
	ok "$about: gone" "$@"
	has "$about: it is seen" "^Degraded: +guest vnet0 \(g1\) lacks DHCP client for eth0 in .* \($words\)$" "$(vnm net-info n)"
	ok "$about: repair" vnm net-repair n
	everything "$about"
	same "$about: it has the address that it had" "$was" "$(address g1)"
}
# As it is typed.
typed() { case $1 in busybox) echo 'busybox udhcpc -i' ;; udhcpc) echo 'udhcpc -i' ;; dhclient) echo dhclient ;; esac; }
start=100
all() {	# all CLIENT: from attach to detach
	has "$1: what it would do" "^nsenter --net=/run/netns/g1 .*/$(typed "$1") eth0 &$" "$(vnm net-attach n --netns g1 --ip dhcp --hostname one --dry-run)"
	same "$1: nothing is done" "$up" "$(state)"
	has "$1: attached" "^Device vnet0 attached to network n: eth0 in /run/netns/g1 $N\.1[01][0-9]/24$" "$(vnm net-attach n --netns g1 --ip dhcp --hostname one)"
	A=$(address g1)
	everything "$1"
	has "$1: in the table" " vnet0 +netns +g1 +eth0 +52:54:00:[0-9a-f:]+ +$A \(dhcp\) +attached " "$(vnm net-port-list n)"
	has "$1: a lease" " $A +one " "$(vnm net-dhcp-leases n)"
	ok "$1: a reservation" vnm -q net-attach n --netns g2 --ip dhcp --mac 52:54:00:00:00:07 --ifname lan0 --no-default-route
	same "$1: is given to it" "$N.7/24" "$(address g2 lan0)"
	same "$1: without a route" '' "$(inns g2 ip route show default)"
	whole=$(state)

	# The server picks another address by another range; the guest keeps its own, to which ports may lead.
	[ $start = 100 ] && other=99 || other=100
	ok "$1: another range" vnm -q net-update n modify ip-dhcp-range "<range start='$N.$other' end='$N.110'/>"
	start=$other
	# The client, or what it has set, goes: repair.
	kill -9 "$(cut -d' ' -f1 "$VNETMGR_ROOT/run/vnetmgr/attachments/n/vnet0.dhcp")"
	until vnm net-port-list n | grep -q ' vnet0 .* degraded '; do sleep .02; done
	has "$1: repair of the client" 'vnet0' "$(vnm net-repair n)"
	everything "$1: the client"
	inns g1 ip addr flush dev eth0
	has "$1: it is seen" ' vnet0 .* degraded ' "$(vnm net-port-list n)"
	ok "$1: repair of the address" vnm net-repair n
	everything "$1: the address"
	lost "$1: the default route" 'its default route is gone' inns g1 ip route del default
	ok "$1: the device is down" inns g1 ip link set eth0 down
	ok "$1: repair of all that is gone with it" vnm net-repair n
	everything "$1: the device"
	lost "$1: the name servers" '/etc/netns/g1/resolv.conf has been changed' sed -i 's/^nameserver.*/nameserver 192.0.2.9/' /etc/netns/g1/resolv.conf
	# Somebody else's file: what net-doctor tells to do does not keep the guest from being attached at the next start.
	echo "nameserver $N.99" >/etc/netns/g1/resolv.conf
	has "$1: somebody else's" "somebody else's /etc/netns/g1/resolv.conf is in the way" "$(vnm net-info n)"
	told=$(vnm net-doctor n g1 --passive | sed -n 's/^Command: *//p')
	same "$1: what helps" 'rm /etc/netns/g1/resolv.conf && vnetmgr net-repair n' "$told"
	ok "$1: it does" sh -c "$(echo "$told" | sed "s|vnetmgr|'$VNETMGR'|")"
	everything "$1: the file"
	# The same, if it comes to that.
	vnm -q net-destroy n 2>/dev/null
	echo "nameserver $N.99" >/etc/netns/g1/resolv.conf
	has "$1: not attached" "^warning: 'vnet0' \(g1\) is not reattached .*rm /etc/netns/g1/resolv.conf$" "$(vnm net-start n 2>&1)"
	same "$1: what helps then" "$told" "$(vnm net-doctor n g1 --passive | sed -n 's/^Command: *//p')"
	ok "$1: it does" sh -c "$(echo "$told" | sed "s|vnetmgr|'$VNETMGR'|")"
	everything "$1: attached"
	same "$1: nothing is found" 'Network n is healthy' "$(vnm net-doctor n g1 --passive | head -n 1)"
	same "$1: as before" "$whole" "$(state)"
	# A network that stops takes its leases along.
	ok "$1: stop" vnm net-destroy n
	same "$1: no clients" '' "$(clients)"
	same "$1: no address" '' "$(address g1)"
	no "$1: no name server" test -e /etc/netns/g1/resolv.conf
	ok "$1: start" vnm net-start n
	everything "$1: started again"
	ok "$1: detach" vnm net-detach n g1
	ok "$1: both" vnm net-detach n g2
	same "$1: no clients are left" '' "$(clients)"
	same "$1: nothing is" "$up" "$(state)"
}

now=$up
refused() { title=$1 pattern=$2; shift 2; no_change_because "$title" "$pattern" vnm net-attach "$@"; }
refused 'a network without DHCP' "network 's' has no DHCP for IPv4" s --netns g1 --ip dhcp
refused 'a tap' 'for --netns, and stands alone' n --tap t0 --ip dhcp
refused 'two kinds' 'for --netns, and stands alone' n --netns g1 --ip dhcp --ip auto
mkdir /etc/netns/g3; echo mine >/etc/netns/g3/resolv.conf; now=$(state)
refused "somebody's resolv.conf" "'/etc/netns/g3/resolv.conf' already exists" n --netns g3 --ip dhcp
same 'it is as it was' mine "$(cat /etc/netns/g3/resolv.conf)"
rm -r /etc/netns/g3; now=$up
# Nobody answers: dnsmasq hears nothing.
iptables -I INPUT -i br-n -p udp --dport 67 -j DROP; now=$(state)
refused 'nobody answers' 'no DHCP server has answered .*give the guest an address: --ip ADDRESS/PREFIX' n --netns g1 --ip dhcp
iptables -D INPUT -i br-n -p udp --dport 67 -j DROP; now=$up

all busybox

# kill -9 at every change.
if optional strace; then
	. "$srcdir/tests/lib/kill.sh"
	CALLS=openat,renameat,unlinkat,sendmsg,write,pidfd_send_signal,setns,clone
	points=0
	points $CALLS net-attach n --netns g1 --ip dhcp >a
	points $CALLS net-detach n g1 >d
	same 'undisturbed' "$up" "$(state)"
	for which in attach detach; do
		while read -r count call; do
			for k in $(seq 1 2 "$count"); do
				if [ $which = attach ]; then set -- net-attach n --netns g1 --ip dhcp
				else vnm -q net-attach n --netns g1 --ip dhcp; set -- net-detach n g1; fi
				killed $call $k "$@"
				vnm -q net-list >/dev/null 2>&1
				[ "$(vnm -q net-port-list n | grep -c ' attached ')" = 0 ] || vnm -q net-detach n g1
				same "$which killed in $call $k" "$up" "$(state)"
				points=$((points + 1))
			done
		done <"$(echo $which | cut -c1)"
	done
	echo "$points points"
fi

# The package udhcpc: a link to busybox, which comes first, and a script of the system's, which does not run.
clients_are udhcpc busybox dhclient
mkdir -p /etc/udhcpc && echo "echo ran >>$T/ran" | tee /etc/udhcpc/default.script >/dev/null && chmod +x /etc/udhcpc/default.script
ok 'udhcpc' vnm -q net-attach n --netns g1 --ip dhcp --hostname one
A=$(address g1)
has 'udhcpc is what runs' '^/usr/sbin/udhcpc ' "$(clients)"
everything 'udhcpc'
ok 'udhcpc: detach' vnm net-detach n g1
same 'udhcpc: nothing is left' "$up" "$(state)"
no "the system's script has not run" test -e ran

# A script that is slow: "attached" is said when the lease's routes are there, too, not its address alone.
printf '#!/bin/sh\nexec strace -qq -o /dev/null -e trace=sendmsg -e inject=sendmsg:delay_enter=100000 "%s" "$@"\n' "$VNETMGR" >slow
printf '#!/bin/sh\nexec "%s" udhcpc "$@" -s "%s/slow"\n' "$busybox" "$T" >client
chmod +x slow client; rm /usr/sbin/udhcpc; cp client /usr/sbin/udhcpc
ok 'a slow script' vnm -q net-attach n --netns g1 --ip dhcp --hostname one
has 'its default route' "^default via $N\.1 " "$(inns g1 ip route)"; A=$(address g1)
lost 'a slow script: routes' 'its default route is gone' inns g1 ip route del default
vnm -q net-detach n g1; rm /usr/sbin/udhcpc

# Who comes with others waits until dnsmasq has asked, for 3 seconds each, whether the addresses of those are in use.
clients_are udhcpc
echo "<network><name>crowd</name><bridge name='br-crowd'/><ip address='192.168.197.1' prefix='24'><dhcp><range start='192.168.197.2' end='192.168.197.200'/></dhcp></ip></network>" >crowd.xml
vnm -q net-create crowd.xml
for i in 1 2 3 4; do ok "guest $i" vnm -q net-attach crowd --netns "p$i" --create; done
for i in 1 2 3 4; do ip netns exec "p$i" "$busybox" udhcpc -i eth0 -n -q -f -t 30 -T 1 -s /bin/true >/dev/null 2>&1 & others="${others:-} $!"; done
ok 'with others' vnm -q net-attach crowd --netns g1 --ip dhcp
for other in $others; do kill "$other" 2>/dev/null; wait "$other"; done
vnm -q net-destroy crowd
for i in 1 2 3 4; do ip netns del "p$i"; done
same 'with others: nothing is left' "$up" "$(state)"

if [ -e dhclient ]; then clients_are dhclient; all dhclient; fi
clients_are; now=$up
refused 'no client' 'none is installed: apt-get install udhcpc' n --netns g1 --ip dhcp
rmdir /etc/netns/g1; vnm -q net-destroy n s
same 'no trace is left' "$before" "$(state)"
umount /etc/netns
finish
