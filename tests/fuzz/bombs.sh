#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Input that is meant to cost much: definitions of one MiB that are little else than one thing. Each is refused, with file
# and line, at once and in little memory; or it is taken, in seconds, and can be read again.
: "${VNETMGR:?the program under test}" "${srcdir:=.}"
srcdir=$(cd "$srcdir" && pwd)
command -v busybox >/dev/null || { echo 'SKIP: busybox is not installed' >&2; exit 77; }
T=$(mktemp -d) || exit 1
trap 'rm -rf "$T"' EXIT
cd "$T" && mkdir root && echo 'secret-of-the-host' >secret
failures=0 checks=0
fail() { failures=$((failures + 1)); echo "FAIL: $*" >&2; cut -c1-300 e >&2; }
# run COMMAND...: its output, with limits far above what is needed; the seconds and kilobytes it took in $cost.
run() {
	(ulimit -t 20; ulimit -v 600000; exec busybox time -o cost -f '%U %M' "$VNETMGR" --root "$T/root" -q "$@") >o 2>e
	status=$?
	# busybox counts a kilobyte as a page.
	cost=$(awk 'END { printf "%d %d", $1 * 1000, $2 / 4 }' cost)
}
# refused NAME: exit 1, one cause with its line, within 200 ms of processor time and 48 MiB.
refused() {
	checks=$((checks + 1))
	run net-define "$1"
	[ $status -eq 1 ] || fail "$1: exit status $status"
	grep -qE "^error: ('?$1'? has more than|$1:[0-9]+:)" e || fail "$1: no cause with its line"
	[ "$(wc -l <e)" -le 2 ] && [ "$(wc -c <e)" -le 3000 ] || fail "$1: too many words"
	! grep -vq '^error: ' e || fail "$1: something is said that is no error of ours"
	! grep -q 'secret-of-the-host' o e || fail "$1: what is in a file of the host is told"
	[ "${cost% *}" -le 200 ] && [ "${cost#* }" -le 49152 ] || fail "$1: took $cost (ms, KiB)"
	[ -z "$(ls -A root/etc/vnetmgr/networks 2>/dev/null | grep -v autostart)" ] || fail "$1: left something"
}
# taken NAME: in bounded time, and it is there afterwards; or it is too much to be kept, and refused.
taken() {
	checks=$((checks + 1))
	run net-define "$1"
	[ "${cost#* }" -le 65536 ] || fail "$1: took $cost (ms, KiB)"
	if [ $status -eq 0 ]; then
		run net-dumpxml t
		[ $status -eq 0 ] || fail "$1: was taken, and cannot be read"
		run net-undefine t
	else
		grep -qE '^error: (.* takes [0-9]+ bytes as it is kept|.*:[0-9]+:)' e || fail "$1: exit status $status"
	fi
}
# much HEAD ITEM TAIL: a MiB of items, or $SIZE; %.0f in an item is a number of up to six digits.
much() {
	n=$(((${SIZE:-1048000} - ${#1} - ${#3}) / (${#2} + 2)))
	printf '%s' "$1"
	case $2 in
	*%.0f*) seq -f "$2" "$n" | tr -d '\n' ;;
	*) yes "$2" | head -n "$n" | tr -d '\n' ;;
	esac
	printf '%s' "$3"
}
N='<network><name>t</name>' E='</network>' IP="<ip address='10.0.0.1' prefix='8'"

# ---- Entities and document types
doctype() { printf '<?xml version="1.0"?>\n<!DOCTYPE network %s>\n<network><name>t</name><description>%s</description></network>' "$2" "$3" >"$1"; refused "$1"; }
laughs=$(awk 'BEGIN { printf "[<!ENTITY a0 \"ha\">"; for (i = 1; i < 30; i++) { printf "<!ENTITY a%d \"", i; for (k = 0; k < 10; k++) printf "&a%d;", i - 1; printf "\">" } printf "]" }')
doctype laughs.xml "$laughs" '&a29;'
doctype quadratic.xml "[<!ENTITY a \"$(printf '%50000s')\">]" "$(awk 'BEGIN { for (i = 0; i < 50000; i++) printf "&a;" }')"
doctype external.xml "[<!ENTITY a SYSTEM \"file://$T/secret\">]" '&a;'
doctype relative.xml '[<!ENTITY a SYSTEM "secret">]' '&a;'
doctype parameter.xml "[<!ENTITY % a SYSTEM \"file://$T/secret\"> %a;]" x
doctype subset.xml "SYSTEM \"file://$T/secret\"" x
doctype public.xml "PUBLIC \"-//X//Y\" \"http://127.0.0.1:1/x.dtd\"" x
doctype attlist.xml '[<!ATTLIST network a CDATA "x">]' x
doctype recursive.xml '[<!ENTITY a "&b;"><!ENTITY b "&a;">]' '&a;'
doctype notation.xml '[<!NOTATION n SYSTEM "x"><!ENTITY a SYSTEM "/dev/zero" NDATA n>]' x
printf '%s<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="secret" parse="text"/>%s' "$N" "$E" >xinclude.xml; refused xinclude.xml
printf '<?xml version="1.0"?><?xml-stylesheet href="secret"?>%s&undefined;%s' "$N" "$E" >undefined.xml; refused undefined.xml
doctype late.xml "[ $(printf '%60000s') ]" x

# ---- Depth, length, encodings
awk 'BEGIN { for (i = 0; i < 257; i++) printf "<a>"; for (i = 0; i < 257; i++) printf "</a>" }' >deep257.xml; refused deep257.xml
much '' '<a>' '' >deep.xml; refused deep.xml
much "$N<metadata>" "<a xmlns='u%.0f'>" '' >deep-metadata.xml; refused deep-metadata.xml
much '' '<' '' >lts.xml; refused lts.xml
much "$N" '&amp;' "$E" >ampersands.xml; refused ampersands.xml
much '<network ' "a%.0f='' " '/>' >attributes.xml; refused attributes.xml
much '<network ' "xmlns:a%.0f='u' " '/>' >namespaces.xml; refused namespaces.xml
much "$N<domain name='" x "'/>$E" >attribute.xml; refused attribute.xml
much "$N<title>" x "</title>$E" >title.xml; refused title.xml
much '<' n '/>' >name.xml; refused name.xml
much "$N" '<x/>' "$E" >unknown.xml; refused unknown.xml
much "$N" '<name>t</name>' "$E" >names.xml; refused names.xml
head -c 11000000 /dev/zero | tr '\0' x >big.xml; refused big.xml
refused /dev/zero
printf '%s<title>\377\376</title>%s' "$N" "$E" >latin.xml; refused latin.xml
printf '<?xml version="1.0" encoding="nonsense"?>%s%s' "$N" "$E" >encoding.xml; refused encoding.xml
printf '<?xml version="1.0" encoding="UTF-7"?>+ADw-network/+AD4-' >utf7.xml; refused utf7.xml
printf '<?xml version="1.0" encoding="EUC-JP"?>%s<title>\377\377</title>%s' "$N" "$E" >eucjp.xml; refused eucjp.xml
printf '%s%s' "$N" "$E" | iconv -t UTF-32LE >utf32.xml; printf '\377\377\377\377' >>utf32.xml; refused utf32.xml
printf '%s<title>a\0b</title>%s' "$N" "$E" >nul.xml; refused nul.xml
printf '' >empty.xml; refused empty.xml
head -c 100000 /dev/urandom >random.xml; refused random.xml
printf '%s' "$N$E" | gzip -c >gzip.xml; refused gzip.xml

# ---- Much of what is allowed
much "$N$IP><dhcp>" "<host name='h%.0f'/>" "</dhcp></ip>$E" >hosts.xml; refused hosts.xml
much "$N$IP><dhcp>" "<host mac='52:54:00:00:00:01' name='h%.0f'/>" "</dhcp></ip>$E" >hosts-mac.xml; refused hosts-mac.xml
much "$N<forward mode='bridge'/><bridge name='b'/><vlan>" "<tag id='1'/>" "</vlan>$E" >tags.xml; refused tags.xml
SIZE=200000 # libxml2 takes time with the square of these: some seconds for a MiB
much "$N$IP/><dns>" "<txt name='n%.0f' value='v'/>" "</dns>$E" >txt.xml; taken txt.xml
much "$N$IP/><dns><host ip='10.0.0.9'>" "<hostname>h%.0f</hostname>" "</host></dns>$E" >hostnames.xml; taken hostnames.xml
much "$N$IP/><dns>" "<forwarder domain='d%.0f.x' addr='10.0.0.9'/>" "</dns>$E" >forwarders.xml; taken forwarders.xml
much "$N<forward mode='passthrough'>" "<interface dev='e%.0f'/>" "</forward>$E" >interfaces.xml; taken interfaces.xml
much "$N" "<portgroup name='p%.0f'/>" "$E" >portgroups.xml; taken portgroups.xml
SIZE=1048000
much "$N<metadata>" "<a xmlns='u:%.0f'/>" "</metadata>$E" >metadata.xml; taken metadata.xml
much "$N" '<!---->' "$E" >comments.xml; taken comments.xml
much "$N" '<?a?>' "$E" >instructions.xml; taken instructions.xml
much "$N<description>" '&#120;' "</description>$E" >references.xml; taken references.xml
much "$N<description>" '<![CDATA[x]]>' "</description>$E" >cdata.xml; taken cdata.xml
echo "$checks definitions, $failures failures"
[ $checks -gt 0 ] && [ $failures -eq 0 ]
