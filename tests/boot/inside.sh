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
servers() { pgrep -f vnetmgr/dnsmasq/ | sort | xargs; }
before() { journalctl -b -1 --no-pager -o short; }	# what the last boot wrote until its end
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
	# nftables.service flushes all rules at each start; what repairs them is started with it.
	has 'the rules are what it flushes' '^Firewall: +iptables-nft$' "$(vnetmgr net-info keennet)"
	ok 'a restart of nftables' systemctl restart nftables
	ok 'is followed by a repair' heals
	ok 'through NAT again' ip netns exec g ping -n -c 1 -W 3 198.51.100.10
	has 'without a hand' 'Finished.*Repair of virtual networks' "$(journalctl -b -u vnetmgr-repair --no-pager)"
	vnetmgr -q net-dhcp-leases keennet | awk 'NF { print $1, $2, $5 }' >/root/lease
	echo "| $checks checks, $failures failures"; sync; echo "RESULT 1 $failures"; echo CUT ;;
2)	### After the power came back.
	same 'the system' running "$system"
	same 'the unit' active "$(systemctl is-active vnetmgr)"
	same 'all are up and whole' 3 "$(vnetmgr -q net-list | grep -c ' active .*yes')"
	same 'the lease, before anybody asked' "$(cat /root/lease)" "$(vnetmgr -q net-dhcp-leases keennet | awk 'NF { print $1, $2, $5 }')"
	has 'the forward' 'dport 8080.* -j DNAT' "$(iptables -t nat -S)"
	guest; ok 'a lease' dhcp; ok 'through NAT' ip netns exec g ping -n -c 1 -W 3 198.51.100.10
	was=$(servers)
	for verb in restart reload stop start; do
		ok "$verb" systemctl $verb vnetmgr; same "$verb: all dnsmasq stay" "$was" "$(servers)"
	done
	no 'nobody stops this by hand' systemctl stop vnetmgr-shutdown
	same 'it waits for the shutdown' active "$(systemctl is-active vnetmgr-shutdown)"
	echo "| $checks checks, $failures failures"; echo "RESULT 2 $failures"; echo OFF; systemctl --no-block poweroff ;;
3)	### After a clean shutdown.
	same 'the system' running "$system"
	last=$(before)
	has 'the last journal reaches to the end' 'Stopped.*vnetmgr-shutdown|vnetmgr-shutdown.service: Deactivated' "$last"
	lacks 'the file system was free' 'vnetmgr: target is busy|var-lib-vnetmgr.mount: (Mount process exited|Failed)|Failed unmounting.*vnetmgr' "$last"
	has 'it was unmounted' 'Unmounted.*(/var/lib/vnetmgr|var-lib-vnetmgr)' "$last"
	lacks 'no dnsmasq was left over' 'vnetmgr.*(remains running|left-over process)' "$(tac <<<"$last" | sed '/Stopping.*virtual networks. dnsmasq at shutdown/q')"
	has 'which was seen stopping' 'Stopping.*virtual networks. dnsmasq at shutdown' "$last"
	same 'all are up and whole' 3 "$(vnetmgr -q net-list | grep -c ' active .*yes')"
	printf "<network><name>broken</name><forward/><bridge name='br-broken'/><ip address='10.99.99.1' prefix='24'><tftp root='/nosuch'/></ip></network>" >/root/broken.xml
	ok 'one that cannot start' vnetmgr -q net-define /root/broken.xml; ok 'marked' vnetmgr -q net-autostart broken
	echo "| $checks checks, $failures failures"; echo "RESULT 3 $failures"; echo OFF; systemctl --no-block poweroff ;;
4)	### One network that cannot start.
	same 'the system' running "$system"
	same 'the unit' active "$(systemctl is-active vnetmgr)"
	has 'its journal' "Failed to start network broken" "$(journalctl -b -u vnetmgr --no-pager)"
	same 'the others are up and whole' 3 "$(vnetmgr -q net-list | grep -c ' active .*yes')"
	iptables -F VNM_FWO; ip6tables -F VNM_FWI
	has 'damage is seen' ' degraded ' "$(vnetmgr net-list)"
	ok 'reload' systemctl reload vnetmgr
	same 'repairs it' 3 "$(vnetmgr -q net-list | grep -c ' active .*yes')"
	echo "| $checks checks, $failures failures"; echo "RESULT 4 $failures"; echo END; systemctl --no-block poweroff ;;
esac
