#!/usr/bin/env python3
"""Plants a violation of each rule of check_layers.py and expects it to be found; and clean code to pass."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import check_layers  # noqa: E402


def violations_in(files):
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            target = pathlib.Path(root) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        return check_layers.Checker(root).run()


class LayerTest(unittest.TestCase):
    def expect_clean(self, path, text):
        self.assertEqual(violations_in({path: text}), [])

    def expect_found(self, rule, path, text, line=1):
        found = violations_in({path: text})
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(f"{path}:{line}: {rule}: "), found[0])

    def test_each_folder_may_include_what_the_table_allows(self):
        for path, include in (
                ("loop/a.cc", '"loop/status.h"'), ("loop/a.cc", "<vector>"), ("loop/a_test.cc", "<gtest/gtest.h>"),
                ("backends/a.cc", "<sys/epoll.h>"), ("backends/a.cc", '"loop/poller.h"'),
                ("sim/a.cc", '"loop/poller.h"'), ("sim/a_test.cc", "<rapidcheck/gtest.h>"),
                ("server/a.cc", "<fmt/format.h>"), ("server/main.cc", '"backends/epoll_poller.h"'),
                ("proptests/a.cc", '"sim/choices.h"'), ("proptests/contract/a.cc", '"backends/a.h"'),
                ("proptests/kernel_truth/a.cc", '"backends/a.h"'), ("proptests/kernel_truth/a.cc", '"sim/sim_world.h"'),
                ("proptests/reprise_sim/supervisor.cc", "<sys/wait.h>"),
                ("fuzz/a.cc", '"proptests/model.h"'), ("bench/a.cc", '"backends/a.h"'),
                ("bench/a.cc", "<benchmark/benchmark.h>"), ("examples/a.cc", '"backends/a.h"'),
                ("server/resp/a.cc", '"loop/byte_buffer.h"'), ("server/resp/a.cc", '"server/keyspace/blob.h"'),
                ("server/keyspace/a.cc", "<xxhash.h>"), ("server/keyspace/a.cc", '"server/keyspace/table.h"')):
            with self.subTest(path=path, include=include):
                self.expect_clean(path, f"#include {include}\n")

    def test_each_include_against_the_table_is_found(self):
        for path, include in (
                ("loop/a.cc", '"sim/choices.h"'), ("loop/a.cc", "<sys/socket.h>"), ("loop/a.cc", "<unistd.h>"),
                ("loop/a.cc", "<fmt/format.h>"), ("loop/a.cc", "<thread>"), ("loop/a_test.cc", '"server/a.h"'),
                ("loop/a.cc", "<gtest/gtest.h>"), ("loop/a.cc", '"status.h"'), ("loop/a.cc", '"../loop/status.h"'),
                ("loop/a.cc", "<loop/status.h>"),
                ("backends/a.cc", '"server/a.h"'), ("backends/a.cc", '"sim/a.h"'), ("backends/a.cc", "<xxhash.h>"),
                ("sim/a.cc", '"backends/a.h"'), ("sim/a.cc", '"server/a.h"'), ("sim/a.cc", "<fmt/format.h>"),
                ("sim/a.cc", "<sys/types.h>"), ("sim/a.cc", "<chrono>"),
                ("server/a.cc", '"backends/a.h"'), ("server/a.cc", '"sim/a.h"'), ("server/a.cc", "<sys/time.h>"),
                ("server/a.cc", "<hiredis/hiredis.h>"), ("server/main.cc", '"sim/a.h"'),
                ("proptests/a.cc", '"backends/a.h"'), ("proptests/a.cc", '"fuzz/a.h"'), ("proptests/a.cc", "<poll.h>"),
                ("proptests/kernel_truth/a.cc", '"server/a.h"'),
                ("fuzz/a.cc", '"backends/a.h"'), ("fuzz/a.cc", '"bench/a.h"'),
                ("examples/a.cc", '"server/a.h"'), ("examples/a.cc", "<fmt/format.h>"),
                ("server/resp/a.cc", '"server/commands/a.h"'), ("server/resp/a.cc", '"loop/clock.h"'),
                ("server/resp/a.cc", '"server/keyspace/table.h"'), ("server/resp/a.cc", "<ctime>"),
                ("server/keyspace/a.cc", '"loop/byte_buffer.h"'), ("server/keyspace/a.cc", '"server/resp/a.h"'),
                ("server/keyspace/a.cc", "<fmt/format.h>"), ("server/keyspace/a.cc", '"loop/network.h"')):
            with self.subTest(path=path, include=include):
                self.expect_found("layer", path, f"#include {include}\n")

    def test_is_simulated_is_found(self):
        self.expect_found("is-simulated", "server/a.cc", "int x;\nbool b = world.is_simulated();\n", line=2)
        self.expect_found("is-simulated", "loop/a.cc", "bool b = IsSimulated();\n")

    def test_thread_local_is_found(self):
        self.expect_found("thread-local", "server/a.cc", "thread_local int x;\n")

    def test_distribution_is_found(self):
        self.expect_found("distribution", "proptests/a.cc", "std::uniform_int_distribution<int> d(0, 1);\n")
        self.expect_clean("bench/a.cc", "std::uniform_int_distribution<int> d(0, 1);\n")

    def test_random_device_is_found_outside_backends(self):
        self.expect_found("random-device", "proptests/a.cc", "std::random_device d;\n")
        self.expect_found("random-device", "sim/a.cc", "int x = rand();\n")
        self.expect_clean("backends/a.cc", "std::random_device d;\n")
        self.expect_clean("sim/a.cc", "int x = source.rand();\n")

    def test_sleep_in_a_test_is_found(self):
        self.expect_found("sleep", "loop/a_test.cc", "void f() { std::this_thread::sleep_for(one_ms); }\n")
        self.expect_found("sleep", "proptests/a.cc", "void f() { usleep(5); }\n")
        self.expect_found("sleep", "proptests/differential/a.py", "import time\ntime.sleep(1)\n", line=2)

    def test_floating_point_in_sim_is_found(self):
        self.expect_found("sim-integers", "sim/a.cc", "double rate = 0;\n")
        self.expect_found("sim-integers", "sim/a_test.cc", "float rate = 0;\n")
        self.expect_clean("server/a.cc", "double rate = 0;\n")

    def test_clock_of_the_machine_is_found(self):
        self.expect_found("wall-clock", "server/a.cc", "auto t = std::chrono::steady_clock::now();\n")
        self.expect_found("wall-clock", "loop/a.cc", "auto t = std::time(nullptr);\n")
        self.expect_clean("backends/a.cc", "auto t = std::chrono::steady_clock::now();\n")
        self.expect_clean("server/a.cc", "auto t = clock.time(0);\n")

    def test_using_namespace_is_found(self):
        self.expect_found("using-namespace", "server/a.cc", "using namespace std;\n")
        self.expect_clean("server/a_test.cc", "using namespace std::string_literals;\n")
        self.expect_clean("server/a.cc", "void f() {\n  using namespace reprise;\n}\n")

    def test_two_choices_in_one_statement_are_found(self):
        self.expect_found("two-choices", "sim/a.cc", "f(c.Choose(a), c.Choose(b));\n")
        self.expect_found("two-choices", "sim/a.cc", "int x;\nf(c.Choose(a),\n  c.ChooseUpTo<int>(b));\n", line=3)
        self.expect_found("two-choices", "sim/a.cc", "bool b = c.Fault(a, s) == c.Fault(b, s);\n")
        self.expect_found("two-choices", "sim/a.cc", "n = c.BelowAt(a, s, k, 5) + c.FaultAmount(a, s, 5);\n")
        self.expect_found("two-choices", "sim/a.cc", "f(a ? c.Below(x) : 0, c.Below(y));\n")
        self.expect_clean("sim/a.cc", "return a ? F(c.Below(x)) : a::G(c.Below(y));\n")
        self.expect_found("two-choices", "sim/a.cc", "f(c.Below(x) && y, c.Below(y));\n")
        self.expect_clean("sim/a.cc", "bool b = c.Fault(x) && c.Fault(y);\n")
        self.expect_clean("sim/a.cc", "auto s = c.Chance(1, 8) ? F(c.Below(x)) : 0;\n")
        self.expect_clean("sim/a_test.cc", "EXPECT_EQ(one.Below(x), other.Below(x));\n")
        self.expect_clean("sim/a.cc", "auto a = c.Choose(x); auto b = c.Choose(y);\n")
        self.expect_clean("sim/a.cc", "if (c.Choose(x)) { c.Choose(y); }\n")

    def test_too_long_a_file_is_found(self):
        self.expect_clean("loop/a.cc", "\n" * 600)
        self.expect_found("file-length", "loop/a.cc", "\n" * 601, line=601)
        self.expect_found("file-length", "tools/a.py", "\n" * 601, line=601)

    def test_wrong_header_guard_is_found(self):
        self.expect_clean("loop/a_b.h", "#ifndef REPRISE_LOOP_A_B_H_\n#define REPRISE_LOOP_A_B_H_\n#endif\n")
        self.expect_found("header-guard", "loop/a_b.h", "#ifndef A_H_\n#define A_H_\n#endif\n")
        self.expect_found("header-guard", "loop/a_b.h", "#pragma once\n")

    def test_what_stands_in_comments_and_literals_does_not_count(self):
        self.expect_clean("sim/a.cc", "// a double, Choose(Choose())\n/* thread_local\n float */\n"
                                      "auto s = \"float thread_local\"; auto r = R\"x(double \" )x\"; char c = '\"';\n"
                                      "int n = 1'000'000;\n")
        self.expect_found("thread-local", "sim/a.cc", "/* one\n two */ auto s = \"a\\\"b\"; thread_local int x;\n", line=2)

    def test_the_program_exits_with_1_only_for_violations(self):
        with tempfile.TemporaryDirectory() as root:
            (pathlib.Path(root) / "loop").mkdir()
            source = pathlib.Path(root) / "loop" / "a.cc"
            source.write_text("int x;\n")
            self.assertEqual(check_layers.main([root]), 0)
            source.write_text("thread_local int x;\n")
            self.assertEqual(check_layers.main([root]), 1)


if __name__ == "__main__":
    unittest.main()
