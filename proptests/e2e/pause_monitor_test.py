#!/usr/bin/env python3
"""CLIENT PAUSE, which makes others wait, and MONITOR, which watches them. redis-server passes these tests too."""

import re
import time

import end_to_end
from end_to_end import resp

OK = ("+", b"OK")


class PauseTest(end_to_end.ServerTest):
    def expect_waiting(self, count, watcher):
        """Waits until so many clients wait for the end of a pause."""
        deadline = time.monotonic() + end_to_end.DEADLINE_S
        while True:
            info = watcher.command("INFO", "clients")[1]
            waiting = int(re.search(rb"blocked_clients:(\d+)", info).group(1))
            if waiting == count or time.monotonic() > deadline:
                self.assertEqual(waiting, count)
                return

    def test_writes_wait_and_what_is_behind_them_in_the_order_of_the_requests(self):
        admin, client, other = self.connect(), self.connect(), self.connect()
        self.assertEqual(admin.command("SET", "a", "old"), OK)
        self.assertEqual(admin.command("CLIENT", "PAUSE", "100000", "WRITE"), OK)
        client.send(resp.encode([b"GET", b"a"]) + resp.encode([b"SET", b"a", b"new"]) + resp.encode([b"GET", b"a"]))
        self.assertEqual(client.reply(), ("$", b"old"))
        self.expect_waiting(1, admin)
        self.assertEqual(other.command("GET", "a"), ("$", b"old"))
        self.assertRegex(admin.command("CLIENT", "LIST")[1], rb"flags=b .*cmd=(set|get)")
        self.assertEqual(admin.command("CLIENT", "UNPAUSE"), OK)
        self.assertEqual(client.reply(), OK)
        self.assertEqual(client.reply(), ("$", b"new"))
        self.expect_waiting(0, admin)

    def test_a_long_pipeline_goes_on_where_it_has_stopped(self):
        admin, client = self.connect(), self.connect()
        count = 5000
        client.send(b"".join(resp.encode([b"GET", b"missing"]) for _ in range(count)) +
                    resp.encode([b"CLIENT", b"PAUSE", b"100000", b"WRITE"]) +
                    b"".join(resp.encode([b"INCR", b"n"]) for _ in range(count)))
        for _ in range(count):
            self.assertEqual(client.reply(), ("$", None))
        self.assertEqual(client.reply(), OK)
        self.expect_waiting(1, admin)
        self.assertEqual(admin.command("EXISTS", "n"), (":", b"0"))
        self.assertEqual(admin.command("CLIENT", "UNPAUSE"), OK)
        for i in range(count):
            self.assertEqual(client.reply(), (":", b"%d" % (i + 1)))

    def test_a_large_request_that_came_in_pieces_waits_too(self):
        admin, client = self.connect(), self.connect()
        request = resp.encode([b"SET", b"a", b"x" * 3_000_000]) + resp.encode([b"STRLEN", b"a"])
        client.send(request[:1_000_000])
        self.assertEqual(admin.command("CLIENT", "PAUSE", "100000", "WRITE"), OK)
        client.send(request[1_000_000:])
        self.expect_waiting(1, admin)
        self.assertEqual(admin.command("EXISTS", "a"), (":", b"0"))
        self.assertEqual(admin.command("CLIENT", "UNPAUSE"), OK)
        self.assertEqual(client.reply(), OK)
        self.assertEqual(client.reply(), (":", b"3000000"))

    def test_everything_waits_until_the_time_is_over_but_what_is_wrong_is_refused_at_once(self):
        admin, client = self.connect(), self.connect()
        begin = time.monotonic()
        self.assertEqual(admin.command("CLIENT", "PAUSE", "700"), OK)
        self.assertEqual(client.command("BOGUS")[0], "-")
        self.assertEqual(client.command("GET")[0], "-")
        self.assertEqual(client.command("CLIENT", "BOGUS")[0], "-")
        self.assertEqual(client.command("PING"), ("+", b"PONG"))
        self.assertGreater(time.monotonic() - begin, 0.65)

    def test_of_two_pauses_the_later_end_and_the_stricter_mode_hold(self):
        admin, client = self.connect(), self.connect()
        begin = time.monotonic()
        self.assertEqual(admin.command("CLIENT", "PAUSE", "700", "WRITE"), OK)
        self.assertEqual(admin.command("CLIENT", "PAUSE", "1", "ALL"), OK)
        self.assertEqual(client.command("PING"), ("+", b"PONG"))
        self.assertGreater(time.monotonic() - begin, 0.65)
        self.assertEqual(client.command("SET", "a", "1"), OK)

    def test_a_client_that_is_ended_while_it_waits_has_changed_nothing(self):
        admin, client = self.connect(), self.connect()
        number = client.command("CLIENT", "ID")[1]
        self.assertEqual(admin.command("CLIENT", "PAUSE", "100000", "WRITE"), OK)
        client.send(resp.encode([b"SET", b"a", b"1"]))
        self.expect_waiting(1, admin)
        self.assertEqual(admin.command("CLIENT", "KILL", "ID", number), (":", b"1"))
        self.expect_waiting(0, admin)
        self.assertEqual(admin.command("CLIENT", "UNPAUSE"), OK)
        self.assertEqual(admin.command("EXISTS", "a"), (":", b"0"))


