#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Beside other firewalls, with the back end that the host gets: Docker, ufw, firewalld, nftables.service and netfilter-persistent.
# Guests go on, and nothing of the others is changed; where they flush our rules net-list says so, and net-repair restores them.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/dbus.sh"
need nft iptables-nft iptables-nft-save iptables-nft-restore

cat >"$T/n.xml" <<'X'
<network><name>n</name><forward><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<ip address='192.168.174.1' prefix='24'><dhcp><range start='192.168.174.100' end='192.168.174.200'/></dhcp></ip>
<ip family='ipv6' address='fd00:174::1' prefix='64'/></network>
X
use_firewall iptables-nft	# for the commands
echo '# as the host is' >"$VNETMGR_ROOT/etc/vnetmgr/network.conf"
ok 'define' vnm -q net-define "$T/n.xml"

begin() { ok "$1: start" vnm -q net-start n; guest g br-n; static g 192.168.174.9/24 192.168.174.1; static g fd00:174::9/64 fd00:174::1; }
end() { leave g; ok "$1: stop" vnm -q net-destroy n; same "$1: theirs is as it was" "$theirs" "$(others)"; }
passes() { ok "$1: outside" reaches g "$SERVER"; ok "$1: outside by IPv6" reaches g "$SERVER6"; ok "$1: the host" reaches g 192.168.174.1; }
is() { has "$1: $2" "^ n +$2 " "$(vnm net-list)"; }
chosen() { same "$1: the back end" "$2" "$(vnm net-info n | sed -n 's/^Firewall: *//p')"; }
# Rules and policies of others, in all of nf_tables.
others() { iptables-nft-save | grep -E '^[:-]' | grep -v 'VNM_\|^:[A-Z]* ACCEPT' | sed 's/ \[.*//'; ip6tables-nft-save | grep -E '^[:-]' | grep -v 'VNM_\|^:[A-Z]* ACCEPT' | sed 's/ \[.*//'; }
flushed() { is "$1" degraded; ok "$1: repair" vnm -q net-repair --all; is "$1, repaired" active; passes "$1, repaired"; }

### Docker: its chains, and the policy DROP that it gives FORWARD.
docker() {
	ip link show docker0 >"$T/out" 2>&1 || { ip link add docker0 type bridge; ip addr add 172.17.0.1/16 dev docker0; ip link set docker0 up; }
	for ipt in iptables-nft ip6tables-nft; do
		for chain in DOCKER DOCKER-USER DOCKER-FORWARD; do $ipt -N $chain 2>/dev/null; $ipt -F $chain; done
		$ipt -A DOCKER-USER -j RETURN
		$ipt -A DOCKER-FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
		$ipt -A DOCKER-FORWARD -o docker0 -j DOCKER
		$ipt -A DOCKER-FORWARD -i docker0 -j ACCEPT
		for chain in DOCKER-FORWARD DOCKER-USER; do
			$ipt -D FORWARD -j $chain 2>/dev/null; $ipt -I FORWARD -j $chain
		done
		$ipt -P FORWARD DROP
	done
}
undocker() { for ipt in iptables-nft ip6tables-nft; do $ipt -P FORWARD ACCEPT; $ipt -F; $ipt -X; done; ip link del docker0; }
docker; theirs=$(others)
begin 'after Docker'; chosen 'after Docker' iptables-nft; passes 'after Docker'; is 'after Docker' active
docker; passes 'Docker restarts'; is 'Docker restarts' active
ok 'repair puts ours first again' vnm -q net-repair --all; passes 'after the repair'
end 'after Docker'
undocker; theirs=$(others)
begin 'before Docker'; passes 'before Docker'
docker; passes 'Docker starts later'; is 'Docker starts later' active
undocker; flushed 'Docker is gone, with all rules'
end 'before Docker'

# With the legacy tables nothing overrides that policy; it is reported, with the way out, and that is made without a restart.
use_firewall legacy; begin 'legacy'; passes 'legacy'
docker; no 'legacy: cut off' reaches g "$SERVER"
is 'legacy' degraded
has 'legacy: told' "^Degraded: +nf_tables chain 'FORWARD' of table 'ip filter' drops forwarded packets of the guests on br-n by its policy, .*network.conf, then vnetmgr net-repair --firewall" "$(vnm net-info n)"
use_firewall iptables-nft; echo 'firewall_backend = "auto"' >"$VNETMGR_ROOT/etc/vnetmgr/network.conf"
has 'moved' '^Firewall back end changed from legacy to iptables-nft, since a policy drops' "$(vnm net-repair --firewall)"
passes 'moved'; is 'moved' active
undocker; leave g; vnm -q net-destroy n; theirs=$(others)

### What flushes: nft flush ruleset, as nftables.service does; iptables-restore of a saved file, as netfilter-persistent does.
iptables-nft-save >"$T/saved"
begin 'flush'
nft flush ruleset; flushed 'nft flush ruleset'
iptables-nft-restore "$T/saved"; flushed 'iptables-restore'
end 'flush'

### ufw, with its own files: its policies are DROP; it appends its jumps, and sets its chains anew at each reload.
if find_program ufw >/dev/null; then
	mkdir -p "$T/ufw/etc/default" "$T/ufw/lib" && cp -r "$U/etc/ufw" "$T/ufw/etc/" && cp -r "$U/lib/ufw" "$T/ufw/lib/" &&
		cp "$U/etc/default/ufw" "$T/ufw/etc/default/" && cp "$U"/usr/share/ufw/*.rules "$U/usr/share/ufw/ufw.conf" "$T/ufw/etc/ufw/" || exit 1
	sed -i 's/^IPT_MODULES=.*/IPT_MODULES=/; s/^IPT_SYSCTL=.*/IPT_SYSCTL=/' "$T/ufw/etc/default/ufw"
	its() { PYTHONPATH=$U/usr/lib/python3/dist-packages command ufw --rootdir="$T/ufw" --datadir="$T/ufw" "$@"; }
	begin 'ufw'
	ok 'ufw: enable' its --force enable
	has 'ufw: it drops' '^:FORWARD DROP' "$(iptables-nft-save)"
	passes 'ufw enabled'; is 'ufw enabled' active
	ok 'ufw: reload' its reload; passes 'ufw reloaded'; is 'ufw reloaded' active
	theirs=$(others)
	ok 'ufw: a restart of the network' vnm -q net-destroy n
	same 'ufw: its rules are as they were' "$theirs" "$(others)"
	ok 'ufw: start' vnm -q net-start n; chosen 'ufw' iptables-nft; leave g; guest g br-n
	static g 192.168.174.9/24 192.168.174.1; static g fd00:174::9/64 fd00:174::1; passes 'after ufw'
	ok 'ufw: a lease' dhcp g
	ok 'ufw: disable' its disable; is 'ufw disabled' active
	leave g; ok 'ufw: stop' vnm -q net-destroy n
fi
finish
