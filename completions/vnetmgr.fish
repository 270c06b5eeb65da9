# SPDX-License-Identifier: GPL-2.0-or-later
# fish completion for vnetmgr(8): "vnetmgr __complete" says what may follow.

function __vnetmgr_complete
    set -l typed (commandline -opc)
    set -l at (commandline -ct)
    set -l offers ($typed[1] __complete -- $typed $at 2>/dev/null)
    # The value of --option=value is offered with what is before it.
    set -l option (string match -r -- '^--[^=]*=' $at; or echo)
    switch "$offers[1]"
        case files
            printf '%s\n' $option(__fish_complete_path (string replace -r -- '^--[^=]*=' '' $at))
        case programs
            __fish_complete_command
        case words
            test (count $offers) -eq 1; or printf '%s\n' $option$offers[2..]
    end
end

complete -c vnetmgr -f -a '(__vnetmgr_complete)'
