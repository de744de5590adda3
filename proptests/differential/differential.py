#!/usr/bin/env python3
"""Plays scripts and random sequences on redis-server and on reprise-server, and compares everything.

    differential.py --server PATH [--redis PATH] FILE.cmds|FILE.raw ...
    differential.py --server PATH [--redis PATH] --seeds A..B [--length N]
    differential.py --server PATH [--redis PATH] --sweep
    differential.py --server PATH --coverage FILE.cmds ...

The last one fails if the server has a command or subcommand that no script plays. Prints the first difference with the line that shows it, and exits 1; 0 if there is none, 2 if it could not run.
"""

import argparse
import functools
import pathlib
import shlex
import sys

sys.dont_write_bytecode = True
import generator  # noqa: E402
import resp  # noqa: E402
import runner  # noqa: E402
import script  # noqa: E402
import servers  # noqa: E402
import sweep  # noqa: E402


def password_in(options):
    """The password that the servers are started with, if any: the harness's own connection needs it."""
    for i, word in enumerate(options[:-1]):
        if word == "--requirepass":
            return options[i + 1]
    return None


def play_commands(path, start, report=None):
    text = path.read_text(encoding="utf-8")
    lines = script.parse_commands(text)
    options = [word.decode() for line in lines if line.directive == "options" for word in line.arguments]
    redis, ours = start(options)
    with redis, ours, runner.Pair(redis, ours, password_in(options)) as pair:
        run = runner.ScriptRun(pair, path.name, report)
        run.play(lines)
    return f"{path.name}: {run.commands} commands agree"


def play_raw(path, start, report=None):
    options, cases = script.parse_raw(path.read_text(encoding="utf-8"))
    redis, ours = start(options)
    with redis, ours, runner.Pair(redis, ours, password_in(options)) as pair:
        for case in cases:
            try:
                runner.play_raw_case(pair, path.name, case)
            except runner.Difference as difference:
                if report is None:
                    raise
                report(difference)
    return f"{path.name}: {len(cases)} cases agree"


def play_seeds(first, last, length, start):
    redis, ours = start([])
    with redis, ours:
        for seed in range(first, last + 1):
            generator.play_seed(redis, ours, seed, length)
    return f"seeds {first}..{last}: {last - first + 1} sequences of {length} commands agree"


def play_sweep(start, report=None):
    def stop_at_first(difference):
        raise difference
    redis, ours = start([])
    with redis, ours:
        return f"sweep: {sweep.sweep(redis, ours, report or stop_at_first)} requests agree"


def check_coverage(paths, server):
    """Each command that the server knows, and each subcommand, begins a line of a script."""
    played = {b"SHUTDOWN"}  # proptests/e2e/process_test.py has it
    for path in paths:
        for line in script.parse_commands(path.read_text(encoding="utf-8")):
            words = line.arguments[1:] if line.directive == "client-id" else line.arguments
            if words and line.directive not in ("section", "client", "close", "options"):
                played.add(words[0].upper())
                played.add(b"|".join(words[:2]).upper())
    with server, resp.Connection(server.port) as client:
        known = [tree[1][0][1].upper() for tree in client.command("COMMAND")[1]]
        for tree in client.command("COMMAND", "INFO", *known)[1]:
            known += [sub[1][0][1].upper() for sub in tree[1][9][1]]
    missing = sorted(set(known) - played)
    if missing:
        raise runner.Difference("no script plays " + b", ".join(missing).decode())
    return f"all {len(known)} commands and subcommands are played"


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True, help="the reprise-server to judge")
    parser.add_argument("--redis", default="redis-server", help="the judge")
    parser.add_argument("--seeds", help="A..B: random sequences instead of files")
    parser.add_argument("--length", type=int, default=60, help="commands in a random sequence")
    parser.add_argument("--sweep", action="store_true", help="every command with every kind of request")
    parser.add_argument("--coverage", action="store_true", help="only checks that every command is played")
    parser.add_argument("--all", action="store_true", help="goes on after a difference in a script")
    parser.add_argument("--self", action="store_true", help="--server is a redis-server too: tests the harness")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    return parser.parse_args(arguments)


def main(arguments):
    options = parse_arguments(arguments)

    def start(words):
        begin_ours = servers.start_redis if options.self else servers.start_reprise
        return servers.start_redis(options.redis, words), begin_ours(options.server, words)
    try:
        if options.coverage:
            print(check_coverage(options.files, servers.start_reprise(options.server)))
            return 0
        if options.seeds:
            first, _, last = options.seeds.partition("..")
            print(play_seeds(int(first), int(last or first), options.length, start))
        players = [(path.name, functools.partial(play_raw if path.suffix == ".raw" else play_commands, path))
                   for path in options.files]
        if options.sweep:
            players.append(("the sweep", play_sweep))
        for name, play in players:
            found = []
            said = play(start, found.append if options.all else None)
            if found:
                raise runner.Difference("\n\n".join(map(str, found)) + f"\n\n{len(found)} differences in {name}")
            print(said, flush=True)
    except runner.Difference as difference:
        print(f"DIFFERENCE {difference}")
        return 1
    except servers.EndedBadly as error:
        print(f"{error.__context__ or ''}\n{error}")
        return 1
    except (servers.StartFailed, script.ScriptError) as error:
        print(error)
        return 2
    if not (options.seeds or options.files or options.sweep):
        print("nothing to do: name a file, --seeds or --sweep")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
