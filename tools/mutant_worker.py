"""Plays one mutant after the other in a copy of the sources: builds it, has the simulator look for it, and asks the unit
tests about what the simulator has not seen. Mutants that come next are compiled meanwhile."""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess

import mutator
from simulated_tree import SimulatedTree, TreeError, run_limited

# Quick looks first. Each is (first seed, last seed, options).
SWEEPS = ((1, 300, "mixed"), (1, 300, "cut"), (1, 300, "short"), (1, 200, "idle"), (1, 200, "unread"),
          (301, 2000, "cut"), (301, 2000, "short"), (1, 2000, "mixed", "--ledger"), (1, 1000, "storm"),
          (1, 100, "short", "--twice"))
SEED_SECONDS = 4  # a seed takes milliseconds; a mutant that never ends is to be ended soon
# Tests of whole sessions in a simulated world in which nothing goes wrong: the unit tests of what can't be used alone.
SESSION_TESTS = ("session_accept_test", "session_end_test", "session_login_test", "session_pause_test",
                 "session_tell_test", "session_upkeep_test", "fairness_test")


def tests_in(cmake_text):
    """The names of its tests, by source file."""
    found = {}
    for name, sources in re.findall(r"reprise_test\(\s*NAME (\w+)\s+SOURCES ([^)]*?)\s(?:LINKS|LABELS|TIMEOUT_S)", cmake_text):
        for source in sources.split():
            found.setdefault(source, []).append(name)
    return found


def unit_tests_of(root, path):
    """The targets of the unit tests of a file, and where they are built."""
    folder, _, name = path.rpartition("/")
    if folder == "loop":
        return [("loop_test", folder)]
    beside = tests_in((root / folder / "CMakeLists.txt").read_text()).get(f"{pathlib.Path(name).stem}_test.cc", [])
    of_sessions = () if folder == "server/resp" else SESSION_TESTS
    return [(target, folder) for target in beside] + [(target, "proptests") for target in of_sessions]


def object_of(tree, path):
    """Where the build puts what a source file is compiled to. None for a header."""
    for library in pathlib.Path(path).parents:
        folder = tree.path / "build/dev" / library
        for found in sorted(folder.glob(f"CMakeFiles/*.dir/{pathlib.Path(path).relative_to(library)}.o")):
            return found
    return None


def exchange(target, other):
    """Puts another object file in the place of one, and has the next build link what it is part of. Ninja, which trusts
    times, has to go on taking it for what it has compiled."""
    times = target.stat()
    shutil.copyfile(other, target)
    os.utime(target, ns=(times.st_atime_ns, times.st_mtime_ns))
    name = next(part for part in target.parts if part.endswith(".dir")).removesuffix(".dir")
    folder = next(parent for parent in target.parents if parent.name == "CMakeFiles").parent
    (folder / f"lib{name}.a").unlink(missing_ok=True)


def code_of(compiled):
    """An object file without debug information."""
    stripped = compiled.with_suffix(".stripped")
    subprocess.run(["objcopy", "--strip-debug", str(compiled), str(stripped)], check=True)
    code = stripped.read_bytes()
    stripped.unlink()
    return code


