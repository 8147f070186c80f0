"""What every evaluation shares: its options, running the program as a black box
and measuring what that costs."""

import argparse
import contextlib
import dataclasses
import http.client
import json
import os
import pathlib
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent


class Unusable(Exception):
    """An input that an evaluation needs is missing or is not what it should be."""


def options(description, *, sets=False, repos=False):
    """An argument parser with the options that all evaluations know."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--program",
        default=os.environ.get("CODECONTEXT_EVAL_PROGRAM", "codecontext"),
        help="the program to measure (default: the release build)",
    )
    parser.add_argument(
        "--no-record", action="store_true", help="print only, leave docs/measurements.md alone"
    )
    if sets:
        parser.add_argument(
            "--sets",
            type=pathlib.Path,
            default=os.environ.get("CODECONTEXT_EVAL_SETS"),
            help="folder of the public evaluation sets (or CODECONTEXT_EVAL_SETS)",
        )
    if repos:
        parser.add_argument(
            "--repos", type=pathlib.Path, required=True, help="folder of checkouts, one a name"
        )
    return parser


def folder(path, what):
    """The path of a folder that must exist."""
    if path is None or not pathlib.Path(path).is_dir():
        raise Unusable(f"{what} is not a folder: {path}")
    return pathlib.Path(path)


@dataclasses.dataclass
class Outcome:
    """How a command ended and what it cost."""

    code: int
    stdout: str
    stderr: str
    wall_s: float
    cpu_s: float
    peak_rss_bytes: int


def run(command, *, cwd=None, env=None, codes=(0,)):
    """Runs a command; other exit codes than `codes` are an error."""
    with tempfile.TemporaryDirectory() as work:
        report = pathlib.Path(work, "report")
        launcher = [sys.executable, "-I", "-S", str(HERE / "measured.py"), str(report)]
        with open(f"{work}/out", "w+b") as out, open(f"{work}/err", "w+b") as err:
            code = subprocess.call(
                launcher + [str(word) for word in command],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=cwd, env=env,
            )  # fmt: skip
            out.seek(0)
            err.seek(0)
            texts = [stream.read().decode("utf-8", "replace") for stream in (out, err)]
        if code not in codes:
            told = texts[1].strip() or texts[0].strip()
            raise Unusable(f"exit code {code} of `{shlex.join(map(str, command))}`:\n{told[-2000:]}")
        return Outcome(code, *texts, **json.loads(report.read_text()))


class Program:
    """The program on one project, with a data folder of its own."""

    def __init__(self, program, project, state, *, daemon):
        self.words = [program, "--project", str(project), "--data-dir", str(state)]
        if not daemon:
            self.words.append("--no-daemon")

    def run(self, *words, codes=(0,)):
        return run([*self.words, *words], codes=codes)

    def json(self, *words, codes=(0,)):
        """The document that a command prints."""
        outcome = self.run(*words, "--json", codes=codes)
        return json.loads(outcome.stdout)

    def batch(self, command, rows, *words):
        """Answers by id of a command that takes `--batch FILE --jsonl`."""
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps(row) + "\n")
            file.flush()
            outcome = self.run(command, "--batch", file.name, "--jsonl", *words)
        answers = {}
        for line in outcome.stdout.splitlines():
            answer = json.loads(line)
            answers[answer["id"]] = answer
        return answers, outcome


@contextlib.contextmanager
def fresh_state():
    """An empty data folder that is removed afterwards. Its path is short, since
    a socket lies in it and a socket's path has little room."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="cc"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def daemon_on(program, project):
    """The program with a daemon of its own that is stopped afterwards."""
    with fresh_state() as state:
        subject = Program(program, project, state, daemon=True)
        try:
            yield subject
        finally:
            subject.run("daemon", "stop", codes=range(256))


def daemon_answer(subject):
    """What the daemon says of itself, and its `socket`."""
    answer = subject.json("daemon", "start")
    folder = pathlib.Path(answer["data_dir"], "run")
    # A socket whose path would be too long lies elsewhere, and a note says where.
    note = folder / "socket"
    socket_path = note.read_text().strip() if note.exists() else str(folder / "daemon.sock")
    return {**answer, "socket": socket_path}


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def main(evaluate):
    """Runs an evaluation; an unusable input is a message, not a traceback."""
    try:
        evaluate()
    except Unusable as problem:
        sys.exit(f"{pathlib.Path(sys.argv[0]).stem}: {problem}")
