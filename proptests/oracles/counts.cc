#include "proptests/oracles/counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace reprise {
namespace {

int64_t NumberIn(std::string_view text) {
  int64_t value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : -1;
}

// The parts of "calls=1,usec=2".
int64_t PartOf(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    if (part.starts_with(name) && part.substr(name.size(), 1) == "=") {
      return NumberIn(part.substr(name.size() + 1));
    }
  }
  return -1;
}

class InfoCheck {
 public:
  explicit InfoCheck(const InfoLook& look) : look_(look), fields_(FieldsOf(look.text)) {}

  std::string Check() {
    CheckNetwork();
    CheckKeys();
    if (look_.requests != nullptr) {
      CheckRequests();
    }
    CheckMemory();
    return problem_;
  }

 private:
  int64_t Number(std::string_view name) const {
    const auto at = fields_.find(name);
    return at == fields_.end() ? -1 : NumberIn(at->second);
  }
  bool Has(std::string_view name) const { return fields_.contains(name); }

  void Expect(std::string_view what, int64_t told, uint64_t low, uint64_t high, std::string_view of = {}) {
    if (problem_.empty() && (told < 0 || static_cast<uint64_t>(told) < low || static_cast<uint64_t>(told) > high)) {
      problem_ = fmt::format("INFO tells {} of {}{}, and there were {}", told, what, of,
                             low == high ? fmt::format("{}", low) : fmt::format("{} to {}", low, high));
    }
  }
  void Expect(std::string_view what, int64_t told, const Bounds& bounds, std::string_view of = {}) {
    Expect(what, told, bounds.low, bounds.high, of);
  }

  void CheckNetwork() {
    const WorldFacts& before = look_.before;
    const WorldFacts& after = look_.after;
    if (Has("total_net_input_bytes")) {
      Expect("total_net_input_bytes", Number("total_net_input_bytes"), before.network.read_bytes + look_.request_bytes,
             after.network.read_bytes);
      Expect("total_net_output_bytes", Number("total_net_output_bytes"), before.network.written_bytes,
             after.network.written_bytes - look_.reply_bytes);
      Expect("total_connections_received and rejected_connections",
             Number("total_connections_received") + Number("rejected_connections"), before.network.accepted,
             after.network.accepted);
      Expect("rejected_connections", Number("rejected_connections"), 0, 0);
    }
    const bool nobody_came = before.network.accepted == after.network.accepted;
    if (Has("connected_clients") && nobody_came) {
      Expect("connected_clients", Number("connected_clients"), after.connections, before.connections);
      Expect("blocked_clients", Number("blocked_clients"), 0, 0);
    }
  }

  void CheckKeys() {
    if (look_.text.find("# Keyspace") == std::string_view::npos || look_.before.keys != look_.after.keys) {
      return;  // a key has expired in between
    }
    for (size_t i = 0; i < kDatabasesMax; ++i) {
      const std::string name = fmt::format("db{}", i);
      const auto told = fields_.find(name);
      const auto there = look_.after.keys.find(i);
      const WorldFacts::Keys keys = there == look_.after.keys.end() ? WorldFacts::Keys() : there->second;
      if (told == fields_.end()) {
        Expect(name, 0, keys.all, keys.all);
        continue;
      }
      Expect("keys of " + name, PartOf(told->second, "keys"), std::max<uint64_t>(1, keys.all), keys.all);
      Expect("expires of " + name, PartOf(told->second, "expires"), keys.expiring, keys.expiring);
    }
  }

  void CheckMemory() {
    if (Has("used_memory")) {
      const int64_t used = Number("used_memory");
      Expect("used_memory", used, static_cast<uint64_t>(Number("used_memory_dataset") + Number("used_memory_overhead")),
             static_cast<uint64_t>(std::max<int64_t>(0, Number("used_memory_peak"))));
    }
  }

