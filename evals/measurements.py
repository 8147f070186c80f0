"""Keeps docs/measurements.md: one section an evaluation, rewritten by it."""

import datetime
import os
import pathlib
import platform
import re
import shlex
import subprocess
import sys

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs" / "measurements.md"

HEAD = """# Measurements

Each section is written by the command that stands in it. CPU seconds are of all
threads together, user and system; peak RSS is that of the one process. Figures
of different dates or machines are not comparable; ratios within a run are.
"""


def record(name, title, columns, rows, notes=(), page=PAGE):
    """Prints a table and puts it into the page in place of the one before."""
    text = section(name, title, columns, rows, notes)
    print(text)
    if page is None:
        return
    old = page.read_text(encoding="utf-8") if page.exists() else HEAD
    page.write_text(replaced(old, name, text), encoding="utf-8")


def section(name, title, columns, rows, notes):
    lines = [f"## {title}", ""]
    lines.append(f"| {' | '.join(columns)} |")
    lines.append("|" + " --- |" * len(columns))
    lines += [f"| {' | '.join(shown(cell) for cell in row)} |" for row in rows]
    lines += ["", *(f"{note}\n" for note in notes), f"`{command(name)}` · {circumstances()}"]
    return "\n".join(lines) + "\n"


def replaced(page, name, text):
    """The page with the section called `name` replaced, or added at its end."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    block = f"{begin}\n{text}{end}\n"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end) + "\n", re.DOTALL)
    if pattern.search(page):
        return pattern.sub(lambda _: block, page)
    return f"{page.rstrip()}\n\n{block}"


def shown(cell):
    if isinstance(cell, float):
        return f"{cell:.3f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def command(name):
    """The command as another person would type it: folders of this machine are
    named by what they hold."""
    words = []
    for word in sys.argv[1:]:
        words.append(pathlib.Path(word).name.upper() if os.sep in word else word)
    return shlex.join(["cargo", "xtask", "eval", name, *words])


def circumstances():
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=PAGE.parent.parent
    ).stdout.strip()
    today = datetime.datetime.now(datetime.timezone.utc).date()
    place = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return " · ".join([str(today), place] + ([f"commit {commit}"] if commit else []))


def page_for(arguments):
    """Where to record, by the options given."""
    return None if arguments.no_record else PAGE


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def percentile(values, share):
    """The smallest value that at least `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1)]


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else 0.0
