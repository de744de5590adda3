"""Starts servers on free ports of 127.0.0.1 and stops them again."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

START_DEADLINE_S = 30


class StartFailed(Exception):
    """A server ended, or did not listen in time. The message holds what it said."""


def free_port():
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class EndedBadly(Exception):
    """A server crashed, or did not end with exit code 0. The message holds what it said."""


class Server:
    """A server process that listens on `port`. `name` is how reports call it. Use it in a `with` statement."""

    def __init__(self, name, command):
        """command: a function from the port and a scratch directory to the argument list."""
        self.name = name
        for attempt in range(5):  # the port may be taken between the probe and the server's bind
            self.directory = tempfile.mkdtemp(prefix="reprise-test-")
            self.log_path = pathlib.Path(self.directory) / "log"
            self.port = free_port()
            with open(self.log_path, "wb") as log:
                self.process = subprocess.Popen(command(self.port, self.directory), stdin=subprocess.DEVNULL,
                                                stdout=log, stderr=subprocess.STDOUT, cwd=self.directory)
            try:
                self._wait_until_it_listens()
                return
            except StartFailed:
                self.stop()
                if attempt == 4:
                    raise

    def _wait_until_it_listens(self):
        deadline = time.monotonic() + START_DEADLINE_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return
            except OSError:
                pass
            try:
                code = self.process.wait(timeout=0.02)
            except subprocess.TimeoutExpired:
                if time.monotonic() < deadline:
                    continue
                code = "it did not listen in time"
            raise StartFailed(f"{self.name}: {code}: {self.log()[-2000:]}")

    def log(self):
        """What the server has printed so far."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def resident_kib(self):
        """The process's resident memory in KiB."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise OSError("no VmRSS")

    def stop(self, with_signal=signal.SIGTERM):
        """Ends the process and returns its exit code; a process that does not end in time is killed: code -9."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
            try:
                self.process.wait(timeout=START_DEADLINE_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.log_path.exists():
            self.final_log = self.log()
        shutil.rmtree(self.directory, ignore_errors=True)
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        """A crash, a sanitizer's report and a leak end in here too, even after replies that were all right."""
        code = self.stop()
        if code != 0:
            raise EndedBadly(f"{self.name} ended with code {code}: {self.final_log[-6000:]}")


def start_redis(path="redis-server", options=()):
    """Debian's redis-server, without persistence."""
    if shutil.which(path) is None:
        raise StartFailed(f"{path} is not installed: tools/setup test installs it")
    return Server("redis", lambda port, directory: [
        path, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no",
        "--dir", directory, *options])


def start_reprise(path, options=()):
    """The server under test."""
    path = os.path.abspath(path)
    if not os.access(path, os.X_OK):
        raise StartFailed(f"{path} is no program: build the target reprise-server")
    return Server("reprise", lambda port, directory: [path, "--port", str(port), "--bind", "127.0.0.1", *options])
