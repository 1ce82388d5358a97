#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes stand-ins for the org.gnome.Platform and org.gnome.Sdk runtimes from Debian
# packages, to build and try a manifest where Flathub cannot be reached, and to build and
# test against newer libraries than the host's.
#
#   local-runtime.sh runtime     fetch, unpack and configure the packages, and install the
#                                runtimes into a flatpak installation of their own
#   local-runtime.sh env         print the variable that selects that installation:
#                                eval "$(flatpak/local-runtime.sh env)"
#   local-runtime.sh tree        only fetch, unpack and configure the packages
#   local-runtime.sh exec COMMAND [ARGUMENT...]
#                                run a command in that tree and the current folder
#   local-runtime.sh clean       remove all of it
#
# Settings (environment):
#   SUITE    trixie (GTK 4.18, libadwaita 1.7) or forky (GTK 4.24, libadwaita 1.10)
#   WORK     the folder for all of it
#   MIRROR   a Debian mirror; usually the one that apt uses
#   BRANCH   the branch that the runtimes get; usually the manifests'
#
# It needs flatpak, ostree, bubblewrap, and Debian's apt and dpkg-deb, but neither root nor
# a system bus. The first run takes about two minutes, 350 MB of packages and 2 GB of
# disk; a further one ends at once as long as the recipe is the same. The stand-ins have
# neither GL drivers, so GTK draws with cairo, nor portals, nor GTK's translations, and
# know English, German and Chinese.

set -euo pipefail

SUITE=${SUITE:-trixie}
BRANCH=${BRANCH:-50}
ARCH=x86_64
WORK=${WORK:-${XDG_CACHE_HOME:-$HOME/.cache}/teahouse-runtime/$SUITE}

export FLATPAK_USER_DIR=$WORK/flatpak

tree=$WORK/tree
repo=$WORK/repo
debs=$WORK/debs

packages=(
    # No package comes by itself for being essential.
    base-files bash binutils bzip2 coreutils dash debianutils diffutils findutils gcc grep
    gzip hostname libc-bin libc6 libc6-dev make mawk patch sed tar xz-utils

    # What Teahouse takes from the Sdk and the Platform.
    adwaita-icon-theme appstream appstream-compose ca-certificates desktop-file-utils
    fontconfig fonts-cantarell gettext glib-networking gsettings-desktop-schemas
    hicolor-icon-theme libadwaita-1-dev libcrypt-dev libglib2.0-bin libgnutls28-dev
    libgtk-4-bin libgtk-4-dev libjson-glib-dev libreadline-dev librsvg2-common
    libsqlite3-dev libxml2-utils meson ncurses-base ninja-build pkgconf python3
    shared-mime-info

    # What the tests need besides; the real Sdk lacks some of it.
    at-spi2-core dbus dbus-daemon gir1.2-atspi-2.0 locales openbox procps python3-gi xauth
    xdotool xvfb
)

# Mesa's drivers and documents are most of what nothing here needs.
left_out=(
    './usr/include/vulkan/?*' './usr/lib/*/lib[atl]san.so*' './usr/lib/*/libhwasan.so*'
    './usr/lib/*/libubsan.so*' './usr/lib/gcc/*/lib[alt]san*' './usr/lib/systemd/?*'
    './usr/lib/udev/?*' './usr/libexec/gcc/*/lto1' './usr/share/bug' './usr/share/doc/?*'
    './usr/share/gir-1.0/?*' './usr/share/gtk-doc/?*' './usr/share/info/?*'
    './usr/share/lintian' './usr/share/locale/?*' './usr/share/man/?*'
    './usr/share/vulkan/?*' './var/cache/?*' './var/lib/?*' '*/libLLVM*.so*'
    '*/libgallium*.so'
)

say() {
    printf '%4d s  %s\n' "$SECONDS" "$*"
}

size() {
    du -sm "$@" 2>/dev/null | awk '{ sum += $1 } END { print sum " MB" }'
}

