#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# vnetmgr-bridge-helper: QEMU of an ordinary user gets a tap by it, as by QEMU's own helper; who may, and how many, is in bridge.conf; and
# nothing that a caller can choose gives more, harms others, or keeps them waiting.
. "$srcdir/tests/lib/ns.sh"
need python3 setpriv
awk '$1 == 0 && $2 == 0 && $3 > 65536 { whole = 1 } END { exit !whole }' /proc/self/uid_map || skip 'there are no ordinary users in this namespace'
cd "$T" || exit 1; chmod 711 "$T"

# A setuid program takes no VNETMGR_ROOT from its caller, so the state is where it is on a host.
R=$VNETMGR_ROOT; unset VNETMGR_ROOT
mkdir -p /etc/vnetmgr /var/lib/vnetmgr /run/vnetmgr
mount --bind "$R/etc/vnetmgr" /etc/vnetmgr; mkdir -p "$R/var/lib/vnetmgr" "$R/run/vnetmgr"
mount -t tmpfs tmpfs /var/lib/vnetmgr; mount --bind "$R/run/vnetmgr" /run/vnetmgr
mount -t tmpfs tmpfs /dev/net && mknod -m 666 /dev/net/tun c 10 200
echo 'ann:x:1001:1001::/tmp:/bin/sh' >>/etc/passwd
echo 'bob:x:1002:1002::/tmp:/bin/sh' >>/etc/passwd
echo 'students:x:2001:bob' >>/etc/group
mkdir lend && mount -t tmpfs -o mode=755 tmpfs lend	# where setuid counts
H=$T/lend/vnetmgr-bridge-helper
cp "${builddir:-${VNETMGR%/*}}/vnetmgr-bridge-helper" "$H" && chmod 4755 "$H"
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH	# programs that everybody may run
as() { who=$1; shift; case $who in ann) setpriv --reuid 1001 --regid 1001 --clear-groups "$@" ;; bob) setpriv --reuid 1002 --regid 1002 --groups 2001 "$@" ;; esac; }
P=/etc/vnetmgr/bridge.conf
policy() { printf '%s\n' "$@" >$P; chmod 644 $P; }
guests() { vnm -q net-port-list lab | awk '{ print $1 ":" $(NF-3) }' | xargs; }
n_taps() { ip -o link show type tun | grep -c .; }

# ask.py ARGUMENT...: as QEMU does: a socket pair, of which the helper gets one end, and what comes by the other. It prints the name of the
# tap, and keeps it until its standard input ends. Options of the test come first, "+NAME".
cat >ask.py <<'X'
import array, fcntl, os, resource, signal, socket, struct, subprocess, sys
helper, args = sys.argv[1], sys.argv[2:]
tests = [a[1:] for a in args if a[0] == '+']
a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM if 'datagram' in tests else socket.SOCK_STREAM)
os.set_inheritable(b.fileno(), True)
fd = b.fileno()
if 'pipe' in tests: fd = os.pipe()[1]; os.set_inheritable(fd, True)
if 'full' in tests:
    b.setblocking(False)
    try:
        while True: b.send(b'x' * 65536)
    except BlockingIOError: pass
    b.setblocking(True)
