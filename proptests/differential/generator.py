"""Random sequences of commands over a few keys, with the values at which implementations part.

A sequence is a function of its seed alone. Times are far away or already over, so that nothing depends on how fast the
machine is. A sequence that shows a difference is shortened before it is reported.
"""

import random

import compare
import resp
import runner

KEYS = [b"a", b"b", b"c", b"d", b"key:1", b"key:2", b"", b"\x00\xff bin", b"k*[y]"]
INTEGERS = [b"0", b"1", b"-1", b"2", b"10", b"255", b"-255", b"4294967296", b"9223372036854775807",
            b"-9223372036854775808", b"9223372036854775806", b"9223372036854775808", b"-9223372036854775809",
            b"18446744073709551615", b"18446744073709551616", b"99999999999999999999"]
NOT_INTEGERS = [b"", b" 1", b"1 ", b"01", b"+1", b"-0", b"1.5", b"0x10", b"1e3", b"abc", b"1\x00", b"--1", b"\xff"]
FLOATS = [b"0", b"1", b"-1", b"1.5", b"-2.25", b"3.0e3", b"1e-3", b"5.0e-1", b"0.1", b"1e18", b"123456789.123456789",
          b"inf", b"-inf", b"+inf", b"infinity", b"nan", b"1e400", b"1e5000", b"-1e5000", b" 1", b"1 ", b"", b"0x1p3",
          b"1_0", b".5", b"5.", b"+3", b"1e", b"1e-5000"]
STRINGS = [b"", b"x", b"hello", b"Hello World", b"\x00\x01\xff", b"ohmytext", b"mynewtext", b"0" * 19, b"1" * 20,
           b"y" * 44, b"z" * 45, b"w" * 64, b"v" * 1000, b"\r\n", b"3.14"]
OFFSETS = [b"0", b"1", b"-1", b"2", b"5", b"-3", b"10", b"100", b"-100", b"1000", b"9223372036854775807",
           b"-9223372036854775808", b"9223372036854775808", b"abc", b"536870912"]
SECONDS_ODD = [b"0", b"-1", b"9223372036854775807", b"9223372036854776", b"-9223372036854775808", b"abc", b"1.5", b"",
               b"9223372036854775808", b"-9223372036854776"]
AT_SECONDS = [b"4000000000", b"5000000000", b"1", b"1000000000"]
AT_MILLISECONDS = [b"4000000000000", b"5000000000123", b"1", b"1000000000000"]
PATTERNS = [b"*", b"a*", b"?", b"[a-c]", b"[^a]", b"key:?", b"\\*", b"k\\*\\[y\\]", b"", b"**", b"[a", b"[^", b"*a*b*",
            b"k*[y]", b"[c-a]", b"\\", b"a\\"]
DATABASES = [b"0", b"0", b"0", b"1", b"1", b"9", b"15", b"16", b"-1", b"abc", b"99999999999999999999", b"1 "]