# Runs a program in the tree, which it may change.
in_tree() {
    bwrap --bind "$tree" / --dev /dev --proc /proc --tmpfs /tmp --unshare-pid \
        --setenv PATH /usr/bin --setenv HOME /root "$@"
}

# By an apt of its own, all of whose state is below the work folder.
fetch_packages() {
    local keyring=/usr/share/keyrings/debian-archive-keyring.gpg apt

    # apt replaces the variable.
    # shellcheck disable=SC2016
    MIRROR=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
        | grep -m 1 '/debian/*$' || echo https://deb.debian.org/debian)}

    mkdir -p "$debs"/{etc/apt.conf.d,etc/preferences.d,state/lists/partial,cache/archives/partial}
    : >"$debs/state/status"
    : >"$debs/etc/apt.conf"
    echo "deb [arch=amd64 signed-by=$keyring] $MIRROR $SUITE main" >"$debs/etc/sources.list"
    apt=(
        apt-get -qq -o Dir::Etc="$debs/etc" -o Dir::State="$debs/state"
        -o Dir::Cache="$debs/cache" -o Dir::State::status="$debs/state/status"
        -o APT::Architecture=amd64 -o APT::Architectures=amd64
        -o APT::Install-Recommends=false -o APT::Sandbox::User=root
        -o Acquire::Languages=none -o Debug::NoLocking=1 -o APT::Get::List-Cleanup=false
    )

    "${apt[@]}" update
    "${apt[@]}" install --yes --download-only "${packages[@]}"
    # "Inst name (version suite [architecture])", and a colon is %3a in a file's name.
    "${apt[@]}" install --simulate "${packages[@]}" | tr -d '[]()' \
        | awk '/^Inst/ { gsub(":", "%3a", $3); print $2 "_" $3 "_" $NF ".deb" }' >"$debs/wanted"
    say "fetched $(wc -l <"$debs/wanted") packages, $(size "$debs/cache/archives")"
}

# Unpacks two packages at a time, and runs none of their scripts.
unpack() {
    local exclude=() pattern

    rm -rf "$tree"
    mkdir -p "$tree"/usr/{bin,lib,sbin} "$tree"/{dev,etc,proc,root,run,tmp,var}
    # Meson would take a real /usr/lib64 as a hint to install there.
    ln -s lib "$tree/usr/lib64"
    for pattern in bin lib lib64 sbin; do
        ln -s "usr/$pattern" "$tree/$pattern"
        exclude+=("--exclude=./$pattern")
    done
    for pattern in "${left_out[@]}"; do
        exclude+=("--exclude=$pattern")
    done

    # The script in quotes is for the shell inside.
    # shellcheck disable=SC2016
    (cd "$debs/cache/archives" && xargs ls -S <"$debs/wanted") \
        | (cd "$debs/cache/archives" && xargs -P "$(nproc)" -n 8 bash -c '
            tree=$1 n=$2
            exclude=("${@:3:n}")
            shift $((n + 2))
            for package; do
                dpkg-deb --fsys-tarfile "$package" | tar -x -C "$tree" --no-same-owner \
                    --keep-directory-symlink "${exclude[@]}" || exit 255
            done' _ "$tree" "${#exclude[@]}" "${exclude[@]}")
    say "unpacked $(size "$tree")"
}

# Debian builds AppStream's compose command under another name than flatpak-builder
# before 1.4 calls, and the newer ones read no share/appdata.
write_appstream_compose() {
    cat >"$tree/usr/bin/appstream-compose" <<'EOF'
#!/bin/sh
for argument; do
    case $argument in
        --prefix=*) prefix=${argument#*=} ;;
        -*) ;;
        *) id=$argument ;;
    esac
done
old=$prefix/share/appdata/$id.appdata.xml
new=$prefix/share/metainfo/$id.metainfo.xml
copied=
if [ ! -e "$new" ]; then
    mkdir -p "${new%/*}"
    cp "$old" "$new"
    copied=yes
