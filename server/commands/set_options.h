// The options of SET and GETEX, and the moment that their times stand for. Pure.
#ifndef REPRISE_SERVER_COMMANDS_SET_OPTIONS_H_
#define REPRISE_SERVER_COMMANDS_SET_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace reprise {

// What is to become of the key's expiry.
enum class ExpiryOption : uint8_t {
  kNone,
  kKeep,     // KEEPTTL
  kPersist,  // PERSIST
  kInSeconds,
  kInMilliseconds,
  kAtSeconds,
  kAtMilliseconds,
};

struct SetOptions {
  bool if_absent = false;   // NX
  bool if_present = false;  // XX
  bool get = false;
  ExpiryOption expiry = ExpiryOption::kNone;
  std::string_view time;  // as it was given, where `expiry` has one; a view of the words
};

// Reads the words behind SET's value, or GETEX's key. Words that exclude each other, and unknown ones: null, a syntax
// error.
std::optional<SetOptions> ParseSetOptions(std::span<const std::string_view> words);
std::optional<SetOptions> ParseGetexOptions(std::span<const std::string_view> words);

// Whether `option` comes with a time.
inline bool HasTime(ExpiryOption option) { return option >= ExpiryOption::kInSeconds; }

enum class ExpiryOutcome : uint8_t {
  kOk,
  kNotAnInteger,
  kInvalid,  // not positive, or beyond the largest moment
};

// Works out the moment (Unix time, milliseconds) that `time` stands for at `now_ms`. REQUIRES: HasTime(option).
ExpiryOutcome ResolveExpiry(ExpiryOption option, std::string_view time, int64_t now_ms, int64_t* at_ms);

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_SET_OPTIONS_H_
