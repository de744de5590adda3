"""Which replies count as the same. Exactly equal ones do; each exception is a function below and says why."""

import re

TIME_TOLERANCE_MS = 10_000

# Fields of CLIENT LIST and CLIENT INFO that depend on the moment, the connection or the memory of a server.
VOLATILE_CLIENT_FIELDS = frozenset(
    "id addr laddr fd age idle qbuf qbuf-free argv-mem multi-mem rbs rbp obl oll omem tot-mem events".split())

# What COMMAND DOCS says in sentences.
OWN_WORDS = (b"summary", b"complexity", b"replaced_by")


def same(arguments, redis, ours, mode=None):
    """Whether two replies to a command agree. mode: the directive of the line (`exact`, `type`, ...) or None."""
    if redis == ours:
        return True
    if mode == "exact" or redis[0] != ours[0] or "-" in (redis[0], ours[0]):
        return False
    rule = RULES_BY_MODE.get(mode) or rule_for(arguments)
    return rule is not None and rule(redis, ours)


def rule_for(arguments):
    """The exception for a command, if there is one."""
    name = arguments[0].upper() if arguments else b""
    subcommand = arguments[1].upper() if len(arguments) > 1 else b""
    return RULES.get((name, subcommand)) or RULES.get((name, None))


def same_type(redis, ours):
    return redis[0] == ours[0] and (redis[1] is None) == (ours[1] is None)


def unordered(redis, ours):
    """KEYS and the like promise no order."""
    return sorted(map(repr, redis[1])) == sorted(map(repr, ours[1]))


def same_scan(redis, ours):
    """[cursor, keys]: both finished or both not; the order within is nobody's business."""
    if len(redis[1]) != 2 or len(ours[1]) != 2:
        return False
    return (redis[1][0][1] == b"0") == (ours[1][0][1] == b"0") and unordered(redis[1][1], ours[1][1])


def near(tolerance):
    """Times that lie ahead may differ by what the machine took between the two servers."""
    def check(redis, ours):
        a, b = int(redis[1]), int(ours[1])
        return a > 0 and b > 0 and abs(a - b) <= tolerance
    return check


def same_client_lines(redis, ours):
    """One line a client; the volatile fields must be there, in the same order, with any value."""
    def normal(tree):
        return [[(key, "" if key in VOLATILE_CLIENT_FIELDS else value)
                 for key, _, value in (field.partition("=") for field in line.split(" "))]
                for line in tree[1].decode().removeprefix("txt:").split("\n")]
    return normal(redis) == normal(ours)


def same_hello(redis, ours):
    """The server's name, version and the connection's id are its own."""
    def normal(tree):
        items = tree[1]
        return [items[i] if i % 2 == 0 or items[i - 1][1] not in (b"server", b"version", b"id") else items[i][0]
                for i in range(len(items))]
    return len(redis[1]) % 2 == 0 and normal(redis) == normal(ours)


def subset(redis, ours):
    """What we have is a part of what Redis has."""
    theirs = {repr(tree) for tree in redis[1]}
    return bool(ours[1]) and all(repr(tree) in theirs for tree in ours[1])


def pairs_subset(redis, ours):
    """Name, value, name, value ... in any order: each of ours is one of Redis's, with the same value."""
    def pairs(tree):
        return {(repr(tree[1][i]), repr(tree[1][i + 1])) for i in range(0, len(tree[1]), 2)}
    return pairs(ours) <= pairs(redis) and bool(ours[1]) == bool(redis[1])


def same_pairs(redis, ours):
    """Name, value, name, value ... in any order."""
    return len(ours[1]) == len(redis[1]) and pairs_subset(redis, ours)


def same_commands_info(redis, ours):
    """COMMAND INFO: the ACL categories and the flags are sets; of subcommands we may have fewer."""
    return len(redis[1]) == len(ours[1]) and all(map(same_command_info, redis[1], ours[1]))


def same_command_info(redis, ours):
    """One command of COMMAND INFO: name, arity, flags, first, last, step, categories, tips, key specs, subcommands."""
    if redis == ours:
        return True
    a, b = redis[1], ours[1]
    if a is None or b is None or len(a) != 10 or len(b) != 10:
        return False
    if [a[i] for i in (0, 1, 3, 4, 5, 8)] != [b[i] for i in (0, 1, 3, 4, 5, 8)]:
        return False
    if not all(unordered(a[i], b[i]) for i in (2, 6, 7)):
        return False
    theirs = {sub[1][0]: sub for sub in a[9][1]}
    return all(sub[1][0] in theirs and same_command_info(theirs[sub[1][0]], sub) for sub in b[9][1])


def same_docs(redis, ours):
    """COMMAND DOCS: of a command's subcommands we may have fewer; all facts agree, in the same order, except for the
    sentences, which are our own."""
    def commands(tree):
        return {tree[1][i][1]: tree[1][i + 1] for i in range(0, len(tree[1]), 2)}
    theirs, mine = commands(redis), commands(ours)
    return set(theirs) == set(mine) and all(same_facts(theirs[name], mine[name]) for name in mine)


def same_facts(redis, ours):
    theirs = {redis[1][i][1]: redis[1][i + 1] for i in range(0, len(redis[1]), 2)}
    mine = {ours[1][i][1]: ours[1][i + 1] for i in range(0, len(ours[1]), 2)}
    subcommands = mine.pop(b"subcommands", None)
    if subcommands is not None:
        known = {theirs[b"subcommands"][1][i][1]: theirs[b"subcommands"][1][i + 1]
                 for i in range(0, len(theirs[b"subcommands"][1]), 2)}
        if not all(subcommands[1][i][1] in known and same_facts(known[subcommands[1][i][1]], subcommands[1][i + 1])
                   for i in range(0, len(subcommands[1]), 2)):
            return False
    theirs.pop(b"subcommands", None)
    return redis[0] == ours[0] and list(theirs) == list(mine) and all(
        theirs[fact] == mine[fact] or fact in OWN_WORDS
        or (fact == b"history" and same_history(theirs[fact], mine[fact])) for fact in mine)


