#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every line of commands.list, in a world with virsh and in its like with vnetmgr: exit status, standard output and
# standard error must be the same, byte for byte. What may differ stands in accepted-commands.tsv, with the reason; a
# row that explains no difference is a failure, too. RESULTS keeps what was answered in a directory.
#
# And a third time some of it, or with VNM_PARITY=rpc all of it instead of the command line, with virsh and vnetmgr behind its
# server for clients of libvirt: as virsh and libvirtd, but for accepted-rpc.tsv as well.

: "${srcdir:=.}"
. "$srcdir/tests/parity/world.sh"

# -- Inside: one side answers the list ---------------------------------------------------------------------------

# def NAME N [BODY]: a definition in the file NAME.xml, with a UUID that ends in N
def() {
	printf "<network>\n  <name>%s</name>\n  <uuid>%s</uuid>\n%s\n</network>\n" "$1" "$(uuid "$2")" "${3:-}" >"$1.xml"
}
uuid() { printf '5eedcafe-0000-4000-8000-%012d' "$1"; }
# mk NAME N [BODY]: it is defined; up NAME N [BODY]: it is active as well
mk() { def "$@" && net -q net-define "$1.xml"; }
up() { mk "$@" && net -q net-start "$1"; }
# editor NAME BODY: a program that stands for an editor; the file is its first argument
editor() { printf '#!/bin/sh\n%s\n' "$2" >"$1"; chmod +x "$1"; }

# lease NETWORK BRIDGE EXPIRY MAC ADDRESS HOSTNAME CLIENTID [IAID]: what DHCP clients would have caused; "-" for none
lease() {
	if [ "$side" = libvirt ]; then
		leases=$parity_root/var/lib/libvirt/dnsmasq/$2.status
		[ -s "$leases" ] || echo '[ ]' >"$leases"
		entry="{ \"ip-address\": \"$5\", \"expiry-time\": $3"
		[ "$4" = - ] || entry="$entry, \"mac-address\": \"$4\""
		[ "$6" = - ] || entry="$entry, \"hostname\": \"$6\""
		[ "$7" = - ] || entry="$entry, \"client-id\": \"$7\""
		[ -z "${8:-}" ] || entry="$entry, \"iaid\": \"$8\""
		sed -i "s/[[:space:]]*]\$/ $entry } ]/; s/}[[:space:]]*{/}, {/g" "$leases"
	else
		leases=$VNETMGR_ROOT/var/lib/vnetmgr/leases/$1
		mkdir -p "${leases%/*}"
		# A dnsmasq that serves DHCPv6 writes its DUID, and with it all that it knows, a moment after its start.
		! grep -qs '^dhcp-range=.*:' "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/$1/dnsmasq.conf" ||
			until grep -qs '^duid' "$leases"; do sleep .02; done
		case $5 in
		*:*)	echo "$3 $8 $5 $(star "$6") $(star "$7")" >>"$leases" ;;
		*)	{ echo "$3 $4 $5 $(star "$6") $(star "$7")"; cat "$leases"; } >"$T/leases"; cat "$T/leases" >"$leases" ;;
		esac
	fi
}
star() { [ "$1" = - ] && echo '*' || echo "$1"; }

# watch FILE OPTION...: net-event with these options, in the background, from now on
watch() {
	watched=$1; shift
	stdbuf -oL net net-event "$@" >"$watched" 2>&1 &
	watcher=$!
}
# seen SHELL-LINE: repeat it until the watcher ends; its output, and its exit status
seen() {
	while kill -0 "$watcher" 2>/dev/null; do eval "$1"; done >/dev/null 2>&1
	wait "$watcher"; seen=$?
	cat "$watched"; return $seen
}

# probe: until the watcher listens; events: what it has seen since then
probe() {
	until grep -q "w: Defined" "$watched" || ! kill -0 "$watcher"; do net -q net-define w.xml; done
	net -q net-define w.xml; net -q net-autostart w
}
events() {
	def end 999 "<bridge name='vbend'/>"; net -q net-define end.xml
	until grep -q 'end: Defined' "$watched" || ! kill -0 "$watcher"; do sleep .02; done
	kill -INT "$watcher"; wait "$watcher"
	sed '/w: Defined/d; s/^events received: .*/events received/' "$watched"
}

# synopsis: of a help text, what is not prose; a synopsis that goes on in a second line in one
synopsis() { sed ':a; N; $!ba; s/\n        */ /g' | sed -nE '/^  (NAME|SYNOPSIS|OPTIONS)$/p; s/^(    net-[a-z-]+) - .*/\1/p; /^    net-[a-z-]+( [^-]|$)/p; s/^(    \[?--[a-z-]+\]?( <[a-z]+>)?) .*/\1/p'; }

reset() {
	net -q net-list --name | while IFS= read -r name; do [ -z "$name" ] || net -q net-destroy "$name"; done
	net -q net-list --all --name | while IFS= read -r name; do [ -z "$name" ] || net -q net-undefine "$name"; done
	rm -rf /run/here; mkdir /run/here && cd /run/here || exit 1
}

