#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# docs/firewall.md shows the rules of running networks, with each back end, each with its reason: what is between its markers
# must be what the kernel has now. VNM_PAGE_UPDATE=1 writes it anew. A rule without a row in firewall-page.tsv is a failure, and so is a row
# that explains no rule.
. "$srcdir/tests/lib/ns.sh"
need nft iptables-nft

page=$srcdir/docs/firewall.md reasons=$srcdir/tests/ns/firewall-page.tsv
EARLY='devgroup|rpfilter'

# rules PROGRAM: our rules, as "TABLE CHAIN RULE"; the order of tables is that in which they were asked for first
rules() {
	"$1-save" 2>/dev/null | awk '
		/^\*/ { table = substr($0, 2) }
		/^-A VNM_/ { chain = $2; sub(/^-A [^ ]* /, ""); print table, chain, $0 }' |
		sort -s -k 1,2
}
# explain [new]: such lines as a table; "new": without those whose reason the page has given already. The numbers of the
# reasons that were used go to $T/used.
explain() {
	sort -u "$T/used" >"$T/given"
	awk -F '\t' -v used="$T/used" -v given="${1:+$T/given}" '
	BEGIN { while (given && (getline i <given) > 0) old[i] }
	FNR == NR { if (NF == 3 && !/^#/) { chain[++n] = $1; pattern[n] = $2; reason[n] = $3 } next }
	function why(at, rule,    i) {
		sub(/[.].*/, "", at)
		for (i = 1; i <= n; i++)
			if (chain[i] == at && rule ~ pattern[i]) { print i >> used; return i in old ? "" : reason[i] }
		print at ": no reason for: " rule >> used
	}
	{
		split($0, word, " ")
		at = word[1] " " word[2]
		rule = substr($0, length(at) + 2)
		because = why(at, rule)
		if (because == "") next
		if (last == "") print "| rule | why |\n|---|---|"
		if (at != last) print "| **" at "** | |"
		last = at
		print "| `" rule "` | " because " |"
	}' "$reasons" -
}
# with BACKEND EXAMPLE...: the networks run with it; gone: they do not run any more
with() {
	use_firewall "$1"; shift
	for example; do
		[ ! -e "$srcdir/networks/$example" ] || cp "$srcdir/networks/$example" "$T/$example"
		vnm -q net-create "$T/$example" >&2
	done
}
gone() { vnm -q net-destroy --all >&2; }
all_rules() { rules iptables; echo IPv6; rules ip6tables; }
# native: the chains of single networks in the tables of the back end nftables
native() {
	for family in ip ip6; do
		nft list table $family vnetmgr 2>/dev/null | awk -v family=$family '
			/^\tchain [^ ]*[.]/ { shown = 1; sub(/^\tchain/, "chain " family " vnetmgr") }
			shown { sub(/^\t/, ""); gsub(/ counter packets [0-9]+ bytes [0-9]+| comment "[^"]*"/, ""); print }
			/^}/ || /^\t}/ { shown = 0 }'
	done
}
# show_native EXAMPLE...: folded
show_native() {
	with nftables "$@"
	native >"$T/native"
	gone
	[ -s "$T/native" ] || return 0
	printf '\n<details><summary>With the back end nftables</summary>\n\n```\n'
	cat "$T/native"
	printf '```\n\n</details>\n'
}
# show EXAMPLE...: their rules; show_new: what the page has not explained yet; show_early: those that all networks have
show() {
	with iptables-nft "$@"
	all_rules >"$T/nft"
	gone
	with legacy "$@"
	same "$*: iptables-nft shows the rules that iptables-legacy shows" "$(all_rules)" "$(cat "$T/nft")" >&2
	rules iptables | grep -vE "$EARLY" | explain
	rules ip6tables | grep -vE "$EARLY" >"$T/rules6" && { printf '\nIPv6:\n\n'; explain <"$T/rules6"; }
	[ -n "$(rules iptables)" ] || echo 'None.'
	gone
	show_native "$@"
}
show_new() { with legacy "$@"; rules iptables | explain new; gone; }
show_early() { with legacy "$@"; rules iptables | grep -E "$EARLY" | explain; gone; }
forwards="<network xmlns:vnm='urn:vnetmgr:network:1'><name>web</name><bridge name='webbr0'/><forward mode='nat'/>
<ip address='192.168.137.1' prefix='24'/><vnm:portForward proto='tcp' port='8080' to='192.168.137.10' toPort='80'/></network>"
apart="<network><name>apart</name><bridge name='apartbr0'/><forward mode='nat'/><ip address='192.168.138.1' prefix='24'/>
<port isolated='yes'/></network>"
printf '%s' "$forwards" >"$T/forwards.xml"
printf '%s' "$apart" >"$T/isolated-ports.xml"

: >"$T/used"
while IFS= read -r line; do
	case $line in
	'<!-- show'*)
		echo "$line"; echo
		skipping=yes line=${line#'<!-- '}
		${line%' -->'}
		echo ;;
	'<!-- end -->') skipping=; echo "$line" ;;
	*) [ -n "${skipping:-}" ] || printf '%s\n' "$line" ;;
	esac
done <"$page" >"$T/page"
same 'each rule has a reason' '' "$(grep -v '^[0-9]*$' "$T/used")"
same 'each reason explains a rule' '' "$(awk -F '\t' 'FNR == NR { used[$1]; next } NF == 3 && !/^#/ && !(++n in used)' "$T/used" "$reasons")"
[ -z "${VNM_PAGE_UPDATE:-}" ] || cat "$T/page" >"$page"
# Other versions of nft write some expressions in other ways.
without_native() { if nft --version | grep -q 'v1\.0\.6'; then cat "$1"; else sed '/^<details>/,/^<\/details>/d' "$1"; fi; }
same 'the page shows what runs' "$(without_native "$page")" "$(without_native "$T/page")"
finish
