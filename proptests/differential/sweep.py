"""Every command with every kind of request that its own COMMAND DOCS makes likely: each option alone and in pairs, in
both orders and twice, without its value and in lower case; odd values in every place; too few and too many arguments.

What is asked follows from redis-server's COMMAND DOCS alone, so a new command is swept without a word more.
"""

import itertools
import random

import compare
import resp
import runner

SETUP = [[b"FLUSHALL"], [b"MSET", b"text", b"hello world", b"number", b"12", b"empty", b""],
         [b"SET", b"dying", b"5", b"EX", b"100000"], [b"APPEND", b"edited", b"7"]]
STATE = [[b"MGET", b"text", b"number", b"empty", b"dying", b"edited", b"missing", b"new"], [b"PTTL", b"dying"],
         [b"PTTL", b"text"], [b"PTTL", b"number"], [b"PTTL", b"missing"], [b"DBSIZE"]]

VALUES = {
    "key": [b"text", b"number", b"missing", b"dying", b"edited", b""],
    "string": [b"new", b"", b"12", b"text", b"\x00\xff"],
    "integer": [b"1", b"0", b"-1", b"12", b"100000", b"abc", b"", b" 1", b"01", b"1.5", b"9223372036854775807",
                b"9223372036854775808", b"-9223372036854775808"],
    "double": [b"1.5", b"-2", b"abc", b"", b"inf", b"nan", b"1e400"],
    "unix-time": [b"5000000000", b"5000000000000", b"1", b"0", b"-1", b"abc", b"9223372036854775807"],
    "pattern": [b"*", b"n*", b"[", b""],
}

# Sweeping these ends the server or the connection, or tells of a server's own affairs; scripts play them.
LEFT_OUT = {"shutdown", "quit", "reset", "hello", "auth", "client|kill", "client|reply", "config|get", "config|set", "config|rewrite",
            "config|resetstat", "client|list", "client|info", "select", "command|docs", "command|info", "command|list",
            "command", "info", "debug", "monitor", "client|pause", "client|unpause", "memory|usage", "memory|stats",
            "memory|malloc-stats", "memory|doctor", "latency|histogram", "latency|doctor"}

REQUESTS_PER_COMMAND = 600


def facts(tree):
    """A map's reply as a dict, in RESP2 as in RESP3."""
    return {tree[1][i][1].decode(): tree[1][i + 1] for i in range(0, len(tree[1]), 2)}


def expires_soon(request):
    """Whether the keys left behind depend on how fast the machine is."""
    words = {word.upper() for word in request}
    timed = words & {b"EX", b"PX"} or request[0] in (b"expire", b"pexpire", b"setex", b"psetex")
    return bool(timed) and any(word.isdigit() and 0 < int(word) <= 60_000 for word in request)


class Sweeper:
    """Makes the requests of one command."""

    def __init__(self, name, docs):
        self.random = random.Random(name)
        self.words = [word.encode() for word in name.split("|")]
        self.arguments = [facts(tree) for tree in docs.get("arguments", ("*", []))[1]]

    def flags(self, argument):
        return {tree[1].decode() for tree in argument["flags"][1]} if "flags" in argument else set()

    def one(self, argument, plain):
        """The words of an argument; `plain`: with the first of the values that fit."""
        words = [argument["token"][1]] if "token" in argument else []
        kind = argument["type"][1].decode()
        if kind in ("oneof", "block"):
            parts = [facts(tree) for tree in argument["arguments"][1]]
            chosen = parts if kind == "block" else [parts[0] if plain else self.random.choice(parts)]
            for part in chosen:
                words += self.one(part, plain)
        elif kind != "pure-token":
            values = VALUES.get(kind, VALUES["string"])
            words.append(values[0] if plain else self.random.choice(values))
        return words

    def required(self, plain):
        return [word for argument in self.arguments if "optional" not in self.flags(argument)
                for word in self.one(argument, plain)]

    def options(self):
        """Each option, with each of the alternatives that it has."""
        found = []
        for argument in self.arguments:
            if "optional" in self.flags(argument):
                kind = argument["type"][1].decode()
                parts = [facts(tree) for tree in argument["arguments"][1]] if kind == "oneof" else [argument]
                head = [argument["token"][1]] if kind == "oneof" and "token" in argument else []
                found += [(head, part) for part in parts]
        return found

    def with_options(self):
        options = self.options()
        for head, option in options:
            for plain in (True, False, False):
                words = head + self.one(option, plain)
                yield words
                yield words[:-1]
                yield [word.lower() for word in words]
        for (head_a, a), (head_b, b) in itertools.product(options, options):
            yield head_a + self.one(a, True) + head_b + self.one(b, True)
            yield head_a + self.one(a, False) + head_b + self.one(b, False)

    def requests(self):
        plain = self.required(True)
        found = [self.words, self.words + plain, self.words + plain[:-1], self.words + plain + [b"extra"],
                 self.words + plain + [b"extra", b"1"]]
        for place, argument in enumerate(plain):
            for values in VALUES.values():
                found += [self.words + plain[:place] + [value] + plain[place + 1:] for value in values
                          if value != argument]
        found += [self.words + plain + more for more in self.with_options()]
        found += [self.words + self.required(False) for _ in range(20)]
        found += [self.words + self.required(False) + more for more in self.with_options()]
        unique = list({tuple(request): request for request in found if not expires_soon(request)}.values())
        if len(unique) > REQUESTS_PER_COMMAND:
            unique = unique[:5] + self.random.sample(unique[5:], REQUESTS_PER_COMMAND - 5)
        return unique


def play(server, request, protocol):
    """The reply to a request over a keyspace of a few keys, and what is asked of the keyspace afterwards."""
    batch = [*SETUP, request, *STATE]
    server.send(b"".join(map(resp.encode, batch)))
    replies = [server.reply() for _ in batch]
    return replies[len(SETUP):]


def names_of(connection):
    """What the server lists, without containers, that only have subcommands."""
    names = [tree[1].decode() for tree in connection.command("COMMAND", "LIST")[1]]
    return sorted(name for name in names if not any(other.startswith(name + "|") for other in names))


# Where a walk that SCAN begins in the middle goes on is each server's own: of its reply the type only is compared.
def sweep_command(name, docs, connections, protocol, report):
    count = 0
    for request in Sweeper(name, docs).requests():
        redis, ours = (play(connection, request, protocol) for connection in connections)
        count += 1
        for asked, a, b in zip([request, *STATE], redis, ours):
            if not compare.same(asked, a, b, "type" if asked[0] == b"scan" else None):
                what = "reply" if asked is request else "then " + b" ".join(asked).decode()
                shown = " ".join(repr(word)[1:] for word in request)
                report(runner.Difference(runner.describe(f"RESP{protocol}: {shown}", what, a, b)))
                break
    return count


def sweep(redis, ours, report, only=None):
    """Plays all; `report` is called with each Difference. Returns how many requests there were."""
    count = 0
    with resp.Connection(redis.port) as theirs, resp.Connection(ours.port) as mine:
        names = [name for name in names_of(mine) if name not in LEFT_OUT and (only is None or name in only)]
        docs = {}
        for name in names:
            answer = facts(theirs.command("COMMAND", "DOCS", name))
            docs[name] = facts(answer[name])
        for protocol in (2, 3):
            for connection in (theirs, mine):
                connection.command("HELLO", protocol)
            for name in names:
                count += sweep_command(name, docs[name], (theirs, mine), protocol, report)
    if only is None and count < 1000:
        raise runner.Difference(f"only {count} requests were swept")
    return count
