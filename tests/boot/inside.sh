#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# inside.sh - what is looked at within the machine, at each of its boots; /root/boots counts them. Results: the second serial line.
export PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C HOME=/root
exec >/dev/ttyS1 2>&1 </dev/null
n=$(($(cat /root/boots 2>/dev/null || echo 0) + 1)); echo $n >/root/boots
checks=0 failures=0
ok() { local what=$1; shift; checks=$((checks + 1)); "$@" >/run/out 2>&1 || { failures=$((failures + 1)); echo "| FAIL: $what: $*"; sed 's/^/|     /' /run/out; }; }
no() { local what=$1; shift; checks=$((checks + 1)); "$@" >/run/out 2>&1 && { failures=$((failures + 1)); echo "| FAIL: $what: should have failed: $*"; }; }
same() { checks=$((checks + 1)); [ "$2" = "$3" ] || { failures=$((failures + 1)); echo "| FAIL: $1: '$3' instead of '$2'"; }; }
has() { checks=$((checks + 1)); grep -Eq -- "$2" <<<"$3" || { failures=$((failures + 1)); echo "| FAIL: $1: no $2 in"; sed 's/^/|     /' <<<"$3" | tail -n 12; }; }
lacks() { checks=$((checks + 1)); grep -Eq -- "$2" <<<"$3" && { failures=$((failures + 1)); echo "| FAIL: $1: $(grep -E -m 3 -- "$2" <<<"$3")"; }; }
guest() { ip netns add g; ip link add g type veth peer name eth0 netns g; ip link set g master keenbr0 up; ip -n g link set eth0 up; ip -n g link set lo up; }
dhcp() {
	printf '#!/bin/sh\n[ "$1" = bound ] || exit 0\nip addr flush dev eth0; ip addr add "$ip/$mask" dev eth0; ip route replace default via "$router"\n' >/run/udhcpc
	chmod +x /run/udhcpc; ip netns exec g busybox udhcpc -i eth0 -n -q -f -t 20 -T 1 -s /run/udhcpc
}
# NETWORKS: how many are marked
whole() { [ "$(vnetmgr -q net-list | grep -c ' active .*yes')" = "$networks" ]; }
within() { local end=$((SECONDS + $1)); shift; until "$@"; do [ $SECONDS -lt $end ] || return 1; sleep .5; done; }
heals() { within 60 whole || { vnetmgr net-list; return 1; }; }
is_active() { local net; for net; do vnetmgr -q net-list | grep -q " $net  *active " || return; done; }
comes() { within 60 is_active "$@" || { vnetmgr net-list; journalctl -b -u 'vnetmgr-device@*' --no-pager | tail -n 20; return 1; }; }
on_bridge() { ip -o link show "$1" | grep -q "master $2"; }
servers() { pgrep -f vnetmgr/dnsmasq/ | sort | xargs; }
at() { systemctl show -p "$2" --value "$1"; }	# at UNIT PROPERTY
exposure() { systemd-analyze security --no-pager "$1" | sed -n 's/.*exposure level for .*: \([0-9]*\.[0-9]*\) .*/\1/p'; }
reaches() { ip netns exec "$1" ping -n -c 1 -W 3 "$2"; }
before() { journalctl "_BOOT_ID=$(tr -d - <"/root/boot-$((n - 1))")" --no-pager -o short; }	# all that the last boot wrote
up() { local failed=$failures; same "$1" "$networks" "$(vnetmgr -q net-list | grep -c ' active .*yes')"; [ $failures = $failed ] || why; }
why() { { vnetmgr net-list; journalctl -b -u vnetmgr -u vnetmgr-repair --no-pager -o cat; vnetmgr net-doctor; } 2>&1 | tail -n 60 | sed 's/^/|     /'; }
# How long it took, in seconds since the first process, and what waited for what; kept beside the results.
seconds() { awk -v t="$(at "$1" "$2")" -v from="$(systemctl show -P UserspaceTimestampMonotonic)" 'BEGIN { printf "%.2f", (t - from) / 1e6 }'; }
times() {
	echo "$networks networks: vnetmgr.service from $(seconds vnetmgr InactiveExitTimestampMonotonic) to" \
		"$(seconds vnetmgr ActiveEnterTimestampMonotonic) s, multi-user.target at $(seconds multi-user.target ActiveEnterTimestampMonotonic) s"
	systemd-analyze time; systemd-analyze blame --no-pager | grep -nE 'vnetmgr|firewalld|networkd-wait'
	systemd-analyze critical-chain --no-pager vnetmgr.service; systemd-analyze critical-chain --no-pager lxc.service
}
# In a boot, what starts guests and all that waits for multi-user.target comes after the networks.
in_order() {
	ok 'networks come before multi-user.target' [ "$(at vnetmgr ActiveEnterTimestampMonotonic)" -lt "$(at multi-user.target ActiveEnterTimestampMonotonic)" ]
	times 2>&1 | sed 's/^/TIME /'
}
# end WORD: of this boot; CUT: without a shutdown
end() {
	cat /proc/sys/kernel/random/boot_id >/root/boot-$n
	echo "| $checks checks, $failures failures"; sync; echo "RESULT $n $failures"; echo "$1"
	[ "$1" = CUT ] || systemctl --no-block poweroff
}
for part in others sockets suspend apparmor; do . /root/inside-$part.sh; done
system=$(systemctl is-system-running --wait)
echo "BOOT $n $system $(cut -d ' ' -f 1 /proc/uptime) s, systemd $(systemctl --version | head -n 1 | cut -d ' ' -f 2), $(uname -r)"
findmnt -n /var/lib/vnetmgr >/dev/null || { echo "| FAIL: the state has no file system of its own"; failures=1; }

