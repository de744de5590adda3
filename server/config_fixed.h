// FixedRule: a parameter that has one value only, as long as what it would turn on does not exist here.
//
// A parameter of the table with such a rule can be asked for, and "set" to what it is; another value is refused. In a
// configuration file or on the command line, where redis.conf's habits count, another value may be harmless.
#ifndef REPRISE_SERVER_CONFIG_FIXED_H_
#define REPRISE_SERVER_CONFIG_FIXED_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprise {

struct FixedRule {
  enum class Kind : uint8_t { kText, kYesNo, kMemory, kNumber, kEnum };
  // What another value at start means.
  enum class Unmet : uint8_t {
    kRefused,  // it asks for safety, durability or a role: nobody may believe to have that
    kWarned,   // it asks for something that somebody would miss: a line in the log
    kIgnored,  // it tunes what is not here, or works in another way
  };

  std::string_view value;
  Kind kind = Kind::kText;
  std::string_view choices = {};  // of kEnum, in Redis: "a, b, c"
  Unmet unmet = Unmet::kRefused;
  std::string_view warned_pairs = {};  // where others are refused, these pairs of words are only warned of
};

// What the text would be as CONFIG GET shows it; nothing and why, in the words of redis-server 7.0.15, if it is no
// value at all.
std::optional<std::string> NormalizedFixed(const FixedRule& rule, std::string_view text, std::string* refusal);

// What `value`, which is normalized, means at start. Nothing: it is what we do, or harmless.
std::optional<FixedRule::Unmet> UnmetAtStart(const FixedRule& rule, std::string_view value);

// Whether `text` is one of "a, b, c", in any case.
bool IsChoice(std::string_view text, std::string_view choices);

}  // namespace reprise

#endif  // REPRISE_SERVER_CONFIG_FIXED_H_
