#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --dry-run: the same errors, warnings and steps as the real run, for any number of files, and nothing is changed.
. "$srcdir/tests/lib/ns.sh"
in_iptables || need nft
before=$(snapshot)
mkdir "$T/x"; cd "$T/x" || exit 1

# u N: a UUID; m N: a MAC address. Given ones, since new ones are random.
u() { printf '00000000-0000-4000-8000-%012d' "$1"; }
m() { printf '52:54:00:00:00:%02x' "$1"; }
# file NAME NUMBER REST [BRIDGE-ATTRIBUTES]: NAME.xml
file() {
	cat >"$1.xml" <<-X
	<network xmlns:vnm='urn:vnetmgr:network:1'><name>$1</name><uuid>$(u "$2")</uuid>$3
	<bridge name='br-$1' stp='off' ${4:-}/><mac address='$(m "$2")'/></network>
	X
}
net4() { echo "<ip address='192.168.$1.1' prefix='24'><dhcp><range start='192.168.$1.100' end='192.168.$1.200'/>${2:-}</dhcp></ip>"; }
net6() { echo "<ip family='ipv6' address='fd00:$1::1' prefix='64'><dhcp><range start='fd00:$1::100' end='fd00:$1::200'/></dhcp></ip>"; }
# state: every file of ours, as it is on disk, and all of the kernel; a carrier comes when it comes
state() {
	snapshot "$CARRIER"
	find "$VNETMGR_ROOT/etc" "$VNETMGR_ROOT/run" "$VNETMGR_ROOT/var" ! -name lock ! -type d -printf '%p %i %s %T@ %C@ %l\n' | sort
	find "$VNETMGR_ROOT/etc" "$VNETMGR_ROOT/run" "$VNETMGR_ROOT/var" -type d | sort
	find "$VNETMGR_ROOT/etc" "$VNETMGR_ROOT/run" "$VNETMGR_ROOT/var" -type f ! -name lock -exec cksum {} + | sort
}
# Of what --dry-run prints: what changes in definitions; the steps. What -v prints beside the steps, which it prints as each is
# carried out.
differences() { grep -E '^(--- .* \(|\+\+\+ |@@ |[-+ ] *<)' "$1"; }
steps() { grep -vE '^(--- .* \(|\+\+\+ |@@ |[-+ ] *<|Network |# network |# IPv6 forwarding would|$)' "$1"; }
messages() { grep -E '^(error|warning): ' "$1" | sed 's/(process [0-9]*)/(process N)/g'; }
but='^$'	# what is not foretold
order=cat	# networks that start together put their guests back together
# both WHAT COMMAND...: first dry, which changes nothing, then for real
both() {
	w=$1; shift
	state >"$T/before"
	vnm "$@" --dry-run >"$T/dry" 2>"$T/dry.err"; dry=$?
	state >"$T/after"
	same "$w: nothing is changed" "$(cat "$T/before")" "$(cat "$T/after")"
	vnm -v "$@" >"$T/real" 2>"$T/real.err"; real=$?
	same "$w: the same errors and warnings" "$(messages "$T/real.err")" "$(messages "$T/dry.err")"
	same "$w: the same steps" "$(grep -vE '^(error|warning|hint|firewall back end): |^network .* lacks: |'"$but" "$T/real.err" | $order)" "$(steps "$T/dry" | without_ways | tr '\t' '?' | $order)" # as a terminal is told
}
# applied WHAT FILE...: the same of net-apply, with its words and its exit status
applied() {
	w=$1; shift
	diffs=$(for f; do vnm -q net-diff "$(sed -n 's/.*<name>\(.*\)<.name>.*/\1/p' "$f")" "$f" 2>/dev/null; done)
	both "$w" net-apply "$@"
	same "$w: the same words" "$(grep . "$T/real")" "$(sed -n 's/ would be / /; /^Network /p' "$T/dry")"
	expected=$real
	[ "$real" != 0 ] || ! grep -qv ' unchanged$\|^$' "$T/real" || expected=2
	same "$w: exit status" "$expected" "$dry"
	[ "$real" != 0 ] || same "$w: what changes in definitions" "$diffs" "$(differences "$T/dry" | awk '/^--- .*not defined/ { new = 1 } /^--- .*\(defined/ { new = 0 } !new')"
}
words() { grep . "$T/real" | cut -d' ' -f2-; }

