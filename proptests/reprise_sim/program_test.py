#!/usr/bin/env python3
"""reprise-sim as a program: what it prints, what it refuses, and its exit codes.

    program_test.py PATH_OF_REPRISE_SIM
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = None

# A run in which the only client is told to expect an answer that the server does not give.
WRONG = """reprise-tape 1
option seed = 1
option profile = quiet
option script = here
option heal_after_ns = 1000000
option client.0 = malformed own resp2 window 1 pause_ns 0 start_ns 0
option client.0/0 = broken "*x\\x0d\\x0a" "ERR this is not what it says"
"""


# A client that is to do more than the steps allow.
ENDLESS = WRONG.replace("option heal", "option step_limit = 40\noption heal")


# A client that waits for hours, in which the server looks for expired keys 500 times a second.
SLOW = """reprise-tape 1
option seed = 1
option profile = quiet
option script = here
option step_limit = 18446744073709551615
option heal_after_ns = 86400000000000
option config.hz = 500
option client.0 = one-at-a-time own resp2 window 1 pause_ns 0 start_ns 80000000000000
option client.0/0 = do ping
"""


def run(*arguments, **options):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=100, check=False, **options)


def children(pid):
    """The child processes of a process; those that have ended count until they are waited for."""
    try:
        return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []


def start(*arguments, **options):
    """Starts the program, and comes back once it has a child that plays."""
    sim = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    while not children(sim.pid) and sim.poll() is None:
        pass
    return sim, children(sim.pid)


def is_gone(pid):
    """Whether a process has ended. A zombie has."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] in "ZX"
    except OSError:
        return True


