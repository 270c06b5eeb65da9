#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# backends.sh - networks by the back ends of nf_tables, on a kernel just booted on which nothing is loaded; tour.sh has the legacy one.
VNM_FIREWALL=nftables
. "$srcdir/world.sh"
need nft iptables-nft
for m in x_tables ip_tables nf_tables nft_compat; do no "$m is not there yet" loaded $m; done
uplink
define keennet hostonly ipv6 open
listens internet 81
ours() { nft list ruleset | grep -E 'VNM_|vnetmgr|keenbr0|sixbr0|hostbr0'; }

# The order counts: what the second one loads is not there for the first.
for backend in nftables iptables-nft; do
	use_firewall $backend
	begin=$(date +%s)
	### What is loaded is what this one needs.
	ok "$backend: dry run" vnm -q net-start keennet --dry-run
	ok 'start' vnm -q net-start keennet
	has 'by this one' "^Firewall: +$backend$" "$(vnm net-info keennet)"
	case $backend in
	nftables) needed='nft_chain_nat nft_masq nft_ct' spared='ip_tables ip6_tables nft_compat' ;;
	*) needed='nft_chain_nat nft_compat x_tables xt_MASQUERADE xt_conntrack' spared='ip_tables ip6_tables' ;;
	esac
	for m in $needed; do ok "$m is loaded" loaded "$m"; done
	for m in $spared; do no "$m is not" loaded "$m"; done

	### Traffic, in each mode and both families.
	guest g keenbr0
	ok 'a lease' dhcp g
	ok 'the gateway' reaches g 192.168.132.1
	ok 'through NAT' reaches g $SERVER
	ok 'TCP through NAT' connects g $SERVER 81
	listens g 80
	ok 'a port of the host' vnm -q net-forward-add keennet tcp 8080 "$(dhcp_value g ip):80"
	ok 'from outside' outside nc -z -w 3 $UPLINK 8080
	ok 'from the host' nc -z -w 3 $UPLINK 8080
	no 'no other port' outside nc -z -w 1 $UPLINK 8081
	ok 'the other modes' vnm -q net-start hostonly ipv6 open
	guest s sixbr0
	static s fd7a:136:136::5/64 fd7a:136:136::1
	await reaches s fd7a:136:136::1
	ok 'NAT66' reaches s $SERVER6
	guest h hostbr0
	static h 192.168.133.5/24 192.168.133.1
	await reaches h 192.168.133.1
	no 'isolated: not the outside' reaches h $SERVER
	no 'nor another network' reaches h "$(dhcp_value g ip)"

	### Damage, repair.
	same 'whole' 4 "$(vnm -q net-list | grep -c ' active ')"
	case $backend in
	nftables) nft flush ruleset ip ;;
	*) iptables -F VNM_FWO ;;
	esac
	has 'seen' '^ keennet +degraded ' "$(vnm net-list)"
	ok 'repaired' vnm -q net-repair --all
	same 'whole' 4 "$(vnm -q net-list | grep -c ' active ')"
	ok 'through NAT' reaches g $SERVER
	ok 'from outside' outside nc -z -w 3 $UPLINK 8080

	### Down: nothing is left.
	leave g s h 2>/dev/null
	ok 'stop' vnm -q net-destroy --all
	same 'no rules' '' "$(ours)"
	same 'no processes' '' "$(pgrep dnsmasq)"
	echo "$backend: $(($(date +%s) - begin)) s, $failures failures; modules: $(lsmod |
		awk 'NR > 1 { print $1 }' | grep -E '^(x_tables|ip6?_?t|xt_|nft_|nf_tables|nf_nat)' | sort | tr '\n' ' ')"
done

### As an ordinary user, with what root has loaded.
cp "$VNETMGR" /tmp/vnetmgr && chmod 755 /tmp/vnetmgr
has 'a sandbox of a user' '^Firewall: +iptables-nft' "$(setpriv --reuid=1000 --regid=1000 --clear-groups /tmp/vnetmgr sandbox sh -c \
	"/tmp/vnetmgr -q net-define $srcdir/networks/ipv6.xml; /tmp/vnetmgr -q net-start ipv6; /tmp/vnetmgr net-info ipv6" 2>&1)"
finish
