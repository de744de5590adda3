#!/usr/bin/env python3
"""Clients that misbehave get Redis's error or a clean close; nothing leaks, and no other client notices."""

import random
import socket
import struct
import threading
import time

import end_to_end
from end_to_end import resp

BAD_REQUESTS = {
    b"*1\r\n$1073741824\r\n": b"-ERR Protocol error: invalid bulk length\r\n",
    b"*1\r\n$-1\r\n": b"-ERR Protocol error: invalid bulk length\r\n",
    b"*1\r\n$-1073741824\r\n": b"-ERR Protocol error: invalid bulk length\r\n",
    b"*2147483648\r\n": b"-ERR Protocol error: invalid multibulk length\r\n",
    b"*abc\r\n": b"-ERR Protocol error: invalid multibulk length\r\n",
    b"*1\r\nPING\r\n": b"-ERR Protocol error: expected '$', got 'P'\r\n",
    b"ECHO \"abc\r\n": b"-ERR Protocol error: unbalanced quotes in request\r\n",
    b"a" * 65537: b"-ERR Protocol error: too big inline request\r\n",
    b"*" + b"1" * 65537: b"-ERR Protocol error: too big mbulk count string\r\n",
    b"*1\r\n$" + b"1" * 65537: b"-ERR Protocol error: too big bulk count string\r\n",
}


