#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# initramfs.sh - the parts of an initramfs; the kernel takes several archives, one after the other.
#
#   initramfs.sh base OUT VNETMGR               programs of this machine, with their libraries, and vnetmgr
#   initramfs.sh modules OUT KERNEL [PATTERN]   modules of modules.list, but those that match the extended regular expression
#   initramfs.sh root OUT KERNEL                what leads to a root on a disk, see tests/boot/init
#   initramfs.sh guest OUT KERNEL               a guest of tests/guests: busybox, and what it needs for its devices
#   initramfs.sh job OUT JOB BUILDDIR           the tests with the programs that they send by, and which of them is to run
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
export PATH=$PATH:/usr/sbin:/sbin
kind=$1 out=$2; shift 2
root=$(mktemp -d "$out.XXXXXX")
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
umask 022

pack() {
	mkdir -p "$(dirname "$out")"
	(cd "$root" && find . | LC_ALL=C sort | busybox cpio -o -H newc -R 0:0 2>/dev/null) | gzip -1 >"$out.new"
	mv "$out.new" "$out"
}

skeleton() {	# one tree, as the machine has it
	local d

	mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/{dev,etc,job,proc,root,run,sys,tmp,var/lib/misc}
	for d in bin sbin lib lib64; do
		ln -s "usr/$d" "$root/$d"
	done
}

put() {	# FILE...: with the libraries that it names
	local file library

	for file; do
		[ -e "$root$file" ] || { mkdir -p "$root$(dirname "$file")"; cp -L "$file" "$root$file"; }
		while read -r library; do
			[ -e "$root$library" ] || { mkdir -p "$root$(dirname "$library")"; cp -L "$library" "$root$library"; }
		done < <(ldd "$file" 2>/dev/null | grep -oE '/[^ ]+')
	done
}

programs='bash sh mount umount mkdir rmdir cat ls rm cp mv ln chmod chown mknod mkfifo date head tail wc sort uniq tr cut tee
	env id uname touch stat readlink realpath basename dirname mktemp seq timeout sync od sleep true false test expr printf echo
	comm nproc grep sed awk find xargs diff cmp ps pgrep pkill kill ip tc bridge ss nft iptables-legacy ip6tables-legacy
	iptables-legacy-save ip6tables-legacy-save iptables-legacy-restore iptables-nft ip6tables-nft iptables-nft-save ip6tables-nft-save
	modprobe lsmod rmmod depmod setpriv unshare nsenter sysctl ping dig nc
	strace dnsmasq busybox flock script hostname sha256sum'

