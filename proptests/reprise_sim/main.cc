// reprise-sim: runs the server in simulated worlds, and plays again what went wrong in one.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <exception>
#include <string>

#include "proptests/reprise_sim/commands.h"

namespace reprise {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 passed; 2 wrong usage, or a file that can't be read or written; 10 wrong answer; 11 no progress;\n"
    "12 crash; 13 leak; 14 divergence; 15 a fault never fired or was never seen (run --ledger); 16 a kept tape no\n"
    "longer fits (regressions); 17 not every schedule was walked in time (exhaust); 130 interrupted. Where several\n"
    "runs fail, the code is that of the first.";

bool ParseNumber(const std::string& text, uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// "1..1000", or one number.
bool ParseSeeds(const std::string& text, uint64_t& first, uint64_t& last) {
  const size_t dots = text.find("..");
  if (dots == std::string::npos) {
    return ParseNumber(text, first) && ParseNumber(text, last);
  }
  return ParseNumber(text.substr(0, dots), first) && ParseNumber(text.substr(dots + 2), last) && first <= last;
}

// "90", "90s", "10m", "2h": seconds.
bool ParseDuration(const std::string& text, int64_t& seconds) {
  static constexpr std::string_view kUnits = "smh";
  static constexpr int64_t kSeconds[] = {1, 60, 3600};
  const size_t unit = text.empty() ? std::string_view::npos : kUnits.find(text.back());
  uint64_t number = 0;
  const bool plain = unit == std::string_view::npos;
  if (!ParseNumber(plain ? text : text.substr(0, text.size() - 1), number) || number == 0 || number > kSecondsMax) {
    return false;
  }
  seconds = static_cast<int64_t>(number) * (plain ? 1 : kSeconds[unit]);
  return seconds <= kSecondsMax;
}

void AddTerms(CLI::App& app, Terms& terms) {
  app.add_option("--profile", terms.profile, "Of seeds: see `reprise-sim profiles`")->capture_default_str();
  app.add_option("--without", terms.without,
                 "Faults that are to be off: see `reprise-sim faults`; with commas between");
}

void AddReplay(CLI::App& app, ReplayOptions& options) {
  CLI::App* const replay = app.add_subcommand("replay", "Plays one seed, or a tape, and says what came of it");
  replay->add_option("target", options.target, "A seed, or the file of a tape; - is standard input")->required();
  AddTerms(*replay, options.terms);
  replay->add_flag("--options", options.options, "Print every option that the seed implies");
  replay->add_flag("--verbose,-v", options.verbose, "Print what clients, world and server do, step by step");
  replay->add_option("--until-step", options.until_step,
                     "Break off behind this step, and show what there is until then");
  replay->add_flag("--story", options.story, "Tell what happens in plain words, as `shrink` does");
  replay->add_flag("--hash", options.hash, "Print the hash of the trace and nothing else");
  replay->add_flag("--json", options.json, "Print the summary as JSON");
  replay->add_flag("--in-process", options.in_process,
                   "Don't use a child process: for debuggers, which --until-step stops by SIGTRAP");
  replay->add_option("--timeout", options.seconds_max, "Seconds after which the run is ended")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, kSecondsMax));
  replay->add_option("--save-tape", options.save_tape, "Write a tape that plays the same run");
  replay->add_option("--trace", options.trace, "Write the run in Chrome's trace-event format, for Perfetto");
  replay->add_option("--html", options.html, "Write the run as a page with a lane for everybody, which works off line");
  replay->add_option("--steps", options.steps, "Write every step, to be compared with another build's by `diff`");
}

void AddRun(CLI::App& app, SweepOptions& options, std::string& seeds, std::string& duration) {
  CLI::App* const run = app.add_subcommand("run", "Plays many seeds, in child processes");
  run->add_option("--seeds", seeds, "Which seeds: A..B")->capture_default_str();
  AddTerms(*run, options.terms);
  run->add_option("--jobs,-j", options.jobs, "Child processes at a time")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  run->add_option("--for", duration, "Stop after so long: 90s, 10m, 2h");
  run->add_option("--timeout", options.run_seconds_max, "Seconds that one seed may take")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, kSecondsMax));
  run->add_option("--max-failures", options.failures_max, "Stop after so many failures")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  run->add_flag("--twice", options.twice, "Play each seed twice and compare the traces");
  run->add_flag("--hashes", options.hashes, "Print each seed with the hash of its trace, and nothing else");
  run->add_flag("--ledger", options.ledger, "Fail when a fault never fired, or was never seen");
  run->add_flag("--json", options.json, "Print the summary as JSON");
  run->add_flag("--quiet,-q", options.quiet, "No progress line");
}

