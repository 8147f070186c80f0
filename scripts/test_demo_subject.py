"""The demo's subject is chosen by what the project holds."""

import json
import tempfile
import unittest

import demo_subject


def edge(caller, target, path):
    return {"from": {"qualified": caller}, "to": {"qualified": target, "path": path}}


class Subject(unittest.TestCase):
    def callers(self, edges):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.writelines(json.dumps(row) + "\n" for row in edges)
            file.flush()
            return demo_subject.callers(file.name)

    def test_the_most_called_function_outside_tests(self):
        called = self.callers([
            edge("a", "app.run", "app.py"),
            edge("b", "app.run", "app.py"),
            edge("b", "app.run", "app.py"),
            edge("app.stop", "app.stop", "app.py"),
            *(edge(caller, "tests.check", "tests/check.py") for caller in "abc"),
            {"from": {"qualified": "a"}, "external": "os.path.join"},
        ])  # fmt: skip
        self.assertEqual(called["app.run"], ("app.py", 2))
        outside = demo_subject.most_called(called, lambda path: not demo_subject.is_test(path))
        self.assertEqual(outside, "app.run")

    def test_the_first_located_definition_that_is_called(self):
        symbols = [{"qualified": "app.unused"}, {"qualified": "app.run"}, {"qualified": "app.stop"}]
        called = {"app.stop": ("app.py", 9), "app.run": ("app.py", 1)}
        self.assertEqual(demo_subject.first_called(called, symbols), "app.run")
        self.assertIsNone(demo_subject.first_called({}, symbols))

    def test_a_project_without_calls_has_no_subject(self):
        self.assertIsNone(demo_subject.most_called({}, bool))

    def test_a_report_is_prose_from_name_and_doc(self):
        symbol = {"qualified": "shop.Cart.totalPrice", "doc": "Sum of all items,\n  taxed. Slow."}
        report = demo_subject.report(symbol)
        self.assertEqual(
            report, "Wrong result when it has to total price. Expected: Sum of all items, taxed."
        )


if __name__ == "__main__":
    unittest.main()
