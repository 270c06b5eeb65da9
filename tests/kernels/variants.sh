#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# variants.sh NAME - a kernel that lacks something, or an administrator who forbids something: what works then, and what is said.
. "$srcdir/world.sh"
uplink
define keennet hostonly routed ipv6 internal open
bw() {
	sed 's/<name>.*</<name>bw</; s/keenbr0/bwbr0/; s/192\.168\.132/192.168.150/g
		s:<forward/>:<forward/><bandwidth><inbound average="1000"/><outbound average="1000"/></bandwidth>:' \
		"$srcdir/networks/keennet.xml" >bw.xml
	vnm -q net-define bw.xml
}
overlay() {
	sed "s/<name>.*</<name>lab</; s/keenbr0/labbr0/; s/192\.168\.132/192.168.151/g; s|<network|& xmlns:vnm='urn:vnetmgr:network:1'|
		s|</network|<vnm:overlay vni='7' local='$UPLINK'><vnm:host index='1' of='2'/><vnm:peer address='203.0.113.9'/></vnm:overlay>&|" \
		"$srcdir/networks/keennet.xml" >lab.xml
	vnm -q net-define lab.xml
}
nobody() { cp "$VNETMGR" /tmp/vnetmgr; chmod 755 /tmp/vnetmgr; setpriv --reuid=1000 --regid=1000 --clear-groups /tmp/vnetmgr "$@"; }

case $1 in
no-legacy)
	for n in keennet hostonly routed internal; do
		refused $n "legacy IPv4 table 'filter' \(module ip_tables, CONFIG_IP_NF_IPTABLES_LEGACY.*modprobe ip_tables.*<forward mode='open'/>"
	done
	up open ;;
no-legacy6)
	up keennet; nat_works
	refused ipv6 "legacy IPv6 table 'filter' \(module ip6_tables, CONFIG_IP6_NF_IPTABLES_LEGACY.*modprobe ip6_tables" ;;
no-nat-table)
	up hostonly
	refused keennet "legacy IPv4 table 'nat' \(module iptable_nat, CONFIG_IP_NF_NAT\).*modprobe iptable_nat" ;;
no-nft-compat | no-br_netfilter)
	up keennet; nat_works; up ipv6 ;;
no-nf-tables)
	for b in iptables-nft nftables; do
		use_firewall $b
		refused keennet "lacks nf_tables \(module nf_tables, CONFIG_NF_TABLES\), .* '$b' needs; load it: modprobe nf_tables"
	done
	taken legacy 'this kernel lacks nf_tables, or does not permit its use' nf_tables ;;
no-vxlan)
	up keennet; nat_works
	overlay; refused lab "no devices of the kind 'vxlan': load it: modprobe vxlan" ;;
no-vrf)
	sed "s|<network|& xmlns:vnm='urn:vnetmgr:network:1'|; s|</network|<vnm:vrf name='blue' table='10'/>&|" "$srcdir/networks/keennet.xml" >blue.xml
	vnm -q net-define blue.xml
	refused keennet "no devices of the kind 'vrf': load it: modprobe vrf; .*CONFIG_NET_VRF" ;;
no-devgroup)
	vnm net-start keennet >out 2>&1 || { cat out; failures=$((failures + 1)); }
	has 'reported' "warning: this kernel lacks the match 'devgroup' \\(module xt_devgroup, CONFIG_NETFILTER_XT_MATCH_DEVGROUP\\).*modprobe xt_devgroup" "$(cat out)"
	for n in hostonly routed ipv6 internal; do up $n; done; nat_works
	for n in keennet hostonly routed ipv6 internal; do has "$n is whole" "^ $n +active " "$(vnm net-list)"; done ;;
no-CHECKSUM)
	for n in keennet hostonly routed ipv6; do
		vnm net-start $n >out 2>&1 || { cat out; failures=$((failures + 1)); }
		has "$n: reported" "warning: .*'CHECKSUM' \(module xt_CHECKSUM" "$(cat out)"
		has "$n is whole" "^ $n +active " "$(vnm net-list)"
	done
	nat_works ;;
no-nat-target)
	up keennet; nat_works
	no 'a forward' vnm -q net-forward-add keennet tcp 8080 "$(dhcp_value g ip):80"
	has 'why' "target 'DNAT' \(module xt_nat, CONFIG_NETFILTER_XT_NAT\).*modprobe xt_nat" "$(cat "$T/out")"
	has 'still whole' '^ keennet +active ' "$(vnm net-list)"; ok 'still through NAT' reaches g $SERVER ;;
no-REJECT)
	refused keennet "target 'REJECT' \(module ipt_REJECT, CONFIG_IP_NF_TARGET_REJECT\).*modprobe ipt_REJECT" ;;
no-REJECT6)
	up keennet
	refused ipv6 "target 'REJECT' \(module ip6t_REJECT, CONFIG_IP6_NF_TARGET_REJECT\).*modprobe ip6t_REJECT" ;;
no-police)
	bw; up bw ;;
no-limits)
	bw; refused bw "no ifb device, and no police either \(CONFIG_IFB or CONFIG_NET_ACT_POLICE\)|no police, and no limits by nf_tables" ;;
no-htb)
	bw; refused bw 'no HTB queue \(CONFIG_NET_SCH_HTB\); leave <bandwidth> out, or use a kernel with it' ;;
