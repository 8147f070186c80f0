"""Scoring: what each figure means, on cases small enough to check by hand."""

import pathlib
import sys
import tempfile
import unittest

import jedi
import localisation
import measurements
import memory
import references

import harness


class Localisation(unittest.TestCase):
    def test_only_files_of_the_universe_are_ranked(self):
        cases = [{"id": "a", "gold": ["x.py", "y.py"]}]
        answers = {"a": {"files": [{"path": "docs.md"}, {"path": "z.py"}, {"path": "x.py"}]}}
        figures = localisation.score(cases, answers, {"x.py", "y.py", "z.py"})
        self.assertEqual(figures, (0.0, 0.5, 0.5, 0.5))

    def test_no_answer_scores_nothing(self):
        cases = [{"id": "a", "gold": ["x.py"]}]
        self.assertEqual(localisation.score(cases, {"a": {"files": []}}, {"x.py"}), (0.0,) * 4)


class References(unittest.TestCase):
    def test_uses_are_compared_by_file_and_line(self):
        export = [
            '{"kind":"calls","from":{"path":"b.py"},"to":{"path":"a.py","line":1},"site":{"path":"b.py","line":7,"col":3}}',
            '{"kind":"calls","from":{"path":"b.py"},"to":{"path":"a.py","line":1},"site":{"path":"b.py","line":9,"col":1}}',
            '{"kind":"calls","from":{"path":"d.py"},"to":{"path":"a.py","line":1},"site":{"path":"d.py","line":1,"col":1}}',
            '{"kind":"calls","from":{"path":"b.py"},"external":"os.path","site":{"path":"b.py","line":8,"col":1}}',
        ]
        symbols = [{"def": ["a.py", 1, 5], "refs": [["b.py", 7, 1], ["c.py", 2, 1]]}]
        count, precision, recall, f1, where_any = references.score(
            symbols, references.uses(export, references.files_of(symbols))
        )
        self.assertEqual((count, precision, recall, f1, where_any), (1, 0.5, 0.5, 0.5, 0.5))

    def test_a_symbol_without_an_answer_has_precision_zero(self):
        symbols = [{"def": ["a.py", 1, 5], "refs": [["b.py", 7, 1]]}]
        self.assertEqual(references.score(symbols, {}), [1, 0.0, 0.0, 0.0, 0.0])


class Jedi(unittest.TestCase):
    def test_a_constructor_is_its_class(self):
        with tempfile.TemporaryDirectory() as root:
            text = "class A:\n    def __init__(self): pass\n\ndef f():\n    return A()\n"
            pathlib.Path(root, "m.py").write_text(text)
            definitions = jedi.Definitions(pathlib.Path(root))
        oracle = {"edges": [[["m.py", "f", 4], ["m.py", "__init__", 2]]], "unk": []}
        truth, unjudged = jedi.judged(definitions, oracle)
        export = ['{"from":{"path":"p/m.py","line":4,"qualified":"p.m.f"},"to":{"path":"p/m.py","line":1,"qualified":"p.m.A"}}']
        score = jedi.Score()
        score.add(jedi.exported(definitions, export, "p/"), truth, unjudged)
        self.assertEqual(score.figures(), [1, 1.0, 1.0, 0, 0.0, 0.0])


class Memory(unittest.TestCase):
    def test_misspelt_evidence_is_repaired_and_unknown_dropped(self):
        questions = [{"question": "q", "evidence": ["D1:03; D:2:4", "D9:9"]}, {"question": "r", "evidence": []}]
        found = list(memory.answerable(questions, {"D1:3", "D2:4"}))
        self.assertEqual(found, [("q", {"D1:3", "D2:4"})])

    def test_a_turn_keeps_its_speaker_session_and_picture(self):
        conversation = {
            "session_1_date_time": "1:56 pm on 8 May, 2023",
            "session_1": [{"speaker": "Ann", "dia_id": "D1:1", "text": "Look!", "blip_caption": "a dog"}],
        }
        (turn,) = memory.turns(conversation)
        self.assertEqual(turn["text"], "Look! [shares a picture: a dog]")
        self.assertEqual((turn["session"], turn["at_text"]), ("session_1", "1:56 pm on 8 May, 2023"))


class Measurements(unittest.TestCase):
    def test_a_section_replaces_its_older_self_only(self):
        page = measurements.replaced("# Head\n", "a", "one\n")
        page = measurements.replaced(page, "b", "two\n")
        page = measurements.replaced(page, "a", "three\n")
        self.assertNotIn("one", page)
        self.assertLess(page.index("three"), page.index("two"))
        self.assertEqual(page.count("begin a"), 1)

    def test_percentiles_are_values_that_were_seen(self):
        self.assertEqual(measurements.percentile([1, 2, 3, 4], 0.5), 2)
        self.assertEqual(measurements.percentile(range(1, 101), 0.95), 95)
        self.assertEqual(measurements.percentile([7], 0.95), 7)

    def test_cost_is_that_of_the_command_alone(self):
        outcome = harness.run([sys.executable, "-I", "-S", "-c", "sum(range(3_000_000)); print('done')"])
        self.assertEqual(outcome.stdout, "done\n")
        self.assertGreater(outcome.cpu_s, 0.01)
        self.assertLess(outcome.peak_rss_bytes, 100_000_000)
        with self.assertRaises(harness.Unusable):
            harness.run([sys.executable, "-c", "raise SystemExit(3)"])


if __name__ == "__main__":
    unittest.main()
