#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# net-edit, net-desc, net-metadata: a definition, changed by hand.
. "$srcdir/tests/lib/ns.sh"
before=$(snapshot)
unset VISUAL
export T TMPDIR="$T/tmp"
mkdir "$TMPDIR"
cat >"$T/n.xml" <<'X'
<network><name>n</name><forward mode='nat'/><bridge name='br-n' stp='off'/>
<ip address='192.168.190.1' prefix='24'/></network>
X
vnm -q net-define "$T/n.xml"
edit() { EDITOR=$1 vnm net-edit n </dev/null; }
kept() { vnm -q net-dumpxml n --inactive; }
output() { cat "$T/out"; }
# program NAME: standard input becomes an editor, $T/NAME; $1 is its file.
program() { { echo '#!/bin/sh'; cat; } >"$T/$1"; chmod +x "$T/$1"; }
old=$(kept)

# ---- net-edit ----
same 'nothing changed' 'Network n XML configuration not changed.' "$(edit true)"
same 'edited' 'Network n XML configuration edited.' "$(edit "sed -i s/[.]190[.]1/.191.1/")"
has 'kept' "address='192.168.191.1'" "$(kept)"
edit "sed -i s/[.]191[.]1/.190.1/" >/dev/null
same 'and back' "$old" "$(kept)"
echo 'sed -i "s/<bridge/<bridgee/" "$1"' | program 'bad editor'
no 'a typing error is refused' edit "'$T/bad editor'"
has 'with its line' 'n\.xml:[0-9]+: unknown element <bridgee>' "$(output)"
same 'nobody is asked without a terminal' 1 "$(output | grep -c .)"
no 'an editor that fails' edit false
has 'is reported' "the editor 'false' failed; nothing is changed" "$(output)"
no 'a NUL byte' edit "printf '\\0' >>"
has 'is reported' 'NUL byte' "$(output)"
no 'another name with this UUID' edit "sed -i s:.name.n:\\<name\\>m:"
has 'names what does it' "network 'n' is already defined with uuid .*: vnetmgr net-rename n m" "$(output)"
no 'another UUID with this name' edit "sed -i s:.uuid.........:\\<uuid\\>5eedcafe:"
has 'gives the reason' "network 'n' already exists with uuid" "$(output)"
same 'nothing of it is kept' "$old" "$(kept)"
same 'a UUID left out stays' 'Network n XML configuration edited.' "$(edit 'sed -i -e /uuid/d -e s/[.]190[.]1/.198.1/')"
edit "sed -i s/[.]198[.]1/.190.1/" >/dev/null
same 'and is the same' "$old" "$(kept)"
same 'without it, a new name is a new network' 'Network m XML configuration edited.' \
	"$(edit 'sed -i -e /uuid/d -e /mac/d -e s:.name.n:\<name\>m: -e s/br-n/br-m/ -e s/[.]190[.]1/.194.1/')"
same 'beside the old one' "$old" "$(kept)"
vnm -q net-undefine m
ok 'VISUAL comes first' sh -c "VISUAL='sed -i s/[.]190[.]1/.198.1/' EDITOR=false '$VNETMGR' net-edit n"
has 'and was used' "address='192.168.198.1'" "$(kept)"
edit "sed -i s/[.]198[.]1/.190.1/" >/dev/null
mkdir "$T/path"
ln -s "$(command -v sed)" "$T/path/sed"; echo 'sed -i s/[.]190[.]1/.195.1/ "$1"' | program path/vi
ok 'else vi' env -u EDITOR PATH="$T/path" "$VNETMGR" net-edit n
has 'and was used' "address='192.168.195.1'" "$(kept)"
echo 'sed -i s/[.]195[.]1/.190.1/ "$1"' | program path/sensible-editor
ok 'and sensible-editor before it' env -u EDITOR PATH="$T/path" "$VNETMGR" net-edit n
same 'and was used' "$old" "$(kept)"

# The file is the user's alone, and the editor is as the user's shell would have started it.
(umask 027; edit 'umask >"$T/umask"; stat -c "%a %u" >"$T/mode"') >/dev/null
same 'the umask of the user' 0027 "$(cat "$T/umask")"
same 'a private file' "600 $(id -u)" "$(cat "$T/mode")"
same 'no file is left' '' "$(ls "$TMPDIR")"