mask() {
	sed -E "s/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/<&>/g; s/<(5eedcafe[-0-9a-f]*|5eedcafe-0[-0-9a-f]*)>/\1/g
		s/<[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}>/UUID/g
		s/(<mac address=['\"])52:54:00(:[0-9a-f]{2}){3}/\1MAC/
		s/^[0-9]{4}(-[0-9]{2}){2} [0-9:.]+\+0000: /TIME: /
		s:/tmp/[a-z]+[A-Za-z0-9]{6}(\.xml)?:TEMPFILE:g"
}
# lines FILE ASPECT: a line ends with $; output that does not end with a newline has one line without.
lines() { mask <"$1" | sed "s/^/$2: /; s/\$/\$/"; }

# for_rpc TITLE: it is about what is behind the socket, too
for_rpc() {
	case ${VNM_PARITY:-}$1 in
	rpc* | *'= starting and stopping' | *'= leases'* | *'= ports') return 0 ;;
	esac
	return 1
}

# wanted TITLE: is the sequence ours to run? Every world has some of them; and some want commands that are not there.
wanted() {
	sequence=$((sequence + 1))
	[ $((sequence % $3)) = "$2" ] || return 1
	[ "$side" != rpc ] || for_rpc "$4" || return
	case $4 in *']') ;; *) return 0 ;; esac
	needs=${4##*[} needs=${needs%]}
	for command in $needs; do case " $PARITY_MISSING " in *" $command "*) return 1 ;; esac; done
}

# prepare COMMAND...: in front of what is compared; what is not needs no virsh in front of the server
prepare() {
	case $side$* in
	rpc*watch*) "$@" ;;
	rpc*) PATH=$T/cli:$PATH; "$@"; prepared=$?; PATH=${PATH#*:}; return $prepared ;;
	*) "$@" ;;
	esac
}

# answer DIR WORLD WORLDS
answer() {
	n=0 sequence=0 wanted=
	while IFS= read -r line; do
		case $line in
		'' | '#'*) continue ;;
		'== '*) wanted "$@" "$line" && wanted=yes && prepare reset || wanted=; continue ;;
		'! '*) [ -n "$wanted" ] || continue ;;
		*)
			n=$((n + 1)) at=$1/$side/$(printf %03d $n)
			[ -n "$wanted" ] || continue ;;
		esac
		case $line in
		'! '*)
			prepare eval "${line#! }" </dev/null >"$T/setup" 2>&1 && continue
			echo "setup failed: $line"; sed 's/^/    /' "$T/setup"
			continue ;;
		net-* | -* | help*) run="net $line" ;;
		*) run=$line ;;
		esac
		eval "$run" </dev/null >"$T/stdout" 2>"$T/stderr"; status=$?
		{ lines "$T/stdout" stdout; lines "$T/stderr" stderr; echo "status: $status"; } >"$at"
	done <"$srcdir/tests/parity/commands.list" >"$1/$side.$2.complaints" 2>&1
}

if [ -n "$side" ]; then
	export TZ=UTC EDITOR=false
	unset VISUAL
	parity_up || exit 1
	mkdir "$T/cli"
	printf '#!/bin/sh\nexec %s "$@"\n' "$VNETMGR" >"$T/cli/net"
	printf '#!/bin/sh\nexec %s "$@"\n' "$([ "$side" = vnetmgr ] && echo "$VNETMGR" || command -v virsh)" >"$T/net"
	chmod +x "$T/net" "$T/cli/net"; PATH=$T:$PATH
	unset -f net
	answer "$@"
	exit
fi

# -- Outside: two worlds side by side, and what differs ------------------------------------------------------------

parity_need stdbuf
start=$(date +%s)
dir=${RESULTS:-$(mktemp -d)} || exit 1
[ -n "${RESULTS:-}" ] && mkdir -p "$dir" || trap 'rm -rf "$dir"' EXIT
sides='libvirt vnetmgr'
[ ! -x "${VNETMGR%/*}/vnetmgr-rpc" ] || sides="$sides rpc"
[ "${VNM_PARITY:-}" != rpc ] || sides='libvirt rpc'
[ -z "$parity_root" ] || sides='libvirt vnetmgr'
for side in $sides; do rm -rf "${dir:?}/$side"; mkdir "$dir/$side" || exit 1; done
rm -f "$dir"/*.complaints
list=$srcdir/tests/parity/commands.list
PARITY_MISSING=$(sed -n 's/^== .*\[\(.*\)\]$/\1/p' "$list" | tr ' ' '\n' | sort -u |
	while read -r command; do "$VNETMGR" -q help "$command" >/dev/null 2>&1 || echo "$command"; done | xargs)
export PARITY_MISSING
[ -z "$PARITY_MISSING" ] || echo "sequences that need $PARITY_MISSING are left out" >&2
worlds=2 running=
for world in $(seq 0 $((worlds - 1))); do
	for side in $sides; do
		parity_world $side "$0" "$dir" "$world" "$worlds" >"$dir/$side.$world.log" 2>&1 &
		running="$running $!"
	done
done
broken=0
for world in $running; do wait "$world" || broken=1; done
[ $broken = 0 ] || { cat "$dir"/*.log >&2; echo 'a world broke down' >&2; exit 1; }
for file in "$dir"/*.complaints; do
	[ -s "$file" ] && { broken=1; echo "$file:"; cat "$file"; } >&2
done
# compare SIDE LEAST [ACCEPTED]: its answers, LEAST of them or more, and libvirt's; what ACCEPTED has must differ, and the rest may
compare() {
	(cd "$dir" && for file in "$1"/*; do diff -a -U 0 "libvirt/${file#*/}" "$file"; done) >"$dir/differences"
	awk -v least="$2" -v borrowed="${3:+accepted-commands.tsv}" -v seconds=$(($(date +%s) - start)) \
		-f "$srcdir/tests/parity/commands.awk" "$srcdir/tests/parity/accepted-commands.tsv" \
		${3:+"$srcdir/tests/parity/$3"} "$list" "$dir/$1"/* "$dir/differences" || broken=1
}
for side in ${sides#libvirt }; do
	case $side${VNM_PARITY:-} in
	vnetmgr*) compare vnetmgr 150 ${parity_root:+accepted-newest-commands.tsv} ;;
	rpcrpc) compare rpc 550 accepted-rpc.tsv ;;
	rpc*) compare rpc 90 accepted-rpc.tsv ;;
	esac
done
[ $broken = 0 ]
