"""Index speed: the CPU seconds of a cold index against those of a bare parse
and walk of the same files, in pairs, and what an index of unchanged files costs.
"""

import json
import os
import pathlib
import tempfile

import harness
from measurements import median, page_for, record


def main():
    parser = harness.options(__doc__)
    parser.add_argument("--tree", type=pathlib.Path, help="the files to index (default: Django 5.2's package)")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    tree = harness.folder(arguments.tree or django(), "--tree")

    bare, cold, again = [], [], []
    for _ in range(arguments.runs):
        with harness.fresh_state() as state:
            subject = harness.Program(arguments.program, tree, state, daemon=False)
            cold.append(subject.run("index", "--json"))
            again.append(subject.run("index", "--json"))
        indexed = json.loads(cold[-1].stdout)
        bare.append(bare_parse(tree, indexed["skipped"]))

    parsed = json.loads(bare[0].stdout)
    ratio = median([index.cpu_s / parse.cpu_s for index, parse in zip(cold, bare)])
    rows = [
        cost("bare parse and walk", bare, parsed),
        cost("index, cold", cold, indexed),
        cost("index, nothing changed", again, json.loads(again[0].stdout)),
    ]
    record(
        "index-speed",
        f"Index speed: `{tree.name}`",
        ["What", "Files", "Lines", "CPU s", "Wall s", "Peak RSS, MB"],
        rows,
        [
            f"Cold index to bare parse: {ratio:.2f} × the CPU (median of {arguments.runs} pairs). "
            f"{indexed['symbols']:,} symbols, {indexed['references']:,} references, "
            f"edges {indexed['edges']}. The index is persisted and searchable when it ends."
        ],
        page_for(arguments),
    )


def cost(name, outcomes, counted):
    return [
        name,
        counted["files"],
        counted["lines"],
        median([outcome.cpu_s for outcome in outcomes]),
        median([outcome.wall_s for outcome in outcomes]),
        f"{max(outcome.peak_rss_bytes for outcome in outcomes) / 1e6:.0f}",
    ]


def bare_parse(tree, skipped=()):
    """What the least possible indexer costs on the same files."""
    program = os.environ.get("CODECONTEXT_EVAL_BARE_PARSE", "bare_parse")
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.writelines(f"{left_out['path'].rstrip('/')}\n" for left_out in skipped)
        file.flush()
        return harness.run([program, tree, file.name])


def django():
    """The `django` package of the Django 5.2 source archive, fetched once."""
    cache = pathlib.Path(tempfile.gettempdir(), "codecontext-evals")
    fetch = harness.ROOT / "scripts" / "fetch_sdist.py"
    unpacked = harness.run(["python3", fetch, "Django", "5.2", cache]).stdout.strip()
    return pathlib.Path(unpacked, "django")


if __name__ == "__main__":
    harness.main(main)
