#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# image.sh SUITE DIR BUILD KERNEL [PACKAGES] - a small Debian with systemd, DIR/SUITE.img, with what "make install" in BUILD installs,
# or with the Debian packages in the directory PACKAGES. Another version of them is in /root/next.
#
# KERNEL: an unpacked kernel with its modules, see tests/kernels/fetch.sh. The state of vnetmgr has a file system of its own,
# DIR/SUITE-state.img. No loop device is needed, and nothing is mounted; the packages are kept in DIR/SUITE.tar.
set -euo pipefail
suite=$1 dir=$2 build=$3 kernel=$4 built=${5:-}
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
version=$(cat "$kernel/complete")
tree=$dir/$suite.tree
packages='systemd systemd-sysv dbus udev kmod iproute2 iptables nftables dnsmasq-base libxml2 libnl-3-200 libnl-route-3-200
	libip4tc2 libip6tc2 libuuid1 libjansson4 libsystemd0 udhcpc busybox iputils-ping procps netcat-openbsd
	firewalld iptables-persistent docker.io libvirt-clients apparmor'

mkdir -p "$dir"
[ -s "$dir/$suite.tar" ] && [ "$(cat "$dir/$suite.packages" 2>/dev/null)" = "$packages" ] || {
	mmdebstrap --quiet --variant=minbase --mode=root --include="$(echo $packages | tr ' ' ,)" \
		--aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' \
		"$suite" "$dir/$suite.new.tar" "${VNM_MIRROR:-http://deb.debian.org/debian}" >"$dir/$suite.log" 2>&1
	mv "$dir/$suite.new.tar" "$dir/$suite.tar"
	echo "$packages" >"$dir/$suite.packages"
}
rm -rf "$tree"
mkdir "$tree"
trap 'rm -rf "$tree"' EXIT
tar -C "$tree" -xf "$dir/$suite.tar" --exclude=./dev/*
if [ -n "$built" ]; then
	mkdir -p "$tree/root/first" "$tree/root/next"
	for package in "$built"/vnetmgr_*.deb "$built"/vnetmgr-rpc_*.deb; do
		cp "$package" "$tree/root/first"
		dpkg-deb -R "$package" "$dir/$suite.next"
		sed -i 's/^Version: .*/&+next/; s/\(vnetmgr (= [^)]*\))/\1+next)/' "$dir/$suite.next/DEBIAN/control"
		dpkg-deb --root-owner-group -b "$dir/$suite.next" "$tree/root/next" >/dev/null
		rm -rf "$dir/$suite.next"
	done
	chroot "$tree" sh -c 'DEBIAN_FRONTEND=noninteractive exec dpkg -i /root/first/*.deb' >"$dir/$suite.dpkg" 2>&1 ||
		{ cat "$dir/$suite.dpkg" >&2; exit 1; }
else
	make -s -C "$build" install DESTDIR="$tree" >/dev/null 2>&1
	systemctl --quiet --root="$tree" enable vnetmgr.service vnetmgr-rpc.socket vnetmgr-rpc-ro.socket 2>/dev/null
fi
chroot "$tree" vnetmgr --version >/dev/null 2>"$dir/$suite.why" || {
	echo "what was built here does not run in $suite: $(cat "$dir/$suite.why")" >&2
	exit 77
}
mkdir -p "$tree/usr/lib/modules"
cp -r "$kernel/lib/modules/$version" "$tree/usr/lib/modules/"
depmod -b "$tree" "$version" 2>/dev/null
systemctl --quiet --root="$tree" mask getty@tty1.service serial-getty@ttyS0.service apt-daily.timer apt-daily-upgrade.timer \
	dpkg-db-backup.timer e2scrub_all.timer fstrim.timer 2>/dev/null
# They have their turn one after the other.
systemctl --quiet --root="$tree" disable firewalld.service nftables.service docker.service docker.socket containerd.service \
	apparmor.service 2>/dev/null
cp -r "$top/networks" "$top/packaging/apparmor" "$tree/root/"
cp "$here"/inside.sh "$here"/inside-*.sh "$tree/root/"
cat >"$tree/etc/systemd/system/inside.service" <<'END'
[Unit]
Description=The test
[Service]
Type=simple
ExecStart=/bin/bash /root/inside.sh
KillMode=process
[Install]
WantedBy=multi-user.target
END
cat >"$tree/etc/systemd/system/uplink.service" <<'END'
[Unit]
Description=An uplink to a namespace
DefaultDependencies=no
Before=network.target
Wants=network.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/bash -c 'ip netns add internet; ip link add uplink0 type veth peer name eth0 netns internet; \
	ip addr add 203.0.113.2/24 dev uplink0; ip link set uplink0 up; ip -n internet addr add 203.0.113.1/24 dev eth0; \
	ip -n internet link set eth0 up; ip -n internet link set lo up; ip -n internet addr add 198.51.100.10/32 dev lo; \
	ip route add default via 203.0.113.1'
[Install]
WantedBy=multi-user.target
END
# What starts guests, and is there before all networks are only if nobody has seen to that.
cat >"$tree/etc/systemd/system/lxc.service" <<'END'
[Unit]
Description=Guests
ConditionPathExists=/etc/vnetmgr/networks/autostart/hostonly.xml
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'ip link show keenbr0 && ip link show hostbr0'
[Install]
WantedBy=multi-user.target
END
# A host whose devices are systemd-networkd's, whatever they are; and the boot waits until they are configured.
cat >"$tree/etc/systemd/network/lan0.netdev" <<'END'
[NetDev]
Name=lan0
Kind=dummy
END
printf '[Match]\nName=lan0\n[Network]\nAddress=192.0.2.9/24\n' >"$tree/etc/systemd/network/10-lan0.network"
printf '[Match]\nName=!lan0 uplink0 g lo eth* br-late nic*\n[Network]\nDHCP=yes\n' >"$tree/etc/systemd/network/20-all.network"
mkdir -p "$tree/etc/systemd/system/systemd-networkd-wait-online.service.d"
printf '[Install]\nWantedBy=\nWantedBy=multi-user.target\n' >"$tree/etc/systemd/system/systemd-networkd-wait-online.service.d/boot.conf"
systemctl --quiet --root="$tree" enable inside.service uplink.service lxc.service systemd-networkd.service \
	systemd-networkd-wait-online.service 2>/dev/null
mkdir -p "$tree/var/log/journal" "$tree/var/lib/vnetmgr"
printf '%s\n' '/dev/vda / ext4 defaults 0 0' '/dev/vdb /var/lib/vnetmgr ext4 x-systemd.device-timeout=5min 0 0' >"$tree/etc/fstab"
echo vnetmgr-test >"$tree/etc/hostname"
printf '%.32s\n' "$(printf '%s' "$suite" | md5sum)" >"$tree/etc/machine-id"
rm -f "$dir/$suite.img" "$dir/$suite-state.img"
mke2fs -q -t ext4 -d "$tree" "$dir/$suite.img" 2500M
mke2fs -q -t ext4 "$dir/$suite-state.img" 32M
