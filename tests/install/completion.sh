#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The bash completion offers what the program takes.
skip() { echo "SKIP: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }
command -v bash >/dev/null || skip 'bash is not installed'

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
export dir
echo '<network><name>keennet</name></network>' >"$dir/keennet.xml"
"$VNETMGR" -q --root "$dir/root" net-define "$dir/keennet.xml" || exit 1
bash -s <<'EOS'
. "$srcdir/completions/vnetmgr.bash"
failures=0
# offers EXPECTED WORD...: the words of the command line so far, the last one unfinished
offers() {
	local expected=$1; shift
	COMP_WORDS=("$VNETMGR" "$@") COMP_CWORD=$#
	_vnetmgr
	[ "${COMPREPLY[*]}" = "$expected" ] && return
	echo "FAIL: $*: expected '$expected', offered '${COMPREPLY[*]}'" >&2
	failures=$((failures + 1))
}
offers 'net-define net-desc net-destroy net-detach net-dhcp-leases net-dhcp-release net-diff net-dumpxml' net-d
offers "$("$VNETMGR" -q help | sed -nE 's/^    ([a-z-]+) .*/\1/p' | xargs)" ''
offers '--network --all --dry-run --json --guard --auto' net-start -
offers '--json' net-list --j
offers '--json' version -
offers '--no-autostart' net-list --all --n --no-a
offers '--ifname --ip --isolated' net-attach --i
offers '--root' --r
offers 'keennet' --root "$dir/root" net-start ''
offers 'keennet' --root = "$dir/root" net-info k
offers '' --root "$dir/root" net-destroy ''
offers 'sandbox' -q help s
offers '' --root "$dir/root" net-port-list k
mkdir -p "$dir/root/var/lib/vnetmgr/leases"; echo "0 52:54:00:00:00:01 192.0.2.7 * *" >"$dir/root/var/lib/vnetmgr/leases/keennet"
offers '192.0.2.7' --root "$dir/root" net-dhcp-release keennet ''
offers 'keennet' --root "$dir/root" net-dhcp-release k
offers 'net-port-create net-port-delete net-port-dumpxml net-port-list' net-p
offers 'keennet' --root "$dir/root" net-event ''
offers 'lifecycle metadata-change health' --root "$dir/root" net-event keennet ''
offers 'health' net-event --loop --event h
cd "$dir" && offers 'keennet.xml' net-define k
offers 'keennet.xml' net-port-create keennet k
offers 'keennet.xml' net-apply k
offers 'keennet.xml' net-apply keennet.xml k
offers 'keennet.xml' --root "$dir/root" net-diff keennet --file k
offers 'keennet.xml' --root "$dir/root" net-diff keennet --file = k
offers 'keennet' --root "$dir/root" net-diff --file keennet.xml k
offers 'add add-first add-last' net-update keennet a
offers 'dns-host dns-txt dns-srv dns-forwarder' net-update keennet add dns-
offers 'keennet.xml' net-update keennet add ip k
offers 'tcp' net-forward-add keennet t
offers 'auto' net-attach keennet --netns web --ip a
offers 'root' net-attach keennet --tap t --owner roo
offers '' net-attach keennet --mac ''
offers 'lo' net-attach keennet --dev lo
offers '' --root "$dir/root" net-detach keennet ''
offers 'keennet' --root "$dir/root" net-undefine other k
offers 'keennet' --root "$dir/root" net-metrics other k
offers 'keennet.xml' net-metrics --output k
offers '--live' net-update keennet --l
exit $failures
EOS
