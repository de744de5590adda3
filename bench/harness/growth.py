"""No cliff: the largest turn of the loop while a table grows, is flushed, and a million keys expire in one second.

The CPU time of a turn is what tells, and beside it stands what the longest turn asked of the kernel's memory management:
page faults, and megabytes given back. Interrupts, and what the host of a virtual machine takes, are CPU time too: so
the bare server, which does nothing, is measured under the same load, without and with as much new memory for each
request as a key takes of ours. What a client saw is reported as well, but also holds what other processes did. That client is alone on its connection and has nothing to do with what goes on: it sends a GET every half
millisecond, or, where it is late, counts from when it should have. The load has a lower priority, so that both fit one processor.
"""
import json
import os
import subprocess
import time
from contextlib import contextmanager

from figures import Table, number
from load import reprise_load
from turns import TurnProbe
from workloads import COMMANDS, request_bytes

EXPIRING_KEYS = 1_000_000
BYTES_PER_KEY = 45
WATCHER_RATE = 2000
WATCHER_SECONDS_MAX = 120


def load(fleet, server, options, *words):
    return reprise_load(fleet.build, server.port, options.load_cpu, *words, nice=19)


@contextmanager
def watcher(fleet, server, options, result):
    """A client that looks on; puts what it saw into `result`."""
    process = subprocess.Popen(
        ["taskset", "-c", str(options.load_cpu), os.path.join(fleet.build, "bench/reprise-load"), "--port",
         str(server.port), "GET {key}", "--keys", "1000", "--connections", "1", "--rate", str(WATCHER_RATE),
         "--until-input-ends"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield
    finally:
        result.update(json.loads(process.communicate(timeout=WATCHER_SECONDS_MAX)[0]))


def set_keys(fleet, server, options):
    load(fleet, server, options, "SET {key} {value}", "--order", "sequential", "--keys", str(options.keys),
         "--requests", str(options.keys), "--connections", "4", "--pipeline", "16")


def grow(fleet, server, options):
    client = {}
    with watcher(fleet, server, options, client):
        set_keys(fleet, server, options)
    return client


def flush(fleet, server, options):
    client = {}
    with server.connect() as stream, watcher(fleet, server, options, client):
        time.sleep(0.2)
        stream.sendall(b"FLUSHALL\r\n")
        stream.settimeout(WATCHER_SECONDS_MAX)
        stream.recv(100)
        time.sleep(2)  # what is freed in the background
    return client


def expire(fleet, server, options, moment_ms):
    client = {}
    with watcher(fleet, server, options, client):
        time.sleep(max(0, moment_ms / 1000 - time.time()) + 4)
    return client


def set_expiring(fleet, server, options):
    """Sets keys that expire at the same moment, a few seconds from now; answers the moment."""
    moment_ms = int(time.time() * 1000) + 8000
    load(fleet, server, options, f"SET {{key}} {{value}} PXAT {moment_ms}", "--order", "sequential", "--keys",
         str(EXPIRING_KEYS), "--requests", str(EXPIRING_KEYS), "--connections", "4", "--pipeline", "16")
    return moment_ms


def run(fleet, options):
    print(f"the largest turn of the loop: growing to {options.keys:,} keys, FLUSHALL of them, {EXPIRING_KEYS:,} keys that "
          "expire at once\n")
    table = Table(("what", 10), ("server", 12), ("CPU ms", 9), ("faults", 8), ("back MB", 8), ("turns > 1 ms", 12),
                  ("client p50 us", 13), ("p99.9 us", 10), ("max ms", 9))
    rows = []

    def note(what, name, turns, more, client):
        rows.append({"what": what, "server": name, **turns, **more, "client": client})
        table.row(what, name, number(turns["cpu_ms_max"], 3), turns["longest_faults"],
                  number(turns["longest_given_back_mb"], 1), turns["turns_over_1ms"],
                  *([number(client["p50_us"], 0), number(client["p999_us"], 0), number(client["max_us"] / 1000, 1)]
                    if client else ["", "", ""]))

    def measure(what, step, *more):
        probe.take()
        client = step(fleet, server, options, *more)
        turns = probe.take()
        note(what, name, turns, {"keys_left": server.call("DBSIZE")}, client)

    words, reply, _ = COMMANDS["SET"]
    for name, fresh_bytes in (("bare", 0), ("bare+memory", BYTES_PER_KEY)):
        with TurnProbe(fleet.build) as probe, fleet.start_bare(request_bytes(words), reply, fresh_bytes,
                                                               probe.environment) as server:
            set_keys(fleet, server, options)
            note("growth", name, probe.take(), {"fresh_bytes": fresh_bytes}, None)
    for name in fleet.commands:
        with TurnProbe(fleet.build) as probe, fleet.start(name, probe.environment) as server:
            measure("growth", grow)
            measure("FLUSHALL", flush)
            moment_ms = set_expiring(fleet, server, options)
            measure("expiry", expire, moment_ms)
    return rows
