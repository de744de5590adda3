#include "server/config_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "loop/check.h"
#include "server/ascii.h"
#include "server/config_value.h"
#include "server/resp/number.h"

namespace reprise {
namespace {

using Words = std::span<const std::string_view>;

constexpr size_t kBindAddressesMax = 16;
constexpr int64_t kInt64Max = std::numeric_limits<int64_t>::max();
constexpr int64_t kInt32Max = std::numeric_limits<int32_t>::max();

constexpr std::string_view kNotOctal = "argument couldn't be parsed as an octal number";

constexpr std::array<std::string_view, 4> kLogLevelNames = {"debug", "verbose", "notice", "warning"};
constexpr std::array<std::string_view, 3> kDebugAccessNames = {"no", "yes", "local"};
constexpr std::array<std::string_view, 3> kClientClassNames = {"normal", "slave", "pubsub"};

std::string Set(const NumberRule& rule, Words words, ConfigValues& values) {
  std::optional<int64_t> number;
  std::string_view refusal = kNotInteger;
  switch (rule.notation) {
    case NumberNotation::kPlain:
      number = ParseInt64(words[0]);
      break;
    case NumberNotation::kMemory:
      refusal = kNotMemory;
      // What does not fit a signed number becomes negative, which is out of every range.
      if (const std::optional<uint64_t> size = ParseMemorySize(words[0])) {
        number = static_cast<int64_t>(*size);
      }
      break;
    case NumberNotation::kOctal:
      refusal = kNotOctal;
      number = ParseLooseInteger(words[0], 8);
      break;
  }
  if (!number) {
    return std::string(refusal);
  }
  if (*number < rule.min || *number > rule.max) {
    return rule.notation == NumberNotation::kOctal
               ? fmt::format("argument must be between {:o} and {:o} inclusive", rule.min, rule.max)
               : fmt::format("argument must be between {} and {} inclusive", rule.min, rule.max);
  }
  std::visit(
      [&](auto field) {
        using Field = std::remove_reference_t<decltype(values.*field)>;
        values.*field = static_cast<Field>(std::clamp(*number, rule.clamp_min, rule.clamp_max));
      },
      rule.field);
  return {};
}

std::string Get(const NumberRule& rule, const ConfigValues& values) {
  const std::string_view format = rule.notation == NumberNotation::kOctal ? "{:o}" : "{}";
  return std::visit([&](auto field) { return fmt::format(fmt::runtime(format), values.*field); }, rule.field);
}

std::string Set(const YesNoRule& rule, Words words, ConfigValues& values) {
  const std::optional<bool> yes = ParseYesNo(words[0]);
  if (!yes) {
    return std::string(kNotYesNo);
  }
  values.*rule.field = *yes;
  return {};
}

std::string Get(const YesNoRule& rule, const ConfigValues& values) { return values.*rule.field ? "yes" : "no"; }

// Sets `field` to the one of `names` that `words` say.
template <typename Enum, size_t kCount>
std::string SetToChoice(const std::array<std::string_view, kCount>& names, Words words, Enum& field) {
  const std::string_view text = UpToNul(words[0]);
  for (size_t i = 0; i < names.size(); ++i) {
    if (EqualsFolded(text, names[i])) {
      field = static_cast<Enum>(i);
      return {};
    }
  }
  return NotOneOfThese(fmt::format("{}", fmt::join(names, ", ")));
}

std::string Set(const LogLevelRule&, Words words, ConfigValues& values) {
  return SetToChoice(kLogLevelNames, words, values.loglevel);
}

std::string Set(const DebugAccessRule&, Words words, ConfigValues& values) {
  return SetToChoice(kDebugAccessNames, words, values.debug_access);
}

std::string Get(const DebugAccessRule&, const ConfigValues& values) {
  return std::string(kDebugAccessNames[static_cast<size_t>(values.debug_access)]);
}

std::string Get(const LogLevelRule&, const ConfigValues& values) {
  return std::string(kLogLevelNames[static_cast<size_t>(values.loglevel)]);
}

std::string Set(const TextRule& rule, Words words, ConfigValues& values) {
  values.*rule.field = std::string(words[0]);
  return {};
}

std::string Get(const TextRule& rule, const ConfigValues& values) { return values.*rule.field; }

std::string Set(const BindRule&, Words words, ConfigValues& values) {
  if (words.size() > kBindAddressesMax) {
    return "Too many bind addresses specified.";
  }
  const bool none = words.empty() || (words.size() == 1 && words[0].empty());
  values.bind = none ? std::vector<std::string>() : std::vector<std::string>(words.begin(), words.end());
  return {};
}

std::string Get(const BindRule&, const ConfigValues& values) { return fmt::format("{}", fmt::join(values.bind, " ")); }

std::optional<ClientClass> ParseClientClass(std::string_view text) {
  text = UpToNul(text);
  for (size_t i = 0; i < kClientClassNames.size(); ++i) {
    if (EqualsFolded(text, kClientClassNames[i])) {
      return static_cast<ClientClass>(i);
    }
  }
  return EqualsFolded(text, "replica") ? std::optional(ClientClass::kReplica) : std::nullopt;
}

// Groups of class, hard limit, soft limit and seconds; a class that is not named keeps what it has.
std::string Set(const OutputLimitsRule&, Words words, ConfigValues& values) {
  if (words.size() == 1 && words[0].empty()) {
    return {};
  }
  if (words.size() % 4 != 0) {
    return "Wrong number of arguments in buffer limit configuration.";
  }
  ConfigValues changed = values;
  for (size_t i = 0; i < words.size(); i += 4) {
    const std::optional<ClientClass> client_class = ParseClientClass(words[i]);
    if (!client_class) {
      return "Invalid client class specified in buffer limit configuration.";
    }
    const std::optional<uint64_t> hard = ParseMemorySize(words[i + 1]);
    const std::optional<uint64_t> soft = ParseMemorySize(words[i + 2]);
    const std::optional<int64_t> seconds = ParseLooseInteger(words[i + 3], 10);
    if (!hard || !soft || !seconds || *seconds < 0 || *seconds > kInt32Max) {
      return "Error in hard, soft or soft_seconds setting in buffer limit configuration.";
    }
    changed.output_limits[static_cast<size_t>(*client_class)] = {*hard, *soft, *seconds};
  }
  std::copy(std::begin(changed.output_limits), std::end(changed.output_limits), std::begin(values.output_limits));
  return {};
}

std::string Get(const OutputLimitsRule&, const ConfigValues& values) {
  std::string text;
  for (size_t i = 0; i < kClientClassNames.size(); ++i) {
    const OutputLimit& limit = values.output_limits[i];
    text += fmt::format("{}{} {} {} {}", i == 0 ? "" : " ", kClientClassNames[i], limit.hard_bytes, limit.soft_bytes,
                        limit.soft_seconds);
  }
  return text;
}

std::string Set(const FixedRule& rule, Words words, ConfigValues&) {
  std::string refusal;
  const std::optional<std::string> value = NormalizedFixed(rule, fmt::format("{}", fmt::join(words, " ")), &refusal);
  if (!value) {
    return refusal;
  }
  return *value == rule.value ? std::string() : fmt::format("this server supports no value but \"{}\"", rule.value);
}

std::string Get(const FixedRule& rule, const ConfigValues&) { return std::string(rule.value); }

constexpr uint8_t kAtStart = ConfigParameter::kAtStartOnly;
constexpr uint8_t kAnyTime = ConfigParameter::kNone;
constexpr FixedRule::Unmet kWarned = FixedRule::Unmet::kWarned;
constexpr FixedRule::Unmet kIgnored = FixedRule::Unmet::kIgnored;
constexpr int64_t kMemoryLeast = int64_t{1} << 20;

// Those with a FixedRule are here because clients, benchmarks and monitoring ask for them, or because a redis.conf in
// use is likely to name them.
const ConfigParameter kParameters[] = {
    {"aclfile", kAtStart, FixedRule{""}},
    {"activedefrag", kAnyTime, FixedRule{"no", FixedRule::Kind::kYesNo, {}, kWarned}},
    {"always-show-logo", kAtStart, FixedRule{"no", FixedRule::Kind::kYesNo, {}, kIgnored}},
    {"appendonly", kAnyTime, FixedRule{"no", FixedRule::Kind::kYesNo}},
    {"bind", ConfigParameter::kManyWords, BindRule{}},
    {"client-output-buffer-limit", ConfigParameter::kManyWords, OutputLimitsRule{}},
    {"client-query-buffer-limit", kAnyTime,
     NumberRule{&ConfigValues::client_query_buffer_limit, kMemoryLeast, kInt64Max, NumberNotation::kMemory}},
    {"cluster-enabled", kAtStart, FixedRule{"no", FixedRule::Kind::kYesNo}},
    {"daemonize", kAtStart, YesNoRule{&ConfigValues::daemonize}},
    {"databases", kAtStart, NumberRule{&ConfigValues::databases, 1, kInt32Max}},
    {"dir", kAtStart, TextRule{&ConfigValues::dir}},
    {"enable-debug-command", kAtStart, DebugAccessRule{}},
    {"enable-module-command", kAtStart, FixedRule{"no", FixedRule::Kind::kEnum, "no, yes, local", kWarned}},
    // 0 is taken as 1 and more than 500 as 500, silently, as in Redis.
    {"hz", kAnyTime, NumberRule{&ConfigValues::hz, 0, kInt32Max, NumberNotation::kPlain, 1, 500}},
    {"io-threads", kAtStart, FixedRule{"1", FixedRule::Kind::kNumber, {}, kWarned}},
    {"latency-monitor-threshold", kAnyTime, FixedRule{"0", FixedRule::Kind::kNumber, {}, kWarned}},
    {"logfile", kAtStart, TextRule{&ConfigValues::logfile}},
    {"loglevel", kAnyTime, LogLevelRule{}},
    {"maxclients", kAnyTime, NumberRule{&ConfigValues::maxclients, 1, std::numeric_limits<uint32_t>::max()}},
    {"maxmemory", kAnyTime, FixedRule{"0", FixedRule::Kind::kMemory}},
    {"maxmemory-policy", kAnyTime,
     FixedRule{"noeviction", FixedRule::Kind::kEnum,
               "volatile-lru, volatile-lfu, volatile-random, volatile-ttl, allkeys-lru, allkeys-lfu, allkeys-random, "
               "noeviction",
               kIgnored}},
    {"notify-keyspace-events", kAnyTime, FixedRule{"", FixedRule::Kind::kText, {}, kWarned}},
    {"pidfile", kAtStart, TextRule{&ConfigValues::pidfile}},
    {"port", kAnyTime, NumberRule{&ConfigValues::port, 0, 65535}},
    {"protected-mode", kAnyTime, YesNoRule{&ConfigValues::protected_mode}},
    {"proto-max-bulk-len", kAnyTime,
     NumberRule{&ConfigValues::proto_max_bulk_len, kMemoryLeast, kInt64Max, NumberNotation::kMemory}},
    {"requirepass", ConfigParameter::kSensitive, TextRule{&ConfigValues::requirepass}},
    // The one save that a stock redis.conf asks for.
    {"save", ConfigParameter::kManyWords,
     FixedRule{"", FixedRule::Kind::kText, {}, FixedRule::Unmet::kRefused, "3600 1 300 100 60 10000"}},
    {"supervised", kAtStart, FixedRule{"no", FixedRule::Kind::kEnum, "upstart, systemd, auto, no", kWarned}},
    {"syslog-enabled", kAtStart, FixedRule{"no", FixedRule::Kind::kYesNo, {}, kWarned}},
    {"tcp-backlog", kAtStart, NumberRule{&ConfigValues::tcp_backlog}},
    {"tcp-keepalive", kAnyTime, NumberRule{&ConfigValues::tcp_keepalive_s}},
    {"timeout", kAnyTime, NumberRule{&ConfigValues::timeout_s}},
    {"tls-port", kAnyTime, FixedRule{"0", FixedRule::Kind::kNumber}},
    {"unixsocket", kAtStart, TextRule{&ConfigValues::unixsocket}},
    {"unixsocketperm", kAtStart, NumberRule{&ConfigValues::unixsocketperm, 0, 0777, NumberNotation::kOctal}},
};

}  // namespace

std::string ConfigParameter::Set(std::span<const std::string_view> words, ConfigValues& values) const {
  CHECK(Has(kManyWords) || words.size() == 1);
  return std::visit([&](const auto& of_kind) { return reprise::Set(of_kind, words, values); }, rule);
}

std::string ConfigParameter::Get(const ConfigValues& values) const {
  return std::visit([&](const auto& of_kind) { return reprise::Get(of_kind, values); }, rule);
}

std::span<const ConfigParameter> ConfigParameters() { return kParameters; }

const ConfigParameter* FindConfigParameter(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kParameters), std::end(kParameters),
                   [&](const ConfigParameter& parameter) { return EqualsFolded(name, parameter.name); });
  return found == std::end(kParameters) ? nullptr : found;
}

}  // namespace reprise