class ProgramTest(unittest.TestCase):
    def test_a_seed_prints_what_it_implies_and_passes(self):
        done = run("--seed", "42")
        self.assertEqual(done.returncode, 0, done.stderr)
        for word in ("seed 42", "profile mixed", "latency_ns", "client 0:", "trace hash", "passed"):
            self.assertIn(word, done.stdout)

    def test_the_hash_of_a_seed_is_the_same_in_every_process(self):
        first = run("replay", "7", "--hash")
        self.assertRegex(first.stdout, r"\A[0-9a-f]{16}\n\Z")
        self.assertEqual(run("replay", "7", "--hash").stdout, first.stdout)
        self.assertEqual(run("replay", "7", "--hash", "--in-process").stdout, first.stdout)
        self.assertNotEqual(run("replay", "8", "--hash").stdout, first.stdout)

    def test_a_saved_tape_plays_the_same_run(self):
        with tempfile.TemporaryDirectory() as folder:
            tape = str(pathlib.Path(folder) / "seven.tape")
            saved = run("replay", "7", "--save-tape", tape)
            self.assertEqual(saved.returncode, 0, saved.stderr)
            self.assertEqual(run("replay", tape, "--hash").stdout, run("replay", "7", "--hash").stdout)

    def test_a_wrong_answer_has_its_exit_code_and_the_line_that_replays_it(self):
        with tempfile.TemporaryDirectory() as folder:
            tape = pathlib.Path(folder) / "wrong.tape"
            tape.write_text(WRONG)
            first = run("replay", str(tape))
            self.assertEqual(first.returncode, 10, first.stdout + first.stderr)
            line = first.stderr.splitlines()[-1]
            self.assertEqual(line, f"play it again: reprise-sim replay {tape}")
            again = run(*line.split()[4:])
            self.assertEqual((again.returncode, again.stderr), (10, first.stderr))
            self.assertEqual(run("regressions", folder).returncode, 10)

    def test_the_first_tape_that_fails_has_the_exit_code(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("a.tape", ENDLESS), ("b.tape", WRONG), ("c.tape", WRONG.split("option client.0/0")[0])):
                (pathlib.Path(folder) / name).write_text(text, encoding="ascii")
            done = run("regressions", folder, "--jobs", "1")
            self.assertEqual(done.returncode, 11, done.stdout)
            self.assertIn("c.tape: passed\n3 of 3 tapes played, 2 failed\n", done.stdout)

    def test_a_run_that_takes_too_long_is_ended_and_is_no_progress(self):
        with tempfile.TemporaryDirectory() as folder:
            tape = pathlib.Path(folder) / "slow.tape"
            tape.write_text(SLOW, encoding="ascii")
            done = run("replay", str(tape), "--timeout", "1")
            self.assertEqual(done.returncode, 11, done.stderr)
            self.assertIn("no progress (time): it took more than 1 s", done.stderr)
            done = run("regressions", folder, "--timeout", "1")
            self.assertEqual(done.returncode, 11, done.stdout)
            self.assertIn("no progress (time): it took more than 1 s", done.stdout)

    def test_a_child_that_comes_to_a_bad_end_is_a_crash(self):
        with tempfile.TemporaryDirectory() as folder:
            tape = pathlib.Path(folder) / "slow.tape"
            tape.write_text(SLOW, encoding="ascii")
            for arguments in (("replay", str(tape)), ("regressions", folder),
                              ("run", "--seeds", "1..100000000", "--max-failures", "1")):
                sim, playing = start(*arguments)
                os.kill(int(playing[0]), signal.SIGABRT)
                out, err = sim.communicate(timeout=60)
                self.assertEqual(sim.returncode, 12, arguments)
                self.assertIn("crash (crash): ended by signal 6", out + err)

    def test_faults_of_a_tape_can_be_switched_off(self):
        with tempfile.TemporaryDirectory() as folder:
            tape = pathlib.Path(folder) / "cuts.tape"
            tape.write_text(WRONG + "conn.0.0/segment.cut/@0 = 1\nconn.0.0/segment.delay/0 = 3\n", encoding="ascii")

            def fired(*options):
                faults = json.loads(run("replay", str(tape), "--json", *options).stdout)["faults"]
                return faults["segment.cut"]["fired"], faults["segment.delay"]["fired"]

            self.assertEqual(fired(), (1, 1))
            self.assertEqual(fired("--without", "segment.cut"), (0, 1))
            self.assertEqual(fired("--without", "bytes"), (0, 0))

    def test_a_sweep_sums_up(self):
        done = run("run", "--seeds", "1..20", "--profile", "short", "--jobs", "2", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        summary = json.loads(done.stdout)
        self.assertEqual(summary["seeds"], 20)
        self.assertEqual(summary["failures"], [])
        self.assertGreater(summary["requests"], 20)

    def test_a_ledger_with_holes_has_its_exit_code(self):
        done = run("run", "--seeds", "1..2", "--ledger", "--quiet")
        self.assertEqual(done.returncode, 15)
        self.assertIn("never fired", done.stdout)
        quiet = run("run", "--seeds", "1..2", "--profile", "quiet", "--ledger", "--quiet")
        self.assertEqual(quiet.returncode, 0)
        self.assertIn("not in this profile: read.short (there are no faults)", quiet.stdout)

    def test_verbose_says_who_sent_what(self):
        done = run("replay", "42", "--verbose", "--until-step", "400")
        self.assertIn("sends", done.stdout)
        self.assertIn("the server reads", done.stdout)

    def test_faults_can_be_switched_off_by_group_and_by_name(self):
        sites = ("read.short", "segment.cut", "conn.reset", "ready.spurious")

        def fired(seed, *options):
            summary = json.loads(run("replay", str(seed), "--json", "--profile", "storm", *options).stdout)
            return summary, [summary["faults"][site]["fired"] > 0 for site in sites]

        seed = next(seed for seed in range(1, 100) if all(fired(seed)[1]))
        quieter, left = fired(seed, "--without", "bytes,conn.reset")
        self.assertEqual(left[:3], [False, False, False])
        self.assertGreater(sum(fault["fired"] for fault in quieter["faults"].values()), 0)
        self.assertEqual(quieter["replay"], f"reprise-sim replay {seed} --profile storm --without bytes,conn.reset")

    def test_a_failure_names_its_oracle_and_is_shrunk_to_what_it_needs(self):
        with tempfile.TemporaryDirectory() as folder:
            tape = pathlib.Path(folder) / "wrong.tape"
            small = pathlib.Path(folder) / "small.tape"
            noise = "option client.1 = pipelining own resp2 window 3 pause_ns 0 start_ns 0\n" + "".join(
                f"option client.1/{i} = do set k{i} {'v' * 60}\n" for i in range(20))
            cuts = "".join(f"conn.1.0/segment.cut/@{i} = 1\n" for i in range(0, 40, 4))
            tape.write_text(WRONG + noise + cuts)
            failed = run("replay", str(tape), "--json")
            self.assertEqual(json.loads(failed.stdout)["oracle"], "model")
            shrunk = run("shrink", str(tape), "--out", str(small), "--json")
            self.assertEqual(shrunk.returncode, 0, shrunk.stderr)
            summary = json.loads(shrunk.stdout)
            self.assertEqual((summary["overrides"], summary["operations"]), (0, 1))
            self.assertEqual((summary["overrides_before"], summary["operations_before"]), (10, 21))
            self.assertIn("client 0 sends 4 bytes", summary["story"])
            again = run("replay", str(small))
            self.assertEqual(again.returncode, 10)
            self.assertIn("wrong answer (model)", again.stderr)

    def test_what_is_shrunk_fails_by_the_same_oracle(self):
        with tempfile.TemporaryDirectory() as folder:
            tape = pathlib.Path(folder) / "two.tape"
            small = pathlib.Path(folder) / "small.tape"
            # The first client ends its own connection, which is a wrong answer of another kind.
            head, client = WRONG.split("option client.0 ")
            tape.write_text(head + "option client.0 = one-at-a-time blind resp2 window 1 pause_ns 0 start_ns 0\n"
                            "option client.0/0 = do client kill type normal skipme no\n"
                            "option client.1 " + client.replace("client.0", "client.1"), encoding="ascii")
            self.assertEqual(json.loads(run("replay", str(tape), "--json").stdout)["oracle"], "peace")
            shrunk = run("shrink", str(tape), "--out", str(small), "--json")
            self.assertEqual(json.loads(shrunk.stdout)["oracle"], "peace", shrunk.stdout)
            small.write_text(tape.read_text(encoding="ascii") + "omit client.0/0\n", encoding="ascii")
            self.assertEqual(json.loads(run("replay", str(small), "--json").stdout)["oracle"], "model")

    def test_a_run_is_written_for_perfetto_and_as_a_page(self):
        with tempfile.TemporaryDirectory() as folder:
            trace, page = (pathlib.Path(folder) / name for name in ("run.json", "run.html"))
            done = run("replay", "42", "--profile", "short", "--trace", str(trace), "--html", str(page))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertGreater(len(json.loads(trace.read_text())["traceEvents"]), 50)
            self.assertIn("reprise-sim replay 42 --profile short", page.read_text())

    def test_diff_finds_where_two_runs_part(self):
        with tempfile.TemporaryDirectory() as folder:
            steps = pathlib.Path(folder) / "42.steps"
            run("replay", "42", "--profile", "short", "--steps", str(steps))
            same = run("diff", "42", str(steps), "--profile", "short")
            self.assertEqual((same.returncode, same.stdout[:17]), (0, "the runs are the "), same.stderr)
            lines = steps.read_text().splitlines()
            at = next(i for i, line in enumerate(lines) if " peer-send " in line)
            words = lines[at].split()
            self.assertEqual(len(words), 8)
            words[6] = "0123"
            words[7] = "ff" + words[7][2:]
            rest = [line.split() for line in lines[at + 1:]]
            changed = [" ".join(w[:6] + ["1"] + w[7:]) if len(w) == 8 else " ".join(w) for w in rest]
            steps.write_text("\n".join(lines[:at] + [" ".join(words)] + changed) + "\n")
            parted = run("diff", "42", str(steps), "--profile", "short")
            self.assertEqual(parted.returncode, 14)
            self.assertIn("and the other:", parted.stdout)
            self.assertIn("\\xff", parted.stdout)
            steps.write_text("reprise-steps 1\nnonsense\n")
            self.assertEqual(run("diff", "42", str(steps)).returncode, 2)

    def test_exhaust_walks_each_schedule_once_and_prints_their_number(self):
        cuts_alone = json.loads(run("exhaust", "--bytes", "14", "--cuts", "2", "--faults", "0", "--json").stdout)
        # In none of 13 places, in one, or in two.
        self.assertEqual(cuts_alone["schedules"], 1 + 13 + 13 * 12 // 2)
        crossed = run("exhaust", "--bytes", "23", "--cuts", "2")
        self.assertEqual(crossed.returncode, 0, crossed.stderr)
        self.assertRegex(crossed.stdout, r"^\d{4,} schedules: all ways to cut 23 bytes in up to 2 places")
        self.assertEqual(run("exhaust", "--sites", "read.short").returncode, 2)

    def test_a_sweep_prints_hashes(self):
        done = run("run", "--hashes", "--seeds", "5..7", "--profile", "short")
        lines = done.stdout.splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["5", "6", "7"])
        self.assertEqual(lines[0].split()[1], run("replay", "5", "--profile", "short", "--hash").stdout.strip())

    def test_a_sweep_covers_rare_paths_and_says_which_not(self):
        done = run("run", "--seeds", "1..30", "--profile", "quiet", "--quiet")
        self.assertIn("rare paths never taken:", done.stdout)
        self.assertIn("stale_events", done.stdout.split("rare paths never taken:")[1].splitlines()[0])

    def test_a_seed_that_passes_is_not_shrunk(self):
        done = run("shrink", "7", "--profile", "short")
        self.assertEqual(done.returncode, 2)
        self.assertIn("nothing to shrink", done.stderr)

    def test_a_tape_that_makes_no_sense_is_refused_in_one_line(self):
        with tempfile.TemporaryDirectory() as folder:
            tape = pathlib.Path(folder) / "wrong.tape"
            for line in ("option config.maxclients = many\n", "option config.sunshine = 1\n", "option what = 1\n",
                         "option latency_ns = 18446744073709551615\n", "option send_buffer_bytes = 0\n",
                         "option client.4294967296 = pipelining own resp2 window 1 pause_ns 0 start_ns 0\n",
                         "option client.9 = pipelining own resp2 window 1 pause_ns 9223372036854775807 start_ns 0\n",
                         "conn.0.0/read.sideways/@1 = 3\n", "conn.0.0/read.short/@-1 = 3\n", "\0\n"):
                tape.write_text(WRONG + line)
                done = run("replay", str(tape))
                self.assertEqual((done.returncode, len(done.stderr.splitlines())), (2, 1), done.stderr)
            for path in ("/dev/zero", folder):  # one never ends
                done = run("replay", path)
                self.assertEqual((done.returncode, len(done.stderr.splitlines())), (2, 1), done.stderr)

    def test_a_file_that_cannot_be_written_is_an_error(self):
        for option in ("--html", "--save-tape", "--trace", "--steps"):
            for way in ((), ("--in-process",)):
                done = run("replay", "42", "--profile", "short", option, "/nowhere/file", *way)
                self.assertEqual((done.returncode, done.stderr),
                                 (2, "reprise-sim: can't write /nowhere/file: No such file or directory\n"))
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([PROGRAM, "profiles"], stdout=full, stderr=subprocess.PIPE, check=False)
            self.assertEqual((done.returncode, done.stderr), (2, b"reprise-sim: can't write the output\n"))
            for arguments in (("replay", "42", "--profile", "short", "--verbose"), ("replay", "42", "--story"),
                              ("run", "--seeds", "1..20", "--profile", "short", "--quiet")):
                done = subprocess.run([PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, check=False)
                self.assertEqual((done.returncode, b"write" in done.stderr), (2, True), done.stderr)

    def test_a_reader_that_goes_away_is_no_crash(self):
        with subprocess.Popen([PROGRAM, "replay", "42", "--verbose"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as sim:
            sim.stdout.readline()
            sim.stdout.close()
            self.assertEqual(sim.stderr.read(), b"")
            self.assertEqual(sim.wait(), -signal.SIGPIPE)

    def test_a_reader_of_a_sweep_that_goes_away_leaves_no_child_behind(self):
        sim, playing = start("run", "--hashes", "--seeds", "1..100000000", "--profile", "short", "--jobs", "2")
        sim.stdout.readline()
        sim.stdout.close()
        self.assertEqual(sim.wait(), -signal.SIGPIPE)
        sim.stderr.close()
        deadline = time.monotonic() + 60
        while not all(is_gone(pid) for pid in playing):
            self.assertLess(time.monotonic(), deadline, playing)

    @unittest.skipUnless(sys.platform == "linux", "elsewhere a child ends with its run")
    def test_children_end_with_a_parent_that_is_killed(self):
        for arguments in (("run", "--seeds", "1..100000000", "--jobs", "2"), ("exhaust", "--bytes", "400")):
            sim, playing = start(*arguments)
            sim.kill()
            sim.communicate()
            deadline = time.monotonic() + 60
            while not all(is_gone(pid) for pid in playing):
                self.assertLess(time.monotonic(), deadline, playing)

    def test_an_interrupted_sweep_sums_up_and_leaves_no_child_behind(self):
        for wish in (signal.SIGINT, signal.SIGTERM):
            sim, playing = start("run", "--seeds", "1..100000000", "--profile", "short", "--jobs", "2")
            sim.send_signal(wish)
            out, err = sim.communicate(timeout=60)
            self.assertEqual(sim.returncode, 130, err)
            self.assertRegex(out, r"stopped by a signal: \d+ of 100000000 seeds were played\n0 failures\n\Z")
            self.assertTrue(all(is_gone(pid) for pid in playing))
        sim, playing = start("run", "--seeds", "1..100000000", "--profile", "short", "--json")
        for pid in playing:  # what a terminal does
            os.kill(int(pid), signal.SIGINT)
        sim.send_signal(signal.SIGINT)
        out, err = sim.communicate(timeout=60)
        self.assertEqual((sim.returncode, err), (130, ""))
        self.assertEqual((json.loads(out)["stopped"], json.loads(out)["failures"]), ("interrupted", []))

    def test_an_interrupted_shrink_leaves_a_whole_tape_or_none(self):
        with tempfile.TemporaryDirectory() as folder:
            tape = pathlib.Path(folder) / "wrong.tape"
            tape.write_text(WRONG + "option client.1 = pipelining own resp2 window 3 pause_ns 0 start_ns 0\n" + "".join(
                f"option client.1/{i} = do set k{i} {'v' * 60}\n" for i in range(3000)), encoding="ascii")
            sim, playing = start("shrink", str(tape), "--quiet")
            sim.send_signal(signal.SIGINT)
            sim.communicate(timeout=60)
            self.assertIn(sim.returncode, (0, 130))
            self.assertTrue(all(is_gone(pid) for pid in playing))
            left = sorted(path.name for path in pathlib.Path(folder).iterdir())
            self.assertIn(left, (["wrong.tape"], ["wrong.shrunk.tape", "wrong.tape"]))
            if len(left) == 2:
                self.assertEqual(run("replay", str(tape.with_name("wrong.shrunk.tape"))).returncode, 10)

    def test_an_interrupted_walk_and_one_out_of_time_say_how_far_they_came(self):
        sim, playing = start("exhaust", "--bytes", "400", "--quiet")
        sim.send_signal(signal.SIGINT)
        out, err = sim.communicate(timeout=60)
        self.assertEqual((sim.returncode, err), (130, ""))
        self.assertRegex(out, r"\A\d+ schedules passed, then a signal has ended the walk\n\Z")
        self.assertTrue(all(is_gone(pid) for pid in playing))
        late = run("exhaust", "--bytes", "400", "--timeout", "1", "--json")
        self.assertEqual(late.returncode, 17, late.stderr)
        self.assertEqual((json.loads(late.stdout)["ended"], json.loads(late.stdout)["verdict"]), ("time", "passed"))

    def test_a_sweep_says_why_it_ended_before_its_last_seed(self):
        done = run("run", "--seeds", "1..100000000", "--for", "1s", "--profile", "short", "--json")
        self.assertEqual((done.returncode, json.loads(done.stdout)["stopped"]), (0, "time"), done.stderr)
        done = run("run", "--seeds", "1..30", "--profile", "short", "--json")
        self.assertEqual((done.returncode, json.loads(done.stdout)["stopped"]), (0, ""), done.stderr)

    def test_a_run_can_be_broken_off_at_a_step(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "page.html"
            done = run("replay", "42", "--until-step", "300", "--verbose", "--html", str(page))
            self.assertEqual(done.returncode, 0, done.stderr)
            lines = done.stdout.splitlines()
            self.assertRegex(lines[-1], r"\Abroken off after step 3\d\d, at ")
            last = int(lines[-1].split()[4].rstrip(","))
            self.assertLessEqual(int(lines[-2].split()[0]), last)
            self.assertIn(f",{last},", page.read_text())
            self.assertEqual(json.loads(run("replay", "42", "--until-step", "300", "--json").stdout)["verdict"],
                             "broken off")
            short = run("replay", "42", "--until-step", "999999999", "--hash")
            self.assertEqual(short.stdout, run("replay", "42", "--hash").stdout)

    def test_a_story_leaves_out_what_every_run_has(self):
        with tempfile.TemporaryDirectory() as folder:
            tape = pathlib.Path(folder) / "wrong.tape"
            tape.write_text(WRONG, encoding="ascii")
            done = run("replay", str(tape), "--story")
            self.assertEqual(done.returncode, 10)
            self.assertIn('client 0 sends 4 bytes: "*x\\r\\n"\n', done.stdout)
            self.assertIn("client 0 gets 47 bytes", done.stdout)
            self.assertNotIn("listen", done.stdout)

    def test_a_tape_comes_from_standard_input_too_and_with_other_line_ends(self):
        text = WRONG.replace("\n", "\r\n")
        done = run("replay", "-", input=text)
        self.assertEqual((done.returncode, done.stderr.splitlines()[-1]), (10, "play it again: reprise-sim replay -"))
        self.assertIn("a broken request was answered", done.stderr)

    def test_an_endless_run_is_shrunk_and_named(self):
        with tempfile.TemporaryDirectory() as folder:
            tape = pathlib.Path(folder) / "endless.tape"
            tape.write_text(ENDLESS, encoding="ascii")
            done = run("replay", str(tape))
            self.assertEqual(done.returncode, 11)
            self.assertIn("no progress (steps): more than 40 steps", done.stderr)
            done = run("shrink", str(tape), "--quiet")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(f"play it again: reprise-sim replay {folder}/endless.shrunk.tape\n", done.stdout)
            self.assertEqual(run("replay", f"{folder}/endless.shrunk.tape").returncode, 11)

    def test_a_kept_tape_of_which_less_than_nine_tenths_fit_fails(self):
        with tempfile.TemporaryDirectory() as folder:
            kept = pathlib.Path(folder) / "kept"
            kept.mkdir()
            tape = kept / "seven.tape"
            run("replay", "7", "--profile", "storm", "--save-tape", str(tape))
            text = tape.read_text(encoding="ascii")
            fit = sum(1 for line in text.splitlines()[1:] if not line.startswith(("option ", "omit ")))
            self.assertGreaterEqual(fit, 9)
            for unasked, code in ((0, 0), (fit // 9, 0), (fit // 9 + 1, 16)):
                tape.write_text(text + "".join(f"conn.0.99/segment.delay/{i} = 1\n" for i in range(unasked)),
                                encoding="ascii")
                done = run("regressions", str(kept))
                self.assertEqual(done.returncode, code, done.stdout)
            self.assertIn("of its choices were never asked for", done.stdout)
            self.assertEqual(json.loads(run("regressions", str(kept), "--json").stdout)["tapes"][0]["verdict"], "stale")

    def test_regressions_go_on_behind_a_tape_that_is_none(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(run("regressions", folder).returncode, 2)
            (pathlib.Path(folder) / "a.tape").write_text("reprise-tape 7\n", encoding="ascii")
            (pathlib.Path(folder) / "b.tape").write_text(WRONG, encoding="ascii")
            done = run("regressions", folder, "--jobs", "2")
            self.assertEqual(done.returncode in (2, 10), True)
            self.assertIn("a.tape: line 1: a tape of version 7", done.stdout)
            self.assertIn("b.tape: wrong answer (model)", done.stdout)
            self.assertTrue(done.stdout.endswith("2 of 2 tapes played, 2 failed\n"), done.stdout)

    def test_lists_are_there_as_json(self):
        faults = {fault["name"]: fault for fault in json.loads(run("faults", "--json").stdout)}
        self.assertEqual(faults["clock.tie"]["group"], "clock")
        self.assertGreater(faults["read.short"]["rate_high"], faults["read.short"]["rate_low"])
        self.assertIn("storm", [profile["name"] for profile in json.loads(run("profiles", "--json").stdout)])
        parted = json.loads(run("diff", "1", "2", "--profile", "short", "--json").stdout)
        self.assertEqual(parted["same"], False)
        self.assertIn("what", parted["one"])

    def test_a_sweep_ends_at_the_last_seed_that_there_is(self):
        done = run("run", "--hashes", "--seeds", f"{2**64 - 2}..{2**64 - 1}", "--profile", "short")
        self.assertEqual([line.split()[0] for line in done.stdout.splitlines()], [str(2**64 - 2), str(2**64 - 1)])

    def test_wrong_usage_is_refused(self):
        for arguments in (("--seed", "x"), ("replay", "/nowhere"), ("run", "--seeds", "9..1"), ("run", "--for", "1w"),
                          ("replay", "1", "--profile", "sunny"), ("run", "--profile", "sunny"), ("dance",),
                          ("run", "--without", "rain"), ("shrink", "/nowhere"), ("shrink", "1", "--for", "soon"),
                          ("replay", "1", "--timeout", "0"),
                          ("run", "--timeout", "99999999999999999999"), ("run", "--timeout", "9223372036854775807"),
                          ("run", "--jobs", "1000"), ("run", "--jobs", "0"), ("run", "--max-failures", "0"),
                          ("run", "--for", "0"), ("run", "--seeds", "18446744073709551616"), ("replay", "-5"),
                          ("replay", "18446744073709551616"), ("replay", "1", "--sideways"), ("exhaust", "--bytes", "0"),
                          ("run", "--timeout", "-1"), ("regressions", "/nowhere")):
            done = run(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertRegex(done.stderr, r"\Areprise-sim: .*\n\Z", arguments)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
