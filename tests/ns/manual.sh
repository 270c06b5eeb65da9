#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The EXAMPLES of the pages of section 8 do as they are printed, in their order, those of vnetmgr-network(5) start, and each
# command has an example where it is described, which works.
# Left out are lines with a name in capitals to be filled in, and what needs an editor, libvirt, Podman, Docker or a sandbox of its own.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
mkdir path; ln -s "$VNETMGR" path/vnetmgr; PATH="$T/path:$PATH"

# examples PAGE [SECTION]: its commands, one on a line; definitions go to the files NAME.xml
examples() {
	awk -v section="${2:-EXAMPLES}" '/^\.Sh / { on = $2 == section } on' "$srcdir/docs/$1" | awk '
	/^\.Ed/ { on = 0 }
	on && /^<network/ { xml = 1; text = "" }
	on && xml { text = text $0 "\n"; if ($0 ~ /<name>/) { name = $0; gsub(/.*<name>|<.*/, "", name) } }
	on && /^<\/network>/ { printf "%s", text >(name ".xml"); xml = 0; next }
	on && !xml { line = line $0; if (!sub(/\\e$/, "", line)) { print line; line = "" } }
	/^\.Bd/ { on = 1 }' | sed "s/  */ /g; s/\\\\(aq/'/g; s/--owner ann/--owner root/" |
		grep -vE -- '\<(FILE|NAME|virsh|podman|docker|sandbox|default)\>|^vi |^exit|--loop|net-create|netns vm1|exec vm1'
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
sed -n '/^\.Sh EXAMPLES/,$p' "$srcdir/docs/vnetmgr-sandbox.8" | grep -E '^(vnetmgr net|ip netns)' >commands
[ "$(wc -l <commands)" -eq 3 ] || ok 'vnetmgr-sandbox.8 has examples' false
while read -r line; do ok 'vnetmgr-sandbox.8' sh -c "$line" </dev/null; done <commands
ok 'what was tried ends' vnm -q net-destroy keennet
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
ok 'undefine' vnm net-undefine lan

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
cd ..

# What the examples of single commands take for granted, as the comment of each says it.
cat >keennet.xml <<'X'
<network><name>keennet</name><forward/><bridge name='keenbr0' stp='off'/><ip address='192.168.132.1' prefix='24'>
<dhcp><range start='192.168.132.100' end='192.168.132.199'/></dhcp></ip></network>
X
cat >hostonly.xml <<'X'
<network><name>hostonly</name><bridge name='hostbr0' stp='off'/><ip address='192.168.133.1' prefix='24'/></network>
X
cat >trial.xml <<'X'
<network><name>trial</name><bridge name='trialbr0'/></network>
X
cat >port.xml <<'X'
<networkport><uuid>7b1f8a62-0d3c-4f7e-9a54-2c8d6e0f1b35</uuid><owner><name>vm</name><uuid>0b1f8a62-0d3c-4f7e-9a54-2c8d6e0f1b35</uuid></owner>
<mac address='52:54:00:00:00:31'/></networkport>
X
vnm -q net-undefine keennet left right tiers >/dev/null 2>&1
world() {	# world COMMAND: as it should be before its example
	vnm -q net-undefine lab >/dev/null 2>&1; vnm -q net-destroy lab trial >/dev/null 2>&1
	case $1 in
	net-define | net-forward-del | net-forward-list) return ;;
	net-undefine | net-rename | net-start) ok "$1: before" vnm net-define hostonly.xml ;;
	net-destroy) ok "$1: before" vnm net-apply hostonly.xml ;;
	esac
	ok "$1: before" vnm net-apply keennet.xml
	case $1 in
	net-dhcp-release) ok "$1: a guest" vnm net-attach keennet --netns leased --create --ip dhcp --mac 52:54:00:00:00:21 ;;
	net-doctor) ok "$1: all is well" vnm net-repair --all ;;	# after autostop
	net-forward-add) ok "$1: a guest" vnm net-attach keennet --netns web --create --ip auto ;;
	net-explain)
		vnm -q net-attach keennet --netns web --create --ip auto >/dev/null 2>&1
		vnm -q net-forward-add keennet tcp 8080 web:80 >/dev/null 2>&1
		listens web 80
		;;
	net-port-d*) vnm -q net-port-create keennet port.xml >/dev/null 2>&1 ;;
	esac
}
for page in vnetmgr-net vnetmgr-forward vnetmgr-attach vnetmgr-doctor vnetmgr; do
	examples $page.8 COMMANDS | grep -v net-confirm >commands	# see EXAMPLES
	while read -r line; do
		word=${line#*vnetmgr }; word=${word%% *}
		world "$word"
		ok "$page, $word" env EDITOR=true sh -c "$(echo "$line" | sed 's/EDITOR=nano//')" </dev/null
	done <commands
done
[ $checks -ge 120 ] || ok 'all examples are found' false
finish
