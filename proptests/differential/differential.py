#!/usr/bin/env python3
"""Plays scripts and random sequences on redis-server and on reprise-server, and compares everything.

    differential.py --server PATH [--redis PATH] FILE.cmds|FILE.raw ...
    differential.py --server PATH [--redis PATH] --seeds A..B [--length N]

Prints the first difference with the line that shows it, and exits 1; 0 if there is none, 2 if it could not run.
"""

import argparse
import pathlib
import shlex
import sys

sys.dont_write_bytecode = True
import generator  # noqa: E402
import runner  # noqa: E402
import script  # noqa: E402
import servers  # noqa: E402


def password_in(options):
    """The password that the servers are started with, if any: the harness's own connection needs it."""
    for i, word in enumerate(options[:-1]):
        if word == "--requirepass":
            return options[i + 1]
    return None


def play_commands(path, start):
    text = path.read_text(encoding="utf-8")
    lines = script.parse_commands(text)
    options = [word.decode() for line in lines if line.directive == "options" for word in line.arguments]
    redis, ours = start(options)
    with redis, ours, runner.Pair(redis, ours, password_in(options)) as pair:
        run = runner.ScriptRun(pair, path.name)
        run.play(lines)
    return f"{path.name}: {run.commands} commands agree"


def play_raw(path, start):
    options, cases = script.parse_raw(path.read_text(encoding="utf-8"))
    redis, ours = start(options)
    with redis, ours, runner.Pair(redis, ours, password_in(options)) as pair:
        for case in cases:
            runner.play_raw_case(pair, path.name, case)
    return f"{path.name}: {len(cases)} cases agree"


def play_seeds(first, last, length, start):
    redis, ours = start([])
    with redis, ours:
        for seed in range(first, last + 1):
            generator.play_seed(redis, ours, seed, length)
    return f"seeds {first}..{last}: {last - first + 1} sequences of {length} commands agree"


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True, help="the reprise-server to judge")
    parser.add_argument("--redis", default="redis-server", help="the judge")
    parser.add_argument("--seeds", help="A..B: random sequences instead of files")
    parser.add_argument("--length", type=int, default=60, help="commands in a random sequence")
    parser.add_argument("--self", action="store_true", help="--server is a redis-server too: tests the harness")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    return parser.parse_args(arguments)


def main(arguments):
    options = parse_arguments(arguments)

    def start(words):
        begin_ours = servers.start_redis if options.self else servers.start_reprise
        return servers.start_redis(options.redis, words), begin_ours(options.server, words)
    try:
        if options.seeds:
            first, _, last = options.seeds.partition("..")
            print(play_seeds(int(first), int(last or first), options.length, start))
        for path in options.files:
            print((play_raw if path.suffix == ".raw" else play_commands)(path, start), flush=True)
    except runner.Difference as difference:
        print(f"DIFFERENCE {difference}")
        return 1
    except (servers.StartFailed, script.ScriptError) as error:
        print(error)
        return 2
    if not options.seeds and not options.files:
        print("nothing to do: name a file, or --seeds")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
