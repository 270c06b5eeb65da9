#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fault.sh - tests/fault/sweep.sh of the commands that take such a kernel: VLANs, VRFs, and Open vSwitch by the kernel.
#
#   fault.sh [FAULT/STEP,... [ROW,... [CALL,...]]]   these faults [KILL/499], in these rows of
#                                            tests/fault/commands.sh [all], at these system calls [all]
#
# An emulated machine takes half a minute for a row, and 10 s for a point, if the real one has nothing else to do; so this is for samples.
# What makes a difference to a kill: sendmsg,write,renameat,unlinkat,mkdirat,ftruncate,ioctl,bpf,clone,vfork.
faults=${1:-KILL/499}
[ "${2:-all}" != all ] && rows=$2 || rows=$(sed -nE 's/^	row ((vlan|told|vrf|ovs)-[a-z]*).*/\1/p' "$srcdir/tests/fault/commands.sh" | tr '\n' ,)
export VNM_TEST_MUST_WORK=1 VNM_FAULT_SECONDS=600 builddir=/usr/sbin
points=0 failures=0
for row in $(echo "$rows" | tr , ' '); do
	results=/tmp/$row.tsv
	sh "$srcdir/tests/fault/sweep.sh" -n -q -j "$(nproc)" -b nftables -c "$row" -f "$faults" -y "${3:-}" -r "$results" >/tmp/sums || failures=$((failures + 1))
	# The table, and what went wrong.
	sed -E 's/^[a-z]+: /FAIL: &/' /tmp/sums
	n=$(grep -c . "$results")
	echo "$row: $n points"
	[ "$n" -gt 0 ] || { echo "FAIL: $row: no such row, or no point at this step"; failures=$((failures + 1)); }
	points=$((points + n))
done
echo "$points checks, $failures failures"
[ "$failures" -eq 0 ]
