"""Interleaved rounds of our own load generator: what `mixed`, `large` and `latency` have in common."""
from contextlib import ExitStack

from figures import Table, median, number, pairs, ratio_text, spread
from load import reprise_load

FIELDS = ("cpu_us", "rps", "p50_us", "p99_us", "p999_us", "max_us")


def measure(fleet, server, options, words):
    before = server.cpu_ns()
    result = reprise_load(fleet.build, server.port, options.load_cpu, *words)
    if result["errors"]:
        raise SystemExit(f"{server.name} answered {result['errors']} errors to {words}")
    result["cpu_us"] = (server.cpu_ns() - before) / 1000 / result["requests"]
    return result


def compare(fleet, servers, options, words):
    """Medians of each server's rounds, and the ratio of its CPU time to redis-server's."""
    results = {server.name: [] for server in servers}
    for _ in range(options.rounds):
        for server in servers:
            results[server.name].append(measure(fleet, server, options, words))
    row = {}
    for name, rounds in results.items():
        row[name] = {field: median([one[field] for one in rounds]) for field in FIELDS}
        row[name]["cpu_us_rounds"] = [one["cpu_us"] for one in rounds]
    for name in results:
        row[name]["over_redis"] = spread(pairs(row[name]["cpu_us_rounds"], row["redis"]["cpu_us_rounds"]))
    return row


def table():
    return Table(("workload", 16), ("server", 10), ("CPU us", 9), ("/redis", 17), ("requests/s", 10), ("p50 us", 9),
                 ("p99 us", 9), ("p99.9 us", 9), ("max us", 10))


def print_row(printed, workload, row):
    for name, own in row.items():
        printed.row(workload, name, number(own["cpu_us"], 3), ratio_text(own["over_redis"]), number(own["rps"], 0),
                    number(own["p50_us"], 0), number(own["p99_us"], 0), number(own["p999_us"], 0),
                    number(own["max_us"], 0))


def run_all(fleet, options, prepare, workloads):
    """Starts all servers, prepares each by `prepare` (arguments of the load), runs `workloads` (name, arguments)."""
    rows = []
    with ExitStack() as stack:
        servers = [stack.enter_context(fleet.start(name)) for name in fleet.commands]
        for server in servers:
            reprise_load(fleet.build, server.port, options.load_cpu, *prepare)
        printed = table()
        for name, words in workloads:
            rows.append({"workload": name, "servers": compare(fleet, servers, options, words)})
            print_row(printed, name, rows[-1]["servers"])
    return rows
