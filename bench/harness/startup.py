"""From the start of the process to the first connection that is taken, and the size of the program."""
import os
import subprocess
import tempfile

from figures import Table, number, spread


def stripped_bytes(path):
    with tempfile.NamedTemporaryFile() as file:
        subprocess.run(["strip", "-o", file.name, path], check=True)
        return os.path.getsize(file.name)


def run(fleet, options):
    print("startup: milliseconds until a connection is accepted; the program's size, stripped\n")
    table = Table(("server", 10), ("median ms", 10), ("max ms", 10), ("MB", 8))
    rows = []
    for name, command in fleet.commands.items():
        times = []
        for _ in range(max(options.rounds, 10)):
            with fleet.start(name) as server:
                times.append(server.ready_seconds * 1000)
        program = subprocess.run(["which", command[0]], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        size = stripped_bytes(program)
        rows.append({"server": name, "ready_ms": spread(times), "stripped_bytes": size})
        table.row(name, number(rows[-1]["ready_ms"]["median"], 1), number(max(times), 1), number(size / 1e6, 2))
    return rows
