#include "proptests/reprise_sim/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>
#include <utility>

#include "sim/tape_source.h"

namespace reprise {

namespace {

// Anything longer is not read to its end, which it may not have.
constexpr size_t kTapeBytesMax = size_t{64} << 20;
constexpr size_t kReadBytes = size_t{1} << 16;

Status TurnOff(std::string_view names, Target& target) {
  const Result<std::vector<Site>> sites = ParseFaults(names);
  if (!sites.ok()) {
    return sites.status();
  }
  for (const Site site : sites.value()) {
    target.plan.faults.SetRate(site, 0);
    if (target.tape) {
      std::erase_if(target.tape->overrides, [site](const ChoiceMade& made) { return made.name.site == site; });
    }
  }
  return Status::Ok();
}

// All of it, or one byte more than a tape may have.
std::string ReadUpToMax(std::istream& file) {
  std::string content;
  while (file && content.size() <= kTapeBytesMax) {
    const size_t before = content.size();
    content.resize(std::min(kTapeBytesMax + 1, before + kReadBytes));
    file.read(content.data() + before, static_cast<std::streamsize>(content.size() - before));
    content.resize(before + static_cast<size_t>(file.gcount()));
  }
  return content;
}

// Why a name that is no seed and no file is none, for those who meant a seed.
std::string NotATarget(const std::string& text) {
  const size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const bool digits = text.size() > sign && text.find_first_not_of("0123456789", sign) == std::string::npos;
  return digits ? fmt::format("'{}' is not a seed: seeds are 0..18446744073709551615", text)
                : fmt::format("'{}' is neither a seed nor a file that can be read", text);
}

Result<Target> TapeTarget(const std::string& path, const Terms& terms, const CommandTable& commands) {
  std::string content;
  if (path == "-") {
    content = ReadUpToMax(std::cin);
  } else {
    std::ifstream file(path, std::ios::binary);
    std::error_code error;
    if (!file.is_open() || std::filesystem::is_directory(path, error)) {
      return Status(ErrorCode::kNotFound, NotATarget(path));
    }
    content = ReadUpToMax(file);
  }
  if (content.size() > kTapeBytesMax) {
    return Status(ErrorCode::kInvalidArgument,
                  fmt::format("{}: not a tape: it has more than {} bytes", path, kTapeBytesMax));
  }
  Result<Tape> tape = Tape::FromText(content);
  if (!tape.ok()) {
    return Status(ErrorCode::kInvalidArgument, fmt::format("{}: {}", path, tape.status().detail()));
  }
  Result<Plan> plan = PlanOf(tape.value(), commands);
  if (!plan.ok()) {
    return Status(ErrorCode::kInvalidArgument, fmt::format("{}: {}", path, plan.status().detail()));
  }
  Target target{path, terms, std::move(plan).value(), std::move(tape).value()};
  if (Status status = TurnOff(terms.without, target); !status.ok()) {
    return status;
  }
  return target;
}

}  // namespace

std::string Target::Flags() const {
  const bool plain = tape || plan.profile == "mixed";
  return fmt::format("{}{}", plain ? "" : fmt::format(" --profile {}", plan.profile),
                     terms.without.empty() ? "" : fmt::format(" --without {}", terms.without));
}

std::string Target::ReplayCommand() const { return fmt::format("reprise-sim replay {}{}", name, Flags()); }

std::string Target::ShrinkCommand() const { return fmt::format("reprise-sim shrink {}{}", name, Flags()); }

std::string Target::CompareCommand() const {
  return fmt::format("reprise-sim run --twice --seeds {}{}", name, Flags());
}

Result<std::vector<Site>> ParseFaults(std::string_view text) {
  std::vector<Site> sites;
  while (!text.empty()) {
    const std::string_view name = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), name.size() + 1));
    const std::optional<SiteGroup> group = GroupByName(name);
    const size_t before = sites.size();
    for (size_t i = 0; i < kSiteCount; ++i) {
      const SiteFacts& facts = FactsOf(SiteAt(i));
      if (IsFault(facts.site) && (facts.name == name || (group && facts.group == *group))) {
        sites.push_back(facts.site);
      }
    }
    if (sites.size() == before) {
      return Status(ErrorCode::kInvalidArgument,
                    fmt::format("'{}' is neither a fault nor a group of them; `reprise-sim faults` lists both", name));
    }
  }
  return sites;
}

Result<Target> SeedTarget(uint64_t seed, const Terms& terms, const CommandTable& commands) {
  Result<Plan> plan = MakePlan(seed, terms.profile, commands);
  if (!plan.ok()) {
    return plan.status();
  }
  Target target{std::to_string(seed), terms, std::move(plan).value(), std::nullopt};
  if (Status status = TurnOff(terms.without, target); !status.ok()) {
    return status;
  }
  return target;
}

Result<Target> OpenTarget(const std::string& text, const Terms& terms, const CommandTable& commands) {
  uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error == std::errc() && end == text.data() + text.size()) {
    return SeedTarget(seed, terms, commands);
  }
  return TapeTarget(text, terms, commands);
}

RunReport PlayTarget(const Target& target, const RunOptions& options, uint32_t* unmatched_per_mille) {
  if (!target.tape) {
    return PlaySeed(target.plan, options);
  }
  TapeSource source(*target.tape);
  RunReport report = PlayPlan(target.plan, source, options);
  if (unmatched_per_mille != nullptr) {
    *unmatched_per_mille = 1000 - source.MatchedPerMille();
  }
  return report;
}

}  // namespace reprise
