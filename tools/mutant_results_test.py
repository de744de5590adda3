#!/usr/bin/env python3
"""Tests of what tools/mutants keeps and prints."""

import pathlib
import tempfile
import unittest

import mutant_results
import mutant_worker


def result(after, fate="survived", **more):
    return {"path": "loop/a.cc", "line": 7, "kind": "constant", "context": "{", "before": "x = 1;", "after": after,
            "fate": fate} | more


REASON = """# A comment.

loop/a.cc
  {
- x = 1;
+ x = 2;
Nothing reads it:
really nothing.

loop/gone.cc
  {
- y = 1;
+ y = 2;
It was so.
"""


class ReasonsTest(unittest.TestCase):
    def test_a_reason_is_found_by_file_and_lines(self):
        reasons = mutant_results.Reasons(REASON)
        self.assertEqual(reasons.of(result("x = 2;")), "Nothing reads it: really nothing.")
        self.assertIsNone(reasons.of(result("x = 3;")))

    def test_a_unit_test_that_fails_is_a_reason(self):
        self.assertIn("loop_test does", mutant_results.Reasons("").of(result("x = 3;", unit_test="loop_test")))

    def test_survivors_without_a_reason_are_told_and_only_these(self):
        results = [result("x = 2;"), result("x = 3;"), result("x = 4;", "killed", by="model"),
                   result("x = 5;", "equivalent"), result("x = 6;", unit_test="loop_test")]
        missing = mutant_results.Reasons(REASON).missing(results)
        self.assertEqual([one["after"] for one in missing], ["x = 3;"])

    def test_reasons_of_what_is_not_there_any_more_are_told(self):
        class Named:
            path, context, before, after = "loop/a.cc", "{", "x = 1;", "x = 2;"

        self.assertEqual([name[0] for name in mutant_results.Reasons(REASON).of_no_mutant([Named])], ["loop/gone.cc"])


class LogTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "build" / "log.jsonl"

    def open(self, keep=True):
        return mutant_results.ResultLog(self.path, keep)

    def test_the_next_run_begins_with_what_this_one_wrote(self):
        self.open().add(result("x = 2;"))
        self.assertEqual([one["after"] for one in self.open().former.values()], ["x = 2;"])
        self.assertEqual(len(self.open().former), 1)

    def test_what_was_tried_again_takes_the_place_of_what_it_was(self):
        log = self.open()
        log.add(result("x = 2;"))
        log.add(result("x = 2;", "killed", by="model"))
        self.assertEqual([one["fate"] for one in self.open().former.values()], ["killed"])

    def test_a_line_that_was_cut_off_is_left_out(self):
        log = self.open()
        log.add(result("x = 2;"))
        self.path.write_text(self.path.read_text() + '{"path": "loop/')
        self.assertEqual(len(self.open().former), 1)

    def test_a_run_from_the_beginning_forgets_the_last(self):
        self.open().add(result("x = 2;"))
        self.assertEqual(self.open(keep=False).former, {})
        self.assertEqual(self.open().former, {})


class TablesTest(unittest.TestCase):
    RESULTS = [result("x = 2;"), result("x = 3;", unit_test="loop_test"), result("x = 4;", "killed", by="model"),
               result("x = 5;", "killed", by="model"), result("x = 6;", "uncompiled")]

    def test_fates_are_counted_the_most_frequent_first(self):
        lines = mutant_results.summary_table(self.RESULTS).splitlines()[2:]
        self.assertEqual(lines[0], "| killed: model | 2 |")
        self.assertIn("| survived, but a unit test fails | 1 |", lines)

    def test_what_does_not_compile_is_in_no_share(self):
        self.assertEqual(mutant_results.summary_line(self.RESULTS),
                         "2 of 4 mutants are killed by the simulator, 1 others by a unit test; 1 live")

    def test_an_id_follows_from_the_lines_alone(self):
        self.assertEqual(mutant_results.id_of(mutant_results.name_of(result("x = 2;", line=9))),
                         mutant_results.id_of(mutant_results.name_of(result("x = 2;"))))


class UnitTestsTest(unittest.TestCase):
    def test_they_are_found_in_what_cmake_is_told(self):
        text = "reprise_test(\n  NAME some_test\n  SOURCES a_test.cc\n          b_test.cc\n  LINKS x)\n" \
               "reprise_test(NAME c_test SOURCES c_test.cc LABELS slow)\n"
        self.assertEqual(mutant_worker.tests_in(text),
                         {"a_test.cc": ["some_test"], "b_test.cc": ["some_test"], "c_test.cc": ["c_test"]})

    def test_those_of_this_checkout_exist(self):
        root = pathlib.Path(__file__).resolve().parent.parent
        self.assertEqual(mutant_worker.unit_tests_of(root, "loop/task.cc"), [("loop_test", "loop")])
        self.assertEqual(mutant_worker.unit_tests_of(root, "server/resp/parser.cc"),
                         [("resp_parser_test", "server/resp")])
        for target in mutant_worker.SESSION_TESTS:
            self.assertIn((target, "proptests"), mutant_worker.unit_tests_of(root, "server/client_pause.cc"))
            self.assertIn(f"NAME {target} ", (root / "proptests/CMakeLists.txt").read_text())


if __name__ == "__main__":
    unittest.main()
