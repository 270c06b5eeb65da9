# SPDX-License-Identifier: GPL-2.0-or-later
# dbus.sh - services of the host that are spoken to by D-Bus, real ones, on a bus of the sandbox's own /run. Sourced
# after ns.sh.
#
# VNM_TEST_UNPACKED: a directory with Debian's packages unpacked (scripts/deps --unpack); else what is installed.

U=${VNM_TEST_UNPACKED:-}
PATH="$U/usr/sbin:$U/usr/bin:$U/sbin:$U/bin:$U/lib/systemd:$U/usr/lib/systemd:$PATH:/lib/systemd:/usr/lib/systemd"

# What net-info says behind the zone that is missing, where the rules are in tables that firewalld flushes.
FLUSHED='(, [0-9]+ of [0-9]+ firewall rules)?$'

# eventually COMMAND...: until it succeeds, for half a minute at most
eventually() {
	end=$(($(date +%s) + 30))
	until "$@" >/dev/null 2>&1; do [ "$(date +%s)" -lt $end ] || return 1; sleep .02; done
}

# seconds COMMAND...: how long it takes, in $s; its output in $T/out
seconds() { s=$(date +%s); "$@" >"$T/out" 2>&1; r=$?; s=$(($(date +%s) - s)); return $r; }

bus() {		# the bus, without anybody's policy; its pid goes into $bus
	mount -t tmpfs tmpfs /usr/share/dbus-1 && mkdir -p /run/dbus /usr/share/dbus-1/system.d || return
	cat >"$T/bus.conf" <<-X
	<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen><auth>EXTERNAL</auth>
	<policy context='default'><allow user='*'/><allow own='*'/><allow eavesdrop='true'/>
	<allow send_destination='*' eavesdrop='true'/></policy></busconfig>
	X
	bus=$(dbus-daemon --config-file="$T/bus.conf" --fork --print-pid)
}

on_bus() { timeout 5 busctl --no-pager --list call org.freedesktop.DBus / org.freedesktop.DBus NameHasOwner s "$1" | grep -q true; }

# firewalld without anybody's configuration, and without the zones of programs that are here by chance; its pid goes
# into $firewalld
firewalld() {
	if [ ! -e "$T/firewalld-own" ]; then
		cp -r "$U/usr/lib/firewalld" "$T/firewalld-own" || return
		for program in libvirt vnetmgr; do rm -f "$T/firewalld-own"/*/"$program"*; done
	fi
	mkdir -p "$T/firewalld" && : >/usr/share/dbus-1/system.d/FirewallD.conf || return
	command firewalld --nofork --nopid --default-config "$T/firewalld-own" --system-config "$T/firewalld" \
		--log-file "$T/firewalld.log" >"$T/firewalld.out" 2>&1 &
	firewalld=$!
	eventually timeout 5 firewall-cmd --state || { cat "$T/firewalld.out" "$T/firewalld.log"; return 1; }
}

# zones DIRECTORY: firewalld has these zones and policies beside its own, and no others
zones() {
	rm -rf "$T/firewalld/zones" "$T/firewalld/policies"
	cp -r "$1/zones" "$1/policies" "$T/firewalld" && firewall-cmd --reload
}

# zone_of DEVICE: firewalld's word (firewall-cmd takes a quarter of a second for it)
zone_of() {
	timeout 5 busctl call org.fedoraproject.FirewallD1 /org/fedoraproject/FirewallD1 \
		org.fedoraproject.FirewallD1.zone getZoneOfInterface s "$1" | sed -n 's/^s "\(.*\)"$/\1/p'
}

# single_uid: there is no other user to become here
single_uid() { awk '{ one = $3 == 1 } END { exit !(NR == 1 && one) }' /proc/self/uid_map; }

resolved() {	# systemd-resolved, as its own user; its pid goes into $resolved
	for file in passwd group; do
		[ ! -e "$T/$file" ] || continue
		cp /etc/$file "$T/$file" || return
		grep -q '^systemd-resolve:' "$T/$file" && continue
		if [ $file = passwd ]; then echo 'systemd-resolve:x:64993:64993::/:/usr/sbin/nologin'
		else echo 'systemd-resolve:x:64993:'; fi >>"$T/$file"
		mount --bind "$T/$file" /etc/$file || return
	done
	mkdir -p /run/systemd/resolve && chown systemd-resolve:systemd-resolve /run/systemd/resolve || return
	systemd-resolved >"$T/resolved.out" 2>&1 &
	resolved=$!
	eventually on_bus org.freedesktop.resolve1 || { cat "$T/resolved.out"; return 1; }
}

# registered DEVICE: what is registered for it with systemd-resolved, "DOMAINS | SERVERS"
registered() {
	echo "$(timeout 5 resolvectl domain "$1" 2>/dev/null | sed 's/^[^:]*: *//') |" \
		"$(timeout 5 resolvectl dns "$1" 2>/dev/null | sed 's/^[^:]*: *//')"
}
