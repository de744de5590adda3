"""Instructions per request of fixed workloads, counted by callgrind, beside those kept in bench/instructions.json.

The server runs with prepared requests and no kernel (still_world.h), so a count differs between runs by next to
nothing, on a busy machine too. It does differ between compilers: the kept counts say which one they are of.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

from figures import Table, number

KEPT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "instructions.json")
TOLERANCE = 1.03


def count(program, name):
    """Instructions per request."""
    with tempfile.TemporaryDirectory() as directory:
        command = ["valgrind", "--tool=callgrind", "--toggle-collect=*MeasuredTurns*", "--cache-sim=no",
                   f"--callgrind-out-file={directory}/out", program, name]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=True,
                              timeout=600)
    collected = re.search(r"Collected : (\d+)", done.stderr)
    return int(collected.group(1)) / int(done.stdout)


def compiler_of(build):
    with open(os.path.join(build, "CMakeCache.txt")) as cache:
        compiler = re.search(r"CMAKE_CXX_COMPILER:\w+=(.*)", cache.read()).group(1)
    return subprocess.run([compiler, "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()[0]


def run(fleet, options):
    program = os.path.join(fleet.build, "bench/fixed_workload")
    names = subprocess.run([program], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    if options.only:
        names = [name for name in names if name in options.only]
    kept = {}
    if os.path.exists(KEPT):
        with open(KEPT) as file:
            kept = json.load(file)
    compiler = compiler_of(fleet.build)
    print(f"instructions per request, {compiler}; kept: {kept.get('compiler', 'nothing')}\n")
    table = Table(("workload", 16), ("today", 10), ("kept", 10), ("ratio", 8))
    today = {}
    for name in names:
        today[name] = count(program, name)
        former = kept.get("instructions", {}).get(name)
        ratio = today[name] / former if former else None
        table.row(name, number(today[name], 1), number(former, 1), number(ratio, 3))
    if options.keep:
        with open(KEPT, "w") as file:
            counts = {**kept.get("instructions", {}), **{name: round(value, 1) for name, value in today.items()}}
            json.dump({"compiler": compiler, "instructions": counts}, file, indent=1)
            file.write("\n")
        return today
    slower = [name for name, value in today.items() if value > TOLERANCE * kept.get("instructions", {}).get(name, value)]
    if slower and compiler == kept.get("compiler"):
        sys.exit(f"more than {TOLERANCE - 1:.0%} above what is kept: {', '.join(slower)}")
    return today
