#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The truth about an active network, whatever happened to it behind our back, and net-repair.
. "$srcdir/tests/lib/ns.sh"
in_iptables || need nft

cat >"$T/n.xml" <<'X'
<network><name>n</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<ip address='192.168.160.1' prefix='24'><dhcp><range start='192.168.160.100' end='192.168.160.200'/></dhcp></ip>
<ip family='ipv6' address='fd00:160::1' prefix='64'/>
<route address='10.60.0.0' prefix='16' gateway='192.168.160.9'/></network>
X
before=$(snapshot)
ok define vnm net-define "$T/n.xml"
ok start vnm net-start n
up=$(snapshot | grep -v '/process$')	# a lost record of a process that runs is not written again
healthy() { vnm net-list | grep -q '^ n  *active '; }
ok 'healthy' healthy

# sabotage WHAT PATTERN COMMAND...: it must be noticed, named, and put right.
sabotage() {
	what=$1 pattern=$2; shift 2
	"$@" >/dev/null 2>&1
	has "$what: net-list reports degraded" '^ n +degraded ' "$(vnm net-list)"
	has "$what: net-info names what is missing" "^Degraded: .*$pattern" "$(vnm net-info n)"
	ok "$what: repair" vnm net-repair n
	ok "$what: healthy again" healthy
	same "$what: everything is back" "$up" "$(snapshot | grep -v "/process$")"
}
# A process that was killed is there for a moment.
killed() { pid=$(pgrep -f dnsmasq/n/); kill -KILL "$pid"; while kill -0 "$pid"; do sleep .02; done; }
sabotage 'dnsmasq killed' dnsmasq killed
sabotage 'rules deleted' 'firewall rules' lose_rules "$(names br-n)"
sabotage 'flushed and deleted' 'firewall rules' flush_tables
if in_iptables; then
	sabotage 'nat flushed' 'firewall rules' iptables -t nat -F
	sabotage 'filter flushed and deleted' 'firewall rules' sh -c 'iptables -F; iptables -X'
	sabotage 'the jump is gone' 'firewall rules' iptables -D FORWARD -j VNM_FWX
	sabotage 'ip6tables flushed' 'firewall rules' ip6tables -F
else
	sabotage 'a table flushed' 'firewall rules' nft flush table ip vnetmgr
	sabotage 'a table deleted' 'firewall rules' nft delete table ip6 vnetmgr
	sabotage 'no way leads to a chain' 'firewall rules' nft flush map ip vnetmgr to_guests_out
fi
sabotage 'address removed' '192.168.160.1/24' ip addr del 192.168.160.1/24 dev br-n
sabotage 'v6 address removed' 'fd00:160::1/64' ip addr del fd00:160::1/64 dev br-n
sabotage 'link down' 'br-n' ip link set br-n down
sabotage 'bridge deleted' 'bridge br-n' ip link del br-n
sabotage 'forwarding switched off' 'IPv4 forwarding' sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward'
sabotage 'run files removed' 'dnsmasq' rm -rf "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/n"

guest g br-n
ok 'after all that a guest gets a lease' dhcp g
ok 'and is out' reaches g "$SERVER"
leave g

# A bridge of somebody else under our name is left alone.
ip link del br-n; ip link add br-n address 02:00:00:00:00:77 type bridge
has 'foreign bridge: degraded' '^ n +degraded ' "$(vnm net-list)"
no 'foreign bridge: not repaired' vnm net-repair n
ok 'destroy goes through' vnm net-destroy n
has 'and leaves the foreign bridge' '02:00:00:00:00:77' "$(ip -o link show br-n)"
ip link del br-n
same 'and nothing else' "$before" "$(snapshot)"

# Sabotage, then destroy: no trace either.
ok start vnm net-start n
pkill -KILL -f dnsmasq/n/; ip link del br-n; flush_tables
ok 'destroy what is half gone' vnm net-destroy n
same 'no trace' "$before" "$(snapshot)"

