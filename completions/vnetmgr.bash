# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for vnetmgr(8). Commands and options come from the program's own help.

_vnetmgr_words() {	# from help: every command, or every option of command $1
	if [ -n "$1" ]; then
		"$program" -q help "$1" 2>/dev/null | sed -nE 's/^    \[?(--[a-z-]+).*/\1/p'
	else
		"$program" -q help 2>/dev/null | sed -nE 's/^    ([a-z-]+) .*/\1/p'
	fi
}

_vnetmgr_networks() {
	timeout 2 "$program" -q "${root[@]}" net-list "$@" --name 2>/dev/null
}

_vnetmgr() {
	local cur=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]} command= i
	local -a root=()

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--root)	# bash takes --root=DIR for three words
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
		*) mapfile -t COMPREPLY < <(compgen -W "$(_vnetmgr_words)" -- "$cur") ;;
		esac
		return
	fi
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_vnetmgr_words "$command")" -- "$cur")
		return
	fi
	case $command in
	net-define | net-create) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	net-start) mapfile -t COMPREPLY < <(compgen -W "$(_vnetmgr_networks --inactive)" -- "$cur") ;;
	net-destroy | net-repair) mapfile -t COMPREPLY < <(compgen -W "$(_vnetmgr_networks)" -- "$cur") ;;
	net-port-*)
		case $((COMP_CWORD - i)) in
		1) mapfile -t COMPREPLY < <(compgen -W "$(_vnetmgr_networks)" -- "$cur") ;;
		*)
			if [ "$command" = net-port-create ]; then
				mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			elif [ "$command" != net-port-list ]; then
				mapfile -t COMPREPLY < <(compgen -W "$(timeout 2 "$program" -q "${root[@]}" net-port-list "${COMP_WORDS[i + 1]}" --uuid 2>/dev/null)" -- "$cur")
			fi
			;;
		esac
		;;
	net-event)
		if [[ ${COMP_WORDS[COMP_CWORD - 1]} == --event || $((COMP_CWORD - i)) == 2 ]]; then
			mapfile -t COMPREPLY < <(compgen -W "$("$program" -q net-event --list 2>/dev/null)" -- "$cur")
		else
			mapfile -t COMPREPLY < <(compgen -W "$(_vnetmgr_networks --all)" -- "$cur")
		fi
		;;
	net-dhcp-release)
		if [ $((COMP_CWORD - i)) = 1 ]; then
			mapfile -t COMPREPLY < <(compgen -W "$(_vnetmgr_networks --all)" -- "$cur")
		else	# readline takes colons for the ends of words; so MAC addresses are not offered
			mapfile -t COMPREPLY < <(compgen -W "$(timeout 2 "$program" -q "${root[@]}" net-dhcp-leases "${COMP_WORDS[i + 1]}" 2>/dev/null | sed -nE 's/.* ipv4 +([0-9.]+).*/\1/p')" -- "$cur")
		fi
		;;
	net-name) mapfile -t COMPREPLY < <(compgen -W "$("$program" -q "${root[@]}" net-list --all --uuid 2>/dev/null)" -- "$cur") ;;
	net-list | autostart | autostop | version) ;;
	help) mapfile -t COMPREPLY < <(compgen -W "$(_vnetmgr_words)" -- "$cur") ;;
	sandbox) mapfile -t COMPREPLY < <(compgen -c -- "$cur") ;;
	*) mapfile -t COMPREPLY < <(compgen -W "$(_vnetmgr_networks --all)" -- "$cur") ;;
	esac
}

complete -o filenames -F _vnetmgr vnetmgr
