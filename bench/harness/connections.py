"""Many idle connections beside 50 that work: bytes per idle connection, and what the active ones notice."""
import os
import subprocess
from contextlib import contextmanager

from figures import Table, median, number
from rounds import FIELDS, measure

HOLD_SECONDS_MAX = 120
PER_PROCESS = 15_000  # descriptors that one process may have


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
                 str(server.port), "--hold", str(share)], stdin=subprocess.PIPE, stdout=subprocess.PIPE))
            if not holders[-1].stdout.readline():
                raise SystemExit(f"could not open {share} connections to {server.name}")
        yield
    finally:
        for holder in holders:
            holder.stdin.close()
            holder.wait(HOLD_SECONDS_MAX)


def bytes_per_connection(fleet, name, count, options):
    """Growth of the resident set, with the connections just used."""
    with fleet.start(name, options=["--maxclients", str(count + 100)]) as server:
        server.call("PING")
        before = server.resident_bytes()
        with idle_connections(fleet, server, count, options):
            return (server.resident_bytes() - before) / count


def active_with(fleet, count, options):
    """Figures of 50 active connections beside `count` idle ones, of each server; the servers take turns."""
    words = ["GET {key}", "--requests", str(int(options.scale * 200_000)), "--connections", "50"]
    results = {name: [] for name in fleet.commands}
    for _ in range(options.rounds):
        for name in fleet.commands:
            with fleet.start(name, options=["--maxclients", str(count + 100)]) as server:
                with idle_connections(fleet, server, count, options):
                    results[name].append(measure(fleet, server, options, words))
    return {name: {field: median([one[field] for one in rounds]) for field in FIELDS}
            for name, rounds in results.items()}


def run(fleet, options):
    print("idle connections beside 50 active ones (GET, no pipeline)\n")
    table = Table(("idle", 7), ("server", 10), ("bytes each", 10), ("CPU us", 9), ("requests/s", 10), ("p50 us", 8),
                  ("p99 us", 8), ("p99.9 us", 9))
    rows = []
    for count in options.idle:
        active = active_with(fleet, count, options)
        for name, own in active.items():
            each = bytes_per_connection(fleet, name, count, options) if count else None
            rows.append({"idle": count, "server": name, "bytes_per_idle_connection": each, **own})
            table.row(count, name, number(each, 0), number(own["cpu_us"], 3), number(own["rps"], 0),
                      number(own["p50_us"], 0), number(own["p99_us"], 0), number(own["p999_us"], 0))
    return rows