# Ctrl-C is for the editor, here one that does not end from it.
# A shell's background job ignores SIGINT and SIGQUIT, and so does all that it starts.
alone() { EDITOR=$1 setsid -w env --default-signal=INT,QUIT "$VNETMGR" net-edit n; }
ok 'Ctrl-C in the editor' alone 'trap "" INT QUIT; kill -INT 0; kill -QUIT 0; sed -i s/[.]190[.]1/.193.1/'
has 'what was edited is kept' "address='192.168.193.1'" "$(kept)"
for signal in TERM HUP; do
	alone "kill -$signal \$PPID; sed -i s/[.]193[.]1/.190.1/" >/dev/null 2>&1
	same "$signal ends it after the editor" "$signal" "$(kill -l $?)"
	has 'and nothing is kept' "address='192.168.193.1'" "$(kept)"
done
no 'an editor that dies from it' alone 'kill -INT 0; true'
has 'is one that failed' 'failed; nothing is changed' "$(output)"
same 'no file is left' '' "$(ls "$TMPDIR")"
edit "sed -i s/[.]193[.]1/.190.1/" >/dev/null

# Somebody else changes it meanwhile: what they did stays.
program slow <<X
"$VNETMGR" -q net-desc n --config of somebody else
sed -i s/[.]190[.]1/.193.1/ "\$1"
X
no 'changed by another user' edit "$T/slow"
has 'is reported' 'the XML configuration was changed by another user' "$(output)"
has 'theirs stays' '<description>of somebody else</description>' "$(kept)"
has 'alone' "address='192.168.190.1'" "$(kept)"

# A terminal is asked. answer EDITOR COMMAND...: the lines of standard input are typed.
answer() {
	EDITOR=$1; export EDITOR; shift
	timeout 20 script -qec "'$VNETMGR' $*; echo status \$?" /dev/null 2>&1 | tr -d '\r'
}
if command -v script >/dev/null; then
	echo 'echo called >>"$T/calls"; sed -i "s/<bridge/<bridgee/" "$1"' | program bad
	text=$(printf '?\nf\nx\ny\nn\n' | answer "$T/bad" net-edit n)
	has 'a terminal is asked' 'Failed\. Try again\? \[y,n,f,\?\]: ' "$text"
	same 'and may try once more without the editor' 3 "$(echo "$text" | grep -c 'unknown element <bridgee')"
	same 'help, for what is no answer either' 2 "$(echo "$text" | grep -c 'y - yes, start editor again')"
	same 'the editor runs again' 2 "$(grep -c . "$T/calls")"
	has 'on what it made' '<bridgeee>' "$text"
	has 'then enough' '^status 1' "$text"
	echo '[ -e "$T/first" ] && sed -i s/bridgee/bridge/ "$1" || sed -i "s/bridge/bridgee/;s/[.]190[.]1/.196.1/" "$1"; : >"$T/first"' | program better
	has 'made good' 'Network n XML configuration edited' "$(echo y | answer "$T/better" net-edit n)"
	has 'and kept' "address='192.168.196.1'" "$(kept)"
	edit "sed -i s/[.]196[.]1/.190.1/" >/dev/null
	vnm -q net-desc n --config mine
	text=$(printf 'n\n' | answer "$T/slow" net-edit n)
	has 'what they changed is shown, old' '^-  <description>mine' "$text"
	has 'and new' '^\+  <description>of somebody else' "$text"
	has 'or not' "address='192.168.190.1'" "$(kept)"
	vnm -q net-desc n --config mine
	has 'forced' 'Network n XML configuration edited' "$(echo f | answer "$T/slow" net-edit n)"
	has 'theirs is gone' '<description>mine' "$(kept)"
	has 'ours is there' "address='192.168.193.1'" "$(kept)"
	edit "sed -i s/[.]193[.]1/.190.1/" >/dev/null
	has 'edited again and kept' 'Network n XML configuration edited' "$(echo y | answer "$T/slow" net-edit n)"
	has 'as it was seen' '<description>mine' "$(kept)"
	edit "sed -i s/[.]193[.]1/.190.1/" >/dev/null
	has 'no more answers' '^status 1$' "$(: | answer "$T/bad" net-edit n)"
	# As it would be typed at the question: before it, the keys would be the editor's.
	cat >"$T/type" <<-'X'
	while ! grep -q 'Try again' "$T/seen" 2>/dev/null; do sleep .02; done; printf '\003'
	X
	sh "$T/type" | EDITOR="$T/bad" timeout 20 script -qefc "trap : INT; '$VNETMGR' net-edit n; echo status \$? >'$T/status'" "$T/seen" >/dev/null 2>&1
	same 'Ctrl-C instead of an answer' 'status 130' "$(cat "$T/status")"
	has 'also a title' 'Network title updated' "$(echo y | answer 'f() { [ -e "$T/second" ] && echo one >"$1" || printf "a\nb\n" >"$1"; : >"$T/second"; }; f' net-desc n --title --edit)"
	same 'which is kept' one "$(vnm -q net-desc n --title)"
	vnm -q net-desc n --title ''
