#!/bin/sh
# net-edit, net-desc, net-metadata: what a definition says, changed by hand.
. "$srcdir/tests/lib/ns.sh"
before=$(snapshot)
unset VISUAL
cat >"$T/n.xml" <<'X'
<network><name>n</name><forward mode='nat'/><bridge name='br-n' stp='off'/>
<ip address='192.168.190.1' prefix='24'/></network>
X
vnm -q net-define "$T/n.xml"
edit() { EDITOR=$1 vnm net-edit n </dev/null; }
kept() { vnm -q net-dumpxml n --inactive; }
old=$(kept)

same 'nothing changed' 'Network n XML configuration not changed.' "$(edit true)"
same 'edited' 'Network n XML configuration edited.' "$(edit "sed -i s/190.1/191.1/")"
has 'kept' "address='192.168.191.1'" "$(kept)"
edit "sed -i s/191.1/190.1/" >/dev/null
same 'and back' "$old" "$(kept)"
printf '#!/bin/sh\nsed -i "s/<bridge/<bridgee/" "$1"\n' >"$T/bad editor"; chmod +x "$T/bad editor"
no 'a typing error is refused' edit "'$T/bad editor'"
has 'with its line' 'n\.xml:[0-9]+: unknown element <bridgee>' "$(cat "$T/out")"
no 'an editor that fails' edit false
has 'is told' "the editor 'false' failed; nothing is changed" "$(cat "$T/out")"
no 'another name with this UUID' edit "sed -i s/.name.n/\\<name\\>m/"
same 'nothing of it is kept' "$old" "$(kept)"
ok 'VISUAL comes first' sh -c "VISUAL='sed -i s/190.1/192.1/' EDITOR=false '$VNETMGR' net-edit n"
has 'and was used' "address='192.168.192.1'" "$(kept)"
edit "sed -i s/192.1/190.1/" >/dev/null
# Somebody else changes it meanwhile: what they did stays.
cat >"$T/slow" <<X
#!/bin/sh
"$VNETMGR" -q net-desc n --config of somebody else
sed -i s/190.1/193.1/ "\$1"
X
chmod +x "$T/slow"
no 'changed by another user' edit "$T/slow"
has 'is told' 'the XML configuration was changed by another user' "$(cat "$T/out")"
has 'theirs stays' '<description>of somebody else</description>' "$(kept)"
same 'no file is left' '' "$(ls "${TMPDIR:-/tmp}"/vnetmgr*.xml 2>/dev/null)"
if command -v script >/dev/null; then
	# A terminal is asked: once more, and then enough.
	printf 'y\nn\n' >"$T/answers"
	answer=$(EDITOR="'$T/bad editor'" timeout 20 script -qec "'$VNETMGR' net-edit n" /dev/null <"$T/answers" 2>&1 | tr -d '\r')
	has 'a terminal is asked' 'Failed\. Try again\? \[y,n,\?\]' "$answer"
fi

EDITOR='cp /dev/null' vnm -q net-desc n --edit --config
same 'no description' 'No description for network: n' "$(vnm net-desc n)"
same 'no title' 'No title for network: n' "$(vnm net-desc n --title)"
same 'a title' 'Network title updated successfully' "$(vnm net-desc n --title the first one)"
same 'it is there' 'the first one' "$(vnm -q net-desc n --title)"
same 'in the list' ' n   inactive   no   yes   the first one' "$(vnm -q net-list --all --title)"
same 'a description' 'Network description updated successfully' "$(EDITOR="printf 'two\nlines\n' >" vnm net-desc n --edit)"
same 'of two lines' 'two
lines' "$(vnm -q net-desc n)"
no 'no two lines in a title' vnm net-desc n --title "$(printf 'a\nb')"
has 'says so' "metadata title can't contain newlines" "$(cat "$T/out")"
no 'nothing live while it is inactive' vnm net-desc n --live x
has 'says why' 'network is not running' "$(cat "$T/out")"
no 'not both' vnm net-desc n --live --current x

vnm -q net-start n
up=$(snapshot)
ok 'live' vnm net-desc n --live now
same 'the live one' now "$(vnm -q net-desc n)"
same 'not the kept one' 'two
lines' "$(vnm -q net-desc n --config)"
ok 'both' vnm net-desc n --live --config same
same 'in both' 'same same' "$(vnm -q net-desc n --config) $(vnm -q net-desc n --live)"

no 'no metadata' vnm net-metadata n urn:x
has 'says so' 'metadata not found: Requested metadata element is not present' "$(cat "$T/out")"
no 'a key is needed' vnm net-metadata n urn:x --set '<a/>'
same 'set' 'Metadata modified' "$(vnm net-metadata n urn:x --key k --set "<a n='1'><b>text</b></a>" --live --config)"
same 'got' '<a n="1">
  <b>text</b>
</a>' "$(vnm -q net-metadata n urn:x)"
has 'kept with its prefix' '<k:a xmlns:k="urn:x" n="1">' "$(kept)"
same 'another one beside it' 'Metadata modified' "$(vnm net-metadata n urn:y --key y --set "<c/>")"
same 'in the place of the first' 'Metadata modified' "$(EDITOR="sed -i s/text/other/" vnm net-metadata n urn:x --key k --edit)"
has 'changed' '<b>other</b>' "$(vnm -q net-metadata n urn:x)"
same 'unchanged' 'Metadata not changed' "$(EDITOR=true vnm net-metadata n urn:x --key k --edit)"
same 'removed' 'Metadata removed' "$(vnm net-metadata n urn:x --remove)"
no 'gone' vnm net-metadata n urn:x
ok 'the other is there' vnm net-metadata n urn:y
no 'not well-formed' vnm net-metadata n urn:x --key k --set '<a>'
no 'no prefix' vnm net-metadata n urn:x --key '1 2' --set '<a/>'
same 'nothing of all that touches the network' "$up" "$(snapshot)"
vnm -q net-destroy n
same 'no trace is left' "$before" "$(snapshot)"
finish
