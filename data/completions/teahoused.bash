# bash completion for teahoused(8)                         -*- shell-script -*-
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

_teahoused() {
    local cur prev words cword split
    _init_completion -s || return

    case $prev in
        --address)
            COMPREPLY=($(compgen -W ':: 0.0.0.0 ::1 127.0.0.1' -- "$cur"))
            __ltrim_colon_completions "$cur"
            return ;;
        --classic) COMPREPLY=($(compgen -W 'local anyone off' -- "$cur")); return ;;
        --classic-accept) COMPREPLY=($(compgen -W 'Y OK' -- "$cur")); return ;;
        --rooms) COMPREPLY=($(compgen -W 'operators members off' -- "$cur")); return ;;
        --pairs) COMPREPLY=($(compgen -W 'on off' -- "$cur")); return ;;
        --operators) return ;;
        --metrics) COMPREPLY=($(compgen -W 'off' -- "$cur")); return ;;
        --log-addresses) COMPREPLY=($(compgen -W 'short full' -- "$cur")); return ;;
        room)
            COMPREPLY=($(compgen -W 'list make rename archive erase export import' -- "$cur"))
            return ;;
        --config) _filedir conf; return ;;
        --data-dir) _filedir -d; return ;;
        --password-file) _filedir; return ;;
        --port | --grace | --retain-days | --retain-events | --name-lifetime | \
            --messages-per-second | --bytes-per-second | --max-clients | --max-people | \
            --handshakes-per-second | --idle-timeout | --edit-hours | --newcomers | \
            --classic-places | --classic-joins | --classic-bytes)
            return ;;
    esac
    $split && return

    COMPREPLY=($(compgen -W '--address= --port= --data-dir= --password-file= --grace=
        --retain-days= --retain-events= --name-lifetime= --idle-timeout= --classic=
        --classic-accept= --classic-places= --classic-joins= --classic-bytes= --rooms= --pairs= --edit-hours= --newcomers= --operators=
        --metrics= --log-addresses=
        --messages-per-second= --bytes-per-second= --max-clients= --handshakes-per-second=
        --max-people= --config=
        --check-config --hash-password --version --help' \
        -- "$cur"))
    [[ $cur == -* ]] || COMPREPLY=($(compgen -W 'room' -- "$cur"))
    [[ ${COMPREPLY-} != *= ]] || compopt -o nospace
} && complete -F _teahoused teahoused
