"""Instructions of the server itself per request, without and with idle connections, counted by callgrind.

On a noisy machine `connections` can't tell a loss of 3 % from none. This can: it leaves the kernel out, and repeats to a
few in a thousand. What it can't see is the kernel's part and what idle connections do to the caches.
"""
import os
import re
import subprocess

from connections import idle_connections
from figures import Table, median, number
from load import reprise_load
from servers import Server

COUNTS = (0, 9_900)  # of 10,000 that a server takes as it is
REQUESTS = 20_000


def control(server, *words):
    subprocess.run(["callgrind_control", *words, str(server.process.pid)], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=True)


def dumped_instructions(directory):
    """The largest sum of the files that callgrind wrote; the others were written without counting."""
    sums = [0]
    for name in os.listdir(directory):
        if name.startswith("counts"):
            with open(os.path.join(directory, name)) as file:
                sums += [int(total) for total in re.findall(r"^(?:totals|summary): (\d+)", file.read(), re.MULTILINE)]
    return max(sums)


def count(fleet, idle, options):
    command = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=counts",
               *fleet.commands["reprise"]]
    with Server("reprise under callgrind", command, fleet.server_cpu) as server:
        with idle_connections(fleet, server, idle, options):
            words = ("GET {key}", "--requests", str(REQUESTS))
            reprise_load(fleet.build, server.port, options.load_cpu, *words)
            control(server, "-i", "on")
            reprise_load(fleet.build, server.port, options.load_cpu, *words)
            control(server, "-i", "off")
            control(server, "-d")
            return dumped_instructions(server.directory) / REQUESTS


def run(fleet, options):
    print(f"instructions of reprise-server per GET of a missing key, no pipeline, 50 connections; {options.rounds} rounds\n")
    rounds = {idle: [] for idle in COUNTS}
    for _ in range(options.rounds):
        for idle in COUNTS:
            rounds[idle].append(count(fleet, idle, options))
    table = Table(("idle", 8), ("median", 9), ("least", 9), ("most", 9))
    for idle, counts in rounds.items():
        table.row(f"{idle:,}", number(median(counts), 1), number(min(counts), 1), number(max(counts), 1))
    return [{"idle": idle, "instructions": counts} for idle, counts in rounds.items()]
