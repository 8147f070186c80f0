"""Localisation: commit messages as bug reports; the files that the commit
changed are the truth. Files outside the set's universe are ignored."""

import json

import harness
from measurements import mean, page_for, percentile, record

FIGURES = ("acc@1", "recall@5", "recall@10", "MRR")


def main():
    parser = harness.options(__doc__, sets=True, repos=True)
    parser.add_argument("--only", nargs="*", help="names of repositories")
    arguments = parser.parse_args()
    folder = harness.folder(arguments.sets, "--sets") / "localisation"
    rows, by_field = [], {"query": [], "query_raw": []}
    for questions in sorted(folder.glob("open/*.jsonl")):
        name = questions.stem
        if arguments.only and name not in arguments.only:
            continue
        tree = harness.folder(arguments.repos / name, f"--repos/{name}")
        cases = [json.loads(line) for line in questions.read_text().splitlines()]
        universe = set((folder / f"universe/{name}.txt").read_text().split("\n"))
        with harness.fresh_state() as state:
            subject = harness.Program(arguments.program, tree, state, daemon=False)
            subject.run("index", "--json")
            for field in by_field:
                queries = [{"id": case["id"], "query": case[field]} for case in cases]
                answers, _ = subject.batch("locate", queries, "--limit", "200")
                figures = score(cases, answers, universe)
                slow = percentile([answer["elapsed_ms"] for answer in answers.values()], 0.95)
                by_field[field].append(figures)
                rows.append([name, field, len(cases), *figures, f"{slow:.1f}"])
    for field, figures in by_field.items():
        rows.append(["**macro**", field, "", *map(mean, zip(*figures)), ""])
    record(
        "localisation",
        "Localisation",
        ["Repository", "Field", "Reports", *FIGURES, "p95, ms"],
        rows,
        ["`query` has the names of the changed files removed, `query_raw` has not."],
        page_for(arguments),
    )


def score(cases, answers, universe):
    """acc@1, recall@5, recall@10 and MRR, in the order of FIGURES."""
    ranked = [(ranking(answers[case["id"]], universe), case["gold"]) for case in cases]
    return (
        mean(files[:1] != [] and files[0] in gold for files, gold in ranked),
        mean(recall(files[:5], gold) for files, gold in ranked),
        mean(recall(files[:10], gold) for files, gold in ranked),
        mean(reciprocal_rank(files, gold) for files, gold in ranked),
    )


def ranking(answer, universe):
    return [file["path"] for file in answer["files"] if file["path"] in universe]


def recall(files, gold):
    return len(set(files) & set(gold)) / len(gold)


def reciprocal_rank(files, gold):
    return next((1 / rank for rank, file in enumerate(files, 1) if file in gold), 0.0)


if __name__ == "__main__":
    harness.main(main)
