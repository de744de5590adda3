#!/usr/bin/env python3
"""Tests of the mutator behind tools/mutants."""

import unittest

import mutator

SOURCE = '''#include "a < b"
// if (a < b) return;
int Count(std::span<const int> values, int limit) {
  int count = 0;
  for (const int value : values) {
    if (value < limit && value != 7) {
      ++count;
      continue;
    }
    Note("a < b", value);
    seen_ = true;
  }
  return count;
}
'''


def changes(source):
    return {(mutant.kind, mutant.before, mutant.after) for mutant in mutator.mutants_of("x.cc", source)}


class MutatorTest(unittest.TestCase):
    def test_operators_are_exchanged(self):
        found = changes(SOURCE)
        self.assertIn(("comparison", "if (value < limit && value != 7) {", "if (value <= limit && value != 7) {"), found)
        self.assertIn(("comparison", "if (value < limit && value != 7) {", "if (value < limit && value == 7) {"), found)
        self.assertIn(("operator", "if (value < limit && value != 7) {", "if (value < limit || value != 7) {"), found)
        self.assertIn(("operator", "++count;", "--count;"), found)

    def test_conditions_are_negated(self):
        self.assertIn(("condition", "if (value < limit && value != 7) {", "if (!(value < limit && value != 7)) {"),
                      changes(SOURCE))

    def test_statements_are_left_out(self):
        found = changes(SOURCE)
        self.assertIn(("dropped statement", 'Note("a < b", value);', 'if (false) Note("a < b", value);'), found)
        self.assertIn(("dropped statement", "seen_ = true;", "if (false) seen_ = true;"), found)
        self.assertIn(("dropped statement", "++count;", "if (false) ++count;"), found)
        self.assertNotIn("int count = 0;", {before for kind, before, _ in found if kind == "dropped statement"})

    def test_the_head_of_a_for_is_no_list_of_statements(self):
        found = changes("void F() {\n  for (int i = 0; i < Size(); ++i) {\n    Note(i);\n  }\n}\n")
        self.assertEqual({after for kind, _, after in found if kind == "dropped statement"}, {"if (false) Note(i);"})

    def test_each_has_a_name_of_its_own_though_lines_come_twice(self):
        mutants = mutator.mutants_of("x.cc", SOURCE.replace("++count;", "Note(1);") + SOURCE)
        self.assertEqual(len({mutator.name_of(mutant) for mutant in mutants}), len(mutants))

    def test_constants_and_jumps_are_changed(self):
        found = changes(SOURCE)
        self.assertIn(("constant", "int count = 0;", "int count = 1;"), found)
        self.assertIn(("constant", "seen_ = true;", "seen_ = false;"), found)
        self.assertIn(("jump", "continue;", "break;"), found)

    def test_comments_strings_includes_and_templates_stay_as_they_are(self):
        for kind, before, after in changes(SOURCE):
            with self.subTest(kind, after=after):
                self.assertNotIn("//", before)
                self.assertNotIn("#include", before)
                self.assertEqual(before.count('"a < b"'), after.count('"a < b"'))
                self.assertEqual(before.count("std::span<const int>"), after.count("std::span<const int>"))

    def test_the_lines_stay_where_they_are(self):
        for mutant in mutator.mutants_of("x.cc", SOURCE):
            text = mutator.mutated(SOURCE, mutant)
            self.assertEqual(text.count("\n"), SOURCE.count("\n"))
            self.assertEqual(text.splitlines()[mutant.line - 1].strip(), mutant.after)
            self.assertNotEqual(text, SOURCE)

    def test_which_are_drawn_does_not_hang_on_lines_elsewhere(self):
        def drawn(source, seed):
            order = mutator.in_drawn_order(mutator.mutants_of("x.cc", source), seed)
            return [mutator.name_of(mutant) for mutant in order]

        more = SOURCE + "int More() { return 1 + 2; }\n"
        before = drawn(SOURCE, 1)
        self.assertEqual([name for name in drawn(more, 1) if name in before], before)
        self.assertNotEqual(drawn(SOURCE, 2), before)

    def test_they_come_in_the_same_order_each_time(self):
        self.assertEqual(mutator.mutants_of("x.cc", SOURCE), mutator.mutants_of("x.cc", SOURCE))


if __name__ == "__main__":
    unittest.main()
