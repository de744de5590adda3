"""An event loop beside a thread for each connection: memory, and requests per second, at ten thousand connections.

Three servers answer PING: reprise-server, bare_server (the barest loop) and thread_server (the barest thread for each
connection, with the C library's stack size). All of a server's threads share one processor, so what is compared is the
cost of a request, not the number of processors; with more of them threads spread and one loop does not.

Memory is what N connections add: the resident set, the page tables, and the kernel's stacks of the threads (the growth
of KernelStack of the whole machine). The kernel's sockets are left out, since all servers have the same.
"""
import json
import os
import subprocess

from connections import idle_connections
from figures import Table, median, number
from workloads import COMMANDS, request_bytes

REQUESTS = 150_000
SECONDS_MAX = 60
CONNECTIONS = 10_000
MEMORY = ("resident", "page_tables", "kernel_stacks")
SPEED = ("rps_50", "cpu_us_50", "p99_us_50", "rps_all", "cpu_us_all", "p99_us_all")


def kernel_stack_bytes():
    with open("/proc/meminfo") as info:
        return next(int(line.split()[1]) * 1024 for line in info if line.startswith("KernelStack:"))


def memory(server):
    return (server.resident_bytes(), server.page_table_bytes(), kernel_stack_bytes())


def load(fleet, server, options, connections):
    """Figures from the moment when all connections stand."""
    process = subprocess.Popen(
        ["taskset", "-c", str(options.load_cpu), os.path.join(fleet.build, "bench/reprise-load"), "--port",
         str(server.port), "PING", "--connections", str(connections), "--requests", str(int(options.scale * REQUESTS)),
         "--seconds", str(SECONDS_MAX), "--ready"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if not process.stdout.readline():
        raise SystemExit(f"could not open {connections} connections to {server.name}")
    before = server.cpu_ns_of_all_threads()
    result = json.loads(process.communicate("\n", timeout=2 * SECONDS_MAX)[0])
    result["cpu_us"] = (server.cpu_ns_of_all_threads() - before) / 1000 / result["requests"]
    return result


def start(fleet, name):
    words, reply, _ = COMMANDS["PING"]
    if name == "threads":
        return fleet.start_threads(request_bytes(words), reply, 0)
    if name == "bare":
        return fleet.start_bare(request_bytes(words), reply)
    return fleet.start(name, options=["--maxclients", str(CONNECTIONS + 100)])


def measure(fleet, name, options):
    with start(fleet, name) as server:
        load(fleet, server, options, 1)
        before = memory(server)
        with idle_connections(fleet, server, CONNECTIONS, options):
            each = [(now - then) / CONNECTIONS for now, then in zip(memory(server), before)]
            count = server.thread_count()
            few = load(fleet, server, options, 50)
        everybody = load(fleet, server, options, CONNECTIONS)
    return {**dict(zip(MEMORY, each)), "threads": count, "rps_50": few["rps"], "cpu_us_50": few["cpu_us"],
            "p99_us_50": few["p99_us"], "rps_all": everybody["rps"], "cpu_us_all": everybody["cpu_us"],
            "p99_us_all": everybody["p99_us"]}


def run(fleet, options):
    print(f"{CONNECTIONS:,} connections, PING without a pipeline, each server on one processor; medians of "
          f"{options.rounds} rounds. Bytes are per connection. 50: so many work, the others are idle; all: all work.\n")
    names = ["reprise", "bare", "threads"]
    rounds = {name: [] for name in names}
    for _ in range(options.rounds):
        for name in names:
            rounds[name].append(measure(fleet, name, options))
    table = Table(("server", 9), ("threads", 8), ("resident", 9), ("page tables", 11), ("kernel stacks", 13),
                  ("50: req/s", 10), ("CPU us", 7), ("p99 ms", 7), ("all: req/s", 10), ("CPU us", 7), ("p99 ms", 7))
    rows = []
    for name in names:
        own = {field: median([one[field] for one in rounds[name]]) for field in MEMORY + SPEED}
        rows.append({"server": name, "threads": rounds[name][0]["threads"], **own})
        table.row(name, f"{rows[-1]['threads']:,}", *[number(own[field], 0) for field in MEMORY],
                  number(own["rps_50"], 0), number(own["cpu_us_50"], 2), number(own["p99_us_50"] / 1000, 1),
                  number(own["rps_all"], 0), number(own["cpu_us_all"], 2), number(own["p99_us_all"] / 1000, 1))
    return rows