void AddShrink(CLI::App& app, ShrinkOptions& options, std::string& duration) {
  CLI::App* const shrink =
      app.add_subcommand("shrink", "Writes the smallest tape that still fails in the same way, and tells its story");
  shrink->add_option("target", options.target, "A seed, or the file of a tape; - is standard input")->required();
  AddTerms(*shrink, options.terms);
  shrink->add_option("--out,-o", options.out,
                     "The tape to write; if not given, named after the target: 42.shrunk.tape");
  shrink->add_option("--for", duration, "Be content with what was found after so long: 90, 10m; if not given, 60s");
  shrink->add_option("--timeout", options.run_seconds_max, "Seconds that the first run may take")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, kSecondsMax));
  shrink->add_flag("--json", options.json, "Print the summary as JSON");
  shrink->add_flag("--quiet,-q", options.quiet, "No progress line");
}

void AddDiff(CLI::App& app, DiffOptions& options) {
  CLI::App* const diff = app.add_subcommand("diff", "Shows the first step at which two runs part, and what led to it");
  diff->add_option("one", options.one, "A seed, a tape, or a file of `replay --steps`")->required();
  diff->add_option("other", options.other, "Likewise")->required();
  AddTerms(*diff, options.terms);
  diff->add_option("--before", options.before, "How many steps of the common past to show")->capture_default_str();
  diff->add_option("--timeout", options.run_seconds_max, "Seconds that a run may take")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, kSecondsMax));
  diff->add_flag("--json", options.json, "Print the summary as JSON");
}

void AddExhaust(CLI::App& app, ExhaustOptions& options) {
  CLI::App* const exhaust = app.add_subcommand(
      "exhaust", "Walks every way to cut a pipeline, crossed with each single other fault; prints how many there are");
  exhaust->add_option("--pipeline", options.pipeline, "Its bytes, with \\r and \\n; if not given, one of our own");
  exhaust->add_option("--bytes", options.bytes, "How long our own pipeline is")
      ->capture_default_str()
      ->check(CLI::Range(1, 400));
  exhaust->add_option("--cuts", options.cuts, "Cut in up to so many places")->capture_default_str();
  exhaust->add_option("--faults", options.faults, "Up to so many of --sites at once")->capture_default_str();
  exhaust->add_option("--sites", options.sites, "Which other faults: see `reprise-sim faults`")->capture_default_str();
  exhaust->add_option("--timeout", options.seconds_max, "Seconds that the walk may take")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, kSecondsMax));
  exhaust->add_option("--schedule-timeout", options.schedule_seconds_max, "Seconds that one schedule may take")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, kSecondsMax));
  exhaust->add_option("--out,-o", options.out, "The tape to write if a schedule fails")->capture_default_str();
  exhaust->add_flag("--json", options.json, "Print the summary as JSON");
  exhaust->add_flag("--quiet,-q", options.quiet, "No progress line");
}

// Help goes to standard output, what is wrong with the words goes to standard error.
int Refuse(const CLI::App& app, const CLI::ParseError& error, const std::string& first) {
  if (error.get_exit_code() == 0) {
    return app.exit(error);
  }
  const auto commands = app.get_subcommands([&](const CLI::App* command) { return command->get_name() == first; });
  const bool command = !commands.empty();
  if (!command && !first.starts_with('-')) {
    fmt::print(stderr, "reprise-sim: there is no command '{}'; `reprise-sim --help` lists them\n", first);
  } else {
    fmt::print(stderr, "reprise-sim: {}; `reprise-sim {}--help` says what there is\n", error.what(),
               command ? first + " " : "");
  }
  return kExitUsage;
}

