#include "proptests/simulation/self_watch.h"

#include <algorithm>
#include <utility>

#include "proptests/oracles/server_memory.h"

namespace reprise {

SelfWatch::SelfWatch(const Plan& plan, SimWorld& world, MortalServer& mortal)
    : plan_(plan), world_(world), mortal_(mortal) {
  world_.process().SetLogSink([this](LogLevel level, std::string_view line) { log_.Note(level, line); });
}

// What was refused before, listeners it was, and whoever started the server was told.
void SelfWatch::OnServerStarted() { causes_.watches_refused = mortal_.counters().registers_refused; }

void SelfWatch::StartSpectator() {
  if (!plan_.monitor) {
    return;
  }
  uint32_t number = 0;  // above those of all clients
  for (const ScriptClient& client : plan_.script.clients) {
    number = std::max(number, client.id + 1);
  }
  spectator_ = std::make_unique<Spectator>(world_, number);
  spectator_->Start(plan_.Config("requirepass"));
}

void SelfWatch::ConcludeSpectator(std::function<void()> done) { spectator_->Conclude(std::move(done)); }

bool SelfWatch::AuditIsDue() const {
  const bool wanted = plan_.audit && !plan_.monitor && !plan_.script.HasPauses();
  return wanted && auditor_ == nullptr && world_.life().number() == 0;
}

void SelfWatch::StartAudit(Clients clients, std::function<void()> done) {
  uint32_t latest = 0;
  for (const std::unique_ptr<SimClient>& client : clients) {
    others_.push_back(&client->history());
    latest = std::max(latest, client->history().client);
  }
  Auditor::Settings settings;
  settings.client = clients.empty() ? 0 : latest + 1;
  settings.password = plan_.Config("requirepass");
  settings.latency_ns = plan_.world.latency_ns;
  const auto kill = [clients](size_t other) { clients[other]->ExpectEnd(); };
  auditor_ = std::make_unique<Auditor>(world_, mortal_.server(), std::move(settings), kill, std::move(done));
  auditor_->Start(Auditor::OthersOf(others_));
}

void SelfWatch::Finish() {
  if (spectator_ != nullptr) {
    spectator_->Finish();
  }
  if (auditor_ != nullptr) {
    auditor_->Finish();
  }
}

std::string SelfWatch::Describe() const {
  return auditor_ != nullptr ? auditor_->Describe() : spectator_ != nullptr ? spectator_->Describe() : std::string();
}

std::string SelfWatch::LookAtMemory() const { return DescribeUnexplained(MemoryOf(mortal_.server())); }

std::string SelfWatch::LookAtWhatIsLeft() const {
  const bool emptied = auditor_ != nullptr && auditor_->complete(others_);
  return emptied ? DescribeHeldForNothing(MemoryOf(mortal_.server())) : LookAtMemory();
}

void SelfWatch::OnServerStops() {
  Server& server = mortal_.server();
  const ConfigValues& values = server.values();
  causes_.loop = mortal_.counters();
  causes_.watches_refused = causes_.loop.registers_refused - causes_.watches_refused;
  causes_.output_limit_disconnections = server.stats().output_limit_disconnections;
  causes_.limit = values.output_limits[static_cast<size_t>(ClientClass::kNormal)];
  causes_.timeout_s = values.timeout_s;
  causes_.level = values.loglevel;
  causes_.stopped = true;
  stopped_in_order_ = world_.life().number() == 0;
}

void SelfWatch::Judge(std::span<const ClientHistory* const> others, const Moments& moments, RunReport& report) const {
  if (spectator_ != nullptr) {
    if (Finding finding = CheckMonitor(spectator_->view(), others, moments); !finding.ok()) {
      report.Fail(Verdict::kWrongAnswer, Oracle::kMonitor, std::move(finding.problem));
    }
  }
  if (auditor_ != nullptr) {
    if (Finding finding = auditor_->Check(others); !finding.ok()) {
      report.Fail(Verdict::kWrongAnswer, Oracle::kCounts, std::move(finding.problem));
    }
  }
  if (!stopped_in_order_) {
    return;
  }
  if (std::string problem = log_.Problem(causes_); !problem.empty()) {
    report.Fail(Verdict::kWrongAnswer, Oracle::kLog, std::move(problem));
  }
}

}  // namespace reprise