class MonitorTest(end_to_end.ServerTest):
    def seen(self, monitor):
        """The next line, without its moment and the client's port."""
        kind, line = monitor.reply()
        self.assertEqual(kind, "+")
        self.assertRegex(line, rb"^\d{10}\.\d{6} \[\d+ 127\.0\.0\.1:\d+\] ")
        return re.sub(rb"^[\d.]+ \[(\d+) [\d.:]+\]", rb"\1", line)

    def test_it_sees_what_is_executed_and_no_passwords(self):
        monitor, client = self.connect(), self.connect()
        self.assertEqual(monitor.command("MONITOR"), OK)
        for words in ([b"SET", b"k", b"a\"b\x00\xff\r\n\\ "], [b"SELECT", b"3"], [b"get", b"k"], [b"BOGUS"], [b"GET"],
                      [b"AUTH", b"x"], [b"HELLO", b"2", b"AUTH", b"default", b"secret", b"SETNAME", b"me"],
                      [b"CONFIG", b"GET", b"port"], [b"CLIENT", b"ID"], [b"CLIENT", b"LIST"], [b"INCR", b"k"]):
            client.command(*words)
        self.assertEqual([self.seen(monitor) for _ in range(7)], [
            b'0 "SET" "k" "a\\"b\\x00\\xff\\r\\n\\\\ "', b'3 "SELECT" "3"', b'3 "get" "k"',
            b'3 "AUTH" "(redacted)"', b'3 "HELLO" "2" "AUTH" "(redacted)" "(redacted)" "SETNAME" "me"',
            b'3 "CLIENT" "ID"', b'3 "INCR" "k"'])

    def test_it_sees_itself_and_cannot_use_keys(self):
        monitor, client = self.connect(), self.connect()
        self.assertEqual(monitor.command("MONITOR"), OK)
        self.assertIn(b"flags=O ", client.command("CLIENT", "LIST")[1])
        self.assertEqual(monitor.command("PING"), ("+", b"PONG"))
        self.assertEqual(self.seen(monitor), b'0 "PING"')
        for words in (["GET", "k"], ["SET", "k", "v"], ["DBSIZE"], ["FLUSHALL"]):
            self.assertEqual(monitor.command(*words), ("-", b"ERR Replica can't interact with the keyspace"))
        monitor.send(resp.encode([b"MONITOR"]))  # has no reply the second time
        self.assertEqual(monitor.command("PING"), ("+", b"PONG"))

    def test_reset_ends_it(self):
        monitor, client = self.connect(), self.connect()
        self.assertEqual(monitor.command("MONITOR"), OK)
        self.assertEqual(monitor.command("RESET"), ("+", b"RESET"))
        self.assertEqual(client.command("SET", "k", "v"), OK)
        self.assertEqual(monitor.command("GET", "k"), ("$", b"v"))

    def test_one_that_has_gone_is_not_missed_and_the_others_go_on(self):
        monitor, gone, client = self.connect(), self.connect(), self.connect()
        for watcher in (gone, monitor):
            self.assertEqual(watcher.command("MONITOR"), OK)
        gone.close()
        self.expect_clients(2, client)
        self.assertEqual(client.command("ECHO", "hello"), ("$", b"hello"))
        self.assertEqual(self.seen(monitor), b'0 "ECHO" "hello"')


if __name__ == "__main__":
    end_to_end.main()