fi
vnm -q net-desc n ''
same 'no file is left' '' "$(ls "$TMPDIR")"
same 'as in the beginning' "$old" "$(kept)"

# ---- net-desc ----
same 'no description' 'No description for network: n' "$(vnm net-desc n)"
same 'no title' 'No title for network: n' "$(vnm net-desc n --title)"
same 'a title' 'Network title updated successfully' "$(vnm net-desc n --title the first one)"
same 'it is there' 'the first one' "$(vnm -q net-desc n --title)"
same 'in the list' ' n   inactive   no   yes   the first one' "$(vnm -q net-list --all --title)"
same 'a description' 'Network description updated successfully' "$(EDITOR="printf 'two\nlines\n' >" vnm net-desc n --edit)"
same 'of two lines' 'two
lines' "$(vnm -q net-desc n)"
same 'looked at' 'Network description not changed' "$(EDITOR=true vnm net-desc n --edit)"
same 'a line end alone is no change' 'Network description not changed' "$(EDITOR='echo >>' vnm net-desc n --edit)"
same 'words to begin with' 'Network description updated successfully' "$(EDITOR="sed -i 's/ /-/g'" vnm net-desc n --edit 'a   b' c)"
same 'as edited' 'a---b-c' "$(vnm -q net-desc n)"
ok 'blanks and signs' vnm net-desc n -- "  <&>\"'" --x
same 'are there' "  <&>\"' --x" "$(vnm -q net-desc n)"
no 'no two lines in a title' vnm net-desc n --title "$(printf 'a\nb')"
has 'reports it' "metadata title can't contain newlines" "$(output)"
for odd in 'a\001b' 'a\377b' 'a\rb'; do
	no 'no control characters' vnm net-desc n "$(printf "$odd")"
done
same 'nothing of it is kept' "  <&>\"' --x" "$(vnm -q net-desc n)"
program late <<X
"$VNETMGR" -q net-desc n theirs
echo ours >"\$1"
X
no 'changed by another user' env EDITOR="$T/late" "$VNETMGR" net-desc n --edit
has 'is reported' 'the XML configuration was changed by another user' "$(output)"
same 'theirs stays' theirs "$(vnm -q net-desc n)"
ok 'emptied by an editor' env EDITOR='cp /dev/null' "$VNETMGR" net-desc n --edit
same 'it is gone' 'No description for network: n' "$(vnm net-desc n)"
vnm -q net-desc n 'two
lines'
no 'nothing live while it is inactive' vnm net-desc n --live x
has 'gives the reason' 'Requested operation is not valid: network is not running' "$(output)"
no 'not both' vnm net-desc n --live --current x
has 'reports it' '^error: Options --current and --live are mutually exclusive' "$(output)"
no 'nor' vnm net-desc n --config --current x
has 'reports it' '^error: Options --current and --config are mutually exclusive' "$(output)"

vnm -q net-start n
up=$(snapshot)
ok 'live' vnm net-desc n --live now
same 'the live one' now "$(vnm -q net-desc n)"
same 'not the kept one' 'two
lines' "$(vnm -q net-desc n --config)"
ok 'both' vnm net-desc n --live --config same
same 'in both' 'same same' "$(vnm -q net-desc n --config) $(vnm -q net-desc n --live)"
ok 'net-edit changes the kept one' edit 'sed -i s/same/other/'
same 'alone' 'other same' "$(vnm -q net-desc n --config) $(vnm -q net-desc n --live)"
unharmed=$(kept)
no 'both are checked before one is written' vnm net-desc n --live --config "$(printf 'a\001b')"
same 'nothing was' "$unharmed" "$(kept)"

