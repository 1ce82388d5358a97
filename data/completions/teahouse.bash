# bash completion for teahouse(1)                          -*- shell-script -*-
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

_teahouse() {
    local cur prev words cword split
    _init_completion -s || return

    case $prev in
        -n | --nick) return ;;
    esac
    $split && return

    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W '-n --nick= --host --version --help --help-all' -- "$cur"))
        [[ ${COMPREPLY-} != *= ]] || compopt -o nospace
    else
        _known_hosts_real -- "$cur"
    fi
} && complete -F _teahouse teahouse