fi
appstreamcli compose --no-color --prefix=/ --origin="$id" --result-root="$prefix" \
    --data-dir="$prefix/share/app-info/xmls" \
    --icons-dir="$prefix/share/app-info/icons/flatpak" --components="$id" "$prefix"
status=$?
[ -z "$copied" ] || rm "$new"
exit $status
EOF
    chmod +x "$tree/usr/bin/appstream-compose"
}

# Does what the packages' scripts would have done, as far as it matters here.
configure() {
    local usr=$tree/usr etc=$tree/etc

    # A runtime's PATH is /app/bin:/usr/bin.
    find "$usr/sbin" -mindepth 1 -maxdepth 1 -exec mv -n -t "$usr/bin" {} +
    rm -rf "$usr/sbin"
    ln -s bin "$usr/sbin"
    ln -sfn gcc "$usr/bin/cc"
    ln -sfn mawk "$usr/bin/awk"
    ln -sfn dash "$usr/bin/sh"
    ln -sfn which.debianutils "$usr/bin/which"
    write_appstream_compose

    # Flatpak puts its own in place of an empty one, which finds /app/lib.
    : >"$etc/ld.so.conf"
    : >"$etc/ld.so.cache"
    echo 'root:x:0:0::/root:/bin/sh' >"$etc/passwd"
    echo 'root:x:0:' >"$etc/group"
    printf '%s: files\n' passwd group services protocols >"$etc/nsswitch.conf"
    echo 'hosts: files dns' >>"$etc/nsswitch.conf"

    # The host's fonts, as in the real runtime.
    mkdir -p "$etc/fonts/conf.d"
    cat >"$etc/fonts/conf.d/50-flatpak.conf" <<'EOF'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/run/host/fonts</dir>
</fontconfig>
EOF

    mkdir -p "$etc/flatpak-builder" "$etc/ssl/certs"
    echo '{ "cflags": "-O2 -g -pipe -fstack-protector-strong", "ldflags": "-Wl,-z,relro,-z,now" }' \
        >"$etc/flatpak-builder/defaults.json"
    find "$usr/share/ca-certificates" -name '*.crt' -exec cat {} + \
        >"$etc/ssl/certs/ca-certificates.crt"

    in_tree /bin/sh -eu <<'EOF'
lib=/usr/lib/x86_64-linux-gnu
ldconfig
glib-compile-schemas /usr/share/glib-2.0/schemas
$lib/glib-2.0/gio-querymodules $lib/gio/modules
[ ! -x $lib/gdk-pixbuf-2.0/gdk-pixbuf-query-loaders ] \
    || $lib/gdk-pixbuf-2.0/gdk-pixbuf-query-loaders --update-cache
update-mime-database /usr/share/mime
for theme in /usr/share/icons/*/index.theme; do
    gtk-update-icon-cache -q -f "${theme%/*}" || true
done
for locale in de_DE en_US zh_CN; do
    localedef --no-archive -i $locale -f UTF-8 /usr/lib/locale/$locale.UTF-8
done
EOF

    # A runtime's /etc is its usr/etc, and has nothing about a machine in it.
    rm -rf "${usr:?}"/{etc,games,local,src}
    mv "$etc" "$usr/etc"
    ln -s usr/etc "$etc"
    rm -f "$usr"/etc/{hostname,hosts,localtime,machine-id,mtab,resolv.conf,shadow,timezone}
    chmod -R u+rwX "$usr"
    say "configured $(size "$usr")"
}

# What a stand-in follows from; if it is the same, so is the stand-in.
recipe() {
    printf '%s\n' "$SUITE" "$BRANCH" "${packages[@]}" "${left_out[@]}" \
        "$(declare -f unpack configure write_appstream_compose)" | sha256sum
}

tree() {
    if [[ -e $WORK/tree.recipe && $(<"$WORK/tree.recipe") == "$(recipe)" ]]; then
        say "the tree of $SUITE is there"
        return
    fi
    rm -f "$WORK/tree.recipe"
    fetch_packages
    unpack
    configure
    recipe >"$WORK/tree.recipe"
}

write_metadata() {
    cat <<EOF
[Runtime]
name=org.gnome.$1
runtime=org.gnome.Platform/$ARCH/$BRANCH
sdk=org.gnome.Sdk/$ARCH/$BRANCH

[Environment]
GI_TYPELIB_PATH=/app/lib/girepository-1.0
XDG_CONFIG_DIRS=/app/etc/xdg:/etc/xdg
EOF
}

# The Platform and the Sdk are the same tree, with other metadata.
runtime() {
    local name

    if [[ -e $WORK/runtime.recipe && $(<"$WORK/runtime.recipe") == "$(recipe)" ]]; then
        say "the runtimes of $SUITE are there"
        return
    fi
    rm -f "$WORK/runtime.recipe"
    tree

    [[ -e $repo/config ]] || ostree init --repo="$repo" --mode=bare-user-only
    ostree --repo="$repo" config set core.fsync false
    mkdir -p "$tree/files"
    write_metadata Platform >"$tree/metadata"
    flatpak build-export --runtime --arch="$ARCH" --no-update-summary "$repo" "$tree" "$BRANCH" \
        >/dev/null
    mkdir -p "$WORK/sdk"
    # Both places have to say the same, to the last byte.
    printf %s "$(write_metadata Sdk)" >"$WORK/sdk/metadata"
    ostree commit --repo="$repo" --branch="runtime/org.gnome.Sdk/$ARCH/$BRANCH" \
        --tree="ref=runtime/org.gnome.Platform/$ARCH/$BRANCH" --tree="dir=$WORK/sdk" \
        --add-metadata-string="xa.metadata=$(write_metadata Sdk)" >/dev/null
    flatpak build-update-repo --no-update-appstream --prune --prune-depth=0 "$repo" >/dev/null
    say "made a repository of $(size "$repo")"

    flatpak --user remote-add --if-not-exists --no-gpg-verify local "$repo"
    ostree --repo="$FLATPAK_USER_DIR/repo" config set core.fsync false
    for name in Platform Sdk; do
        flatpak --user install --noninteractive --reinstall local \
            "runtime/org.gnome.$name/$ARCH/$BRANCH"
    done
    recipe >"$WORK/runtime.recipe"
    say "installed, all in all $(size "$WORK")"
}

# Sees the tree, the current folder and the host's fonts, and has no network but loopback:
# X servers meet in the network's namespace, too.
run_in_tree() {
    local file binds=()

    tree >&2
    for file in "$tree"/usr/etc/*; do
        if [[ -L $file ]]; then
            binds+=(--symlink "$(readlink "$file")" "/etc/${file##*/}")
        else
            binds+=(--ro-bind "$file" "/etc/${file##*/}")
        fi
    done
    exec bwrap --unshare-net --unshare-pid --die-with-parent --clearenv --dev /dev --proc /proc \
        --tmpfs /tmp --tmpfs /run --tmpfs /var --dir /root --ro-bind "$tree/usr" /usr \
        --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib /lib64 \
        --symlink usr/bin /sbin "${binds[@]}" --ro-bind-try /etc/hosts /etc/hosts \
        --ro-bind-try /etc/machine-id /etc/machine-id \
        --ro-bind-try /usr/share/fonts /run/host/fonts --bind "$PWD" "$PWD" --chdir "$PWD" \
        --setenv PATH /usr/bin --setenv HOME /root --setenv LC_ALL C.UTF-8 \
        ${CI:+--setenv CI "$CI"} -- "$@"
}

verb=${1:-}
[[ $# -eq 0 ]] || shift
case $verb in
    runtime | tree)
        mkdir -p "$WORK"
        "$verb"
        ;;
    exec)
        mkdir -p "$WORK"
        run_in_tree "$@"
        ;;
    env) echo "export FLATPAK_USER_DIR='$FLATPAK_USER_DIR'" ;;
    clean) rm -rf "$WORK" ;;
    *)
        sed -n '5,/^$/s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac
