# SPDX-License-Identifier: GPL-2.0-or-later
# attach.sh - a namespace on a network: vnetmgr, CNI's bridge plugin, netavark, in turns; sourced by run.sh.
#
# All three do a pair of devices, a bridge, an address and routes for a namespace that exists already, and each has its
# own NAT network. What is not alike: vnetmgr and CNI find a free address themselves and keep it, netavark is told one
# (Podman finds it); vnetmgr also hands name and address to the network's DNS and DHCP, the others have none here.
# CNI's plugin and netavark write masquerading rules when a namespace comes, vnetmgr when the network starts.
CNI=/usr/lib/cni
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/podman
export NETAVARK_FW=iptables
id=$(printf '%064d' 1)

contestants() {
	echo vnetmgr
	[ ! -x $CNI/bridge ] || [ ! -x $CNI/host-local ] || echo cni
	! command -v netavark >/dev/null || echo netavark
}
cni_config() {
	cat <<-EOF
	{ "cniVersion": "0.4.0", "name": "bench", "type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true,
	"ipam": { "type": "host-local", "dataDir": "/run/cni", "routes": [{ "dst": "0.0.0.0/0" }],
	"ranges": [[{ "subnet": "10.97.0.0/16" }]] } }
	EOF
}
netavark_config() {	# netavark_config NUMBER
	cat <<-EOF
	{ "container_id": "$(printf '%064d' "$1")", "container_name": "c$1",
	"networks": { "bench": { "interface_name": "eth0", "static_ips": ["10.98.$((1 + $1 / 200)).$((1 + $1 % 200))"] } },
	"network_info": { "bench": { "name": "bench", "id": "$id", "driver": "bridge", "network_interface": "podman0",
	"subnets": [{ "subnet": "10.98.0.0/16", "gateway": "10.98.0.1" }], "ipv6_enabled": false, "internal": false,
	"dns_enabled": false, "ipam_options": { "driver": "host-local" } } } }
	EOF
}
cni() { CNI_COMMAND=$1 CNI_CONTAINERID=$2 CNI_NETNS=/run/netns/$2 CNI_IFNAME=eth0 CNI_PATH=$CNI $CNI/bridge </run/cni.json; }

attach_vnetmgr() { "$VNETMGR" -q net-attach bench --netns "$1" --ip auto; }
detach_vnetmgr() { "$VNETMGR" -q net-detach bench "$1"; }
attach_cni() { cni ADD "$1"; }
detach_cni() { cni DEL "$1"; }
attach_netavark() { netavark --config /run/netavark setup "/run/netns/$1" <"/run/$1.json"; }
detach_netavark() { netavark --config /run/netavark teardown "/run/netns/$1" <"/run/$1.json"; }

# one WHO NUMBER: a namespace for it; nothing of this is measured
one() {
	ip netns add "$1$2"
	[ "$1" != netavark ] || netavark_config "$2" >"/run/$1$2.json"
}
arrived() { ip netns exec "$1" ping -q -n -c 1 -W 2 "$2" >/dev/null || { echo "$1 does not reach $2" >&2; exit 1; }; }

attach_network() {
	cat >/run/bench.xml <<-EOF
	<network><name>bench</name><forward mode='nat'/><bridge name='bbr0' stp='off'/><ip address='10.96.0.1' netmask='255.255.0.0'>
	<dhcp><range start='10.96.100.1' end='10.96.100.254'/></dhcp></ip></network>
	EOF
	"$VNETMGR" -q net-define /run/bench.xml; "$VNETMGR" -q net-start bench
}
bench_attach() {
	local who i gateway
	cni_config >/run/cni.json; mkdir -p /run/netavark
	attach_network
	for ((i = 0; i <= RUNS; i++)); do
		for who in $(contestants | shuf); do
			one "$who" "$i"
			[ $i -gt 0 ] || { "attach_$who" "$who$i" >/dev/null; continue; }	# the bridge is there after this
			timed "attach_$who" "attach_$who" "$who$i"
			timed "detach_$who" "detach_$who" "$who$i"
		done
	done
	for ((i = RUNS + 1; i <= RUNS + GUESTS; i++)); do
		for who in $(contestants); do
			one "$who" "$i"
			timed "many_${who}_$(((i - RUNS - 1) / 20))" "attach_$who" "$who$i"
		done
	done
	for who in $(contestants); do
		case $who in vnetmgr) gateway=10.96.0.1 ;; cni) gateway=10.97.0.1 ;; netavark) gateway=10.98.0.1 ;; esac
		arrived "$who$((i - 1))" $gateway
	done
}
