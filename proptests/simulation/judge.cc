#include "proptests/simulation/judge.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>
#include <vector>

#include "proptests/oracles/client_list.h"
#include "proptests/oracles/identity.h"
#include "proptests/oracles/idle.h"
#include "proptests/oracles/linearizability.h"
#include "proptests/oracles/model_oracle.h"
#include "proptests/oracles/pause.h"
#include "proptests/oracles/peace.h"

namespace reprise {
namespace {

// 0: idle clients may stay for ever.
int64_t TimeoutSeconds(const Plan& plan) {
  const std::string_view text = plan.Config("timeout");
  int64_t seconds = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), seconds);
  return seconds;
}

void Count(const Finding& finding, Finding& all) {
  all.checked += finding.checked;
  all.definite += finding.definite;
}

void JudgeReplies(const Evidence& evidence, const ClientHistory& history, RunReport& report) {
  if (!history.protocol_error.empty()) {
    report.Fail(Verdict::kWrongAnswer, Oracle::kReplyForm,
                fmt::format("client {}: {}", history.client, history.protocol_error));
  }
  if (history.keys == Keys::kOwn) {
    Finding finding = CheckAgainstModel(history, evidence.moments, evidence.plan.Config("requirepass"));
    Count(finding, report.model);
    if (!finding.ok()) {
      report.Fail(Verdict::kWrongAnswer, Oracle::kModel, std::move(finding.problem));
    }
  }
  if (Finding finding = CheckIdentity(history); !finding.ok()) {
    report.Fail(Verdict::kWrongAnswer, Oracle::kIdentity, std::move(finding.problem));
  }
}

void JudgeSilence(const Evidence& evidence, const ClientHistory& history, int64_t timeout_s, RunReport& report) {
  const IdleTerms terms{timeout_s, evidence.breaks.anyones(), evidence.breaks.Of(history.client)};
  if (Finding finding = CheckIdle(history, evidence.moments, terms); !finding.ok()) {
    report.Fail(Verdict::kWrongAnswer, Oracle::kIdle, std::move(finding.problem));
  }
}

void JudgeClientList(const Evidence& evidence, std::span<const ClientHistory* const> histories, RunReport& report) {
  ClientListTerms terms;
  terms.peace_ns = report.healed_ns;
  terms.hears_ns = 3 * evidence.plan.world.latency_ns + kNanosPerMilli;
  terms.may_be_idle = TimeoutSeconds(evidence.plan) > 0;
  if (Finding finding = CheckClientList(histories, evidence.moments, terms); !finding.ok()) {
    report.Fail(Verdict::kWrongAnswer, Oracle::kClientList, std::move(finding.problem));
  }
}

void JudgeEndings(const Evidence& evidence, const ClientHistory& history, RunReport& report) {
  PeaceTerms terms;
  // What began at the very moment may have begun before it.
  terms.peace_ns = report.healed_ns < 0 ? -1 : report.healed_ns + 1;
  terms.any_may_break = evidence.breaks.anyones();
  terms.may_break = evidence.breaks.Of(history.client);
  // All else that breaks a connection tells both sides, or lets them speak to the end.
  terms.speech_ns = evidence.any_vanished ? terms.peace_ns : 0;
  terms.may_be_cut_off = !evidence.plan.Config("client-output-buffer-limit").empty();
  if (const int64_t timeout_s = TimeoutSeconds(evidence.plan); timeout_s > 0) {
    JudgeSilence(evidence, history, timeout_s, report);
    terms.may_be_idle = [&, timeout_s](const Ending& ending) {
      return MayHaveBeenIdle(history, ending, evidence.moments, timeout_s);
    };
  }
  Finding finding = CheckPeace(history, terms);
  if (!finding.ok()) {
    const bool waits = finding.problem.find("waited") != std::string::npos;
    report.Fail(waits ? Verdict::kNoProgress : Verdict::kWrongAnswer, Oracle::kPeace, std::move(finding.problem));
  }
}

}  // namespace

void JudgeHistories(const Evidence& evidence, std::span<const ClientHistory* const> histories, RunReport& report) {
  std::vector<const ClientHistory*> shared;
  for (const ClientHistory* history : histories) {
    JudgeReplies(evidence, *history, report);
    JudgeEndings(evidence, *history, report);
    if (history->keys == Keys::kShared) {
      shared.push_back(history);
    }
  }
  if (Finding finding = CheckPause(histories); !finding.ok()) {
    report.Fail(Verdict::kWrongAnswer, Oracle::kPause, std::move(finding.problem));
  }
  // Behind a pause, or another life, or with somebody who monitors, CLIENT LIST tells of more than this oracle knows.
  if (report.deaths == 0 && !evidence.plan.script.HasPauses() && !evidence.plan.monitor) {
    JudgeClientList(evidence, histories, report);
  }
  report.linear = CheckLinearizable(shared);
  if (!report.linear.ok()) {
    report.Fail(Verdict::kWrongAnswer, Oracle::kLinearizability, report.linear.problem);
  }
}

}  // namespace reprise
