#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# timed.sh COMMAND... TEST - runs the test, and leaves in TEST.time below the current directory when it began and ended, in
# seconds since the boot, and what times(1) prints for its processes; no program is started for it. "make slowest" prints these.
for test; do :; done
test=tests/${test##*tests/} test=${test%.sh}
read -r begun rest </proc/uptime
"$@"
status=$?
read -r ended rest </proc/uptime
mkdir -p "${test%/*}" && { echo "$test $begun $ended"; times; } >"$test.time"
exit $status
