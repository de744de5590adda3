#!/usr/bin/env python3
"""Tests the harness itself: redis-server agrees with itself, and every kind of wrong server is found out."""

import pathlib
import socket
import sys
import tempfile
import threading
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import compare  # noqa: E402
import differential  # noqa: E402
import resp  # noqa: E402
import runner  # noqa: E402
import script  # noqa: E402
import servers  # noqa: E402

SCRIPTS = sorted((pathlib.Path(__file__).resolve().parent / "scripts").iterdir())


class WrongServer:
    """A redis-server behind a proxy that changes what goes through it: a server with a bug."""

    name = "wrong"

    def __init__(self, options=(), request=lambda data: data, reply=lambda data: data):
        self.real = servers.start_redis(options=options)
        self.request, self.reply = request, reply
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.sockets = [self.listener]
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.real.port))
            self.sockets += [client, server]
            for source, target, change in ((client, server, self.request), (server, client, self.reply)):
                threading.Thread(target=self._pump, args=(source, target, change), daemon=True).start()

    @staticmethod
    def _pump(source, target, change):
        try:
            while True:
                data = source.recv(1 << 16)
                if not data:
                    target.shutdown(socket.SHUT_WR)
                    return
                changed = change(data)
                if changed is None:  # the bug is a closed connection
                    source.shutdown(socket.SHUT_RDWR)
                    target.shutdown(socket.SHUT_RDWR)
                    return
                target.sendall(changed)
        except OSError:
            pass

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.real.stop()
        self.listener.shutdown(socket.SHUT_RDWR)
        for each in self.sockets:
            each.close()


def replacing(old, new):
    return lambda data: data.replace(old, new)


