#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion offers what the program takes; and bash, zsh and fish complete it when the keys are pressed.
. "$srcdir/tests/lib/programs.sh"
skip() { echo "SKIP: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
export VNETMGR_ROOT="$dir/root"
failures=0
fail() { echo "FAIL: $*" >&2; failures=$((failures + 1)); }
echo "<network xmlns:vnm='urn:vnetmgr:network:1'><name>keennet</name><uuid>6e7b4c11-8b2d-4c3f-9a10-1f2e3d4c5b6a</uuid><forward mode='nat'/><ip address='192.0.2.1' prefix='24'>
<dhcp><range start='192.0.2.2' end='192.0.2.99'/><host mac='52:54:00:00:00:09' name='web' ip='192.0.2.100'/></dhcp></ip>
<portgroup name='fast'/><vnm:portForward proto='tcp' port='8080' to='192.0.2.100' toPort='80'/>
<vnm:portForward proto='udp' port='90-95' to='192.0.2.100'/></network>" >keennet.xml
echo '<network><name>other</name></network>' >other.xml
"$VNETMGR" -q net-define keennet.xml && "$VNETMGR" -q net-define other.xml || exit 1
mkdir -p root/var/lib/vnetmgr/leases
echo '0 52:54:00:00:00:01 192.0.2.7 box *' >root/var/lib/vnetmgr/leases/keennet

# offers EXPECTED WORD...: after these words, of which the last one is at the cursor
offers() {
	expected=$1; shift
	offered=$("$VNETMGR" __complete -- vnetmgr "$@" | cut -f 1 | xargs)
	[ "$offered" = "$expected" ] || fail "$*: expected '$expected', offered '$offered'"
}
commands=$("$VNETMGR" -q help | sed -nE 's/^    ([a-z-]+) .*/\1/p' | xargs)
offers "words $commands" ''
offers 'words net-define net-dumpxml net-diff net-desc net-destroy net-dhcp-leases net-dhcp-release net-doctor net-detach' net-d
offers 'words net-dumpxml' net-du
offers 'words start' sta
offers 'words sandbox start' -q help s
offers 'words --root' --r
offers 'files' --root ''
offers 'words' --wait ''
offers 'words' net-nosuch ''
offers 'words --network --all --dry-run --json --guard --auto' net-start -
offers 'words --network --dry-run --json --guard --auto' net-start --all -
offers 'words --dry-run' net-start --all --json --d
offers 'words --no-autostart' net-list --all --n --no-a
offers 'words --ifname --ip --isolated' net-attach --i
offers 'words --json' version ''
offers 'words keennet other' net-start ''
offers 'words keennet other' start ''
offers 'words other' net-start keennet ''
offers 'words --network --dry-run --json --guard --auto' net-start --all ''
offers 'words' net-destroy ''
offers 'words' net-attach ''
offers 'words keennet' --root "$dir/root" net-info k
offers 'words' --root "$dir/none" net-info k
offers 'words 6e7b4c11-8b2d-4c3f-9a10-1f2e3d4c5b6a' net-name 6e
offers 'words 192.0.2.7 52:54:00:00:00:01' net-dhcp-release keennet ''
offers 'words 52:54:00:00:00:01' net-dhcp-leases keennet 52:
offers 'words --reservations' net-dhcp-leases keennet --r
offers 'words' net-attach keennet --mac ''
offers 'words fast' net-attach keennet --tap t --portgroup ''
offers 'words auto dhcp none' net-attach keennet --netns web --ip ''
offers 'words dhcp none' net-attach keennet --ip=auto --ip=
offers 'words root' net-attach keennet --tap t --owner roo
offers 'words lo' net-attach keennet --dev lo
offers 'words 192.0.2.100 web 192.0.2.7' net-forward-add keennet tcp 80 ''
offers 'words tcp' net-forward-add keennet t
offers 'words 127.0.0.1' net-forward-add keennet --address 127.
offers 'words tcp/8080 udp/90-95' net-forward-del keennet ''
offers 'words network' help netw
offers 'words version vnetmgr' help v
offers 'words text svg dot mermaid json' net-graph --format ''
offers 'words tcp udp icmp' net-explain keennet web 192.0.2.7 --proto ''
offers 'words 192.0.2.100 web 192.0.2.7' net-explain --guest x --network keennet --destination ''
offers 'words lifecycle metadata-change health' net-event keennet ''
offers 'words health' net-event --loop --event h
offers 'words add add-last add-first' net-update keennet a
offers 'words dns-host dns-txt dns-srv dns-forwarder' net-update keennet add dns-
offers 'files' net-update keennet add ip ''
offers 'files' net-apply a.xml ''
offers 'files' net-diff keennet --file=k
offers 'files' net-metrics keennet --output k
offers 'programs' sandbox ''
offers 'files' sandbox ls -l /
offers 'words' net-define -- keennet.xml -

# ---- the shells. What they complete is run by a program that prints it.
mkdir bin functions
cat >bin/vnetmgr <<'X'
#!/bin/sh
[ "$1" != __complete ] || exec "$VNETMGR" "$@"
printf 'RUN'; printf '<%s>' "$@"; echo
X
chmod +x bin/vnetmgr
cp "$srcdir/completions/_vnetmgr" functions
cat >keys <<'X'
type vnetmgr net-sta\tk\t\r
await RUN<net-start><keennet>
type vnetmgr inf\toth\t\r
await RUN<info><other>
type vnetmgr net-apply oth\t\r
await RUN<net-apply><other.xml>
type vnetmgr net-diff keennet --file=ot\t\r
await RUN<net-diff><keennet><--file=other.xml>
type vnetmgr net-att\t--ow\troo\t--ip=au\t\r
await RUN<net-attach><--owner><root><--ip=auto>
type vnetmgr net-upd\tk\tmod\tdns-h\t\r
await RUN<net-update><keennet><modify><dns-host>
type vnetmgr net-dhcp-l\tk\t52:54\t\r
await RUN<net-dhcp-leases><keennet><52:54:00:00:00:01>
type vnetmgr --root root net-und\tk\to\t\r
await RUN<--root><root><net-undefine><keennet><other>
type vnetmgr net-port-\t\t
await net-port-create(.|\n)*net-port-list
type \x15exit\r
X
# presses SHELL FIRST-LINE COMMAND...
presses() {
	shell=$1 first=$2; shift 2
	optional "$shell" || return
	{ printf 'type %s\\r\n' "$first"; cat keys; } |
		HOME=$dir INPUTRC=/dev/null TERM=xterm PATH="$dir/bin:$PATH" python3 "$srcdir/tests/lib/terminal.py" 120 "$@" >"$shell.out" 2>&1 ||
		{ fail "$shell"; cat -v "$shell.out" >&2; }
}
need python3
presses bash ". $srcdir/completions/vnetmgr.bash" bash --norc --noprofile -i
presses zsh "fpath=($dir/functions \$fpath); autoload -Uz compinit; compinit -u -D" zsh -f -i
presses fish "source $srcdir/completions/vnetmgr.fish" fish --no-config -i
[ $failures -eq 0 ]