def same_history(redis, ours):
    """Pairs of a version and a sentence: the versions agree."""
    return redis[0] == ours[0] and len(redis[1]) == len(ours[1]) and all(
        len(b[1]) == 2 and a[1][0] == b[1][0] for a, b in zip(redis[1], ours[1]))


def same_help(redis, ours):
    """HELP: the sentences are our own; the heading and the end are those that clients show."""
    lines = ours[1]
    return all(line[0] == "+" for line in lines) and lines[0] == redis[1][0] and ("+", b"HELP") in lines


def same_info(redis, ours):
    """INFO: the values are a server's own. The sections are Redis's, the fields in each are Redis's or begin with
    "reprise_", and the number of keys is right."""
    def keyspace(tree):
        return re.findall(rb"^db\d+:keys=\d+,expires=\d+", tree[1], re.M)

    def sections(tree):
        return set(re.findall(rb"^# (\w+)", tree[1], re.M))

    def fields(tree):
        found, section = set(), b""
        for line in tree[1].split(b"\r\n"):
            section = line if line.startswith(b"# ") else section
            if b":" in line and b"stat_" not in line and b"latency_percentiles" not in line and line[:2] != b"db":
                found.add((section, line.partition(b":")[0]))
        return found
    own = {field for field in fields(ours) - fields(redis) if not field[1].startswith(b"reprise_")}
    return keyspace(redis) == keyspace(ours) and sections(ours) == sections(redis) and not own


def same_debug_object(redis, ours):
    """DEBUG OBJECT: where the value lies, and the clock of the last access, are a server's own."""
    def normal(tree):
        return re.sub(rb"at:0x[0-9a-f]+|lru:\d+|lru_seconds_idle:\d+", b"", tree[1])
    return normal(redis) == normal(ours)


def same_memory_stats(redis, ours):
    """MEMORY STATS: of the fields we may have fewer, in the same order and of the same types."""
    def fields(tree):
        return [(tree[1][i][1], tree[1][i + 1][0]) for i in range(0, len(tree[1]), 2)]
    theirs, mine = fields(redis), fields(ours)
    return len(mine) > 5 and [field for field in theirs if field in mine] == mine


def same_histograms(redis, ours):
    """LATENCY HISTOGRAM: the same commands in any order, each with as many calls; how long they took is a server's
    own."""
    def calls(tree):
        found = {}
        for i in range(0, len(tree[1]), 2):
            fields = tree[1][i + 1][1]
            assert fields[0][1] == b"calls" and fields[2][1] == b"histogram_usec"
            counts = [int(count[1]) for count in fields[3][1][1::2]]
            assert counts == sorted(counts) and counts[-1] == int(fields[1][1])
            found[tree[1][i][1]] = (fields[1], fields[3][0])
        return found
    return calls(redis) == calls(ours)


RULES = {
    (b"KEYS", None): unordered,
    (b"SCAN", None): same_scan,
    (b"SCANALL", None): unordered,
    (b"RANDOMKEY", None): same_type,
    (b"TIME", None): lambda redis, ours: [t[0] for t in redis[1]] == [t[0] for t in ours[1]],
    (b"TTL", None): near(TIME_TOLERANCE_MS // 1000),
    (b"PTTL", None): near(TIME_TOLERANCE_MS),
    (b"EXPIRETIME", None): near(TIME_TOLERANCE_MS // 1000),
    (b"PEXPIRETIME", None): near(TIME_TOLERANCE_MS),
    (b"CLIENT", b"ID"): lambda redis, ours: int(redis[1]) > 0 and int(ours[1]) > 0,
    (b"CLIENT", b"INFO"): same_client_lines,
    (b"CLIENT", b"LIST"): same_client_lines,
    (b"HELLO", None): same_hello,
    (b"COMMAND", b"COUNT"): lambda redis, ours: int(redis[1]) >= int(ours[1]) > 0,
    (b"COMMAND", b"LIST"): subset,
    (b"COMMAND", b"INFO"): same_commands_info,
    (b"COMMAND", b"DOCS"): same_docs,
    (b"COMMAND", b"HELP"): same_help,
    (b"CONFIG", b"HELP"): same_help,
    (b"CLIENT", b"HELP"): same_help,
    (b"OBJECT", b"HELP"): same_help,
    (b"CONFIG", b"GET"): same_pairs,
    (b"OBJECT", b"IDLETIME"): same_type,
    (b"DEBUG", b"HELP"): same_help,
    (b"DEBUG", b"OBJECT"): same_debug_object,
    (b"LATENCY", b"HELP"): same_help,
    (b"LATENCY", b"DOCTOR"): same_type,
    (b"LATENCY", b"HISTOGRAM"): same_histograms,
    (b"MEMORY", b"HELP"): same_help,
    (b"MEMORY", b"DOCTOR"): same_type,
    (b"MEMORY", b"MALLOC-STATS"): same_type,
    (b"MEMORY", b"STATS"): same_memory_stats,
    (b"MEMORY", b"USAGE"): same_type,
    (b"INFO", None): same_info,
}

RULES_BY_MODE = {
    "type": same_type,
    "unordered": unordered,
    "subset": subset,
    "pairs-subset": pairs_subset,
}
