#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh - vnetmgr on Debian's kernels as they are installed, in QEMU: nothing is loaded, nothing is prepared.
#
#   run.sh                        the tour, the firewall back ends, VLANs, VRFs and the guards on each kernel, then on one net-doctor and every variant
#   run.sh SUITE tour             one of them
#   run.sh SUITE backends         networks by the firewall back ends of nf_tables
#   run.sh SUITE fallback         without one after the other of what back ends need: what is said, and which one is taken
#   run.sh SUITE guards           what guests send that harms others, by the scripts of tests/ns
#   run.sh SUITE doctor           faults that take such a kernel, and a machine of their own
#   run.sh SUITE vlan             guests in VLANs, on a bridge of the host
#   run.sh SUITE vlan-own         the same on bridges that we make, and with an uplink
#   run.sh SUITE vrf              networks in VRFs, with overlapping subnets
#   run.sh SUITE vrf-device       those with a forward device in their VRF, in another one, in none
#   run.sh SUITE vrf-overlay      tenants on two hosts: a VRF and a VNI each
#   run.sh SUITE sriov            virtual functions of an emulated network card; only if it is asked for, and with a QEMU that has one
#   run.sh SUITE flowtable        what a flowtable would gain: rates; only if it is asked for
#   run.sh SUITE fault [FAULT/STEP,... [ROW,... [CALL,...]]]   tests/fault/sweep.sh in what takes such a kernel; only if it is asked for
#   run.sh SUITE ns NAME...       tests/ns/NAME.sh on that kernel
#   run.sh SUITE VARIANT...
#
# VNM_KERNELS: the suites [bookworm trixie sid]; VNM_VARIANTS_ON: where the variants are tried [trixie];
# VNM_KERNELS_DIR: where kernels are kept [BUILD/kernels]. Results: VNM_KERNELS_DIR/results.tsv, and a log each.
# VNM_KERNELS_LIMIT: seconds that a boot may take [300; 600 for each script of tests/ns; 3000 for faults]; more on a busy machine.
# VNM_QEMU: the program [qemu-system-x86_64]. VNM_ACCEL: of QEMU [tcg,thread=multi]; "kvm" where that works.
# Without QEMU, busybox or apt: exit status 77.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PATH=$PATH:/usr/sbin:/sbin
: "${VNETMGR:?the program under test}" "${builddir:=$PWD}"
dir=${VNM_KERNELS_DIR:-$builddir/kernels} rig=${VNM_KERNELS_DIR:-$builddir/kernels}/rig
read -r -a suites <<<"${VNM_KERNELS:-bookworm trixie sid}"
results=$dir/results.tsv

skip() { echo "SKIP: check-kernels: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }
for tool in qemu-system-x86_64 busybox apt-get dpkg depmod modprobe ldd xz gzip; do
	command -v "$tool" >/dev/null || skip "$tool is not installed (qemu-system-x86, busybox, kmod, xz-utils)"
done
[ "$(uname -m)" = x86_64 ] || skip 'the kernels are for x86_64'

. "$here/qemu.sh"

# By what kernels differ in: tables of frames and of raw packets, the bridge's own guards, chains at a VXLAN device.
guards='redirects stp counters lab frames spoof overlay overlay-frames overlay-guard'

# What each variant leaves out of modules.list, as an extended regular expression; "-": nothing.
variants='
no-legacy	ip6?_tables|ip6?tables?_.*|iptable_.*
no-legacy6	ip6_tables|ip6table_.*
no-nat-table	iptable_nat|ip6table_nat
no-nft-compat	nft_compat
no-nf-tables	nf_tables|nft_.*
no-br_netfilter	br_netfilter
no-devgroup	xt_devgroup
no-CHECKSUM	xt_CHECKSUM
no-nat-target	xt_nat
no-REJECT	ipt_REJECT
no-REJECT6	ip6t_REJECT
no-police	act_police
no-limits	act_police|ifb|nf_tables|nft_.*
no-htb	sch_htb
no-bridge	bridge|br_netfilter|nf_conntrack_bridge|nft_reject_bridge|nft_meta_bridge
no-tun	tun
no-veth	veth
no-vxlan	vxlan
no-vrf	vrf
disabled	-
disabled-later	-
no-loader	-
preloaded	-
user	-
quickstart	-
limits	-'

base() {
	[ "$rig/base.gz" -nt "$VNETMGR" ] && [ "$rig/base.gz" -nt "$here/initramfs.sh" ] && [ "$rig/base.gz" -nt "$here/init" ] ||
		bash "$here/initramfs.sh" base "$rig/base.gz" "$VNETMGR"
}

modules() {	# SUITE NAME PATTERN: prints the archive
	local out=$rig/$1-$2.gz
	[ "$out" -nt "$here/modules.list" ] && [ "$out" -nt "$dir/$1/complete" ] && [ "$out" -nt "$here/run.sh" ] ||
		bash "$here/initramfs.sh" modules "$out" "$dir/$1" "$3" || return 1
	echo "$out"
}

boot() {	# SUITE LOG SECONDS: one run of qemu, which may take so long; its end line is the verdict
	local cpus=2
	# QEMU's translation of several processors at once is not up to the code patching of these.
	case $(cat "$dir/$1/complete") in [789]*) cpus=1 ;; esac
	# The kernel's check of the timer measures an emulated one on a busy machine, and panics.
	rm -f "$2" "$2.console"
	# shellcheck disable=SC2086
	timeout -k 10 "$3" $QEMU ${more:-} -smp $cpus -m 768 -no-reboot -kernel "$(kernel_of "$dir/$1")" -initrd "$rig/initrd" \
		-append "console=ttyS0 quiet panic=-1 mitigations=off no_timer_check net.ifnames=0" \
		-serial "file:$2.console" -serial "file:$2" </dev/null >"$2.qemu" 2>&1
	grep -q '^END ' "$2" 2>/dev/null
}

