#!/usr/bin/env python3
"""The server as a process: signals, exit codes, and one clear line for what it cannot do."""

import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import unittest

import end_to_end
from end_to_end import resp, servers


class SignalTest(end_to_end.ServerTest):
    def test_sigterm_ends_it_with_code_0(self):
        self.expect_well()
        self.assertEqual(self.server.stop(signal.SIGTERM), 0)

    def test_sigint_ends_it_with_code_0(self):
        self.expect_well()
        self.assertEqual(self.server.stop(signal.SIGINT), 0)

    def test_sigterm_ends_it_with_clients_in_the_middle_of_requests_and_replies(self):
        clients = [self.connect() for _ in range(20)]
        for client in clients:
            client.send(b"*2\r\n$4\r\nECHO\r\n$1000\r\nhalf")
        reader = self.connect()
        reader.command("SET", "big", b"x" * 20_000_000)
        reader.send(resp.encode([b"GET", b"big"]))
        self.assertEqual(self.server.stop(signal.SIGTERM), 0)
        self.assertEqual(clients[0].reply(), resp.CLOSED)

    def test_shutdown_ends_it_with_code_0(self):
        client = self.connect()
        self.assertEqual(client.command("SHUTDOWN", "BOGUS"), ("-", b"ERR syntax error"))
        self.assertEqual(client.command("SHUTDOWN", "NOSAVE"), resp.CLOSED)
        self.assertEqual(self.server.process.wait(end_to_end.DEADLINE_S), 0)

    def test_sighup_and_clients_gone_before_their_replies_do_not_end_it(self):
        self.server.process.send_signal(signal.SIGHUP)
        for _ in range(10):
            client = resp.Connection(self.server.port)
            client.send(resp.encode([b"ECHO", b"x" * 100_000]) * 20)
            client.close()  # writing to it raises SIGPIPE, or would
        self.expect_well()

    def test_a_reader_of_its_log_that_has_gone_does_not_end_it(self):
        port = servers.free_port()
        process = subprocess.Popen([end_to_end.SERVER, "--port", str(port), "--loglevel", "verbose"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        while b"Ready to accept connections" not in process.stdout.readline():
            self.assertIsNone(process.poll())
        process.stdout.close()
        for _ in range(3):
            client = resp.Connection(port)
            client.send(b"*1\r\n$3\r\nbad")  # what becomes of it is logged
            client.close()
        client = resp.Connection(port)
        self.assertEqual(client.command("PING"), ("+", b"PONG"))
        client.close()
        process.terminate()
        self.assertEqual(process.wait(end_to_end.DEADLINE_S), 0)

    def test_after_its_end_the_port_can_be_taken_at_once(self):
        self.expect_well()
        port = self.server.port
        self.assertEqual(self.server.stop(), 0)
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))


