# SPDX-License-Identifier: GPL-2.0-or-later
# inside-sockets.sh - clients of libvirt, served by what systemd starts when they connect.

mode() { stat -c '%a %U %G' "$1"; }
virsh_at() { local uri=$1; shift; virsh -q -c "$uri" "$@"; }
as() { local user=$1; shift; HOME=/tmp setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups "$@"; }
ended() { [ "$(systemctl is-active "$1")" = inactive ] && ! pgrep -x vnetmgr-rpc; }

sockets() {
	local sock=/run/vnetmgr/rpc-sock theirs=/run/libvirt/virtnetworkd-sock ours rw ro was
	rw="qemu:///system?socket=$sock" ro="qemu:///system?socket=$sock-ro"
	same 'the socket, since the boot' active "$(systemctl is-active vnetmgr-rpc.socket)"
	same 'nothing runs behind it' inactive "$(systemctl is-active vnetmgr-rpc.service)"
	same 'it is for root only' '600 root root' "$(mode $sock)"
	same 'that for reading is for all' '666 root root' "$(mode $sock-ro)"
	has 'virsh finds the networks' ' keennet +active ' "$(virsh_at "$rw" net-list 2>&1)"
	same 'by the service' active "$(systemctl is-active vnetmgr-rpc.service)"
	ok 'a change' virsh_at "$rw" net-destroy hostonly; ok 'and back' virsh_at "$rw" net-start hostonly
	has 'is a change of ours' ' hostonly +active ' "$(vnetmgr net-list; vnetmgr net-info hostonly)"
	has 'anybody may look' ' keennet +active ' "$(as nobody virsh -q -r -c "$ro" net-list 2>&1)"
	no 'but not change' as nobody virsh -q -c "$ro" net-destroy hostonly
	no 'nor have the other socket' as nobody virsh -q -c "$rw" net-list
	was=$(servers)
	ok 'without clients the service ends' within 120 ended vnetmgr-rpc.service
	same 'and all dnsmasq stay' "$was" "$(servers)"
	has 'the next client starts it again' ' keennet +active ' "$(virsh_at "$rw" net-list 2>&1)"

	# A group of the administrator's.
	useradd -M -G vnetmgr alice; useradd -M bob
	mkdir -p /etc/systemd/system/vnetmgr-rpc.socket.d
	printf '[Socket]\nSocketMode=0660\nSocketGroup=vnetmgr\n' >/etc/systemd/system/vnetmgr-rpc.socket.d/group.conf
	systemctl daemon-reload; systemctl stop vnetmgr-rpc.socket vnetmgr-rpc-ro.socket vnetmgr-rpc.service
	ok 'with another group' systemctl start vnetmgr-rpc-ro.socket vnetmgr-rpc.socket
	same 'the socket is of that group' '660 root vnetmgr' "$(mode $sock)"
	has 'a member may connect' ' keennet +active ' "$(as alice virsh -q -c "$rw" net-list 2>&1)"
	no 'others may not' as bob virsh -q -c "$rw" net-list

	# In the place of virtnetworkd's, where clients look by themselves.
	ok 'the place of virtnetworkd' systemctl start vnetmgr-virtnetworkd.socket
	same 'its socket' '600 root root' "$(mode $theirs)"; same 'and that for reading' '666 root root' "$(mode $theirs-ro)"
	has 'virsh as it is' ' keennet +active ' "$(virsh_at network:///system net-list 2>&1)"
	has 'virsh -r' ' keennet +active ' "$(virsh -q -r -c network:///system net-list 2>&1)"
	printf '[Socket]\nListenStream=/run/virtnetworkd-stand-in\n' >/run/systemd/system/virtnetworkd.socket
	printf '[Service]\nExecStart=/bin/true\n' >/run/systemd/system/virtnetworkd.service
	systemctl daemon-reload
	ok "libvirt's own socket" systemctl start virtnetworkd.socket
	same 'replaces it' inactive "$(systemctl is-active vnetmgr-virtnetworkd.socket)"
	same 'and the other one' inactive "$(systemctl is-active vnetmgr-virtnetworkd-ro.socket)"
	no 'nothing is left of it' test -e $theirs
	systemctl stop virtnetworkd.socket; rm /run/systemd/system/virtnetworkd.*; systemctl daemon-reload
}
