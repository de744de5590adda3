"""What planted-bugs works out: from the seeds that failed, how long it takes to find a bug, and the tables."""

import statistics

LIMIT_SEEDS = 2000
LIMIT_CHOICES = 10


def gaps(seeds, first=1):
    """From each start (the first seed, and the one behind each failure) the number of seeds up to the next failure."""
    result = []
    start = first
    for seed in sorted(seeds):
        result.append(seed - start + 1)
        start = seed + 1
    return result


def median(values):
    """The middle value; of two in the middle the lower. None for no values."""
    return statistics.median_low(values) if values else None


def most_frequent(names):
    """The most frequent first, with counts where there are several: "model, no progress 1"."""
    counts = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(name if len(ordered) == 1 else f"{name} {count}" for name, count in ordered)


def header(patch_text):
    """The lines "Bug: ..." and "Like: ..." of a patch, as a dict with the keys bug and like."""
    facts = {}
    for line in patch_text.splitlines():
        if line.startswith("--- "):
            break
        key, separator, value = line.partition(": ")
        if separator and key in ("Bug", "Like"):
            facts[key.lower()] = value
    return facts


def problems(results, limit_seeds=LIMIT_SEEDS, limit_choices=LIMIT_CHOICES):
    """What makes the command fail, a sentence each."""
    found = []
    for result in results:
        if result.get("seeds") is None:
            found.append(f"{result['name']}: not found within {limit_seeds} seeds")
        elif result["first"] > limit_seeds or result["seeds"] > limit_seeds:
            found.append(f"{result['name']}: found only after {max(result['first'], result['seeds'])} seeds")
    choices = [result["choices"] for result in results if result.get("choices") is not None]
    middle = median(choices)
    if middle is not None and middle > limit_choices:
        found.append(f"half of the shrunk tapes have {middle} choices or more, and {limit_choices} is the limit")
    return found


def markdown(columns, rows):
    """A table; None is shown as a dash."""
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for row in rows:
        lines.append("| " + " | ".join("-" if cell is None else str(cell) for cell in row) + " |")
    return "\n".join(lines)


def found_table(results):
    rows = [(result["name"], result.get("oracle"), result.get("sweep"), result.get("seeds"), result.get("choices"),
             result.get("operations")) for result in results]
    return markdown(("bug", "found by", "sweep", "seeds to find", "choices", "operations"), rows)


def groups_table(results, groups):
    rows = [[result["name"], result.get("seeds")] + [result["without"].get(group) for group in groups]
            for result in results if result.get("without") is not None]
    return markdown(["bug", "all faults"] + [f"no {group}" for group in groups], rows)


def replace_between(text, name, content):
    """The text with what stands between the marks of `name` replaced. Raises ValueError where they are missing."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise ValueError(f"the marks of {name} are missing")
    return text[:text.index(begin) + len(begin)] + "\n" + content + "\n" + text[text.index(end):]
