#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh [SUITE...] - vnetmgr through the boots of whole Debian systems in QEMU: networks that are marked come up by
# themselves, after a power cut too; a shutdown is clean; one network that cannot start stops nobody else; other services' restarts,
# and clients of libvirt.
#
# VNM_PACKAGES_DIR: Debian packages to install, in a directory SUITE each, as scripts/packages leaves them; without, it is what "make
# install" installs. VNM_BOOT_DIR: where images are kept [BUILD/boot]; VNM_KERNELS_DIR, VNM_ACCEL as in tests/kernels/run.sh. Results:
# VNM_BOOT_DIR/results.tsv, times.txt with what systemd-analyze says, and a log each. What is missing to run it: exit status 77.
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

# boot SUITE N WORD: one boot, until the machine is off or, with CUT, has no power any more.
boot() {
	local log=$dir/$1-$2.log pid end=$((SECONDS + ${VNM_BOOT_SECONDS:-900})) from=$SECONDS cut=0
	: >"$log"
	# shellcheck disable=SC2086
	$QEMU -smp 2 -m 1024 -no-reboot -kernel "$(kernel_of "$kernels/$1")" -initrd "$dir/$1-initrd.gz" \
		-append "console=ttyS0 root=/dev/vda rw quiet panic=-1 no_timer_check mitigations=off net.ifnames=0" \
		-drive "file=$dir/$1.img,if=virtio,format=raw,cache=unsafe" \
		-drive "file=$dir/$1-state.img,if=virtio,format=raw,cache=unsafe" \
		-serial "file:$log.console" -serial "file:$log" </dev/null >"$log.qemu" 2>&1 &
	pid=$!
	while kill -0 $pid 2>/dev/null; do
		if grep -q '^CUT$' <(tr -d '\r' <"$log"); then cut=1; kill -KILL $pid; break; fi
		[ $SECONDS -lt $end ] || { kill -KILL $pid; break; }
		read -r -t 0.5 _ <> <(:)	# half a second
	done
	wait $pid 2>/dev/null
	tr -d '\r' <"$log" | sed -n "s/^TIME /$1 boot $2: /p" >>"$dir/times.txt"
	verdict=$(tr -d '\r' <"$log" | awk '$1 == "RESULT" { print $3 }')
	checks=$(tr -d '\r' <"$log" | sed -n 's/^| \([0-9]* checks.*\)/\1/p')
	system=$(tr -d '\r' <"$log" | sed -n 's/^BOOT [0-9]* //p')
	[ -n "$verdict" ] && [ $SECONDS -lt $end ] || verdict='no end'
	printf '%s\tboot %s\t%s\t%s s\t%s\t%s\n' "$1" "$2" "$([ "$verdict" = 0 ] && echo ok || echo "FAILED ($verdict)")" $((SECONDS - from)) \
		"$checks" "$system" | tee -a "$results"
	[ "$verdict" = 0 ] || { failed=$((failed + 1)); tr -d '\r' <"$log" | grep '^|' | head -n 40; }
	[ "$verdict" != 'no end' ]
}

failed=0
mkdir -p "$dir"
: >"$results"; : >"$dir/times.txt"
bash "$here/../kernels/fetch.sh" "$kernels" "$@" || skip 'no kernels to be had'
for suite; do
	packages=${VNM_PACKAGES_DIR:-/nowhere}/$suite
	[ -d "$packages" ] || packages=
	bash "$here/image.sh" "$suite" "$dir" "$builddir" "$kernels/$suite" "$packages"; status=$?
	[ $status -ne 77 ] || { echo "SKIP: $suite" >&2; continue; }
	[ $status -eq 0 ] || exit 1
	bash "$here/../kernels/initramfs.sh" root "$dir/$suite-initrd.gz" "$kernels/$suite" || exit 1
	for n in 1 2 3 4; do
		boot "$suite" $n || break
	done
done
[ -s "$results" ] || skip 'no system to boot'
echo "$(grep -c . "$results") boots, $failed failures; see $results"
[ "$failed" -eq 0 ]
