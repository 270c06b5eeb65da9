#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel that lacks something: what nobody else loads is loaded; what is not to be had is named, with what to do, and
# nothing is left half done. strace(1) has the kernel answer that what it is asked for does not exist.
# Of the firewall back ends, the legacy one; those of nf_tables: tests/kernels/backends.sh and fallback.sh.
VNM_FIREWALL=legacy; export VNM_FIREWALL
. "$srcdir/tests/lib/ns.sh"
[ "$(id -u)" -eq 0 ] && grep -q '^ *0 *0 *4294967295$' /proc/self/uid_map || skip 'only root may load modules'
command -v strace >/dev/null || skip 'strace is not installed'
cd "$T" || exit 1

### A module loader of our own; the kernel of a test machine may have no modules at all.
cat >loader <<X
#!/bin/sh
echo "\$*" >>$T/asked; env >$T/environment
[ "\$4" != tun ] && [ ! -e $T/no-loader ] && [ "\$3" = tun ] && mknod /dev/net/tun c 10 200
[ ! -e $T/no-loader ]
X
chmod +x loader
mkdir kernel && cp -r --parents /proc/sys/kernel/random/boot_id /proc/sys/kernel/osrelease /proc/sys/kernel/cap_last_cap kernel || exit 1
echo "$T/loader" >kernel/proc/sys/kernel/modprobe; echo 0 >kernel/proc/sys/kernel/modules_disabled
mount --bind kernel/proc/sys/kernel /proc/sys/kernel || exit 1
setting() { echo "$2" >"/proc/sys/kernel/$1"; }
asked() { cat asked 2>/dev/null; rm -f asked; }

# unknown ERROR WHICH COMMAND...: the WHICH-th question about tables, matches and targets is answered by an error.
unknown() { e=$1 w=$2; shift 2; strace -qq -e trace=getsockopt -e "inject=getsockopt:error=$e:when=$w" -o traced "$@"; }
# question PATTERN COMMAND...: the number of the first question that strace shows like this
question() { p=$1; shift; strace -qq -e trace=getsockopt -o questions "$VNETMGR" "$@" >/dev/null; grep -nE "$p" questions | head -n 1 | cut -d : -f 1; }

net() { sed "s/<name>.*</<name>$1</; s/keenbr0/$1br/; s/192\.168\.132/192.168.$2/g" "$srcdir/networks/keennet.xml"; }
net a 140 >a.xml; sed 's/<name>.*</<name>b</; s/sixbr0/bbr/' "$srcdir/networks/ipv6.xml" >b.xml
ok 'define' vnm -q net-define a.xml; ok 'define' vnm -q net-define b.xml
ok 'the kernel has all that a start needs' vnm -q net-start a b; vnm -q net-destroy a b
before=$(snapshot)