# Its records and its bridge are removed: the next start ends the dnsmasq that nothing names any more.
cat >"$T/i.xml" <<'X'
<network><name>i</name><bridge name='br-i' stp='off'/>
<ip address='192.168.161.1' prefix='24'><dhcp><range start='192.168.161.100' end='192.168.161.200'/></dhcp></ip></network>
X
ok 'define i' vnm net-define "$T/i.xml"
cd "$VNETMGR_ROOT/run/vnetmgr" || exit 1
for lost in "i.* dnsmasq/i" "i.* dnsmasq" "i.* dnsmasq serving" '*'; do
	ok "lost $lost: start" vnm net-start i
	old=$(pgrep -f dnsmasq/i/)
	rm -rf $lost; ip link del br-i
	ok "lost $lost: start again" vnm net-start i
	same "lost $lost: one dnsmasq" 1 "$(pgrep -fc dnsmasq/i/)"
	ended "$old" # "no such process" comes when init has waited for it
	ok "lost $lost: stop" vnm net-destroy i
	no "lost $lost: none is left" pgrep -f dnsmasq/i/
done
same 'i: no trace' "$before" "$(snapshot)"
# A network with guests is planned again, so one of an earlier version gets rules that its journal did not have. The repair of the
# next one must not take them for somebody else's.
for i in 1 2; do
	echo "<network><name>m$i</name><forward mode='nat'/><bridge name='br-m$i' stp='off'/><ip address='192.168.17$i.1' prefix='24'/></network>" >"$T/m.xml"
	ok "m$i" vnm -q net-create "$T/m.xml"
done
ip netns add g; ok 'a guest' vnm -q net-attach m1 --netns g --ip auto
whole=$(uncounted_rules | sort)
sed -i '/^rule .*chain=fwx in=br-m1 out=br-m1 target=ACCEPT/d' "$VNETMGR_ROOT/run/vnetmgr/m1.journal"
lose_rules "$(among br-m1)"; lose_rules "$(names br-m2)"
no 'one rule less' sh -c '[ "$1" = "$2" ]' sh "$whole" "$(uncounted_rules | sort)"
# What is changed is told, by a dry run, too: its journal lacked nothing.
has 'dry run: what is added' '^\+ .*br-m1.*br-m1' "$(vnm net-repair m1 --dry-run)"
has 'as data' '"action": *"add", *"kind": *"rule"' "$(vnm net-repair m1 --dry-run --json | tr -d '\n')"
no 'nothing is changed' sh -c '[ "$1" = "$2" ]' sh "$whole" "$(uncounted_rules | sort)"
ok 'repair of all' eval 'vnm net-repair --all >"$T/out"'
has 'a network that is planned again is repaired' '^Network m1 repaired: 1 firewall rule added$' "$(cat "$T/out")"
has 'one that has lost its rules, too' '^Network m2 repaired: .*firewall rules' "$(cat "$T/out")"
same 'then both are complete' 2 "$(vnm net-repair --all | grep -c ' is complete$')"
same 'and a dry run has no steps' 2 "$(vnm net-repair --all --dry-run | grep -c ' is complete$')"
same 'both have all rules' "$whole" "$(uncounted_rules | sort)"
same 'and are whole' 'active active' "$(vnm -q net-list | awk '$1 ~ /^m/ { print $2 }' | xargs)"
ok 'it reaches out' reaches g $SERVER
# Which bridge its dnsmasq serves cannot be read for a moment: that is no "yes".
if optional strace; then
	record=$VNETMGR_ROOT/run/vnetmgr/dnsmasq/m1/bridge
	ip link del br-m1
	no 'a repair says so' timeout 60 strace -qq -o "$T/trace" -P "$record" -e trace=read -e inject=read:error=EIO "$VNETMGR" net-repair m1
	has 'why' "^error: cannot read '.*/bridge': Input/output error" "$(cat "$T/out")"
	ok 'the next one' vnm -q net-repair m1
	same 'it serves the new bridge' "$(cat /sys/class/net/br-m1/ifindex)" "$(cat "$record")"
fi
vnm -q net-detach m1 g; ip netns del g; vnm -q net-destroy m1; vnm -q net-destroy m2
finish
