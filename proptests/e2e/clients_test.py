#!/usr/bin/env python3
"""The clients that people have: redis-cli, redis-benchmark, redis-py and hiredis, as they come with Debian."""

import os
import subprocess

import end_to_end
import redis

HIREDIS_CLIENT = os.environ.get("REPRISE_HIREDIS_CLIENT", str(end_to_end.ROOT / "build/dev/proptests/e2e/hiredis_client"))


class ClientsTest(end_to_end.ServerTest):
    def run_tool(self, *words, text=None):
        done = subprocess.run([words[0], "-h", "127.0.0.1", "-p", str(self.server.port), *words[1:]], input=text,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=end_to_end.DEADLINE_S)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def cli(self, *words, text=None):
        return self.run_tool("redis-cli", *words, text=text)

    def test_redis_cli_shows_replies_of_every_kind(self):
        self.assertEqual(self.cli("SET", "k", "v"), "OK\n")
        self.assertEqual(self.cli("--no-raw", "GET", "k"), '"v"\n')
        self.assertEqual(self.cli("--no-raw", "INCR", "n"), "(integer) 1\n")
        self.assertEqual(self.cli("--no-raw", "GET", "missing"), "(nil)\n")
        self.assertEqual(self.cli("--no-raw", "MGET", "k", "missing"), '1) "v"\n2) (nil)\n')
        self.assertEqual(self.cli("--no-raw", "BOGUS"),
                         "(error) ERR unknown command 'BOGUS', with args beginning with: \n")
        self.assertEqual(self.cli("-3", "--no-raw", "CONFIG", "GET", "databases"), '1# "databases" => "16"\n')
        self.assertEqual(self.cli("-n", "5", "DBSIZE"), "0\n")
        self.assertIn("redis_version:", self.cli("INFO", "server"))

    def test_redis_cli_reads_a_script_from_its_input(self):
        self.assertEqual(self.cli(text="SET a 1\nINCRBY a 41\nGET a\n"), "OK\n42\n42\n")

    def test_redis_cli_loads_in_bulk(self):
        script = "".join(f"SET key:{i} value:{i}\r\n" for i in range(5000))
        self.assertIn("errors: 0, replies: 5000", self.cli("--pipe", text=script))
        self.assertEqual(self.cli("DBSIZE"), "5000\n")
        self.assertEqual(len(self.cli("--scan", "--pattern", "key:*").splitlines()), 5000)
        self.assertEqual(sorted(self.cli("--scan", "--pattern", "key:1?").split()), [f"key:{i}" for i in range(10, 20)])

    def test_redis_benchmark_runs(self):
        for pipeline in ("1", "16"):
            output = self.run_tool("redis-benchmark", "-t", "ping,set,get,incr", "-n", "2000", "-P", pipeline, "-q")
            for name in ("PING_INLINE", "PING_MBULK", "SET", "GET", "INCR"):
                self.assertRegex(output, rf"{name}: \d+\.\d+ requests per second")
        self.assertEqual(self.cli("GET", "counter:__rand_int__"), "4000\n")

    def test_redis_benchmark_runs_with_random_keys(self):
        self.run_tool("redis-benchmark", "-t", "set,get", "-n", "20000", "-r", "100000", "-P", "16", "-q")
        self.assertGreater(int(self.cli("DBSIZE")), 10_000)

    def test_redis_py_uses_it(self):
        client = redis.Redis(port=self.server.port, decode_responses=True)
        self.assertTrue(client.ping())
        self.assertTrue(client.set("k", "v", ex=100))
        self.assertEqual((client.get("k"), client.get("missing")), ("v", None))
        self.assertTrue(95 <= client.ttl("k") <= 100)
        self.assertTrue(client.persist("k"))
        self.assertIsNone(client.set("k", "w", nx=True))
        self.assertEqual(client.set("k", "w", get=True), "v")
        self.assertEqual((client.incr("n"), client.incrby("n", 10), client.incrbyfloat("f", 1.5)), (1, 11, 1.5))
        self.assertTrue(client.mset({f"key:{i}": i for i in range(100)}))
        self.assertEqual(client.mget("key:1", "none", "key:99"), ["1", None, "99"])
        self.assertEqual(len(set(client.scan_iter("key:*", count=7))), 100)
        self.assertEqual((client.delete("key:1", "none"), client.exists("key:1", "key:2")), (1, 1))
        self.assertTrue(client.rename("k", "l"))
        self.assertTrue(client.copy("l", "m"))
        self.assertEqual(client.type("m"), "string")
        self.assertEqual(client.dbsize(), 103)
        self.assertEqual(client.info("keyspace")["db0"]["keys"], 103)
        self.assertEqual(client.config_get("databases"), {"databases": "16"})
        self.assertTrue(client.client_setname("joe"))
        self.assertEqual([c["name"] for c in client.client_list()], ["joe"])
        with self.assertRaisesRegex(redis.ResponseError, "value is not an integer"):
            client.incr("l")
        pipeline = client.pipeline(transaction=False)
        for i in range(1000):
            pipeline.set(f"p:{i}", i).get(f"p:{i}")
        self.assertEqual(pipeline.execute()[1::2], [str(i) for i in range(1000)])
        self.assertTrue(client.flushall())
        self.assertEqual(client.dbsize(), 0)
        client.close()

    def test_hiredis_uses_it(self):
        done = subprocess.run([HIREDIS_CLIENT, str(self.server.port)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=end_to_end.DEADLINE_S)
        self.assertEqual((done.returncode, done.stdout), (0, "all replies as expected\n"))


class PasswordTest(end_to_end.ServerTest):
    options = ("--requirepass", "secret")

    def test_clients_log_in(self):
        self.assertTrue(redis.Redis(port=self.server.port, password="secret").ping())
        with self.assertRaises(redis.AuthenticationError):
            redis.Redis(port=self.server.port).ping()
        done = subprocess.run(["redis-cli", "-p", str(self.server.port), "--user", "default", "--pass", "secret",
                               "--no-auth-warning", "PING"], stdout=subprocess.PIPE, text=True)
        self.assertEqual(done.stdout, "PONG\n")


if __name__ == "__main__":
    end_to_end.main()
