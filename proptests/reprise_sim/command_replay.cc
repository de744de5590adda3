#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "proptests/reprise_sim/commands.h"
#include "proptests/reprise_sim/target.h"
#include "proptests/reprise_sim/witness.h"
#include "sim/chrome_trace.h"
#include "sim/html_trace.h"
#include "sim/step_log.h"
#include "sim/step_text.h"

namespace reprise {
namespace {

void PrintLog(SimWorld& world, uint64_t until_step) {
  const Recording run{world.trace(), world.actors()};
  for (const Step& step : world.trace().steps()) {
    if (until_step != 0 && step.number > until_step) {
      break;
    }
    if (!IsBackground(step)) {
      fmt::print("{}\n", StepLine(run, step, 100));
    }
  }
}

// Empty, or a line that says what went wrong.
std::string WriteFile(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  return file.flush() ? std::string() : fmt::format("reprise-sim: can't write {}\n", path);
}

std::string TapeText(const Target& target, SimWorld& world) {
  Tape tape = TapeOf(target.plan, true);
  tape.overrides = Tape::FromChoices(world.choices().made()).overrides;
  return tape.ToText();
}

HtmlOptions PageOf(const Target& target, const RunReport& report) {
  HtmlOptions page;
  page.title = fmt::format("reprise-sim: {}", target.name);
  page.summary = fmt::format("{}\n{}\n{}{}", target.ReplayCommand(),
                             report.passed() ? "no oracle has spoken" : DescribeFailure(report),
                             DescribeClients(target.plan), DescribeOptions(target.plan));
  return page;
}

Trace::Keep KeepFor(const ReplayOptions& options) {
  return options.steps.empty() ? Trace::Keep::kSteps : Trace::Keep::kAll;
}

// What is to be done with the run as it was recorded. Answers with the lines about files that could not be written.
std::string Show(const Target& target, const ReplayOptions& options, SimWorld& world, const RunReport& report) {
  if (options.verbose) {
    PrintLog(world, options.until_step);
  }
  std::string unwritten;
  if (!options.save_tape.empty()) {
    unwritten += WriteFile(options.save_tape, TapeText(target, world));
  }
  const Recording run{world.trace(), world.actors()};
  if (!options.trace.empty()) {
    unwritten += WriteFile(options.trace, ChromeTrace(run));
  }
  if (!options.html.empty()) {
    unwritten += WriteFile(options.html, HtmlTrace(run, PageOf(target, report)));
  }
  if (!options.steps.empty()) {
    unwritten += WriteFile(options.steps, StepLog(run));
  }
  return unwritten;
}

RunReport Play(const Target& target, const ReplayOptions& options, uint32_t& unmatched, std::string& unwritten) {
  RunOptions run;
  run.keep = options.recorded() ? KeepFor(options) : Trace::Keep::kNothing;
  run.record_choices = options.recorded();
  run.inspect = [&](SimWorld& world, const RunReport& judged) { unwritten = Show(target, options, world, judged); };
  return PlayTarget(target, run, &unmatched);
}

// The report, from a child process or from this one. `unwritten` becomes what Show answered.
RunReport PlaySafely(const Target& target, const ReplayOptions& options, const CommandTable& commands,
                     std::string& unwritten) {
  uint32_t unmatched = 0;
  RunReport report;
  if (options.in_process) {
    report = Play(target, options, unmatched, unwritten);
  } else {
    const auto record = [&](SimWorld& world, const RunReport& judged) { return Show(target, options, world, judged); };
    Witness witness(target, commands, record, KeepFor(options));
    report = options.recorded() ? witness.PlayRecorded(nullptr, options.seconds_max, unwritten)
                                : witness.Play(nullptr, options.seconds_max);
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
  return report;
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

void PrintJson(const Target& target, const RunReport& report) {
  nlohmann::ordered_json json;
  json["seed"] = target.plan.seed;
  json["profile"] = target.plan.profile;
  json["verdict"] = VerdictName(report.verdict);
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
  std::string unwritten;
  const RunReport report = PlaySafely(target, options, commands, unwritten);
  if (options.json) {
    PrintJson(target, report);
  } else if (options.hash) {
    fmt::print("{:016x}\n", report.hash);
  } else if (report.steps > 0) {
    PrintSummary(report);
  }
  if (!report.passed() && !options.json) {
    std::fflush(stdout);
    fmt::print(stderr, "{}\nplay it again: {}\n", DescribeFailure(report), target.ReplayCommand());
  } else if (!options.hash && !options.json) {
    fmt::print("passed\n");
  }
  fmt::print(stderr, "{}", unwritten);
  return report.passed() && !unwritten.empty() ? kExitUsage : static_cast<int>(report.verdict);
}

}  // namespace reprise
