"""CPU time per request without a pipeline, as ratios to the bare server with 95 % intervals.

What makes ratios of a few percent hold where other programs and other virtual machines use the same hardware:

- Rounds are short, a fifth of a second, and there are many of them. A processor is faster or slower by a fifth for
  seconds at a time, by what its other half is doing; two measurements that follow each other at once meet the same.
- The ratio is taken within each round, and the order of the servers changes from round to round.
- The interval is of the median (intervals.py), which a round that was interrupted does not move.
- Each is measured with the load on a processor of its own and with the load on the server's processor. On two, how many
  requests one wait finds follows from how fast the load happens to be, and every wake-up goes from one processor to the
  other; on one, server and load take turns, and the figures repeat several times better.
- A second bare server is measured like the others: how far its ratio is from 1 is what such a ratio is worth here.
"""
from contextlib import ExitStack

from figures import Table, median, number
from intervals import interval_text, ratio_interval
from load import fill, reprise_load
from workloads import COMMANDS, KEYS, request_bytes

REQUESTS = 20_000
REQUEST_TEXTS = {"PING": "PING", "SET": "SET {key} {value}", "GET": "GET {key}"}


def in_turn(servers, turn):
    first = turn % len(servers)
    return servers[first:] + servers[:first]


def measure(fleet, server, text, processor, options):
    before = server.cpu_ns()
    result = reprise_load(fleet.build, server.port, processor, text, "--requests", str(int(options.scale * REQUESTS)),
                          "--connections", str(options.clients), "--keys", str(KEYS))
    return (server.cpu_ns() - before) / 1000 / result["requests"]


def compare(fleet, servers, text, processor, options):
    """CPU microseconds per request of each round, by server."""
    series = {server.name: [] for server in servers}
    for turn in range(options.paired_rounds):
        for server in in_turn(servers, turn):
            series[server.name].append(measure(fleet, server, text, processor, options))
    return series


def start_all(fleet, stack):
    servers = [stack.enter_context(fleet.start(name)) for name in fleet.commands]
    for server in servers:
        fill(server, 0, KEYS, 3)
    return servers


def start_bare(fleet, command, stack):
    words, reply, _ = COMMANDS[command]
    bares = [stack.enter_context(fleet.start_bare(request_bytes(words), reply)) for _ in range(2)]
    bares[1].name = "bare again"
    return bares


def run_paired(fleet, options):
    commands = [command for command in REQUEST_TEXTS if not options.only or {command, f"{command} P1", "P1"} & {
        *options.only}]
    if 1 not in options.pipelines or not commands:
        return []
    print(f"CPU microseconds of the server per request without a pipeline, {options.clients} connections, "
          f"{options.paired_rounds} paired rounds; ratios with 95 % intervals of their median\n")
    table = Table(("workload", 8), ("load on", 12), ("ours", 7), ("redis", 7), ("bare", 7), ("ours/bare", 22),
                  ("ours/redis", 22), ("redis/bare", 22), ("bare again/bare", 22))
    rows = []
    with ExitStack() as stack:
        servers = start_all(fleet, stack)
        for command in commands:
            with ExitStack() as inner:
                measured = servers + start_bare(fleet, command, inner)
                for where, processor in (("its own CPU", options.load_cpu), ("the server's", options.server_cpu)):
                    series = compare(fleet, measured, REQUEST_TEXTS[command], processor, options)
                    rows.append(row := {"workload": f"{command} paired", "load_on": where, "cpu_us": series})
                    for over in (("reprise", "bare"), ("reprise", "redis"), ("redis", "bare"), ("bare again", "bare")):
                        row["/".join(over)] = ratio_interval(*(series[name] for name in over))
                    table.row(command, where, *[number(median(series[name]), 2) for name in ("reprise", "redis", "bare")],
                              *[interval_text(row[key]) for key in ("reprise/bare", "reprise/redis", "redis/bare",
                                                                    "bare again/bare")])
    print()
    return rows
