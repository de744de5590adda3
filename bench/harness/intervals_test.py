#!/usr/bin/env python3
"""What the intervals of benchmarks promise."""
import random
import unittest

from intervals import interval, rank_of, ratio_interval


class IntervalTest(unittest.TestCase):
    def test_ranks_are_those_of_the_binomial_distribution(self):
        # From tables of the sign test at 5 %, two-sided.
        self.assertEqual([rank_of(n) for n in (5, 6, 9, 12, 15, 20, 25)], [0, 1, 2, 3, 4, 6, 8])

    def test_one_round_that_is_far_off_does_not_move_it(self):
        calm = interval([1.0] * 11 + [1.01])
        self.assertEqual(interval([1.0] * 11 + [50.0])["high"], calm["low"])

    def test_covers_the_true_median_in_95_of_100_trials_or_more(self):
        draw = random.Random(7)
        covered = 0
        for _ in range(2000):
            summary = interval([draw.lognormvariate(0, 0.3) for _ in range(20)])
            covered += summary["low"] <= 1 <= summary["high"]
        self.assertGreaterEqual(covered, 0.94 * 2000)
        self.assertLess(covered, 0.985 * 2000)  # nor is it wider than it needs to be

    def test_ratios_are_of_the_same_round(self):
        summary = ratio_interval([2, 4, 8, 16, 32, 64], [1, 2, 4, 8, 16, 32])
        self.assertEqual((summary["low"], summary["median"], summary["high"]), (2, 2, 2))
        with self.assertRaises(ValueError):
            ratio_interval([1, 2], [1])


if __name__ == "__main__":
    unittest.main()
