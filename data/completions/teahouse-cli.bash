# bash completion for teahouse-cli(1)                      -*- shell-script -*-
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The servers whose keys are known; their ports are behind a colon.
_teahouse_cli_servers() {
    COMPREPLY=($(compgen -W "$(teahouse-cli servers 2>/dev/null | cut -d ' ' -f 1)" -- "$cur"))
    __ltrim_colon_completions "$cur"
}

_teahouse_cli() {
    local cur prev words cword split
    _init_completion -s -n : || return

    case $prev in
        -n | --nick | --since | --timeout | --room) return ;;
        --password-file | --identity)
            _filedir
            return
            ;;
    esac
    $split && return

    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W '-n --nick= --password-file= --since= --timeout= --classic
            --identity= --room= --json --version --help' -- "$cur"))
        [[ ${COMPREPLY-} != *= ]] || compopt -o nospace
    elif [[ $prev == forget ]]; then
        _teahouse_cli_servers
    else
        [[ $cword -gt 1 ]] || COMPREPLY=($(compgen -W 'say rooms servers forget' -- "$cur"))
        _known_hosts_real -- "$cur"
    fi
} && complete -F _teahouse_cli teahouse-cli
