#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# vnetmgr-cni, as a container runtime calls it: containers are on the networks of other guests, with names in the same DNS and with
# ports of the host; each version of CNI gets its result; nothing is left of what failed, or of what nobody knows any more.
. "$srcdir/tests/lib/ns.sh"
need python3
CNI=${builddir:-.}/vnetmgr-cni
cd "$T" || exit 1

# cni COMMAND CONTAINER NETNS [IFNAME] <CONFIGURATION
cni() { CNI_COMMAND=$1 CNI_CONTAINERID=$2 CNI_NETNS=${3:+/run/netns/$3} CNI_IFNAME=${4:-eth0} CNI_PATH=/usr/lib/cni "$CNI"; }
# config [KEYS]; of_version VERSION [KEYS]
config() { of_version 1.1.0 "$@"; }
of_version() { printf '{"cniVersion":"%s","name":"lab","type":"vnetmgr-cni"%s}' "$1" "${2:+,$2}"; }
# add CONTAINER [KEYS]: to the namespace of its name; the result is in CONTAINER.json
add() { config "${2:-}" | cni ADD "$1" "$1" >"$1.json"; }
del() { config | cni DEL "$1" "$1"; }
# value FILE EXPRESSION: of Python, over the object "o"
value() { python3 -c 'import json, sys; o = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"; }
# refused WHAT CODE PATTERN COMMAND...: with an error object
refused() {
	what=$1 code=$2 pattern=$3; shift 3
	no "$what" "$@"
	cp "$T/out" "$T/said"; grep -v '^error: \|^warning: ' "$T/said" >"$T/object"
	same "$what: its code" "$code" "$(value "$T/object" 'o["code"]')"
	has "$what: why" "$pattern" "$(value "$T/object" 'o["msg"] + ": " + o.get("details", "")')"
}
with() { file=$1; shift; "$@" <"$file"; }
guests() { vnm -q net-port-list "$1" | awk '{ print $1 }' | sort | xargs; }
box() { for name; do ip netns add "$name" && inns "$name" sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'; done; }
ask() { inns "$1" dig +short +time=2 +tries=2 "@${3:-192.168.150.1}" "$2" A; }
state() { vnm net-list --all; guests lab; uncounted_rules; ip -o link show | sed 's/^[0-9]*: //' | grep -v '^v.*NO-CARRIER'; }

cat >lab.xml <<-'X'
<network><name>lab</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-lab' stp='off'/><domain name='lab.test'/>
<ip address='192.168.150.1' prefix='24'><dhcp><range start='192.168.150.100' end='192.168.150.200'/></dhcp></ip>
<ip family='ipv6' address='fd00:150::1' prefix='64'/></network>
X
printf "<network><name>two</name><bridge name='br-two' stp='off'/><ip address='192.168.151.1' prefix='24'/></network>" >two.xml
ok 'define' vnm -q net-define lab.xml
ok 'the second' vnm -q net-define two.xml
config >c

# What a runtime asks first, whatever else there is.
CNI_COMMAND=VERSION CNI_IFNAME=dummy CNI_NETNS=dummy "$CNI" </dev/null >version
same 'the versions' '1.1.0 0.3.0 0.3.1 0.4.0 1.0.0 1.1.0' "$(value version 'o["cniVersion"] + " " + " ".join(o["supportedVersions"])')"
has 'for people' '^CNI protocol versions supported: 0.3.0, ' "$("$CNI" 2>&1)"
refused 'an unknown command' 4 "unknown CNI_COMMAND: 'LIST'" with c cni LIST c1 c1
refused 'no namespace' 4 'CNI_NETNS is missing' with c cni ADD c1 ''
echo '{' >bad; refused 'no JSON' 6 'the configuration, line ' with bad cni DEL c1 c1
of_version 0.2.0 >old; refused 'an old version' 1 "unsupported cniVersion '0.2.0'" with old cni ADD c1 c1

box c1 c2 c3
refused 'STATUS, inactive' 50 "network 'lab' is not available: .*network 'lab' is not active" with c cni STATUS '' ''
refused 'ADD, inactive' 102 "'lab' is not active" with c cni ADD c1 c1
config '"network":"none"' >none; refused 'no such network' 102 "none" with none cni ADD c1 c1
ok 'start' vnm -q net-start lab
ok 'start the second' vnm -q net-start two
ok 'STATUS' with c cni STATUS '' ''
before=$(snapshot "$CARRIER")

# Each version has the result as it knows it.
for version in 0.3.0 0.3.1 0.4.0 1.0.0 1.1.0; do
	of_version $version >v
	ok "$version: ADD" with v cni ADD c1 c1
	cp "$T/out" r.json
	mtu= four= six=
	case $version in 1.1.0) mtu=", 'mtu': 1500" ;; 0.*) four="'version': '4', " six="'version': '6', " ;; esac
	mac=$(ip -n c1 -br link show eth0 | awk '{ print $3 }') dev=$(guests lab)
	same "$version: its result" "$(python3 - <<-P
	import json
	print(json.dumps({'cniVersion': '$version', 'interfaces': [{'name': 'br-lab', 'mac': '$(cat /sys/class/net/br-lab/address)'$mtu},
	{'name': '$dev', 'mac': '$(cat /sys/class/net/$dev/address)'$mtu}, {'name': 'eth0', 'mac': '$mac'$mtu, 'sandbox': '/run/netns/c1'}],
	'ips': [{$four'interface': 2, 'address': '192.168.150.2/24', 'gateway': '192.168.150.1'},
	{$six'interface': 2, 'address': 'fd00:150::2/64', 'gateway': 'fd00:150::1'}],
	'routes': [{'dst': '0.0.0.0/0', 'gw': '192.168.150.1'}, {'dst': '::/0', 'gw': 'fd00:150::1'}],
	'dns': {'nameservers': ['192.168.150.1', 'fd00:150::1'], 'domain': 'lab.test', 'search': ['lab.test']}}))
	P
	)" "$(value r.json 'json.dumps(o)')"
	python3 -c 'import json; o = json.load(open("v")); o["prevResult"] = json.load(open("r.json")); json.dump(o, open("p", "w"))'
	case $version in 0.3.*) ;; *) ok "$version: CHECK" with p cni CHECK c1 c1; same "$version: which prints nothing" '' "$(cat "$T/out")" ;; esac
	ok "$version: DEL" with p cni DEL c1 c1
	ok "$version: DEL again" with v cni DEL c1 ''
