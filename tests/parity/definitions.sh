#!/bin/sh
# definitions.sh [CASE...] - every definition of definitions/ through libvirt and through vnetmgr, side by side; what differs
# must be in accepted-definitions.tsv, and all of accepted-definitions.tsv must be found.
#
# With the names of cases (shell patterns) only these; the table's other entries are then not missed. RESULTS keeps
# what was seen in a directory; SHARDS is the number of worlds for each side.
. "${srcdir:=.}/tests/parity/world.sh"
parity_need rdisc6 dhclient nc ping tc ss
here=$srcdir/tests/parity
work=${RESULTS:-$(mktemp -d)} shards=${SHARDS:-4}
[ -n "${RESULTS:-}" ] && mkdir -p "$work" || trap 'rm -rf "$work"' EXIT
start=$(date +%s)

for side in libvirt vnetmgr; do rm -rf "${work:?}/$side"; mkdir "$work/$side"; done
rm -rf "${work:?}"/cases.*
for shard in $(seq "$shards"); do mkdir "$work/cases.$shard"; done
awk -v work="$work" -v shards="$shards" -v only="$*" -f "$here/split.awk" "$here"/definitions/*.txt || exit 1

workers=
for shard in $(seq "$shards"); do
	for side in libvirt vnetmgr; do
		(parity_world $side "$here/definitions-world.sh" "$work/cases.$shard" "$work/$side") >"$work/$side.$shard.log" 2>&1 &
		workers="$workers $!"
	done
done
failed=0
for worker in $workers; do wait "$worker" || failed=1; done
[ $failed = 0 ] || { cat "$work"/*.log >&2; echo 'parity: a world broke down' >&2; exit 1; }

mkdir -p "$work/said"
for side in libvirt vnetmgr; do
	mkdir -p "$work/said/$side"; for said in "$work/$side"/*.said; do mv "$said" "$work/said/$side/$(basename "$said" .said)"; done
done
(cd "$work" && diff -r -U 0 libvirt vnetmgr >differences)
[ -s "$work/libvirt/$(ls "$work/libvirt" | head -n 1)" ] || { echo 'parity: nothing was seen' >&2; exit 1; }
awk -v work="$work" -v part="$*" -v seconds=$(($(date +%s) - start)) -f "$here/definitions.awk" \
	"$here/accepted-definitions.tsv" "$work"/libvirt/* "$work/differences"
