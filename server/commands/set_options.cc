#include "server/commands/set_options.h"

#include <limits>

#include "server/ascii.h"
#include "server/resp/number.h"

namespace reprise {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

// The words that say what becomes of the expiry: each may come again, and none beside another.
ExpiryOption ExpiryWord(std::string_view word) {
  struct Word {
    std::string_view text;
    ExpiryOption option;
  };
  static constexpr Word kWords[] = {
      {"ex", ExpiryOption::kInSeconds},   {"px", ExpiryOption::kInMilliseconds},
      {"exat", ExpiryOption::kAtSeconds}, {"pxat", ExpiryOption::kAtMilliseconds},
      {"keepttl", ExpiryOption::kKeep},   {"persist", ExpiryOption::kPersist},
  };
  for (const Word& known : kWords) {
    if (EqualsFolded(word, known.text)) {
      return known.option;
    }
  }
  return ExpiryOption::kNone;
}

// Takes words[*i] as one about the expiry, and with it the time that follows; leaves *i at the last word taken.
bool TakeExpiry(std::span<const std::string_view> words, size_t* i, SetOptions* options) {
  const ExpiryOption option = ExpiryWord(words[*i]);
  const bool fits = options->expiry == ExpiryOption::kNone || options->expiry == option;
  if (option == ExpiryOption::kNone || !fits) {
    return false;
  }
  if (HasTime(option)) {
    if (*i + 1 == words.size()) {
      return false;
    }
    options->time = words[++*i];
  }
  options->expiry = option;
  return true;
}

// Takes a word that is SET's alone and not about the expiry.
bool TakeCondition(std::string_view word, SetOptions* options) {
  if (EqualsFolded(word, "nx") && !options->if_present) {
    return options->if_absent = true;
  }
  if (EqualsFolded(word, "xx") && !options->if_absent) {
    return options->if_present = true;
  }
  return EqualsFolded(word, "get") && (options->get = true);
}

}  // namespace

std::optional<SetOptions> ParseSetOptions(std::span<const std::string_view> words) {
  SetOptions options;
  for (size_t i = 0; i < words.size(); ++i) {
    if (!TakeCondition(words[i], &options) && !TakeExpiry(words, &i, &options)) {
      return std::nullopt;
    }
  }
  return options.expiry == ExpiryOption::kPersist ? std::nullopt : std::optional(options);
}

std::optional<SetOptions> ParseGetexOptions(std::span<const std::string_view> words) {
  SetOptions options;
  for (size_t i = 0; i < words.size(); ++i) {
    if (!TakeExpiry(words, &i, &options)) {
      return std::nullopt;
    }
  }
  return options.expiry == ExpiryOption::kKeep ? std::nullopt : std::optional(options);
}

ExpiryOutcome ResolveExpiry(ExpiryOption option, std::string_view time, int64_t now_ms, int64_t* at_ms) {
  const std::optional<int64_t> number = ParseInt64(time);
  if (!number) {
    return ExpiryOutcome::kNotAnInteger;
  }
  const bool seconds = option == ExpiryOption::kInSeconds || option == ExpiryOption::kAtSeconds;
  const bool relative = option == ExpiryOption::kInSeconds || option == ExpiryOption::kInMilliseconds;
  const int64_t scale = seconds ? 1000 : 1;
  const int64_t base = relative ? now_ms : 0;
  if (*number <= 0 || *number > kMax / scale || *number * scale > kMax - base) {
    return ExpiryOutcome::kInvalid;
  }
  *at_ms = *number * scale + base;
  return ExpiryOutcome::kOk;
}

}  // namespace reprise
