#!/usr/bin/env python3
"""Measures reprise-server beside redis-server and a bare epoll server, interleaved, and prints ratios.

The figure that counts is the server's CPU time per request, read from /proc/PID/schedstat around a run of
redis-benchmark: the server is pinned to one processor, the load to another. All servers run for the whole time, and the
rounds go through them in turn, so that a drift of the machine meets them alike. "above bare" is what a server spends
beyond bare_server, which parses nothing: (ours - bare) / (redis - bare).
"""
import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KEYS = 1_000_000


class Workload:
    def __init__(self, name, command, request_bytes, reply, requests, pipeline, prepare=()):
        self.name = name
        self.command = command              # redis-benchmark's words
        self.request_bytes = request_bytes  # of one request on the wire, for bare_server
        self.reply = reply                  # what bare_server answers
        self.requests = requests
        self.pipeline = pipeline
        self.prepare = prepare


KEY = "key:__rand_int__"


def bulk_bytes(words):
    words = [w.replace("__rand_int__", "0" * 12) for w in words]
    return len("*%d\r\n" % len(words)) + sum(len("$%d\r\n" % len(w)) + len(w) + 2 for w in words)


def workloads(pipelines):
    value = "xxx"
    ten = [word for _ in range(10) for word in (KEY, value)]
    table = [
        ("PING", ["PING"], "+PONG"),
        ("SET", ["SET", KEY, value], "+OK"),
        ("GET", ["GET", KEY], "$3\r\nxxx"),
        ("INCR", ["INCR", "counter:__rand_int__"], ":1"),
        ("MSET10", ["MSET"] + ten, "+OK"),
        ("MGET10", ["MGET"] + [KEY] * 10, "*10" + "\r\n$3\r\nxxx" * 10),
        ("SETEX", ["SET", KEY, value, "EX", "1000"], "+OK"),
        ("EXPIRE", ["EXPIRE", KEY, "1000"], ":1"),
        ("DEL", ["DEL", KEY], ":1"),
    ]
    for pipeline in pipelines:
        for name, words, reply in table:
            requests = 200_000 if pipeline == 1 else 2_000_000
            if name.endswith("10"):
                requests //= 5
            yield Workload(f"{name} P{pipeline}", words, bulk_bytes(words), reply, requests, pipeline)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, name, command, port, processor):
        self.name = name
        self.port = port
        self.process = subprocess.Popen(["taskset", "-c", str(processor)] + command, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    sys.exit(f"{name} does not listen on port {port}: {' '.join(command)}")

    def cpu_ns(self):
        with open(f"/proc/{self.process.pid}/schedstat") as stat:
            return int(stat.read().split()[0])

    def resident_bytes(self):
        with open(f"/proc/{self.process.pid}/statm") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def load(port, workload, processor, clients):
    command = ["taskset", "-c", str(processor), "redis-benchmark", "-p", str(port), "-c", str(clients), "-n",
               str(workload.requests), "-P", str(workload.pipeline), "-r", str(KEYS), "--csv"] + workload.command
    out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    last = out.strip().splitlines()[-1].rsplit('","', 7)
    fields = [field.strip('"') for field in last]
    return {"rps": float(fields[-7]), "p50_ms": float(fields[-4]), "p99_ms": float(fields[-2])}


def measure(server, workload, processor, clients):
    before = server.cpu_ns()
    result = load(server.port, workload, processor, clients)
    result["cpu_us"] = (server.cpu_ns() - before) / 1000 / workload.requests
    return result


def median(results, field):
    return statistics.median(result[field] for result in results)


def compare(servers, workload, arguments):
    results = {server.name: [] for server in servers}
    for _ in range(arguments.rounds):
        for server in servers:
            results[server.name].append(measure(server, workload, arguments.load_cpu, arguments.clients))
    row = {"workload": workload.name}
    for name, rounds in results.items():
        row[name] = {field: median(rounds, field) for field in ("cpu_us", "rps", "p50_ms", "p99_ms")}
        row[name]["cpu_us_all"] = [round(one["cpu_us"], 4) for one in rounds]
    ours, redis = row["reprise"]["cpu_us"], row["redis"]["cpu_us"]
    row["cpu_ratio"] = ours / redis
    if "bare" in row:
        bare = row["bare"]["cpu_us"]
        row["above_bare"] = (ours - bare) / (redis - bare) if redis > bare else None
        row["over_bare"] = ours / bare
    return row


def fill(port, keys, value_bytes):
    """Sets `keys` keys of 16 bytes, each once."""
    with socket.create_connection(("127.0.0.1", port)) as stream:
        value = b"v" * value_bytes
        for start in range(0, keys, 1000):
            batch = b"".join(b"*3\r\n$3\r\nSET\r\n$16\r\nkey:%012d\r\n$%d\r\n%s\r\n" % (i, value_bytes, value)
                             for i in range(start, min(start + 1000, keys)))
            stream.sendall(batch)
            wanted = 5 * (min(start + 1000, keys) - start)
            while wanted:
                wanted -= len(stream.recv(min(wanted, 65536)))


def memory_table(arguments):
    rows = []
    for value_bytes in (3, 32, 128):
        row = {"value_bytes": value_bytes}
        for name, command in commands(arguments):
            if name == "bare":
                continue
            worst = 0.0
            port = free_port()
            server = Server(name, [word.format(port=port) for word in command], port, arguments.server_cpu)
            before = server.resident_bytes()
            for keys in range(1_000_000, 2_000_001, 125_000):
                fill_range(port, keys, value_bytes)
                worst = max(worst, (server.resident_bytes() - before) / keys)
            server.stop()
            row[name] = worst
        rows.append(row)
        print("%10d %12.1f %12.1f" % (value_bytes, row["reprise"], row["redis"]), flush=True)
    return rows


FILLED = {}


def fill_range(port, keys, value_bytes):
    start = FILLED.get(port, 0)
    with socket.create_connection(("127.0.0.1", port)) as stream:
        value = b"v" * value_bytes
        for first in range(start, keys, 1000):
            batch = b"".join(b"*3\r\n$3\r\nSET\r\n$16\r\nkey:%012d\r\n$%d\r\n%s\r\n" % (i, value_bytes, value)
                             for i in range(first, min(first + 1000, keys)))
            stream.sendall(batch)
            wanted = 5 * (min(first + 1000, keys) - first)
            while wanted:
                wanted -= len(stream.recv(min(wanted, 65536)))
    FILLED[port] = keys


def commands(arguments):
    return [
        ("reprise", [arguments.server, "--port", "{port}"]),
        ("redis", ["redis-server", "--port", "{port}", "--save", "", "--appendonly", "no"]),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default=os.path.join(ROOT, "build/release/server/reprise-server"))
    parser.add_argument("--bare", default=os.path.join(ROOT, "build/release/bench/bare_server"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--pipelines", default="1,16,64")
    parser.add_argument("--only", default="", help="workloads whose name contains one of these words, comma-separated")
    parser.add_argument("--server-cpu", type=int, default=0)
    parser.add_argument("--load-cpu", type=int, default=1)
    parser.add_argument("--memory", action="store_true", help="bytes per key instead of CPU per request")
    parser.add_argument("--json", metavar="FILE", help="writes all figures there")
    arguments = parser.parse_args()

    if arguments.memory:
        print("%10s %12s %12s   bytes per key (16-byte keys), the worst from 1 to 2 million keys" %
              ("value", "reprise", "redis"))
        rows = memory_table(arguments)
    else:
        rows = cpu_table(arguments)
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(rows, file, indent=1)


def cpu_table(arguments):
    only = [word for word in arguments.only.split(",") if word]
    chosen = [w for w in workloads([int(p) for p in arguments.pipelines.split(",")])
              if not only or any(word in w.name for word in only)]
    servers = []
    for name, command in commands(arguments):
        port = free_port()
        servers.append(Server(name, [word.format(port=port) for word in command], port, arguments.server_cpu))
    print("CPU microseconds of the server per request; requests per second; medians of %d rounds" % arguments.rounds)
    print("%-12s %9s %9s %9s %9s %11s %11s %11s" %
          ("workload", "reprise", "redis", "bare", "ratio", "above bare", "reprise/s", "redis/s"))
    rows = []
    try:
        for server in servers:
            fill(server.port, KEYS, 3)
        for workload in chosen:
            port = free_port()
            bare = Server("bare", [arguments.bare, str(port), str(workload.request_bytes), workload.reply], port,
                          arguments.server_cpu)
            try:
                row = compare(servers + [bare], workload, arguments)
            finally:
                bare.stop()
            rows.append(row)
            print("%-12s %9.3f %9.3f %9.3f %9.2f %11.2f %11.0f %11.0f" %
                  (row["workload"], row["reprise"]["cpu_us"], row["redis"]["cpu_us"], row["bare"]["cpu_us"],
                   row["cpu_ratio"], row["above_bare"] if row["above_bare"] is not None else float("nan"),
                   row["reprise"]["rps"], row["redis"]["rps"]), flush=True)
    finally:
        for server in servers:
            server.stop()
    return rows


if __name__ == "__main__":
    main()
