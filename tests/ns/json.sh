#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --json: every output of every command, for networks in each mode, guests of every kind, leases, forwards, faults, events and dry
# runs, is as schemas/json/ says, and every key of the schemas occurs. Errors are as ever, and print no part of a document.
. "$srcdir/tests/lib/ns.sh"
need python3 nft
python3 -c 'import jsonschema' 2>/dev/null || skip 'the Python module jsonschema is not installed'
cd "$T" || exit 1
mkdir docs

# json SCHEMA COMMAND...: its output is a document for the schema, checked in the end, and there are no errors; $status is set
json() {
	schema=$1; shift
	vnm "$@" --json >out 2>err; status=$?
	n_docs=$((n_docs + 1)); cp out "docs/$(printf %03d $n_docs).$schema"
	has "$*" '^[{]$' "$(head -n 1 out)"
	same "$*: no warnings" '' "$(grep -v '^warning' err)"
}
n_docs=0
# dry COMMAND...: the same for a dry run
dry() { json dry-run "$@" --dry-run; }
# refused MESSAGE COMMAND...: it fails as without --json, and prints nothing
refused() {
	message=$1; shift
	vnm "$@" >out 2>err; same "$*: exit status" 1 $?
	same "$*: nothing is printed" '' "$(cat out)"; has "$*: why" "$message" "$(cat err)"
}
net() { printf "<network xmlns:vnm='urn:vnetmgr:network:1'><name>%s</name>%s</network>\n" "$1" "$2" >"$1.xml"; }

D="<bridge name='jbr0' stp='off'/><ip address='192.168.181.1' prefix='24'><dhcp><range start='192.168.181.100' end='192.168.181.199'/></dhcp></ip><ip family='ipv6' address='fd00:181::1' prefix='64'><dhcp><range start='fd00:181::100' end='fd00:181::1ff'/></dhcp></ip><portgroup name='apart'><port isolated='yes'/></portgroup>"
F="<vnm:portForward proto='tcp' port='70-79' to='192.168.181.10' name='web'/><vnm:portForward proto='udp' address='203.0.113.2' port='90' to='192.168.181.10' toPort='9090'/><vnm:portForward proto='tcp' dev='uplink0' port='83'><vnm:target address='192.168.181.10' port='8080'/><vnm:target address='192.168.181.11' port='8080' weight='3'/></vnm:portForward><vnm:staticNat outside='203.0.113.78' inside='192.168.181.11'/><vnm:allow network='routed' proto='tcp' port='80-81'/>"
net nat "<title>guests of all kinds</title><forward mode='nat'/>$D$F"
net routed "<forward mode='route'/><bridge name='jbr1' stp='off'/><ip address='192.168.182.1' prefix='24'/><bandwidth><inbound average='1000'/><outbound average='1000'/></bandwidth>"
net open "<forward mode='open'/><bridge name='jbr2' stp='off'/><ip address='192.168.183.1' prefix='24'/>"
net alone "<bridge name='jbr3' stp='off'/>"
net pool "<forward mode='bridge'><interface dev='jnic0'/></forward>"
net private "<forward mode='private'><interface dev='jnic0'/></forward>"
net vepa "<forward mode='vepa'><interface dev='jnic0'/></forward>"
net direct "<forward mode='passthrough'><interface dev='jnic1'/></forward>"
net pci "<forward mode='hostdev'><address type='pci' domain='0' bus='0' slot='1' function='0'/></forward>"
net up "<forward mode='bridge'/><bridge name='jbr4' stp='off'/><vnm:uplink dev='juplink'/>"
for dev in jnic0 jnic1; do ip link add $dev up type veth peer name far-$dev; ip link set far-$dev up; done
ip link add juplink up type veth peer name jfar; ip link set jfar up

# Inactive ones, and what starts would do.
json net-list net-list
for name in nat routed open alone pool private vepa direct pci up; do
	dry net-define $name.xml
	ok "$name is defined" vnm net-define $name.xml
