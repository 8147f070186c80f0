#!/bin/sh
# test.sh: every check and test of the project, the long rounds reduced.
set -eu
cd "$(dirname "$0")/.."

began=$(date +%s)
step() {
    echo "==> $*"
    "$@"
}

scripts/needs.sh cargo cc git python3 pip3 node npm
step cargo fmt --all --check
step cargo xtask tidy
if command -v cargo-deny >/dev/null 2>&1; then
    step cargo deny check --allow unused-wrapper bans licenses sources
else
    echo "==> cargo deny: SKIPPED, not installed; tidy has held the arrows between our own crates"
fi
step cargo clippy --workspace --all-targets --locked -- -D warnings
# The long rounds run by themselves below, so that their counts are seen.
step cargo test --workspace --locked -- --skip kill --skip soak
step cargo xtask docs --check
for folder in evals scripts; do
    step python3 -B -m unittest discover --quiet --start-directory "$folder" --pattern 'test_*.py'
done
step python3 -B packaging/test_plugin.py
step python3 -B packaging/test_packages.py
step scripts/soak.sh 20

echo "all checks and tests passed in $(($(date +%s) - began)) s"