# As real ones: a card (82576, the driver igb) behind a port of PCI Express.
card='-device pcie-root-port,id=port1 -netdev hubport,id=net1,hubid=1 -device igb,bus=port1,netdev=net1'

failed=0
run() {	# SUITE NAME MODULES JOB
	local log="$dir/$1-$2.log" from=$SECONDS limit=${VNM_KERNELS_LIMIT:-300} wrong= name status seconds verdict checks

	cat "$rig/base.gz" "$3" >"$rig/initrd.new" && bash "$here/initramfs.sh" job "$rig/job.gz" "$4" "$builddir" &&
		cat "$rig/job.gz" >>"$rig/initrd.new" && mv "$rig/initrd.new" "$rig/initrd" || return 1
	case $4 in fault*) limit=${VNM_KERNELS_LIMIT:-3000} ;; esac
	[ "$4" = "${4#ns }" ] || limit=$((${VNM_KERNELS_LIMIT:-600} * $(wc -w <<<"$4")))
	# By three back ends or on two hosts, and asked by net-doctor, which waits for answers.
	[ "${4#vrf}" = "$4" ] || limit=$((limit * 3))
	# A kernel that dies under emulation is no failed test: once more.
	boot "$1" "$log" "$limit" || { echo "    $1 $2: no end; once more" >&2; boot "$1" "$log" "$limit"; } || {
		printf '%s\t%s\tno end\t%s\t%s\n' "$1" "$2" $((SECONDS - from)) "$(tail -n 1 "$log.console" | tr -d '\r\t' | cut -c 1-60)" | tee -a "$results"
		failed=$((failed + 1)); return
	}
	while read -r name status seconds checks; do
		[ "$status" = 0 ] && verdict=ok || { verdict=FAILED failed=$((failed + 1)) wrong=1; }
		printf '%s\t%s\t%s\t%s\t%s\n' "$(cat "$dir/$1/complete")" "$name" $verdict "$seconds" "$checks" | tee -a "$results"
	done < <(tr -d '\r' <"$log" | awk '
		/^\| [0-9]+ checks, / { checks = substr($0, 3) }
		sub(/^RESULT (variants )?/, "") { print $1, $(NF - 1), $NF, checks; checks = "" }')
	[ -z "$wrong" ] || tr -d '\r' <"$log" | grep -E -A 4 '^\| (FAIL|SKIP)' | sed -n 1,40p
	grep -E '^(\| )?~' "$log"
	grep -E '^!' "$log" && failed=$((failed + 1))
	rm -f "$log.qemu"
}

variant() {	# SUITE NAME
	local pattern
	pattern=$(awk -v name="$2" '$1 == name { print $2 }' <<<"$variants")
	[ -n "$pattern" ] || { echo "no variant $2" >&2; return 1; }
	[ "$pattern" != - ] && run "$1" "$2" "$(modules "$1" "$2" "$pattern")" "variants $2" ||
		{ [ "$pattern" = - ] && run "$1" "$2" "$(modules "$1" all '')" "variants $2"; }
}

mkdir -p "$rig"
: >"$results"
if [ $# -gt 0 ]; then
	suite=$1; shift
	[ "$1" != sriov ] || suite=$suite-full
	bash "$here/fetch.sh" "$dir" "$suite" || skip "no kernel of $suite to be had"
	base || exit 1
	case $1 in
	tour | backends | fallback | doctor | vlan | vlan-own | vrf | vrf-overlay | vrf-device | flowtable) run "$suite" "$1" "$(modules "$suite" all '')" "$1" ;;
	sriov)
		grep '"igb"' <($QEMU -device help 2>&1) >/dev/null || skip 'QEMU has no card with virtual functions (igb, since 8.0): VNM_QEMU=PROGRAM'
		more=$card run "$suite" sriov "$(modules "$suite" all '')" sriov ;;
	guards) run "$suite" guards "$(modules "$suite" all '')" "ns $guards" ;;
	fault) run "$suite" fault "$(modules "$suite" all '')" "$*" ;;
	ns) run "$suite" ns "$(modules "$suite" all '')" "$*" ;;
	*) for name; do variant "$suite" "$name"; done ;;
	esac
else
	bash "$here/fetch.sh" "$dir" "${suites[@]}" || skip 'no kernels to be had'
	base || exit 1
	for suite in "${suites[@]}"; do
		run "$suite" tour "$(modules "$suite" all '')" tour
		run "$suite" backends "$(modules "$suite" all '')" backends
		run "$suite" vlan "$(modules "$suite" all '')" vlan
		run "$suite" vlan-own "$(modules "$suite" all '')" vlan-own
		for job in vrf vrf-device vrf-overlay; do run "$suite" $job "$(modules "$suite" all '')" $job; done
		run "$suite" guards "$(modules "$suite" all '')" "ns $guards"
	done
	for suite in ${VNM_VARIANTS_ON:-trixie}; do
		run "$suite" doctor "$(modules "$suite" all '')" doctor
		run "$suite" fallback "$(modules "$suite" all '')" fallback
		for name in $(awk 'NF { print $1 }' <<<"$variants"); do variant "$suite" "$name"; done
	done
fi
echo "$(grep -c . "$results") runs, $failed failures; see $results"
[ "$failed" -eq 0 ]
