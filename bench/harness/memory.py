"""Bytes per key: growth of the resident set, as the worst over one to two million keys, and what an expiry adds."""
from figures import Table, number
from load import fill

KEYS_FIRST, KEYS_LAST, KEYS_STEP = 1_000_000, 2_000_000, 125_000
VALUE_BYTES = (3, 32, 128)
EXPIRE_SECONDS = 100_000


def bytes_per_key(fleet, name, value_bytes, expire_seconds):
    """Answers the worst, and the figure by number of keys."""
    with fleet.start(name) as server:
        before = server.resident_bytes()
        filled = 0
        points = {}
        for keys in range(KEYS_FIRST, KEYS_LAST + 1, KEYS_STEP):
            fill(server, filled, keys, value_bytes, expire_seconds)
            filled = keys
            points[keys] = (server.resident_bytes() - before) / keys
        return {"worst": max(points.values()), "at": points}


def measure(fleet, name, value_bytes):
    plain = bytes_per_key(fleet, name, value_bytes, 0)
    expiring = bytes_per_key(fleet, name, value_bytes, EXPIRE_SECONDS)
    return {"plain": plain, "expiring": expiring, "expiry": expiring["worst"] - plain["worst"]}


def run(fleet, options):
    print("bytes per key: growth of the resident set with 16-byte keys, the worst from 1 to 2 million keys; and what an "
          "expiry adds\n")
    names = list(fleet.commands)
    table = Table(("value", 6), *[(text, 10) for name in names for text in (name, "+ expiry")])
    rows = []
    for value_bytes in options.value_bytes or VALUE_BYTES:
        row = {"value_bytes": value_bytes, **{name: measure(fleet, name, value_bytes) for name in names}}
        rows.append(row)
        cells = [(row[name]["plain"]["worst"], row[name]["expiry"]) for name in names]
        table.row(value_bytes, *[number(figure, 1) for pair in cells for figure in pair])
    return rows