done
dry net-create alone.xml
dry net-start nat routed open alone
dry net-apply nat.xml
json net-info net-info nat pool pci
cat >spread.xml <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>spread</name><bridge name='br-spread'/><ip address='10.77.0.1' prefix='24'/>
<vnm:overlay vni='77' dev='uplink0'><vnm:peer address='203.0.113.9'/></vnm:overlay></network>
X
dry net-create spread.xml
ok 'on many hosts' vnm -q net-create spread.xml
json net-info net-info spread
ok 'no more' vnm -q net-destroy spread
json net-graph net-graph
# What leads to a rule of nftables is in its step.
same 'a plan has the steps of the text' "$(vnm -q net-start alone --dry-run | grep -cv "^nft 'add \(chain\|map\|element\) ")" "$(vnm net-start alone --dry-run --json | grep -c '"action": "add"')"
ok 'they start' vnm -q net-start nat routed open alone pool private vepa direct
ok 'with a guard' vnm -q net-start up --guard 60
json net-list net-list --all --title --wide
json net-list net-list --inactive --autostart
json net-info net-info nat routed open alone pool private vepa direct pci up
ok 'no PCI' vnm -q net-undefine pci
dry net-start --all

# Guests of every kind, and a port of libvirt's.
ip netns add jn0; ip netns add jn1; ip netns add jn2; ip link add jdev type veth peer name jdev1
for guest in '--netns jn0 --ip auto --hostname web' '--netns jn1 --ip dhcp' '--tap jtap --portgroup apart' '--tun jtun --ip 192.168.181.1 --peer 192.168.181.50' '--dev jdev'; do
	dry net-attach nat $guest
	ok "net-attach $guest" vnm -q net-attach nat $guest
done
ok 'a macvlan' vnm -q net-attach pool --netns jn2 --ip none
echo "<networkport><uuid>5eedcafe-0000-4000-8000-000000000001</uuid><owner><name>vm</name><uuid>5eedcafe-0000-4000-8000-000000000002</uuid></owner><mac address='52:54:00:00:00:31'/></networkport>" >port.xml
ok 'a port' vnm -q net-port-create nat port.xml
ip netns add jn3
ok 'a container' sh -c "echo '{\"cniVersion\":\"1.1.0\",\"name\":\"nat\"}' | CNI_COMMAND=ADD CNI_CONTAINERID=c CNI_NETNS=/run/netns/jn3 \
	CNI_IFNAME=eth0 ${builddir:-${VNETMGR%/*}}/vnetmgr-cni"
json net-port-list net-port-list nat
json net-port-list net-port-list pool
json net-port-list net-port-list alone
has 'numbers are numbers' '"prefix": 24,' "$(vnm net-port-list nat --json)"
json net-graph net-graph
same 'the same by its format' "$(tr -d 0-9 <out)" "$(vnm net-graph --format json | tr -d 0-9)"
ok 'on both' vnm -q net-attach nat --netns jn2 --ifname nat0 --ip none
json net-graph net-graph nat pool
ok 'on one again' vnm -q net-detach nat jn2
has 'a lease of DHCP' '"dhcp": true' "$(vnm net-port-list nat --json)"

# Leases, also one that never ends.
leases=$VNETMGR_ROOT/var/lib/vnetmgr/leases/nat
await grep -q ^duid "$leases"
{ printf '0 52:54:00:00:00:41 192.168.181.141 cafe 01:52:54:00:00:00:41\n'; cat "$leases"; echo "$(($(date +%s) + 3600)) 7 fd00:181::107 six 00:01:00:01:2d:00:00:00:52:54:00:00:00:42"; } >new
cat new >"$leases"
json net-dhcp-leases net-dhcp-leases nat
has 'one that ends' '"expires": "20[0-9-]*T[0-9:]*Z"' "$(cat out)"
n_docs=$((n_docs + 1)); ok 'a backup' sh -c "'$VNETMGR' net-export - >docs/$(printf %03d $n_docs).backup"
json net-dhcp-leases net-dhcp-leases nat 52:54:00:00:00:99
json net-dhcp-leases net-dhcp-leases nat --reservations
dry net-dhcp-release nat 192.168.181.141