### New ones, of every mode. A bridge of the host, a device for an uplink; a host's service in the way of nothing.
ip link add name hostbr type bridge; ip link set hostbr up
ip link add name up0 type veth peer name far0; ip link set up0 up; ip link set far0 up
ip addr add 10.99.0.2/24 dev up0
plain() {	# plain OCTET-OFFSET: all of them
	file nat 1 "<forward mode='nat'/>$(net4 $((10 + $1)) "<host mac='$(m 77)' name='vm' ip='192.168.$((10 + $1)).7'/>")$(net6 "$((10 + $1))")"
	file route 2 "<forward mode='route'/>$(net4 $((20 + $1)))"
	file open 3 "<forward mode='open'/>$(net4 $((30 + $1)))"
	file isolated 4 "<bandwidth><inbound average='$((1000 + $1))'/></bandwidth>$(net4 $((40 + $1)))$(net6 "$((40 + $1))")"
	file internal 5 "<mtu size='$((1400 + $1))'/>"
	cat >host.xml <<-X
	<network><name>host</name><uuid>$(u 6)</uuid><title>t$1</title><forward mode='bridge'/><bridge name='hostbr'/></network>
	X
	cat >wan.xml <<-X
	<network xmlns:vnm='urn:vnetmgr:network:1'><name>wan</name><uuid>$(u 7)</uuid><title>t$1</title><forward mode='bridge'/><bridge name='br-wan'/><vnm:uplink dev='up0'/></network>
	X
}
all='nat.xml route.xml open.xml isolated.xml internal.xml host.xml wan.xml'
plain 0
# shellcheck disable=SC2086
{
applied 'new, every mode' $all
same 'they are' 7 "$(words | grep -c ' defined, started')"
uncounted_rules >"$T/in_kernel"
if in_iptables; then is_there() { eval "$1" 2>&1; }; else is_there() { grep -qF -- "$1" "$T/in_kernel" || echo "$1" | grep -q 'icmpv6 type'; }; fi # which nft lists by name
steps "$T/dry" | without_ways | sed -n "s/^\(ip6*tables\) \(.*\)-A \(VNM_.*\)/\1 \2-C \3/p; s/^nft 'add rule ip6* vnetmgr [^ ]* \(.*\)'\$/\1/p" >"$T/rules"
same 'every rule that it announced is there' '' "$(while read -r rule; do is_there "$rule" || echo "$rule"; done <"$T/rules")"
ok 'which are many' [ "$(wc -l <"$T/rules")" -gt 60 ]
applied 'unchanged' $all
same 'nothing would be done' 0 "$dry"
plain 1
applied 'changed live' $all
same 'they are' 7 "$(words | grep -c ' defined, changed live')"
has 'marks' '^[+] address 192.168.11.1/24 on br-nat$' "$(cat "$T/dry")"
has 'marks' '^! dnsmasq$' "$(cat "$T/dry")"

### What takes a restart: name, MAC address, kind of the bridge. Among others that do not.
plain 2
file route 12 "<forward mode='route'/>$(net4 22)"; sed -i "s/$(u 12)/$(u 2)/" route.xml
sed -i 's/br-open/br-other/' open.xml
sed -i "s|<bridge name='br-internal'[^>]*>|<forward mode='bridge'/><bridge name='hostbr'/>|; /<mac/s|<mac[^>]*>||" internal.xml
applied 'restart needed' $all
same 'some fail' 1 "$dry"
has 'with what to do' 'vnetmgr net-destroy, vnetmgr net-start$' "$(messages "$T/dry.err")"
plain 2
applied 'as they are but for those' $all

### Damage: of what changes too, and of what does not. Somebody else's device is on a bridge, and not affected.
ip link add name ext0 type veth peer name ext1; ip link set ext0 master br-internal; ip link set ext0 up
vnm -q net-repair internal
lose_rules "$(names 'br-[a-z]*')"
kill "$(pgrep -f 'dnsmasq/isolated/dnsmasq.conf')"; ip link del br-internal; ip addr del 192.168.32.1/24 dev br-open; ip link set up0 nomaster
ip link set br-nat down
sed -i "s/<forward mode='route'\/>/&<dns><host ip='192.168.22.9'><hostname>x<\/hostname><\/host><\/dns>/" route.xml
file open 3 "<forward mode='open'/>$(net4 35)"
both 'repair' net-repair nat internal
same 'exit status' "$real" "$dry"
has 'what others had there' '^ip link set dev ext0 master br-internal$' "$(cat "$T/dry")"
applied 'damaged' $all
has 'one is put right only' '^Network isolated repaired' "$(cat "$T/real")"
has 'one is changed' '^Network open defined, changed live' "$(cat "$T/real")"
applied 'whole again' $all
same 'nothing would be done' 0 "$dry"

### Guests: put back by a start and by a repair, collected, or in the way.
ip netns add g1; ip netns add g2; ip netns add g3
vnm -q net-attach nat --netns g1 --ip auto --hostname one; vnm -q net-attach nat --tap tap0 --ip auto; vnm -q net-attach nat --netns g2 --ip none; vnm -q net-attach nat --netns g3 --ip none
ip link del tap0; ip netns del g2
but='^~ dnsmasq' applied 'guests, repaired' $all	# of one that is collected, dnsmasq is told
has 'with their steps' '^ip tuntap add' "$(cat "$T/dry")"
vnm -q net-destroy nat open 2>/dev/null; ip netns del g1
ip link set tap0 master hostbr
applied 'inactive, with guests' $all
has 'one cannot be reattached' "^warning: .*is not reattached to network 'nat'" "$(messages "$T/dry.err")"
vnm -q net-destroy --all 2>/dev/null
for guest in g1 g3 tap0; do vnm -q net-detach nat $guest; done
order=sort both 'net-start' net-start --all
same 'exit status' "$real" "$dry"
}

