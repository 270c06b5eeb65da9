# SPDX-License-Identifier: GPL-2.0-or-later
# managers.sh - other programs that manage the network of a host, real ones, with directories of the sandbox's own. Sourced after
# ns.sh and dbus.sh.

# udevd with the rules given; without any of the host's
udevd() {
	mkdir -p /run/udev "$T/rules" && cp "$@" "$T/rules" && mount --bind "$T/rules" /usr/lib/udev/rules.d || return
	ln -sf "$(command -v udevadm)" "$T/bin/systemd-udevd"
	"$T/bin/systemd-udevd" >"$T/udevd.out" 2>&1 &
	udevd=$!
	eventually udevadm control --ping || { cat "$T/udevd.out"; return 1; }
}

# networkd with the files given; without any of the host's
networkd() {
	for file in passwd group; do
		cp /etc/$file "$T/$file" || return
		if [ $file = passwd ]; then echo 'systemd-network:x:64994:64994::/:/usr/sbin/nologin'; else echo 'systemd-network:x:64994:'; fi |
			cat - /etc/$file >"$T/$file" && mount --bind "$T/$file" /etc/$file || return
	done
	mkdir -p "$T/network" && cp "$@" "$T/network" && mount --bind "$T/network" /usr/lib/systemd/network || return
	for dir in '' /links /leases /lldp; do mkdir -p /run/systemd/netif$dir && chown systemd-network: /run/systemd/netif$dir || return; done
	start_networkd
}
start_networkd() {
	systemd-networkd >"$T/networkd.out" 2>&1 &
	networkd=$!
	eventually test -e /run/systemd/netif/state || { cat "$T/networkd.out"; return 1; }
}
# networkd_has DEVICE: what it makes of it: unmanaged, configuring, configured
networkd_has() { sed -n 's/^ADMIN_STATE=//p' "/run/systemd/netif/links/$(cat "/sys/class/net/$1/ifindex")"; }

# network_manager: with a profile that takes any Ethernet device; on the bus of dbus.sh. Its pid goes into $manager.
network_manager() {
	for dir in /run/NetworkManager /var/lib/NetworkManager /etc/NetworkManager; do
		mkdir -p $dir 2>/dev/null; mountpoint -q $dir || mount -t tmpfs tmpfs $dir || return
	done
	mkdir -p /etc/NetworkManager/system-connections /etc/NetworkManager/conf.d
	cat >/etc/NetworkManager/NetworkManager.conf <<-'X'
	[main]
	plugins=keyfile
	dhcp=internal
	rc-manager=unmanaged
	no-auto-default=*
	[keyfile]
	unmanaged-devices=interface-name:uplink0
	X
	cat >/etc/NetworkManager/system-connections/all.nmconnection <<-'X'
	[connection]
	id=all
	uuid=7d1e2f60-3c0e-4d43-9a58-4c1d7a0e5a11
	type=ethernet
	multi-connect=3
	autoconnect=true
	[ipv4]
	method=auto
	[ipv6]
	method=auto
	X
	chmod 600 /etc/NetworkManager/system-connections/*
	LD_LIBRARY_PATH=$U/usr/lib/$(uname -m)-linux-gnu NetworkManager --no-daemon >"$T/nm.out" 2>&1 &
	manager=$!
	eventually on_bus org.freedesktop.NetworkManager || { cat "$T/nm.out"; return 1; }
}
# manager_has DEVICE: NetworkManager's state of it: 10 is unmanaged
manager_has() {
	path=$(busctl call org.freedesktop.NetworkManager /org/freedesktop/NetworkManager org.freedesktop.NetworkManager GetDeviceByIpIface s "$1" |
		sed -n 's/^o "\(.*\)"/\1/p')
	[ -n "$path" ] && busctl get-property org.freedesktop.NetworkManager "$path" org.freedesktop.NetworkManager.Device State | cut -d ' ' -f 2
}
