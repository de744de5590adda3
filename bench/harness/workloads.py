"""What the servers are asked to do: redis-benchmark's words, and what a bare server has to know of them."""
from dataclasses import dataclass

KEYS = 1_000_000
KEY = "key:__rand_int__"  # 16 bytes: redis-benchmark writes 12 digits
VALUE = "xxx"


def request_bytes(words):
    """Bytes on the wire of a request of these words."""
    words = [word.replace("__rand_int__", "0" * 12) for word in words]
    return len(f"*{len(words)}\r\n") + sum(len(f"${len(word)}\r\n") + len(word) + 2 for word in words)


@dataclass(frozen=True)
class Workload:
    command: str
    words: tuple      # what redis-benchmark is told to send
    reply: str        # what the bare server answers
    pipeline: int
    requests: int

    @property
    def name(self):
        return f"{self.command} P{self.pipeline}"

    @property
    def request_bytes(self):
        return request_bytes(self.words)


SCAN_REPLY = "*2\r\n$6\r\n123456\r\n*10" + f"\r\n$16\r\n{'k' * 16}" * 10
COMMANDS = {
    "PING": (("PING",), "+PONG", 1),
    "SET": (("SET", KEY, VALUE), "+OK", 1),
    "GET": (("GET", KEY), "$3\r\nxxx", 1),
    "INCR": (("INCR", "counter:__rand_int__"), ":1", 1),
    "MSET10": (("MSET",) + (KEY, VALUE) * 10, "+OK", 5),
    "MGET10": (("MGET",) + (KEY,) * 10, "*10" + "\r\n$3\r\nxxx" * 10, 5),
    "SETEX": (("SET", KEY, VALUE, "EX", "1000"), "+OK", 1),
    "EXPIRE": (("EXPIRE", KEY, "1000"), ":1", 1),
    "SCAN": (("SCAN", "__rand_int__", "COUNT", "10"), SCAN_REPLY, 5),
    "DEL": (("DEL", KEY), ":1", 1),  # last: it takes the keys away
}


def workloads(pipelines, only, scale):
    """Those of COMMANDS, at each pipeline depth, whose name contains one of `only` (empty: all)."""
    for pipeline in pipelines:
        for command, (words, reply, weight) in COMMANDS.items():
            requests = int(scale * (40_000 if pipeline == 1 else 400_000) / weight)
            workload = Workload(command, words, reply, pipeline, requests)
            if not only or any(word in (workload.name, command, f"P{pipeline}") for word in only):
                yield workload
