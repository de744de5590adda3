"""Loads: redis-benchmark, our own generator (load.cc), and keys put in place before a measurement."""
import csv
import json
import os
import subprocess

from workloads import KEYS

LOAD_SECONDS_MAX = 300


def redis_benchmark(port, workload, options):
    """Runs redis-benchmark and answers requests per second and latencies in milliseconds."""
    command = ["taskset", "-c", str(options.load_cpu), "redis-benchmark", "-p", str(port), "-c", str(options.clients),
               "-n", str(workload.requests), "-P", str(workload.pipeline), "-r", str(KEYS), "--csv", *workload.words]
    out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True,
                         timeout=LOAD_SECONDS_MAX).stdout
    # "test","rps","avg","min","p50","p95","p99","max"; the test's name, a request, may hold quotes and commas
    fields = [field.strip('"') for field in out.strip().splitlines()[-1].rsplit(",", 7)][-7:]
    rps, _, _, p50, _, p99, worst = (float(field) for field in fields)
    return {"rps": rps, "p50_ms": p50, "p99_ms": p99, "max_ms": worst}


def reprise_load(build, port, processor, *words, nice=0):
    """Runs our own generator and answers its JSON."""
    command = ["nice", "-n", str(nice), "taskset", "-c", str(processor), os.path.join(build, "bench/reprise-load"), "--port", str(port), *words]
    out = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True,
                         timeout=LOAD_SECONDS_MAX).stdout
    return json.loads(out)


def fill(server, first, last, value_bytes, expire_seconds=0, batch=1000):
    """Sets the keys key:%012d from `first` up to `last`, each once."""
    tail = b"$%d\r\n%s\r\n" % (value_bytes, b"v" * value_bytes)
    if expire_seconds:
        tail += b"$2\r\nEX\r\n$%d\r\n%d\r\n" % (len(str(expire_seconds)), expire_seconds)
    head = b"*%d\r\n$3\r\nSET\r\n$16\r\nkey:" % (5 if expire_seconds else 3)
    with server.connect() as stream:
        for start in range(first, last, batch):
            end = min(start + batch, last)
            stream.sendall(b"".join(b"%s%012d\r\n%s" % (head, i, tail) for i in range(start, end)))
            receive(stream, 5 * (end - start))  # "+OK\r\n"


def receive(stream, wanted):
    while wanted:
        got = len(stream.recv(min(wanted, 65536)))
        if got == 0:
            raise SystemExit("the server closed the connection")
        wanted -= got
