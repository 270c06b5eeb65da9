#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each change is logged to the systemd journal with its fields, done or failed; what only reads or asks is not, nor what another root has.
. "$srcdir/tests/lib/ns.sh"
need python3 strace
cd "$T" || exit 1
grep -q HAVE_SD_BUS "$builddir/Makefile" || skip 'built without libsystemd'
. "$srcdir/tests/lib/journald.sh"
own() { env -u VNETMGR_ROOT SUDO_USER=ada "$VNETMGR" "$@"; }
# enough N: so many lines are there to their ends; awk(1) would count one that is still being written
enough() { [ "$(wc -l <entries)" -ge "$1" ]; }
# logged WHAT PATTERN...: one entry came since the last time, with these fields
logged() {
	what=$1; shift; n=$((n + 1))
	await enough $n
	entry=$(sed -n "${n}p" entries)
	for pattern; do has "$what" "\\| $pattern( \\||\$)" "| $entry"; done
}
# both WHAT PATTERN...: two entries came, in either order, which have these fields between them
both() {
	what=$1; shift; n=$((n + 2))
	await enough $n
	entry=$(sed -n "$((n - 1)),${n}s/^/| /p" entries)
	for pattern; do has "$what" "\\| $pattern( \\||\$)" "$entry"; done
}
n=1
for name in a b; do echo "<network><name>$name</name><bridge name='br-$name' stp='off'/></network>" >$name.xml; done
ok 'define' own net-define a.xml
logged 'define' 'VNETMGR_NETWORK=a' 'VNETMGR_ACTION=net-define' 'VNETMGR_RESULT=done' 'VNETMGR_USER=ada' 'VNETMGR_DURATION_MS=[0-9]+' \
	'PRIORITY=6' 'SYSLOG_IDENTIFIER=vnetmgr' 'MESSAGE_ID=[0-9a-f]{32}' "MESSAGE=net-define of network 'a' done in [0-9]+ ms"
ok 'reading' eval 'own net-list --all && own net-info a && own net-start a --dry-run && own net-desc a && vnm net-define a.xml'
ok 'start' own start a
logged 'start' 'VNETMGR_ACTION=net-start' 'VNETMGR_NETWORK=a'
no 'again' own net-start a
logged 'a failure' 'VNETMGR_RESULT=failed' 'PRIORITY=3' "MESSAGE=net-start of network 'a' failed: Requested operation is not valid: network is already active"
ok 'update' own net-update a add dns-host "<host ip='192.0.2.9'><hostname>x</hostname></host>" --live
logged 'update' 'VNETMGR_ACTION=net-update' 'VNETMGR_NETWORK=a' 'VNETMGR_RESULT=done'
ok 'attach' own net-attach a --tap t0
logged 'attach' 'VNETMGR_ACTION=net-attach' 'VNETMGR_NETWORK=a'
ok 'detach' own net-detach a t0
logged 'detach' 'VNETMGR_ACTION=net-detach' 'VNETMGR_NETWORK=a'
ok 'apply' own net-apply b.xml
logged 'apply' 'VNETMGR_ACTION=net-apply' 'VNETMGR_NETWORK=b'
ok 'stop' own net-destroy --all
logged 'stop' 'VNETMGR_ACTION=net-destroy' 'VNETMGR_NETWORK=a'
logged 'stop' 'VNETMGR_ACTION=net-destroy' 'VNETMGR_NETWORK=b'
ok 'autostart' own net-autostart a
logged 'autostart' 'VNETMGR_ACTION=net-autostart' 'VNETMGR_NETWORK=a'
ok 'boot' own autostart
logged 'boot' 'VNETMGR_ACTION=autostart' 'VNETMGR_NETWORK=a'
ok 'stop' own net-destroy a
logged 'stop' 'VNETMGR_ACTION=net-destroy'
ok 'undefine' own net-undefine a
logged 'undefine' 'VNETMGR_ACTION=net-undefine' 'VNETMGR_NETWORK=a'
same 'nothing else' "$n" "$(wc -l <entries)"

# ---- what no command is given for
echo "<network><name>c</name><forward/><bridge name='br-c' stp='off'/><ip address='192.168.177.1' prefix='24'/></network>" >c.xml
mkdir -p /etc/vnetmgr/hooks
killer() { printf '#!/bin/sh\n[ "$2" != %s ] || kill -9 $PPID\n' "$1" >/etc/vnetmgr/hooks/network; chmod +x /etc/vnetmgr/hooks/network; }
ok 'define' own net-define c.xml
logged 'define' 'VNETMGR_ACTION=net-define'
killer started
no 'a start that is killed' own net-start c
rm /etc/vnetmgr/hooks/network
ok 'the next command' own net-list
logged 'recovery' 'VNETMGR_ACTION=recovery' 'VNETMGR_NETWORK=c' 'VNETMGR_RESULT=done' 'PRIORITY=4' \
	"MESSAGE=recovery of network 'c' done in [0-9]+ ms; an earlier command was interrupted while starting it"
echo 'firewall_backend = "legacy"' >/etc/vnetmgr/network.conf
ok 'start' own net-start c
logged 'start' 'VNETMGR_ACTION=net-start'
ok 'the same back end' own net-repair --firewall
echo 'firewall_backend = "nftables"' >/etc/vnetmgr/network.conf
ok 'another back end' own net-repair --firewall
logged 'another back end' 'VNETMGR_ACTION=net-repair' 'VNETMGR_RESULT=done' \
	'MESSAGE=net-repair done in [0-9]+ ms; the firewall back end changed from legacy to nftables'
