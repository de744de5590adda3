"""Many idle connections beside 50 that work: bytes per idle connection, and what the active ones notice of them.

Of each server two run side by side: one that holds the idle connections and one that holds none. Every round loads all
of them in turn, so "/none" compares two measurements that were taken a second apart. The row of 0 idle connections
compares a server with its like: how far its ratio is from 1 is what such a ratio is worth.
"""
import os
import resource
import subprocess
from contextlib import ExitStack, contextmanager

from figures import Table, median, number
from intervals import interval_text, ratio_interval
from rounds import FIELDS, measure

HOLD_SECONDS_MAX = 120
PER_PROCESS = 15_000  # idle connections that one process of the load holds
REQUESTS = 60_000     # of one round, about half a second
RESERVED = 200        # descriptors of a server that are not for idle connections


def possible(wanted):
    """As many connections as a server may hold here: nobody but the privileged raises the hard limit of descriptors."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return wanted if hard == resource.RLIM_INFINITY else max(0, min(wanted, hard - RESERVED))


@contextmanager
def idle_connections(fleet, server, count, options):
    """Keeps `count` connections open that were used once."""
    holders = []
    try:
        while count > 0:
            share = min(count, PER_PROCESS)
            count -= share
            holders.append(subprocess.Popen(
                ["taskset", "-c", str(options.load_cpu), os.path.join(fleet.build, "bench/reprise-load"), "--port",
                 str(server.port), "--hold", str(share), "--source", str(1 + len(holders))], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE))
            if not holders[-1].stdout.readline():
                raise SystemExit(f"could not open {share} connections to {server.name}")
        yield
    finally:
        for holder in holders:
            holder.stdin.close()
            holder.wait(HOLD_SECONDS_MAX)


class Crowd:
    """One server with its idle connections, and what was measured of it."""

    def __init__(self, fleet, name, count, options, stack):
        self.name = name
        self.count = count
        self.rounds = []
        self.server = stack.enter_context(fleet.start(name, options=["--maxclients", str(count + RESERVED - 40)]))
        self.load(fleet, options)  # what any load makes it allocate is not the idle ones' doing
        self.before = self.server.resident_bytes()
        stack.enter_context(idle_connections(fleet, self.server, count, options))
        self.just_used = self.bytes_each()

    def bytes_each(self):
        return (self.server.resident_bytes() - self.before) / self.count if self.count else None

    def load(self, fleet, options):
        words = ["GET {key}", "--requests", str(int(options.scale * REQUESTS)), "--connections", "50"]
        return measure(fleet, self.server, options, words)

    def series(self, field):
        return [one[field] for one in self.rounds]


def measure_count(fleet, count, options):
    """The rows of one number of idle connections."""
    with ExitStack() as stack:
        pairs = [(Crowd(fleet, name, 0, options, stack), Crowd(fleet, name, count, options, stack))
                 for name in fleet.commands]
        for turn in range(options.rounds):
            for pair in pairs:
                for crowd in pair if turn % 2 == 0 else reversed(pair):
                    crowd.rounds.append(crowd.load(fleet, options))
        return [{"idle": count, "server": full.name, "bytes_just_used": full.just_used,
                 "bytes_later": full.bytes_each(), **{field: median(full.series(field)) for field in FIELDS},
                 "cpu_over_none": ratio_interval(full.series("cpu_us"), none.series("cpu_us")),
                 "rps_over_none": ratio_interval(full.series("rps"), none.series("rps"))} for none, full in pairs]


def run(fleet, options):
    print(f"idle connections beside 50 active ones (GET, no pipeline); medians of {options.rounds} rounds, in brackets "
          "95 % intervals\n")
    table = Table(("idle", 7), ("server", 8), ("bytes each", 10), ("later", 7), ("CPU us", 8),
                  ("CPU/none", 22), ("requests/s", 10), ("rate/none", 22), ("p50 us", 7), ("p99 us", 7),
                  ("p99.9 us", 8))
    rows = []
    for wanted in options.idle:
        count = possible(wanted)
        if count < wanted:
            print(f"{wanted:,} wanted: a server may have {count + RESERVED:,} descriptors here, so {count:,} are taken")
        for row in measure_count(fleet, count, options):
            rows.append(row)
            table.row(f"{count:,}", row["server"], number(row["bytes_just_used"], 0), number(row["bytes_later"], 0),
                      number(row["cpu_us"], 3), interval_text(row["cpu_over_none"]), number(row["rps"], 0),
                      interval_text(row["rps_over_none"]), number(row["p50_us"], 0), number(row["p99_us"], 0),
                      number(row["p999_us"], 0))
    return rows
