#!/bin/sh
# fresh_root.sh - run_all.sh in a new Debian root, where nothing else is installed.
# SPDX-License-Identifier: MIT
#
# Usage: fresh_root.sh RELEASE [OPTION]..., for example: fresh_root.sh trixie --quick. Runs
# what is committed; needs root, debootstrap and git. The packages come from where the apt
# of this machine, a Debian itself, has its own from.
set -eu

release=$1
shift
project=$(realpath "$(dirname "$0")/../..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
root=$work/root

# This machine's sources and how it reaches them, said of the other release.
sources() {
    this=$(sed -n 's|^VERSION_CODENAME=||p' /etc/os-release)
    # shellcheck disable=SC2016 # apt's own variables
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        sed -n "s|^\(deb [^ ]* \)$this|\1$release|p" | sort -u
}

# Packages that bring a service do not start it, as in a container.
set_up() {
    sources >"$work/sources"
    mirror=$(sed -n "s|^deb \([^ ]*\) $release main|\1|p" "$work/sources")
    debootstrap --variant=minbase "$release" "$root" "$mirror"
    cp "$work/sources" "$root/etc/apt/sources.list"
    apt-config dump Acquire >"$root/etc/apt/apt.conf.d/90host"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod +x "$root/usr/sbin/policy-rc.d"
    git clone --quiet "$project" "$root/abacus"
}

# The mounts are those of a container, and go with the namespace: there is nothing to unmount.
# shellcheck disable=SC2016 # expanded inside
inside='
    root=$1 && shift
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    exec chroot "$root" "$@"'

echo "$release: making a new root"
set_up >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2 && exit 1; }
status=0
unshare --mount sh -euc "$inside" sh "$root" env -i HOME=/root \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    ${http_proxy:+http_proxy="$http_proxy"} /abacus/run_all.sh "$@" || status=$?
[ "$status" -eq 0 ] && result=passed || result="FAILED, exit status $status"
echo "$release: run_all.sh $* $result"
exit "$status"
