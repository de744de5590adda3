"""CPU time of the server per request, beside redis-server and a server that parses nothing.

First PING, SET and GET without a pipeline, in many short paired rounds (paired.py), since there it is a few percent that
count; then all workloads at each depth, with redis-benchmark.

All servers run for the whole time on one processor, the load on another, and each round goes through the servers in
turn, so that a drift of the machine meets them alike. The time is what the scheduler counted for the process, read from
/proc/PID/schedstat around a run of the load. "above bare" is (ours - bare) / (redis - bare).
"""
from contextlib import ExitStack

from figures import Table, above_bare, median, number, pairs, ratio_text, spread
from load import fill, redis_benchmark
from paired import in_turn, run_paired
from workloads import KEYS, workloads

FIELDS = ("cpu_us", "rps", "p50_ms", "p99_ms", "max_ms")


def measure(server, workload, options):
    before = server.cpu_ns()
    result = redis_benchmark(server.port, workload, options)
    result["cpu_us"] = (server.cpu_ns() - before) / 1000 / workload.requests
    return result


def compare(servers, workload, options):
    """Runs the rounds; answers the figures of each server and the ratios of the first of them."""
    results = {server.name: [] for server in servers}
    for turn in range(options.rounds):
        for server in in_turn(servers, turn):
            results[server.name].append(measure(server, workload, options))
    row = {"workload": workload.name}
    for name, rounds in results.items():
        row[name] = {field: median([one[field] for one in rounds]) for field in FIELDS}
        row[name]["cpu_us_rounds"] = [round(one["cpu_us"], 4) for one in rounds]
    cpu = {name: row[name]["cpu_us_rounds"] for name in results}
    for name in results:
        if name in ("redis", "bare"):
            continue
        row[name]["over_redis"] = spread(pairs(cpu[name], cpu["redis"]))
        row[name]["over_bare"] = spread(pairs(cpu[name], cpu["bare"]))
        above = above_bare(cpu[name], cpu["redis"], cpu["bare"])
        row[name]["above_bare"] = spread(above) if above else None
    return row


def print_row(table, row, names):
    for name in names:
        own = row[name]
        table.row(row["workload"] if name == names[0] else f"  {name}", number(own["cpu_us"], 3),
                  number(row["redis"]["cpu_us"], 3), number(row["bare"]["cpu_us"], 3), ratio_text(own["over_redis"]),
                  ratio_text(own["above_bare"]), ratio_text(own["over_bare"]), number(own["rps"], 0),
                  number(row["redis"]["rps"], 0), number(own["p50_ms"], 2), number(own["p99_ms"], 2),
                  number(row["redis"]["p99_ms"], 2))


def run(fleet, options):
    return run_paired(fleet, options) + run_all(fleet, options)


def run_all(fleet, options):
    names = [name for name in fleet.commands if name != "redis"]
    print(f"CPU microseconds of the server per request; medians of {options.rounds} rounds, in brackets the least and "
          "the largest\n")
    table = Table(("workload", 12), ("ours", 7), ("redis", 7), ("bare", 7), ("ours/redis", 17), ("above bare", 17),
                  ("ours/bare", 17), ("ours/s", 10), ("redis/s", 10), ("p50 ms", 7), ("p99 ms", 7), ("redis p99", 9))
    rows = []
    with ExitStack() as stack:
        servers = [stack.enter_context(fleet.start(name)) for name in names + ["redis"]]
        for server in servers:
            fill(server, 0, KEYS, 3)
        for workload in workloads(options.pipelines, options.only, options.scale):
            with fleet.start_bare(workload.request_bytes, workload.reply) as bare:
                rows.append(compare(servers + [bare], workload, options))
            print_row(table, rows[-1], names)
    return rows
