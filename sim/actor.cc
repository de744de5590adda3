#include "sim/actor.h"

#include <array>
#include <charconv>

#include "sim/mix.h"

namespace reprise {
namespace {

struct KindFacts {
  std::string_view word;
  int numbers;  // how many follow the word
};

constexpr std::array<KindFacts, 8> kKinds = {{
    {"world", 0},
    {"server", 0},
    {"client", 1},
    {"conn", 2},
    {"out", 1},
    {"in", 1},
    {"listener", 1},
    {"script", 1},
}};

bool TakeNumber(std::string_view& text, uint32_t& number) {
  if (text.empty() || text.front() != '.') return false;
  const char* begin = text.data() + 1;
  auto [end, error] = std::from_chars(begin, text.data() + text.size(), number);
  if (error != std::errc() || end == begin) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

}  // namespace

uint64_t ActorName::Hash() const { return MixPair(static_cast<uint64_t>(kind) + 1, uint64_t{index} << 32 | part); }

std::string ActorName::ToString() const {
  const KindFacts& facts = kKinds[static_cast<size_t>(kind)];
  std::string text(facts.word);
  if (facts.numbers >= 1) text += '.' + std::to_string(index);
  if (facts.numbers >= 2) text += '.' + std::to_string(part);
  return text;
}

Result<ActorName> ActorName::Parse(std::string_view text) {
  std::string_view rest = text;
  for (size_t i = 0; i < kKinds.size(); ++i) {
    if (!rest.starts_with(kKinds[i].word)) continue;
    rest.remove_prefix(kKinds[i].word.size());
    ActorName name;
    name.kind = static_cast<ActorKind>(i);
    bool good = kKinds[i].numbers < 1 || TakeNumber(rest, name.index);
    good = good && (kKinds[i].numbers < 2 || TakeNumber(rest, name.part));
    if (good && rest.empty()) return name;
    break;
  }
  return Status(ErrorCode::kInvalidArgument, "not an actor's name: " + std::string(text));
}

ActorTable::ActorTable() {
  Add({ActorKind::kWorld});
  Add({ActorKind::kServer});
}

Actor ActorTable::Add(ActorName name) {
  names_.push_back(name);
  hashes_.push_back(name.Hash());
  return {static_cast<uint32_t>(names_.size() - 1)};
}

}  // namespace reprise
