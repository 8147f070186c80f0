#!/bin/sh
# soak.sh ROUNDS: the long rounds, that is every test whose name starts with
# `soak_`; each prints how many rounds it ran. `make soak` runs 200 on a release
# build, `make test` 20 on the debug build that it has made.
set -eu
cd "$(dirname "$0")/.."

rounds=${1:-200}
profile=
[ "$rounds" -lt 100 ] || profile=--release
log=$(mktemp)
trap 'rm -f "$log"' EXIT

echo "==> soak: $rounds rounds"
# A pipe would hide cargo's exit code from a POSIX shell, hence the file.
status=0
# shellcheck disable=SC2086
CODECONTEXT_SOAK_ROUNDS=$rounds cargo test --workspace --locked $profile -- soak_ --nocapture --test-threads 1 \
    >"$log" 2>&1 || status=$?
if [ "$status" != 0 ]; then
    cat "$log"
    exit "$status"
fi
if ! grep -E '[0-9]+ rounds' "$log"; then
    echo "no test printed its count of rounds: the long rounds did not run" >&2
    exit 1
fi
