"""Figures from rounds that went through the servers in turn: medians, ratios of pairs, and how far these spread."""
import math
import statistics

# Student's t for 95 %, by degrees of freedom; beyond the table it is near enough to the normal distribution's.
T95 = [0, 12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10,
       2.09]


def median(values):
    return statistics.median(values)


def spread(values):
    """Median, least, largest, and the 95 % confidence interval of the mean."""
    mean = statistics.fmean(values)
    half = 0.0
    if len(values) > 1:
        t = T95[len(values) - 1] if len(values) <= len(T95) else 1.96
        half = t * statistics.stdev(values) / math.sqrt(len(values))
    return {"median": median(values), "min": min(values), "max": max(values), "mean": mean,
            "ci95": [mean - half, mean + half]}


def pairs(numerators, denominators):
    return [a / b for a, b in zip(numerators, denominators)]


def above_bare(ours, redis, bare):
    """(ours - bare) / (redis - bare) of each round; None where redis is not measurably above the bare server."""
    ratios = [(a - c) / (b - c) for a, b, c in zip(ours, redis, bare) if b > c]
    return ratios if len(ratios) == len(ours) else None


class Table:
    """Prints rows under headings as they come."""

    def __init__(self, *columns):
        self.widths = [max(width, len(title)) for title, width in columns]
        print("  ".join(title.ljust(width) if i == 0 else title.rjust(width)
                        for i, ((title, _), width) in enumerate(zip(columns, self.widths))), flush=True)

    def row(self, *cells):
        print("  ".join(str(cell).ljust(width) if i == 0 else str(cell).rjust(width)
                        for i, (cell, width) in enumerate(zip(cells, self.widths))), flush=True)


def number(value, digits=2):
    return "-" if value is None else f"{value:,.{digits}f}"


def ratio_text(summary, digits=2):
    """"0.16 (0.15..0.18)": the median, the least and the largest."""
    if summary is None:
        return "-"
    return f"{summary['median']:.{digits}f} ({summary['min']:.{digits}f}..{summary['max']:.{digits}f})"
