"""Fairness: how long a lone GET waits while others ask for as much as they can.

One client sends a GET, waits for the answer, and sends the next. Beside it: nobody; one client with a pipeline of a
million PINGs, again and again; twenty of them; a flood of connections that are opened and reset as fast as it goes. The
hostile ones run on the load's processor with the lowest priority, so that the GETs wait for the server and not for them.
"turn us" is the CPU time of the longest turn of the server's loop (median over the rounds), which no other process
lengthens; "busy" is the share of its processor that the server used. proptests/fairness_test.cc holds the same as a bound, in turns and commands, where time is exact.
"""
import json
import os
import subprocess
import time
from contextlib import contextmanager

from figures import Table, median, number
from load import reprise_load
from turns import TurnProbe

SECONDS = 1.0
SETTLE_SECONDS = 0.4  # until the first pipeline is under way
PIPELINE = 1_000_000
FLOOD_AT_A_TIME = 400  # below the backlog of 511, so that nearly every one gets through
HOSTILE = {
    "nobody": (),
    "a pipeline of 1,000,000": ("PING", "--connections", "1", "--pipeline", str(PIPELINE), "--seconds"),
    "20 pipelines of 100,000": ("PING", "--connections", "20", "--pipeline", str(PIPELINE // 10), "--seconds"),
    "a connect flood": ("--flood", str(FLOOD_AT_A_TIME)),
}
FIELDS = ("p50_us", "p99_us", "p999_us", "max_us", "turn_us", "busy", "hostile_per_second")


@contextmanager
def beside(fleet, server, options, words, counts):
    """Runs the hostile client meanwhile; adds what it got done per second to `counts`."""
    if not words:
        yield
        return
    if words[-1] == "--seconds":
        words += (str(SETTLE_SECONDS + SECONDS + 0.3),)
    started = time.monotonic()
    hostile = subprocess.Popen(
        ["taskset", "-c", str(options.load_cpu), "nice", "-n", "19", os.path.join(fleet.build, "bench/reprise-load"),
         "--port", str(server.port), *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    time.sleep(SETTLE_SECONDS)
    try:
        yield
    finally:
        report = json.loads(hostile.communicate(timeout=60)[0])
        done = report.get("requests", report.get("connected"))
        counts.append(done / (time.monotonic() - started))


def ask(fleet, server, probe, options, words):
    counts = []
    with beside(fleet, server, options, words, counts):
        probe.take()
        cpu, wall = server.cpu_ns(), time.monotonic_ns()
        result = reprise_load(fleet.build, server.port, options.load_cpu, "GET {key}", "--connections", "1", "--seconds",
                              str(SECONDS))
        result["busy"] = 100 * (server.cpu_ns() - cpu) / (time.monotonic_ns() - wall)
        result["turn_us"] = probe.take()["cpu_ms_max"] * 1000
    result["hostile_per_second"] = counts[0] if counts else 0
    return result


def run(fleet, options):
    print(f"how long a lone GET waits beside others; medians of {options.rounds} rounds of {SECONDS:.0f} s\n")
    table = Table(("beside", 24), ("server", 8), ("p50 us", 8), ("p99 us", 9), ("p99.9 us", 9), ("max us", 9),
                  ("worst us", 9), ("turn us", 8), ("busy", 5), ("others' work/s", 14))
    rows = []
    for beside_whom, words in HOSTILE.items():
        rounds = {name: [] for name in fleet.commands}
        for _ in range(options.rounds):
            for name in fleet.commands:
                with TurnProbe(fleet.build) as probe, fleet.start(name, probe.environment) as server:
                    rounds[name].append(ask(fleet, server, probe, options, words))
        for name, results in rounds.items():
            own = {field: median([one[field] for one in results]) for field in FIELDS}
            worst = max(one["max_us"] for one in results)
            rows.append({"beside": beside_whom, "server": name, "worst_us": worst, **own})
            table.row(beside_whom, name, number(own["p50_us"], 0), number(own["p99_us"], 0), number(own["p999_us"], 0),
                      number(own["max_us"], 0), number(worst, 0), number(own["turn_us"], 0), f"{own['busy']:.0f} %",
                      number(own["hostile_per_second"], 0))
    return rows
