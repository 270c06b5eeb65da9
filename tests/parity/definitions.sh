#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# definitions.sh [CASE...] - every definition of definitions/ through libvirt and through vnetmgr, side by side.
#
# What differs must be in accepted-definitions.tsv, and all of accepted-definitions.tsv must be found. With the names of
# cases (regular expressions) only these are tried; the table's other entries are then not missed. RESULTS keeps
# what was seen in a directory; SHARDS is the number of worlds for each side.
. "${srcdir:=.}/tests/parity/world.sh"
parity_need rdisc6 dhclient nc nft ping ss
here=$srcdir/tests/parity
# The newest libvirt has a table beside that of Debian 12's.
tables=$here/accepted-definitions.tsv borrowed=
[ -z "$parity_root" ] || { tables="$tables $here/accepted-newest-definitions.tsv" borrowed=/accepted-definitions.tsv; }
work=${RESULTS:-$(mktemp -d)} shards=${SHARDS:-4}
[ -n "${RESULTS:-}" ] && mkdir -p "$work" || trap 'rm -rf "$work"' EXIT
for part in first again; do rm -rf "${work:?}/$part"; mkdir "$work/$part"; done
start=$(date +%s)

# put_through DIRECTORY SHARDS CASES: what both sides make of them goes to DIRECTORY/libvirt and DIRECTORY/vnetmgr.
put_through() {
	dir=$1 workers='' failed=0
	mkdir -p "$dir/libvirt" "$dir/vnetmgr" "$dir/messages/libvirt" "$dir/messages/vnetmgr"
	for shard in $(seq "$2"); do mkdir "$dir/cases.$shard"; done
	awk -v work="$dir" -v shards="$2" -v only="$3" -f "$here/split.awk" "$here"/definitions/*.txt || return
	for shard in $(seq "$2"); do
		for side in libvirt vnetmgr; do
			(parity_world $side "$here/definitions-world.sh" "$dir/cases.$shard" "$dir/$side" "$dir/messages/$side") \
				>"$dir/$side.$shard.log" 2>&1 &
			workers="$workers $!"
		done
	done
	for worker in $workers; do wait "$worker" || failed=1; done
	[ $failed = 0 ] || { tail -n 20 "$dir"/*.log >&2; echo 'parity: a world broke down' >&2; return 1; }
}

# compare: prints what is not in the table; the names of these cases are left in the file "differ".
compare() {
	(cd "$work/first" && diff -r -U 0 libvirt vnetmgr >../differences)
	awk -v least=250 -v dir="$work/first/libvirt/" -v differ="$work/differ" -v part="$*" -v borrowed="$borrowed" \
		-v seconds=$(($(date +%s) - start)) -f "$here/definitions.awk" $tables "$work"/first/libvirt/* "$work/differences"
}

put_through "$work/first" "$shards" "$*" || exit 1
if ! compare "$@" >"$work/report" && [ -s "$work/differ" ]; then
	# A busy machine is no difference: these once more, with nothing beside them.
	put_through "$work/again" 1 "$(cat "$work/differ")" || exit 1
	for side in libvirt vnetmgr; do cp "$work/again/$side"/* "$work/first/$side"; done
	echo "asked again: $(tr '\n' ' ' <"$work/differ")"
fi
compare "$@"
