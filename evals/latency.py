"""Latency: answers through a warm daemon, as HTTP requests over its socket and
as whole commands, and the time from a saved file to its new symbol's answer.
"""

import json
import pathlib
import random
import shutil
import tempfile
import time
import urllib.parse

import harness
from index_speed import django
from measurements import page_for, percentile, record

REPORTS = (
    "wordwrap template filter no longer preserves empty lines between paragraphs",
    "bulk_create crashes when a primary key is set on some objects only",
    "the admin changelist loses its filters after an action",
    "session cookie is not renewed when the session is saved",
    "migration autodetector misses a renamed field with a custom column",
)


def main():
    parser = harness.options(__doc__)
    parser.add_argument("--tree", type=pathlib.Path, help="the project (default: Django 5.2's package)")
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--commands", type=int, default=40)
    parser.add_argument("--edits", type=int, default=50)
    arguments = parser.parse_args()
    source = harness.folder(arguments.tree or django(), "--tree")
    rows = []
    with tempfile.TemporaryDirectory() as work:
        tree = pathlib.Path(work, source.name)
        shutil.copytree(source, tree)
        with harness.daemon_on(arguments.program, tree) as subject:
            subject.run("index", "--json")
            client = Client(subject, tree)
            questions = ask_about(subject)
            for verb, asked in questions.items():
                waits = [timed(lambda: client.ask(verb, question)) for question in cycle(asked, arguments.requests)]
                rows.append([f"`{verb}`, HTTP over the socket", *summary(waits)])
            for verb, asked in questions.items():
                waits = [timed(lambda: subject.json(verb, question, codes=(0, 1))) for question in cycle(asked, arguments.commands)]
                rows.append([f"`{verb}`, whole command", *summary(waits)])
            waits = [saved_to_answered(client, tree, number) for number in range(arguments.edits)]
            rows.append(["file saved → its new symbol answers", *summary(waits)])
    record(
        "latency",
        f"Latency: `{source.name}`",
        ["What", "Count", "p50, ms", "p95, ms"],
        rows,
        ["Warm daemon. A whole command includes starting and ending its process."],
        page_for(arguments),
    )


class Client:
    """The daemon's own HTTP API, over one kept connection."""

    def __init__(self, subject, tree):
        self.connection = harness.UnixConnection(harness.daemon_answer(subject)["socket"])
        self.project = urllib.parse.quote(str(tree.resolve()), safe="")

    def ask(self, verb, question):
        body = {"query" if verb in ("search", "locate") else "name": question}
        path = f"/api/v1/{verb}?project={self.project}"
        headers = {"Content-Type": "application/json", "codecontext-actor": "evaluation"}
        self.connection.request("POST", path, json.dumps(body), headers)
        response = self.connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise harness.Unusable(f"{path} answered {response.status}: {answer[:500]!r}")
        return json.loads(answer)


def ask_about(subject):
    """Questions from what the project holds: symbols that are called, and prose."""
    export = subject.run("graph", "export", "--format", "jsonl", "--edges", "calls")
    called = set()
    for line in export.stdout.splitlines():
        edge = json.loads(line)
        if "to" in edge:
            called.add(edge["to"]["qualified"])
    names = sorted(called)
    random.Random(5).shuffle(names)
    bare = [name.rsplit(".", 1)[-1] for name in names]
    return {"symbol": names[:50], "callers": names[:50], "search": bare[:50], "locate": list(REPORTS)}


def cycle(questions, count):
    return [questions[number % len(questions)] for number in range(count)]


def timed(ask):
    began = time.monotonic()
    ask()
    return (time.monotonic() - began) * 1000


def summary(waits):
    return [len(waits), percentile(waits, 0.5), percentile(waits, 0.95)]


def saved_to_answered(client, tree, number):
    """Milliseconds until a function that was just saved answers by its name."""
    files = sorted(tree.rglob("*.py")) or sorted(path for path in tree.rglob("*") if path.is_file())
    file = files[number * 17 % len(files)]
    name = f"saved_just_now_{number}"
    text = file.read_text(errors="surrogateescape") + f"\n\ndef {name}():\n    return {number}\n"
    began = time.monotonic()
    file.write_text(text, errors="surrogateescape")
    while not client.ask("symbol", name)["symbols"]:
        if time.monotonic() - began > 10:
            raise harness.Unusable(f"{name} in {file.name} did not answer within 10 s")
        time.sleep(0.002)
    return (time.monotonic() - began) * 1000


if __name__ == "__main__":
    harness.main(main)
