#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What has been tried against the commands and has not worked: signals at any moment, files that are none or never end,
# editors that replace what they edit, hooks that misbehave, parts that are missing, users that are not root.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
H=$VNETMGR_ROOT/etc/vnetmgr R=$VNETMGR_ROOT
before=$(snapshot)
net() { printf "<network><name>n</name><forward/><bridge name='br-n' stp='off'/><ip address='10.81.1.1' prefix='24'><dhcp><range start='10.81.1.100' end='10.81.1.199'/>%s</dhcp></ip></network>" "$1" >n.xml; }
net ''; ok define vnm -q net-define n.xml
kept() { vnm -q net-dumpxml --inactive n; }
old=$(kept)
# fails WHAT PATTERN COMMAND...: within five seconds, with one reason, and the definition is as it was
fails() {
	title=$1 pattern=$2; shift 2
	no "$title" timeout 5 "$@" </dev/null
	has "$title: why" "$pattern" "$(grep '^error' "$T/out")"
	same "$title: nothing changed" "$old" "$(kept)"
}

echo '--- signals, at moments of a start and of a stop'
for signal in INT TERM HUP PIPE QUIT USR1 ALRM; do
	for after in 0.001 0.004 0.010 0.020 0.045; do
		for command in net-start net-destroy; do
			timeout -s $signal $after "$VNETMGR" -q $command n >/dev/null 2>&1
			state=$(vnm -q net-list --all 2>/dev/null | awk '$1 == "n" { print $2 }')
			case $state in
			active | inactive) checks=$((checks + 1)) ;;
			*) no "$signal after $after in $command: it is '$state'" true ;;
			esac
		done
	done
	vnm -q net-destroy n >/dev/null 2>&1
	same "$signal: nothing is left" "$before" "$(snapshot)"
done
"$VNETMGR" -q net-start n & starter=$!
kill -TSTP $starter; kill -CONT $starter; wait $starter
same 'stopped and continued: it is done' active "$(vnm -q net-list | awk '$1 == "n" { print $2 }')"
"$VNETMGR" net-list --all | true
ok 'a pipe that nobody reads' vnm -q net-list
for closed in '>&-' '2>&-' '<&- >&- 2>&-'; do
	vnm -q net-destroy n >/dev/null 2>&1
	eval "vnm -q net-start n $closed"; same "without $closed: done" 0 $?
	same "without $closed: active" active "$(vnm -q net-list | awk '$1 == "n" { print $2 }')"
done
vnm -q net-destroy n
# What cannot be printed has been done all the same: the exit status says 1, and the page why.
vnm net-start n >/dev/full 2>err; same 'a full device: status' 1 $?
has 'a full device: why' 'cannot write to standard output' "$(cat err)"
same 'a full device: active' active "$(vnm -q net-list | awk '$1 == "n" { print $2 }')"
vnm -q net-destroy n

echo '--- files that are none'
truncate -s 10G sparse; mkdir dir; ln -s loop loop
for file in /dev/zero /dev/urandom /dev/full /proc/self/mem dir sparse loop; do fails "FILE is $file" "$file" "$VNETMGR" -q net-define "$file"; done
no 'standard input that never ends' sh -c "timeout 5 head -c 100M /dev/zero | timeout 5 '$VNETMGR' -q net-define -"
no 'blanks that never end' sh -c "yes '      ' | timeout 5 '$VNETMGR' -q net-define -"
no 'a document that never ends' sh -c "{ echo '<network>'; yes '<!-- x -->'; } | timeout 5 '$VNETMGR' -q net-define -"
same 'nothing changed' "$old" "$(kept)"

echo '--- editors'
export TMPDIR=$T/'a $(touch canary) b'; mkdir "$TMPDIR"
# edits WHAT PATTERN SCRIPT: $1 is the file
edits() { printf '#!/bin/sh\n%s\n' "$3" >ed; chmod 755 ed; fails "an editor: $1" "$2" env EDITOR="$T/ed" "$VNETMGR" -q net-edit n; rm -rf "$TMPDIR"; mkdir "$TMPDIR"; }
edits 'a link to a secret' 'link' "ln -sf /etc/shadow \"\$1\""
edits 'a link to /dev/zero' 'link' 'ln -sf /dev/zero "$1"'
edits 'a pipe in its place' '.' 'rm "$1"; mkfifo "$1"'
edits 'the file is gone' '.' 'rm "$1"'
edits 'the file is empty' '.' ': >"$1"'
edits '3 GB' '.' 'truncate -s 3G "$1"'
edits 'its directory is gone' '.' 'mv "${1%/*}" "${1%/*}.moved"; rm -rf "${1%/*}.moved"'
edits 'it kills itself' '.' 'kill -9 $$'
no 'shell characters in TMPDIR' test -e canary
printf '#!/bin/sh\n"%s" -q net-undefine n\nsed -i s/81.1/82.1/ "$1"\n' "$VNETMGR" >ed
no 'the network is undefined meanwhile' env EDITOR="$T/ed" "$VNETMGR" -q net-edit n
unset TMPDIR
ok 'defined again' vnm -q net-define n.xml; old=$(kept)

