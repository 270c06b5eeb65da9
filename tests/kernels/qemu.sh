# SPDX-License-Identifier: GPL-2.0-or-later
# qemu.sh - what all machines of tests are, and which kernel they boot; sourced by tests/kernels, tests/boot and tests/guests.

# A machine without anything that nobody asked for, and behind everybody else who wants the processor. VNM_ACCEL: of QEMU.
# VNM_QEMU: another one.
# shellcheck disable=SC2034
QEMU="nice -n 10 ${VNM_QEMU:-qemu-system-x86_64} -accel ${VNM_ACCEL:-tcg,thread=multi} -machine q35 -cpu max -nodefaults -no-user-config -display none"

# The same with a clock that counts instructions, one a nanosecond, while the machine is not idle: on a busy host it is not slow to
# itself, so nothing in it times out, and what it measures is the same each time.
# shellcheck disable=SC2034
case ${VNM_ACCEL:-tcg} in
tcg*) QEMU_STEADY="${QEMU/"${VNM_ACCEL:-tcg,thread=multi}"/tcg,thread=single -icount shift=0 -rtc clock=vm} -smp 1" ;;
*) QEMU_STEADY="$QEMU -smp 2" ;;
esac

# kernel_of DIR: prints the kernel that fetch.sh has unpacked there
kernel_of() { local v; v=$(cat "$1/complete"); ls "$1/boot/vmlinuz-$v" "$1/lib/modules/$v/vmlinuz" 2>/dev/null | head -n 1; }
