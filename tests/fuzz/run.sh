#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh SRCDIR SECONDS JOBS TARGET...: each target under libFuzzer for so long, JOBS of them at a time. FUZZ_SEED: the first random
# number, so that the same inputs come again; by default another one each time.
# What they learnt stays in fuzz/NAME, what broke them in fuzz/NAME-found. The last lines are the figures.

# show_finding LOG DIR: why the target ended, and the inputs, so that a finding outlives the directory it was made in
show_finding() {
	grep -v '^#[0-9]' "$1" | tail -n 60
	for input in "$2"/*; do
		[ -f "$input" ] || continue
		echo "base64 -d >$(basename "$input") <<'END'"; base64 "$input"; echo END
	done
}

# one SRCDIR SECONDS TARGET
one() {
	name=${3##*fuzz_}
	corpus=fuzz/$name found=fuzz/$name-found log=fuzz/$name.log
	mkdir -p "$corpus" "$found"
	cp "$1/tests/fuzz/seeds/$name"/* "$corpus/" 2>/dev/null
	if [ "$name" = network ]; then
		for case in "$1"/tests/data/*/; do
			cp "$case/in.xml" "$corpus/$(basename "$case").xml"
		done
	fi
	"$3" -max_total_time="$2" -max_len=4096 -dict=fuzz/words.dict -timeout=60 ${FUZZ_SEED:+-seed=$FUZZ_SEED} -rss_limit_mb=1024 \
		-print_final_stats=1 -artifact_prefix="$found/" "$corpus" >"$log" 2>&1
	status=$?
	stat() { sed -n "s/^stat::$1: *//p" "$log" | tail -n 1; }
	covered=$(grep -o ' cov: [0-9]* ft: [0-9]*' "$log" | tail -n 1)
	echo "$name: $(stat number_of_executed_units) executions, $(stat average_exec_per_sec) a second,$covered," \
		"$(find "$found" -type f | wc -l) findings" >"fuzz/$name.figures"
	[ $status = 0 ] || show_finding "$log" "$found" >>"fuzz/$name.figures"
	return $status
}

if [ "$1" = --one ]; then
	shift; one "$@"; exit
fi
srcdir=$1 seconds=$2 jobs=$3; shift 3
mkdir -p fuzz; rm -f fuzz/*.figures
# The words of the vocabulary, and what means something to dnsmasq.
{
	sed -n 's/.*<\(element\|attribute\) name=.\([A-Za-z0-9:-]*\).*/"\2"/p; s/.*<value>\(.*\)<.value>.*/"\1"/p' \
		"$srcdir"/schemas/*.rng
	printf '"%s"\n' '&#10;' '&#34;' '&#35;' '&amp;' '<![CDATA[' ']]>' '<!--' '-->' '/>' '192.168.77.2' 'fd00::1' \
		'dhcp-script=/x' 'state active\x0a' '52:54:00:00:00:01' 'http://libvirt.org/schemas/network/dnsmasq/1.0'
} | sort -u >fuzz/words.dict
printf '%s\n' "$@" | xargs -P "$jobs" -n 1 sh "$0" --one "$srcdir" "$seconds"
status=$?
cat fuzz/*.figures
exit $status
