#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# valgrind.sh PROGRAM...: each unit test under valgrind, and a session of the program: no error, nothing definitely lost.
: "${VNETMGR:?the program under test}" "${srcdir:=.}"
command -v valgrind >/dev/null || { echo 'SKIP: valgrind is not installed' >&2; exit 77; }
valgrind="valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite"
failed=0 ran=0
for program; do
	case $program in
	*test_hostile) continue ;; # 50 000 definitions take half an hour; the fuzz targets do the same with sanitizers
	*test_child | *test_dnsmasq | *test_exec* | *test_hook | *test_linediff) continue ;; # valgrind has no pidfd_open()
	esac
	# A child that is killed, or becomes another program, frees nothing: only the test itself counts.
	$valgrind --trace-children=no --child-silent-after-fork=yes "$program" >"valgrind.log" 2>&1; status=$?
	[ $status -eq 77 ] && { echo "SKIP: $program"; continue; }
	ran=$((ran + 1))
	[ $status -eq 0 ] && continue
	failed=$((failed + 1)); echo "FAIL: $program: exit status $status"; grep -E '^==|FAIL|^ *[0-9]+\.' valgrind.log | head -n 40
done
cat >valgrind-session <<EOT
v() { $valgrind --child-silent-after-fork=yes '$VNETMGR' "\$@" >/dev/null 2>valgrind.log; status=\$?
	[ \$status -ne 99 ] || { echo "FAIL: \$*"; cat valgrind.log; bad=1; }; }
bad=0
printf "<network><name>v</name><forward mode='nat'/><bridge name='vbr'/><dns enable='no'/><ip address='192.168.177.1' prefix='24'/></network>" >v.xml
v net-define '$srcdir/networks/keennet.xml'; v net-define v.xml; v net-define '$srcdir/tests/data/bad-doctype-laughs/in.xml'
v net-list --all; v net-info keennet; v net-dumpxml keennet; v net-dhcp-leases keennet; v net-autostart keennet
v net-update keennet add dns-txt "<txt name='a' value='b'/>" --config
v net-start v; v net-list; v net-info v; ip link del vbr; v net-list; v net-repair v
v net-update v add route "<route address='10.99.0.0' prefix='16' gateway='192.168.177.9'/>" --live --config
v net-destroy v; v net-undefine v; v net-start keennet; v net-undefine keennet; v net-list --all --name; v help; v --version
exit \$bad
EOT
"$VNETMGR" sandbox --uplink sh ./valgrind-session || failed=$((failed + 1))
rm -f valgrind-session valgrind.log v.xml
echo "$ran of $# programs and a session, $failed failures"
[ $failed -eq 0 ]
