#!/usr/bin/env python3
"""Chooses what the demo asks about, from what CodeContext found in the project.

demo_subject.py central EDGES            the function with the most callers outside tests
demo_subject.py located EDGES LOCATED    the first located definition that is called
demo_subject.py report SYMBOL            a bug report in prose about that symbol

EDGES is `graph export --format jsonl --edges calls`, LOCATED and SYMBOL are
`locate --json` and `symbol --json`.
"""

import collections
import json
import re
import sys


def callers(edges_file):
    """Qualified name → its path and the places that call it."""
    paths, sites = {}, collections.defaultdict(set)
    with open(edges_file, encoding="utf-8") as lines:
        for line in lines:
            edge = json.loads(line)
            target = edge.get("to")
            if target and edge["from"]["qualified"] != target["qualified"]:
                paths[target["qualified"]] = target["path"]
                sites[target["qualified"]].add(edge["from"]["qualified"])
    return {name: (paths[name], len(found)) for name, found in sites.items()}


def is_test(path):
    return re.search(r"(^|/)(tests?|testing|__tests__|spec|benches|examples?)(/|\.|_)|_test\.", path)


def most_called(called, keep):
    names = [name for name, (path, _) in called.items() if keep(path)]
    # Ties are broken by name, so that two runs show the same.
    return min(names, key=lambda name: (-called[name][1], name), default=None)


def first_called(called, symbols):
    return next((symbol["qualified"] for symbol in symbols if symbol["qualified"] in called), None)


def report(symbol):
    """What somebody who does not know the code might write."""
    name = re.split(r"\W+", symbol["qualified"])[-1]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_+", " ", name).strip().lower()
    doc = re.split(r"(?<=\.)\s|\n\n", (symbol.get("doc") or "").strip())[0]
    doc = " ".join(doc.split())
    return f"Wrong result when it has to {words}. Expected: {doc}" if doc else f"Wrong result from {words}"


def main():
    what, first = sys.argv[1], sys.argv[2]
    if what == "report":
        with open(first, encoding="utf-8") as file:
            print(report(json.load(file)["symbols"][0]))
        return
    called = callers(first)
    if what == "located":
        with open(sys.argv[3], encoding="utf-8") as file:
            name = first_called(called, json.load(file)["symbols"])
        if name:
            print(name)
            return
    name = most_called(called, lambda path: not is_test(path)) or most_called(called, bool)
    if not name:
        sys.exit("no function of this project is called from another")
    print(name)


if __name__ == "__main__":
    main()
