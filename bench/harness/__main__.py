"""The benchmarks of Reprise: reprise-server beside redis-server and a bare epoll server, in the same run.

    tools/bench [MODE] [OPTION...]
"""
import argparse
import datetime
import importlib
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MODES = {
    "cpu": "CPU time per request, requests per second, latencies (the default)",
    "memory": "bytes per key, and what an expiry adds",
    "startup": "time to ready, size of the program",
    "syscalls": "system calls per request",
    "growth": "no cliff: the largest turn of the loop while a table grows, is flushed, expires",
    "large": "values of 1 MB, in and out",
    "mixed": "90 % GET and 10 % SET with Zipf-distributed keys",
    "latency": "latency against offered load",
    "connections": "many idle connections beside 50 that work",
    "idle_instructions": "instructions of the server per request, without and with 9,900 idle connections",
    "fairness": "how long a lone GET waits beside a pipeline of a million commands, and beside a connect flood",
    "threads": "10,000 connections: an event loop beside a thread for each connection",
    "instructions": "instruction counts of fixed workloads, compared with those kept in bench/instructions.json",
    "plot": "draws docs/plots from files written by --json",
}
ROUNDS = {"connections": 12, "cpu": 4, "fairness": 7}


def parse(words):
    modes = "\n".join(f"  {name:19}{text}" for name, text in MODES.items())
    parser = argparse.ArgumentParser(prog="tools/bench", description=f"{__doc__}\nmodes:\n{modes}",
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", nargs="?", default="cpu", choices=MODES, metavar="MODE")
    parser.add_argument("--build", type=os.path.abspath, default=os.path.join(ROOT, "build/release"), help="the build to measure")
    parser.add_argument("--rounds", type=int, help="how often; each mode has a number of its own")
    parser.add_argument("--paired-rounds", type=int, default=21, help="cpu: rounds of the part without a pipeline")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--pipelines", type=lambda text: [int(word) for word in text.split(",")], default=[1, 16, 64])
    parser.add_argument("--only", type=lambda text: text.split(","), default=[],
                        help="some workloads only: names such as SET, P16, 'SET P16', separated by commas")
    parser.add_argument("--scale", type=float, default=1.0, help="times as many requests a round")
    parser.add_argument("--value-bytes", type=lambda text: [int(word) for word in text.split(",")], default=[])
    parser.add_argument("--keys", type=int, default=3_000_000, help="growth: so many keys")
    parser.add_argument("--idle", type=lambda text: [int(word) for word in text.split(",")], default=[0, 1000, 10000, 50000],
                        help="connections: so many idle ones")
    parser.add_argument("--also", action="append", default=[], metavar="NAME=COMMAND",
                        help="another server to measure, {port} stands for its port; may be repeated")
    parser.add_argument("--server-cpu", type=int, default=0)
    parser.add_argument("--load-cpu", type=int, default=1)
    parser.add_argument("--json", metavar="FILE", help="writes all figures there")
    parser.add_argument("--plot", action="store_true", help="latency, cpu: draws docs/plots as well")
    parser.add_argument("--keep", action="store_true", help="instructions: keeps today's counts")
    parser.add_argument("files", nargs="*", help="plot: the files to draw")
    return parser.parse_args(words)


def taken():
    """When, and how busy the machine was: a figure is worth no more than that."""
    return f"{datetime.date.today()}, {os.cpu_count()} processors, load average {os.getloadavg()[1]:.1f}"


def main():
    from servers import Fleet
    options = parse(sys.argv[1:])
    options.rounds = options.rounds or ROUNDS.get(options.mode, 3)
    fleet = Fleet(options.build, options.server_cpu, options.also)
    rows = importlib.import_module(options.mode).run(fleet, options)
    kept = {"mode": options.mode, "taken": taken(), "rows": rows}
    if options.json:
        with open(options.json, "w") as file:
            json.dump(kept, file, indent=1)
            file.write("\n")
    if options.plot:
        importlib.import_module("plot").draw_kept(kept)


if __name__ == "__main__":
    main()
