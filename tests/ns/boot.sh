#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A boot with things gone wrong: some networks of fifty are broken, each in another way; files of the state are empty, half
# written or nonsense; leases are ten years old, or end in ten years. Everybody else is up, and what is not is named.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
R=$VNETMGR_ROOT
plain() { echo "<network><name>$1</name><bridge name='br-$1' stp='off'/><ip address='10.80.$2.1' prefix='24'/></network>"; }
# The power goes and comes back: nothing is left in the kernel. The run directory may be another one, or of another boot.
power() {
	pkill -KILL -f "$R/run/vnetmgr/dnsmasq/"; while pgrep -f "$R/run/vnetmgr/dnsmasq/" >/dev/null; do sleep .02; done
	ip -br link | sed -n 's/^\(br-[a-z0-9]*\|tap-[a-z]*\)[ @].*/\1/p' | xargs -n 1 -r ip link del
	flush_tables
	if [ "$1" = new ]; then rm -rf "$R/run/vnetmgr"; else
		find "$R/run/vnetmgr" -name '*.journal' | xargs -r sed -i 's/^boot [0-9a-f]\{8\}/boot 00000000/'
	fi
}

### Fifty, five of them broken.
i=0
while [ $i -lt 50 ]; do i=$((i + 1)); plain "x$i" $i >x.xml; "$VNETMGR" -q net-define x.xml || exit 1; echo "x$i"; done >names
ok 'marked for autostart' vnm -q net-autostart $(cat names)
E=$R/etc/vnetmgr/networks
printf '<network><name>x7</name><bri' >"$E/x7.xml"	# cut off
: >"$E/x11.xml"						# empty
sed -i 's/10\.80\.13\.1/10.80.12.1/' "$E/x13.xml"	# the subnet of another
ip link add br-x17 type bridge				# its bridge is somebody else's
rm "$E/x23.xml"						# marked, and not there
begin=$(date +%s%N)
vnm -q autostart >output 2>&1; same 'the boot reports that not all are up' 3 $?
took=$((($(date +%s%N) - begin) / 1000000))
for n in x7 x11 x13 x17 x23; do has "and names $n" "error: .*network '?$n" "$(cat output)"; done
same 'all the others are up' "$(grep -vxE 'x(7|11|13|17|23)' names | sort | xargs)" "$(vnm -q net-list --name 2>/dev/null | sort | xargs)"
no 'all of them whole' sh -c "'$VNETMGR' -q net-list 2>/dev/null | grep degraded"
printf '45 of 50 in %s ms\n' $took
ok 'not more than 100 ms each' [ $took -lt 5000 ]
ip link del br-x17
vnm -q net-destroy --all >/dev/null 2>&1; rm -rf "$E"

### Leases of another time.
cat >n.xml <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1' xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'><name>n</name><forward mode='nat'/><bridge name='br-n' stp='off'/>
<ip address='10.80.1.1' prefix='24'><dhcp><range start='10.80.1.100' end='10.80.1.200'/></dhcp></ip>
<dnsmasq:options><dnsmasq:option value='no-ping'/></dnsmasq:options><vnm:portForward proto='tcp' port='8080' to='10.80.1.9' toPort='80'/></network>
X
ok 'define' vnm -q net-define n.xml
for when in -315360000 315360000; do
	printf '%s 52:54:00:00:00:01 10.80.1.150 old *\n' $(($(date +%s) + when)) >"$R/var/lib/vnetmgr/leases/n"
	ok "a lease $when seconds from now: start" vnm -q net-start n
	ok 'and a list of them' vnm -q net-dhcp-leases n
	guest g br-n; ok 'a guest gets one' dhcp g; leave g
	ok 'stop' vnm -q net-destroy n
done

### Every file of the state, damaged in every way, at the next boot and in the middle of a day.
plain m 2 >m.xml; ok 'another' vnm -q net-define m.xml; ok 'marked for autostart' vnm -q net-autostart n m
bring() { vnm -q autostart && vnm -q net-attach n --tap tap-n --mac 52:54:00:00:00:02; }
damage() { case $1 in
	empty) : >"$2" ;;
	half) head -c $(($(stat -c %s "$2") / 2)) "$2" >half; cat half >"$2" ;;
	nonsense) head -c 300 /dev/urandom >"$2" ;;
	esac; }
ok 'up' bring
# But for the settings: with an error in them nothing starts (backend.sh).
find "$R/run/vnetmgr" "$R/etc/vnetmgr" "$R/var/lib/vnetmgr" -type f ! -name lock ! -name network.conf | grep -v '/m[./]' >state_files
cp -a "$R/etc/vnetmgr" etc; cp -a "$R/var/lib/vnetmgr" var
tried=0
while read -r file; do for how in empty half nonsense; do for run in old new day; do
	case $run$file in new$R/run/*) continue ;; esac
	what="$how ${file#"$R"/}, $run"
	power new; rm -rf "$R/etc/vnetmgr" "$R/var/lib/vnetmgr"; cp -a etc "$R/etc/vnetmgr"; cp -a var "$R/var/lib/vnetmgr"
	rm -f "$R"/var/lib/vnetmgr/attachments/n.xml
	bring >out 2>&1 || { echo "FAIL: $what: cannot begin: $(cat out)" >&2; failures=$((failures + 1)); break 3; }
	[ -e "$file" ] || continue
	tried=$((tried + 1)) checks=$((checks + 1))
	damage $how "$file"
	[ $run = day ] || power $run
	timeout 30 "$VNETMGR" autostart >out 2>err; status=$?
	[ $status -le 1 ] || [ $status -eq 3 ] || { echo "FAIL: $what: exit status $status" >&2; cat err; failures=$((failures + 1)); }
	list=$("$VNETMGR" -q net-list 2>>err)
	has "$what: the other one is up" '^ m +active ' "$list"
	echo "$list" | grep -q '^ n  *\(active\|degraded\) ' || grep -qE "network '?n'?|/n\." err || { echo "FAIL: $what: n is not up, and nobody says why" >&2; cat err; failures=$((failures + 1)); }
	# Whole, or it reports that it is not.
	if echo "$list" | grep -q '^ n  *active '; then
		[ "$(pgrep -fc 'dnsmasq/n/')" = 1 ] && saved_rules | grep -q 10.80.1.9 || { echo "FAIL: $what: n is not whole" >&2; failures=$((failures + 1)); }
	fi
	# One more command, and all is well, but for a definition that is lost.
	case $file in */etc/*) continue ;; esac
	vnm -q net-list --name 2>/dev/null | grep -q '^n$' || ok "$what: start" vnm -q net-start n
	ok "$what: repair" vnm -q net-repair --all
	has "$what: whole again" '^ n +active ' "$(vnm -q net-list 2>&1)"
	ok "$what: stop" vnm -q net-destroy n
	no "$what: gone" ip link show br-n
done; done; done <state_files
echo "$tried damaged files"
finish