echo '--- metadata'
m() { fails "metadata: $*" '.' "$VNETMGR" -q net-metadata n "$@"; }
m 'urn:"x' --key a --set '<b/>'
for key in a:b xml xmlns '' 'a b' '<'; do m urn:x --key "$key" --set '<b/>'; done
m urn:x --key a --set '</metadata><name>evil</name>'
m urn:x --key a --set '<!DOCTYPE b [<!ENTITY e SYSTEM "file:///etc/shadow">]><b>&e;</b>'
m urn:x --key a --set '<b>&e;</b>'
ok 'a description of 120 kB' vnm -q net-desc n "$(head -c 120000 /dev/zero | tr '\0' x)"
same 'is kept' 120001 "$(vnm -q net-desc n | wc -c)"
ok 'and goes' vnm -q net-desc n ''; ok 'in the end' sh -c "'$VNETMGR' -q net-define n.xml"; old=$(kept)

echo '--- hooks'
mkdir -p "$H/hooks"; hook=$H/hooks/network
hook() { printf '#!/bin/sh\n%s\n' "$1" >"$hook"; chmod 755 "$hook"; }
mkfifo held
hook "[ \$2 = start ] || exit 0; sh -c 'ls -l /proc/self/fd >\"$T/fds\"; read -r x <\"$T/held\"' & exit 0"
ok 'a hook that leaves a daemon' vnm -q net-start n
ok 'which has not the lock: the next command' timeout 5 "$VNETMGR" -q net-destroy n
no 'nor any file of ours' grep "$R" fds
echo >held
hook '[ $2 != start ] || head -c 300000000 /dev/zero; exit 0'
ok 'a hook that says 300 MB' timeout 20 "$VNETMGR" -q net-start n
for event in start stopped; do
	vnm -q net-destroy n >/dev/null 2>&1
	hook "[ \$2 = $event ] && kill -9 \$PPID; exit 0"
	vnm -q net-start n >/dev/null 2>&1; vnm -q net-destroy n >/dev/null 2>&1
	rm "$hook"; ok "a hook that kills its caller at $event: the next command" vnm -q net-list --all
	vnm -q net-destroy n >/dev/null 2>&1
	same "a hook that kills its caller at $event: nothing is left" "$before" "$(snapshot)"
done
mkfifo "$hook"; chmod 755 "$hook"; vnm -q net-start n 2>err; has 'a pipe as a hook is told' "$hook" "$(cat err)"; vnm -q net-destroy n 2>/dev/null; rm "$hook"
printf '#!/nosuch\n' >"$hook"; chmod 755 "$hook"; vnm -q net-start n 2>err; has 'a missing interpreter is told' 'nosuch|network' "$(cat err)"; vnm -q net-destroy n 2>/dev/null
hook 'exit 0'; chmod 777 "$hook"; vnm -q net-start n 2>err; has 'one that others may write is told' "$hook" "$(cat err)"; vnm -q net-destroy n 2>/dev/null
rm -f "$hook"; same 'hooks: nothing is left' "$before" "$(snapshot)"

echo '--- parts that are missing'
export VNETMGR_SCHEMAS=/nosuch
for command in 'net-list --all' 'net-dumpxml n' 'net-start n' 'net-repair n' 'net-dhcp-leases n' 'net-destroy n'; do ok "without the schema: $command" vnm -q $command; done
no 'without the schema: net-update' vnm -q net-update n add dns-host "<host ip='10.81.1.7'><hostname>x</hostname></host>" --config
has 'which gives the reason' "/nosuch" "$(cat "$T/out")"
export VNETMGR_SCHEMAS="$srcdir/schemas"

