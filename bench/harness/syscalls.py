"""System calls per request without a pipeline, counted by strace."""
import subprocess
import time

from figures import Table, number
from load import redis_benchmark
from workloads import COMMANDS, Workload

REQUESTS = 50_000
SHOWN = ("read", "recvfrom", "write", "sendto", "sendmsg", "epoll_wait", "epoll_ctl", "clock_gettime")


def count_calls(server, workload, options):
    """The number of calls of each kind while the load runs."""
    tracer = subprocess.Popen(["strace", "-c", "-f", "-p", str(server.process.pid)], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
    time.sleep(1)  # until it has attached
    redis_benchmark(server.port, workload, options)
    tracer.terminate()
    report = tracer.communicate(timeout=30)[1]
    calls = {}
    for line in report.splitlines():
        words = line.split()  # % time, seconds, usecs/call, calls, [errors,] syscall
        if len(words) >= 5 and words[0].replace(".", "").isdigit() and words[-1] != "total":
            calls[words[-1]] = int(words[3])
    return calls


def run(fleet, options):
    print(f"system calls per request, {REQUESTS} requests, no pipeline\n")
    table = Table(("workload", 10), ("server", 10), *[(name, 8) for name in SHOWN], ("others", 8))
    rows = []
    for command in ("SET", "GET"):
        words, reply, _ = COMMANDS[command]
        for name in fleet.commands:
            with fleet.start(name) as server:
                calls = count_calls(server, Workload(command, words, reply, 1, REQUESTS), options)
            per_request = {call: count / REQUESTS for call, count in calls.items()}
            rows.append({"workload": command, "server": name, "calls_per_request": per_request})
            others = sum(count for call, count in per_request.items() if call not in SHOWN)
            table.row(command, name, *[number(per_request.get(call, 0), 3) for call in SHOWN], number(others, 3))
    return rows