class HarnessTest(unittest.TestCase):
    def play(self, suffix, text, **bug):
        """Plays a script against a server with a bug; returns what the harness says."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / ("planted" + suffix)
            path.write_text(text)
            play = differential.play_raw if suffix == ".raw" else differential.play_commands
            return play(path, lambda options: (servers.start_redis(options=options), WrongServer(options, **bug)))

    def expect_difference(self, part, suffix, text, **bug):
        with self.assertRaises(runner.Difference) as found:
            self.play(suffix, text, **bug)
        self.assertIn(part, str(found.exception))

    def test_redis_agrees_with_itself_on_every_script(self):
        for path in SCRIPTS:
            with self.subTest(path=path.name):
                play = differential.play_raw if path.suffix == ".raw" else differential.play_commands
                self.assertIn("agree", play(path, lambda options: (servers.start_redis(options=options),
                                                                   servers.start_redis(options=options))))

    def test_redis_agrees_with_itself_through_the_proxy(self):
        self.assertIn("2 commands agree", self.play(".cmds", "SET a 1\nGET a\n"))
        self.assertIn("1 cases agree", self.play(".raw", "= title\nPING\\r\\n\n"))

    def test_redis_agrees_with_itself_on_random_sequences(self):
        with servers.start_redis() as one, servers.start_redis() as other:
            for seed in range(20):
                differential.generator.play_seed(one, other, seed, 60)

    def test_a_wrong_number_is_found_at_its_line(self):
        self.expect_difference("planted.cmds:2: INCRBY a 4", ".cmds", "INCR a\nINCRBY a 4\n",
                               reply=replacing(b":5\r\n", b":6\r\n"))

    def test_a_wrong_error_text_is_found(self):
        self.expect_difference("wrong number", ".cmds", "GET\n", reply=replacing(b"of arguments", b"of argument"))

    def test_a_wrong_type_of_reply_is_found(self):
        self.expect_difference("GET none", ".cmds", "GET none\n", reply=replacing(b"$-1\r\n", b"*-1\r\n"))

    def test_a_wrong_side_effect_is_found_though_the_reply_is_right(self):
        self.expect_difference("side effect, in db 0: GET b'k'", ".cmds", "SET k v1\n",
                               request=replacing(b"v1", b"v2"))
        self.expect_difference("side effect, in db 0: PTTL b'k'", ".cmds", "SET k v EX 100000\n",
                               request=replacing(b"100000", b"200000"))
        self.expect_difference("side effect, in db 3: DBSIZE", ".cmds", "SET k v\nCOPY k l DB 3\n%section next\n",
                               request=replacing(b"COPY\r\n$1\r\nk\r\n$1\r\nl\r\n$2\r\nDB\r\n$1\r\n3",
                                                 b"COPY\r\n$1\r\nk\r\n$1\r\nl\r\n$2\r\nDB\r\n$1\r\n4"))

    def test_a_key_that_is_over_but_removed_only_while_the_harness_looks_is_no_side_effect(self):
        class RemovesLate(runner.Side):
            def settled_size(self, keys):
                self.admin.command("DEBUG", "SET-ACTIVE-EXPIRE", 1)
                return super().settled_size(keys)

        with servers.start_redis(options=["--enable-debug-command", "yes"]) as redis:
            side = RemovesLate(redis, None)
            try:
                self.assertEqual(side.admin.command("DEBUG", "SET-ACTIVE-EXPIRE", 0), ("+", b"OK"))
                self.assertEqual(side.admin.command("SET", "k", "v", "PXAT", 1), ("+", b"OK"))
                self.assertEqual(side.admin.command("DBSIZE"), (":", b"1"))
                self.assertEqual(side.dump(), {"all dbs: changes": (":", b"1")})
            finally:
                side.close()

    def test_a_closed_connection_is_found(self):
        self.expect_difference("(closed)", ".cmds", "SET a 1\nGET a\n",
                               request=lambda data: None if b"GET" in data else data)

    def test_a_connection_that_stays_open_is_found(self):
        self.expect_difference("should be closed", ".cmds", "QUIT\n%closed\n",
                               request=replacing(b"*1\r\n$4\r\nQUIT\r\n", b"PING\r\nPING\r\n"),
                               reply=replacing(b"+PONG", b"+OK"))

    def test_a_wrong_protocol_error_is_found(self):
        self.expect_difference("planted.raw:1: bad length", ".raw", "= bad length\n*abc\\r\\n\n",
                               reply=replacing(b"multibulk", b"multi-bulk"))

    def test_a_wrong_side_effect_of_raw_bytes_is_found(self):
        self.expect_difference("side effect", ".raw", "= set\nSET k v1\\r\\n\n", request=replacing(b"v1", b"v2"))

    def test_a_bug_is_found_by_random_sequences_and_shortened(self):
        with servers.start_redis() as redis, WrongServer(reply=replacing(b":-2\r\n", b":-1\r\n")) as wrong:
            with self.assertRaises(runner.Difference) as found:
                for seed in range(200):
                    differential.generator.play_seed(redis, wrong, seed, 60)
        self.assertIn("shortened to 1 command(s)", str(found.exception))

    def test_a_server_that_crashes_is_found_though_all_replies_were_right(self):
        with self.assertRaisesRegex(servers.EndedBadly, "code -9"):
            with servers.start_redis() as server:
                server.process.kill()

    def test_a_server_that_ends_with_an_error_is_found_though_all_replies_were_right(self):
        with self.assertRaisesRegex(servers.EndedBadly, "code (3|-15)"):
            with servers.Server("failing", lambda port, directory: [
                    "sh", "-c", f"redis-server --port {port} --save ''; exit 3"]) as server:
                with resp.Connection(server.port) as client:
                    client.command("SHUTDOWN", "NOSAVE")

    def test_redis_agrees_with_itself_in_the_sweep(self):
        with servers.start_redis() as one, servers.start_redis() as other:
            found = []
            count = differential.sweep.sweep(one, other, found.append, only={"set", "copy", "expire", "getex", "lcs"})
            self.assertEqual(found, [])
            self.assertGreater(count, 1000)

    def test_a_wrong_reply_to_a_rare_request_is_found_by_the_sweep(self):
        with servers.start_redis() as redis, WrongServer(reply=replacing(b"-ERR DB index", b"-ERR Db index")) as wrong:
            found = []
            differential.sweep.sweep(redis, wrong, found.append, only={"copy"})
            self.assertTrue(found)
            self.assertIn("'copy'", str(found[0]))

    def test_a_wrong_side_effect_is_found_by_the_sweep(self):
        with servers.start_redis() as redis, WrongServer(request=replacing(b"KEEPTTL", b"keepttx")) as wrong:
            found = []
            differential.sweep.sweep(redis, wrong, found.append, only={"set"})
            self.assertTrue(found)

    def test_an_unknown_directive_is_an_error(self):
        self.expect_difference("no such directive", ".cmds", "%bogus GET a\n")


class ReaderTest(unittest.TestCase):
    def read(self, data):
        reader, writer = socket.socketpair()
        connection = resp.Connection.__new__(resp.Connection)
        connection.socket, connection.buffer, connection.position = reader, b"", 0
        with reader, writer:
            reader.settimeout(30)
            writer.sendall(data)
            writer.shutdown(socket.SHUT_WR)
            return connection.reply(), connection.reply()

    def test_replies_of_every_type_are_read_whole(self):
        for data, tree in ((b"+OK\r\n", ("+", b"OK")), (b"$3\r\na\r\n\r\n", ("$", b"a\r\n")), (b"$-1\r\n", ("$", None)),
                           (b"*-1\r\n", ("*", None)), (b"_\r\n", ("_", b"")), (b",1.5\r\n", (",", b"1.5")),
                           (b"*2\r\n:1\r\n*0\r\n", ("*", [(":", b"1"), ("*", [])])),
                           (b"%1\r\n$1\r\na\r\n#t\r\n", ("%", [("$", b"a"), ("#", b"t")])),
                           (b"=5\r\ntxt:a\r\n", ("=", b"txt:a")), (b"~1\r\n(12\r\n", ("~", [("(", b"12")]))):
            with self.subTest(data=data):
                self.assertEqual(self.read(data), (tree, resp.CLOSED))

    def test_a_reply_that_is_cut_is_no_reply(self):
        self.assertEqual(self.read(b"$5\r\nabc")[0], resp.CLOSED)

    def test_what_is_no_reply_is_refused(self):
        with self.assertRaises(resp.ProtocolError):
            self.read(b"PONG\r\n")
        with self.assertRaises(resp.ProtocolError):
            self.read(b"$3\r\nabcde\r\n")


class ScriptTest(unittest.TestCase):
    def test_words_are_split_as_in_redis_cli(self):
        for text, words in (('a  b', [b"a", b"b"]), ('"a b" \'c d\'', [b"a b", b"c d"]), ('"" x', [b"", b"x"]),
                            (r'"\x00\xff\r\n\""', [b'\x00\xff\r\n"']), (r"'it\'s' 'a\n'", [b"it's", b"a\\n"]),
                            ("<ab*3>", [b"ababab"]), (r"a\b", [b"a\\b"])):
            with self.subTest(text=text):
                self.assertEqual(script.split_words(text), words)

    def test_an_open_quote_is_an_error_with_its_line(self):
        with self.assertRaisesRegex(script.ScriptError, "line 2"):
            script.parse_commands('PING\nECHO "a\n')

    def test_raw_cases_are_joined_without_line_ends(self):
        options, cases = script.parse_raw("%options --a 'b c'\n= one\nab\\r\\n\n%repeat 3 x\n= two\n\\x00\n")
        self.assertEqual(options, ["--a", "b c"])
        self.assertEqual([(case.number, case.title, case.data) for case in cases],
                         [(2, "one", b"ab\r\nxxx"), (5, "two", b"\x00")])


class CompareTest(unittest.TestCase):
    def test_times_ahead_may_differ_a_little_and_others_not_at_all(self):
        for a, b, agree in ((b"100000", b"99990", True), (b"100000", b"80000", False), (b"-1", b"-2", False),
                            (b"-1", b"5", False)):
            self.assertEqual(compare.same([b"pttl", b"k"], (":", a), (":", b)), agree)
        self.assertFalse(compare.same([b"PTTL", b"k"], (":", b"100"), (":", b"99"), "exact"))
        self.assertFalse(compare.same([b"INCR", b"k"], (":", b"100"), (":", b"99")))

    def test_keys_have_no_order_but_are_counted(self):
        a, b = ("$", b"a"), ("$", b"b")
        self.assertTrue(compare.same([b"KEYS", b"*"], ("*", [a, b]), ("*", [b, a])))
        self.assertFalse(compare.same([b"KEYS", b"*"], ("*", [a, b]), ("*", [a, a])))
        self.assertFalse(compare.same([b"MGET", b"*"], ("*", [a, b]), ("*", [b, a])))

    def test_client_lines_differ_only_in_what_changes_by_itself(self):
        def line(text):
            return ("$", text)
        self.assertTrue(compare.same([b"CLIENT", b"INFO"], line(b"id=3 db=0\n"), line(b"id=4 db=0\n")))
        self.assertFalse(compare.same([b"CLIENT", b"INFO"], line(b"id=3 db=0\n"), line(b"id=3 db=1\n")))
        self.assertFalse(compare.same([b"CLIENT", b"INFO"], line(b"id=3 db=0\n"), line(b"db=0 id=3\n")))

    def test_info_has_no_section_or_field_that_redis_has_not(self):
        redis = ("$", b"# A\r\nx:1\r\ny:2\r\n\r\n# Keyspace\r\ndb0:keys=1,expires=0,avg_ttl=0\r\n")
        for ours, agree in ((b"# A\r\nx:5\r\n", True), (b"# A\r\nx:5\r\nreprise_z:1\r\n", True),
                            (b"# A\r\nx:5\r\nz:1\r\n", False), (b"# B\r\nx:5\r\n", False)):
            for keys, right in ((b"1", True), (b"2", False)):
                text = ours + b"\r\n# Keyspace\r\ndb0:keys=" + keys + b",expires=0,avg_ttl=9\r\n"
                self.assertEqual(compare.same([b"INFO"], redis, ("$", text)), agree and right, text)

    def test_an_error_is_never_the_same_as_another(self):
        self.assertFalse(compare.same([b"KEYS"], ("-", b"ERR a"), ("-", b"ERR b")))
        self.assertFalse(compare.same([b"KEYS", b"*"], ("-", b"ERR a"), ("*", [])))


if __name__ == "__main__":
    unittest.main()