# ---- net-metadata ----
no 'no metadata' vnm net-metadata n urn:x
has 'reports it' 'metadata not found: Requested metadata element is not present' "$(output)"
no 'a key is needed' vnm net-metadata n urn:x --set '<a/>'
has 'reports it' 'namespace key is required when modifying metadata' "$(output)"
no 'one thing at a time' vnm net-metadata n urn:x --remove --edit
has 'reports it' 'Options --remove and --edit are mutually exclusive' "$(output)"
same 'set' 'Metadata modified' "$(vnm net-metadata n urn:x --key k --set "<a n='1'><b>text</b></a>" --live --config)"
same 'got' '<a n="1">
  <b>text</b>
</a>' "$(vnm -q net-metadata n urn:x)"
has 'kept with its prefix' '<k:a xmlns:k="urn:x" n="1">' "$(kept)"
same 'another one beside it' 'Metadata modified' "$(vnm net-metadata n urn:y --key y --set "<c/>")"
same 'in the place of the first' 'Metadata modified' "$(EDITOR="sed -i s/text/other/" vnm net-metadata n urn:x --key k --edit)"
has 'changed' '<b>other</b>' "$(vnm -q net-metadata n urn:x)"
has 'the live one only' '<k:b>text</k:b>' "$(kept)"
same 'unchanged' 'Metadata not changed' "$(EDITOR='echo >>' vnm net-metadata n urn:x --key k --edit)"
same 'edited from nothing' 'Metadata modified' "$(EDITOR='echo "<new/>" >' vnm net-metadata n urn:z --key z --edit)"
same 'is there' '<new/>' "$(vnm -q net-metadata n urn:z)"
same 'or not' 'Metadata not changed' "$(EDITOR=true vnm net-metadata n urn:w --key w --edit)"
program late <<X
"$VNETMGR" -q net-metadata n urn:z --key z --set '<theirs/>'
echo '<ours/>' >"\$1"
X
no 'changed by another user' env EDITOR="$T/late" "$VNETMGR" net-metadata n urn:z --key z --edit
same 'theirs stays' '<theirs/>' "$(vnm -q net-metadata n urn:z)"
same 'removed' 'Metadata removed' "$(vnm net-metadata n urn:x --remove)"
no 'gone' vnm net-metadata n urn:x
ok 'the other is there' vnm net-metadata n urn:y
ok 'what is not there is removed, too' vnm net-metadata n urn:x --remove
no 'not well-formed' vnm net-metadata n urn:x --key k --set '<a>'
has 'reports it' '^error: Failed to modify metadata$' "$(output)"
no 'no prefix' vnm net-metadata n urn:x --key '1 2' --set '<a/>'
no 'no namespace' vnm net-metadata n 'urn: x' --key k --set '<a/>'
no 'of another namespace' vnm net-metadata n urn:x --key k --set '<o:a xmlns:o="urn:o"/>'
vnm -q net-metadata n urn:q --key k --set '<k:a xmlns:k="urn:q" k:n="1"><b/></k:a>'
same 'what has its namespace is kept as it is' '<k:a xmlns:k="urn:q" k:n="1">
  <b/>
</k:a>' "$(vnm -q net-metadata n urn:q)"
same 'nothing of all that touches the network' "$up" "$(snapshot)"

# A network without a persistent definition.
vnm -q net-undefine n
no 'nothing to keep it in' vnm net-desc n --config x
has 'gives the reason' 'cannot change persistent config of a transient network' "$(output)"
ok 'live' vnm net-desc n on its own
same 'is there' 'on its own' "$(vnm -q net-desc n)"
ok 'net-edit keeps it' edit 'sed -i s/its/our/'
has 'from now on' 'on our own' "$(kept)"
vnm -q net-destroy n
vnm -q net-undefine n
same 'no trace is left' "$before" "$(snapshot)"
finish
