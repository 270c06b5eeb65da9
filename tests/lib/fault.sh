# SPDX-License-Identifier: GPL-2.0-or-later
# fault.sh - one fault at one system call of one command, by strace; sourced after ns.sh.
#
# A point is a system call and how many times the process has made it by then. A fault is KILL (the process dies on
# entering the call) or an errno (the call is not carried out and fails with it).
command -v strace >/dev/null || skip 'strace is not installed'
# Without -f, strace counts the calls of the command alone, and leaves its children in peace. In a child, counted by
# itself, only calls can be meant that the command does not make, too: those between fork and exec.
CHILD='-f -b execve'
ERRNOS='ENOMEM EIO ENOSPC EACCES EINTR EAGAIN EMFILE ENOBUFS'

# What a signal can interrupt must be tried again, and the command succeed. What no signal interrupts (signal(7), the
# manual pages' ERRORS, and the kernel's sources: lookups, renames, fstat and the making of sockets wait
# uninterruptibly) does not return EINTR; if it does, what holds for other errors is enough: refused and clean. So it
# is with EAGAIN: no descriptor that is waited on is non-blocking, but poll's. close is not here: Linux always
# closes, whatever it returns, and a fault does not, so that what comes of it is no more than a leak would do.
interruptible() {
	case $1 in
	open | openat | openat2 | creat) ;;				# FIFOs, network file systems
	read | readv | pread64 | write | writev | pwrite64) ;;
	recv | recvfrom | recvmsg | send | sendto | sendmsg | connect | accept | accept4) ;;
	poll | ppoll | select | pselect6 | epoll_wait | epoll_pwait) ;;
	wait4 | waitid | flock | nanosleep | clock_nanosleep | getrandom) ;;
	fsync | fdatasync | ftruncate | fallocate | dup2 | dup3) ;;
	*) return 1 ;;
	esac
}

# What cannot fail is only killed in: nobody can check for an error that does not exist, and what is returned instead
# is taken for a value (brk answers with the old address). The C library ends the program when futex fails.
infallible() {
	case $1 in
	getpid | gettid | getppid | getuid | geteuid | getgid | getegid | umask | exit | exit_group | set_tid_address) ;;
	arch_prctl | rseq | set_robust_list | restart_syscall | rt_sigreturn | brk | futex | execve) ;;
	*) return 1 ;;
	esac
}

# What a message about an errno contains.
errno_text() {
	case $1 in
	ENOMEM) echo '[Oo]ut of memory\|Cannot allocate memory' ;;
	EIO) echo 'Input/output error' ;;
	ENOSPC) echo 'No space left' ;;
	EACCES) echo 'Permission denied' ;;
	EINTR) echo 'Interrupted system call' ;;
	EAGAIN) echo 'Resource temporarily unavailable' ;;
	EMFILE) echo 'Too many open files' ;;
	ENOBUFS) echo 'No buffer space' ;;
	esac
}

# points TRACE: "CALL K WHERE" of each call after those of the dynamic loader, which are not the program's; it ends by
# letting go of its cache. WHERE is
#
#   self    the command
#   child   its child; such lines have their pid before them
#   sure    the command, where it cannot fail: fcntl of the flags of an open descriptor (libiptc aborts if it does)
#   stdio   the command's own output, which the C library does not try again; no signal is handled at that time
points() {
	awk '
	function put(line) { n++; lines[n] = line }
	{ child = ""; line = $0 }
	/^[0-9]+ / {
		if (parent == "") parent = $1
		if ($1 != parent) child = $1
		line = substr($0, length($1) + 1); sub(/^ +/, "", line)
	}
	# The kernel begins again, by itself, what could not have a lock at once: the same call.
	line ~ /\? ERESTART/ || !match(line, /^[a-z_0-9]+\(/) { next }
	{ call = substr(line, 1, RLENGTH - 1) }
	child != "" { inside[child, call]++; if (inside[child, call] > children[call]) children[call] = inside[child, call]; next }
	{ count[call]++ }
	call == "openat" && index(line, "/ld.so.cache") { loading = 1 }
	loading { if (call == "munmap") { loading = 0; n = 0 } next }
	call == "fcntl" && line ~ /F_[GS]ETF[DL]/ { put(call " " count[call] " sure"); next }
	call == "write" && line ~ /^write\([12],/ { put(call " " count[call] " stdio"); next }
	{ put(call " " count[call] " self") }
	END {
		for (call in children) if (!(call in count)) for (k = 1; k <= children[call]; k++) put(call " " k " child")
		for (i = 1; i <= n; i++) print lines[i]
	}' "$1"
}

# trace FILE COMMAND...: undisturbed, with what it calls; $follow is $CHILD or nothing
trace() { file=$1; shift; timeout -k 1 "${VNM_FAULT_SECONDS:-60}" strace -qq $follow -o "$file" "$@"; }

# fault FAULT CALL K WHERE COMMAND...: its status is the command's. $T/hit shows whether the fault was injected.
fault() {
	what=error=$1
	[ "$1" != KILL ] || what=signal=KILL
	follow=
	[ "$4" != child ] || follow=$CHILD
	inject="$2:$what:when=$3" call=$2
	shift 4
	# shellcheck disable=SC2086
	timeout -k 1 "${VNM_FAULT_SECONDS:-60}" strace -qq $follow -o "$T/hit" -e trace="$call" -e inject="$inject" "$@"
}