# Forwards, changes, and the other dry runs.
json net-forward-list net-forward-list nat
dry net-forward-add nat tcp 7000 192.168.181.10
dry net-forward-del nat tcp 70-79
dry net-update nat add ip-dhcp-host "<host mac='52:54:00:00:00:51' ip='192.168.181.151'/>" --live --config
dry net-update nat add dns-txt "<txt name='a' value='b'/>" --live
has 'dnsmasq starts again' '"action": "restart"' "$(cat out)"
dry net-detach nat jtap
dry net-destroy nat up
sed "s/192.168.181.199/192.168.181.190/; s/ stp='off'//" nat.xml >other.xml
latin=$(printf 'caf\351.xml'); cp other.xml "$latin"
json net-diff net-diff nat other.xml
json net-diff net-diff nat "$latin"; has 'a byte that is not UTF-8' '"file": "caf\\\\xe9.xml"' "$(cat out)"
dry net-apply other.xml; same 'something would be done' 2 $status
dry net-apply routed.xml open.xml
json net-diff net-diff nat --live

# A packet that passes, one that a rule of each kind of tables stops, and one that does not know where to go.
json net-explain net-explain nat jn0 198.51.100.10:80; same 'it passes' 0 $status
iptables-legacy -I FORWARD -j DROP
json net-explain net-explain nat jn0 198.51.100.10 --proto icmp; same 'it is stopped' 3 $status
iptables-legacy -D FORWARD 1
nft 'add table inet docker { chain f { type filter hook forward priority 0; policy drop; }; }' && nft insert rule inet docker f drop
json net-explain net-explain nat jn0 198.51.100.10:80; has 'handles are numbers' '"handle": [0-9]+,' "$(cat out)"
nft delete table inet docker

# What is missing, and what a repair would do.
dry net-repair open
ip link del jbr2; ip addr flush dev jbr3; flush_tables
ip link set jtap nomaster
json net-list net-list
json net-info net-info --network nat open
json net-diff net-diff nat --live; same 'it differs' 2 $status
json net-forward-list net-forward-list nat
json net-graph net-graph nat open
json net-doctor net-doctor nat; same 'something is wrong' 3 $status
has 'whose it is' '"guest": "jtap"' "$(cat out)"
has 'what has the same cause' '"follows_from": 0' "$(cat out)"
json net-doctor net-doctor
dry net-repair nat open
ok 'it is repaired' vnm -q net-repair nat open
dry net-repair --firewall
ok 'the uplink stays' vnm -q net-confirm up

# Events: one a line, as they happen.
"$VNETMGR" net-event --all --loop --json >events & watcher=$!
until grep -q '"defined"' events; do vnm -q net-define alone.xml; done
ok 'stop' vnm -q net-destroy alone; ok 'start' vnm -q net-start alone
ok 'title' vnm -q net-desc alone --title --config 'a title'; ok 'description' vnm -q net-desc alone --config 'a text'
ok 'metadata' vnm -q net-metadata alone http://test.example/ --key k --set '<a/>' --config
ip link del jbr3; await grep -q '"detail":' events
ok 'repair' vnm -q net-repair alone; await grep -q '"whole"' events
ok 'stop' vnm -q net-destroy alone; ok 'undefine' vnm -q net-undefine alone; await grep -q '"undefined"' events
kill -INT $watcher; wait $watcher; same 'interrupted' 0 $?
same 'one object a line' '' "$(grep -v '^[{].*[}]$' events)"
n=0; while read -r line; do n=$((n + 1)); echo "$line" >"docs/e$n.net-event"; done <events
json version version

# Every command with a dry run has it, and so has every one that lists.
has_no_json() {
	for command in $(vnm -q help | sed -nE 's/^    ([a-z-]+) .*/\1/p'); do
		case $command in *-list | *-leases | net-info | net-graph | net-diff | net-doctor | net-explain | net-event | version) ;; *) vnm -q help "$command" | grep -q -e '--dry-run' || continue ;; esac
		vnm -q help "$command" | grep -q '^    --json ' || echo "$command"
	done
}
same 'commands without JSON' '' "$(has_no_json)"

