// The table of parameters: each one's name, what it may be, and where its value lies.
//
// Pure: a parameter reads and changes ConfigValues only. Error texts are those of redis-server 7.0.15.
#ifndef REPRISE_SERVER_CONFIG_PARAMETERS_H_
#define REPRISE_SERVER_CONFIG_PARAMETERS_H_

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "server/config_fixed.h"
#include "server/config_values.h"

namespace reprise {

enum class NumberNotation : uint8_t { kPlain, kMemory, kOctal };

// A number from `min` to `max`, silently brought to `clamp_min`...`clamp_max` then.
struct NumberRule {
  std::variant<int64_t ConfigValues::*, uint64_t ConfigValues::*, uint32_t ConfigValues::*> field;
  int64_t min = 0;
  int64_t max = std::numeric_limits<int32_t>::max();
  NumberNotation notation = NumberNotation::kPlain;
  int64_t clamp_min = std::numeric_limits<int64_t>::min();
  int64_t clamp_max = std::numeric_limits<int64_t>::max();
};
struct YesNoRule {
  bool ConfigValues::*field;
};
struct LogLevelRule {};
struct DebugAccessRule {};
struct TextRule {
  std::string ConfigValues::*field;
};
struct BindRule {};
struct OutputLimitsRule {};

struct ConfigParameter {
  enum Flag : uint8_t {
    kNone = 0,
    kAtStartOnly = 1,
    kManyWords = 2,
    kSensitive = 4,  // not to be shown in logs
  };

  std::string_view name;  // in lower case
  uint8_t flags;
  std::variant<NumberRule, YesNoRule, LogLevelRule, DebugAccessRule, TextRule, BindRule, OutputLimitsRule, FixedRule>
      rule;

  bool Has(Flag flag) const { return (flags & flag) != 0; }
  // Puts what `words` say into `values`; without kManyWords there is one word. Returns why not, and has changed nothing
  // then; empty: done.
  std::string Set(std::span<const std::string_view> words, ConfigValues& values) const;
  // As CONFIG GET shows it.
  std::string Get(const ConfigValues& values) const;
};

// All of them, in the order of their names.
std::span<const ConfigParameter> ConfigParameters();

// By name in any case, or null.
const ConfigParameter* FindConfigParameter(std::string_view name);

}  // namespace reprise

#endif  // REPRISE_SERVER_CONFIG_PARAMETERS_H_