def reset(connection):
    """Closes so that the peer sees a reset."""
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class BadInputTest(end_to_end.ServerTest):
    def test_what_is_announced_and_never_sent_takes_no_memory(self):
        watcher = self.connect()
        before_mib = self.server.resident_kib() // 1024
        clients = [self.connect() for _ in range(20)]  # ten gigabytes together
        for client in clients:
            client.send(b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870912\r\nbeginning")
        for _ in range(100):  # turns of the loop in which it may be tempted
            self.expect_well(watcher)
        self.assertLess(self.server.resident_kib() // 1024 - before_mib, 100)
        for client in clients:
            client.close()
        self.expect_clients(1, watcher)
        self.assertEqual(watcher.command("EXISTS", "k"), (":", b"0"))

    def test_a_million_announced_arguments_take_no_memory(self):
        watcher = self.connect()
        before_mib = self.server.resident_kib() // 1024
        clients = [self.connect() for _ in range(50)]
        for client in clients:
            client.send(b"*1000000\r\n$3\r\nDEL\r\n$1\r\n")
        for _ in range(100):  # turns of the loop in which it may be tempted
            self.expect_well(watcher)
        self.assertLess(self.server.resident_kib() // 1024 - before_mib, 100)

    def test_a_bad_request_gets_its_error_and_a_close_and_leaves_nothing(self):
        watcher = self.connect()
        for _ in range(3):  # the first rounds fill caches
            self.send_bad_requests(50)
        self.expect_clients(1, watcher)
        before_mib = self.server.resident_kib() // 1024
        self.send_bad_requests(1000)
        self.expect_clients(1, watcher)
        self.expect_memory_below(before_mib + 30)
        self.expect_well(watcher)

    def send_bad_requests(self, count):
        for i in range(count):
            request, error = list(BAD_REQUESTS.items())[i % len(BAD_REQUESTS)]
            client = resp.Connection(self.server.port)
            client.send(request)
            self.assertEqual(client.rest(), error)
            client.close()

    def test_the_same_errors_come_when_the_request_arrives_a_byte_at_a_time(self):
        fence = self.connect()
        for request, error in BAD_REQUESTS.items():
            if len(request) < 100:
                client = self.connect()
                for i in range(len(request)):
                    client.send(request[i:i + 1])
                    self.expect_well(fence)
                self.assertEqual(client.rest(), error)

    def test_100000_requests_without_reading_a_reply_are_all_answered(self):
        watcher, client = self.connect(), self.connect()
        watcher.command("SET", "k", "x" * 100)
        client.send(resp.encode([b"GET", b"k"]) * 100_000)
        self.expect_well(watcher)
        expected = (b"$100\r\n" + b"x" * 100 + b"\r\n") * 100_000
        self.assertTrue(client.exactly(len(expected)) == expected)
        self.expect_well(client)

    def test_100_mb_of_pipeline_before_a_byte_is_read_are_all_answered(self):
        watcher, client = self.connect(), self.connect()
        payload = bytes(random.Random(1).choices(range(256), k=1000))
        request, answer = resp.encode([b"ECHO", payload]), b"$1000\r\n" + payload + b"\r\n"
        for _ in range(100):
            client.send(request * 1000)
            self.expect_well(watcher)
        for _ in range(100):
            self.assertTrue(client.exactly(len(answer) * 1000) == answer * 1000)
        self.expect_well(client)
        self.expect_memory_below(300)

    def test_a_client_that_goes_away_in_the_middle_of_a_reply_leaves_nothing(self):
        watcher = self.connect()
        watcher.command("SET", "big", b"x" * 20_000_000)
        before_mib = self.server.resident_kib() // 1024
        for i in range(40):
            client = resp.Connection(self.server.port)
            client.send(resp.encode([b"GET", b"big"]) * 3)
            client.socket.recv(1000)
            if i % 2:
                reset(client)
            else:
                client.close()
            self.expect_well(watcher)
        self.expect_clients(1, watcher)
        self.expect_memory_below(before_mib + 200)

    def test_memory_of_a_peak_of_replies_is_given_back(self):
        watcher = self.connect()
        watcher.command("SET", "big", b"x" * 1_000_000)
        client = resp.Connection(self.server.port)
        client.send(resp.encode([b"GET", b"big"]) * 1000)
        deadline = time.monotonic() + end_to_end.DEADLINE_S
        while self.server.resident_kib() < 900 * 1024:
            self.assertLess(time.monotonic(), deadline)
            self.expect_well(watcher)
        client.close()
        self.expect_memory_below(300)

    def test_a_client_that_goes_away_in_the_middle_of_a_request_leaves_nothing(self):
        watcher = self.connect()
        before_mib = self.server.resident_kib() // 1024
        for i in range(40):
            client = resp.Connection(self.server.port)
            client.send(b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$50000000\r\n" + b"x" * 10_000_000)
            if i % 2:
                reset(client)
            else:
                client.close()
            self.expect_well(watcher)
        self.expect_clients(1, watcher)
        self.assertEqual(watcher.command("EXISTS", "k"), (":", b"0"))
        self.expect_memory_below(before_mib + 150)

    def test_a_client_that_half_closes_still_gets_its_answers(self):
        watcher = self.connect()
        for _ in range(20):
            client = self.connect()
            client.send(resp.encode([b"ECHO", b"x" * 1000]) * 10)
            client.finish_sending()
            self.assertEqual(client.rest(), (b"$1000\r\n" + b"x" * 1000 + b"\r\n") * 10)
        self.expect_clients(1, watcher)

    def test_no_other_client_notices_what_all_of_them_do(self):
        """Bad clients of all kinds at once; a good one does its thousand requests meanwhile."""
        stop = threading.Event()
        threads = [threading.Thread(target=self.misbehave, args=(seed, stop)) for seed in range(4)]
        for thread in threads:
            thread.start()
        try:
            good = self.connect()
            for i in range(1000):
                self.assertEqual(good.command("INCR", "n"), (":", b"%d" % (i + 1)))
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.expect_clients(1, good)

    def misbehave(self, seed, stop):
        random_ = random.Random(seed)
        while not stop.is_set():
            client = resp.Connection(self.server.port)
            kind = random_.randrange(4)
            if kind == 0:
                client.send(random_.choice(list(BAD_REQUESTS)))
            elif kind == 1:
                client.send(b"*2\r\n$4\r\nECHO\r\n$536870912\r\n" + b"x" * random_.randrange(100_000))
            elif kind == 2:
                client.send(resp.encode([b"ECHO", b"y" * 10_000]) * random_.randrange(100))
            else:
                client.send(bytes(random_.randrange(256) for _ in range(200)))
            if random_.randrange(2):
                reset(client)
            else:
                client.close()


class TooManyClientsTest(end_to_end.ServerTest):
    options = ("--maxclients", "10")

    def test_more_clients_than_maxclients_get_an_error_and_a_close(self):
        watcher = self.connect()
        self.expect_clients(1, watcher)
        clients = [watcher] + [self.connect() for _ in range(9)]
        for client in clients:
            self.expect_well(client)
        surplus = self.connect()
        self.assertEqual(surplus.rest(), b"-ERR max number of clients reached\r\n")
        clients.pop().close()
        self.expect_clients(9, clients[0])
        self.expect_well()


if __name__ == "__main__":
    end_to_end.main()
