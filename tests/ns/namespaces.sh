#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The run directory describes one network, process and time namespace. Commands in others that see it change nothing and say
# nothing wrong; and nobody is locked out by one that is gone.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
R=$VNETMGR_ROOT/run/vnetmgr
cat >n.xml <<'X'
<network><name>n</name><forward mode='nat'/><bridge name='br-n' stp='off'/>
<ip address='10.79.1.1' prefix='24'><dhcp><range start='10.79.1.100' end='10.79.1.200'/></dhcp></ip></network>
X
sed 's/>n</>m</; s/br-n/br-m/; s/10\.79\.1/10.79.2/g' n.xml >m.xml
sed 's/<dhcp>.*<\/dhcp>//; s/>n</>plain</; s/br-n/br-p/; s/10\.79\.1/10.79.3/g' n.xml >plain.xml
for net in n m plain; do ok "define $net" vnm -q net-define $net.xml; done
whole() { snapshot; find "$VNETMGR_ROOT" -type f ! -name lock -exec cksum {} + | sort; }
state() { vnm -q net-list --all | awk -v n="$1" '$1 == n { print $2 }'; }
ip netns add other

# While nothing is active, anybody may use it.
ok 'elsewhere: list' inns other "$VNETMGR" net-list --all
ok 'elsewhere: define' inns other "$VNETMGR" -q net-define m.xml
ok 'start' vnm -q net-start n
vnm -q net-autostart m
[ "$(state n)" = active ] || finish

# refused KIND HOW...: all commands, elsewhere
refused() {
	kind=$1; shift
	before=$(whole)
	for line in 'net-list' 'net-list --all' 'net-info n' 'net-dumpxml n' 'net-dumpxml m --inactive' 'net-uuid n' 'net-dhcp-leases n' \
		'net-port-list n' 'net-forward-list n' 'net-start m' 'net-start m --dry-run' 'net-destroy n' 'net-repair --all' 'autostart' \
		'net-define m.xml' 'net-undefine m' 'net-apply n.xml' 'net-update n add ip-dhcp-range <range/> --live' 'net-attach n --tap tap9' \
		'net-detach n vnet0' 'net-event --all --timeout 1' 'net-autostart m' 'net-desc n'; do
		# shellcheck disable=SC2086
		"$@" timeout 20 "$VNETMGR" $line >out 2>&1; rc=$?
		same "$kind: $line: status" 1 $rc
		has "$kind: $line" "error: network state in $R belongs to another $kind namespace \([a-z]*:\[[0-9]*\], this is [a-z]*:\[[0-9]*\]\); run vnetmgr there" "$(cat out)"
	done
	same "$kind: nothing has changed" "$before" "$(whole)"
}
refused network inns other
same 'active as before' active "$(state n)"
refused process unshare -p -f --mount-proc
refused network unshare -n -p -f --mount-proc
if unshare -T --boottime 100000 true 2>/dev/null; then
	refused time unshare -T --boottime 100000 --
	same 'its dnsmasq is not missed' active "$(state n)"
fi
ok 'with a state of its own' inns other "$VNETMGR" -q --root "$T/own" net-define n.xml
ok 'it starts there' inns other "$VNETMGR" -q --root "$T/own" net-start n
has 'and is active there' '^ n  *active' "$(inns other "$VNETMGR" --root "$T/own" net-list)"
ok 'and stops there' inns other "$VNETMGR" -q --root "$T/own" net-destroy n
ok 'sandbox: in another one, with a state of its own' inns other "$VNETMGR" sandbox sh -c '"$VNETMGR" -q net-list'

# A command that was killed here is not rolled back there.
cp "$R/n.journal" journal; echo 'state stopping' >>"$R/n.journal"
no 'elsewhere: list' inns other "$VNETMGR" net-list --all
ok 'the record is as it was' grep -q stopping "$R/n.journal"
cat journal >"$R/n.journal"; same 'active' active "$(state n)"

# A DHCP client of a guest runs in the guest's namespace; that is no command of ours.
ip netns add g
ok 'attach' vnm -q net-attach n --netns g --ip dhcp
has 'the guest has an address' '10\.79\.1\.' "$(inns g ip -4 addr show dev eth0)"
ok 'detach' vnm -q net-detach n g

