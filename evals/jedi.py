"""Jedi: call edges of three Python packages against those that jedi's type
inference finds. Edges to a name that jedi could not resolve in the same
function are not judged."""

import ast
import json
import os
import pathlib
import shutil
import tempfile

import harness
from measurements import page_for, record

PACKAGES = {"click": ("click", "8.1.8", "src/click"), "httpx": ("httpx", "0.28.1", "httpx"), "flask": ("flask", "3.1.0", "src/flask")}
JEDI = "jedi==0.20.1"


def main():
    parser = harness.options(__doc__, sets=True)
    default = pathlib.Path(tempfile.gettempdir(), "codecontext-evals", "jedi")
    parser.add_argument("--work", type=pathlib.Path, default=default, help="where packages and truth are kept")
    arguments = parser.parse_args()
    oracle = harness.folder(arguments.sets, "--sets") / "jedi" / "oracle.py"
    rows, pooled = [], Score()
    trees = {name: package(name, arguments.work) for name in PACKAGES}
    for name, tree in trees.items():
        definitions = Definitions(tree / name)
        truth, unjudged = judged(definitions, oracle_of(name, oracle, arguments.work))
        with harness.fresh_state() as state:
            subject = harness.Program(arguments.program, tree, state, daemon=False)
            subject.run("index", "--json")
            export = subject.run("graph", "export", "--format", "jsonl", "--edges", "calls,instantiates")
        score = Score()
        score.add(exported(definitions, export.stdout.splitlines(), f"{name}/"), truth, unjudged)
        pooled.merge(score)
        rows.append([f"{name} {PACKAGES[name][1]}", *score.figures()])
    rows.append(["**pooled**", *pooled.figures()])
    record(
        "jedi",
        "Call edges against jedi",
        ["Package", "Edges of jedi", "Precision", "Recall", "Edges across files", "Precision", "Recall"],
        rows,
        page=page_for(arguments),
    )


def package(name, work):
    """A folder that holds nothing but the package."""
    project, version, inside = PACKAGES[name]
    tree = work / "trees" / name
    if not (tree / name).is_dir():
        fetch = harness.ROOT / "scripts" / "fetch_sdist.py"
        unpacked = harness.run(["python3", fetch, project, version, work / "archives"]).stdout.strip()
        shutil.copytree(pathlib.Path(unpacked, inside), tree / name)
    # Jedi sees all three together, since flask imports click.
    together = work / "together" / name
    if not together.is_dir():
        shutil.copytree(tree / name, together)
    return tree


def oracle_of(name, oracle, work):
    """What jedi says of a package, asked once."""
    answer = work / f"oracle_{name}.json"
    if not answer.exists():
        python = work / "venv" / "bin" / "python3"
        if not python.exists():
            harness.run(["python3", "-m", "venv", work / "venv"])
            harness.run([python, "-m", "pip", "install", "--quiet", JEDI])
        environment = {**os.environ, "ORACLE_ROOT": str((work / "together").resolve())}
        harness.run([python, oracle, name], cwd=work, env=environment)
    return json.loads(answer.read_text())


class Definitions:
    """Functions and classes of a package, found by name and line."""

    def __init__(self, root):
        self.by_file = {}
        for path in root.rglob("*.py"):
            found = self.by_file[path.relative_to(root).as_posix()] = []
            self._collect(ast.parse(path.read_text()), None, found)

    def _collect(self, node, owner, found):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                is_class = isinstance(child, ast.ClassDef)
                first = min([line.lineno for line in child.decorator_list] + [child.lineno])
                found.append((child.name, owner, is_class, first, child.lineno))
                self._collect(child, child.name if is_class else None, found)
            else:
                self._collect(child, owner, found)

    def function(self, file, name, line):
        """The key of the function that calls."""
        found = self._find(file, name, line)
        return (file, found[1], name) if found and not found[2] else None

    def target(self, file, name, line):
        """The key of what is called; a constructor is its class."""
        found = self._find(file, name, line)
        if not found:
            return None
        if name in ("__init__", "__new__") and found[1]:
            return (file, None, found[1])
        return (file, found[1], name)

    def _find(self, file, name, line):
        for found in self.by_file.get(file, []):
            if found[0] == name and found[3] <= line <= found[4]:
                return found
        return None


def judged(definitions, oracle):
    """The edges that jedi found, and the calls that it could not resolve."""
    truth = set()
    for (file, name, line), target in oracle["edges"]:
        caller = definitions.function(file, name, line)
        called = definitions.target(*target)
        if caller and called:
            truth.add((caller, called))
    unjudged = set()
    for (file, name, line), called in oracle["unk"]:
        unjudged.add((definitions.function(file, name, line), called))
    return truth, unjudged


def exported(definitions, lines, prefix):
    """The edges of an export, in the same terms."""
    edges = set()
    for line in lines:
        edge = json.loads(line)
        if "to" not in edge:
            continue
        ends = []
        for end, find in ((edge["from"], definitions.function), (edge["to"], definitions.target)):
            name = end["qualified"].rsplit(".", 1)[-1]
            ends.append(find(end["path"].removeprefix(prefix), name, end["line"]))
        if all(ends):
            edges.add(tuple(ends))
    return edges


class Score:
    """True edges, false ones and all there are; the same across files only."""

    def __init__(self):
        self.right = self.wrong = self.all = 0
        self.right_across = self.wrong_across = self.all_across = 0

    def add(self, edges, truth, unjudged):
        def across(some):
            return sum(caller[0] != called[0] for caller, called in some)

        right = edges & truth
        wrong = {edge for edge in edges - truth if (edge[0], edge[1][2]) not in unjudged}
        self.right, self.wrong, self.all = len(right), len(wrong), len(truth)
        self.right_across, self.wrong_across, self.all_across = map(across, (right, wrong, truth))

    def merge(self, other):
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def figures(self):
        return [
            self.all,
            self.right / max(1, self.right + self.wrong),
            self.right / max(1, self.all),
            self.all_across,
            self.right_across / max(1, self.right_across + self.wrong_across),
            self.right_across / max(1, self.all_across),
        ]


if __name__ == "__main__":
    harness.main(main)