no-bridge)
	before=$(snapshot 2>/dev/null)
	for how in --dry-run ''; do
		no "start open $how" vnm -q net-start open $how
		has 'why' "cannot create bridge 'openbr0'.*no devices of the kind 'bridge': load it: modprobe bridge" "$(cat "$T/out")"
	done
	same 'nothing is left' "$before" "$(snapshot 2>/dev/null)" ;;
no-tun)
	up keennet
	no 'a tap' vnm -q net-attach keennet --tap tp0
	has 'why' 'cannot open /dev/net/tun: .*module tun \(CONFIG_TUN\); load it: modprobe tun' "$(cat "$T/out")" ;;
no-veth)
	up keennet; ip netns add web
	for how in --dry-run ''; do
		no "a namespace $how" vnm -q net-attach keennet --netns web --ip auto $how
		has 'why' "no devices of the kind 'veth': load it: modprobe veth" "$(cat "$T/out")"
	done
	no 'a sandbox' vnm sandbox --uplink true
	has 'why' "no devices of the kind 'veth'" "$(cat "$T/out")" ;;
disabled)
	echo 1 >/proc/sys/kernel/modules_disabled
	refused keennet "no devices of the kind 'bridge': kernel.modules_disabled is 1.*next boot.*bridge in /etc/modules-load.d/"
	no 'start open' vnm -q net-start open
	has 'why' "no devices of the kind 'bridge': kernel.modules_disabled is 1" "$(cat "$T/out")"
	ok 'a sandbox' vnm sandbox true ;;
disabled-later)
	up keennet; nat_works
	echo 1 >/proc/sys/kernel/modules_disabled
	ok 'restart' vnm -q net-destroy keennet; up keennet
	up routed; up internal
	no 'a forward' vnm -q net-forward-add keennet tcp 8080 192.168.132.9:80
	has 'why' "kernel.modules_disabled is 1.*(xt_nat|xt_addrtype) in /etc/modules-load.d/" "$(cat "$T/out")"
	has 'still whole' '^ keennet +active ' "$(vnm net-list)"
	refused ipv6 "legacy IPv6 table .*kernel.modules_disabled is 1.*ip6_tables in"
	bw; refused bw 'no HTB queue \(CONFIG_NET_SCH_HTB\).*kernel.modules_disabled is 1' ;;
no-loader)
	echo >/proc/sys/kernel/modprobe
	refused keennet "no devices of the kind 'bridge': load it: modprobe bridge"
	modprobe bridge
	refused keennet "legacy IPv4 table 'filter' \(module ip_tables.*modprobe ip_tables"
	modprobe -a ip_tables iptable_filter iptable_nat iptable_mangle xt_conntrack xt_MASQUERADE ipt_REJECT xt_tcpudp xt_CHECKSUM \
		xt_devgroup
	up keennet ;;
preloaded)	# modules-load.d has been there: nothing is to be loaded by us, and users' sandboxes work
	modprobe -a $(grep -v '^#' "$srcdir/modules-load.conf")
	has 'a sandbox of a user' ' ipv6 +active ' "$(nobody sandbox sh -c "/tmp/vnetmgr -q net-define $srcdir/networks/ipv6.xml; /tmp/vnetmgr -q net-start ipv6; /tmp/vnetmgr net-list" 2>&1)"
	up keennet; up ipv6 ;;
user)	# nothing is loaded: a user makes the kernel load nf_tables, but not the legacy tables
	has 'a sandbox of a user' ' keennet +active ' "$(nobody sandbox sh -c "/tmp/vnetmgr -q net-define $srcdir/networks/keennet.xml; /tmp/vnetmgr -q net-start keennet; /tmp/vnetmgr net-list" 2>&1)"
	inner='mkdir -p "$VNETMGR_ROOT/etc/vnetmgr" && echo "firewall_backend = \"legacy\"" >"$VNETMGR_ROOT/etc/vnetmgr/network.conf"'
	has 'legacy: why' "the host's root can load it: modprobe ip_tables" "$(nobody sandbox sh -c "$inner; /tmp/vnetmgr -q net-define $srcdir/networks/keennet.xml; /tmp/vnetmgr -q net-start keennet" 2>&1)" ;;
quickstart)	# what scripts/quickstart runs: root's sandbox, on a machine that has loaded nothing
	ok 'root in a sandbox' vnm sandbox --uplink sh -c "'$VNETMGR' -q net-define $srcdir/networks/ipv6.xml && '$VNETMGR' -q net-start ipv6" ;;
limits)
	for kind in net mnt pid uts ipc; do
		file=/proc/sys/user/max_${kind}_namespaces was=$(cat "/proc/sys/user/max_${kind}_namespaces"); echo 0 >"$file"
		has "root, $kind" "user.max_${kind}_namespaces is 0; raise it" "$(vnm sandbox true 2>&1)"
		has "a user, $kind" "user.max_${kind}_namespaces is 0; raise it" "$(nobody sandbox true 2>&1)"
		echo "$was" >"$file"
	done
	file=/proc/sys/user/max_user_namespaces was=$(cat /proc/sys/user/max_user_namespaces); echo 0 >"$file"
	ok 'root needs none' vnm sandbox true
	has 'a user' 'user.max_user_namespaces is 0; raise it' "$(nobody sandbox true 2>&1)"
	echo "$was" >"$file"
	file=/proc/sys/kernel/unprivileged_userns_clone
	[ ! -e "$file" ] || { echo 0 >"$file"; has 'a user' 'unprivileged_userns_clone is 0; set it to 1' "$(nobody sandbox true 2>&1)"; } ;;
*) echo "no variant $1"; exit 1 ;;
esac
finish
