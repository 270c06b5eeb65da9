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
whole() { [ "$(vnetmgr -q net-list | grep -c ' active ')" = 3 ]; }
heals() { for _ in $(seq 120); do whole && return; sleep .5; done; vnetmgr net-list; return 1; }
within() { local s=$1; shift; for _ in $(seq $((s * 2))); do "$@" && return; sleep .5; done; return 1; }
is_active() { for n; do vnetmgr -q net-list | grep -q " $n  *active " || return; done; }
comes() { within 60 is_active "$@" || { vnetmgr net-list; journalctl -b -u 'vnetmgr-device@*' --no-pager | tail -n 20; return 1; }; }
on_bridge() { ip -o link show "$1" | grep -q "master $2"; }
servers() { pgrep -f vnetmgr/dnsmasq/ | sort | xargs; }
at() { systemctl show -p "$2" --value "$1"; }	# at UNIT PROPERTY
exposure() { systemd-analyze security --no-pager "$1" | sed -n 's/.*exposure level for .*: \([0-9]*\.[0-9]*\) .*/\1/p'; }
reaches() { ip netns exec "$1" ping -n -c 1 -W 3 "$2"; }
before() { journalctl -b -1 --no-pager -o short; }	# what the last boot wrote until its end
up() { same "$1" 3 "$(vnetmgr -q net-list | grep -c ' active .*yes')"; [ "$(vnetmgr -q net-list | grep -c ' active .*yes')" = 3 ] || why; }
why() { { vnetmgr net-list; journalctl -b -u vnetmgr -u vnetmgr-repair --no-pager -o cat; vnetmgr net-doctor; } 2>&1 | tail -n 60 | sed 's/^/|     /'; }
# How long it took, and what waited for what; kept beside the results.
times() {
	systemd-analyze time; systemd-analyze blame --no-pager | grep -E 'vnetmgr|networkd-wait|modprobe@ip|modprobe@tun' | head -n 12
	systemd-analyze critical-chain --no-pager multi-user.target; systemd-analyze critical-chain --no-pager lxc.service
}
for part in others sockets; do . /root/inside-$part.sh; done
system=$(systemctl is-system-running --wait)
echo "BOOT $n $system $(cut -d ' ' -f 1 /proc/uptime) s, systemd $(systemctl --version | head -n 1 | cut -d ' ' -f 2), $(uname -r)"
findmnt -n /var/lib/vnetmgr >/dev/null || { echo "| FAIL: the state has no file system of its own"; failures=1; }

case $n in
1)	### A machine on which nothing was ever done. The power goes.
	same 'the system' running "$system"
	for f in keennet ipv6 hostonly; do ok "define $f" vnetmgr -q net-define /root/networks/$f.xml; done
	ok 'marked' vnetmgr -q net-autostart --all
	ok 'by the unit' systemctl restart vnetmgr
	guest; ok 'a lease' dhcp
	ok 'through NAT' ip netns exec g ping -n -c 1 -W 3 198.51.100.10
	ok 'a forward' vnetmgr -q net-forward-add keennet tcp 8080 192.168.132.9:80 --live --config
	# What the service has to make at the next boot.
	ok 'a namespace' vnetmgr -q net-attach keennet --netns web --create --ip auto --hostname web
	ok 'one with a DHCP client' within 60 vnetmgr -q net-attach keennet --netns db --create --ip dhcp --hostname db
	ok 'a tap' vnetmgr -q net-attach hostonly --tap tap0 --owner nobody
	ok 'a tun' vnetmgr -q net-attach keennet --tun tun0 --ip 192.168.132.1 --peer 192.168.132.250
	mkdir -p /etc/vnetmgr/hooks
	printf '#!/bin/sh\necho "$1 $2" >>/var/lib/hooks\n' >/etc/vnetmgr/hooks/network; chmod +x /etc/vnetmgr/hooks/network
	others g
	vnetmgr -q net-dhcp-leases keennet | awk 'NF && !/ db / { print $1, $2, $5 }' >/root/lease
	echo "| $checks checks, $failures failures"; sync; echo "RESULT 1 $failures"; echo CUT ;;