done
same 'nothing is left' "$before" "$(snapshot "$CARRIER")"

# On the network: outside, another container, a guest of net-attach, by name.
ok 'ADD c1' add c1
ok 'ADD c2, a pod' sh -c "CNI_ARGS='IgnoreUnknown=1;K8S_POD_NAME=web;MAC=52:54:00:00:00:22' CNI_COMMAND=ADD CNI_CONTAINERID=c2 CNI_NETNS=/run/netns/c2 CNI_IFNAME=eth0 $CNI <c >c2.json"
box vm; ok 'a guest' vnm -q net-attach lab --netns vm --ip auto --hostname guest
same 'the MAC address that was asked for' 52:54:00:00:00:22 "$(ip -n c2 -br link show eth0 | awk '{ print $3 }')"
ok 'c1 reaches c2' reaches c1 192.168.150.3
ok 'and by IPv6' reaches c1 fd00:150::3
has 'and a server outside' "^you are " "$(web c1 $SERVER)"
same 'the guest finds the pod' 192.168.150.3 "$(ask vm web.lab.test)"
same 'the pod finds the guest' 192.168.150.4 "$(ask c2 guest.lab.test)"
same 'a container has its ID for a name' 192.168.150.2 "$(ask c2 c1.lab.test)"
now=$(state)
refused 'ADD again' 101 "eth0 of container c1 is already attached to network 'lab', by device 'vnet" with c cni ADD c1 c1
refused 'the interface is there' 101 "device 'eth0' already exists in /run/netns/c1" with c cni ADD c9 c1
refused 'no such namespace' 3 'c8' with c cni ADD c8 c8
same 'nothing changed' "$now" "$(state)"
has 'net-port-list --json has the ID' 'cni:c2/eth0' "$(vnm net-port-list lab --json)"