int Main(int argc, char** argv) {
  CLI::App app(
      "Runs the Reprise server in simulated worlds: every seed is a world with its own clients and faults.\n"
      "Begin with: reprise-sim run --seeds 1..1000");
  app.footer(kFooter);
  app.require_subcommand(0, 1);
  ReplayOptions replay;
  SweepOptions sweep;
  ShrinkOptions shrink;
  RegressionOptions regressions;
  std::string seed;
  std::string seeds = "1..1000";
  std::string duration;
  app.add_option("--seed", seed, "Play this seed, and print all that it implies");
  std::string top_profile = "mixed";
  app.add_option("--profile", top_profile, "With --seed: which profile")->capture_default_str();
  AddReplay(app, replay);
  AddRun(app, sweep, seeds, duration);
  AddShrink(app, shrink, duration);
  ExhaustOptions exhaust;
  AddExhaust(app, exhaust);
  DiffOptions diff;
  AddDiff(app, diff);
  CLI::App* const kept = app.add_subcommand("regressions", "Plays all tapes of a folder; each has to pass");
  kept->add_option("folder", regressions.folder, "Where the *.tape files are")->required();
  kept->add_option("--jobs,-j", regressions.jobs, "Child processes at a time")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  kept->add_option("--timeout", regressions.run_seconds_max, "Seconds that one tape may take")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, kSecondsMax));
  kept->add_flag("--json", regressions.json, "Print the summary as JSON");
  bool list_json = false;
  for (CLI::App* const list : {app.add_subcommand("profiles", "Lists the profiles"),
                               app.add_subcommand("faults", "Lists the faults, by their groups")}) {
    list->add_flag("--json", list_json, "Print them as JSON");
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return Refuse(app, error, argc > 1 ? argv[1] : "");
  }

  if (int64_t seconds = 0; !duration.empty()) {
    if (!ParseDuration(duration, seconds)) {
      fmt::print(stderr, "reprise-sim: --for takes a time from 1s to 277h, such as 90s or 10m, not '{}'\n", duration);
      return kExitUsage;
    }
    sweep.seconds = seconds;
    shrink.seconds = seconds;
  }
  if (app.got_subcommand("shrink")) {
    return ShrinkTarget(shrink);
  }
  if (app.got_subcommand("exhaust")) {
    return Exhaust(exhaust);
  }
  if (app.got_subcommand("diff")) {
    return Diff(diff);
  }
  if (app.got_subcommand("faults")) {
    return ListFaults(list_json);
  }
  if (app.got_subcommand("replay")) {
    return Replay(replay);
  }
  if (app.got_subcommand("run")) {
    if (!ParseSeeds(seeds, sweep.first, sweep.last)) {
      fmt::print(stderr, "reprise-sim: --seeds takes A..B with A <= B < 2^64, or one seed, not '{}'\n", seeds);
      return kExitUsage;
    }
    return RunSweep(sweep);
  }
  if (app.got_subcommand("regressions")) {
    return RunRegressions(regressions);
  }
  if (app.got_subcommand("profiles")) {
    return ListProfiles(list_json);
  }
  if (!seed.empty()) {
    uint64_t number = 0;
    if (!ParseNumber(seed, number)) {
      fmt::print(stderr, "reprise-sim: --seed takes a number, not '{}'\n", seed);
      return kExitUsage;
    }
    replay.target = seed;
    replay.terms.profile = top_profile;
    replay.options = true;
    return Replay(replay);
  }
  fmt::print("{}", app.help());
  return kExitOk;
}

}  // namespace
}  // namespace reprise

int main(int argc, char** argv) {
  // Libraries throw when the machine has no more of something: that is no verdict on a seed.
  try {
    const int code = reprise::Main(argc, argv);
    if (std::fflush(stdout) != 0) {
      fmt::print(stderr, "reprise-sim: can't write the output\n");
      return code == reprise::kExitOk ? reprise::kExitUsage : code;
    }
    return code;
  } catch (const std::exception& error) {
    fmt::print(stderr, "reprise-sim: {}\n", error.what());
    return reprise::kExitUsage;
  }
}
