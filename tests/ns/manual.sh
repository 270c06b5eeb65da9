#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The EXAMPLES of the pages of section 8 do as they are printed, in their order, and those of vnetmgr-network(5) start.
# Left out are lines with a name in capitals to be filled in, and what needs an editor, libvirt, Podman or a sandbox of its own.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
mkdir path; ln -s "$VNETMGR" path/vnetmgr; PATH="$T/path:$PATH"

# examples PAGE: its commands, one on a line; definitions go to the files NAME.xml
examples() {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh [^E]/p' "$srcdir/docs/$1" | awk '
	/^\.Ed/ { on = 0 }
	on && /^<network/ { xml = 1; text = "" }
	on && xml { text = text $0 "\n"; if ($0 ~ /<name>/) { name = $0; gsub(/.*<name>|<.*/, "", name) } }
	on && /^<\/network>/ { printf "%s", text >(name ".xml"); xml = 0; next }
	on && !xml { line = line $0; if (!sub(/\\e$/, "", line)) { print line; line = "" } }
	/^\.Bd/ { on = 1 }' | sed "s/  */ /g; s/\\\\(aq/'/g; s/--owner ann/--owner root/" |
		grep -vE -- '\<(FILE|NAME|virsh|podman|sandbox|default)\>|^vi |^exit|--loop|net-create|netns vm1|exec vm1'
}
run() {	# run PAGE COUNT: all of them, of which there are so many at least
	examples "$1" >commands
	sed -i 's/ens33/uplink0/' ./*.xml 2>/dev/null
	[ "$(wc -l <commands)" -ge "$2" ] || ok "$1 has examples" false
	while read -r line; do ok "$1" sh -c "$line" </dev/null; done <commands
}

# What the examples expect of the host.
ip link add tap0 type veth peer name tap0-end; ip link add eth1 type veth peer name eth1-end
examples vnetmgr.8 >commands
ok 'define' vnm net-define keennet.xml
run vnetmgr.8 6
run vnetmgr-forward.8 4
run vnetmgr-net.8 8
for net in left:192.168.100 right:192.168.200 tiers:192.168.120 keennet:192.168.132; do
	cat >net.xml <<-X
	<network><name>${net%:*}</name><forward/><bridge name='br-${net%:*}' stp='off'/><ip address='${net#*:}.1' prefix='24'>
	<dhcp><range start='${net#*:}.100' end='${net#*:}.199'/></dhcp></ip>
	<portgroup name='bulk'><port isolated='yes'/></portgroup></network>
	X
	[ "${net%:*}" = left ] || [ "${net%:*}" = right ] && sed -i "s/\.1' prefix/.254' prefix/" net.xml
	ok "apply ${net%:*}" vnm net-apply net.xml
done
run vnetmgr-attach.8 8
ok 'destroy' vnm net-destroy --all
ok 'undefine' vnm net-undefine uplan

mkdir page5 /run/tftp; cd page5 || exit 1
ip link add eth2 type veth peer name eth2-end; ip link set eth1 up; ip link set eth2 up
ok 'vnetmgr-network.5 has no commands' test -z "$(examples vnetmgr-network.5)"
sed -i "s/ens33/uplink0/; s:/srv/tftp:/run/tftp:" ./*.xml
ok 'define backend' vnm net-define backend.xml	# office needs it
for file in *.xml; do
	name=${file%.xml}
	if [ "$name" = backend ]; then ok 'start backend' vnm net-start backend; else ok "start $name" vnm net-create "$file"; fi
	has "$name is active" "^ $name +active " "$(vnm net-list)"
	ok "destroy $name" vnm net-destroy "$name"
done
[ $checks -ge 70 ] || ok 'all examples are found' false
finish