case $n in
1)	### A machine on which nothing was ever done.
	networks=0
	same 'the system' running "$system"
	same 'the unit' active "$(systemctl is-active vnetmgr)"
	in_order
	for f in keennet ipv6 hostonly; do ok "define $f" vnetmgr -q net-define /root/networks/$f.xml; done
	ok 'marked' vnetmgr -q net-autostart keennet
	end OFF ;;
2)	### The first networks. The power goes.
	networks=1
	same 'the system' running "$system"
	up 'it is up'
	in_order
	networks=3
	ok 'marked' vnetmgr -q net-autostart --all
	ok 'by the unit' systemctl restart vnetmgr
	up 'all are'
	guest; ok 'a lease' dhcp
	ok 'through NAT' reaches g 198.51.100.10
	ok 'a forward' vnetmgr -q net-forward-add keennet tcp 8080 192.168.132.9:80 --live --config
	# What the service has to make at the next boot.
	ok 'a namespace' vnetmgr -q net-attach keennet --netns web --create --ip auto --hostname web
	ok 'one with a DHCP client' within 60 vnetmgr -q net-attach keennet --netns db --create --ip dhcp --hostname db
	ok 'a tap' vnetmgr -q net-attach hostonly --tap tap0 --owner nobody
	ok 'a tun' vnetmgr -q net-attach keennet --tun tun0 --ip 192.168.132.1 --peer 192.168.132.250
	mkdir -p /etc/vnetmgr/hooks
	printf '#!/bin/sh\necho "$1 $2" >>/var/lib/hooks\n' >/etc/vnetmgr/hooks/network; chmod +x /etc/vnetmgr/hooks/network
	others_of_iptables g
	vnetmgr -q net-dhcp-leases keennet | awk 'NF && !/ db / { print $1, $2, $5 }' >/root/lease
	end CUT ;;