# A second network has no default route, unless it is asked for; another with the name of the first goes without.
config '"network":"two"' >two.c
ok 'a second network' with two.c cni ADD c1 c1 eth1
cp "$T/out" second.json
same 'without a route' False "$(value second.json '"routes" in o')"
same 'one default route' 1 "$(ip -n c1 route show default | wc -l)"
ok 'its DEL' with two.c cni DEL c1 c1 eth1
ok 'the first is there' reaches c1 192.168.150.1
ok 'a second of the name' sh -c "CNI_ARGS=K8S_POD_NAME=web CNI_COMMAND=ADD CNI_CONTAINERID=0123456789abcdef CNI_NETNS=/run/netns/c3 CNI_IFNAME=eth0 $CNI <c"
has 'is told' "^warning: host name 'web' is already used on network 'lab'" "$(cat "$T/out")"
same 'and has its ID' 192.168.150.5 "$(ask c1 0123456789ab.lab.test)"
ok 'DEL' with c cni DEL 0123456789abcdef c3

# Names that are shared, and ports of the host.
ok 'aliases and ports' add c3 '"runtimeConfig":{"aliases":{"lab":["db","web","c3"]},"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"},{"hostPort":8081,"containerPort":81,"hostIP":"127.0.0.1"}]}'
same 'an alias' 192.168.150.5 "$(ask c1 db.lab.test)"
same 'not that of another' 192.168.150.3 "$(ask c1 web.lab.test)"
mkdir www; echo hello >www/index.html
ip netns exec c3 busybox httpd -f -p 80 -h www & httpd=$!
ip netns exec c3 busybox httpd -f -p 81 -h www & httpd="$httpd $!"
await_port 80 inns c3; await_port 81 inns c3
same 'from outside' hello "$(outside busybox wget -q -O - http://$UPLINK:8080/)"
same 'from outside by IPv6' hello "$(outside busybox wget -q -O - "http://[$UPLINK6]:8080/")"
same 'from the host' hello "$(busybox wget -q -O - http://127.0.0.1:8081/)"
no 'which others do not reach' outside nc -z -w 1 $UPLINK 8081
has 'net-forward-list' '8080.*192.168.150.5:80 ' "$(vnm net-forward-list lab)"
box c4
config '"runtimeConfig":{"portMappings":[{"hostPort":8080,"containerPort":80}]}' >port
now=$(state)
refused 'a port twice' 101 "tcp port 8080 is already forwarded to guest '.*' of network 'lab'" with port cni ADD c4 c4
no 'net-forward-add of that port' vnm net-forward-add lab tcp 8080 192.168.150.3:80
nc -l -k -p 8082 </dev/null & taken=$!
await_port 8082
config '"runtimeConfig":{"portMappings":[{"hostPort":8082,"containerPort":80}]}' >port
refused "a port of the host's" 101 '8082' with port cni ADD c4 c4
config '"network":"two","runtimeConfig":{"portMappings":[{"hostPort":8083,"containerPort":80}]}' >port
refused 'a network that does not forward' 7 "needs <forward mode='nat'/>" with port cni ADD c4 c4
config '"vlan":42' >vlan
refused 'a VLAN of a network without' 100 "bridge 'br-lab' does not filter VLANs, .*; give network 'lab', or a portgroup, a <vlan>" with vlan cni ADD c4 c4
config '"vlanTrunk":[{"id":42},{"minID":100,"maxID":199}]' >vlan
refused 'nor a trunk' 100 "bridge 'br-lab' does not filter VLANs" with vlan cni ADD c4 c4
config '"vlan":4095' >vlan
refused 'a VLAN that is none' 7 'must be a number from 1 to 4094' with vlan cni ADD c4 c4
same 'nothing changed then' "$now" "$(state)"
ok 'the network stops' vnm -q net-destroy lab
ok 'and starts' vnm -q net-start lab
same 'the port leads there again' hello "$(outside busybox wget -q -O - http://$UPLINK:8080/)"
kill $httpd $taken
ok 'DEL c3' del c3
no 'the port is closed' outside nc -z -w 1 $UPLINK 8080

