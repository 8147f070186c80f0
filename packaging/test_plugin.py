"""The plugin for Claude Code says what the program says.

What a plugin's folder holds is installed as it lies there, so it cannot refer
to files elsewhere in the repository; this test keeps the copies equal.
"""

import json
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLUGIN = ROOT / "packaging" / "claude-plugin"
INIT = ROOT / "crates" / "codecontext" / "src" / "init"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


class Plugin(unittest.TestCase):
    def test_it_has_the_version_of_the_program(self):
        cargo = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
        version = re.search(r'^version = "(.+)"$', cargo, re.MULTILINE)[1]
        self.assertEqual(read(PLUGIN / ".claude-plugin" / "plugin.json")["version"], version)

    def test_its_skill_is_the_one_that_init_writes(self):
        ours = (INIT / "texts" / "skill.md").read_text(encoding="utf-8")
        skill = PLUGIN / "skills" / "codecontext" / "SKILL.md"
        self.assertEqual(skill.read_text(encoding="utf-8"), ours)

    def test_the_marketplace_leads_to_it(self):
        marketplace = read(ROOT / ".claude-plugin" / "marketplace.json")
        sources = [ROOT / plugin["source"] for plugin in marketplace["plugins"]]
        self.assertEqual([source.resolve() for source in sources], [PLUGIN.resolve()])

    def test_it_starts_the_server_and_the_briefing(self):
        server = read(PLUGIN / ".mcp.json")["mcpServers"]["codecontext"]
        self.assertEqual([server["command"], *server["args"]], ["codecontext", "mcp"])
        (group,) = read(PLUGIN / "hooks" / "hooks.json")["hooks"]["SessionStart"]
        self.assertIn("codecontext brief", group["hooks"][0]["command"])


if __name__ == "__main__":
    unittest.main()
