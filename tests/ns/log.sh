#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each change is logged to the systemd journal with its fields, done or failed; what only reads or asks is not, nor what another root has.
. "$srcdir/tests/lib/ns.sh"
need python3
cd "$T" || exit 1
grep -q HAVE_SD_BUS "$builddir/Makefile" || skip 'built without libsystemd'
# What listens where systemd-journald would, and writes each entry as one line.
mkdir -p /run/systemd/journal
python3 -u - >entries <<'X' &
import os, socket
heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
heard.bind("/run/systemd/journal/socket")
print("ready")
while True:
    os.write(1, b" | ".join(heard.recv(65536).splitlines()) + b"\n")
X
journald=$!
await grep -q ready entries
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
kill $journald
rm /run/systemd/journal/socket
ok 'without a journal' own net-undefine b
finish