2)	### After the power came back.
	same 'the system' running "$system"
	same 'the unit' active "$(systemctl is-active vnetmgr)"
	up 'all are up and whole'
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
	for unit in vnetmgr vnetmgr-repair vnetmgr-shutdown; do
		ok "$unit: at most 5.0 is exposed: $(exposure $unit.service)" awk -v x="$(exposure $unit.service)" 'BEGIN { exit !(x > 0 && x <= 5.0) }'
	done
	# What a repair starts again stays when its service has ended.
	pkill -f dnsmasq/keennet/; ok 'a repair' systemctl start vnetmgr-repair
	ok 'dnsmasq stays' reaches web 198.51.100.10; ok 'dnsmasq stays' vnetmgr -q net-repair --all --dry-run
	up 'all are whole'
	# Before what starts guests, and before the boot is finished. Nobody waits for devices that are none of his.
	same 'guests come later' success "$(at lxc.service Result)"
	ok 'and so does multi-user.target' [ "$(at vnetmgr ActiveEnterTimestampMonotonic)" -lt "$(at multi-user.target ActiveEnterTimestampMonotonic)" ]
	ok 'lxc.service' [ "$(at vnetmgr ActiveEnterTimestampMonotonic)" -lt "$(at lxc.service ExecMainStartTimestampMonotonic)" ]
	same 'the boot has not waited' success "$(at systemd-networkd-wait-online Result)"
	for dev in keenbr0 hostbr0 tap0; do has "$dev is not systemd-networkd's" unmanaged "$(networkctl --no-pager --no-legend list $dev)"; done
	has 'other devices are' configured "$(networkctl --no-pager --no-legend list lan0)"
	times 2>&1 | sed 's/^/TIME /'
	# A bridge of the host that comes later, and an uplink that is plugged in later.
	printf "<network><name>late</name><forward mode='bridge'/><bridge name='br-late'/></network>" >/run/late.xml
	printf "<network xmlns:vnm='urn:vnetmgr:network:1'><name>nic</name><forward mode='bridge'/><bridge name='br-nic'/><vnm:uplink dev='nic0'/></network>" >/run/nic.xml
	for n in late nic; do ok "define $n" vnetmgr -q net-define /run/$n.xml; ok "mark $n" vnetmgr -q net-autostart $n; done
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
	for n in late nic; do vnetmgr -q net-destroy $n; vnetmgr -q net-undefine $n; done
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
	echo "| $checks checks, $failures failures"; echo "RESULT 2 $failures"; echo OFF; systemctl --no-block poweroff ;;
3)	### After a clean shutdown.
	same 'the system' running "$system"
	last=$(before)
	has 'the last journal reaches to the end' 'Stopped.*vnetmgr-shutdown|vnetmgr-shutdown.service: Deactivated' "$last"
	lacks 'the file system was free' 'vnetmgr: target is busy|var-lib-vnetmgr.mount: (Mount process exited|Failed)|Failed unmounting.*vnetmgr' "$last"
	has 'it was unmounted' 'Unmounted.*(/var/lib/vnetmgr|var-lib-vnetmgr)' "$last"
	lacks 'no dnsmasq was left over' 'vnetmgr.*(remains running|left-over process)' "$(tac <<<"$last" | sed '/Stopping.*virtual networks. dnsmasq at shutdown/q')"
	has 'which was seen stopping' 'Stopping.*virtual networks. dnsmasq at shutdown' "$last"
	up 'all are up and whole'
	sockets
	printf "<network><name>broken</name><forward/><bridge name='br-broken'/><ip address='10.99.99.1' prefix='24'><tftp root='/nosuch'/></ip></network>" >/root/broken.xml
	ok 'one that cannot start' vnetmgr -q net-define /root/broken.xml; ok 'marked' vnetmgr -q net-autostart broken
	echo "| $checks checks, $failures failures"; echo "RESULT 3 $failures"; echo OFF; systemctl --no-block poweroff ;;
4)	### One network that cannot start.
	same 'the system' running "$system"
	same 'the unit' active "$(systemctl is-active vnetmgr)"
	has 'its journal' "Failed to start network broken" "$(journalctl -b -u vnetmgr --no-pager)"
	up 'the others are up and whole'
	iptables -F VNM_FWO; ip6tables -F VNM_FWI
	has 'damage is seen' ' degraded ' "$(vnetmgr net-list)"
	ok 'reload' systemctl reload vnetmgr
	up 'repairs it'
	if [ -d /root/next ]; then
		ok 'removal' env DEBIAN_FRONTEND=noninteractive dpkg -P vnetmgr-rpc vnetmgr
		no 'its networks are gone' ip link show keenbr0
		no 'and its units' systemctl cat vnetmgr
		same 'nothing has failed' '' "$(systemctl --failed --no-legend)"
	fi
	echo "| $checks checks, $failures failures"; echo "RESULT 4 $failures"; echo END; systemctl --no-block poweroff ;;
esac