  void CheckRequests() {
    const RequestCounts& requests = *look_.requests;
    if (Has("total_commands_processed")) {
      Expect("total_commands_processed", Number("total_commands_processed"), requests.commands);
      Expect("total_error_replies", Number("total_error_replies"), requests.errors);
      Expect("keyspace_hits", Number("keyspace_hits"), requests.hits);
      Expect("keyspace_misses", Number("keyspace_misses"), requests.misses);
      Expect("expired_keys", Number("expired_keys"), 0, requests.expiries_max);
    }
    if ((look_.text.find("# Commandstats") != std::string_view::npos)) {
      CheckCommands(requests);
    }
    if ((look_.text.find("# Errorstats") != std::string_view::npos)) {
      CheckErrors(requests);
    }
  }

  void CheckCommands(const RequestCounts& requests) {
    constexpr std::string_view kPrefix = "cmdstat_";
    for (const auto& [name, counts] : requests.by_command) {
      const auto told = fields_.find(fmt::format("{}{}", kPrefix, name));
      const std::string_view text = told == fields_.end() ? "calls=0,rejected_calls=0,failed_calls=0" : told->second;
      Expect("calls of ", PartOf(text, "calls"), counts.calls, name);
      Expect("rejected calls of ", PartOf(text, "rejected_calls"), counts.rejected, name);
      Expect("failed calls of ", PartOf(text, "failed_calls"), counts.failed, name);
    }
    for (auto told = fields_.lower_bound(kPrefix); told != fields_.end() && told->first.starts_with(kPrefix); ++told) {
      if (!requests.by_command.contains(told->first.substr(kPrefix.size()))) {
        Expect(fmt::format("calls of {}", told->first), 1, 0, 0);
      }
    }
  }

  void CheckErrors(const RequestCounts& requests) {
    constexpr std::string_view kPrefix = "errorstat_";
    for (const auto& [code, count] : requests.by_error) {
      const auto told = fields_.find(fmt::format("{}{}", kPrefix, code));
      Expect("errors " + code, told == fields_.end() ? 0 : PartOf(told->second, "count"), count.low,
             count.high + requests.errors_lost);
    }
    for (auto told = fields_.lower_bound(kPrefix); told != fields_.end() && told->first.starts_with(kPrefix); ++told) {
      if (!requests.by_error.contains(told->first.substr(kPrefix.size()))) {
        Expect(told->first, PartOf(told->second, "count"), 0, requests.errors_lost);
      }
    }
  }

  static constexpr size_t kDatabasesMax = 16;

  const InfoLook& look_;
  const InfoFields fields_;
  std::string problem_;
};

}  // namespace

WorldFacts FactsOf(Server& server, const SimNetwork& network) {
  WorldFacts facts{network.totals(), network.open_streams(), {}};
  for (size_t i = 0; i < server.database_count(); ++i) {
    WorldFacts::Keys keys;
    server.database(i).ForEach([&keys](const Ref& ref) {
      ++keys.all;
      keys.expiring += ref.has_expiry() ? 1U : 0U;
    });
    if (keys.all > 0) {
      facts.keys[i] = keys;
    }
  }
  return facts;
}

std::string DescribeWrongCounts(const InfoLook& look) { return InfoCheck(look).Check(); }

InfoFields FieldsOf(std::string_view info) {
  InfoFields fields;
  while (!info.empty()) {
    const std::string_view line = info.substr(0, info.find("\r\n"));
    info.remove_prefix(std::min(line.size() + 2, info.size()));
    if (const size_t colon = line.find(':'); colon != std::string_view::npos) {
      fields[line.substr(0, colon)] = line.substr(colon + 1);
    }
  }
  return fields;
}

int64_t Growth(const InfoFields& before, const InfoFields& after, std::string_view name) {
  const auto first = before.find(name);
  const auto second = after.find(name);
  return first == before.end() || second == after.end() ? -1 : NumberIn(second->second) - NumberIn(first->second);
}

}  // namespace reprise
