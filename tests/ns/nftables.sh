#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The back end "nftables": its tables as nft lists them and reads them back, beside the tables of others, flushed, under a policy
# that drops, and without root. That each rule is written as nft would: tests/unit/test_nftables_kernel.
VNM_FIREWALL=nftables; export VNM_FIREWALL
. "$srcdir/tests/lib/ns.sh"
need nft
before=$(snapshot)
X="xmlns:vnm='urn:vnetmgr:network:1'"
network() { printf "<network $X><name>%s</name>%s<bridge name='br-%s' stp='off'/><ip address='192.168.%s.1' prefix='24'/><ip family='ipv6' address='fd00:%s::1' prefix='64'/>%s</network>" "$1" "$2" "$1" "$3" "$3" "${4:-}" >"$T/n.xml"; ok "define $1" vnm -q net-define "$T/n.xml"; }
network a "<forward mode='nat'/>" 181 "<vnm:portForward proto='tcp' port='80' to='192.168.181.2' toPort='8080'/><vnm:portForward proto='tcp' port='5000-5003' to='192.168.181.2' toPort='6000'/>"
network b "<forward mode='route'/>" 182
network c '' 183
networks='a b c'
uncounted() { sed 's/packets [0-9]* bytes [0-9]*//'; }
ours() { nft list table ip vnetmgr; nft list table ip6 vnetmgr; }
healthy() { same "$1: all are healthy" 3 "$(vnm -q net-list | grep -c ' active ')"; }
out() { inns ga timeout 2 busybox wget -q -O - "http://$SERVER/" 2>/dev/null; }
reaches_out() { same "$1: a guest comes out" "you are $UPLINK" "$(out)"; }

# Tables of others, with names like ours and like iptables'.
cat >"$T/others" <<'N'
table inet other { set s { type ipv4_addr; elements = { 192.0.2.1 }; }; chain forward { type filter hook forward priority 10; policy accept; ip saddr @s counter drop; }; }
table inet vnetmgr { chain forward { type filter hook forward priority 20; policy accept; counter accept; }; }
table ip filter { chain FORWARD { type filter hook forward priority 0; policy accept; counter accept; }; }
N
ok 'tables of others' nft -f "$T/others"
foreign() { for table in 'inet other' 'inet vnetmgr' 'ip filter'; do nft -s list table $table; done; }
were=$(foreign)

ok 'start' vnm -q net-start a
ok 'and others' sh -c "$VNETMGR -q net-start b && $VNETMGR -q net-start c"
healthy started
has 'net-info says which' '^Firewall: +nftables$' "$(vnm net-info a)"
guest ga br-a
static ga 192.168.181.2/24 192.168.181.1
reaches_out started
has 'a packet is counted' 'meta l4proto tcp counter packets [1-9][0-9]* bytes [0-9]* masquerade to :1024-65535' "$(nft list chain ip vnetmgr postrouting_src24.192.168.181.0)"
same 'nothing in the tables of iptables' '' "$(iptables -t nat -S | grep VNM_)"

# Whose each rule of a network is, and each way to it by device or subnet.
unnamed() { ours | grep -E 'iifname "br-|oifname "br-|192[.]168|fd00' | grep -vE 'comment "[abc](: ports from [0-9]+ to those from [0-9]+)?"|"tcp" [.]|chain '; }
same 'whose each rule is' '' "$(unnamed)"
has 'an element' '"br-b" comment "b" : jump from_guests_in[.]br-b' "$(nft list map ip vnetmgr from_guests_in)"
has 'a shift of ports, too' 'comment "a: ports from 5000 to those from 6000"' "$(nft list chain ip vnetmgr prerouting)"

# What nft lists it reads, and it is the same; for us, too.
ours >"$T/listed"
nft delete table ip vnetmgr; nft delete table ip6 vnetmgr
has 'deleted: that is noticed' '^ a +degraded' "$(vnm -q net-list)"
ok 'it reads what it listed' nft -f "$T/listed"
same 'and lists the same' "$(uncounted <"$T/listed")" "$(ours | uncounted)"
healthy 'read back'
reaches_out 'read back'

# Another network comes and goes: nothing of the first one changes, not even a handle.
handles() { for chain in from_guests_in.br-a input_in.br-b postrouting_src24.192.168.181.0 forward input; do nft -a -s list chain ip vnetmgr $chain; done; }
ok 'stop one' vnm -q net-destroy c
was=$(handles)
ok 'start it' vnm -q net-start c
same 'the rest is as it was' "$was" "$(handles)"

# Changes of others are named and mended. A flush of everything takes all of it.
nft insert rule ip vnetmgr forward counter accept
has 'a foreign rule is named' "^Degraded: +nf_tables chain 'forward' of table 'ip vnetmgr' has a rule that is not vnetmgr's" "$(vnm net-info a)"
ok 'repair' vnm -q net-repair a
healthy 'without it'
nft delete element ip vnetmgr from_guests_in '{ "br-b" }'
has 'a way to a chain is missing' '^ b +degraded' "$(vnm -q net-list)"
ok 'repair' vnm -q net-repair b
healthy 'led again'

