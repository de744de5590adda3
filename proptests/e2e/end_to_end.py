"""What the end-to-end tests share: the server's path, starting it, and a few ways to look at it."""

import os
import pathlib
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "proptests" / "differential"))
import resp  # noqa: E402
import servers  # noqa: E402

# The server under test, an absolute path. redis-server itself passes these tests too.
SERVER = os.path.abspath(os.environ.get("REPRISE_SERVER", ROOT / "build" / "dev" / "server" / "reprise-server"))
DEADLINE_S = 60
# How many times the usual memory a sanitizer may take for its own records (tools/test-tsan).
MEMORY_FACTOR = int(os.environ.get("REPRISE_MEMORY_FACTOR", "1"))


class ServerTest(unittest.TestCase):
    """Each test has a fresh server, and fails if that server doesn't end cleanly afterwards."""

    options = ()

    def setUp(self):
        self.server = servers.start_reprise(SERVER, self.options)
        self.addCleanup(self.stop)

    def stop(self):
        log = self.server.log()
        self.assertEqual(self.server.stop(), 0, log[-4000:])

    def connect(self):
        connection = resp.Connection(self.server.port, timeout_s=DEADLINE_S)
        self.addCleanup(connection.close)
        return connection

    def expect_well(self, connection=None):
        """The server is there, and answers a client quickly."""
        connection = connection or self.connect()
        begin = time.monotonic()
        self.assertEqual(connection.command("PING"), ("+", b"PONG"))
        self.assertLess(time.monotonic() - begin, 10)

    def expect_clients(self, count, watcher):
        """Waits until the server has `count` clients, among them the watcher."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            clients = watcher.command("CLIENT", "LIST")[1].count(b"\n")
            if clients == count or time.monotonic() > deadline:
                self.assertEqual(clients, count)
                return

    def expect_memory_below(self, limit_mib):
        """Waits until the server's resident memory is below a limit."""
        limit_mib *= MEMORY_FACTOR
        deadline = time.monotonic() + DEADLINE_S
        while True:
            mib = self.server.resident_kib() // 1024
            if mib < limit_mib or time.monotonic() > deadline:
                self.assertLess(mib, limit_mib)
                return


def connect_in_time(port):
    """A connection to a server that is about to listen."""
    deadline = time.monotonic() + DEADLINE_S
    while True:
        try:
            return resp.Connection(port, timeout_s=DEADLINE_S)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise


def main():
    unittest.main(argv=[sys.argv[0]] + sys.argv[1:])