### In the way: of each other, of what is active, of the host. What is not in the way is done.
nc -l -k -p 8025 </dev/null >/dev/null 2>&1 & listener=$!
await_port 8025
ip link add name br-taken type veth peer name taken0
ip route add 192.168.77.0/24 via 203.0.113.1; ip route add 10.50.0.0/16 via 203.0.113.1
forward() { echo "<vnm:portForward proto='tcp' port='$1' to='$2'/>"; }
file good1 31 "<forward mode='nat'/>$(net4 61)"
file subnet1 32 "<forward mode='nat'/>$(net4 61)"			# good1's, of this command
file subnet2 33 "$(net4 12)"						# nat's, active
file subnet3 34 "$(net4 77)"						# a route of the host
file warned 35 "<ip address='10.50.1.1' prefix='24'/>"			# part of one: a warning
file bridge1 36 "<forward mode='nat'/>$(net4 62)"; sed -i 's/br-bridge1/br-good1/' bridge1.xml
file bridge2 37 "<forward mode='nat'/>$(net4 62)"; sed -i 's/br-bridge2/br-nat/' bridge2.xml
file taken 38 "<forward mode='nat'/>$(net4 62)"				# a device of the host
file uuid1 31 "$(net4 63)"						# good1's
file uuid2 1 "$(net4 63)"						# nat's
file nat 39 "<forward mode='nat'/>$(net4 64)"				# a known name, another UUID
file way1 40 "<forward mode='nat'/>$(net4 65)"; file way2 41 "<forward mode='nat'/>$(net4 66)"; file way3 42 "<forward mode='nat'/>$(net4 67)"
for way in way1:8024:65 way2:8024:66 way3:8025:67; do
	IFS=: read -r name port octet <<-X
	$way
	X
	sed -i "s|<mac |<vnm:portForward xmlns:vnm='urn:vnetmgr:network:1' proto='tcp' port='$port' to='192.168.$octet.5'/><mac |" "$name.xml"
