#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What others drop: each back end, beside chains of the legacy tables, of iptables-nft's and of others in nf_tables, with a policy or a rule,
# of both families. Where ours come first guests pass, and nothing is reported. Else it is reported at the start, by net-info and by
# net-repair: chain, policy or rule, and a command that helps.
. "$srcdir/tests/lib/ns.sh"
need nft iptables-nft iptables-legacy ip6tables-nft ip6tables-legacy

cat >"$T/n.xml" <<'X'
<network><name>n</name><forward><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<dns><host ip='192.168.175.77'><hostname>box</hostname></host></dns>
<ip address='192.168.175.1' prefix='24'><dhcp><range start='192.168.175.100' end='192.168.175.200'/></dhcp></ip>
<ip family='ipv6' address='fd00:175::1' prefix='64'/></network>
X
ok 'define' vnm -q net-define "$T/n.xml"
begin() { vnm net-start n >"$T/started" 2>&1 || { cat "$T/started"; failures=$((failures + 1)); }; guest g br-n; static g 192.168.175.9/24 192.168.175.1; static g fd00:175::9/64 fd00:175::1; }
end() { leave g; ok 'stop' vnm -q net-destroy n; }
out() { [ $v = 4 ] && echo $SERVER || echo $SERVER6; }
subnet() { [ $v = 4 ] && echo 192.168.175.0/24 || echo fd00:175::/64; }
host() { [ $v = 4 ] && echo 192.168.175.1 || echo fd00:175::1; }
# goes HOW, stopped HOW: what HOW drops, patiently and not
goes() { case $1 in input) inns g dig +tries=1 +time=3 @"$(host)" box ;; *) reaches g "$(out)" ;; esac; }
stopped() { case $1 in input) inns g timeout .4 nc -z "$(host)" 53 ;; *) inns g ping -n -c 1 -W .2 "$(out)" ;; esac; }
hook() { case $1 in input) echo INPUT ;; *) echo FORWARD ;; esac; }

# drop WHERE HOW: policy, rule (of FORWARD), saddr, daddr (rules of the subnet, not of the bridge) or input (the policy of INPUT); undrop: as it was before, and without what was advised
tool() { [ $v = 4 ] && echo iptables-$1 || echo ip6tables-$1; }
fam() { [ $v = 4 ] && echo ip || echo ip6; }
drop() {
	case $1:$2 in
	native:rule) nft add table $(fam) theirs; nft add chain $(fam) theirs strict '{ type filter hook forward priority -5; }'
		nft add rule $(fam) theirs strict iifname br-n drop ;;
	native:?addr) drop native rule; nft flush chain $(fam) theirs strict; nft add rule $(fam) theirs strict $(fam) $2 "$(subnet)" drop ;;
	*:saddr) $(tool ${1#iptables-}) -A FORWARD -s "$(subnet)" -j DROP ;;
	*:daddr) $(tool ${1#iptables-}) -A FORWARD -d "$(subnet)" -j DROP ;;
	native:*) nft add table $(fam) theirs
		nft add chain $(fam) theirs strict "{ type filter hook $(hook "$2" | tr A-Z a-z) priority 5; policy drop; }" ;;
	*:rule) $(tool ${1#iptables-}) -A FORWARD -i br-n -j DROP ;;
	*) $(tool ${1#iptables-}) -P "$(hook "$2")" DROP ;;
	esac
}
undrop() {
	case $1:$2 in
	native:*) nft delete table $(fam) theirs ;;
	*:rule) $(tool ${1#iptables-}) -D FORWARD -i br-n -j DROP ;;
	*:saddr) $(tool ${1#iptables-}) -D FORWARD -s "$(subnet)" -j DROP ;;
	*:daddr) $(tool ${1#iptables-}) -D FORWARD -d "$(subnet)" -j DROP ;;
	*) $(tool ${1#iptables-}) -P "$(hook "$2")" ACCEPT ;;
	esac
	[ "$1" = native ] || [ "$1" = "$own" ] || $(tool ${1#iptables-}) -F "$(hook "$2")"
}
# sentence WHERE HOW: that reports it
sentence() {
	what='forwarded packets'; [ "$2" != input ] || what='requests to the host'
	case $1 in
	legacy) s="chain '$(hook "$2")' of the legacy $([ $v = 4 ] || echo 'IPv6 ')table 'filter' drops $what of the guests on br-n by" by="rule [0-9]+ of chain 'FORWARD'" ;;
	iptables-nft) s="nf_tables chain '$(hook "$2")' of table '$(fam) filter' drops $what of the guests on br-n by" by='the rule with handle [0-9]+' ;;
	native) s="nf_tables chain 'strict' of table '$(fam) theirs' drops $what of the guests on br-n by" by='the rule with handle [0-9]+' ;;
	esac
	case $2 in rule | ?addr) echo "$s $by" ;; *) echo "$s its policy" ;; esac
}
for own in legacy iptables-nft nftables; do
	use_firewall $own
	for where in legacy iptables-nft native; do
		# At the start.
		v=4; drop $where policy
		begin
		case $own in
		$where) same "$own, $where: nothing is reported" '' "$(grep -i drops "$T/started")" ;;
		*) has "$own, $where: at the start" "^warning: $(sentence $where policy)" "$(cat "$T/started")" ;;
		esac
		undrop $where policy
		for v in 4 6; do for how in policy rule input $([ $v = 4 ] && echo saddr || echo daddr); do
			here="$own, $where, $how, IPv$v"
			drop $where $how
			if [ $own = $where ]; then
				ok "$here: ours come first" goes $how
				has "$here: it is whole" '^ n +active ' "$(vnm net-list)"
				undrop $where $how; continue
			fi
			no "$here: it does not pass" stopped $how
			vnm net-info n >"$T/info"
			has "$here: net-info" "^Degraded: +$(sentence $where $how)" "$(cat "$T/info")"
			no "$here: nothing that a repair could mend" vnm net-repair n
			has "$here: net-repair" "$(sentence $where $how)" "$(cat "$T/out")"
			sed -n 's/.*let them pass there, too: //p' "$T/info" | head -n 1 >"$T/advice"
			ok "$here: its command" sh "$T/advice"
			ok "$here: it passes" goes $how
			has "$here: it is whole" '^ n +active ' "$(vnm net-list)"
			undrop $where $how
		done; done
		end
	done
done
finish
