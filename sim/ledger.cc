#include "sim/ledger.h"

namespace reprise {
namespace {

std::string Padded(std::string text, size_t width, bool right) {
  if (text.size() < width) text.insert(right ? 0 : text.size(), width - text.size(), ' ');
  return text;
}

std::string Cell(uint64_t number) { return Padded(std::to_string(number), 13, true); }

}  // namespace

void Ledger::AddRun(const Choices& choices) {
  ++runs_;
  for (size_t i = 0; i < kSiteCount; ++i) {
    const SiteCount& count = choices.count(SiteAt(i));
    lines_[i].offered += count.offered;
    lines_[i].fired += count.fired;
    if (count.fired > 0) ++lines_[i].runs_fired;
  }
}

void Ledger::AddSeen(Site site, uint64_t times) {
  Line& line = lines_[static_cast<size_t>(site)];
  line.seen += times;
  line.watched = true;
}

void Ledger::AddSeen(const LoopCounters& counters) {
  AddSeen(Site::kWaitInterrupted, counters.empty_waits);
  AddSeen(Site::kReadySpurious, counters.reads_blocked);
  AddSeen(Site::kReadyMerge, counters.reads_blocked);
  AddSeen(Site::kReadyRepeat, counters.reads_blocked);
  AddSeen(Site::kReadyStale, counters.stale_events);
  AddSeen(Site::kReadWouldBlock, counters.reads_blocked);
  AddSeen(Site::kWriteShort, counters.writes_short);
  AddSeen(Site::kBufferSmallSend, counters.writes_short);
  AddSeen(Site::kWriteWouldBlock, counters.writes_blocked);
  AddSeen(Site::kConnReset, counters.reads_failed + counters.writes_failed);
  AddSeen(Site::kConnClose, counters.reads_ended);
  AddSeen(Site::kConnHalfClose, counters.reads_ended);
  AddSeen(Site::kAcceptWouldBlock, counters.accepts_empty);
  AddSeen(Site::kAcceptAborted, counters.accepts_aborted);
  AddSeen(Site::kAcceptTooMany, counters.accepts_refused);
  AddSeen(Site::kAcceptNoMemory, counters.accepts_refused);
}

void Ledger::Merge(const Ledger& other) {
  runs_ += other.runs_;
  for (size_t i = 0; i < kSiteCount; ++i) {
    lines_[i].offered += other.lines_[i].offered;
    lines_[i].fired += other.lines_[i].fired;
    lines_[i].seen += other.lines_[i].seen;
    lines_[i].runs_fired += other.lines_[i].runs_fired;
    lines_[i].watched = lines_[i].watched || other.lines_[i].watched;
  }
}

std::vector<std::string> Ledger::Problems() const {
  std::vector<std::string> problems;
  for (size_t i = 0; i < kSiteCount; ++i) {
    const Line& line = lines_[i];
    if (!IsFault(SiteAt(i))) continue;
    const std::string name(SiteName(SiteAt(i)));
    if (line.offered == 0) {
      problems.push_back(name + " was never asked for");
    } else if (line.fired == 0) {
      problems.push_back(name + " was asked for " + std::to_string(line.offered) + " times and never fired");
    } else if (line.watched && line.seen == 0) {
      problems.push_back(name + " fired " + std::to_string(line.fired) + " times and was never seen");
    }
  }
  return problems;
}

std::string Ledger::ToString() const {
  std::string text = Padded("site", 22, false) + Padded("offered", 13, true) + Padded("fired", 13, true) +
                     Padded("seen", 13, true) + Padded("runs", 13, true) + '\n';
  for (size_t i = 0; i < kSiteCount; ++i) {
    const Line& line = lines_[i];
    if (!IsFault(SiteAt(i))) continue;
    text += Padded(std::string(SiteName(SiteAt(i))), 22, false) + Cell(line.offered) + Cell(line.fired) +
            (line.watched ? Cell(line.seen) : Padded("-", 13, true)) + Cell(line.runs_fired) + '\n';
  }
  return text;
}

}  // namespace reprise