# Errors are as they are without it.
refused 'no network with matching name' net-info nope --json
refused 'no network with matching name' net-graph nat nope --json
refused 'mutually exclusive' net-graph --json --format svg
refused 'no network with matching name' net-dhcp-leases nope --json
refused 'Option --dry-run is required by option --json' net-start nat --json
refused 'mutually exclusive' net-list --json --name
refused "doesn't support option --json" net-dumpxml nat --json
vnm net-info nope nat --json >out 2>err; same 'one of two is not there' 1 $?
has 'why' 'no network with matching name' "$(cat err)"; cp out docs/partial.net-info
vnm net-list --all --json >/dev/full 2>err; same 'a full disk' 1 $?
same 'two commands, two documents' 2 "$(vnm 'version --json; net-list --json' | grep -c '"version": 1')"
ok 'the rest ends' vnm -q net-destroy --all

# VLANs, where the kernel's bridges filter them.
net vlan "<forward mode='bridge'/><bridge name='jvlan'/><vlan trunk='yes'><tag id='42'/><tag id='7' nativeMode='untagged'/></vlan>"
ok 'define' vnm -q net-define vlan.xml; json net-info net-info vlan
lacking='vlans pvid untagged evpn asn sessions peer vrf'	# those of EVPN are in evpn.sh, that of a VRF in vrf.sh
if ip link add jvlan type bridge vlan_filtering 1 2>/dev/null; then
	lacking='evpn asn sessions peer vrf'; ok 'start' vnm -q net-start vlan; ok 'attach' vnm -q net-attach vlan --tap jtap7
	json net-port-list net-port-list vlan
fi
cat >check.py <<'PYTHON'
import glob, json, os, sys
import jsonschema
base = os.path.join(sys.argv[1], "schemas/json")
schemas = {os.path.basename(p)[:-5]: json.load(open(p)) for p in glob.glob(base + "/*.json")}
try:    # newer versions of jsonschema
    from referencing import Registry, Resource
    refer = {"registry": Registry().with_resources((n + ".json", Resource.from_contents(s)) for n, s in schemas.items())}
except ImportError:
    refer = {"resolver": jsonschema.RefResolver("", {}, store={n + ".json": s for n, s in schemas.items()})}
bad = 0
def fail(text):
    global bad
    bad += 1
    print(text, file=sys.stderr)
def once(pairs):
    keys = [k for k, v in pairs]
    if len(keys) != len(set(keys)): fail("a key twice: %s" % keys)
    return dict(pairs)
checkers = {}
for name, schema in schemas.items():
    jsonschema.Draft202012Validator.check_schema(schema)
    checkers[name] = jsonschema.Draft202012Validator(schema, **refer)
def closed(schema, where):    # every object refuses keys that it does not name
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object" and schema.get("additionalProperties") is not False: fail("%s is open" % where)
        for k, v in schema.items(): closed(v, where + "/" + k)
seen = {}
def note(name, schema, value):
    if isinstance(value, dict):
        for k, v in value.items():
            seen.setdefault(name, set()).add(k)
            note(name, schema, v)
    elif isinstance(value, list):
        for v in value: note(name, schema, v)
n = 0
for path in sorted(glob.glob("docs/*")):
    name = path.rsplit(".", 1)[1]
    try: document = json.load(open(path, encoding="utf-8"), object_pairs_hook=once)
    except ValueError as e: fail("%s: %s" % (path, e)); continue
    for e in list(checkers[name].iter_errors(document))[:3]: fail("%s: %s: %s" % (path, "/".join(map(str, e.absolute_path)), e.message))
    note(name, schemas[name], document); n += 1
def keys(schema):
    if isinstance(schema, dict):
        for k, v in schema.items():
            if k == "properties": yield from v
            yield from keys(v)
for name, schema in schemas.items():
    closed(schema, name)
    for key in set(keys(schema)) - set(sys.argv[2].split()) - seen.get("dry-run" if name == "step" else name, set()):
        if name != "step": fail("%s.json: no output has '%s'" % (name, key))
kinds = {s["kind"] for p in glob.glob("docs/*.dry-run") for net in (json.load(open(p)) if os.path.getsize(p) else {"networks": []})["networks"] for s in net["steps"]}
print("%d documents, %d kinds of steps, not among them: %s" % (n, len(kinds), sorted(set(schemas["step"]["properties"]["kind"]["enum"]) - kinds)))
sys.exit(bad > 0 or n < 50 or len(kinds) < 20)
PYTHON
ok 'documents and schemas' python3 check.py "$srcdir" "$lacking"
tail -n 1 "$T/out"
finish