# The state of a version that did not write down whose it is, or whose record was lost: its processes show it.
rm "$R/owner"
no 'without a word, elsewhere' inns other "$VNETMGR" net-list
has 'the process tells' 'belongs to another network namespace' "$(cat "$T/out")"
same 'without a word, here' active "$(state n)"
ok 'from then on it is written down' test -s "$R/owner"
echo nonsense >"$R/owner"
same 'damaged, here' active "$(state n)"
ok 'from then on it is written down' grep -q '^net:' "$R/owner"
ok 'stop' vnm -q net-destroy n
rm "$R/owner"; mkdir "$R/owner"
no 'what cannot be written: nothing is started' vnm net-start n
has 'why' "cannot write '$R/owner'" "$(cat "$T/out")"
same 'inactive' inactive "$(state n)"; rmdir "$R/owner"

# Nothing is active: the next namespace that starts something has it.
ok 'start elsewhere' inns other "$VNETMGR" -q net-start n plain
no 'now it is refused here' vnm net-list
has 'by the network namespace' 'another network namespace' "$(cat "$T/out")"
timeout 20 "$VNETMGR" -q net-event --all --timeout 1 >out 2>&1; has 'events, too' 'another network namespace' "$(cat out)"

# It goes, and everything in it.
for pid in $(ip netns pids other); do kill -KILL "$pid"; while kill -0 "$pid" 2>/dev/null; do sleep .02; done; done
no 'not gone: it is bound' vnm net-list
ip netns del other
out=$(vnm -q net-list --all 2>&1)
has 'gone: reported' '^warning: the network namespace of the networks that were active, net:\[[0-9]*\], is gone, and they with it$' "$out"
has 'gone: inactive' '^ n  *inactive' "$out"
has 'also one without processes' '^ plain  *inactive' "$out"
ok 'it is reported once' [ -z "$(vnm -q net-list --all 2>&1 | grep warning)" ]
ok 'start' vnm -q net-start n plain
same 'active' active "$(state n)"
ok 'stop' vnm -q net-destroy n plain

# The kernel gives the number of one that is gone to a new one, which is told from it by its cookie.
number() { readlink /proc/self/ns/net >/dev/null; stat -Lc %i "/run/netns/$1"; }
enter() { nsenter --net="/run/netns/$1" "$VNETMGR" -q "$2" n; } # without a mount namespace, which would take a number
ends() { for pid in $(ip netns pids "$1"); do kill -KILL "$pid"; while kill -0 "$pid" 2>/dev/null; do sleep .02; done; done; ip netns del "$1"; }
# reuse: a network is started in a namespace that goes then; $again is a new one with its number. Others on this host take numbers, too.
reuse() {
	for round in 1 2 3 4 5 6; do
		ip netns add old; enter old net-start || return 1
		was=$(number old); ends old
		for i in $(seq 60); do
			ip netns add "new$i"; made="${made:-} new$i"
			[ "$(number "new$i")" != "$was" ] || { again=new$i; return 0; }
			sleep .05
		done
		vnm -q net-list >/dev/null 2>&1 # it is gone
		for n in $made; do ip netns del "$n"; done; made=
	done
	return 1
}
ok 'a namespace has the number of one that is gone' reuse
grep -q 'cookie [1-9]' "$R/owner" && {
	out=$(nsenter --net="/run/netns/$again" "$VNETMGR" net-list --all 2>&1)
	has 'it is not taken for it' '^warning: the network namespace .* is gone, and they with it$' "$out"
	has 'so nothing is active' '^ n  *inactive' "$out"
	ok 'it starts' enter "$again" net-start
	# A record of an earlier version has no cookie.
	sed -i 's/ cookie .*//' "$R/owner"
	has 'by its number' '^ n  *active' "$(nsenter --net="/run/netns/$again" "$VNETMGR" -q net-list)"
	ok 'and stops' enter "$again" net-destroy
}
for n in $made; do ip netns del "$n"; done

# A container that is started again has another network and process namespace, and the files that it had. (Somebody who was
# only handed the directory has another root.)
container() { unshare -n -p -f --mount-proc sh -c "$1"; }
ok 'in a container' container '"$VNETMGR" -q net-start n plain'
out=$(container '"$VNETMGR" -q net-list --all; "$VNETMGR" -q net-start n && "$VNETMGR" -q net-list' 2>&1)
has 'again: gone' '^warning: the network namespace .* is gone' "$out"
has 'again: inactive' '^ n  *inactive' "$out"
has 'again: starts' '^ n  *active' "$out"
ok 'here, too: nobody is left' vnm -q net-list

# Only the processes are gone: what is in our own network namespace is still ours.
ok 'in a process namespace of its own' unshare -p -f --mount-proc "$VNETMGR" -q net-start n
same 'dnsmasq went with it' degraded "$(state n)"
ok 'repair' vnm -q net-repair n
same 'whole' active "$(state n)"
ok 'stop' vnm -q net-destroy n
no 'no trace' ip link show br-n
finish
