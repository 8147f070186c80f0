"""References: every use of a definition, by file and line, against those that
the languages' own compilers and type checkers report."""

import collections
import gzip
import json
import random
import re

import harness
from measurements import mean, page_for, record

EDGES = "calls,references,imports,instantiates,inherits,implements"
SAMPLE = 400
WORD = re.compile(r"[A-Za-z_$][\w$]*")


def main():
    parser = harness.options(__doc__, sets=True, repos=True)
    parser.add_argument("--only", nargs="*", help="names of repositories")
    arguments = parser.parse_args()
    folder = harness.folder(arguments.sets, "--sets") / "graph" / "open"
    rows = []
    for truth in sorted(folder.glob("truth_*.jsonl.gz")):
        name = truth.name.removeprefix("truth_").removesuffix(".jsonl.gz")
        if arguments.only and name not in arguments.only:
            continue
        tree = arguments.repos / name
        if not tree.is_dir():
            rows.append([name, "not measured: no checkout", "", "", "", ""])
            continue
        with gzip.open(truth, "rt", encoding="utf-8") as lines:
            judged = [json.loads(line) for line in lines]
        symbols, looked_at = sample(judged, tree), files_of(judged)
        with harness.fresh_state() as state:
            subject = harness.Program(arguments.program, tree, state, daemon=False)
            subject.run("index", "--json")
            export = subject.run("graph", "export", "--format", "jsonl", "--edges", EDGES)
        rows.append([name, *score(symbols, uses(export.stdout.splitlines(), looked_at))])
    measured = [row[1:] for row in rows if isinstance(row[1], int)]
    if measured:
        rows.append(["**macro**", sum(row[0] for row in measured), *map(mean, list(zip(*measured))[1:])])
    record(
        "references",
        "References",
        ["Repository", "Symbols", "Precision", "Recall", "F1", "Precision where any was found"],
        rows,
        [f"By file and line, macro over at most {SAMPLE} symbols a repository; a symbol of which "
         "nothing was found counts as precision 0 in the first of the two columns. Uses in files "
         "that the compiler did not look at (the tests of gin) are not judged."],  # fmt: skip
        page_for(arguments),
    )


def sample(symbols, tree):
    """The symbols that the set's own baseline takes, in its order."""
    lines_of = {}

    def stands_where_truth_says(symbol):
        path, line = symbol["def"][:2]
        if path not in lines_of:
            file = tree / path
            text = file.read_text(errors="replace") if file.exists() else ""
            lines_of[path] = text.split("\n")
        lines = lines_of[path]
        return line <= len(lines) and name_of(symbol) in WORD.findall(lines[line - 1])

    kept = [s for s in symbols if s["refs"] and len(name_of(s)) >= 3 and stands_where_truth_says(s)]
    random.Random(5).shuffle(kept)
    return kept[:SAMPLE]


def name_of(symbol):
    if symbol.get("name"):
        return symbol["name"]
    words = WORD.findall(symbol["symbol"].split("#")[-1])
    return words[-1] if words else ""


def files_of(symbols):
    """Files that the compiler looked at: a use in another is not judged."""
    return {s["def"][0] for s in symbols} | {use[0] for s in symbols for use in s["refs"]}


def uses(lines, looked_at):
    """Path and line of a definition → paths and lines of its uses in some files."""
    found = collections.defaultdict(set)
    for line in lines:
        edge = json.loads(line)
        if "to" in edge and edge.get("site"):
            place = edge["site"].get("path") or edge["from"]["path"], edge["site"]["line"]
            if place[0] in looked_at:
                found[edge["to"]["path"], edge["to"]["line"]].add(place)
    return found


def score(symbols, found):
    """How many symbols; precision, recall, their F1; precision where any was found."""
    precisions, recalls, where_any = [], [], []
    for symbol in symbols:
        definition = tuple(symbol["def"][:2])
        truth = {tuple(use[:2]) for use in symbol["refs"]} - {definition}
        if not truth:
            continue
        predicted = found.get(definition, set()) - {definition}
        right = len(predicted & truth)
        precisions.append(right / max(1, len(predicted)))
        recalls.append(right / len(truth))
        if predicted:
            where_any.append(right / len(predicted))
    precision, recall = mean(precisions), mean(recalls)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return [len(recalls), precision, recall, f1, mean(where_any)]


if __name__ == "__main__":
    harness.main(main)
