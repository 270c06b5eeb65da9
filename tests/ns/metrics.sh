#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# net-metrics: the text is what both OpenMetrics and node_exporter take, its numbers are those of the kernel, and --output replaces
# a file whole.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
in_iptables || need nft
[ -z "${VNM_TEST_UNPACKED:-}" ] || PATH=$PATH:$VNM_TEST_UNPACKED/usr/bin

# strict FILE: of both formats: each metric in one piece, with HELP and, for gauges, TYPE before its samples; each sample once, with a
# whole number; counters, which have no TYPE, and nothing else end with _total; the last line is the end mark.
strict() {
	awk '
	function bad(why) { print FILENAME ":" FNR ": " why ": " $0; failed = 1 }
	ended { bad("after the end") }
	/^# EOF$/ { ended = 1; next }
	/^# TYPE [a-z_]+ gauge$/ { type[$3]++; if (type[$3] > 1 || help[$3]) bad("a second TYPE, or after HELP"); next }
	/^# HELP [a-z_]+ [A-Z0-9].*[.]$/ { help[$3]++; current = $3; if (help[$3] > 1) bad("a second HELP"); next }
	/^[a-z_]+[{][a-z_]+="[A-Za-z0-9_.+-]+"(,[a-z_]+="[A-Za-z0-9_.+-]+")*[}] [0-9]+$/ {
		name = $1; sub(/[{].*/, "", name)
		if (name != current) bad("not of " current)
		if (seen[$1]++) bad("twice")
		if ((name in type) == (name ~ /_total$/)) bad("type and suffix")
		n++; next
	}
	{ bad("no line of the format") }
	END { if (!ended || n < 20) bad("too short"); exit failed }' "$1"
}
# value METRIC LABELS: of the last text
value() { sed -nE "s/^$1[{]$2[}] ([0-9]+)\$/\\1/p" now; }
now() { vnm net-metrics "$@" >now; }
masked() { value vnetmgr_rule_packets_total 'network="n",family="ipv4",chain="VNM_PRT",target="MASQUERADE"'; }

printf "<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><forward mode='nat'/><bridge name='mbr0' stp='off'/><ip address='192.168.184.1' prefix='24'><dhcp><range start='192.168.184.100' end='192.168.184.109'/><host mac='52:54:00:00:00:10' ip='192.168.184.10'/></dhcp></ip><vnm:portForward proto='tcp' port='81' to='192.168.184.10'/></network>" >n.xml
echo "<network><name>idle-1.x</name><bridge name='mbr1'/></network>" >idle.xml
ok 'define' vnm -q net-define n.xml; ok 'define' vnm -q net-define idle.xml
ok 'start' vnm -q net-start n
ip netns add g; ok 'a guest' vnm -q net-attach n --netns g --ip 192.168.184.20
echo "0 52:54:00:00:00:10 192.168.184.10 * *" >>"$VNETMGR_ROOT/var/lib/vnetmgr/leases/n"

ok 'print' now
ok 'the format' strict now
promtool=$(PATH=$PATH:${VNM_TEST_UNPACKED:-}/usr/bin command -v promtool) &&
	ok "promtool's verdict" sh -c "'$promtool' check metrics <now"
same 'active' 1 "$(value vnetmgr_network_state 'network="n",state="active"')"
same 'not degraded' 0 "$(value vnetmgr_network_state 'network="n",state="degraded"')"
same 'inactive' 1 "$(value vnetmgr_network_state 'network="idle-1.x",state="inactive"')"
same 'guests' 1 "$(value vnetmgr_network_guests 'network="n"')"
# The reservation of the attached guest is one of them.
same 'leases' '1 of 12' "$(value vnetmgr_network_leases 'network="n",family="ipv4"') of $(value vnetmgr_network_lease_addresses 'network="n",family="ipv4"')"
same 'forwards' 1 "$(value vnetmgr_network_forwards 'network="n",state="active"')"
same 'attached' 1 "$(value vnetmgr_guest_attached 'network="n",guest="vnet0"')"

# What a guest sends and gets is counted: at its device, and at the bridge.
before=$(value vnetmgr_guest_packets_total 'network="n",guest="vnet0",direction="outbound"')
to=$(value vnetmgr_network_packets_total 'network="n",direction="inbound"')
bytes() { cat /sys/class/net/vnet0/statistics/rx_bytes; }
ok 'five packets out' inns g ping -q -c 5 -i .05 -W 5 $SERVER
least=$(bytes); now n; most=$(bytes)
after=$(value vnetmgr_guest_packets_total 'network="n",guest="vnet0",direction="outbound"')
ok "guest: $before, then $after" [ "$after" -ge $((before + 5)) ]
ok 'network' [ "$(value vnetmgr_network_packets_total 'network="n",direction="inbound"')" -ge $((to + 5)) ]
sent=$(value vnetmgr_guest_bytes_total 'network="n",guest="vnet0",direction="outbound"')
ok "its bytes are the kernel's: $least, $sent, $most" [ "$least" -le "$sent" -a "$sent" -le "$most" ]
same 'only the network that was named' '' "$(grep idle now)"
same 'once, by name and again' "$(grep -c . now)" "$(vnm net-metrics n n | grep -c .)"

# Each back end counts the same rules; nftables has none that fills in checksums.
counted() { sed -n 's/^vnetmgr_rule_packets_total\({[^}]*}\) .*/\1/p' now | grep -v CHECKSUM; }
passed() { value vnetmgr_rule_packets_total 'network="n",family="ipv4",chain="VNM_FWO",target="ACCEPT"'; }
octets() { value vnetmgr_rule_bytes_total 'network="n",family="ipv4",chain="VNM_PRT",target="MASQUERADE"'; }
chosen=$FIREWALL rules=$(counted)
for backend in legacy iptables-nft nftables $chosen; do
	use_firewall $backend
	ok "$backend" vnm -q net-repair --firewall
	now n; masked=$(masked) passed=$(passed) octets=$(octets)
	same "$backend: the same rules" "$rules" "$(counted)"
	ok 'another connection' inns g ping -q -c 1 -s 100 -W 5 $SERVER
	now n; same "$backend: it passes, and is masqueraded" "$((passed + 1)) $((masked + 1)) $((octets + 128))" "$(passed) $(masked) $(octets)"
done

# What is missing.
ip link set vnet0 nomaster
if in_iptables; then iptables -t nat -F VNM_PRE; else nft flush chain ip vnetmgr prerouting_port.tcp.81; fi
now
same 'degraded' 1 "$(value vnetmgr_network_state 'network="n",state="degraded"')"
same 'not attached' 0 "$(value vnetmgr_guest_attached 'network="n",guest="vnet0"')"
same 'a forward' 1 "$(value vnetmgr_network_forwards 'network="n",state="degraded"')"
ok 'parts' [ "$(value vnetmgr_network_missing 'network="n"')" -gt 0 ]
ok 'the format' strict now
ok 'repair' vnm -q net-repair n

# A file is replaced whole, and stays as it is when something fails.
echo old >out.prom; exec 7<out.prom
same 'nothing is printed' '' "$(vnm net-metrics --output out.prom 2>&1)"
same 'whoever has the old one reads that' old "$(cat <&7)"; exec 7<&-
ok 'the new one' strict out.prom
same 'anybody may read it' 644 "$(stat -c %a out.prom)"
cp out.prom before
no_because 'no such network' 'no network with matching name' vnm net-metrics nope --output out.prom
no_because 'no such directory' "Failed to write file '/nowhere/x.prom': No such file or directory" vnm net-metrics --output /nowhere/x.prom
same 'the file stays' "$(cat before)" "$(cat out.prom)"
same 'nothing is left over' '' "$(find . -name '.*.new')"
ok 'stop' vnm -q net-destroy n
now; ok 'without active networks' strict now
finish
