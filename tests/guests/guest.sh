# SPDX-License-Identifier: GPL-2.0-or-later
# guest.sh - real guests for a test: machines in QEMU, told what to do by their serial line. Sourced after tests/lib/ns.sh, by
# what run.sh runs.
: "${VNM_GUEST_KERNEL:?tests/guests/run.sh runs this}" "${VNM_GUEST_INITRD:?}" "${QEMU:?}"
cd "$T" || exit 1
chmod 711 "$T"
# Where a guest's owner, who is not root, can read them.
cp "$VNM_GUEST_KERNEL" kernel && cp "$VNM_GUEST_INITRD" initrd && chmod 644 kernel initrd || exit 1
BOOT_SECONDS=150 ANSWER_SECONDS=100

# answer NAME N [SECONDS]: what was printed until the end of the Nth command, whose status is the result. One that has not answered
# is not waited for again.
answer() {
	[ ! -e "$1.mute" ] || return 99
	timeout "${3:-$ANSWER_SECONDS}" sed -u "/^=\($2\|end\) /q" <>"$1.out" >"$1.answer"
	sed '/^=[0-9a-z]* [0-9]*$/d' "$1.answer"
	status=$(sed -n "s/^=$2 //p" "$1.answer")
	[ -n "$status" ] || { : >"$1.mute"; echo "$1 does not answer" >&2; tail -n 5 "$1.console" "$1.qemu" >&2; return 99; }
	return "$status"
}
# vm NAME COMMAND: in the guest, with the functions of init
vm() {
	n=$(($(cat "$1.n") + 1)); echo "$n" >"$1.n"
	printf '%s\n' "$2" 1<>"$1.in"
	answer "$1" "$n"
}
# up NAME: it has booted
up() { echo 0 >"$1.n"; rm -f "$1.mute"; answer "$1" 0 "$BOOT_SECONDS"; }

KERNEL="-kernel kernel -initrd initrd -append 'console=ttyS1 quiet panic=-1 mitigations=off net.ifnames=0'"

# common NAME: the command of a machine, but for its network
common() {
	echo "$QEMU -smp ${CPUS:-1} -m ${MEMORY:-160} $KERNEL -chardev pipe,id=talk,path=$1 -serial chardev:talk -serial file:$1.console"
}
# machine NAME OPTIONS: the script NAME.sh, which has the options as they were printed; that is started
machine() {
	pipes "$1"
	cat >"$1.sh" <<-END
	echo \$\$ >$1.pid
	exec $(common "$1") \\
	$2
	END
	starts "$1"
}
# What it said last, before the pipes are new, is nobody's answer.
pipes() { rm -f "$1.in" "$1.out"; mkfifo -m 666 "$1.in" "$1.out"; }
# starts NAME: the script again, by the user AS or by root; "=end" is printed for a machine that has ended
starts() {
	: >"$1.console"; : >"$1.pid"; chmod 666 "$1.console" "$1.pid"
	{ ${AS:+setpriv --reuid="$AS" --regid=nogroup --clear-groups} sh "$1.sh"; printf '\n=end %s\n' $? 1<>"$1.out"; } </dev/null >"$1.qemu" 2>&1 &
	keeper=$!
	up "$1"
}
# cut_off NAME: no power any more. Of several, the one that was started last.
cut_off() { kill -KILL "$(cat "$1.pid")"; wait $keeper; pipes "$1"; }

# port NETWORK DEVICE: its row in the list
port() { vnm -q net-port-list "$1" | grep "^ $2 "; }
# carrier NETWORK DEVICE YES-OR-NO: waits until the list says so
carrier() { try=0; until port "$1" "$2" | grep -Eq " (attached|unplugged|degraded) +$3 "; do [ $((try = try + 1)) -le 50 ] || return 1; done; }
page() { timeout 10 busybox wget -q -O - "http://$1/"; }	# page HOST[:PORT], from the host