class StartTest(unittest.TestCase):
    def run_server(self, *options):
        """Runs the server until it ends by itself; its exit code and what it printed."""
        done = subprocess.run([end_to_end.SERVER, *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=end_to_end.DEADLINE_S)
        return done.returncode, done.stdout

    def expect_one_line(self, part, *options):
        code, output = self.run_server(*options)
        self.assertNotEqual(code, 0)
        self.assertGreater(code, 0, "ended by a signal")
        lines = output.strip().splitlines()
        self.assertEqual(len(lines), 1, output)
        self.assertIn(part, lines[0])

    def test_a_taken_port_is_one_line_and_a_failure(self):
        with socket.create_server(("127.0.0.1", 0)) as holder:
            port = str(holder.getsockname()[1])
            self.expect_one_line(port, "--port", port, "--bind", "127.0.0.1")

    def test_an_unknown_option_is_one_line_and_a_failure(self):
        self.expect_one_line("no-such-option", "--no-such-option", "1")

    def test_a_bad_value_is_one_line_and_a_failure(self):
        self.expect_one_line("port", "--port", "abc")
        self.expect_one_line("port", "--port", "65536")
        self.expect_one_line("port", "--port", "-1")
        self.expect_one_line("databases", "--databases", "0")

    def test_an_option_without_its_value_is_one_line_and_a_failure(self):
        self.expect_one_line("port", "--port")

    def test_an_address_that_is_not_ours_is_one_line_and_a_failure(self):
        self.expect_one_line("192.0.2.1", "--port", str(servers.free_port()), "--bind", "192.0.2.1")

    def test_a_name_without_an_address_is_one_line_and_a_failure(self):
        name = "x" * 300
        self.expect_one_line(name, "--port", str(servers.free_port()), "--bind", name)

    def test_durability_that_is_not_there_is_one_line_and_a_failure(self):
        self.expect_one_line("appendonly", "--appendonly", "yes")
        self.expect_one_line("save", "--save", "900", "1")

    def test_a_configuration_file_that_is_missing_is_one_line_and_a_failure(self):
        self.expect_one_line("/no/such/file", "/no/such/file")

    def test_a_configuration_file_that_cannot_be_read_is_one_line_and_a_failure(self):
        with tempfile.TemporaryDirectory() as folder:
            self.expect_one_line("can't read config file", folder)
            file = pathlib.Path(folder) / "a.conf"
            file.write_text(f"include {folder}\n")
            self.expect_one_line("can't read config file", str(file))

    def test_a_server_that_nobody_could_reach_does_not_start(self):
        self.expect_one_line("nothing to listen on", "--port", "0")

    def test_files_are_included_by_a_pattern(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("1.inc", "timeout 11\nhz 21\n"), ("2 \".inc", "timeout 12\n"), ("3.txt", "hz 31\n")):
                (pathlib.Path(folder) / name).write_text(text)
            file = pathlib.Path(folder) / "a.conf"
            file.write_text(f"include {folder}/*.inc\ninclude {folder}/*.none\n")
            with servers.Server("reprise", lambda port, _: [end_to_end.SERVER, str(file), "--port", str(port)]) as server, \
                    resp.Connection(server.port) as client:
                self.assertEqual(client.command("CONFIG", "GET", "timeout")[1][1], ("$", b"12"))
                self.assertEqual(client.command("CONFIG", "GET", "hz")[1][1], ("$", b"21"))

    def test_version_and_help_are_printed(self):
        for option, part in (("--version", "v="), ("-v", "v="), ("--help", "Usage"), ("-h", "Usage")):
            code, output = self.run_server(option)
            self.assertEqual(code, 0)
            self.assertIn(part, output)


class OpenFilesTest(unittest.TestCase):
    """How many clients there may be follows from the limit of open files, as in redis-server 7.0.15."""

    def start(self, program, soft, hard, *options):
        server = servers.Server("limited", lambda port, directory: [
            "prlimit", f"--nofile={soft}:{hard}", program, "--port", str(port), "--bind", "127.0.0.1", *options])
        self.addCleanup(server.stop)
        return server

    def maxclients(self, server):
        connection = resp.Connection(server.port, timeout_s=end_to_end.DEADLINE_S)
        self.addCleanup(connection.close)
        return int(connection.command("CONFIG", "GET", "maxclients")[1][1][1])

    def test_a_low_limit_lowers_maxclients_as_in_redis_server(self):
        for limit, options in ((64, ()), (500, ()), (40, ()), (64, ("--maxclients", "20")), (64, ("--maxclients", "33"))):
            with self.subTest(limit=limit, options=options):
                ours = self.start(end_to_end.SERVER, limit, limit, *options)
                redis = self.start("redis-server", limit, limit, *options)
                self.assertEqual(self.maxclients(ours), self.maxclients(redis))

    def test_it_raises_its_own_limit_to_the_hard_one_and_no_lower_than_redis_server(self):
        ours = self.start(end_to_end.SERVER, 64, 500)
        self.assertEqual(self.maxclients(ours), 500 - 32)
        self.assertIn("The limit of open files is 500 (it was 64): maxclients is 468.", ours.log())
        self.assertGreaterEqual(500 - 32, self.maxclients(self.start("redis-server", 64, 500)))

    def test_it_raises_its_own_limit_no_further_than_maxclients_needs(self):
        ours = self.start(end_to_end.SERVER, 64, 500, "--maxclients", "100")
        self.assertEqual(self.maxclients(ours), 100)
        self.assertIn("The limit of open files is 132 (it was 64): maxclients is 100.", ours.log())
        self.assertNotIn("reduced", ours.log())

    def test_a_reduced_maxclients_is_a_warning_that_says_what_it_takes(self):
        ours = self.start(end_to_end.SERVER, 500, 500)
        self.assertEqual(self.maxclients(ours), 468)  # once it answers, all of its start is told
        self.assertRegex(ours.log(), r"# maxclients 10000 needs a limit of 10032 open files.*reduced to 468")

    def test_config_set_beyond_the_limit_is_refused_as_in_redis_server(self):
        replies = []
        for program in (end_to_end.SERVER, "redis-server"):
            connection = resp.Connection(self.start(program, 500, 500).port, timeout_s=end_to_end.DEADLINE_S)
            self.addCleanup(connection.close)
            replies.append([connection.command("CONFIG", "SET", "maxclients", str(n)) for n in (468, 469, 467)])
        self.assertEqual(*replies)

    def test_a_limit_that_leaves_no_client_ends_the_start_with_one_line(self):
        for program in (end_to_end.SERVER, "redis-server"):
            done = subprocess.run(["prlimit", "--nofile=32:32", program, "--port", str(servers.free_port())],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                  timeout=end_to_end.DEADLINE_S)
            self.assertEqual(done.returncode, 1)
            if program == end_to_end.SERVER:
                self.assertEqual(len(done.stdout.strip().splitlines()), 1, done.stdout)
                self.assertIn("limit of open files is 32", done.stdout)


class OptionsTest(end_to_end.ServerTest):
    options = ("--requirepass", "secret", "--databases", "3")

    def test_options_take_effect(self):
        client = self.connect()
        self.assertEqual(client.command("PING"), ("-", b"NOAUTH Authentication required."))
        self.assertEqual(client.command("AUTH", "secret"), ("+", b"OK"))
        self.assertEqual(client.command("SELECT", "2"), ("+", b"OK"))
        self.assertEqual(client.command("SELECT", "3"), ("-", b"ERR DB index is out of range"))


class UnixSocketTest(unittest.TestCase):
    def test_it_listens_on_a_unix_socket(self):
        server = servers.Server("reprise", lambda port, directory: [
            end_to_end.SERVER, "--port", str(port), "--bind", "127.0.0.1", "--unixsocket", directory + "/socket"])
        with server, socket.socket(socket.AF_UNIX) as client:
            # Its port is open before its socket is; it answers only when both are.
            port = resp.Connection(server.port)
            self.assertEqual(port.command("PING"), ("+", b"PONG"))
            port.close()
            client.settimeout(end_to_end.DEADLINE_S)
            client.connect(os.path.join(server.directory, "socket"))
            client.sendall(b"PING\r\n")
            self.assertEqual(client.recv(100), b"+PONG\r\n")


class StockConfigurationTest(unittest.TestCase):
    """The redis.conf that Debian installs along with redis-server, of which only the places are changed.

    It is for root and redis to read, so there is a copy of what it says."""

    STOCK = pathlib.Path(__file__).with_name("stock_redis.conf")

    def start(self, text, *options):
        def command(port, directory):
            path = os.path.join(directory, "redis.conf")
            with open(path, "w") as file:
                file.write(text)
            return [end_to_end.SERVER, path, "--port", str(port), "--dir", directory, "--logfile", "",
                    "--pidfile", "pid", *options]
        return servers.Server("reprise", command)

    def test_it_starts_and_says_nothing_of_what_it_does_not_do(self):
        with self.start(self.STOCK.read_text(), "--daemonize", "no") as server:
            client = resp.Connection(server.port)
            self.assertEqual(client.command("SET", "a", "1"), ("+", b"OK"))
            self.assertEqual(client.command("CONFIG", "GET", "dir"), ("*", [("$", b"dir"), ("$", os.path.realpath(
                server.directory).encode())]))
            client.close()
            self.assertNotIn("has no effect", server.log())
            with open(os.path.join(server.directory, "pid")) as pid:
                self.assertEqual(int(pid.read()), server.process.pid)

    def test_redis_takes_the_same_file(self):
        def command(port, directory):
            return ["redis-server", str(self.STOCK), "--port", str(port), "--dir", directory,
                    "--logfile", "", "--pidfile", "pid", "--daemonize", "no"]
        with servers.Server("redis", command) as server:
            resp.Connection(server.port).close()

    def test_what_it_does_not_do_is_told_in_the_log(self):
        with self.start("notify-keyspace-events KEA\nsave 3600 1\n") as server:
            client = resp.Connection(server.port)
            self.addCleanup(client.close)
            self.assertEqual(client.command("PING"), ("+", b"PONG"))  # once it answers, all of its start is told
            self.assertIn("redis.conf, line 1, 'notify-keyspace-events KEA': has no effect", server.log())
            self.assertIn("redis.conf, line 2, 'save 3600 1': has no effect", server.log())

    def test_a_name_in_bind_is_looked_up(self):
        with self.start("bind localhost -no-such-host-.\n") as server:
            resp.Connection(server.port).close()

    def test_what_fails_before_it_goes_to_the_background_is_told(self):
        with tempfile.TemporaryDirectory() as directory:
            done = subprocess.run([end_to_end.SERVER, "--daemonize", "yes", "--dir", directory, "--logfile", "none/log",
                                   "--port", str(servers.free_port())], stdin=subprocess.DEVNULL, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=end_to_end.DEADLINE_S)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"^reprise-server: can't open the log file: .*none/log.*\n$")

    @staticmethod
    def end_if_alive(process):
        """A server in the background is no child of ours: a test that fails half-way would leave it behind."""
        try:
            if os.path.samefile(f"/proc/{process}/exe", end_to_end.SERVER):
                os.kill(process, signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):
            pass

    def test_it_serves_in_the_background(self):
        with tempfile.TemporaryDirectory() as directory:
            port = servers.free_port()
            subprocess.run([end_to_end.SERVER, "--daemonize", "yes", "--dir", directory, "--pidfile", "pid", "--port",
                            str(port), "--bind", "127.0.0.1", "--logfile", "log"], stdin=subprocess.DEVNULL, check=True,
                           timeout=end_to_end.DEADLINE_S)
            client = end_to_end.connect_in_time(port)
            self.addCleanup(client.close)
            facts = client.command("INFO", "server")[1]  # once it answers, all of its start is done
            with open(os.path.join(directory, "pid")) as pid:
                process = int(pid.read())
            self.addCleanup(self.end_if_alive, process)
            self.assertIn(f"process_id:{process}\r\n".encode(), facts)
            self.assertNotEqual(os.getsid(process), os.getsid(0))
            watcher = end_to_end.connect_in_time(port)
            self.addCleanup(watcher.close)
            self.assertEqual(watcher.command("PING"), ("+", b"PONG"))
            self.assertEqual(client.command("SHUTDOWN", "NOSAVE"), resp.CLOSED)
            self.assertEqual(watcher.reply(), resp.CLOSED)  # the server's last act
            self.assertFalse(os.path.exists(os.path.join(directory, "pid")))


if __name__ == "__main__":
    end_to_end.main()