# CHECK sees what is missing, not what plugins behind us have changed.
python3 -c 'import json; o = json.load(open("c")); o["prevResult"] = json.load(open("c1.json")); json.dump(o, open("p", "w"))'
refused 'CHECK without a result' 7 'CHECK needs "prevResult"' with c cni CHECK c1 c1
ip -n c1 link set eth0 address 52:54:00:00:00:99; ip -n c1 route del default
ok 'another MAC address and no route' with p cni CHECK c1 c1
dev=$(vnm -q net-port-list lab | awk '/netns\/c1 / { print $1 }')
ip link set "$dev" nomaster
refused 'off the bridge' 103 "guest '$dev' of network 'lab' lacks .*br-lab" with p cni CHECK c1 c1
refused 'STATUS of a degraded network' 51 'is degraded' sh -c "ip link set br-lab down; CNI_COMMAND=STATUS $CNI <c"
ok 'repair' vnm -q net-repair lab
refused 'an unknown container' 3 'eth0 of container c7 is not attached' with p cni CHECK c7 c1

# GC: without a list what is gone, with one what is not in it; never what others have attached.
ok 'ADD c3' add c3
ip netns del c3
ok 'GC without a list' with c cni GC '' ''
same 'one is gone' 3 "$(guests lab | wc -w)"
config '"cni.dev/valid-attachments":[{"containerID":"c2","ifname":"eth0"}]' >gc
ok 'GC' with gc cni GC '' ''
same 'two are left' 'cni:c2/eth0 guest' "$(vnm net-port-list lab --json >l; value l '" ".join(sorted(g.get("id", g.get("hostname")) for g in o["guests"]))')"
config '"cni.dev/attachments":[]' >gc
ok 'GC of all' with gc cni GC '' ''
same 'one is left' 1 "$(guests lab | wc -w)"
no 'nothing is in the namespace' ip -n c2 link show eth0

# What has ended in whichever way is no obstacle: an ADD after a crash of the runtime, a namespace of the same name, a boot.
ok 'ADD' add c1
ip netns del c1; box c1
ip netns del c2; box c2
ok 'DEL of what is gone' del c1
ok 'ADD c2' add c2
ip netns del c2
ok 'stop' vnm -q net-destroy lab
ok 'start with a container that is gone' vnm -q net-start lab
same 'it is not kept' 1 "$(guests lab | wc -w)"
box c2; ok 'ADD anew' add c2
ok 'stop with a container' vnm -q net-destroy lab
ok 'DEL while inactive' del c2
same 'its interface is gone' 'lo' "$(ip -n c2 -br link | awk '{ print $1 }' | xargs)"
ok 'start' vnm -q net-start lab
ok 'ADD once more' add c2
ok 'the network ends' vnm -q net-destroy lab
ok 'for ever' vnm -q net-undefine lab
ok 'DEL of a network that is no more' del c2
ok 'STATUS says so' sh -c "! CNI_COMMAND=STATUS $CNI <c | grep -v '50,'  | grep code"

# Nobody reads the result.
ok 'define again' vnm -q net-define lab.xml
ok 'start again' vnm -q net-start lab
no 'a full disk' sh -c "CNI_COMMAND=ADD CNI_CONTAINERID=c2 CNI_NETNS=/run/netns/c2 CNI_IFNAME=eth0 $CNI <c >/dev/full"
same 'nothing is attached' '' "$(guests lab)"

# Many at once.
i=0; while [ $i -lt 12 ]; do i=$((i + 1)); box m$i; done
i=0 pids=; while [ $i -lt 12 ]; do i=$((i + 1)); add m$i & pids="$pids $!"; done
for pid in $pids; do ok 'one of many' wait $pid; done
same 'each has its own address' 12 "$(for i in 1 2 3 4 5 6 7 8 9 10 11 12; do value m$i.json 'o["ips"][0]["address"]'; done | sort -u | wc -l)"
finish
