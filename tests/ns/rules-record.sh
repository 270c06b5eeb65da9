#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# rules-record.sh - with many networks, net-list looks at their rules only if something has changed since the last look; with each
# firewall back end.
. "${srcdir:=.}/tests/lib/ns.sh"
need strace nft

NUMBERS=$(seq 1 18)
RECORD=$VNETMGR_ROOT/run/vnetmgr/rules
define() {
	echo "<network><name>n$1</name><forward mode='nat'/><bridge name='nb$1'/><dns enable='no'/><ip address='10.77.$1.1' prefix='24'/></network>" >"$T/n.xml"
	vnm -q net-define "$T/n.xml"
}
states() { vnm net-list | awk 'NF && !/^ Name|^---/ { print $1, $2 }'; }
wrong() { states | grep -v ' active$'; }
# How often it asks the kernel for rules
questions() {
	strace -e trace=sendto,sendmsg -o "$T/calls" "$VNETMGR" net-list >"$T/list" 2>&1
	grep -c NFT_MSG_GETRULE "$T/calls"
}
looks() { n=$(questions); echo "$n questions"; [ "$n" -gt 1 ]; }	# one is for the table of frames
lose() {	# one rule of n5, by its own tool
	case $FIREWALL in
	nftables) nft flush chain ip vnetmgr "$(nft list chains ip | sed -n 's/^\tchain \(.*nb5\) {/\1/p' | head -1)" ;;
	*) iptables -F VNM_FWO.nb5 ;;
	esac
}

for FIREWALL in nftables iptables-nft legacy; do
	use_firewall $FIREWALL
	for i in $NUMBERS; do define "$i"; done
	vnm -q net-start --all
	[ $FIREWALL = legacy ] || ok "$FIREWALL: after a boot all are looked at" looks
	same "$FIREWALL: all are active" "" "$(wrong)"
	ok "$FIREWALL: that is recorded" test -s "$RECORD"
	cp "$RECORD" "$T/before"
	[ $FIREWALL = legacy ] || no "$FIREWALL: they are not looked at again" looks
	same "$FIREWALL: they are active still" "" "$(wrong)"
	ok "$FIREWALL: nothing new is recorded" cmp "$RECORD" "$T/before"

	lose
	same "$FIREWALL: a rule that others delete is missed" "n5 degraded" "$(wrong)"
	same "$FIREWALL: and at the next look" "n5 degraded" "$(wrong)"
	ok "$FIREWALL: repaired" vnm net-repair n5
	same "$FIREWALL: whole again" "" "$(wrong)"

	# Our own transactions lead on, unless there was another one.
	define 30; vnm -q net-start n30
	[ $FIREWALL = legacy ] || no "$FIREWALL: after a start of ours nothing is looked at" looks
	same "$FIREWALL: one more is active" "19 " "$(states | wc -l) $(wrong)"
	lose; vnm -q net-destroy n30
	same "$FIREWALL: what others did before a stop of ours is seen" "n5 degraded" "$(wrong)"
	vnm -q net-repair n5
	same "$FIREWALL: and repaired" "" "$(wrong)"
	vnm -q net-start n30; lose
	same "$FIREWALL: what others did after a start of ours is seen" "n5 degraded" "$(wrong)"
	vnm -q net-repair n5; same "$FIREWALL: repaired once more" "" "$(wrong)"
	nft add table ip theirs
	ok "$FIREWALL: after any transaction of others all are looked at" test -z "$(wrong)"
	nft "add chain ip theirs f { type filter hook forward priority -5; policy drop; }"
	has "$FIREWALL: a chain of others that drops is seen" "^n5 degraded" "$(wrong)"
	nft delete table ip theirs
	same "$FIREWALL: its end, too" "" "$(wrong)"

	# What is known of it is used by a start; what is not, is looked at.
	if [ $FIREWALL != legacy ]; then
		vnm -q net-destroy n30
		dumps() { strace -e trace=sendto,sendmsg -o "$T/calls" "$VNETMGR" -q net-start n30; vnm -q net-destroy n30; grep -c "$1" "$T/calls"; }
		same "$FIREWALL: a start does not list the chains of others" 0 "$(dumps 'GETCHAIN.*F_DUMP.*AF_UNSPEC')"
		nft add table ip theirs
		same "$FIREWALL: but after a transaction of theirs" 1 "$(dumps 'GETCHAIN.*F_DUMP.*AF_UNSPEC')"
		vnm net-list >"$T/list"
		nft "add chain ip theirs f { type filter hook forward priority -5; }"
		nft "add chain ip theirs g; add rule ip theirs f jump g; add rule ip theirs g oifname nb30 drop"
		told() { vnm net-start n30 2>&1 | grep -c "chain 'f' of table 'ip theirs' drops"; }
		same "$FIREWALL: a chain of others that drops is told at a start" 1 "$(told)"
		vnm net-list >"$T/list"; vnm -q net-destroy n30
		same "$FIREWALL: and at the next one" 1 "$(told)"
		vnm -q net-destroy n30
		nft delete table ip theirs
		same "$FIREWALL: and when it is gone, not any more" 0 "$(told)"
		same "$FIREWALL: all are as planned" "" "$(wrong)"
		vnm -q net-destroy n30
		same "$FIREWALL: the others' chains are known again" 0 "$(dumps 'GETCHAIN.*F_DUMP.*AF_UNSPEC')"
		vnm -q net-start n30
	fi
	if [ $FIREWALL = iptables-nft ]; then
		vnm -q net-destroy n30
		iptables -D FORWARD -j VNM_FWO; iptables -D VNM_FWI 1
		vnm -q net-start n30
		same "$FIREWALL: what others delete of the shared chains is put back by a start" "" "$(wrong)"
		has "$FIREWALL: their head, too" 'devgroup .*-j RETURN' "$(iptables -S VNM_FWI 1)"
	fi

	# Records that are damaged, or not of these rules.
	lose; cp "$RECORD" "$T/before"
	for damage in "s/^\(vnetmgr-rules 2\) [0-9]*/\1 0/" "2s/.*/x/" 's/^base.*/base/; $s/.*/x/' "1s/[0-9a-f]\{8\}-/00000000-/" 's/^vnetmgr.*//'; do
		sed "$damage" "$T/before" >"$RECORD"
		same "$FIREWALL: a damaged record ($damage) is none" "n5 degraded" "$(wrong)"
	done
	: >"$RECORD"
	same "$FIREWALL: nor is an empty one" "n5 degraded" "$(wrong)"
	vnm -q net-repair n5
	vnm -q net-update n3 add dns-txt "<txt name='t' value='v'/>" --live 2>/dev/null
	same "$FIREWALL: what is no rule is seen as ever" "" "$(wrong)"
	ip link del nb7
	has "$FIREWALL: a bridge that is gone" "^n7 degraded" "$(wrong)"
	vnm -q net-repair n7
	if [ $FIREWALL != legacy ]; then nft flush ruleset; else iptables-legacy -F; fi
	same "$FIREWALL: all rules flushed" "19" "$(wrong | grep -c degraded)"
	vnm -q net-repair --all
	same "$FIREWALL: all repaired" "" "$(wrong)"
	vnm -q net-destroy --all
	no "$FIREWALL: without networks there is no record" test -e "$RECORD"
	for i in $NUMBERS 30; do vnm -q net-undefine "n$i"; done
done
finish
