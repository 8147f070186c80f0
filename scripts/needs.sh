#!/bin/sh
# needs.sh TOOL...: makes sure that the tools are there, installing what a fresh
# Debian machine lacks; says what is missing where it cannot.
set -eu

missing=
for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
done
case " $* " in
    *" cargo "*)
        for part in rustfmt clippy; do
            case "$part" in rustfmt) tool=cargo-fmt ;; *) tool=cargo-clippy ;; esac
            if command -v cargo >/dev/null 2>&1 && ! command -v "$tool" >/dev/null 2>&1; then
                command -v rustup >/dev/null 2>&1 && rustup component add "$part" || missing="$missing $tool"
            fi
        done
        ;;
esac
[ -n "$missing" ] || exit 0

case "$missing" in
    *cargo*)
        echo "missing:$missing. Rust comes from https://rustup.rs (1.95 or newer, with rustfmt and clippy)." >&2
        exit 1
        ;;
esac
packages=
for tool in $missing; do
    case "$tool" in
        cc) packages="$packages build-essential" ;;
        node) packages="$packages nodejs" ;;
        pip3) packages="$packages python3-pip python3-venv" ;;
        *) packages="$packages $tool" ;;
    esac
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "installing:$packages"
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y $packages
else
    echo "missing:$missing. Install with your system's packages, on Debian: sudo apt-get install$packages" >&2
    exit 1
fi