if 'closed' in tests: a.close()
def before():
    if 'limits' in tests:
        for limit, least in (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, fd + 3):
            resource.setrlimit(limit, (least, resource.getrlimit(limit)[1]))
        os.nice(19)
    if 'signals' in tests:
        for s in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGTERM): signal.signal(s, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
        signal.setitimer(signal.ITIMER_REAL, .001)
        os.umask(0o777)
    if 'nofds' in tests:
        for i in (0, 1, 2): os.close(i)
env = dict(os.environ)
if 'environment' in tests:
    env = { 'VNETMGR_ROOT': '/tmp/evil', 'VNETMGR_SCHEMAS': '/tmp/evil', 'LD_PRELOAD': '/tmp/evil.so', 'PATH': '/tmp/evil',
            'TMPDIR': '/tmp/evil', 'IFS': '/', 'GCONV_PATH': '/tmp/evil', 'DBUS_SYSTEM_BUS_ADDRESS': 'unix:path=/tmp/evil' }
words = [w for w in args if w[0] != '+']
p = subprocess.Popen([helper] + words + ['--fd=%d' % fd], pass_fds=[fd], preexec_fn=before, env=env)
status = p.wait()
if status or not a.fileno() > 0 or 'full' in tests: sys.exit(status)
data, anc, flags, addr = a.recvmsg(16, socket.CMSG_SPACE(64))
assert data == b'\0' and len(anc) == 1, (data, anc)
tap = array.array('i', anc[0][2])
assert len(tap) == 1
ifr = fcntl.ioctl(tap[0], 0x800454d2, bytes(40))	# TUNGETIFF
print(ifr[:16].rstrip(b'\0').decode(), '0x%x' % struct.unpack('H', ifr[16:18]), flush=True)
sys.stdin.read()
X
# lent USER ARGUMENT...: a tap until "back"
lent() {
	rm -f in got said; mkfifo in
	who=$1; shift
	as "$who" python3 ask.py "$H" "$@" <in >got 2>said & holder=$!
	exec 5>in
	while [ ! -s got ] && kill -0 $holder 2>/dev/null; do sleep .02; done
	[ -s got ]
}
back() { exec 5>&-; wait $holder; }
refused() { pattern=$1; shift; no "refused: $*" lent "$@"; exec 5>&-; wait $holder; same "$*: its status" 1 $?; has "$*" "^error: .*$pattern" "$(cat said)"; }

cat >lab.xml <<-'X'
<network><name>lab</name><forward mode='nat'/><bridge name='br-lab' stp='off'/><mtu size='1400'/>
<ip address='192.168.150.1' prefix='24'><dhcp><range start='192.168.150.100' end='192.168.150.200'/></dhcp></ip></network>
X
ok 'define' vnm -q net-define lab.xml
ok 'start' vnm -q net-start lab
before=$(VNETMGR_ROOT='' snapshot)

# Who may.
rm -f $P; refused "cannot read '$P'" ann --br=lab
policy '# nobody'; refused "user 1001 may have no tap on 'lab'; root can allow it in '$P'" ann --br=lab
policy 'ann lab'; refused "$P:1: expecting USER" ann --br=lab
policy 'ann lab 2' '@students lab 1' 'bob other 9'; chmod 666 $P; refused 'must be a file that belongs to root' ann --br=lab
chmod 644 $P
refused "may have no tap on 'other'" ann --br=other
refused "may have no tap on 'br0'" ann --br=br0
refused "network 'other' is not active" bob --br=other
ok 'ann, by the network' lent ann --br=lab
read -r tap flags <got
same 'its flags' 0x1002 "$flags"
has 'on the bridge, with its MTU' 'mtu 1400 .*master br-lab .*group 1986946816' "$(ip -d -o link show "$tap" | sed 's/group 0x766e6700/group 1986946816/')"
same 'its MAC address is not the lowest' fe "$(cut -c 1-2 /sys/class/net/$tap/address)"
same 'the host has no IPv6 there' 1 "$(cat /proc/sys/net/ipv6/conf/$tap/disable_ipv6)"
same 'it is an attachment' "$tap:attached" "$(guests)"
has 'with its user' "\"id\": \"tap:1001:$tap\"" "$(vnm net-port-list lab --json)"
back
same 'it ends with its program' '' "$(ip -o link show type tun)"
same 'what stays of it' "$tap:gone" "$(guests)"
ok 'ann, by the bridge, with headers' lent ann --use-vnet --br=br-lab
read -r tap2 flags <got
same 'its flags, with headers' 0x5002 "$flags"
same 'the one that is gone was collected' "$tap2:attached" "$(guests)"
ok 'a repair leaves it' vnm -q net-repair lab
same 'it is still there' "$tap2:attached" "$(guests)"
back
ok 'a repair collects it' vnm -q net-repair lab
same 'none' '' "$(guests)"

# How many: taps that are in use count.
policy 'ann lab 2' '@students lab 1'
ok 'bob, by his group' lent bob --br=lab; bob=$holder; exec 6>&5
refused 'user 1002 has 1 tap on network .lab. already' bob --br=lab
ok 'ann is not counted with him' lent ann --br=lab; exec 7>&5; ann=$holder
ok 'ann, a second' lent ann --br=lab; exec 8>&5; ann="$ann $holder"
refused 'user 1001 has 2 taps on network .lab. already' ann --br=lab
same 'three' 3 "$(n_taps)"
# A network that stops and starts has them again.
ok 'stop' sh -c '"$VNETMGR" -q net-destroy lab'
ok 'start again' vnm -q net-start lab
same 'all are on the bridge again' 3 "$(bridge link show | grep -c 'master br-lab ')"
exec 5>&- 6>&- 7>&- 8>&-; wait $bob $ann
policy 'ann lab 1'
# At once: no more than one. They hold what they got until the last one has been answered.
mkfifo hold; exec 5<>hold
i=0 many=; while [ $i -lt 8 ]; do i=$((i + 1)); (exec 5>&-; as ann python3 ask.py "$H" --br=lab) <hold >got$i 2>said$i & many="$many $!"; done
answers() { cat got? said? | grep -cE '^vnet|^error'; }
ok 'all are answered' until_is 8 answers
same 'one of eight' 1 "$(cat got? | grep -c .)"
exec 5>&-; wait $many

# What a caller can choose.
policy 'ann lab 2'
mkdir -p /tmp/evil; echo 'ann lab 999' >/tmp/evil/bridge.conf
for choice in environment limits signals nofds; do
	ok "$choice" lent ann +$choice --br=lab || cat said; back
done
refused 'is not a stream socket' ann +pipe --br=lab
refused 'is not a stream socket' ann +datagram --br=lab
refused 'cannot send the tap' ann +full --br=lab
same 'a full socket: the tap is not left' '' "$(ip -o link show type tun)"
for args in '--br=lab --br=lab' '--br=../lab' '--br=' '--br=lab x' '--root=/tmp/evil --br=lab' "--br=$(printf %5000s | tr ' ' a)"; do
	refused '' ann $args
done
no 'without a descriptor' as ann "$H" --br=lab
no 'without arguments' as ann "$H"
no 'descriptor 0' as ann "$H" --br=lab --fd=0
no 'a closed one' as ann "$H" --br=lab --fd=77
refused 'network|may have no' ann --br=lo
chmod 755 "$H"; refused 'the program must be setuid' ann --br=lab; chmod 4755 "$H"
no 'nor in a user namespace of his own' as ann unshare -rn python3 ask.py "$H" --br=lab
policy 'ann lab 2'
# He cannot stop it: its real user is root, and all signals are blocked, when it has the lock.
as ann python3 - "$H" >stopped <<'X'
import os, signal, socket, sys, time
worst = 0
for turn in range(20):
    a, b = socket.socketpair()
    os.set_inheritable(b.fileno(), True)
    pid = os.fork()
    if pid == 0:
        os.dup2(2, 1)
        os.execv(sys.argv[1], ['h', '--br=lab', '--fd=%d' % b.fileno()])
    time.sleep(turn * .003)
    try: os.kill(pid, signal.SIGSTOP)
    except PermissionError: worst += 1
    except ProcessLookupError: pass
    began = time.time()
    try: os.kill(pid, signal.SIGCONT)
    except OSError: pass
    os.waitpid(pid, 0)
print(worst)
X
ok 'some signals came too late to be allowed' test "$(cat stopped)" -gt 0
ok 'the network answers' vnm -q net-repair lab
# Killed at any moment, it leaves nothing that the next command does not collect.
i=0; while [ $i -lt 12 ]; do
	as ann python3 ask.py "$H" --br=lab </dev/null >/dev/null 2>&1 & asker=$!
	busybox usleep $((i * 4000 + 30000))
	for helper in $(pgrep -f "^$H "); do kill -9 "$helper" 2>/dev/null; done
	wait $asker; i=$((i + 1))
done
ok 'a repair' vnm -q net-repair lab
same 'no tap, no guest' ':' "$(guests):$(ip -o link show type tun)"
same 'nothing else is left' "$before" "$(VNETMGR_ROOT='' snapshot)"

# QEMU itself, of an ordinary user: its helper replaced, its options as they are.
if command -v qemu-system-x86_64 >/dev/null; then
	for net in "bridge,br=lab,helper=$H" "tap,br=br-lab,helper=$H"; do
		ok "-netdev $net" as ann qemu-system-x86_64 -display none -nodefaults -S -daemonize -pidfile /tmp/q.pid \
			-netdev "$net,id=n" -device virtio-net-pci,netdev=n
		has 'it is attached' '^vnet[0-9]*:attached$' "$(guests)"
		kill "$(cat /tmp/q.pid)"; ended "$(cat /tmp/q.pid)"; rm -f /tmp/q.pid
		ok 'collected' vnm -q net-repair lab
	done
	same 'none is left' '' "$(guests)"
fi
finish
