"""95 % intervals of paired ratios, without a guess at how the figures are distributed.

A machine that others use gives a few rounds that are far off, to one side. The median of the ratios of all pairs of a
round hardly notices them, and how sure it is follows from the order of the ratios alone: of n independent rounds the
true median lies between the k-th smallest and the k-th largest but with the probability that a fair coin shows fewer
than k heads in n throws, twice.
"""
import math
import statistics

CONFIDENCE = 0.95


def rank_of(count):
    """The largest k whose interval, from the k-th smallest to the k-th largest, is at least so sure; 0: there is none."""
    tail, rank = 0.0, 0
    for k in range(1, count // 2 + 1):
        tail += math.comb(count, k - 1) / 2 ** count
        if 1 - 2 * tail < CONFIDENCE:
            break
        rank = k
    return rank


def interval(values):
    """Median and its 95 % interval; with under 6 values the least and the largest, which are less sure than that."""
    ordered = sorted(values)
    rank = max(1, rank_of(len(ordered)))
    return {"median": statistics.median(ordered), "low": ordered[rank - 1], "high": ordered[-rank],
            "min": ordered[0], "max": ordered[-1], "rounds": len(ordered)}


def ratio_interval(numerators, denominators):
    """Of the ratio of two servers; the two lists hold the rounds in the same order."""
    return interval([a / b for a, b in zip(numerators, denominators, strict=True)])


def interval_text(summary, digits=3):
    """"0.991 [0.985, 0.998]"."""
    return f"{summary['median']:.{digits}f} [{summary['low']:.{digits}f}, {summary['high']:.{digits}f}]"
