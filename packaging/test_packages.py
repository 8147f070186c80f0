"""Each package installs into an empty prefix without a network, runs there, and
leaves no file after it was uninstalled.

Run as a script; needs a built `target/debug/codecontext`. The registries' own
checker of bundles is installed once into the user's cache, which is the only
thing here that uses the network.
"""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
MCPB = "@anthropic-ai/mcpb@2.1.2"


def run(*words, **options):
    """Runs a command that must end with 0; what it prints."""
    words = [str(word) for word in words]
    done = subprocess.run(words, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def offline():
    """The words that take the network from a command; none where that is forbidden."""
    words = ["unshare", "--net"]
    if subprocess.run([*words, "true"], capture_output=True).returncode == 0:
        return words
    words = ["unshare", "--map-root-user", "--net"]
    if subprocess.run([*words, "true"], capture_output=True).returncode == 0:
        return words
    print("SKIPPED: no network namespace here; only flags keep installers off the network")
    return []


def files_below(folder):
    """Every file below a folder, relative to it."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if not path.is_dir() or path.is_symlink()
    }


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = pathlib.Path(tempfile.mkdtemp(prefix="codecontext-packages-"))
        cls.addClassCleanup(shutil.rmtree, cls.work)
        cls.packages = cls.work / "packages"
        cls.offline = offline()
        # A debug build is mostly symbols, which nothing here needs.
        program = cls.work / "codecontext"
        run("strip", "-o", program, TARGET / "debug/codecontext")
        run("cargo", "xtask", "package", "--program", program, "--out", cls.packages, cwd=ROOT)

    def setUp(self):
        self.home = self.work / self.id() / "home"
        self.prefix = self.work / self.id() / "prefix"
        self.home.mkdir(parents=True)
        self.prefix.mkdir()
        self.project = self.work / self.id() / "project"
        self.project.mkdir()
        (self.project / "shop.py").write_text("def sell(item):\n    return item\n")
        self.environment = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",
            "npm_config_cache": str(self.work / "npm"),
            "npm_config_update_notifier": "false",
        }

    def run_offline(self, *words):
        return run(*self.offline, *words, env=self.environment, cwd=self.project)

    def package(self, pattern):
        """The one package whose name matches."""
        found = list(self.packages.glob(pattern))
        self.assertEqual(len(found), 1, f"{pattern}: {found}")
        return found[0]

    def use(self, program, before=None):
        """Uses an installed program, removes its state, and says how it goes itself.

        `before` are files that were in the home folder before the program first ran.
        """
        # Installers leave things of their own there.
        before = files_below(self.home) if before is None else before
        self.assertRegex(self.run_offline(program, "--version"), r"^codecontext \d+\.\d+\.\d+\n$")
        self.assertEqual(json.loads(self.run_offline(program, "index", "--json"))["files"], 1)
        hits = json.loads(self.run_offline(program, "search", "sell", "--json"))["hits"]
        self.assertEqual(hits[0]["path"], "shop.py")
        self.assertGreater(files_below(self.home), before)
        told = json.loads(self.run_offline(program, "uninstall", "--purge", "--yes", "--json"))
        self.assertEqual(files_below(self.home), before)
        return told["programs"][0]

    def test_archive(self):
        archive = self.package("codecontext-*-linux-gnu.tar.gz")
        self.run_offline("tar", "-xzf", archive, "--strip-components=1", "-C", self.prefix)
        installed = files_below(self.prefix)
        for path in ["bin/codecontext", "share/man/man1/codecontext.1"]:
            self.assertIn(path, installed)
        program = self.use(self.prefix / "bin/codecontext")
        self.run_offline(*program["remove"])
        self.assertEqual(files_below(self.prefix), set())

    def test_npm(self):
        packages = [self.package("codecontext-npm-[0-9]*.tgz"), self.package("codecontext-npm-linux-*.tgz")]
        options = ["--global", "--prefix", self.prefix, "--offline", "--no-audit", "--no-fund"]
        self.run_offline("npm", "install", *options, *packages)
        launcher = self.prefix / "bin/codecontext"
        program = self.use(launcher)
        self.assertEqual(program["owner"], "npm")
        wrong = subprocess.run([launcher, "nosuch"], env=self.environment, capture_output=True)
        self.assertEqual(wrong.returncode, 2)
        # From a registry, npm installs the platform's package by itself and
        # takes it away by itself; here it was named, so it is named again.
        platform = "@codecontext/" + packages[1].name.split("npm-")[1].rsplit("-", 1)[0]
        self.run_offline("npm", "uninstall", *options, platform)
        alone = subprocess.run([launcher], env=self.environment, capture_output=True, text=True)
        self.assertEqual(alone.returncode, 3)
        self.assertIn("is not installed", alone.stderr)
        self.run_offline(*program["remove"])
        self.assertEqual(files_below(self.prefix), set())

    def test_wheel(self):
        venv = self.prefix / "venv"
        # Python's own packages bring pip along.
        run(sys.executable, "-m", "venv", "--without-pip", "--system-site-packages", venv)
        before = files_below(self.prefix)
        python = venv / "bin/python"
        wheel = self.package("*.whl")
        self.run_offline(python, "-m", "pip", "install", "--quiet", "--no-index", wheel)
        program = self.use(venv / "bin/codecontext")
        self.assertEqual(program["owner"], "pip")
        self.run_offline(*program["remove"])
        self.assertEqual(files_below(self.prefix), before)

    def test_bundle(self):
        bundle = self.package("*.mcpb")
        checker = self.checker()
        self.run_offline(checker, "unpack", bundle, self.prefix)
        self.run_offline(checker, "validate", self.prefix / "manifest.json")
        manifest = json.loads((self.prefix / "manifest.json").read_text())
        command = manifest["server"]["mcp_config"]
        places = {"__dirname": str(self.prefix), "user_config.project_directory": str(self.project)}
        words = [
            re.sub(r"\$\{(.+?)\}", lambda place: places[place[1]], word)
            for word in [command["command"], *command["args"]]
        ]
        before = files_below(self.home)
        self.assertEqual(self.greet(words)["serverInfo"]["name"], "codecontext")
        program = self.use(words[0], before)
        self.assertEqual(program["owner"], "the program that installed the bundle")

    def greet(self, words):
        """What an MCP server started by these words answers to a hello."""
        client = {"name": "test", "version": "1"}
        parameters = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client}
        hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": parameters}
        server = subprocess.Popen(
            [*self.offline, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self.environment,
            cwd=self.home,
        )
        with server:
            server.stdin.write(json.dumps(hello) + "\n")
            server.stdin.flush()
            return json.loads(server.stdout.readline())["result"]

    def checker(self):
        """The registry's own checker of bundles, installed once."""
        cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
        folder = cache / "codecontext-test" / MCPB.rsplit("/", 1)[1]
        checker = folder / "node_modules/.bin/mcpb"
        if not checker.exists():
            folder.mkdir(parents=True, exist_ok=True)
            run("npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", MCPB)
        return checker

    def test_sums_and_registry_entry(self):
        sums = dict(
            reversed(line.split("  ")) for line in (self.packages / "SHA256SUMS").read_text().splitlines()
        )
        packages = {path.name for path in self.packages.iterdir()} - {"SHA256SUMS"}
        self.assertEqual(set(sums), packages)
        for name, digest in sums.items():
            self.assertEqual(digest, hashlib.sha256((self.packages / name).read_bytes()).hexdigest())
        entry = json.loads((self.packages / "server.json").read_text())
        kinds = {package["registryType"]: package for package in entry["packages"]}
        self.assertEqual(set(kinds), {"npm", "pypi", "mcpb"})
        name = kinds["mcpb"]["identifier"].rsplit("/", 1)[1]
        self.assertEqual(kinds["mcpb"]["fileSha256"], sums[name])
        self.assertTrue(re.fullmatch(r"[a-z0-9.-]+/[a-z0-9-]+", entry["name"]))


if __name__ == "__main__":
    unittest.main()
