#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every command of docs/RECIPES.md prints what the document says: QEMU, Podman, LXC, nspawn, firewalld and libvirt are real. As far as they
# are not installed, they are unpacked (scripts/deps --unpack); what they then need to be told, or lack in a sandbox, is in wrappers here.
VNM_FIREWALL=auto
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/document.sh"
. "$srcdir/tests/lib/dbus.sh"
awk '$1 == 0 && $2 == 0 && $3 > 65536 { whole = 1 } END { exit !whole }' /proc/self/uid_map || skip 'other programs want to be root'
U=${VNM_TEST_UNPACKED:-/nowhere}
PATH="$PATH:$U/usr/bin"
mkdir -p "$T/path" "$T/lxc" /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup

# wrap PROGRAM ARGUMENT...: a call of it has these arguments first, and the unpacked libraries.
wrap() {
	program=$1; shift
	there=$(command -v "$program") || return
	libraries=; case $there in "$U"/*) libraries=$(printf "%s:" "$U/usr/lib/"*-linux-gnu "$U/lib/"*-linux-gnu) ;; esac
printf '#!/bin/sh\nexport LD_LIBRARY_PATH=%s\nexec %s %s "$@"\n' "'$libraries'" "$there" "$*" >"$T/path/$program"
	chmod +x "$T/path/$program"
}
wrap conmon; wrap crun
wrap systemd-nspawn --register=no --keep-unit
wrap lxc-execute -P "$T/lxc" -s "lxc.rootfs.mount=$T/lxc"
wrap podman --root "$T/pod" --runroot "$T/podrun" --cgroup-manager=cgroupfs \
	--runtime "$T/path/crun" --conmon "$T/path/conmon" && sed -i '2a [ "$1" != run ] || { shift; set -- run --cgroups=disabled "$@"; }' "$T/path/podman"
# The CNI plugin, where runtimes look for it. Podman calls it from a process that has little of our environment.
mount -t tmpfs tmpfs /opt && mkdir -p /opt/cni/bin
printf '#!/bin/sh\nexport VNETMGR_ROOT=%s\nexec %s\n' "$VNETMGR_ROOT" "${builddir:-${VNETMGR%/*}}/vnetmgr-cni" >/opt/cni/bin/vnetmgr-cni
chmod +x /opt/cni/bin/vnetmgr-cni; ln -s /opt/cni/bin/vnetmgr-cni "$T/path"

# What a busybox that is not static needs, an ordinary user, and a /dev/net/tun for everybody, as it is on most hosts.
for library in $(ldd "$(command -v busybox)" | grep -o '/[^ ]*'); do
	mkdir -p "/run/box${library%/*}"; cp -L "$library" "/run/box$library"
done
echo 'ann:x:1001:1001::/tmp:/bin/sh' >>/etc/passwd
mount -t tmpfs tmpfs /dev/net && mknod -m 666 /dev/net/tun c 10 200

# libvirtd with a network
start_libvirtd() {
	for dir in /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do mount -t tmpfs tmpfs $dir; done
	mkdir -p /run/dbus
	libvirtd >"$T/libvirtd.log" 2>&1 &
	await virsh -q list
	sed 's/<uuid>.*//' >"$T/default.xml" <<-'X'
	<network><name>default</name><forward/><bridge name='virbr0'/><ip address='192.168.122.1' netmask='255.255.255.0'/></network>
	X
	ok 'libvirt has a network' virsh -q net-define "$T/default.xml"
	ok 'which is active' virsh -q net-start default
	ok 'and starts at boot' virsh -q net-autostart default
}
# firewalld runs while its section does, and the rules of libvirt, which a reload flushes, are made after it.
enter_section() {
	[ -z "${firewalld:-}" ] || { kill "$firewalld"; wait "$firewalld"; firewalld=; }
	case $1 in
	'firewalld beside it')
		ok 'a bus' bus
		ok 'firewalld starts' firewalld
		ok 'with our zones' zones "$srcdir/data/firewalld"
		;;
	'From libvirtd') start_libvirtd ;;
	esac
}
run_document "$srcdir/docs/RECIPES.md"
[ $checks -ge 95 ] || [ -n "${skipped:-}" ] || ok 'all commands are found' false
[ -z "${skipped:-}" ] || [ -z "${VNM_TEST_MUST_WORK:-}" ] || ok "$skipped commands need programs that are missing" false
finish
