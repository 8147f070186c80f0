"""Large tree: checkouts copied side by side until they hold two million lines;
the CPU per line of their index against that of one small tree, and the memory
that the daemon keeps for them.
"""

import json
import os
import pathlib
import shutil
import tempfile
import time

import harness
from index_speed import bare_parse, django
from measurements import page_for, record

ENDINGS = {".py", ".pyi", ".js", ".jsx", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".go", ".rs", ".java"}


def main():
    parser = harness.options(__doc__, repos=True)
    parser.add_argument("--lines", type=int, default=2_000_000)
    arguments = parser.parse_args()
    repos = harness.folder(arguments.repos, "--repos")
    small = django()
    with tempfile.TemporaryDirectory() as work:
        tree = pathlib.Path(work, "tree")
        copies = copy_until(repos, tree, arguments.lines)
        rows = [measure(arguments.program, small), measure(arguments.program, tree)]
        settled = resident_after(arguments.program, tree)
    per_line = [row[3] / row[2] for row in rows]
    record(
        "large-tree",
        "Large tree",
        ["Tree", "Files", "Lines", "CPU s", "Bare parse, CPU s", "Wall s", "Peak RSS, MB"],
        rows,
        [f"{copies} copies of checkouts. CPU per line {per_line[1] / per_line[0]:.2f} × that of "
         f"`{small.name}`. Afterwards the daemon's RssAnon is {settled / 1e6:.0f} MB."],  # fmt: skip
        page_for(arguments),
    )


def copy_until(repos, tree, wanted):
    """Copies sources round by round until there are enough lines; how many copies."""
    sources = [(repo.name, path, repo) for repo in sorted(repos.iterdir()) for path in sorted(repo.rglob("*"))
               if path.suffix in ENDINGS and path.is_file() and not path.is_symlink()]  # fmt: skip
    if not sources:
        raise harness.Unusable(f"--repos holds no sources: {repos}")
    lines, copies, number = 0, 0, 0
    while lines < wanted:
        repo_before = None
        for name, path, repo in sources:
            if name != repo_before:
                repo_before, copies = name, copies + 1
            target = tree / f"{name}-{number}" / path.relative_to(repo)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            lines += target.read_bytes().count(b"\n")
            if lines >= wanted:
                break
        number += 1
    return copies


def measure(program, tree):
    with harness.fresh_state() as state:
        outcome = harness.Program(program, tree, state, daemon=False).run("index", "--json")
    report = json.loads(outcome.stdout)
    bare = bare_parse(tree, report["skipped"])
    return [
        tree.name, report["files"], report["lines"], outcome.cpu_s, bare.cpu_s, outcome.wall_s,
        f"{outcome.peak_rss_bytes / 1e6:.0f}",
    ]  # fmt: skip


def resident_after(program, tree):
    """RssAnon of a daemon that has indexed the tree and answered, in bytes."""
    with harness.daemon_on(program, tree) as subject:
        subject.run("index", "--json")
        subject.json("search", "parse the configuration", codes=(0, 1))
        # What it holds once its queues are empty counts, not the moment after the answer.
        time.sleep(5)
        status = pathlib.Path("/proc", str(harness.daemon_answer(subject)["pid"]), "status")
        for line in status.read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    raise harness.Unusable(f"{os.uname().sysname} does not tell RssAnon")


if __name__ == "__main__":
    harness.main(main)
