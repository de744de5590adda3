"""Runs scripts on two servers side by side, and says where they part."""

import re
import time

import compare
import resp
import script

DATABASES = 16
GONE_DEADLINE_S = 30
CHANGES = re.compile(rb"rdb_changes_since_last_save:(\d+)")


class Difference(Exception):
    """The first difference between the two servers, told for people."""


def describe(where, what, redis, ours):
    return (f"{where}\n  {what}\n"
            f"  redis-server:\n    {resp.show(redis, '      ')}\n  reprise-server:\n    {resp.show(ours, '      ')}")


class Side:
    """The connections of one script to one server."""

    def __init__(self, server, password):
        self.server = server
        self.clients = {}
        self.admin = self.connect_admin(password)
        self.changes_before = self.changes()

    def connect_admin(self, password):
        connection = resp.Connection(self.server.port)
        if password:
            connection.command("AUTH", password)
        return connection

    def client(self, name):
        if name not in self.clients:
            self.clients[name] = resp.Connection(self.server.port)
        return self.clients[name]

    def drop(self, name):
        connection = self.clients.pop(name, None)
        if connection:
            connection.close()

    def close(self):
        for name in list(self.clients):
            self.drop(name)
        self.admin.close()

    def changes(self):
        """How many the server counts that a save would have to write."""
        return int(CHANGES.search(self.admin.command("INFO", "persistence")[1])[1])

    def flush(self):
        self.admin.command("FLUSHALL")  # which counts what has expired, if the server has not removed it yet
        self.changes_before = self.changes()

    def dump(self):
        """What was counted as a change since the latest flush, and the keyspace: for each database with keys, their
        number, and of each key type, value and remaining time."""
        found = {"all dbs: changes": (":", b"%d" % (self.changes() - self.changes_before))}
        for db in range(DATABASES):
            selected = self.admin.command("SELECT", db)
            if selected[0] == "-":
                return {"dump failed": selected}
            keys = self.admin.command("KEYS", "*")
            size = self.settled_size(len(keys[1]))
            if size == (":", b"0"):
                continue
            found[f"db {db}: DBSIZE"] = size
            for _, key in sorted(keys[1]):
                kind = self.admin.command("TYPE", key)
                found[f"db {db}: TYPE {key!r}"] = kind
                if kind[1] == b"string":
                    found[f"db {db}: GET {key!r}"] = self.admin.command("GET", key)
                found[f"db {db}: PTTL {key!r}"] = self.admin.command("PTTL", key)
                if self.has_object_encoding():
                    found[f"db {db}: OBJECT ENCODING {key!r}"] = self.admin.command("OBJECT", "ENCODING", key)
        return found

    def settled_size(self, keys):
        """DBSIZE counts what has expired until the server has removed it, which it does by itself and soon."""
        deadline = time.monotonic() + GONE_DEADLINE_S
        while True:
            size = self.admin.command("DBSIZE")
            if size == (":", b"%d" % keys) or time.monotonic() > deadline:
                return size

    def has_object_encoding(self):
        if not hasattr(self, "knows_object"):
            self.knows_object = self.admin.command("COMMAND", "INFO", "OBJECT")[1][0][1] is not None
        return self.knows_object


class Pair:
    """A script's run on redis-server and on the server under test."""

    def __init__(self, redis, ours, password=None):
        self.sides = (Side(redis, password), Side(ours, password))

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        for side in self.sides:
            side.close()

    def compare_dumps(self, where):
        redis, ours = (side.dump() for side in self.sides)
        missing = self.sides[0].has_object_encoding() != self.sides[1].has_object_encoding()
        for question in sorted(set(redis) | set(ours)):
            if missing and ": OBJECT" in question:
                continue
            a, b = (dump.get(question, ("not there", None)) for dump in (redis, ours))
            asked = question.partition(": ")[2].split(" ")
            command = [b"OBJECT", b"ENCODING"] if asked[0] == "OBJECT" else [b"PTTL"] if asked[0] == "PTTL" else [b""]
            if not compare.same(command, a, b):
                raise Difference(describe(where, f"side effect, in {question}", a, b))

    def flush(self):
        self.on_both(Side.flush)

    def on_both(self, action):
        return [action(side) for side in self.sides]


