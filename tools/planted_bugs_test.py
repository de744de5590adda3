#!/usr/bin/env python3
"""Tests of planted-bugs: the sums behind its table, and that every bug can still be planted."""

import pathlib
import subprocess
import unittest

import planted_bugs

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATCHES = sorted((ROOT / "proptests" / "planted_bugs").glob("*.patch"))


def result(name="bug", first=1, seeds=1, choices=None):
    return {"name": name, "first": first, "seeds": seeds, "choices": choices}


class SumsTest(unittest.TestCase):
    def test_each_start_counts_the_seeds_up_to_the_next_failure(self):
        self.assertEqual(planted_bugs.gaps([3, 4, 10]), [3, 1, 6])
        self.assertEqual(planted_bugs.gaps([12, 11], first=11), [1, 1])
        self.assertEqual(planted_bugs.gaps([]), [])

    def test_the_median_is_a_value_that_occurred(self):
        self.assertEqual(planted_bugs.median([9, 1, 4]), 4)
        self.assertEqual(planted_bugs.median([9, 1, 4, 5]), 4)
        self.assertIsNone(planted_bugs.median([]))

    def test_oracles_come_with_the_most_frequent_first(self):
        self.assertEqual(planted_bugs.most_frequent(["model", "peace", "model"]), "model 2, peace 1")
        self.assertEqual(planted_bugs.most_frequent(["model", "model"]), "model")

    def test_a_bug_that_is_not_found_is_a_problem(self):
        self.assertEqual(planted_bugs.problems([result()]), [])
        self.assertIn("not found", planted_bugs.problems([{"name": "bug", "seeds": None}])[0])
        self.assertIn("only after 2001", planted_bugs.problems([result(first=2001)])[0])
        self.assertIn("only after 2500", planted_bugs.problems([result(seeds=2500)])[0])

    def test_tapes_that_are_too_long_are_a_problem(self):
        short, long = result(choices=10), result(choices=11)
        self.assertEqual(planted_bugs.problems([short, short, long]), [])
        self.assertIn("11 choices", planted_bugs.problems([short, long, long])[0])

    def test_the_table_shows_what_is_not_known_as_a_dash(self):
        table = planted_bugs.markdown(("a", "b"), [(1, None)])
        self.assertEqual(table, "| a | b |\n|---|---|\n| 1 | - |")

    def test_only_what_stands_between_the_marks_is_replaced(self):
        text = "one\n<!-- t: begin -->\nold\n<!-- t: end -->\ntwo\n"
        self.assertEqual(planted_bugs.replace_between(text, "t", "new"),
                         "one\n<!-- t: begin -->\nnew\n<!-- t: end -->\ntwo\n")
        with self.assertRaises(ValueError):
            planted_bugs.replace_between(text, "u", "new")


class PatchesTest(unittest.TestCase):
    def test_there_are_at_least_25(self):
        self.assertGreaterEqual(len(PATCHES), 25)

    def test_each_says_what_it_does_and_what_it_is_like(self):
        for patch in PATCHES:
            with self.subTest(patch.stem):
                self.assertEqual(set(planted_bugs.header(patch.read_text())), {"bug", "like"})

    def test_each_changes_the_loop_or_the_server_and_nothing_else(self):
        for patch in PATCHES:
            changed = [line.split()[1] for line in patch.read_text().splitlines() if line.startswith("+++ ")]
            self.assertTrue(changed)
            for path in changed:
                with self.subTest(patch.stem, path=path):
                    self.assertRegex(path, r"\Ab/(loop|server)/")
                    self.assertNotRegex(path, r"_test(ing)?\.|CMakeLists")

    def test_each_still_applies(self):
        for patch in PATCHES:
            with self.subTest(patch.stem):
                done = subprocess.run(["patch", "-p1", "--dry-run", "--force", "-i", str(patch)], cwd=ROOT,
                                      capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