ok 'stop' own net-destroy c
logged 'stop' 'VNETMGR_ACTION=net-destroy'
echo "<network xmlns:vnm='urn:vnetmgr:network:1'><name>lan</name><forward mode='bridge'/><bridge name='br-lan'/><vnm:uplink dev='uplink0'/></network>" >lan.xml
ok 'define' own net-define lan.xml
logged 'define' 'VNETMGR_ACTION=net-define'
# The first of two commands has used the log when the second one starts the guard.
ok 'with a guard' own 'net-desc lan --config text; net-start lan --guard 2'
logged 'describe' 'VNETMGR_ACTION=net-desc'
both 'the guard' "MESSAGE=net-start of network 'lan' done in [0-9]+ ms" 'VNETMGR_ACTION=guard' 'PRIORITY=4' \
	"MESSAGE=guard of network 'lan' done in [0-9]+ ms; not confirmed within 2 seconds: its uplink is restored"
ok 'with a guard' own net-start lan --guard 60 --auto
both 'the guard' 'VNETMGR_ACTION=net-start' "MESSAGE=guard of network 'lan' done in [0-9]+ ms; confirmed, since the gateway answers"
ok 'with a guard' eval 'own net-destroy lan && own net-start lan --guard 60'
logged 'stop' 'VNETMGR_ACTION=net-destroy'
logged 'with a guard' 'VNETMGR_ACTION=net-start'
guard=$(sed 's/ .*//' /run/vnetmgr/lan.guard); kill -9 $guard; ended $guard
ok 'the next command' own net-list
logged 'recovery' 'VNETMGR_ACTION=recovery' 'VNETMGR_NETWORK=lan' 'MESSAGE=.* its guard was ended before it was confirmed: its uplink is restored'

# Commands that are killed as they are about to commit, or to remove what is left of their work, and what recovery says of them.
# killed CALL FILE COMMAND...: killed on entering such a system call that names the file: of renames the second one, since by the first it
# gets its name
killed() {
	call=$1 file=$2; shift 2
	[ $call = renameat ] && when=2 || when=1
	env -u VNETMGR_ROOT strace -qq -o /dev/null -P "$file" -e trace="$call" -e inject="$call:signal=KILL:when=$when" "$VNETMGR" "$@" >out 2>&1
	same "killed at the $call of $file: $1" 137 $?
}
# recovers NETWORK WHILE: the next command does, and logs it
recovers() {
	ok 'the next command' own net-list
	logged "recovery, $2" 'VNETMGR_ACTION=recovery' "VNETMGR_NETWORK=$1" 'VNETMGR_RESULT=done' 'PRIORITY=4' \
		"MESSAGE=recovery of network '$1' done in [0-9]+ ms; an earlier command was interrupted while $2"
}
ok 'start' own net-start c
logged 'start' 'VNETMGR_ACTION=net-start'
killed renameat c.journal.pending net-update c add dns-host "<host ip='192.0.2.9'><hostname>x</hostname></host>" --live --config
recovers c 'changing it'
killed renameat c.journal.pending net-forward-add c tcp 8080 192.168.177.5:80
recovers c 'changing it'
killed renameat t0.journal.pending net-attach c --tap t0
recovers c 'attaching or detaching a guest'
ok 'attach' own net-attach c --tap t0
logged 'attach' 'VNETMGR_ACTION=net-attach'
killed unlinkat t0.journal.pending net-detach c t0
recovers c 'attaching or detaching a guest'
ip netns add g; ok 'a guest' own net-attach c --netns g --ip auto
logged 'attach' 'VNETMGR_ACTION=net-attach'
# As if an earlier version had started it, with a rule less.
sed -i '/^rule .*target=MASQUERADE/{x;s/^/x/;/^x$/{x;d;};x}' /run/vnetmgr/c.journal
killed renameat c.journal.pending net-repair c
recovers c 'changing it'
has 'a repair says what it has changed' "^Network c repaired: 1 firewall rule added$" "$(own net-repair c)"
logged 'repair' 'VNETMGR_ACTION=net-repair' 'VNETMGR_NETWORK=c' 'PRIORITY=6' \
	"MESSAGE=net-repair of network 'c' done in [0-9]+ ms; 1 firewall rule added"
ok 'nothing to repair' own net-repair c
ok 'no guest' own net-detach c vnet0
logged 'detach' 'VNETMGR_ACTION=net-detach'
echo 'firewall_backend = "legacy"' >/etc/vnetmgr/network.conf
killed renameat firewall net-repair --firewall
ok 'the next command' own net-list
logged 'recovery, firewall' 'VNETMGR_ACTION=recovery' 'PRIORITY=4' \
	'MESSAGE=recovery done in [0-9]+ ms; an earlier command was interrupted while it changed the firewall back end'
killed unlinkat c.journal net-destroy c
recovers c 'stopping it'
killed renameat d.xml.pending net-rename c d
recovers d 'changing or renaming it'
killed unlinkat d.undefined net-undefine d
recovers d 'undefining it'
same 'nothing else' "$n" "$(wc -l <entries)"
kill $journald
rm /run/systemd/journal/socket
ok 'without a journal' own net-undefine b
finish
