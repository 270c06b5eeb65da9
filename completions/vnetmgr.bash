# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for vnetmgr(8). Commands and options come from the program's own help.

_vnetmgr_help() {	# of command $1, or the list of commands
	"$program" -q help ${1:+"$1"} 2>/dev/null
}

_vnetmgr_ask() {	# what the program prints; it may have to wait for another command
	timeout 2 "$program" -q "${root[@]}" "$@" 2>/dev/null
}

# What a value is of: $1 the command, $2 the option that it belongs to, or its place among the arguments.
_vnetmgr_kind() {
	case $1:$2 in
	*:--file | *:--output | net-define:1 | net-create:1 | net-apply:* | net-port-create:2 | net-update:4) echo files ;;
	net-start:[0-9]*) echo inactive ;;
	net-destroy:* | net-repair:* | net-confirm:* | net-attach:1 | net-port-*:1) echo active ;;
	net-port-delete:2 | net-port-dumpxml:2) echo ports ;;
	net-attach:--netns) echo namespaces ;;
	net-attach:--ip) echo addresses ;;
	net-attach:--owner) echo users ;;
	net-attach:--group) echo groups ;;
	net-attach:--portgroup) echo portgroups ;;
	*:--dev) echo devices ;;
	net-detach:2 | net-forward-add:4 | net-forward-del:--to) echo guests ;;
	net-forward-add:2 | net-forward-del:2) echo protocols ;;
	net-update:2) echo changes ;;
	net-update:3) echo sections ;;
	net-dhcp-release:2) echo leases ;;
	net-event:--event | net-event:2) echo events ;;
	net-name:1) echo uuids ;;
	help:1) echo commands ;;
	sandbox:*) echo programs ;;
	net-list:* | autostart:* | autostop:* | version:*) ;;
	net-undefine:[0-9]* | net-autostart:[0-9]* | net-info:[0-9]* | net-metrics:[0-9]* | net-*:1) echo networks ;;
	esac
}

# The words of a kind; $2 is the network that was named before.
_vnetmgr_words() {
	case $1 in
	commands) _vnetmgr_help | sed -nE 's/^    ([a-z-]+) .*/\1/p' ;;
	networks) _vnetmgr_ask net-list --all --name ;;
	inactive) _vnetmgr_ask net-list --inactive --name ;;
	active) _vnetmgr_ask net-list --name ;;
	uuids) _vnetmgr_ask net-list --all --uuid ;;
	ports) _vnetmgr_ask net-port-list "$2" --uuid ;;
	guests) _vnetmgr_ask net-port-list "$2" | awk '$2 ~ /^(tap|tun|netns|dev)$/ { print $1; if ($3 != "-") print $3 }' ;;
	portgroups) _vnetmgr_ask net-dumpxml "$2" --xpath //portgroup/@name | sed -nE "s/.*name=[\"']([^\"']*).*/\1/p" ;;
	# readline takes colons for the ends of words; so MAC addresses are not offered
	leases) _vnetmgr_ask net-dhcp-leases "$2" | sed -nE 's/.* ipv4 +([0-9.]+).*/\1/p' ;;
	events) "$program" -q net-event --list 2>/dev/null ;;
	sections) _vnetmgr_help net-update | tr '\n' ' ' | sed -nE 's/.*Sections: ([^.]*)\..*/\1/p' | tr ',' ' ' ;;
	changes) echo add add-first add-last delete modify ;;
	protocols) echo tcp udp ;;
	addresses) echo auto dhcp none ;;
	namespaces) ip netns list 2>/dev/null | sed 's/ .*//' ;;
	devices) ls /sys/class/net 2>/dev/null ;;
	esac
}

# Reads the words between the command and the cursor: $option is the one whose value is at the cursor, else $place its
# place among the arguments; $network is the first argument.
_vnetmgr_scan() {
	local valued word k

	valued=" $(_vnetmgr_help "$command" | sed -nE 's/^    (--[a-z-]+) <.*/\1/p' | xargs) "
	option='' place=1 network=''
	for ((k = i + 1; k < COMP_CWORD; k++)); do
		word=${COMP_WORDS[k]}
		if [ "$word" = '=' ]; then	# bash takes --file=NAME for three words
			continue
		elif [ -n "$option" ]; then
			option=''
		elif [[ $word == --?* ]]; then
			[[ $valued == *" $word "* ]] && option=$word
		elif [[ $word != -* ]]; then
			[ "$place" = 1 ] && network=$word
			((place++))
		fi
	done
}

_vnetmgr() {
	local cur=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]} command='' option place network kind i
	local -a root=()

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--root)
			[ "${COMP_WORDS[i + 1]}" = '=' ] && ((i++))
			root=(--root "${COMP_WORDS[++i]}")
			;;
		--wait)
			[ "${COMP_WORDS[i + 1]}" = '=' ] && ((i++))
			((++i))
			;;
		-*) ;;
		*) command=${COMP_WORDS[i]}; break ;;
		esac
	done
	if [ -z "$command" ]; then
		case $cur in
		-*) mapfile -t COMPREPLY < <(compgen -W '--help --quiet --root --verbose --version --wait' -- "$cur") ;;
		*) mapfile -t COMPREPLY < <(compgen -W "$(_vnetmgr_words commands)" -- "$cur") ;;
		esac
		return
	fi
	_vnetmgr_scan
	if [[ -z $option && $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_vnetmgr_help "$command" | sed -nE 's/^    \[?(--[a-z-]+).*/\1/p')" -- "$cur")
		return
	fi
	[ "$cur" != '=' ] || cur=''
	kind=$(_vnetmgr_kind "$command" "${option:-$place}")
	case $kind in
	'') ;;
	files) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	programs) mapfile -t COMPREPLY < <(compgen -c -- "$cur") ;;
	users) mapfile -t COMPREPLY < <(compgen -u -- "$cur") ;;
	groups) mapfile -t COMPREPLY < <(compgen -g -- "$cur") ;;
	*) mapfile -t COMPREPLY < <(compgen -W "$(_vnetmgr_words "$kind" "$network")" -- "$cur") ;;
	esac
}

complete -o filenames -F _vnetmgr vnetmgr
