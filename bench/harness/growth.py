"""No cliff: the largest turn of the loop while a table grows, is flushed, and a million keys expire in one second.

The CPU time of a turn is what tells: the latency that a client saw is reported beside it, but also holds what other
processes of the machine did.
"""
import time

from figures import Table, number
from load import reprise_load
from turns import TurnProbe

EXPIRING_KEYS = 1_000_000


def load(fleet, server, options, *words):
    return reprise_load(fleet.build, server.port, options.load_cpu, *words)


def grow(fleet, server, options):
    return load(fleet, server, options, "SET {key} {value}", "--order", "sequential", "--keys", str(options.keys),
                "--requests", str(options.keys), "--connections", "4", "--pipeline", "16")


def watched(fleet, server, options, seconds, start):
    """A client that asks for one key after the other, while what `start` set off goes on."""
    start()
    return load(fleet, server, options, "GET {key}", "--keys", "1000", "--connections", "1", "--seconds", str(seconds))


def flush(fleet, server, options):
    with server.connect() as stream:
        return watched(fleet, server, options, 5, lambda: stream.sendall(b"FLUSHALL\r\n"))


def expire(fleet, server, options, moment_ms):
    seconds = max(0, moment_ms / 1000 - time.time()) + 5
    return watched(fleet, server, options, seconds, lambda: None)


def set_expiring(fleet, server, options):
    """Sets keys that expire at the same moment, a few seconds from now; answers the moment."""
    moment_ms = int(time.time() * 1000) + 8000
    load(fleet, server, options, f"SET {{key}} {{value}} PXAT {moment_ms}", "--order", "sequential", "--keys",
         str(EXPIRING_KEYS), "--requests", str(EXPIRING_KEYS), "--connections", "4", "--pipeline", "16")
    return moment_ms


def run(fleet, options):
    print(f"the largest turn of the loop: growing to {options.keys:,} keys, FLUSHALL of them, {EXPIRING_KEYS:,} keys that "
          "expire at once\n")
    table = Table(("what", 10), ("server", 10), ("CPU ms", 9), ("turns > 1 ms", 12), ("client p50 us", 13),
                  ("p99.9 us", 10), ("max ms", 9))
    rows = []

    def measure(what, step, *more):
        probe.take()
        client = step(fleet, server, options, *more)
        turns = probe.take()
        rows.append({"what": what, "server": name, "keys_left": server.call("DBSIZE"), **turns, "client": client})
        table.row(what, name, number(turns["cpu_ms_max"], 3), turns["turns_over_1ms"], number(client["p50_us"], 0),
                  number(client["p999_us"], 0), number(client["max_us"] / 1000, 1))

    for name in fleet.commands:
        with TurnProbe(fleet.build) as probe, fleet.start(name, probe.environment) as server:
            measure("growth", grow)
            measure("FLUSHALL", flush)
            moment_ms = set_expiring(fleet, server, options)
            measure("expiry", expire, moment_ms)
    return rows
