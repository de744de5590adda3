"""A copy of the sources in which planted-bugs and mutants make their changes, build reprise-sim and sweep with it.

The copy lies under build/ of the checkout, which itself is never changed, and may be meanwhile. Whatever a killed run has
left in the copy is put right when the next one begins.
"""

import ctypes
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What reprise-sim is made of. Tests and benchmarks are described in the same CMake files, so they come along.
SOURCES = ("CMakeLists.txt", "CMakePresets.json", "cmake", "loop", "backends", "sim", "server", "proptests", "fuzz",
           "bench", "examples", "tools")
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
MEMORY_MAX_BYTES = 2 << 30  # of address space, for a program that a change has made insatiable
# Exit codes of reprise-sim that say what it found; others mean that it could not do its work.
FOUND = (0, 10, 11, 12, 13, 14, 15)


class TreeError(Exception):
    """What the user has to know: a patch that doesn't apply, a tree that doesn't build."""


def run_limited(command, seconds, **options):
    """Runs a program in a process group of its own, with limited memory. After `seconds` the group is ended: answers
    None then, else the finished process."""

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX_BYTES, MEMORY_MAX_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # it ends when we do, however that comes about

    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, errors="replace", start_new_session=True, preexec_fn=limit, **options)
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def install_what_is_missing():
    subprocess.run([str(ROOT / "tools" / "setup"), "serve", "test"], stdin=subprocess.DEVNULL, stdout=sys.stderr,
                   check=True)


def _same(a, b):
    try:
        return a.stat().st_size == b.stat().st_size and a.read_bytes() == b.read_bytes()
    except OSError:
        return False


class SimulatedTree:
    def __init__(self, name, jobs, root=ROOT):
        self.root = root
        self.path = root / "build" / name
        self.jobs = jobs
        self.sim = self.path / "build/dev/proptests/reprise_sim/reprise-sim"
        self.changed = {}  # path: what was there
        self.environment = dict(os.environ, CCACHE_BASEDIR=str(self.path), CCACHE_NOHASHDIR="1")

    def prepare(self):
        """Makes the copy equal to the checkout, touching only what differs, and configures its build once."""
        self.path.mkdir(parents=True, exist_ok=True)
        kept = set()
        for name in SOURCES:
            top = self.root / name
            files = [top] if top.is_file() else sorted(p for p in top.rglob("*") if p.is_file()
                                                       and "__pycache__" not in p.parts)
            for file in files:
                relative = file.relative_to(self.root)
                kept.add(relative)
                self._copy(relative)
        for name in SOURCES:
            top = self.path / name
            for file in list(top.rglob("*")) if top.is_dir() else ():
                if file.is_file() and file.relative_to(self.path) not in kept:
                    file.unlink()
        if not (self.path / "build/dev/build.ninja").exists():
            self._command(["cmake", "--preset", "dev"], 300)

    def _copy(self, relative):
        source, target = self.root / relative, self.path / relative
        if not _same(source, target):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            shutil.copymode(source, target)

    def restore(self):
        for relative, content in self.changed.items():
            (self.path / relative).write_bytes(content)
        self.changed = {}

    def apply(self, patch):
        """Puts back what was changed, then applies a patch file. Errors: TreeError."""
        self.restore()
        for line in patch.read_text().splitlines():
            if line.startswith("+++ "):
                self._keep(line.split()[1].split("/", 1)[1])
        done = subprocess.run(["patch", "-p1", "--no-backup-if-mismatch", "--forward", "-i", str(patch)], cwd=self.path,
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise TreeError(f"{patch.name} does not apply:\n{done.stdout}{done.stderr}")

    def write(self, relative, text):
        """Puts back what was changed, then replaces one file."""
        self.restore()
        self._keep(relative)
        (self.path / relative).write_text(text)

    def _keep(self, relative):
        self.changed[relative] = (self.path / relative).read_bytes()

    def build(self, target="reprise-sim"):
        self._command(["ninja", "-C", "build/dev", f"-j{self.jobs}", target], 1800)

    def _command(self, command, seconds):
        try:
            done = subprocess.run(command, cwd=self.path, env=self.environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, errors="replace", timeout=seconds, check=False)
        except subprocess.TimeoutExpired as error:
            raise TreeError(f"{' '.join(command)} took more than {seconds} s") from error
        if done.returncode != 0:
            raise TreeError(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-4000:]}")

    def sweep(self, first, last, *options, failures=1, seed_seconds=20, seconds=600):
        """Runs seeds until so many have failed. Answers the summary that reprise-sim prints; a program that does not
        end in time, or has no summary to give, is a failure of its own."""
        command = [str(self.sim), "run", "--seeds", f"{first}..{last}", "--json", "--quiet", "--jobs", "1",
                   "--max-failures", str(failures), "--timeout", str(seed_seconds), *options]
        done = run_limited(command, seconds)
        if done is None:
            return {"seeds": 0, "failures": [{"seed": first, "verdict": "no progress", "oracle": "time limit",
                                              "problem": f"the sweep took more than {seconds} s"}]}
        if done.returncode not in FOUND or not done.stdout.startswith("{"):
            return {"seeds": 0, "failures": [{"seed": first, "verdict": "crash", "oracle": "crash",
                                              "problem": (done.stdout + done.stderr)[-2000:]}]}
        return json.loads(done.stdout)


def say(text):
    print(text, file=sys.stderr, flush=True)
