#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh [SCENARIO...] - real guests: machines in QEMU with Debian's kernel, on networks of vnetmgr, each scenario in a sandbox of
# its own; one machine at a time, two where they talk to each other.
#
# What went well for this program and these scripts is not run again, so an interrupted run goes on where it was; a scenario that
# is named is run in any case.
# VNM_KERNELS_DIR: where the kernel is kept [BUILD/kernels]; VNM_GUESTS_SUITE: of which release [bookworm]; VNM_ACCEL: of QEMU.
# Results: BUILD/guests/results.tsv, and a log each. What is missing to run it: exit status 77.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C
: "${VNETMGR:?the program under test}" "${builddir:=$PWD}"
export VNETMGR builddir srcdir=$here/../..
kernels=${VNM_KERNELS_DIR:-$builddir/kernels} suite=${VNM_GUESTS_SUITE:-bookworm} dir=$builddir/guests
scenarios='nat isolated uplink pool mtu multiqueue owner helper reboot pxe'
results=$dir/results.tsv

skip() { echo "SKIP: check-guests: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }
for tool in qemu-system-x86_64 busybox apt-get dpkg depmod modprobe ldd xz gzip setpriv; do
	command -v "$tool" >/dev/null || skip "$tool is not installed (qemu-system-x86, busybox, kmod, xz-utils)"
done
[ "$(uname -m)" = x86_64 ] || skip 'the kernel is for x86_64'
: 2>/dev/null <>/dev/net/tun || skip '/dev/net/tun cannot be opened (by root, with the module tun)'
. "$here/../kernels/qemu.sh"

mkdir -p "$dir"
bash "$here/../kernels/fetch.sh" "$kernels" "$suite" || skip "no kernel of $suite to be had"
VNM_GUEST_KERNEL=$(kernel_of "$kernels/$suite") VNM_GUEST_INITRD=$dir/initrd.gz
export VNM_GUEST_KERNEL VNM_GUEST_INITRD QEMU
bash "$here/../kernels/initramfs.sh" guest "$VNM_GUEST_INITRD" "$kernels/$suite" || exit 1

stamp=$(cat "$VNETMGR" "$here"/* "$here/../lib/ns.sh" "$kernels/$suite/complete" | cksum | tr ' ' -)
touch "$results"
went_well() { awk -F '\t' -v name="$1" -v stamp="$stamp" '$1 == name && $2 == "ok" && $5 == stamp { found = 1 } END { exit !found }' "$results"; }

failed=0 ran=0 running=
# No machine outlives us.
trap '[ -z "$running" ] || kill "$running"' EXIT
trap 'exit 1' HUP INT TERM
one() {	# SCENARIO
	local log=$dir/$1.log from=$SECONDS status verdict checks
	timeout -k 10 900 sh "$here/$1.sh" </dev/null >"$log" 2>&1 & running=$!
	wait $running; status=$?
	running=
	case $status in 0) verdict=ok ;; 77) verdict=skipped ;; *) verdict=FAILED ;; esac
	checks=$(tr -d '\0' <"$log" | sed -n 's/^\([0-9]* checks, .*\)/\1/p')
	[ -n "$checks" ] || checks="status $status"
	grep -v "^$1	" "$results" >"$results.new"
	printf '%s\t%s\t%s\t%s\t%s\n' "$1" $verdict $((SECONDS - from)) "$checks" "$stamp" >>"$results.new"
	mv "$results.new" "$results"
	tail -n 1 "$results" | cut -f 1-4
	[ $verdict = ok ] || { grep -a -E -A 6 '^(FAIL|SKIP)|does not answer' "$log" || tail -n 10 "$log"; } | sed -n 1,40p
	[ $verdict != FAILED ] || failed=$((failed + 1))
	ran=$((ran + 1))
}

if [ $# -gt 0 ]; then
	for name; do one "$name"; done
else
	for name in $scenarios; do
		went_well "$name" && echo "$name	went well already" || one "$name"
	done
fi
echo "$ran scenarios, $failed failures; see $results"
[ "$failed" -eq 0 ]
