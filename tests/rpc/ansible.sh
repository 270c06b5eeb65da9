#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What playbooks do, by Ansible's module community.libvirt.virt_net, called as Ansible calls it on a host: arguments in, a result out.
# VNM_TEST_UNPACKED: a directory with Debian's packages ansible and ansible-core unpacked; else what is installed.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/rpc.sh"
need_libvirt_python
export PYTHONPATH="${VNM_TEST_UNPACKED:-}/usr/lib/python3/dist-packages"
MODULE=$PYTHONPATH/ansible_collections/community/libvirt/plugins/modules/virt_net.py
[ -f "$MODULE" ] || skip 'the collection community.libvirt is not installed (scripts/deps clients)'
"$PYTHON" -c 'import ansible.module_utils.basic, lxml' 2>/dev/null || skip 'ansible-core or python3-lxml is not installed (scripts/deps clients)'
cd "$T" || exit 1

# task ARGUMENT...: "name": "value" pairs; its result is in $T/result
task() {
	printf '{"ANSIBLE_MODULE_ARGS": {"uri": "network:///system?socket=%s", %s}}' "$SOCK" "$1" >task.json
	timeout 60 "$PYTHON" -B "$MODULE" task.json >result 2>errors
}
# does WHAT EXPRESSION ARGUMENTS: the task succeeds, and of its result R, EXPRESSION of Python is true
does() {
	ok "$1" task "$3"
	same "$1: $2" True "$("$PYTHON" -c 'import json, sys; R = json.load(open("result")); print(bool(eval(sys.argv[1])) or R)' "$2")"
}
NET='"name": "ansible"'
XML="\"xml\": \"<network><name>ansible</name><forward/><bridge name='br-ans'/><ip address='192.168.178.1' prefix='24'><dhcp><range start='192.168.178.2' end='192.168.178.99'/></dhcp></ip></network>\""
HOST="\"xml\": \"<host mac='52:54:00:00:00:05' name='h' ip='192.168.178.5'/>\""
before=$(snapshot)
serve
does 'define' 'R["changed"]' "\"command\": \"define\", $NET, $XML"
does 'define again' 'not R.get("changed")' "\"command\": \"define\", $NET, $XML"
does 'present already' 'not R.get("changed")' "\"state\": \"present\", $NET, $XML"
does 'start' 'R["changed"]' "\"state\": \"active\", $NET"
does 'start again' 'not R.get("changed")' "\"state\": \"active\", $NET"
has 'it is active' ' ansible +active' "$(vnm net-list)"
does 'autostart' 'R["changed"]' "\"autostart\": true, $NET"
does 'autostart again' 'not R.get("changed")' "\"autostart\": true, $NET"
does 'list' 'R["list_nets"] == ["ansible"]' '"command": "list_nets"'
does 'status' 'R["status"] == "active"' "\"command\": \"status\", $NET"
does 'facts' 'R["ansible_facts"]["ansible_libvirt_networks"]["ansible"]["bridge"] == "br-ans"' '"command": "facts"'
does 'facts: state' 'R["ansible_facts"]["ansible_libvirt_networks"]["ansible"]["state"] == "active"' '"command": "facts"'
does 'definition' '"br-ans" in R["get_xml"]' "\"command\": \"get_xml\", $NET"
does 'a host' 'R["changed"]' "\"command\": \"modify\", $NET, $HOST"
does 'the same host' 'not R.get("changed")' "\"command\": \"modify\", $NET, $HOST"
has 'it is there' "ip='192.168.178.5'" "$(vnm net-dumpxml ansible)"
does 'stop' 'R["changed"]' "\"state\": \"inactive\", $NET"
does 'stop again' 'not R.get("changed")' "\"state\": \"inactive\", $NET"
does 'undefine' 'R["changed"]' "\"state\": \"absent\", $NET"
does 'undefine again' 'not R.get("changed")' "\"state\": \"absent\", $NET"
does 'nothing is left' 'R["list_nets"] == []' '"command": "list_nets"'
end_server
same 'nothing is complained of' '' "$(cat server)"
same 'no trace is left' "$before" "$(snapshot)"
finish
