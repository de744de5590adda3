#!/usr/bin/env python3
"""tools/determinism, with programs in the place of reprise-sim that print what they are told.

    determinism_test.py
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parent / "determinism"

FAKE = """#!/bin/sh
case "$1" in
  run) {hashes} ;;
  replay) while [ $# -gt 1 ]; do [ "$1" = --steps ] && echo "steps of {name}" > "$2"; shift; done ;;
  diff) echo "the runs part after 3 recorded steps: $(cat "$2") and $(cat "$3")" ;;
esac
"""


class DeterminismTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def fake(self, name, hashes):
        path = pathlib.Path(self.folder.name) / name
        lines = "; ".join(f"echo {seed} {value}" for seed, value in hashes.items()) or ":"
        path.write_text(FAKE.format(name=name, hashes=lines))
        path.chmod(0o755)
        return str(path)

    def compare(self, *programs):
        return subprocess.run([sys.executable, TOOL, *programs], capture_output=True, text=True, timeout=60,
                              check=False)

    def test_equal_hashes_are_fine(self):
        done = self.compare(*(self.fake(name, {1: "aa", 2: "bb"}) for name in ("one", "two", "three")))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("2 of 2 seeds"), 2)

    def test_the_first_seed_that_differs_is_shown_step_by_step(self):
        done = self.compare(self.fake("one", {9: "aa", 10: "bb"}), self.fake("two", {9: "ab", 10: "bc"}))
        self.assertEqual(done.returncode, 1)
        self.assertIn("seed 9 is not the same", done.stdout)
        self.assertIn("part after 3 recorded steps: steps of one and steps of two", done.stdout)

    def test_a_seed_that_one_build_does_not_finish_is_a_difference(self):
        done = self.compare(self.fake("one", {1: "aa", 2: "bb"}), self.fake("two", {1: "aa"}))
        self.assertEqual(done.returncode, 1)
        self.assertIn("1 of 2 seeds", done.stdout)

    def test_a_program_that_prints_nothing_is_not_taken_for_agreement(self):
        self.assertEqual(self.compare(self.fake("one", {}), self.fake("two", {})).returncode, 2)
        self.assertEqual(self.compare(self.fake("one", {1: "aa"})).returncode, 2)

    def test_a_program_that_is_not_there_is_named(self):
        done = self.compare(self.fake("one", {1: "aa"}), "/nowhere/reprise-sim")
        self.assertEqual((done.returncode, done.stderr), (2, "tools/determinism: there is no program "
                                                             "/nowhere/reprise-sim\n"))


if __name__ == "__main__":
    unittest.main()
