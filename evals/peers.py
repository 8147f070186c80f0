"""Peers: other indexers on the same tree in the same run, those of them that
are installed. None of them is installed by this script.
"""

import json
import os
import pathlib
import shutil
import tempfile

import harness
from index_speed import bare_parse, django
from measurements import page_for, record

# Name → the command that indexes the current folder from nothing.
PEERS = {
    "codegraph": ["codegraph", "init", "--yes"],
    "gitnexus": ["gitnexus", "analyze", "--skip-git"],
}


def main():
    parser = harness.options(__doc__)
    parser.add_argument("--tree", type=pathlib.Path, help="the files to index (default: Django 5.2's package)")
    arguments = parser.parse_args()
    tree = harness.folder(arguments.tree or django(), "--tree")
    with harness.fresh_state() as state:
        subject = harness.Program(arguments.program, tree, state, daemon=False)
        ours = subject.run("index", "--json")
    bare = bare_parse(tree, json.loads(ours.stdout)["skipped"])
    rows = [cost("bare parse and walk", bare, bare), cost("codecontext", ours, bare)]
    for name, command in PEERS.items():
        if shutil.which(command[0]) is None:
            rows.append([name, "not installed", "", "", ""])
            continue
        with tempfile.TemporaryDirectory() as work:
            copy = pathlib.Path(work, tree.name)
            shutil.copytree(tree, copy)
            environment = {**os.environ, "DO_NOT_TRACK": "1", "CI": "1"}
            rows.append(cost(name, harness.run(command, cwd=copy, env=environment), bare))
    record(
        "peers",
        f"Peers: index of `{tree.name}`",
        ["Program", "CPU s", "× bare parse", "Wall s", "Peak RSS, MB"],
        rows,
        ["One run each, from nothing; peak RSS is that of the largest of a program's processes."],
        page_for(arguments),
    )


def cost(name, outcome, bare):
    peak = f"{outcome.peak_rss_bytes / 1e6:.0f}"
    return [name, outcome.cpu_s, outcome.cpu_s / bare.cpu_s, outcome.wall_s, peak]


if __name__ == "__main__":
    harness.main(main)
