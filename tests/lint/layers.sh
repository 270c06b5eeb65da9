#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every directory of src/ includes only what it may: "DIR: the directories whose headers it may name". libxml2 is for xml,
# libnl and libiptc for sys, jansson for cli, cni, driver and sys (FRR answers in JSON), libtirpc for rpc, and a header is named with its directory.
cd "$srcdir/src" || exit 1
awk '
NR == FNR { dir = substr($1, 1, length($1) - 1); may[dir, dir] = 1; for (i = 2; i <= NF; i++) may[dir, $i] = 1; rows++; next }
FNR == 1 { split(FILENAME, path, "/"); dir = path[2]; files++ }
/^#include "/ {
	used = substr($2, 2, index($2, "/") - 2)
	if (!((dir, used) in may)) { print FILENAME ":" FNR ": may not include " $2; bad = 1 }
}
/^#include <jansson/ && dir != "cli" && dir != "cni" && dir != "driver" && dir != "sys" || /^#include <libxml\// && dir != "xml" || /^#include <(netlink|libiptc)\// && dir != "sys" ||
/^#include <(tirpc|rpc)\// && dir != "rpc" { print FILENAME ":" FNR ": may not include " $2; bad = 1 }
END { if (rows != 16 || files < 300) { print rows " rows, " files " files"; bad = 1 } exit bad }' - $(find ./*/ -name '*.[ch]') <<'EOT' >&2
util:
model: util
xml: model util
plan: model util
doctor: plan model util
sys: doctor plan model util
state: sys plan xml model util
run: state sys plan xml model util
graph: util
driver: graph run state sys doctor plan xml model util
watch: run state sys plan xml model util
rpc: watch driver sys util
sandbox: sys plan model util
cni: driver xml model util
lend: driver util
cli: sandbox watch driver graph run state sys doctor plan xml model util
EOT