# unpacked FILE...: of VNM_TEST_UNPACKED, with the libraries of there, in a place of its own, as tests expect it
unpacked() {
	local from=$VNM_TEST_UNPACKED file library libraries

	libraries=$(echo "$from"/usr/lib/*/frr "$from"/usr/lib/*-linux-gnu "$from"/lib/*-linux-gnu | tr ' ' :)
	for file; do
		mkdir -p "$root/unpacked/$(dirname "$file")"
		cp -L "$from/$file" "$root/unpacked/$file"
		{ LD_LIBRARY_PATH=$libraries ldd "$from/$file" 2>/dev/null || true; } | { grep -oE '/[^ ]+' || true; } | while read -r library; do
			case $library in
			"$from"/*) mkdir -p "$root/unpacked/usr/lib/x86_64-linux-gnu"; cp -L "$library" "$root/unpacked/usr/lib/x86_64-linux-gnu/" ;;
			*) put "$library" ;;
			esac
		done
	done
	mkdir -p "$root/usr/local/bin"
}
ovs() {
	[ ! -x "${VNM_TEST_UNPACKED:-}/usr/lib/openvswitch-switch/ovs-vswitchd" ] || unpacked usr/bin/ovs-vsctl usr/bin/ovsdb-tool \
		usr/sbin/ovsdb-server usr/lib/openvswitch-switch/ovs-vswitchd usr/share/openvswitch/vswitch.ovsschema
}
frr() {
	[ -z "${VNM_TEST_UNPACKED:-}" ] || [ ! -x "$VNM_TEST_UNPACKED/usr/lib/frr/bgpd" ] ||
		unpacked usr/lib/frr/zebra usr/lib/frr/bgpd usr/lib/frr/bfdd usr/bin/vtysh
}

base() {	# VNETMGR
	local name path

	skeleton
	for name in $programs; do
		path=$(type -P "$name") || continue
		put "$path"
	done
	# Of a package that may be unpacked only.
	path=$(type -P conntrack || echo "${VNM_TEST_UNPACKED:-}/usr/sbin/conntrack")
	[ ! -x "$path" ] || { put "$path"; [ -e "$root/usr/sbin/conntrack" ] || mv "$root$path" "$root/usr/sbin/"; }
	ovs
	frr
	# Names by which one program is many.
	for name in "$root"/usr/sbin/{modprobe,lsmod,rmmod,depmod}; do
		[ ! -e "$name" ] || { cp "$(readlink -f "$(type -P kmod)")" "$root/usr/bin/kmod"; ln -sf ../bin/kmod "$name"; }
	done
	[ -e "$root/usr/sbin/modprobe" ] || ln -s ../bin/kmod "$root/usr/sbin/modprobe"
	for path in /usr/lib/*/xtables /usr/lib64/xtables; do
		[ ! -d "$path" ] || for name in "$path"/*.so; do put "$name"; done
	done
	mkdir -p "$root/usr/share/vnetmgr" "$root/etc/iproute2"
	cp "$1" "$root/usr/sbin/vnetmgr"
	cp "${builddir:-${1%/*}}"/vnetmgr-{cni,bridge-helper} "$root/usr/sbin/"
	for path in "$root"/usr/sbin/vnetmgr*; do
		ldd "$path" | grep -oE '/[^ ]+' | while read -r path; do put "$path"; done
	done
	cp -r "$top/schemas" "$top/networks" "$root/usr/share/vnetmgr/"
	printf '%s\n' root:x:0:0:root:/root:/bin/sh nobody:x:65534:65534:nobody:/:/bin/sh \
		dnsmasq:x:100:65534:dnsmasq:/:/bin/false user:x:1000:1000:user:/tmp:/bin/sh >"$root/etc/passwd"
	printf '%s\n' root:x:0: nogroup:x:65534: user:x:1000: >"$root/etc/group"
	echo 'passwd: files
group: files
hosts: files dns
services: files
protocols: files' >"$root/etc/nsswitch.conf"
	echo '127.0.0.1 localhost' >"$root/etc/hosts"
	cp /etc/services /etc/protocols "$root/etc/" 2>/dev/null || true
	cp "$here/init" "$root/init"
	# tests/lib/fault.sh knows by its cache where the loader's system calls end.
	ldconfig -r "$root"
	pack
}

add_modules() {	# KERNEL PATTERN NAMES
	local version name file place names=$3

	version=$(cat "$1/complete")
	mkdir -p "$root/usr/lib/modules/$version"
	[ -z "${2:-}" ] || names=$(grep -vxE "$2" <<<"$names")
	for name in $names; do
		modprobe -d "$1" -S "$version" --show-depends "$name" 2>/dev/null || true
	done | awk '$1 == "insmod" { print $2 }' | sort -u >"$root/files"
	while read -r file; do
		name=$(basename "$file")
		# Neither by the way of what depends on it.
		[ -z "${2:-}" ] || ! grep -qxE "$2" <<<"${name%%.ko*}" || continue
		# Each has the place that it has on a system: whether there is one is looked up by that.
		file=$(readlink -f "$file") place=$root/usr/lib/modules/${file#*/lib/modules/}
		mkdir -p "$(dirname "$place")"
		case $file in
		*.xz) xz -dc "$file" >"${place%.xz}" ;;
		*.zst) zstd -qdc "$file" >"${place%.zst}" ;;
		*) cp "$file" "$place" ;;
		esac
	done <"$root/files"
	rm "$root/files"
	for file in modules.builtin modules.builtin.modinfo modules.order; do
		cp "$1/lib/modules/$version/$file" "$root/usr/lib/modules/$version/" 2>/dev/null || true
	done
	ln -s usr/lib "$root/lib"
	depmod -b "$root" "$version" 2>/dev/null
	rm "$root/lib"
}

modules() {	# KERNEL [PATTERN]
	add_modules "$1" "${2:-}" "$(grep -v '^#' "$here/modules.list" | xargs -n 1)"
	pack
}

root() {	# KERNEL
	add_modules "$1" '' 'virtio_pci
virtio_blk
ext4'
	mv "$root/usr" "$root/usr.modules"
	skeleton
	cp -r "$root/usr.modules/." "$root/usr/"
	rm -rf "$root/usr.modules"
	put "$(type -P sh)" "$(type -P busybox)" "$(type -P modprobe)"
	cp "$here/../boot/init" "$root/init"
	pack
}

guest() {	# KERNEL
	skeleton
	mv "$root/lib" "$root/lib.link"	# modules go to the place that it leads to
	add_modules "$1" '' 'virtio_pci
virtio_net'
	mv "$root/lib.link" "$root/lib"
	put "$(type -P busybox)"
	cp "$here/../guests/init" "$root/init"
	cp "$here/../guests/udhcpc" "$root/udhcpc"
	pack
}

job() {	# JOB BUILDDIR
	local program

	mkdir -p "$root"/job/tests/{fault,lib,ns}
	cp "$here"/*.sh "$root/job/"
	cp "$top/data/modules-load.d/vnetmgr.conf" "$root/job/modules-load.conf"
	cp "$top"/tests/lib/*.sh "$root/job/tests/lib/"
	cp "$top"/tests/ns/*.sh "$root/job/tests/ns/"
	cp "$top"/tests/fault/*.{sh,awk} "$root/job/tests/fault/"
	for program in "$2"/tests/ns/{forge,frame}; do
		[ ! -x "$program" ] || cp "$program" "$root/job/tests/ns/"
	done
	ln -s /usr/share/vnetmgr/networks "$root/job/networks"
	ln -s /usr/share/vnetmgr/schemas "$root/job/schemas"
	echo "$1" >"$root/job/which"
	pack
}

"$kind" "$@"
