#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every command of the tutorial and the recipes is run by a test, which compares what it prints: tests/ns/tutorial.sh and recipes.sh run
# the lines "$ ..." of the indented blocks. Any other block, unless it is a file that one of these commands uses, and a command within a
# sentence that none of them begins with, is listed in the table below, with the reason why it is not run.
cd "$srcdir" || exit 1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failures=0
fail() { failures=$((failures + 1)); echo "FAIL: $*" >&2; }

# What is not run, by its first line, a tab, and the reason.
cat >"$dir/not-run" <<'X'
vnetmgr sandbox --uplink	tests/ns/tutorial.sh is inside of one already
"boot-source": { "boot_args": "... ip=192.168.150.2::192.168.150.1:255.255.255.0::eth0:off" },	part of a configuration; firecracker is not in Debian
-smbios type=1,serial=ds=nocloud;s=http://192.168.150.1:8000/	an option of QEMU; the image of a system with cloud-init would have to be fetched
vnetmgr net-attach lab --netns "$(docker inspect -f '{{.State.Pid}}' c1)" --ip auto --hostname c1	dockerd cannot run in a sandbox; the same is run with another process
cp -r /usr/local/lib/firewalld /etc && firewall-cmd --reload	tests/ns/recipes.sh puts the zones in place
[General]	connmand starts from a configuration of the test's own: tests/ns/managers.sh
virsh edit	needs an editor
ip vrf exec blue ping 10.0.0.5             # from the host, which is in no VRF itself	tests/kernels/vrf.sh: hardly any other kernel of tests has VRFs
ip link set eth1.20 master blue	the same
containerlab deploy -t r1.clab.yml	containerlab is not in Debian; what it does is run with ip
containerlab destroy	the same
docker run -d --network none --name c1 IMAGE	dockerd cannot run in a sandbox
brctl addbr lab0; ip link set lab0 up	of a script that is replaced
brctl stp lab0 off; brctl setfd lab0 0	the same
brctl addif br0 eth0	the same
brctl addif lab0 tap0	the same
ip address add 192.168.150.1/24 dev lab0	the same
ip link set tap0 master lab0	tests/ns/manual.sh, of vnetmgr(8)
sysctl net.ipv4.ip_forward=1; iptables -t nat -A POSTROUTING ... -j MASQUERADE	of a script that is replaced
iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT ...	the same
dnsmasq --interface=lab0 --dhcp-range=...	the same
man vnetmgr	needs an installed manual
man vnetmgr-network	the same
X

for document in TUTORIAL RECIPES; do
	mkdir -p "$dir/$document/files"
	awk -v dir="$dir/$document" -f tests/lib/document.awk "docs/$document.md"
	cat "$dir/$document"/*.command >>"$dir/run"
	lower=$(echo $document | tr '[:upper:]' '[:lower:]')
	grep -q "run_document \"\$srcdir/docs/$document.md\"" "tests/ns/$lower.sh" || fail "tests/ns/$lower.sh does not run docs/$document.md"
	for file in "$dir/$document/files"/*; do
		grep -qF "${file##*/}" "$dir/$document"/*.command && continue
		echo "${file##*/}" >>"$dir/unused"
	done
	# The first lines of blocks without commands; those of files are told by the paragraph before.
	awk '
	/^    / {
		if (!inside && $0 !~ /^    \$ /) { if (!named) print substr($0, 5); named = 0 }
		inside = 1; next
	}
	/^$/ { next }
	{ inside = 0 } /this to `[^`]+`/ { named = 1 }' "docs/$document.md" >>"$dir/found"
	# Commands in sentences and tables.
	grep -v '^    ' "docs/$document.md" | grep -oE '`[^`]+`' | tr -d '`' |
		grep -E '^(sudo |vnetmgr |ip |sysctl |brctl |iptables |iptables-nft |nft |dnsmasq |firewall-cmd |containerlab |docker |virt-install |virsh |podman |qemu[a-z0-9_-]* |systemctl |man |busybox )' |
		while IFS= read -r command; do grep -qF -e "$command" "$dir/run" || echo "$command"; done >>"$dir/found"
done
# Written for people to copy; that nothing reads them here has the reason of the command that would.
echo r1.clab.yml >"$dir/copied"
while read -r file; do grep -qx "$file" "$dir/copied" || fail "no command uses the file $file"; done <"$dir/unused"
sort -u "$dir/found" >"$dir/is"; cut -f 1 "$dir/not-run" | sort >"$dir/listed"
comm -23 "$dir/is" "$dir/listed" >"$dir/more"; comm -13 "$dir/is" "$dir/listed" >"$dir/less"
while IFS= read -r line; do fail "is not run, and not listed as such: $line"; done <"$dir/more"
while IFS= read -r line; do fail "is listed, but run, or not in the documents: $line"; done <"$dir/less"
[ "$(grep -c . "$dir/run")" -ge 140 ] || fail "only $(grep -c . "$dir/run") commands were found"
[ $failures -eq 0 ]
