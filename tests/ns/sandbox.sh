#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# vnetmgr sandbox: what is inside cannot be seen outside, what it promises works, and nothing is left of it.
#
# The "host" here is a namespace, too, so that other tests cannot be mistaken for traces of the sandbox.

set -u
: "${VNETMGR:?the program under test}"
export VNETMGR LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"

skip() { echo "SKIP: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }

if [ -z "${SANDBOX_TEST_HOST:-}" ]; then
	for tool in unshare ip busybox dig dnsmasq script; do
		command -v "$tool" >/dev/null || skip "$tool is not installed"
	done
	[ "$(id -u)" -eq 0 ] && user='' || user=-Ur
	unshare $user -n -m -u -i true 2>/dev/null || skip "no namespaces to be had here"
	SANDBOX_TEST_HOST=1 exec unshare $user -n -m -u -i sh "$0" "$@"
fi
unset VNETMGR_SANDBOX VNETMGR_ROOT
mount -t tmpfs -o mode=0755 tmpfs /run && ip link set lo up || skip "no tmpfs to be had here"
# An /etc of its own: what the sandbox fails to keep from it is lost here only.
mkdir /run/etc && cp -a /etc/. /run/etc 2>/dev/null
mount --bind /run/etc /etc || skip "no bind mounts to be had here"
echo 'nameserver 192.0.2.53' >/run/resolv.conf && cp --remove-destination /run/resolv.conf /etc/resolv.conf
mkdir -p /etc/netns/g && echo theirs >/etc/netns/g/resolv.conf

failures=0 checks=0
fail() { failures=$((failures + 1)); printf 'FAIL: %s\n' "$*" >&2; }
same() { checks=$((checks + 1)); [ "$2" = "$3" ] || fail "$1
--- expected
$2
--- actual
$3"; }
has() { checks=$((checks + 1)); printf '%s\n' "$3" | grep -Eq -- "$2" || fail "$1: no line matches $2 in
$3"; }
lacks() { checks=$((checks + 1)); printf '%s\n' "$3" | grep -Eq -- "$2" && fail "$1: a line matches $2 in
$3"; }

# What the host has; the sandbox must leave all of it alone.
host() { ip -o link | sed 's/ state [A-Z]*//'; ip route; find /run -path /run/etc -prune -o -print; mount | wc -l; hostname; ipcs
	ls -l /etc /etc/netns/g; cat /run/resolv.conf /etc/resolv.conf /etc/hosts /etc/netns/g/resolv.conf; }
sandbox() { "$VNETMGR" sandbox "$@"; }
# A word that only processes inside have as argument, to find them from outside; [s]: grep is not one of them.
mark="sandbox-test-$$"
marked() { grep -lsz -- "[s]${mark#s}" /proc/[0-9]*/cmdline; }

ip link add hostbr0 type bridge
echo keep >/run/keep
ipcmk -M 4096 >/dev/null
before=$(host)

# Exit status and arguments
sandbox true; same "status of true" 0 $?
sandbox sh -c 'exit 7'; same "status of exit 7" 7 $?
sandbox sh -c 'kill -TERM $$' 2>/dev/null; same "status after SIGTERM" 143 $?
same "arguments arrive whole" "a b|c" "$(sandbox sh -c 'printf "%s|%s" "$1" "$2"' x 'a b' c)"
same "input arrives" hello "$(echo hello | sandbox cat)"
text=$(sandbox no-such-program 2>&1); status=$?
has "a program that is not there" "no-such-program.*No such file" "$text"
same "and its status is failure" 1 "$((status != 0))"

# Isolation
inside=$(sandbox sh -c 'ip -o link; ls /run; ls /sys/class/net; ps -e -o pid=,args=')
lacks "the host's devices" hostbr0 "$inside"
has "lo is up" 'lo: <LOOPBACK,UP' "$inside"
lacks "the host's /run" '^keep' "$inside"
lacks "the host's processes" "ns/sandbox.sh" "$inside"
same "the environment" "1 /run/sandbox" "$(sandbox sh -c 'echo "$VNETMGR_SANDBOX $VNETMGR_ROOT"')"
same "private state is writable" ok "$(sandbox sh -c 'mkdir -p "$VNETMGR_ROOT/x" && echo ok')"
same "a bridge, a rule and a lock inside" ok "$(sandbox sh -c '
	ip link add hostbr0 type bridge && iptables-legacy -t nat -N MINE && test -e /run/xtables.lock &&
	ip netns add guest && echo 1 >/proc/sys/net/ipv4/ip_forward && rm -f /run/keep && echo ok')"
same "the host is as before" "$before" "$(host)"
same "the host name, shared memory" "inside 0" "$(sandbox sh -c 'hostname inside; echo "$(hostname) $(ipcs -m | grep -c ^0x)"')"
lacks "what else is open" 'sandbox\.sh' "$(sandbox sh -c 'ls -l /proc/[0-9]*/fd' 7<"$0" 9<"$0")"
same "settings of the host" "refused" "$(sandbox sh -c '
	for i in vm/swappiness kernel/panic fs/file-max; do
		(value=$(cat /proc/sys/$i) && echo "$value" >/proc/sys/$i) 2>/dev/null && echo "$i is writable"; done
	(: >/proc/sysrq-trigger) 2>/dev/null && echo "sysrq is writable"; echo refused')"
same "and those of its own" ok "$(sandbox sh -c '
	cd /proc/sys && echo 1 >net/ipv4/ip_forward && echo in >kernel/hostname && echo 9000 >kernel/msgmax && echo ok')"
same "the host is as before, after that" "$before" "$(host)"

# /etc, in all that a DHCP client or a resolver may do to it. A link into /run; a file that is a mount of its own, as
# in containers; and an /etc for which there can be no overlay.
harm='
	ip netns add g; cat /etc/resolv.conf /etc/netns/g/resolv.conf 2>/dev/null
	echo bad >/etc/resolv.conf; echo bad >>/etc/hosts; { echo bad >/etc/netns/g/resolv.conf; } 2>/dev/null
	cat /etc/resolv.conf'
more='echo worse >/etc/resolv.conf.new && mv /etc/resolv.conf.new /etc/resolv.conf && cat /etc/resolv.conf
	rm -f /etc/hosts; mkdir -p /etc/netns/new'
etc() {	# etc WHAT [COMMANDS ALLOWED THERE]
	before=$(host)
	same "$1: what is done to it" "nameserver 192.0.2.53
${3-}bad${2:+
worse}" "$(sandbox sh -c "$harm
${2-}")"
	same "$1: is not done to the host's" "$before" "$(host)"
	same "$1: with an uplink" "nameserver 203.0.113.1" "$(sandbox --uplink cat /etc/resolv.conf)"
	same "$1: in a sandbox of the sandbox" "bad in" \
		"$(sandbox sh -c 'echo bad >/etc/resolv.conf; "$VNETMGR" sandbox sh -c "cat /etc/resolv.conf; echo worse >/etc/resolv.conf; echo in"; cat /etc/resolv.conf' | sort -u | tr '\n' ' ' | sed 's/ $//')"
	same "$1: nor is that" "$before" "$(host)"
}
etc "a file" "$more" "theirs
"
ln -sf ../run/resolv.conf /etc/resolv.conf
etc "a link" "$more" "theirs
"
cp --remove-destination /run/resolv.conf /etc/resolv.conf && mount --bind /etc/resolv.conf /etc/resolv.conf
etc "a mount"
umount /etc/resolv.conf
ln -sf ../run/resolv.conf /etc/resolv.conf; mount --bind /etc/hosts /etc/hosts
etc "a link, in a container"
# The /etc of a sandbox in a container is the host's: no directory is made there for a namespace that is created.
mv /etc/netns /etc/netns.away; before=$(host)
same "a namespace without an /etc of its own" attached "$(sandbox sh -c '
	echo "<network><name>n</name><bridge name=\"br-n\" stp=\"off\"/><ip address=\"192.0.2.1\" prefix=\"24\"/></network>" >/run/n.xml
	"$VNETMGR" -q net-create /run/n.xml && "$VNETMGR" -q net-attach n --netns new --create --ip auto && echo attached; ls -d /etc/netns 2>/dev/null')"
same "nothing is left of it" "$before" "$(host)"
mv /etc/netns.away /etc/netns
umount /etc/hosts; before=$(host)
same "but where it is private" /etc/netns/new/resolv.conf "$(sandbox sh -c '
	echo "<network><name>n</name><bridge name=\"br-n\" stp=\"off\"/><ip address=\"192.0.2.1\" prefix=\"24\"/></network>" >/run/n.xml
	"$VNETMGR" -q net-create /run/n.xml && "$VNETMGR" -q net-attach n --netns new --create --ip auto; ls -d /etc/netns/new/resolv.conf')"

# Orphans are reaped while it runs, and ended when it ends
same "no zombies" 0 "$(sandbox sh -c '(true & exec true) & wait; busybox timeout 5 sh -c "
	while ps -e -o stat= | grep -q Z; do sleep .02; done; echo 0"')"
sandbox sh -c "mkfifo /run/f; sh -c 'read x </run/f; : $mark' & setsid sh -c 'read x </run/f; : $mark' & exit 3"
same "status with children left" 3 $?
same "children left are gone" "" "$(marked)"

# The end of the outer process is the end of all
mkfifo /run/up
for signal in TERM KILL; do
	sh -c 'exec "$VNETMGR" sandbox --uplink sh -c "echo up; cat; : '"$mark"'"' >/run/keep <>/run/up &
	outer=$!
	busybox timeout 10 sh -c 'until grep -q up /run/keep; do :; done'
	same "SIG$signal: it runs" up "$(cat /run/keep)"
	has "SIG$signal: and can be seen from outside" cmdline "$(marked)"
	kill -"$signal" "$outer"; wait "$outer" 2>/dev/null
	deadline=$(($(date +%s) + 10))
	while [ -n "$(marked)" ] && [ "$(date +%s)" -lt "$deadline" ]; do sleep .02; done
	same "SIG$signal: nothing is left" "" "$(marked)"
	echo keep >/run/keep
done
rm /run/up
same "the host is as before, after the kills" "$before" "$(host)"

# The simulated upstream
world='
	echo "netns $(ip netns | cut -d" " -f1)"
	ping -n -c 1 -W 2 198.51.100.10 >/dev/null && echo ping4
	ping -n -c 1 -W 2 2001:db8:51::10 >/dev/null && echo ping6
	echo "wget4 $(busybox wget -q -O - http://198.51.100.10/)"
	echo "wget6 $(busybox wget -q -O - "http://[2001:db8:51::10]/")"
	echo "wget name $(busybox wget -q -O - http://www.example.com/)"
	echo "dig $(dig +short example.com A) $(dig +short example.com AAAA)"
	echo "dig -x $(dig +short -x 198.51.100.10)"
	echo "dig unknown $(dig unknown.example.net | grep -o NXDOMAIN)"
	busybox nslookup server.internet.test | grep -q 198.51.100.10 && echo nslookup
	echo "udp $(busybox timeout 5 bash -c "exec 3<>/dev/udp/198.51.100.10/7007; echo >&3; head -c 11 <&3")"
	ping -n -c 1 -W 2 192.0.2.99 | grep -o Unreachable
	ip addr add 192.168.77.1/24 dev lo
	ping -n -c 1 -W 1 -I 192.168.77.1 198.51.100.10 >/dev/null || echo "private addresses get no reply"
'
expected='netns internet
ping4
ping6
wget4 you are 203.0.113.2
wget6 you are 2001:db8:113::2
wget name you are 203.0.113.2
dig 198.51.100.10 2001:db8:51::10
dig -x server.internet.test.
dig unknown NXDOMAIN
nslookup
udp 203.0.113.2
Unreachable
private addresses get no reply'
# A name has addresses of both families; which one wget takes is the resolver's business.
either() { sed 's/^wget name you are 2001:db8:113::2$/wget name you are 203.0.113.2/'; }
same "the internet" "$expected" "$(sandbox --uplink sh -c "$world" 2>&1 | either)"
same "a stalled client holds up nobody" "you are 203.0.113.2" "$(sandbox --uplink bash -c '
	exec 3<>/dev/tcp/198.51.100.10/80; printf "GET / HT" >&3
	busybox wget -q -O - http://198.51.100.10/')"
same "the sandbox in the sandbox" "you are 203.0.113.2" \
	"$(sandbox --uplink "$VNETMGR" sandbox --uplink busybox wget -q -O - http://198.51.100.10/)"
same "the sandbox of a user in the sandbox of root" "you are 203.0.113.2" "$(
	sandbox sh -c 'cat >/run/v; chmod 755 /run/v; setpriv --reuid=65534 --regid=65534 --clear-groups \
		/run/v sandbox --uplink busybox wget -q -O - http://198.51.100.10/' <"$VNETMGR")"
same "the host is as before, after the internet" "$before" "$(host)"

# On a terminal: the command is the foreground job, and the terminal comes back
terminal=$(script -qec 'sh -c "\"$VNETMGR\" sandbox sh -c \"ps -o pgid=,tpgid= -p \\\$\\\$\"; stty -a >/dev/null && echo back"' \
	/dev/null </dev/null | tr -d '\r')
has "the command's group is the terminal's" '^ *([0-9]+) +\1$' "$terminal"
has "the terminal comes back" '^back$' "$terminal"

# Limits that are in the way are named, to root as well. They are those of a user namespace of the test's own.
for kind in net mnt pid uts ipc; do
	has "no $kind namespaces" "user\\.max_${kind}_namespaces is 0; raise it" "$(unshare -U -r sh -c "
		echo 0 >/proc/sys/user/max_${kind}_namespaces && exec '$VNETMGR' sandbox true" 2>&1)"
done
has 'no user namespaces' 'user\.max_user_namespaces is 0; raise it' "$(unshare -U -r sh -c "
	echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --bounding-set -sys_admin --inh-caps -sys_admin '$VNETMGR' sandbox true" 2>&1)"

# Without root
program=/run/vnetmgr-under-test
cp "$VNETMGR" "$program" && chmod 755 "$program"
unprivileged() { setpriv --reuid=65534 --regid=65534 --clear-groups "$program" sandbox "$@"; }
if [ -n "${VNM_TEST_MUST_WORK:-}" ] || unprivileged true 2>/dev/null; then
	same "without root: status" 7 "$(unprivileged sh -c 'exit 7'; echo $?)"
	same "without root: the internet" "$expected" "$(unprivileged --uplink sh -c "$world" 2>&1 | either)"
	same "without root: the firewall" ok "$(unprivileged sh -c '
		ip link add br0 type bridge && iptables-legacy -t nat -A POSTROUTING -j MASQUERADE && echo ok')"
	rm -f "$program"
	same "without root: the host is as before" "$before" "$(host)"
else
	echo "not shown: without root ($(unprivileged true 2>&1))"
fi

echo "$checks checks, $failures failures"
[ "$failures" -eq 0 ]