echo '--- many'
awk -v until=$(($(date +%s) + 3600)) 'BEGIN { for (i = 0; i < 10004; i++) printf "%d 52:54:00:00:%02x:%02x 10.81.%d.%d h%d *\n", until, i / 256, i % 256, i / 256, i % 256, i }' >"$R/var/lib/vnetmgr/leases/n"
ok '10 004 leases' timeout 5 "$VNETMGR" -q net-dhcp-leases n
same 'all of them' 10004 "$(vnm -q net-dhcp-leases n | grep -c ipv4)"
same 'without a word' '' "$(vnm -q net-dhcp-leases n 2>&1 >/dev/null)"
printf '%s\n' "7 52:54:00:00:00:01 10.81.1.5 $(head -c 255 /dev/zero | tr '\0' x) *" '-9 52:54:00:00:00:01 10.81.1.5 a *' '7 52:54:00:00:00:01 10.81.1.256 a *' >>"$R/var/lib/vnetmgr/leases/n"
same 'what is no lease is told' "warning: 3 lines of '$R/var/lib/vnetmgr/leases/n' are no lease, and left out" "$(vnm -q net-dhcp-leases n 2>&1 >/dev/null)"
printf '7 52:54:00:00:00:01 10.81.1.5 still-being-writ' >"$R/var/lib/vnetmgr/leases/n"
same 'but not what is being written' '' "$(vnm -q net-dhcp-leases n 2>&1)"
rm "$R/var/lib/vnetmgr/leases/n"
{ echo "<network xmlns:vnm='urn:vnetmgr:network:1'><name>f</name><forward/><bridge name='br-f'/><ip address='10.82.1.1' prefix='24'/>"
  for i in $(seq 1001); do echo "<vnm:portForward proto='tcp' port='$((i + 2000))' to='10.82.1.9'/>"; done; echo '</network>'; } >f.xml
no 'more than 1000 forwards' vnm -q net-define f.xml
has 'which gives the reason' '1000' "$(cat "$T/out")"

echo '--- an ordinary user'
if setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	as() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
	ok 'the network is up' vnm -q net-start n
	no 'reads no definition' as cat "$H/networks/n.xml"
	no 'nor lists them' as ls "$H/networks"
	no 'reads no journal' as cat "$R/run/vnetmgr/n.journal"
	no 'writes no lease' as sh -c "echo >>'$R/var/lib/vnetmgr/leases/n'"
	no 'cannot take the lock' as flock -n "$R/run/vnetmgr/lock" true
	vnm -q net-destroy n
else echo 'no other user here' >&2; fi

echo '--- names and numbers'
for name in all default lo .. . -x 'a/b' 'a b' "$(printf %0300d 0)"; do
	printf "<network><name>x</name><bridge name='%s'/><ip address='10.83.1.1' prefix='24'/></network>" "$name" >x.xml
	no "a bridge named $name" vnm -q net-define x.xml
done
# start_of ADDRESS PREFIX: does it start?
start_of() {
	printf "<network><name>x</name><bridge name='br-x'/><ip %saddress='%s' prefix='%s'/></network>" "$(case $1 in *:*) echo "family='ipv6' " ;; esac)" "$1" "$2" >x.xml
	vnm -q net-create x.xml && vnm -q net-list | grep -q '^ x  *active' && vnm -q net-destroy x
}
for net in '10.83.1.0 31' '10.83.1.1 30' '10.83.1.1 29' 'fd83::2 127' 'fd83::1 128'; do ok "a subnet $net" start_of $net; done
no "the host's own" start_of 203.0.113.77 24
no "the host's own IPv6" start_of 2001:db8:113::77 64
no 'with the IPv6 default route' start_of 2000::1 3
printf "<network><name>x</name><bridge name='br-x'/><ip address='10.0.0.1' prefix='8'><dhcp><range start='10.0.0.2' end='10.255.255.254'/></dhcp></ip></network>" >x.xml
no 'a range of 16 million' vnm -q net-define x.xml
printf "<network><name>x</name><bridge name='br-x'/><dns><txt name='a' value='%s'/></dns><ip address='10.83.1.1' prefix='24'/></network>" "$(head -c 65536 /dev/zero | tr '\0' x)" >x.xml
no 'a text of 64 KiB' vnm -q net-define x.xml
same 'in the end nothing is left' "$before" "$(snapshot)"
finish
