# bash completion for teahouse-box-office(1)               -*- shell-script -*-
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

_teahouse_box_office() {
    local cur prev words cword split
    _init_completion -s -n : || return

    case $prev in
        --tickets | --windows | --seconds-per-sale) return ;;
        --room)
            _known_hosts_real -- "$cur"
            return
            ;;
    esac
    $split && return

    COMPREPLY=($(compgen -W '--tickets= --windows= --seconds-per-sale= --room= --version
        --help' -- "$cur"))
    [[ ${COMPREPLY-} != *= ]] || compopt -o nospace
} && complete -F _teahouse_box_office teahouse-box-office