class Worker:
    def __init__(self, index):
        self.tree = SimulatedTree(f"mutants-{index}", 1)
        self.tree.prepare()
        self.ahead = self.tree.path / "build/ahead"
        self.ahead.mkdir(parents=True, exist_ok=True)
        self.replaced = self.ahead / "replaced"  # says which object file a mutant has replaced
        self.original = self.ahead / "original.o"  # its copy
        self.restore()  # for a run that was interrupted
        self.tree.build()
        self.compilers = concurrent.futures.ThreadPoolExecutor(2)
        self.compiled = {}  # what is being compiled, by name
        self.numbers = 0

    def compile_ahead(self, mutant):
        """Begins to compile a mutant, apart from the tree."""
        name = mutator.name_of(mutant)
        if name not in self.compiled and object_of(self.tree, mutant.path) is not None:
            self.numbers += 1
            self.compiled[name] = self.compilers.submit(self.compile, mutant, self.numbers)

    def compile(self, mutant, number):
        """The object file, or None if the mutant does not compile."""
        folder = self.tree.path / "build/dev"
        source = self.ahead / f"{number}.cc"
        target = self.ahead / f"{number}.o"
        place = self.tree.path / mutant.path
        source.write_text(mutator.mutated(place.read_text(), mutant))
        original = str(object_of(self.tree, mutant.path).relative_to(folder))
        command = subprocess.run(["ninja", "-C", str(folder), "-t", "commands", "-s", original], check=True,
                                 capture_output=True, text=True).stdout.splitlines()[-1]
        command = command.replace(f"-o {original}", f"-o {target}").replace(f"-MF {original}.d", f"-MF {target}.d")
        # A CHECK has the name of its file in it, which has to be that of the original, or no code would be the same.
        name = os.path.relpath(place, folder) if "ccache" in command.split()[0] else place
        here = os.path.relpath(source, folder)
        command = command.replace(f"-c {place}", f"-fmacro-prefix-map={here}={name} -c {here}")
        done = run_limited(["sh", "-c", command], 600, cwd=folder, env=self.tree.environment)
        source.unlink()
        pathlib.Path(f"{target}.d").unlink(missing_ok=True)
        return target if done is not None and done.returncode == 0 else None

    def restore(self):
        """Puts the tree back to what it was before the last mutant."""
        self.tree.restore()
        if self.replaced.exists():
            exchange(pathlib.Path(self.replaced.read_text()), self.original)
            self.replaced.unlink()

    def check_unchanged(self):
        """Errors: TreeError."""
        for first, last, profile, *options in SWEEPS:
            summary = self.tree.sweep(first, last, "--profile", profile, *options, seed_seconds=60)
            problems = [failure["problem"] for failure in summary["failures"]] + (summary.get("ledger_problems") or [])
            if problems and (summary["failures"] or "--ledger" in options):
                raise TreeError(f"without any mutant the sweep of {profile} fails already: {problems[0]}")

    def build(self, mutant):
        """Leaves the mutant in the tree. Answers None, or the fate of one that does not count."""
        self.restore()
        target = object_of(self.tree, mutant.path)
        if target is None:
            return self.build_header(mutant)
        self.compile_ahead(mutant)
        made = self.compiled.pop(mutator.name_of(mutant)).result()
        if made is None:
            return "uncompiled"
        if code_of(made) == code_of(target):
            return "equivalent"
        shutil.copyfile(target, self.original)
        self.replaced.write_text(str(target))
        exchange(target, made)
        made.unlink()
        self.tree.build()
        return None

    def build_header(self, mutant):
        self.tree.write(mutant.path, mutator.mutated((self.tree.path / mutant.path).read_text(), mutant))
        try:
            self.tree.build()
        except TreeError:
            return "uncompiled"
        return None

    def play(self, mutant):
        """A result with `fate`: uncompiled, equivalent, killed or survived."""
        result = {"path": mutant.path, "line": mutant.line, "kind": mutant.kind, "context": mutant.context,
                  "before": mutant.before, "after": mutant.after, "fate": "survived"}
        no_count = self.build(mutant)
        if no_count is not None:
            result["fate"] = no_count
        elif not any(self.look(result, *sweep) for sweep in SWEEPS):
            self.ask_unit_tests(result)
        return result

    def look(self, result, first, last, profile, *options):
        summary = self.tree.sweep(first, last, "--profile", profile, *options, seed_seconds=SEED_SECONDS, seconds=120)
        if summary["failures"]:
            failure = summary["failures"][0]
            oracle = failure.get("oracle") or failure["verdict"]
            if oracle == "crash" and "more than" in failure["problem"]:
                oracle = "time limit"
        elif "--ledger" in options and summary.get("ledger_problems"):
            failure, oracle = {"seed": last, "problem": summary["ledger_problems"][0]}, "ledger"
        else:
            return False
        result.update(fate="killed", by=oracle, seed=failure["seed"], sweep=" ".join((profile, *options)),
                      problem=failure["problem"][:300])
        return True

    def ask_unit_tests(self, result):
        for target, folder in unit_tests_of(self.tree.path, result["path"]):
            try:
                self.tree.build(target)
            except TreeError:
                continue
            done = run_limited([str(self.tree.path / "build/dev" / folder / target), "--gtest_brief=1"], 60)
            if done is None or done.returncode != 0:
                result["unit_test"] = target
                return
