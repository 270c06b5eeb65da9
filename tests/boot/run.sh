#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh [SUITE...] - vnetmgr through the boots of whole Debian systems in QEMU: networks that are marked come up by
# themselves, after a power cut too; a shutdown is clean; one network that cannot start stops nobody else; other services' restarts,
# clients of libvirt and a suspended machine.
#
# VNM_PACKAGES_DIR: Debian packages to install, in a directory SUITE each, as scripts/packages leaves them; without, it is what "make
# install" installs. VNM_BOOT_DIR: where images are kept [BUILD/boot]; VNM_KERNELS_DIR, VNM_ACCEL as in tests/kernels/run.sh. Results:
# VNM_BOOT_DIR/results.tsv, times.txt with what systemd-analyze says, and a log each. What is missing to run it: exit status 77.
# Releases boot beside each other, a processor each; the boots of one follow each other.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PATH=$PATH:/usr/sbin:/sbin
: "${builddir:=$PWD}"
dir=${VNM_BOOT_DIR:-$builddir/boot} kernels=${VNM_KERNELS_DIR:-$builddir/kernels}
[ $# -gt 0 ] || set -- bookworm trixie
results=$dir/results.tsv

skip() { echo "SKIP: check-boot: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }
for tool in qemu-system-x86_64 busybox mmdebstrap mke2fs systemctl apt-get dpkg depmod modprobe xz; do
	command -v "$tool" >/dev/null || skip "$tool is not installed (qemu-system-x86, busybox, mmdebstrap, e2fsprogs, kmod)"
done
[ "$(id -u)" -eq 0 ] || skip 'only root can build images'
[ "$(uname -m)" = x86_64 ] || skip 'the kernels are for x86_64'

. "$here/../kernels/qemu.sh"

# said LOG: what the machine has written so far
said() { tr -d '\r' <"$1"; }
last_word() { awk '/^(SUSPEND|AWAKE|CUT)\r?$/ { word = $1 } END { sub(/\r/, "", word); print word }' "$1"; }

# machine SUITE LOG: starts it; its monitor reads what is written to the descriptor $monitor. Sets pid.
machine() {
	# shellcheck disable=SC2086
	$QEMU_STEADY -m 1024 -no-reboot -kernel "$(kernel_of "$kernels/$1")" -initrd "$dir/$1-initrd.gz" \
		-append "console=ttyS0 root=/dev/vda rw quiet panic=-1 no_timer_check mitigations=off net.ifnames=0" \
		-drive "file=$dir/$1.img,if=virtio,format=raw,cache=unsafe" \
		-drive "file=$dir/$1-state.img,if=virtio,format=raw,cache=unsafe" \
		-serial "file:$2.console" -serial "file:$2" -monitor stdio <&$monitor >"$2.qemu" 2>&1 &
	pid=$!
}

# boot SUITE N: one boot, until the machine is off or, with CUT, has no power any more. After SUSPEND it is woken, until it is AWAKE.
boot() {
	local log=$dir/$1-$2.log pid monitor end=$((SECONDS + ${VNM_BOOT_SECONDS:-1800})) from=$SECONDS
	: >"$log"
	exec {monitor}<> <(:)
	machine "$1" "$log"
	while kill -0 $pid 2>/dev/null; do
		case $(last_word "$log") in
		CUT) kill -KILL $pid; break ;;
		SUSPEND) echo system_wakeup >&$monitor ;;
		# After a sleep QEMU does not notice that the power is off.
		AWAKE) ! grep -q 'reboot: Power down' "$log.console" || kill -KILL $pid ;;
		esac
		[ $SECONDS -lt $end ] || { kill -KILL $pid; break; }
		read -r -t 1 _ <&$nothing
	done
	wait $pid 2>/dev/null
	exec {monitor}>&-
	judge "$1" "$2" "$log" $((SECONDS - from)) $((SECONDS < end))
}

# judge SUITE N LOG SECONDS ENDED: results and times of a boot; fails if there can be no next one
judge() {
	local verdict checks system
	said "$3" | sed -n "s/^TIME /$1 boot $2: /p" >>"$dir/$1-times.txt"
	verdict=$(said "$3" | awk '$1 == "RESULT" { print $3 }')
	checks=$(said "$3" | sed -n 's/^| \([0-9]* checks.*\)/\1/p')
	system=$(said "$3" | sed -n 's/^BOOT [0-9]* //p')
	[ -n "$verdict" ] && [ "$5" = 1 ] || verdict='no end'
	printf '%s\tboot %s\t%s\t%s s\t%s\t%s\n' "$1" "$2" "$([ "$verdict" = 0 ] && echo ok || echo "FAILED ($verdict)")" "$4" \
		"$checks" "$system" | tee -a "$dir/$1-results.tsv"
	[ "$verdict" = 0 ] || said "$3" | grep '^|' | sed -n 1,60p
	[ "$verdict" != 'no end' ]
}

# boots SUITE: all of them. Return: 77 if what was built does not run there.
boots() {
	local packages=${VNM_PACKAGES_DIR:-/nowhere}/$1 n status
	[ -d "$packages" ] || packages=
	bash "$here/image.sh" "$1" "$dir" "$builddir" "$kernels/$1" "$packages"; status=$?
	[ $status -ne 77 ] || echo "SKIP: $1" >&2
	[ $status -eq 0 ] || return $status
	bash "$here/../kernels/initramfs.sh" root "$dir/$1-initrd.gz" "$kernels/$1" || return 1
	for n in 1 2 3 4 5 6; do
		boot "$1" $n || return 1
	done
}

exec {nothing}<> <(:)	# what never comes: a second that passes without a process
mkdir -p "$dir"
bash "$here/../kernels/fetch.sh" "$kernels" "$@" || skip 'no kernels to be had'
: >"$results"; : >"$dir/times.txt"
pids= failed=0
for suite; do
	: >"$dir/$suite-results.tsv"; : >"$dir/$suite-times.txt"
	boots "$suite" & pids="$pids $!"
done
for pid in $pids; do
	wait "$pid" || [ $? = 77 ] || failed=1
done
for suite; do
	cat "$dir/$suite-results.tsv" >>"$results"; cat "$dir/$suite-times.txt" >>"$dir/times.txt"
done
[ -s "$results" ] || [ $failed = 1 ] || skip 'no system to boot'
echo "$(grep -c . "$results") boots, $(grep -vc '	ok	' "$results") failures; see $results"
[ $failed = 0 ] && ! grep -qv '	ok	' "$results"
