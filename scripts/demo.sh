#!/bin/sh
# demo.sh [PROJECT]: the main job on Django's sources, or on PROJECT. Everything
# it prints after a command is what that command computed. State lives in a
# throw-away folder.
set -eu
cd "$(dirname "$0")/.."

scripts/needs.sh cargo cc git python3
echo "Building CodeContext (only the first build takes long)."
cargo build --release --locked --package codecontext
program=${CARGO_TARGET_DIR:-target}/release/codecontext

if [ -n "${1:-}" ]; then
    project=$1
    report=
else
    # Outside this checkout, whose git history and ignore rules are not Django's.
    cache=${XDG_CACHE_HOME:-$HOME/.cache}/codecontext-demo
    echo "Fetching Django 5.2's sources from the package index into $cache."
    project=$(python3 scripts/fetch_sdist.py Django 5.2 "$cache")
    report='After upgrading, the wordwrap template filter no longer preserves empty lines between paragraphs: blank lines disappear when long text is wrapped.'
fi
project=$(cd "$project" && pwd)

work=$(mktemp -d)
CODECONTEXT_DATA_DIR=$work/state
export CODECONTEXT_DATA_DIR
leave() {
    "$program" daemon stop --quiet >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap leave EXIT
trap 'exit 130' INT TERM

# Prints a command as a user would type it, runs it, and shows at most the first
# 18 lines of what it prints.
show() {
    printf '\n$ codecontext'
    for word in "$@"; do
        case "$word" in
            *[!A-Za-z0-9_./:-]*) printf " '%s'" "$word" ;;
            *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
    "$program" --project "$project" "$@" >"$work/shown"
    head -n 18 "$work/shown"
    lines=$(wc -l <"$work/shown")
    [ "$lines" -le 18 ] || echo "… $((lines - 18)) more lines"
}

# Says in plain words what the next command is for.
step() {
    printf '\n\n# %s' "$1"
}

printf '\nThe project: %s\n' "$project"
step "Read the project. This is done once; a daemon keeps it up to date from then on."
show index
step "What is in it, most central first, for a reader with little room?"
show map --tokens 700

"$program" --project "$project" graph export --format jsonl --edges calls >"$work/edges"
if [ -z "$report" ]; then
    symbol=$(python3 scripts/demo_subject.py central "$work/edges")
    "$program" --project "$project" symbol "$symbol" --json >"$work/symbol"
    report=$(python3 scripts/demo_subject.py report "$work/symbol")
fi
step "Where does a bug report belong?"
show locate "$report" --limit 5
if [ -z "${symbol:-}" ]; then
    "$program" --project "$project" locate "$report" --limit 5 --json >"$work/located"
    symbol=$(python3 scripts/demo_subject.py located "$work/edges" "$work/located")
fi

step "What is that, what does it call, and who calls it?"
show symbol "$symbol"
show callees "$symbol"
show callers "$symbol"
step "What would a change to it touch, and which tests should run?"
show impact "$symbol"

callers=$("$program" --project "$project" callers "$symbol" --json |
    python3 -c 'import json, sys; print(len({str(edge["from"]) for edge in json.load(sys.stdin)["edges"]}))')
step "Decide something, and find it again in other words."
show remember "Keep the signature of $symbol as it is: $callers callers rely on it." \
    --kind decision --about "$symbol"
show recall "may I change the parameters of ${symbol##*[.:]}?"
step "Ask as an assistant does, over MCP: it sees the same, and what was decided."
printf '\n$ codecontext mcp\n'
python3 -B scripts/demo_assistant.py "$program" "$project" "$report" "$symbol"
step "What would connect Claude Code and Codex here? (Nothing is written.)"
show init --dry-run --assistant claude codex
step "How does it stand, and what does it take?"
show status
show daemon stop
