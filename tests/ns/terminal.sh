#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# At a terminal: tables fit, states and differences have colours, and what takes time is shown. Elsewhere, nothing of it.
. "$srcdir/tests/lib/ns.sh"
need python3 flock
cd "$T" || exit 1
export TERM=xterm
unset NO_COLOR
green=$(printf '\033[32m') red=$(printf '\033[31m') plain=$(printf '\033[0m')
# at COLUMNS COMMAND...: what a terminal gets. The script: standard input.
at() { columns=$1; shift; python3 "$srcdir/tests/lib/terminal.py" "$columns" "$@"; }
look() { at "$@" </dev/null; }

for n in 1 2 3; do
	echo "<network><name>net$n</name><bridge name='br-$n' stp='off'/><ip address='192.0.2.$n' prefix='32'/></network>" >$n.xml
	ok "define net$n" vnm net-define $n.xml
done
ok 'start' vnm net-start net1 net2
ip link del br-2

# ---- tables and colours
same 'a table that is too wide' " Name  State     Autostart  Persistent  Bridge  Mode      Subnet        Guests
-------------------------------------------------------------------------------
 net1  ${green}active$plain    no         yes         br-1    isolated  192.0.2.1/32  0
 net2  ${red}degraded$plain  no         yes         br-2    isolated  192.0.2.2/32  0" "$(look 83 "$VNETMGR" net-list --wide)"
same 'of one network' "Degraded:       ${red}missing bridge br-2, dnsmasq (its bridge is gone)$plain" "$(look 80 "$VNETMGR" net-info net2 | grep ^Degraded)"
same 'what is missing' "${red}missing: bridge br-2$plain" "$(look 80 "$VNETMGR" net-diff --live net2 | head -n 1)"
same 'steps' "$(printf '\033[33m~ dnsmasq file addnhosts')$plain" \
	"$(look 80 "$VNETMGR" net-update net1 add dns-host "<host ip='192.0.2.9'><hostname>x</hostname></host>" --live --dry-run | head -n 1)"
sed 's/br-3/br-4/' 3.xml >4.xml
has 'a difference' "^$(printf '\033')\[31m-  <bridge name='br-3' stp='off' delay='0'/>$(printf '\033')\[0m$" "$(look 80 "$VNETMGR" net-diff net3 4.xml)"
for no in 'env NO_COLOR=1' 'env TERM=dumb' 'env -u TERM'; do
	same "no colours: $no" '' "$(look 80 $no "$VNETMGR" net-info net2 | grep "$(printf '\033')")"
done
same 'no terminal' '' "$({ vnm net-list --all; vnm net-diff net3 4.xml; vnm net-info net2; } | grep "$(printf '\033')")"

same 'help fits' '' "$(look 60 "$VNETMGR" help | awk 'length > 60'; look 60 "$VNETMGR" --help | awk 'length > 60 && !/tells more/')"
commands=$("$VNETMGR" -q help | sed -nE 's/^    ([a-z-]+) .*/\1/p')
at 60 sh -c 'for command; do "$VNETMGR" help "$command"; done' x $commands </dev/null >helps
same 'so does that of each command' '' "$(awk 'length > 60' helps)"
same 'in columns' '' "$(awk '/^  NAME/ { column = 0; on = 0 } /^  OPTIONS/ { on = 1; next } !on || !/^    [^ ].*[^ ]  +[^ ]/ { next }
	{ match($0, /[^ ]  +[^ ]/); at = RSTART + RLENGTH; if (column && at != column) print; column = at }' helps)"
[ "$(grep -c '^  OPTIONS' helps)" -ge 35 ] || ok 'help of all commands' false

# ---- progress, on standard error
ok 'stop' vnm net-destroy net1 net2
at 80 "$VNETMGR" net-start --all >output <<'X'
await network net[123]: [a-z_]+, step [0-9]+ of [0-9]+
await Network net3 started
X
same 'it is gone at the end' 3 "$(sed 's/.*\x1b\[K//' output | grep -c '^Network net[123] started$')"
mkfifo held
flock "$VNETMGR_ROOT/run/vnetmgr/lock" sh -c 'echo >held; cat held' & holder=$!
read -r _ <held
at 80 "$VNETMGR" net-destroy net1 >output <<X
await waiting for process [0-9]+, for 30 seconds at most
run echo >$T/held
await Network net1 destroyed
X
same 'a command that waits for another' 0 $?
wait $holder
mkdir -p "$VNETMGR_ROOT/etc/vnetmgr/hooks"
printf '#!/bin/sh\n' >"$VNETMGR_ROOT/etc/vnetmgr/hooks/network"; chmod +x "$VNETMGR_ROOT/etc/vnetmgr/hooks/network"
at 80 "$VNETMGR" net-start net1 >output <<'X'
await network net1: running its hooks
await Network net1 started
X
same 'hooks' 0 $?
echo "<network><name>served</name><bridge name='br-s' stp='off'/><ip address='192.168.178.1' prefix='24'><dhcp><range start='192.168.178.2' end='192.168.178.9'/></dhcp></ip></network>" >served.xml
ok 'start' vnm -q net-create served.xml
at 80 "$VNETMGR" net-attach served --netns client --create --ip dhcp >output <<'X'
await 'eth0' waits for a DHCP server, for [0-9]+ seconds at most
await attached to network served: eth0 in /run/netns/client 192\.168\.178\.[2-9]/24
X
same 'a DHCP client' 0 $?
ok 'stop' vnm -q net-destroy served
same 'no terminal, no progress' 'Network net1 destroyed' "$(vnm net-destroy net1 2>&1)"
same 'nor with --quiet' '' "$(look 80 "$VNETMGR" -q net-start net1)"

# ---- the guard of an uplink: seconds are counted down, and its restoration shows where the network was started
echo "<network xmlns:vnm='urn:vnetmgr:network:1'><name>lan</name><forward mode='bridge'/><bridge name='br-lan'/><vnm:uplink dev='uplink0'/></network>" >lan.xml
ok 'define' vnm -q net-define lan.xml
at 80 sh -c '"$VNETMGR" -q net-start lan --guard 60; "$VNETMGR" net-confirm --ask --all' >output <<'X'
await press Enter to keep the uplink; it is restored in (60|5[0-9]) seconds
await it is restored in 5[0-9] seconds
type \r
await Network lan confirmed
X
same 'a countdown' 0 $?
no_because 'no guard is left' 'no guard waits for network' vnm net-confirm lan
ok 'stop' vnm -q net-destroy lan
at 80 sh -c '"$VNETMGR" -q net-start lan --guard 4; "$VNETMGR" net-confirm --ask lan; cat' >output <<'X'
await press Enter to keep the uplink
await warning: network 'lan' was not confirmed within 4 seconds: 'uplink0' is restored(.|\n)*is not active|is not active(.|\n)*'uplink0' is restored
type \x04
X
same 'nobody answers' 0 $?
no_because 'no terminal' 'needs a terminal' vnm net-confirm lan --ask
finish
