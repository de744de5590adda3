#include "sim/ledger.h"

#include <algorithm>

namespace reprise {
namespace {

std::string Padded(std::string text, size_t width, bool right) {
  if (text.size() < width) text.insert(right ? 0 : text.size(), width - text.size(), ' ');
  return text;
}

std::string Cell(uint64_t number) { return Padded(std::to_string(number), 13, true); }

}  // namespace

void Ledger::AddCounts(const std::array<SiteCount, kSiteCount>& counts) {
  ++runs_;
  for (size_t i = 0; i < kSiteCount; ++i) {
    lines_[i].offered += counts[i].offered;
    lines_[i].fired += counts[i].fired;
    if (counts[i].fired > 0) ++lines_[i].runs_fired;
  }
}

void Ledger::AddRun(const std::array<SiteCount, kSiteCount>& counts, const LoopCounters& counters) {
  AddCounts(counts);
  for (size_t i = 0; i < kSiteCount; ++i) {
    if (!IsFault(SiteAt(i)) || !NoticeOf(SiteAt(i)).possible()) continue;
    AddSeen(SiteAt(i), counts[i].fired > 0 ? NoticeOf(SiteAt(i)).count(counters) : 0);
  }
  for (size_t i = 0; i < paths_.size(); ++i) {
    const uint64_t times = counters.*RarePaths()[i].counter;
    paths_[i].times += times;
    if (times > 0) ++paths_[i].runs;
  }
}

void Ledger::AddSeen(Site site, uint64_t times) {
  Line& line = lines_[static_cast<size_t>(site)];
  line.seen += times;
  line.watched = true;
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
  for (size_t i = 0; i < paths_.size(); ++i) {
    paths_[i].times += other.paths_[i].times;
    paths_[i].runs += other.paths_[i].runs;
  }
}

std::vector<std::string> Ledger::Problems(std::span<const Site> never) const {
  std::vector<std::string> problems;
  for (size_t i = 0; i < kSiteCount; ++i) {
    const Line& line = lines_[i];
    if (!IsFault(SiteAt(i))) continue;
    const std::string name(SiteName(SiteAt(i)));
    if (std::find(never.begin(), never.end(), SiteAt(i)) != never.end()) {
      if (line.fired > 0) problems.push_back(name + " fired, and it was thought that it can't");
    } else if (line.offered == 0) {
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

std::string Ledger::PathsText() const {
  std::string text = Padded("rare path", 22, false) + Padded("times", 13, true) + Padded("runs", 13, true) + '\n';
  std::string never;
  for (size_t i = 0; i < paths_.size(); ++i) {
    const std::string name(RarePaths()[i].name);
    text += Padded(name, 22, false) + Cell(paths_[i].times) + Cell(paths_[i].runs) + '\n';
    if (paths_[i].times == 0) never += ' ' + name;
  }
  return text + "rare paths never taken:" + (never.empty() ? " none" : never) + '\n';
}

}  // namespace reprise