class Generator:
    """Draws commands; everything comes from one random.Random, so a seed says it all."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        # Times from now are drawn without repetition: whether two equal ones are equal moments depends on the machine.
        self.hours_ahead = self.random.sample(range(100, 5000), 2000)
        # DBSIZE counts a key that a SET has made with a time that is over, until the server has removed it.
        self.may_hold_expired_keys = False
        self.makers = [(weight, maker) for maker, weight in self.families()]

    def pick(self, items):
        return self.random.choice(items)

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def key(self):
        return self.pick(KEYS[:4]) if self.chance(75) else self.pick(KEYS)

    def value(self):
        kind = self.random.randrange(10)
        if kind < 4:
            return self.pick(INTEGERS)
        return self.pick((STRINGS, STRINGS, STRINGS, NOT_INTEGERS, FLOATS, INTEGERS)[kind - 4])

    def number(self):
        return self.pick(INTEGERS) if self.chance(80) else self.pick(NOT_INTEGERS)

    def expiry(self, unit):
        if self.chance(20):
            return self.pick(SECONDS_ODD)
        if unit in (b"EXAT", b"PXAT"):
            return self.pick(AT_SECONDS if unit == b"EXAT" else AT_MILLISECONDS)
        return b"%d" % (self.hours_ahead.pop() * (3600 if unit == b"EX" else 3_600_000))

    def some(self, maker, most):
        return [maker() for _ in range(self.random.randrange(1, most + 1))]

    def options(self, *choices):
        """Each option with its own chance, in any order; some twice, some in lower case."""
        out = []
        for choice in choices:
            if self.chance(100 // (len(choices) + 1)):
                out.append(choice() if callable(choice) else list(choice))
        self.random.shuffle(out)
        words = [word for option in out for word in option]
        return [word.lower() if self.chance(20) else word for word in words]

    def timed(self, unit):
        return lambda: [unit, self.expiry(unit)]

    def families(self):
        key, value, number, offset = self.key, self.value, self.number, lambda: self.pick(OFFSETS)
        times = [self.timed(unit) for unit in (b"EX", b"PX", b"EXAT", b"PXAT")]
        compare_options = lambda: self.options([b"NX"], [b"XX"], [b"GT"], [b"LT"])  # noqa: E731
        return [
            (lambda: [b"SET", key(), value()], 16),
            (lambda: [b"SET", key(), value()] + self.options([b"NX"], [b"XX"], [b"GET"], [b"KEEPTTL"], *times), 14),
            (lambda: [b"GET", key()], 8),
            (lambda: [b"GETEX", key()] + self.options([b"PERSIST"], *times), 6),
            (lambda: [b"GETDEL", key()], 2),
            (lambda: [b"GETSET", key(), value()], 2),
            (lambda: [b"SETNX", key(), value()], 2),
            (lambda: [b"SETEX", key(), self.expiry(b"EX"), value()], 3),
            (lambda: [b"PSETEX", key(), self.expiry(b"PX"), value()], 3),
            (lambda: [b"MSET"] + [word for _ in range(self.random.randrange(1, 4)) for word in (key(), value())], 3),
            (lambda: [b"MSETNX"] + [word for _ in range(self.random.randrange(1, 3)) for word in (key(), value())], 2),
            (lambda: [b"MGET"] + self.some(key, 4), 3),
            (lambda: [b"APPEND", key(), value()], 5),
            (lambda: [b"STRLEN", key()], 3),
            (lambda: [b"SETRANGE", key(), offset(), value()] if self.chance(70)
             else [b"SETRANGE", key(), str(self.random.randrange(40)).encode(), value()], 6),
            (lambda: [b"GETRANGE", key(), offset(), offset()], 5),
            (lambda: [b"SUBSTR", key(), offset(), offset()], 1),
            (lambda: [self.pick([b"INCR", b"DECR"]), key()], 8),
            (lambda: [self.pick([b"INCRBY", b"DECRBY"]), key(), number()], 8),
            (lambda: [b"INCRBYFLOAT", key(), self.pick(FLOATS)], 8),
            (lambda: [b"LCS", key(), key()] + self.options(
                [b"LEN"], [b"IDX"], [b"WITHMATCHLEN"], lambda: [b"MINMATCHLEN", self.pick([b"0", b"2", b"-1", b"x"])]), 4),
            (lambda: [self.pick([b"DEL", b"UNLINK", b"EXISTS", b"TOUCH"])] + self.some(key, 3), 8),
            (lambda: [b"TYPE", key()], 2),
            (lambda: [self.pick([b"RENAME", b"RENAMENX"]), key(), key()], 5),
            (lambda: [b"COPY", key(), key()] + self.options([b"REPLACE"], lambda: [b"DB", self.pick(DATABASES)]), 6),
            (lambda: [b"MOVE", key(), self.pick(DATABASES)], 3),
            (lambda: [b"EXPIRE", key(), self.expiry(b"EX")] + compare_options(), 6),
            (lambda: [b"PEXPIRE", key(), self.expiry(b"PX")] + compare_options(), 6),
            (lambda: [b"EXPIREAT", key(), self.expiry(b"EXAT")] + compare_options(), 5),
            (lambda: [b"PEXPIREAT", key(), self.expiry(b"PXAT")] + compare_options(), 5),
            (lambda: [b"PERSIST", key()], 3),
            (lambda: [self.pick([b"TTL", b"PTTL", b"EXPIRETIME", b"PEXPIRETIME"]), key()], 8),
            (lambda: [b"KEYS", self.pick(PATTERNS)], 3),
            (lambda: [b"SCAN", b"0", b"COUNT", b"1000"] + self.options(
                lambda: [b"MATCH", self.pick(PATTERNS)], lambda: [b"TYPE", self.pick([b"string", b"STRING", b"list"])]), 3),
            (lambda: [b"RANDOMKEY"], 1),
            (lambda: [b"DBSIZE"] if not self.may_hold_expired_keys else [b"RANDOMKEY"], 2),
            (lambda: [b"SELECT", self.pick(DATABASES)], 3),
            (lambda: [self.pick([b"FLUSHDB", b"FLUSHALL"])] + self.options([b"ASYNC"], [b"SYNC"]), 1),
            (lambda: [b"PING"] + self.options([b"hello"]), 1),
            (lambda: [b"ECHO", value()], 1),
        ]

    def command(self):
        weights = [weight for weight, _ in self.makers]
        maker = self.random.choices([maker for _, maker in self.makers], weights)[0]
        words = maker()
        if self.chance(3) and len(words) > 1:  # the wrong number of arguments
            words = words[:-1] if self.chance(50) else words + [self.value()]
        if words[0] == b"SET" and {b"EXAT", b"PXAT"} & {word.upper() for word in words}:
            self.may_hold_expired_keys = True
        if self.chance(10):
            words[0] = self.pick([words[0].lower(), words[0].capitalize()])
        return words


def replies_of(server, commands):
    """What a new connection answers to the commands, sent at once, on an empty keyspace; and the keyspace after it."""
    side = runner.Side(server, None)
    try:
        side.admin.command("FLUSHALL")
        client = side.client("main")
        client.send(b"".join(map(resp.encode, commands)))
        return [client.reply() for _ in commands]
    finally:
        side.close()


def first_difference(redis, ours, commands):
    """None, or what differs when both servers play the commands."""
    theirs, mine = replies_of(redis, commands), replies_of(ours, commands)
    for index, command in enumerate(commands):
        if not compare.same(command, theirs[index], mine[index]):
            return runner.describe(f"command {index + 1}: {shown(command)}", "reply", theirs[index], mine[index])
    try:
        with runner.Pair(redis, ours) as pair:
            pair.compare_dumps("after all of it")
    except runner.Difference as difference:
        return str(difference)
    return None


def shown(command):
    return " ".join(repr(word)[1:] for word in command)


def shortened(redis, ours, commands):
    """Leaves out commands as long as there is still a difference: large pieces first, then single ones."""
    size = len(commands) // 2
    while size >= 1:
        start = 0
        while start < len(commands):
            shorter = commands[:start] + commands[start + size:]
            if shorter and first_difference(redis, ours, shorter):
                commands = shorter
            else:
                start += size
        size //= 2
    return commands


def play_seed(redis, ours, seed, length):
    """Raises runner.Difference, with the shortened sequence, if the servers part on the sequence of a seed."""
    generator = Generator(seed)
    commands = [generator.command() for _ in range(length)]
    if first_difference(redis, ours, commands) is None:
        return
    commands = shortened(redis, ours, commands)
    script = "\n".join(f"    {shown(command)}" for command in commands)
    raise runner.Difference(f"seed {seed}, shortened to {len(commands)} command(s):\n{script}\n  "
                            f"{first_difference(redis, ours, commands)}")
