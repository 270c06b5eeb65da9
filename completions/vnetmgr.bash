# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for vnetmgr(8): "vnetmgr __complete" says what may follow.

# Reads the words up to the cursor into words. bash splits at = and : as well; parts without a blank between are one word.
_vnetmgr_read() {
	local line=${COMP_LINE:0:COMP_POINT} part i

	words=()
	for ((i = 0; i <= COMP_CWORD; i++)); do
		[[ ${#words[@]} -gt 0 && $line != [[:blank:]]* ]] || words+=('')
		line=${line#"${line%%[![:blank:]]*}"}
		part=${COMP_WORDS[i]}
		[ "$i" -lt "$COMP_CWORD" ] || part=$line
		line=${line#"$part"}
		words[-1]+=${part//[\\\"\']/}
	done
}

_vnetmgr() {
	local -a words offers
	local at offer cur=${COMP_WORDS[COMP_CWORD]}

	_vnetmgr_read
	mapfile -t offers < <("${COMP_WORDS[0]}" __complete -- "${words[@]}" 2>/dev/null)
	[ "$cur" != '=' ] || cur=''
	case ${offers[0]} in
	files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
	programs) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -c -- "$cur"); return ;;
	esac
	COMPREPLY=()
	at=${words[-1]}
	[[ $at != --*=* ]] || at=${at#*=}
	[[ $at == *:* && $COMP_WORDBREAKS == *:* ]] || at=:
	for offer in "${offers[@]:1}"; do
		offer=${offer%%$'\t'*}
		COMPREPLY+=("${offer#"${at%:*}:"}")	# readline leaves what is before the last colon as it is
	done
}

complete -F _vnetmgr vnetmgr
