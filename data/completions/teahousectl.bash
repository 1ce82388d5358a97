# bash completion for teahousectl(8)                       -*- shell-script -*-
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

_teahousectl() {
    local cur prev words cword split
    _init_completion -s || return

    case $prev in
        --data-dir) _filedir -d; return ;;
        --for) COMPREPLY=($(compgen -W '10m 1h 1d 7d' -- "$cur")); return ;;
        --room) return ;;
    esac
    $split && return

    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W '--data-dir= --room= --for= --network --erase --closed --json --version
            --help' -- "$cur"))
    elif [[ $prev == @(backup|verify|restore) ]]; then
        _filedir -d
        return
    elif [[ ${words[cword - 2]} == role ]]; then
        COMPREPLY=($(compgen -W 'member moderator owner' -- "$cur"))
    else
        COMPREPLY=($(compgen -W 'status rooms members sessions say send-out ban unban mute unmute slow role topic name-house make-room rename-room archive-room unarchive-room room-password invite link remove erase-room forget log backup verify restore export-room import-room reindex reserve free transfer revoke settings limits reload drain stop' -- "$cur"))
    fi
    [[ ${COMPREPLY-} != *= ]] || compopt -o nospace
} && complete -F _teahousectl teahousectl
