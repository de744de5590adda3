#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "proptests/reprise_sim/commands.h"
#include "proptests/reprise_sim/target.h"
#include "proptests/reprise_sim/witness.h"
#include "proptests/reprise_sim/write_file.h"
#include "sim/chrome_trace.h"
#include "sim/html_trace.h"
#include "sim/step_log.h"
#include "sim/step_text.h"
#include "sim/story.h"

namespace reprise {
namespace {

// To standard output; false: it takes no more.
bool Print(std::string_view text) { return std::fwrite(text.data(), 1, text.size(), stdout) == text.size(); }

bool PrintLog(SimWorld& world) {
  const Recording run{world.trace(), world.actors()};
  bool printed = true;
  for (const Step& step : world.trace().steps()) {
    printed = printed && (IsBackground(step) || Print(StepLine(run, step, 100) + '\n'));
  }
  return printed;
}

std::string TapeText(const Target& target, SimWorld& world) {
  Tape tape = TapeOf(target.plan, true);
  tape.overrides = Tape::FromChoices(world.choices().made()).overrides;
  return tape.ToText();
}

HtmlOptions PageOf(const Target& target, const ReplayOptions& options, const RunReport& report) {
  HtmlOptions page;
  page.title = fmt::format("reprise-sim: {}", target.name);
  const std::string came = options.until_step != 0 ? "broken off before its end, if it had not ended"
                           : report.passed()       ? "no oracle has spoken"
                                                   : DescribeFailure(report);
  page.verdict = report.passed() ? "" : came;
  page.summary = fmt::format("{}\n{}\n{}{}", target.ReplayCommand(), came, DescribeClients(target.plan),
                             DescribeOptions(target.plan));
  return page;
}

Trace::Keep KeepFor(const ReplayOptions& options) {
  return options.steps.empty() ? Trace::Keep::kSteps : Trace::Keep::kAll;
}

// What is to be done with the run as it was recorded. Answers with the lines about files that could not be written.
std::string Show(const Target& target, const ReplayOptions& options, SimWorld& world, const RunReport& report) {
  bool printed = !options.verbose || PrintLog(world);
  if (options.story) {
    printed = Print(TellStory({world.trace(), world.actors()}) + '\n') && printed;
  }
  printed = std::fflush(stdout) == 0 && printed;
  std::string unwritten = printed ? "" : "reprise-sim: can't write the output\n";
  if (!options.save_tape.empty()) {
    unwritten += WriteWholeFile(options.save_tape, TapeText(target, world));
  }
  const Recording run{world.trace(), world.actors()};
  if (!options.trace.empty()) {
    unwritten += WriteWholeFile(options.trace, ChromeTrace(run));
  }
  if (!options.html.empty()) {
    unwritten += WriteWholeFile(options.html, HtmlTrace(run, PageOf(target, options, report)));
  }
  if (!options.steps.empty()) {
    unwritten += WriteWholeFile(options.steps, StepLog(run));
  }
  return unwritten;
}

RunReport PlayHere(const Target& target, const ReplayOptions& options, uint32_t& unmatched, std::string& unwritten) {
  RunOptions run;
  bool stopped = options.until_step == 0;
  run.on_step = [&](SimWorld&, const Step& step) {
    if (!stopped && step.number >= options.until_step) {
      stopped = true;
      (void)std::raise(SIGTRAP);  // where a debugger stops
    }
  };
  run.keep = options.recorded() ? KeepFor(options) : Trace::Keep::kNothing;
  run.record_choices = options.recorded();
  run.inspect = [&](SimWorld& world, const RunReport& judged) { unwritten = Show(target, options, world, judged); };
  return PlayTarget(target, run, &unmatched);
}

struct Played {
  RunReport report;
  bool broken_off = false;  // at the step that was asked for
  std::string unwritten;    // what Show answered
};

// In a child process, or in this one.
Played PlaySafely(const Target& target, const ReplayOptions& options, const CommandTable& commands) {
  uint32_t unmatched = 0;
  Played played;
  RunReport& report = played.report;
  std::string& unwritten = played.unwritten;
  if (options.in_process) {
    report = PlayHere(target, options, unmatched, unwritten);
  } else {
    const auto record = [&](SimWorld& world, const RunReport& judged) { return Show(target, options, world, judged); };
    Witness witness(target, commands, record, KeepFor(options));
    report = options.recorded() ? witness.PlayRecorded(nullptr, options.seconds_max, unwritten, options.until_step)
                                : witness.Play(nullptr, options.seconds_max);
    played.broken_off = witness.broken_off();
    fmt::print(stderr, "{}", witness.errors());
    unmatched = witness.unmatched_per_mille();
    if (const RunReport end = witness.Finish(options.seconds_max); !end.passed()) {
      fmt::print(stderr, "{}", witness.errors());
      report.Fail(end.verdict, end.oracle, end.problem);
    }
  }
  if (unmatched > 0) {
    fmt::print(stderr, "reprise-sim: {}.{} % of the tape's overrides were never asked for; the program has changed\n",
               unmatched / 10, unmatched % 10);
  }
  return played;
}

void PrintSummary(const RunReport& report) {
  fmt::print("{} steps, {}.{:03} s of simulated time, healed after {}.{:03} s\n", report.steps,
             report.elapsed_ns / 1'000'000'000, report.elapsed_ns / 1'000'000 % 1000, report.healed_ns / 1'000'000'000,
             report.healed_ns / 1'000'000 % 1000);
  fmt::print("{} requests, {} answered; {} socket operations\n", report.requests, report.answered,
             report.socket_operations);
  fmt::print("model: {} of {} replies checked; linearizability: {} of {} requests definite\n", report.model.definite,
             report.model.checked, report.linear.definite, report.linear.checked);
  std::string fired;
  for (size_t i = 0; i < kSiteCount; ++i) {
    if (IsFault(SiteAt(i)) && report.sites[i].fired > 0) {
      fired += fmt::format("{}{} {}", fired.empty() ? "" : ", ", SiteName(SiteAt(i)), report.sites[i].fired);
    }
  }
  fmt::print("faults fired: {}\n", fired.empty() ? "none" : fired);
  fmt::print("trace hash {:016x}\n", report.hash);
}

void PrintJson(const Target& target, const Played& played) {
  const RunReport& report = played.report;
  nlohmann::ordered_json json;
  json["seed"] = target.plan.seed;
  json["profile"] = target.plan.profile;
  json["verdict"] = played.broken_off ? "broken off" : VerdictName(report.verdict);
  json["oracle"] = OracleName(report.oracle);
  json["problem"] = report.problem;
  json["replay"] = target.ReplayCommand();
  json["trace_hash"] = fmt::format("{:016x}", report.hash);
  json["steps"] = report.steps;
  json["simulated_ns"] = report.elapsed_ns;
  json["requests"] = report.requests;
  json["answered"] = report.answered;
  json["socket_operations"] = report.socket_operations;
  json["model"] = {{"checked", report.model.checked}, {"definite", report.model.definite}};
  json["linearizability"] = {{"checked", report.linear.checked}, {"definite", report.linear.definite}};
  for (size_t i = 0; i < kSiteCount; ++i) {
    if (IsFault(SiteAt(i))) {
      json["faults"][std::string(SiteName(SiteAt(i)))] = {{"offered", report.sites[i].offered},
                                                          {"fired", report.sites[i].fired}};
    }
  }
  fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace

int Replay(const ReplayOptions& options) {
  const CommandTable commands;
  const Result<Target> opened = OpenTarget(options.target, options.terms, commands);
  if (!opened.ok()) {
    fmt::print(stderr, "reprise-sim: {}\n", opened.status().detail());
    return kExitUsage;
  }
  const Target& target = opened.value();
  if (options.options) {
    fmt::print("seed {}\n{}{}\n", target.plan.seed, DescribeOptions(target.plan), DescribeClients(target.plan));
  }
  const Played played = PlaySafely(target, options, commands);
  const RunReport& report = played.report;
  if (options.json) {
    PrintJson(target, played);
  } else if (played.broken_off) {
    fmt::print("broken off after step {}, at {}\n", report.steps, TimeText(report.elapsed_ns));
  } else if (options.hash) {
    fmt::print("{:016x}\n", report.hash);
  } else if (report.steps > 0) {
    PrintSummary(report);
  }
  if (!report.passed() && !options.json) {
    std::fflush(stdout);
    fmt::print(stderr, "{}\nplay it again: {}\n", DescribeFailure(report), target.ReplayCommand());
  } else if (!options.hash && !options.json && !played.broken_off) {
    fmt::print("passed\n");
  }
  fmt::print(stderr, "{}", played.unwritten);
  return report.passed() && !played.unwritten.empty() ? kExitUsage : static_cast<int>(report.verdict);
}

}  // namespace reprise
