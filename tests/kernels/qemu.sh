# SPDX-License-Identifier: GPL-2.0-or-later
# qemu.sh - what all machines of tests are, and which kernel they boot; sourced by tests/kernels, tests/boot and tests/guests.

# A machine without anything that nobody asked for, and behind everybody else who wants the processor. VNM_ACCEL: of QEMU.
# shellcheck disable=SC2034
QEMU="nice -n 10 qemu-system-x86_64 -accel ${VNM_ACCEL:-tcg,thread=multi} -machine q35 -cpu max -nodefaults -no-user-config -display none"

# kernel_of DIR: prints the kernel that fetch.sh has unpacked there
kernel_of() { local v; v=$(cat "$1/complete"); ls "$1/boot/vmlinuz-$v" "$1/lib/modules/$v/vmlinuz" 2>/dev/null | head -n 1; }
