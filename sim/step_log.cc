#include "sim/step_log.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace reprise {
namespace {

constexpr size_t kStepWords = 8;

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (bytes.empty()) return "-";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text;
}

std::string HashText(uint64_t hash) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), hash, 16).ptr;
  return {digits.data(), end};
}

template <typename T>
bool ParseInt(std::string_view text, T& value, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc() && end == text.data() + text.size();
}

bool ParseHex(std::string_view text, std::string& bytes) {
  if (text == "-") return true;
  if (text.size() % 2 != 0) return false;
  for (size_t i = 0; i < text.size(); i += 2) {
    uint8_t byte = 0;
    if (!ParseInt(text.substr(i, 2), byte, 16)) return false;
    bytes += static_cast<char>(byte);
  }
  return true;
}

std::optional<StepKind> KindByName(std::string_view name) {
  for (size_t i = 0; i <= static_cast<size_t>(StepKind::kDigest); ++i) {
    if (StepName(static_cast<StepKind>(i)) == name) return static_cast<StepKind>(i);
  }
  return std::nullopt;
}

std::vector<std::string_view> WordsOf(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::string_view word = line.substr(0, line.find(' '));
    words.push_back(word);
    line.remove_prefix(std::min(line.size(), word.size() + 1));
  }
  return words;
}

// "actor 3 client.0". The table gives out ids itself, in order, from the two it begins with.
bool AddActor(const std::vector<std::string_view>& words, KeptRecording& run) {
  uint32_t id = 0;
  if (words.size() != 3 || !ParseInt(words[1], id) || id != run.actors.size()) return false;
  const Result<ActorName> name = ActorName::Parse(words[2]);
  if (name.ok()) (void)run.actors.Add(name.value());
  return name.ok();
}

bool AddStep(const std::vector<std::string_view>& words, KeptRecording& run) {
  if (words.size() != kStepWords) return false;
  Step step;
  std::string bytes;
  const std::optional<StepKind> kind = KindByName(words[2]);
  if (!kind || !ParseInt(words[0], step.number) || !ParseInt(words[1], step.time_ns) ||
      !ParseInt(words[3], step.actor.id) || !ParseInt(words[4], step.a) || !ParseInt(words[5], step.b) ||
      !ParseInt(words[6], step.hash, 16) || !ParseHex(words[7], bytes) || step.actor.id >= run.actors.size()) {
    return false;
  }
  step.kind = *kind;
  run.trace.Restore(step, bytes);
  return true;
}

}  // namespace

std::string StepLog(const Recording& run) {
  std::string text = std::string(kStepLogHeader) + '\n';
  const size_t given = ActorTable().size();
  for (size_t id = given; id < run.actors.size(); ++id) {
    text += "actor " + std::to_string(id) + ' ' + run.actors.name(Actor{static_cast<uint32_t>(id)}).ToString() + '\n';
  }
  for (const Step& step : run.trace.steps()) {
    text += std::to_string(step.number) + ' ' + std::to_string(step.time_ns) + ' ' + std::string(StepName(step.kind)) +
            ' ' + std::to_string(step.actor.id) + ' ' + std::to_string(step.a) + ' ' + std::to_string(step.b) + ' ' +
            HashText(step.hash) + ' ' + Hex(run.trace.BytesOf(step)) + '\n';
  }
  return text;
}

Result<KeptRecording> ParseStepLog(std::string_view text) {
  KeptRecording run{Trace(Trace::Keep::kAll), ActorTable()};
  for (size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::vector<std::string_view> words = WordsOf(line);
    const bool good = number == 1             ? line == kStepLogHeader
                      : line.starts_with("a") ? AddActor(words, run)
                                              : AddStep(words, run);
    if (!good) return Status(ErrorCode::kInvalidArgument, "not a log of steps: line " + std::to_string(number));
  }
  return run;
}

}  // namespace reprise
