"""Servers under measurement: started on a pinned processor, watched through /proc, stopped at the end."""
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

START_SECONDS_MAX = 20
STOP_SECONDS_MAX = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process that listens on `port` of 127.0.0.1. Use it in a `with`: it is stopped on the way out."""

    def __init__(self, name, command, processor, environment=None):
        self.name = name
        self.port = free_port()
        words = [word.replace("{port}", str(self.port)) for word in command]
        self.directory = tempfile.mkdtemp(prefix="reprise-bench-")
        started = time.monotonic()
        self.process = subprocess.Popen(["taskset", "-c", str(processor)] + words, cwd=self.directory,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, env={**os.environ, **(environment or {})})
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                break
            except OSError:
                if self.process.poll() is not None or time.monotonic() > started + START_SECONDS_MAX:
                    self.stop()
                    raise SystemExit(f"{name} does not listen on port {self.port}: {' '.join(words)}")
                time.sleep(0.0005)
        self.ready_seconds = time.monotonic() - started

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def cpu_ns(self):
        with open(f"/proc/{self.process.pid}/schedstat") as stat:
            return int(stat.read().split()[0])

    def cpu_ns_of_all_threads(self):
        """In steps of 10 ms, with the threads that have ended; cpu_ns knows the first thread only."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * (1_000_000_000 // os.sysconf("SC_CLK_TCK"))

    def page_table_bytes(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmPTE:"))

    def thread_count(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def resident_bytes(self):
        with open(f"/proc/{self.process.pid}/statm") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def connect(self):
        stream = socket.create_connection(("127.0.0.1", self.port), 60)
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return stream

    def call(self, *words):
        """Sends one request and returns the first line of its reply."""
        words = [str(word).encode() for word in words]
        request = b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words)
        with self.connect() as stream:
            stream.sendall(request)
            return stream.makefile("rb").readline().decode().strip()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


class Fleet:
    """What can be measured, by name, and where it runs."""

    def __init__(self, build, server_cpu, others=()):
        self.build = build
        self.server_cpu = server_cpu
        self.commands = {
            "reprise": [os.path.join(build, "server/reprise-server"), "--port", "{port}", "--bind", "127.0.0.1"],
            # Its protected mode takes 127.0.0.2 for a stranger.
            "redis": ["redis-server", "--port", "{port}", "--bind", "127.0.0.1", "--protected-mode", "no", "--save", "",
                      "--appendonly", "no"],
        }
        for other in others:  # NAME=COMMAND, with {port} in it
            name, _, command = other.partition("=")
            self.commands[name] = command.split()

    def start(self, name, environment=None, options=()):
        return Server(name, self.commands[name] + list(options), self.server_cpu, environment)

    def start_threads(self, request_bytes, reply, stack_kib):
        threads = os.path.join(self.build, "bench/thread_server")
        return Server("threads", [threads, "{port}", str(request_bytes), reply, str(stack_kib)], self.server_cpu)

    def start_bare(self, request_bytes, reply, fresh_bytes=0, environment=None):
        """With `fresh_bytes` it touches so much new memory for each request."""
        bare = os.path.join(self.build, "bench/bare_server")
        return Server("bare", [bare, "{port}", str(request_bytes), reply, str(fresh_bytes)], self.server_cpu,
                      environment)