# Another program commits all the time: no dump of a whole table is finished, and net-list reads chain by chain.
(while :; do nft add chain inet other busy; nft delete chain inet other busy; done) & noise=$!
for round in 1 2 3; do healthy "beside commits, $round"; done
kill $noise; wait $noise 2>/dev/null
now=$(ours | uncounted | sort)
nft flush ruleset
same 'flushed: all are degraded' 3 "$(vnm -q net-list | grep -c ' degraded ')"
same 'a guest does not come out' '' "$(out)"
ok 'repair all' vnm -q net-repair --all
healthy 'repaired'
reaches_out 'repaired'
same 'as before' "$now" "$(ours | uncounted | sort)"

# A policy that drops cannot be overridden: it is told, with a command that helps.
nft add table ip filter
nft add chain ip filter FORWARD '{ type filter hook forward priority 0; policy drop; }'
same 'under a policy: nothing comes out' '' "$(out)"
told=$(vnm net-info a)
has 'it is told' "nf_tables chain 'FORWARD' of table 'ip filter' drops forwarded packets of the guests on br-a by its policy" "$told"
printf '%s\n' "$told" | sed -n 's/.*let them pass there, too: //p' | head -n 1 >"$T/advice"
ok 'the command helps' sh "$T/advice"
reaches_out 'advised'
ok 'the policy is as it was' sh -c "nft list chain ip filter FORWARD | grep -q 'policy drop'"
nft delete table ip filter

# Somebody commits all the time: no change of ours is lost, none of theirs.
nft add table ip busy
(i=0; while [ $i -lt 300 ]; do i=$((i + 1)); nft add chain ip busy "c$i"; done) & writer=$!
for round in 1 2 3 4 5; do
	ok 'stop meanwhile' vnm -q net-destroy b
	ok 'start meanwhile' vnm -q net-start b
done
ok 'theirs all came through' wait $writer
same 'theirs are all there' 300 "$(nft list table ip busy | grep -c 'chain c')"
nft delete table ip busy
healthy 'meanwhile'

printf '%s\n' "$were" >"$T/were"
ok 'theirs again' nft -f "$T/were"
ok 'stop all' vnm -q net-destroy $networks
same "others' are untouched" "$were" "$(foreign)"
nft delete table inet other; nft delete table inet vnetmgr; nft delete table ip filter
for n in $networks; do vnm -q net-undefine $n; done
leave ga
same 'no trace' "$before" "$(snapshot)"

# The tables of every example are read back from what nft lists.
for file in "$srcdir"/networks/*.xml; do
	n=$(sed -n 's:.*<name>\(.*\)</name>.*:\1:p' "$file" | head -n 1)
	ok "define $n" vnm -q net-define "$file"
	vnm -q net-start "$n" 2>/dev/null || continue
	ours >"$T/listed" 2>/dev/null
	if [ -s "$T/listed" ]; then
		for family in ip ip6; do nft delete table $family vnetmgr 2>/dev/null; done
		has "$n: deleted" "^ $n +degraded" "$(vnm -q net-list)"
		ok "$n: read" nft -f "$T/listed"
		same "$n: the same" "$(uncounted <"$T/listed")" "$(ours 2>/dev/null | uncounted)"
		has "$n: whole" "^ $n +active " "$(vnm -q net-list)"
		examples=$((${examples:-0} + 1))
	fi
	ok "$n: stop" vnm -q net-destroy "$n"
done
ok 'most examples have rules' [ "${examples:-0}" -gt 3 ]

# In a user namespace, without root.
if setpriv --reuid=65534 --regid=65534 --clear-groups unshare -Ur true 2>/dev/null; then
	inside='mkdir -p "$VNETMGR_ROOT/etc/vnetmgr" && cd "$VNETMGR_ROOT" && echo "firewall_backend = \"nftables\"" >etc/vnetmgr/network.conf
		echo "<network><name>u</name><forward/><bridge name=\"br-u\" stp=\"off\"/><ip address=\"192.168.184.1\" prefix=\"24\"/></network>" >u.xml
		"$VNETMGR" -q net-define u.xml && "$VNETMGR" -q net-start u && "$VNETMGR" -q net-list && nft list chain ip vnetmgr from_guests_in.br-u &&
		"$VNETMGR" -q net-destroy u && [ -z "$(nft list ruleset)" ] && echo clean'
	told=$(env -u VNETMGR_ROOT -u VNETMGR_SANDBOX setpriv --reuid=65534 --regid=65534 --clear-groups "$VNETMGR" sandbox sh -c "$inside" 2>&1)
	has 'without root: active' '^ u +active' "$told"
	has 'its rules' 'iifname "br-u" counter packets 0 bytes 0 reject comment "u"' "$told"
	has 'and gone without a trace' '^clean$' "$told"
fi
finish