class ScriptRun:
    """The state while a .cmds script is played: which client speaks, what stands before the command."""

    def __init__(self, pair, path, report=None):
        """report: called with each Difference, and the script goes on; without it the first one is raised."""
        self.pair = pair
        self.path = path
        self.report = report
        self.client = "main"
        self.commands = 0

    def play(self, lines):
        for line in lines:
            self.guarded(self.play_line, line, f"{self.path}:{line.number}: {line.text[:300]}")
        self.guarded(self.pair.compare_dumps, f"{self.path}: at the end")

    def guarded(self, action, *arguments):
        try:
            action(*arguments)
        except Difference as difference:
            if self.report is None:
                raise
            self.report(difference)

    def play_line(self, line, where):
        action = getattr(self, "do_" + (line.directive or "").replace("-", "_"), None)
        if action:
            action(line, where)
        elif line.directive in (None, "exact", *compare.RULES_BY_MODE):
            self.command(line, where)
        else:
            raise Difference(f"{where}\n  no such directive: %{line.directive}")

    def command(self, line, where):
        self.commands += 1
        if line.arguments[0].upper() == b"SCANALL":
            redis, ours = self.pair.on_both(lambda side: scan_all(side.client(self.client), line.arguments))
        else:
            redis, ours = self.pair.on_both(lambda side: side.client(self.client).command(*line.arguments))
        if not compare.same(line.arguments, redis, ours, line.directive):
            raise Difference(describe(where, f"reply of {self.client}", redis, ours))
        if redis == resp.TIMED_OUT:
            raise Difference(f"{where}\n  neither server answers")
        if redis == resp.CLOSED:
            self.pair.on_both(lambda side: side.drop(self.client))

    def do_options(self, line, where):
        """Consumed before the servers start."""

    def do_section(self, line, where):
        """Compares all side effects, then starts afresh: no keys, no connections."""
        self.guarded(self.pair.compare_dumps, f"{where}: before it")
        self.pair.on_both(lambda side: [side.drop(name) for name in list(side.clients)])
        self.pair.flush()
        self.client = "main"

    def do_client(self, line, where):
        self.client = line.arguments[0].decode()

    def do_close(self, line, where):
        self.pair.on_both(lambda side: side.drop(line.arguments[0].decode()))

    def do_silent(self, line, where):
        """The command has no reply."""
        self.pair.on_both(lambda side: side.client(self.client).send(resp.encode(line.arguments)))

    def do_each_command(self, line, where):
        """`%each-command COMMAND...`: COMMAND with the name of each command and subcommand that we have behind it."""
        names = self.pair.sides[1].admin.command("COMMAND", "LIST")[1]
        if not names:
            raise Difference(f"{where}\n  reprise-server lists no commands")
        for _, name in sorted(names):
            asked = script.Line(line.number, line.text, None, [*line.arguments, name])
            self.guarded(self.command, asked, f"{where} {name.decode()}")

    def do_inline(self, line, where):
        """Sends the text as an inline command, with as many replies as there are lines in it."""
        self.commands += 1
        data = b" ".join(line.arguments) + b"\r\n"
        self.pair.on_both(lambda side: side.client(self.client).send(data))
        redis, ours = self.pair.on_both(lambda side: side.client(self.client).reply())
        if not compare.same(line.arguments, redis, ours, "exact"):
            raise Difference(describe(where, "reply", redis, ours))

    def do_closed(self, line, where):
        """Both servers close the connection now."""
        redis, ours = self.pair.on_both(lambda side: side.client(self.client).reply())
        if redis != ours or redis != resp.CLOSED:
            raise Difference(describe(where, f"{self.client} should be closed", redis, ours))
        self.pair.on_both(lambda side: side.drop(self.client))

    def do_until_gone(self, line, where):
        """Asks until the key has expired."""
        for side in self.pair.sides:
            deadline = time.monotonic() + GONE_DEADLINE_S
            while side.client(self.client).command("EXISTS", line.arguments[0]) != (":", b"0"):
                if time.monotonic() > deadline:
                    raise Difference(f"{where}\n  {side.server.name} still has the key after {GONE_DEADLINE_S} s")

    def do_client_id(self, line, where):
        """`%client-id OTHER COMMAND...`: sends COMMAND with the id, address or local address of client OTHER put in
        the place of the words {id}, {addr} and {laddr}."""
        other, words = line.arguments[0].decode(), line.arguments[1:]

        def send(side):
            kind, text = side.client(other).command("CLIENT", "INFO")
            text = text[len(b"txt:"):] if kind == "=" else text
            info = dict(field.partition(b"=")[::2] for field in text.split())
            filled = [b"%s" % info[w[1:-1]] if w in (b"{id}", b"{addr}", b"{laddr}") else w for w in words]
            return side.client(self.client).command(*filled)
        redis, ours = self.pair.on_both(send)
        if not compare.same(words, redis, ours):
            raise Difference(describe(where, "reply", redis, ours))


def scan_all(connection, arguments):
    """Walks a whole SCAN; the keys, each once, as one array tree, or the first reply that is none of a SCAN."""
    cursor, keys = b"0", {}
    while True:
        reply = connection.command("SCAN", cursor, *arguments[1:])
        if reply[0] != "*" or len(reply[1]) != 2:
            return reply
        keys.update((repr(tree), tree) for tree in reply[1][1][1])
        cursor = reply[1][0][1]
        if cursor == b"0":
            return ("*", list(keys.values()))


def play_raw_case(pair, path, case, password=None):
    """Sends a case's bytes whole, in two halves, and byte by byte; the whole answer must be the same each time."""
    cuts = {"whole": [case.data], "in halves": halves(case.data)}
    if len(case.data) <= 300:
        cuts["byte by byte"] = [case.data[i:i + 1] for i in range(len(case.data))]
    for how, chunks in cuts.items():
        redis, ours = pair.on_both(lambda side: send_in_chunks(side, chunks))
        if redis != ours:
            raise Difference(describe(f"{path}:{case.number}: {case.title}", f"sent {how}",
                                      ("all bytes", redis), ("all bytes", ours)))
        pair.compare_dumps(f"{path}:{case.number}: {case.title}, sent {how}")
        pair.flush()


def halves(data):
    return [data[:len(data) // 2], data[len(data) // 2:]]


def send_in_chunks(side, chunks):
    """Sends the chunks, with a round trip of another connection between them so that each arrives alone."""
    connection = resp.Connection(side.server.port)
    for chunk in chunks:
        connection.send(chunk)
        if len(chunks) > 1:
            side.admin.command("PING")
    connection.finish_sending()
    answer = connection.rest()
    connection.close()
    return answer
