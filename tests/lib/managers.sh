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

# hide_state: what they keep is not the host's
hide_state() { [ -e "$T/hidden" ] || mount -t tmpfs tmpfs /var/lib && : >"$T/hidden"; }

# network_manager: with a profile that takes any Ethernet device; on the bus of dbus.sh. Its pid goes into $manager.
network_manager() {
	hide_state && mkdir -p /var/lib/NetworkManager /run/NetworkManager "$T/nm/conf.d" "$T/nm/system-connections" || return
	cat >"$T/nm/NetworkManager.conf" <<-X
	[main]
	plugins=keyfile
	dhcp=internal
	rc-manager=unmanaged
	no-auto-default=*
	[keyfile]
	path=$T/nm/system-connections
	unmanaged-devices=interface-name:uplink0
	X
	cat >"$T/nm/system-connections/all.nmconnection" <<-'X'
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
	chmod 600 "$T/nm/system-connections/all.nmconnection"
	LD_LIBRARY_PATH=$U/usr/lib/$(uname -m)-linux-gnu NetworkManager --no-daemon --config "$T/nm/NetworkManager.conf" \
		--config-dir "$T/nm/conf.d" >"$T/nm.out" 2>&1 &
	manager=$!
	eventually on_bus org.freedesktop.NetworkManager || { cat "$T/nm.out"; return 1; }
}
# manager_has DEVICE: NetworkManager's state of it: 10 is unmanaged
manager_has() {
	path=$(busctl call org.freedesktop.NetworkManager /org/freedesktop/NetworkManager org.freedesktop.NetworkManager GetDeviceByIpIface s "$1" |
		sed -n 's/^o "\(.*\)"/\1/p')
	[ -n "$path" ] && busctl get-property org.freedesktop.NetworkManager "$path" org.freedesktop.NetworkManager.Device State | cut -d ' ' -f 2
}

# connman PREFIXES: it leaves devices alone whose names begin so; on the bus of dbus.sh. Its pid goes into $connman.
connman() {
	hide_state && mkdir -p /var/lib/connman /run/connman || return
	printf '[General]\nNetworkInterfaceBlacklist=%s\nAllowHostnameUpdates=false\n' "$1" >"$T/connman.conf"
	connmand -n -r -c "$T/connman.conf" >"$T/connman.out" 2>&1 &
	connman=$!
	eventually on_bus net.connman || { cat "$T/connman.out"; return 1; }
}
connman_has() { busctl call net.connman / net.connman.Manager GetServices | grep -q "\"Interface\" s \"$1\""; }