done
cat >wan2.xml <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>wan2</name><uuid>$(u 43)</uuid><forward mode='bridge'/><bridge name='br-wan2'/><vnm:uplink dev='up0'/></network>
X
sed 's/wan2/wan3/g; s/up0/none0/' wan2.xml | sed "s/$(u 43)/$(u 44)/" >wan3.xml
echo '<network>' >syntax.xml; echo '<network><name>meaning</name><forward mode="nat"/></network>' >meaning.xml
echo '<network><name>odd</name><colour/></network>' >odd.xml
file again 46 "$(net4 68)"; cp again.xml again1.xml; file again 46 "$(net4 69)"; cp again.xml again2.xml
file tftp 47 "$(net4 70)"; sed -i "s|<dhcp>|<tftp root='/nowhere'/><dhcp>|" tftp.xml
file good2 48 "<forward mode='nat'/>$(net4 71)"
applied 'in the way' good1.xml subnet1.xml subnet2.xml subnet3.xml warned.xml bridge1.xml bridge2.xml taken.xml uuid1.xml uuid2.xml \
	nat.xml way1.xml way2.xml way3.xml wan2.xml wan3.xml syntax.xml meaning.xml odd.xml nothing.xml again1.xml again2.xml tftp.xml good2.xml
same 'an error counts most' 1 "$dry"
same 'what is good is done' 'good1 warned way1 again again good2' "$(sed -n 's/^Network \([^ ]*\) .*/\1/p' "$T/real" | xargs)"
same 'each of the others has its reason' 18 "$(messages "$T/dry.err" | grep -c '^error: Failed to ')"
has 'of the same command' "^error: subnet 192.168.61.0/24 of network 'subnet1' is already in use by active network 'good1' \(bridge br-good1\)" "$(messages "$T/dry.err")"

### The same of the other commands that start networks.
file one 51 "<forward mode='nat'/>$(net4 81)"; file two 52 "$(net4 81)"
both 'net-define' net-define one.xml
vnm -q net-define two.xml 2>/dev/null
both 'net-start of two with one subnet' net-start one two
same 'the second fails' 1 "$dry"
both 'net-create, in the way' net-create two.xml
file new 53 "$(net4 82)"
both 'net-create' net-create new.xml
has 'the live definition of none' '^Network new would be created' "$(cat "$T/dry")"
mkdir -p "$VNETMGR_ROOT/etc/vnetmgr/hooks"; printf '#!/bin/sh\nexit 0\n' >"$VNETMGR_ROOT/etc/vnetmgr/hooks/network"; chmod 777 "$VNETMGR_ROOT/etc/vnetmgr/hooks/network"
vnm -q net-destroy one 2>/dev/null
both 'a hook that is refused' net-start one
same 'fails' 1 "$dry"
chmod 644 "$VNETMGR_ROOT/etc/vnetmgr/hooks/network"
both 'a hook that is no program' net-start one
has 'is a warning' '^warning: the hook ' "$(messages "$T/dry.err")"
vnm -q net-update one add dns-txt "<txt name='a' value='b'/>" --config 2>/dev/null
vnm -q net-dumpxml one --inactive >one.xml
applied 'and of a change' one.xml

kill "$listener"
vnm -q net-destroy wan 2>/dev/null
for dev in br-taken up0 hostbr ext0; do ip link del "$dev"; done; ip netns del g3
vnm -q net-destroy --all 2>/dev/null
ip route del 192.168.77.0/24; ip route del 10.50.0.0/16
echo 0 >/proc/sys/net/ipv4/ip_forward	# there were so many devices that it was left on
same 'no trace is left' "$before" "$(snapshot)"
finish
