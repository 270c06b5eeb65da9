# SPDX-License-Identifier: GPL-2.0-or-later
# ovs.sh - Open vSwitch in the sandbox, or in a machine of tests/kernels; sourced after ns.sh. Nothing is installed: the programs are
# those of VNM_TEST_UNPACKED (scripts/deps --unpack), or what is installed.
#
# ovs_start starts it, and makes ovs-vsctl known to vnetmgr; switch NAME makes a switch, by the kernel if it can, else in the process.
# ovs_stop ends it. vsctl is ovs-vsctl.
ovs_find() {
	for OVS in "${VNM_TEST_UNPACKED:-/nowhere}" ''; do [ ! -x "$OVS/usr/lib/openvswitch-switch/ovs-vswitchd" ] || return 0; done
	return 1
}
ovs_start() {
	ovs_libs=$(echo "$OVS"/usr/lib/*-linux-gnu "$OVS"/lib/*-linux-gnu | tr ' ' :)
	OVS_RUN=$T/ovs
	mkdir -p "$OVS_RUN" "$T/ovs-bin"
	export OVS_RUNDIR="$OVS_RUN" OVS_LOGDIR="$OVS_RUN" OVS_DBDIR="$OVS_RUN" OVS_SYSCONFDIR="$OVS_RUN"
	printf '#!/bin/sh\nexec env LD_LIBRARY_PATH="%s" "%s/usr/bin/ovs-vsctl" --db="unix:%s/db.sock" "$@"\n' "$ovs_libs" "$OVS" "$OVS_RUN" >"$T/ovs-bin/ovs-vsctl"
	chmod +x "$T/ovs-bin/ovs-vsctl"
	[ -x /usr/bin/ovs-vsctl ] || [ -x /usr/local/bin/ovs-vsctl ] || mount --bind "$T/ovs-bin" /usr/local/bin || return
	[ -e "$OVS_RUN/conf.db" ] || ovs_run bin/ovsdb-tool create "$OVS_RUN/conf.db" "$OVS/usr/share/openvswitch/vswitch.ovsschema"
	ovs_run sbin/ovsdb-server "$OVS_RUN/conf.db" --remote="punix:$OVS_RUN/db.sock" --pidfile="$OVS_RUN/db.pid" --detach --log-file -vconsole:off
	vsctl --no-wait init
	ovs_switch
}
ovs_run() { ovs_program=$1; shift; LD_LIBRARY_PATH=$ovs_libs "$OVS/usr/$ovs_program" "$@"; }
ovs_switch() {
	# As its package does at the boot, where the machine is the test's own (tests/kernels): an emulated one, which takes its time.
	[ "$srcdir" != /job ] || { modprobe openvswitch; export OVS_CTL_TIMEOUT=30; }
	[ -d /sys/module/openvswitch ] && ovs_type= || ovs_type=netdev
	ovs_run lib/openvswitch-switch/ovs-vswitchd "unix:$OVS_RUN/db.sock" ${ovs_type:+--disable-system} --pidfile="$OVS_RUN/switch.pid" --detach --log-file -vconsole:off
}
ovs_stop() { for ovs_pid in "$@"; do ovs_pid=$(cat "$OVS_RUN/$ovs_pid.pid"); kill "$ovs_pid"; ended "$ovs_pid"; done; }
vsctl() { "$T/ovs-bin/ovs-vsctl" --timeout="${OVS_CTL_TIMEOUT:-10}" "$@"; }
switch() { vsctl add-br "$1" ${ovs_type:+-- set bridge "$1" datapath_type=$ovs_type}; ip link set "$1" up; }
