#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# libvirt's own test suite, https://gitlab.com/libvirt/libvirt-tck, checked out in TCK: its tests of networks that need no guest,
# unchanged, with our socket in its configuration.
[ -n "${TCK:-}" ] || { echo 'SKIP: no libvirt-TCK: make check-tck TCK=DIR, with a checkout of it there' >&2; exit 77; }
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/rpc.sh"
need prove
for module in Sys::Virt XML::Twig XML::Writer XML::XPath Test::Exception Sub::Uplevel NetAddr::IP Net::OpenSSH IO::String \
	IO::Interface File::Slurp YAML LWP; do
	perl -M$module -e 1 2>/dev/null || skip "the Perl module $module is not installed (scripts/deps clients)"
done
[ -d "$TCK/scripts/networks" ] || skip "no scripts/networks in TCK=$TCK"
TCK=$(cd "$TCK" && pwd)
cd "$T" || exit 1

before=$(snapshot)
serve
{ echo "uri: \"network:///system?socket=$SOCK\""; grep -v '^uri:' "$TCK/conf/default.yml"; } >tck.yml
ok 'libvirt-TCK' sh -c "cd '$TCK/scripts/networks' && LIBVIRT_TCK_CONFIG='$T/tck.yml' prove -I '$TCK/lib' 0*.t"
grep -v '^#' out
has 'all of it' '^Files=10, Tests=78, ' "$(cat out)"
end_server
same 'nothing is complained of' '' "$(cat server)"
same 'no trace is left' "$before" "$(snapshot)"
finish
