#!/bin/sh
# soak.sh ROUNDS: the long rounds, that is every test with `kill` or `soak` in
# its path; each prints how many rounds it ran. `make soak` runs 200 on a
# release build, `make test` 20 on the debug build that it has made.
set -eu
cd "$(dirname "$0")/.."

rounds=${1:-200}
profile=
[ "$rounds" -lt 100 ] || profile=--release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "==> soak: $rounds rounds"
# The exit code goes through a file: a POSIX shell sees only the last of a pipe.
# shellcheck disable=SC2086
{
    CODECONTEXT_SOAK_ROUNDS=$rounds cargo test --workspace --locked $profile \
        -- kill soak --nocapture --test-threads 1 2>&1 && echo 0 >"$work/status" || echo 1 >"$work/status"
} | tee "$work/log"
[ "$(cat "$work/status")" = 0 ] || exit 1
if ! grep -qE '[0-9]+ rounds' "$work/log"; then
    echo "no test printed its count of rounds: the long rounds did not run" >&2
    exit 1
fi
echo "==> rounds that ran:"
grep -oE '[^.]*[0-9]+ rounds.*' "$work/log"