### A cookie that cannot be read is not a kernel's that has none: no record is without it.
cookie=$(question 'SO_NETNS_COOKIE|SOL_SOCKET, 0x47' net-start b); vnm -q net-destroy b
no 'start' unknown EIO "$cookie" "$VNETMGR" -q net-start b
has 'why' '^error: .*Input/output error' "$(cat "$T/out")"
same 'nothing is left' "$before" "$(snapshot)"
ok 'where the kernel has none' unknown ENOPROTOOPT "$cookie+" "$VNETMGR" -q net-list
ok 'it starts' vnm -q net-start b
no 'no record is without it' grep -rqE ' 0$' "$VNETMGR_ROOT/run/vnetmgr/owner" "$VNETMGR_ROOT"/run/vnetmgr/*.bridge
vnm -q net-destroy b

### What the request for tables itself is registered by.
first4=$(question 'IPT_SO_GET_INFO' net-start b --dry-run)
first6=$(question 'IP6T_SO_GET_INFO' net-start b --dry-run)
filter6=$(question 'IP6T_SO_GET_INFO, "filter' net-start b --dry-run)
udp=$(question 'IPT_SO_GET_REVISION_MATCH, "udp' net-start b --dry-run)
same 'nothing was loaded without need' '' "$(asked)"
for how in '' --dry-run; do
	for v in 4 6; do
		eval "first=\$first$v"
		ok "IPv$v, $how: started" unknown ENOPROTOOPT "$first" "$VNETMGR" -q net-start b $how
		[ $v = 4 ] && module=ip_tables || module=ip6_tables
		same "$module is loaded, once" "-q -- $module" "$(asked)"
		[ -n "$how" ] || vnm -q net-destroy b
	done
done
same 'nothing of the environment' '' "$(grep -vE '^(PATH|LC_ALL|PWD|SHLVL|_|OLDPWD)=' environment)"
touch no-loader
no 'the loader has not got it' unknown ENOPROTOOPT "$first4+" "$VNETMGR" -q net-start b; output=$(cat out)
has 'the table, the module, the option' "legacy IPv4 table 'filter' \(module ip_tables, CONFIG_IP_NF_IPTABLES_LEGACY.*modprobe ip_tables" "$output"
same 'once for a command' '-q -- ip_tables
-q -- ip6_tables' "$(asked)"
no 'the same for IPv6' unknown ENOPROTOOPT "$filter6+" "$VNETMGR" -q net-start b; output=$(cat out)
has 'its own names' "legacy IPv6 table 'filter' \(module ip6_tables, CONFIG_IP6_NF_IPTABLES_LEGACY.*modprobe ip6_tables" "$output"
rm no-loader; rm -f asked
no 'one table' unknown ENOENT "$filter6" "$VNETMGR" -q net-start b
has 'named' "legacy IPv6 table 'filter' \(module ip6table_filter, CONFIG_IP6_NF_FILTER\)" "$(cat out)"
same 'nothing is left' "$before" "$(snapshot)"

### Who must not load, does not try.
setting modules_disabled 1; rm -f asked
no 'switched off' unknown ENOPROTOOPT "$first4+" "$VNETMGR" -q net-start b
has 'reported' 'kernel\.modules_disabled is 1.*ip_tables in /etc/modules-load.d/' "$(cat out)"
same 'and not tried' '' "$(asked)"
setting modules_disabled 0
no 'without the right' unknown ENOPROTOOPT "$first4+" setpriv --bounding-set -sys_module "$VNETMGR" -q net-start b
has 'who has it' "the host's root can load it: modprobe ip_tables" "$(cat out)"
same 'and not tried' '' "$(asked)"
setting modprobe ''
no 'no loader' unknown ENOPROTOOPT "$first4+" "$VNETMGR" -q net-start b
setting modprobe "$T/loader"

### A match, a target: by name, before anything is made; in the same words by --dry-run.
# Every question, one after the other: each failure names something, none leaves anything.
last=$(wc -l <questions) i=0
while [ $i -lt "$last" ]; do
	i=$((i + 1))
	! sed -n "${i}p" questions | grep -q SOL_SOCKET || continue	# not about tables
	unknown ENOENT $i "$VNETMGR" -q net-start b --dry-run >out 2>&1 && continue
	has "question $i: what and how" "lacks the .* \(module .*CONFIG_.*modprobe" "$(cat out)"
	grep -o "lacks the .* (module [a-zA-Z0-9_]*" out >>named
done
for v in 4 6; do
	[ $v = 4 ] && reject=ipt_REJECT iptable=iptable || { reject=ip6t_REJECT iptable=ip6table; }
	for table in filter nat; do has "$table" "legacy IPv$v table '$table' \(module ${iptable}_$table" "$(cat named)"; done
	has 'its own module' "target 'REJECT' \(module $reject" "$(cat named)"
done
has mangle "legacy IPv4 table 'mangle' \(module iptable_mangle" "$(cat named)"
for m in 'match .udp. .module xt_tcpudp' 'match .tcp. .module xt_tcpudp' 'match .conntrack. .module xt_conntrack' \
	 'target .MASQUERADE. .module xt_MASQUERADE'; do
	same "IPv4 and IPv6: $m" 2 "$(grep -c "$m" named)"
done
no 'and nothing is made' unknown ENOENT $((last / 2)) "$VNETMGR" -q net-start b
same 'nothing is left' "$before" "$(snapshot)"
no 'another revision' unknown EPROTONOSUPPORT $udp "$VNETMGR" -q net-start b
setting modules_disabled 1
unknown ENOENT $udp "$VNETMGR" -q net-start b >out 2>&1
has 'also there: it cannot be loaded' "lacks the match .*modules_disabled is 1" "$(cat out)"
setting modules_disabled 0

### A change of an active network is no start: what it adds is asked for as well.
ok 'up' vnm -q net-start a
which=$(strace -qq -e trace=getsockopt -o questions "$VNETMGR" -q net-forward-add a tcp 8080 192.168.140.9:80 2>/dev/null; grep -n '"DNAT' questions | head -n 1 | cut -d : -f 1)
vnm -q net-forward-del a tcp 8080 2>/dev/null
no 'a forward' unknown ENOENT "$which" "$VNETMGR" -q net-forward-add a tcp 8080 192.168.140.9:80
has 'what is missing' "lacks the target 'DNAT' \(module xt_nat, CONFIG_NETFILTER_XT_NAT\), for the rule '.*--dport 8080.*modprobe xt_nat" "$(cat out)"
has 'still whole' '^ a +active ' "$(vnm net-list)"
sed 's:^</network>:<ip family="ipv6" address="fd00\:140\:\:1" prefix="64"/></network>:' a.xml >a6.xml
first6=$(strace -qq -e trace=getsockopt -o questions "$VNETMGR" -q net-apply a6.xml; grep -n IP6T_SO_GET_INFO questions | head -n 1 | cut -d : -f 1)
ok 'the old one' vnm -q net-apply a.xml; rm -f asked
ok 'IPv6 is added' unknown ENOPROTOOPT "$first6" "$VNETMGR" -q net-apply a6.xml
same 'its module is loaded' '-q -- ip6_tables' "$(asked)"
has 'whole' '^ a +active ' "$(vnm net-list)"
vnm -q net-apply a.xml; vnm -q net-destroy a
same 'nothing is left' "$before" "$(snapshot)"

### An optional rule is left out, reported once, and not missed.
checksum=$(question 'IPT_SO_GET_REVISION_TARGET, "CHECKSUM' net-start a --dry-run)
unknown ENOENT "$checksum" "$VNETMGR" net-start a >out 2>&1 || same 'started without checksums' '' "$(cat out)"
has 'reported' "warning: .*target 'CHECKSUM' \(module xt_CHECKSUM, CONFIG_NETFILTER_XT_TARGET_CHECKSUM\), so its rule is left out" "$(cat out)"
same 'no such rule' '' "$(iptables-legacy -t mangle -S 2>/dev/null | grep CHECKSUM)"
has 'whole' '^ a +active ' "$(vnm net-list)"
same 'nothing to repair' 'Network a is complete' "$(vnm net-repair a | head -n 1)"
guest g abr; ok 'leases are given' dhcp g
host="<host mac='52:54:00:00:00:07' ip='192.168.140.7'/>"
checksum=$(question 'IPT_SO_GET_REVISION_TARGET, "CHECKSUM' net-update a add ip-dhcp-host --live "$host" --dry-run)
unknown ENOENT "${checksum:-1000}" "$VNETMGR" -q net-update a add ip-dhcp-host --live "$host" >out 2>&1 ||
	same 'changed' '' "$(cat out)"
same 'not reported again' '' "$(grep CHECKSUM out)"
has 'still whole' '^ a +active ' "$(vnm net-list)"
leave g; vnm -q net-destroy a
same 'nothing is left' "$before" "$(snapshot)"

# What keeps forged packets out is another one.
for what in 'IPT_SO_GET_INFO, "raw' 'IPT_SO_GET_REVISION_TARGET, "CT' 'IP6T_SO_GET_INFO, "raw' 'IP6T_SO_GET_REVISION_TARGET, "CT'; do
	case $what in IP6*) v=6 tool=ip6tables-legacy ;; *) v=4 tool=iptables-legacy ;; esac
	unknown ENOENT "$(question "$what" net-start b --dry-run)" "$VNETMGR" net-start b >out 2>&1 || same "$what: started without" '' "$(cat out)"
	has "$what: reported" "warning: this kernel lacks the IPv$v table 'raw' or the target 'CT'" "$(cat out)"
	same "$what: no such rule" '' "$($tool -t raw -S | grep VNM_)"
	has "$what: whole" '^ b +active ' "$(vnm net-list)"
	vnm -q net-destroy b
done
same 'nothing is left' "$before" "$(snapshot)"

# What spares other packets our rules is a third.
unknown ENOENT "$(question 'IPT_SO_GET_REVISION_MATCH, "devgroup' net-start b --dry-run)" "$VNETMGR" net-start b >out 2>&1 || same "started without groups" '' "$(cat out)"
has 'reported' "warning: this kernel lacks the match 'devgroup' \\(module xt_devgroup, CONFIG_NETFILTER_XT_MATCH_DEVGROUP\\).*; load it: modprobe xt_devgroup" "$(cat out)"
has 'whole' '^ b +active ' "$(vnm net-list)"
vnm -q net-destroy b
ok 'elsewhere nothing is reported' vnm net-start b; same 'not a word' '' "$(grep devgroup out)"
vnm -q net-destroy b
same 'nothing is left' "$before" "$(snapshot)"

### /dev/net/tun comes with its module.
ok 'up' vnm -q net-start a
mkdir -p /dev/net && mount -t tmpfs tmpfs /dev/net; rm -f asked; touch no-loader
no 'no tun' vnm -q net-attach a --tap t0
has 'named' 'module tun \(CONFIG_TUN\); load it: modprobe tun' "$(cat out)"
same 'asked for' '-q -- tun' "$(asked)"
rm no-loader
ok 'a tap' vnm -q net-attach a --tap t0
same 'asked for' '-q -- tun' "$(asked)"
ok 'it is there' ip link show t0
umount /dev/net; vnm -q net-detach a t0; vnm -q net-destroy a

### Bridges that cannot filter VLANs: refused when it starts and when it is changed, and nothing is pending. Others: tests/kernels.
ip link add probe type bridge
if ! ip -d link show probe | grep -q vlan_filtering; then
	echo "<network><name>v</name><bridge name='br-v' stp='off'/><ip address='10.7.7.1' prefix='24'/></network>" >v.xml
	sed "s|<ip|<vlan><tag id='42'/></vlan>&|" v.xml >tagged.xml
	WHY="^error: bridge 'br-v' cannot keep guests in their VLANs: this kernel's bridges do not filter VLANs"
	no_because 'VLANs' "$WHY" vnm -q net-create tagged.xml
	no 'VLANs: no bridge' ip link show br-v
	ok 'without' vnm -q net-create v.xml
	no_because 'with VLANs, live' "$WHY" vnm -q net-apply tagged.xml
	has 'VLANs: as it was' '^ v +active ' "$(vnm net-list 2>&1)"
	same 'VLANs: nothing is pending' '' "$(find "$VNETMGR_ROOT" -name '*.pending'; vnm net-list 2>&1 | grep warning)"
	ok 'without' vnm -q net-destroy v
fi
ip link del probe
finish
