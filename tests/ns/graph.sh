#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# net-graph: what the pictures show of real networks, and that programs which read them accept them.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
cat >web.xml <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>web</name><forward mode='nat' dev='uplink0'/><bridge name='web0' stp='off'/>
<ip address='10.5.0.1' prefix='24'><dhcp><range start='10.5.0.100' end='10.5.0.199'/><host mac='52:54:00:05:00:07' ip='10.5.0.7'/></dhcp></ip>
<vnm:portForward proto='tcp' port='8080' to='10.5.0.2' toPort='80'/><vnm:allow network='data' proto='tcp' port='5432'/></network>
X
cat >data.xml <<'X'
<network><name>data</name><bridge name='data0' stp='off'/><ip address='10.6.0.1' prefix='24'/></network>
X
cat >alone.xml <<'X'
<network><name>alone</name><bridge name='alone0'/></network>
X
cat >lan.xml <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>lan</name><forward mode='bridge'/><bridge name='lan0'/><vnm:uplink dev='uplink0'/></network>
X
for net in data web; do ok "apply $net" vnm net-apply $net.xml; done
for net in alone lan; do ok "define $net" vnm net-define $net.xml; done
ok 'guest' vnm net-attach web --netns shop --create --ip auto
ok 'machine' vnm net-attach web --tap vm1 --mac 52:54:00:05:00:07
ok 'another' vnm net-attach data --netns store --create --ip auto
same 'as text' "host $(hostname)
+-- alone: internal, bridge alone0, inactive
|   |   guests reach each other
+-- data: host-only, 10.6.0.0/24, bridge data0, active
|   |   guests reach each other, the host
|   +-- store 10.6.0.2
+-- lan: bridged, bridge lan0, inactive
|   |   guests reach each other, the host, the outside by uplink0, and are reached from there
+-- web: NAT, 10.5.0.0/24, bridge web0, active
    |   guests reach each other, the host, network data (tcp 5432), the outside by uplink0 with the host's address
    +-> tcp 8080 to 10.5.0.2:80
    +-- shop 10.5.0.3
    +-- vm1 10.5.0.7" "$(vnm net-graph)"
same 'one network, named twice' "$(vnm net-graph data)" "$(vnm net-graph data data)"
has 'one network' '^\+-- data: host-only' "$(vnm net-graph data)"
vnm net-graph --json >graph.json; vnm net-port-list web --json >ports.json; vnm net-forward-list web --json >forwards.json
ok 'as JSON, with what net-port-list and net-forward-list say' python3 - <<'X'
import json
graph, ports, forwards = (json.load(open(name + ".json")) for name in ("graph", "ports", "forwards"))
nets = {net["name"]: net for net in graph["networks"]}
web = nets["web"]
assert list(nets) == ["alone", "data", "lan", "web"], nets.keys()
assert [(net["state"], net["mode"], net["host"], net["outside"], net.get("device")) for net in nets.values()] == [
    ("inactive", "isolated", False, "none", None), ("active", "isolated", True, "none", None),
    ("inactive", "bridge", True, "both", "uplink0"), ("active", "nat", True, "out", "uplink0")], nets
assert web["allows"] == [{"network": "data", "proto": "tcp", "port": 5432}] and web["forwards"] == forwards["forwards"], web
counters = {"bytes_to", "bytes_from", "packets_to", "packets_from"}
still = lambda guests: [{k: v for k, v in guest.items() if k not in counters} for guest in guests]
assert still(web["guests"]) == still(ports["guests"]) and len(web["guests"]) == 2, web
X
no_because 'an unknown one' "failed to get network 'nix'" vnm net-graph nix
no_because 'an unknown format' "unknown format 'png'; there are: text, svg, dot, mermaid, json" vnm net-graph --format png

ip -n store addr flush dev eth0
has 'a fault is marked' '^\+-- ! data: .* degraded$' "$(vnm net-graph data)"
has 'with what is wrong' '^    \|   ! guest .* lacks address 10.6.0.2/24' "$(vnm net-graph data)"
has 'and at the guest' '^    \+-- ! store 10.6.0.2 \(degraded\)$' "$(vnm net-graph data)"

vnm net-repair data
# A router is one guest, though each network has an attachment of its own.
ok 'a router' vnm net-attach data --netns both --create --ifname a --router --ip 10.6.0.9
ok 'on two networks' vnm net-attach web --netns both --ifname b --router --ip 10.5.0.9
has 'text: it routes to the other' '^\|   \+-- both 10.6.0.9, routes to web \(10.5.0.9\)$' "$(vnm net-graph)"
has 'and back' '^    \+-- both 10.5.0.9, routes to data \(10.6.0.9\)$' "$(vnm net-graph)"
vnm net-graph --format dot >dot; vnm net-graph --format mermaid >mermaid; vnm net-graph --format svg >svg
same 'dot: one box, with a line to each network' '1 2' "$(grep -c 'label="both"' dot) $(grep -c ' -> r0 ' dot)"
has 'with the address there' '^	n1 -> r0 .*label="10.6.0.9"' "$(cat dot)"
same 'mermaid: the same' '1 2' "$(grep -c 'r0\["both"\]' mermaid) $(grep -cE '^  n[13] ---[|]"10.[56].0.9"[|] r0$' mermaid)"
same 'SVG: a line from one to the other' '3 1' "$(grep -c 'class="way healthy"' svg) $(grep -c '<title>both</title></path>' svg)"
has 'JSON says so' '^both True data web$' "$(vnm net-graph --json | python3 -c '
import json, sys
for one in json.load(sys.stdin)["shared"]: print(one["name"], one["routes"], *one["networks"])')"
no 'with one network, there is no other' grep -q 'routes to' "$(vnm net-graph data >one; echo one)"
vnm net-detach web both; vnm net-detach data both
ip -n store addr flush dev eth0
vnm net-graph --format svg >svg; vnm net-graph --format dot >dot; vnm net-graph --format mermaid >mermaid
texts() { python3 -c "import sys, xml.etree.ElementTree as t; print('\n'.join(''.join(e.itertext()) for e in t.parse(sys.argv[1]).iter('{http://www.w3.org/2000/svg}text')))" "$1"; }
for text in alone 'tcp 8080 → 10.5.0.2:80' shop 10.5.0.7 uplink0 NAT 'NAT, 10.5.0.0/24, bridge web0, active' degraded; do
	ok "SVG has $text" sh -c 'grep -qxF -e "$1" -' x "$text" <<-X
	$(texts svg)
	X
done
for i in $(seq 40); do vnm -q net-attach web --netns "guest-with-a-long-name-$i" --create --ip auto; done
vnm net-graph web --format svg >many
same 'many guests, each at a place of its own' "42 42" "$(grep -c 'class="guest' many) $(grep 'class="guest' many | grep -o '^<rect x="[0-9]*" y="[0-9]*"' | sort -u | grep -c .)"
has 'a long name is cut, and whole under the pointer' '>guest-with-a….*name-40<title>guest-with-a-long-name-40</title>' "$(cat many)"
if command -v dot >/dev/null; then
	ok 'Graphviz reads it' sh -c 'dot -Tcanon dot >canon'
fi
has 'Mermaid has the way out' '^  n[0-9] -->\|"NAT by uplink0"\| outside$' "$(cat mermaid)"
finish