3)	### After the power came back.
	same 'the system' running "$system"
	networks=3
	same 'the unit' active "$(systemctl is-active vnetmgr)"
	up 'all are up and whole'
	in_order
	same 'the lease, before anybody asked' "$(cat /root/lease)" "$(vnetmgr -q net-dhcp-leases keennet | awk 'NF && !/ db / { print $1, $2, $5 }')"
	has 'the forward' 'dport 8080.* -j DNAT' "$(iptables -t nat -S)"
	guest; ok 'a lease' dhcp; ok 'through NAT' ip netns exec g ping -n -c 1 -W 3 198.51.100.10
	# The service, under its restrictions, has made all that there is to make.
	ok 'a namespace, which the host sees' reaches web 198.51.100.10
	has 'its resolver' '^nameserver 192.168.132.1$' "$(cat /etc/netns/web/resolv.conf)"
	ok 'one with a DHCP client' reaches db 198.51.100.10
	has 'a tap on its bridge' 'master hostbr0' "$(ip -o link show tap0)"
	has 'a tun' 'peer 192.168.132.250' "$(ip -o addr show tun0)"
	has 'the hook' '^keennet started$' "$(cat /var/lib/hooks)"
	for unit in vnetmgr vnetmgr-repair vnetmgr-firewalld vnetmgr-shutdown; do
		exposed=$(exposure $unit.service)
		ok "$unit: at most 5.0 is exposed" awk -v x="$exposed" 'BEGIN { print x; exit !(x > 0 && x <= 5.0) }'
	done
	# What a repair starts again stays when its service has ended.
	pkill -f dnsmasq/keennet/; ok 'a repair' systemctl start vnetmgr-repair
	ok 'dnsmasq stays' reaches web 198.51.100.10; ok 'dnsmasq stays' vnetmgr -q net-repair --all --dry-run
	up 'all are whole'
	# Before what starts guests, and before the boot is finished. Nobody waits for devices that are none of his.
	same 'guests come later' success "$(at lxc.service Result)"
	ok 'lxc.service' [ "$(at vnetmgr ActiveEnterTimestampMonotonic)" -lt "$(at lxc.service ExecMainStartTimestampMonotonic)" ]
	same 'the boot has not waited' success "$(at systemd-networkd-wait-online Result)"
	for dev in keenbr0 hostbr0 vnet0 tap0 tun0; do has "$dev is not systemd-networkd's" unmanaged "$(networkctl --no-pager --no-legend list $dev)"; done
	has 'other devices are' configured "$(networkctl --no-pager --no-legend list lan0)"
	# A bridge of the host that comes later, and an uplink that is plugged in later.
	printf "<network><name>late</name><forward mode='bridge'/><bridge name='br-late'/></network>" >/run/late.xml
	printf "<network xmlns:vnm='urn:vnetmgr:network:1'><name>nic</name><forward mode='bridge'/><bridge name='br-nic'/><vnm:uplink dev='nic0'/></network>" >/run/nic.xml
	for net in late nic; do ok "define $net" vnetmgr -q net-define /run/$net.xml; ok "mark $net" vnetmgr -q net-autostart $net; done
	ok 'as at a boot' systemctl restart vnetmgr
	has 'one waits for its bridge' ' late +degraded ' "$(vnetmgr net-list)"
	ip link add br-late type bridge; ip link set br-late up
	ip link add nic0 type veth peer name nic1; ip link set nic1 up; ip link set nic0 up
	ok 'the bridge and the uplink come' comes late nic
	ok 'a guest' vnetmgr -q net-attach late --tap late0
	ip link del br-late; ip link del nic0
	ip link add br-late type bridge; ip link set br-late up
	ip link add nic0 type veth peer name nic1; ip link set nic1 up; ip link set nic0 up
	ok 'and come again' comes late nic
	ok 'the guest is back on it' within 60 on_bridge late0 br-late
	ok 'the uplink, too' within 60 on_bridge nic0 br-nic
	for net in late nic; do ok "stop $net" vnetmgr -q net-destroy $net; ok "undefine $net" vnetmgr -q net-undefine $net; done
	was=$(servers)
	for verb in restart reload stop start; do
		ok "$verb" systemctl $verb vnetmgr; same "$verb: all dnsmasq stay" "$was" "$(servers)"
	done
	no 'nobody stops this by hand' systemctl stop vnetmgr-shutdown
	same 'it waits for the shutdown' active "$(systemctl is-active vnetmgr-shutdown)"
	# Its client waits for leases at each boot, and outlives the shutdown's dnsmasq.
	ok 'a guest leaves' vnetmgr -q net-detach keennet db
	if [ -d /root/next ]; then
		ip netns exec web ping -n -i 0.01 198.51.100.10 >/run/pings & ping=$!
		ok 'an upgrade' env DEBIAN_FRONTEND=noninteractive dpkg -i /root/next/*.deb
		kill -INT $ping; wait $ping
		has 'no packet of a guest is lost' ' 0% packet loss' "$(cat /run/pings)"
		echo "| upgrade: $(grep 'packet loss' /run/pings)"
		same 'all dnsmasq stay' "$was" "$(servers)"
	fi
	for i in 1 2 3 4 5 6 7; do
		echo "<network><name>net$i</name><forward/><ip address='10.77.$i.1' prefix='24'><dhcp><range start='10.77.$i.2' end='10.77.$i.254'/></dhcp></ip></network>" >/run/net.xml
		ok "define net$i" vnetmgr -q net-define /run/net.xml; ok "mark net$i" vnetmgr -q net-autostart net$i
	done
	end OFF ;;
4)	### After a clean shutdown, with ten networks.
	networks=10
	same 'the system' running "$system"
	last=$(before)
	has 'the last journal reaches to the end' 'Stopped.*vnetmgr-shutdown|vnetmgr-shutdown.service: Deactivated' "$last"
	lacks 'the file system was free' 'vnetmgr: target is busy|var-lib-vnetmgr.mount: (Mount process exited|Failed)|Failed unmounting.*vnetmgr' "$last"
	has 'it was unmounted' 'Unmounted.*(/var/lib/vnetmgr|var-lib-vnetmgr)' "$last"
	lacks 'no dnsmasq was left over' 'vnetmgr.*(remains running|left-over process)' "$(tac <<<"$last" 2>/dev/null | sed '/Stopping.*virtual networks. dnsmasq at shutdown/q')"
	has 'which was seen stopping' 'Stopping.*virtual networks. dnsmasq at shutdown' "$last"
	up 'all are up and whole'
	in_order
	sockets
	guest; suspend
	printf "<network><name>broken</name><forward/><bridge name='br-broken'/><ip address='10.99.99.1' prefix='24'><tftp root='/nosuch'/></ip></network>" >/root/broken.xml
	ok 'one that cannot start' vnetmgr -q net-define /root/broken.xml; ok 'marked' vnetmgr -q net-autostart broken
	for i in 1 2 3 4 5 6 7; do ok "stop net$i" vnetmgr -q net-destroy net$i; ok "undefine net$i" vnetmgr -q net-undefine net$i; done
	end OFF ;;
5)	### One network that cannot start.
	networks=3
	same 'the system' running "$system"
	same 'the unit' active "$(systemctl is-active vnetmgr)"
	has 'its journal' "Failed to start network broken" "$(journalctl -b -u vnetmgr --no-pager)"
	up 'the others are up and whole'
	iptables -F VNM_FWO; ip6tables -F VNM_FWI
	has 'damage is seen' ' degraded ' "$(vnetmgr net-list)"
	ok 'reload' systemctl reload vnetmgr
	up 'repairs it'
	[ ! -d /root/next ] || apparmor
	# Debian's netfilter-persistent is iptables.service, too, with which firewalld is in conflict.
	ok 'firewalld from the next boot on' systemctl disable netfilter-persistent; ok 'firewalld' systemctl enable firewalld
	ok 'no broken one any more' vnetmgr -q net-undefine broken
	end OFF ;;
6)	### Beside firewalld; and what a removal leaves.
	same 'the system' running "$system"
	networks=3
	up 'all are up and whole'
	in_order
	others_firewalld web
	if [ -d /root/next ]; then
		ok 'removal' env DEBIAN_FRONTEND=noninteractive dpkg -P vnetmgr-rpc vnetmgr
		no 'its networks are gone' ip link show keenbr0
		no 'and its units' systemctl cat vnetmgr
		same 'nothing has failed' '' "$(systemctl --failed --no-legend)"
	fi
	end END ;;
esac
