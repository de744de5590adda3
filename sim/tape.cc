#include "sim/tape.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace reprise {
namespace {

constexpr std::string_view kHeader = "reprise-tape ";

std::string_view Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool ParseNumber(std::string_view text, uint64_t& number) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

Status Bad(std::string detail) { return Status(ErrorCode::kInvalidArgument, std::move(detail)); }

// "name = value"
bool SplitAtEquals(std::string_view line, std::string_view& name, std::string_view& value) {
  const size_t at = line.find('=');
  if (at == std::string_view::npos) return false;
  name = Trim(line.substr(0, at));
  value = Trim(line.substr(at + 1));
  return !name.empty();
}

// The names of options that were there already.
using Names = std::set<std::string_view>;

Status ParseOption(std::string_view line, Tape& tape, Names& names) {
  std::string_view name;
  std::string_view value;
  if (!SplitAtEquals(line, name, value)) return Bad("an option is written `option name = value`");
  if (!names.insert(name).second) return Bad("the option " + std::string(name) + " is set twice");
  tape.options.emplace_back(name, value);
  return Status::Ok();
}

Status ParseOmit(std::string_view line, Tape& tape) {
  const size_t slash = line.find('/');
  OperationId operation;
  if (slash == std::string_view::npos || !ParseNumber(line.substr(slash + 1), operation.number)) {
    return Bad("an omitted operation is written `omit actor/number`");
  }
  Result<ActorName> actor = ActorName::Parse(line.substr(0, slash));
  if (!actor.ok()) return actor.status();
  operation.actor = actor.value();
  tape.omitted.push_back(operation);
  return Status::Ok();
}

Status ParseOverride(std::string_view line, Tape& tape) {
  std::string_view name_text;
  std::string_view value_text;
  if (!SplitAtEquals(line, name_text, value_text)) return Bad("an override is written `actor/site/number = value`");
  Result<ChoiceName> name = ChoiceName::Parse(name_text);
  if (!name.ok()) return name.status();
  ChoiceMade made{name.value(), 0};
  if (!ParseNumber(value_text, made.value)) return Bad("not a number: " + std::string(value_text));
  if (made.value != 0) tape.overrides.push_back(made);
  return Status::Ok();
}

Status ParseLine(std::string_view line, Tape& tape, Names& names) {
  if (line.starts_with("option ")) return ParseOption(line.substr(7), tape, names);
  if (line.starts_with("omit ")) return ParseOmit(Trim(line.substr(5)), tape);
  return ParseOverride(line, tape);
}

Status CheckHeader(std::string_view line) {
  if (!line.starts_with(kHeader)) return Bad("not a tape: the first line is not `reprise-tape 1`");
  if (line.substr(kHeader.size()) != std::to_string(Tape::kVersion)) {
    return Bad("a tape of version " + std::string(line.substr(kHeader.size())) + ", and this program reads version " +
               std::to_string(Tape::kVersion));
  }
  return Status::Ok();
}

bool SameName(const ChoiceMade& a, const ChoiceMade& b) { return a.name == b.name; }

}  // namespace

Tape Tape::FromChoices(const std::vector<ChoiceMade>& made) {
  Tape tape;
  tape.overrides = made;
  std::sort(tape.overrides.begin(), tape.overrides.end());
  tape.overrides.erase(std::unique(tape.overrides.begin(), tape.overrides.end(), SameName), tape.overrides.end());
  return tape;
}

Result<Tape> Tape::FromText(std::string_view text) {
  Tape tape;
  Names names;
  bool header_seen = false;
  for (int number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    const std::string_view line = Trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (header_seen && (line.empty() || line.front() == '#')) continue;
    const Status status = header_seen ? ParseLine(line, tape, names) : CheckHeader(line);
    header_seen = true;
    if (!status.ok()) return Bad("line " + std::to_string(number) + ": " + status.detail());
  }
  if (!header_seen) return Bad("not a tape: it is empty");
  std::sort(tape.omitted.begin(), tape.omitted.end());
  tape.omitted.erase(std::unique(tape.omitted.begin(), tape.omitted.end()), tape.omitted.end());
  std::sort(tape.overrides.begin(), tape.overrides.end());
  const auto twice = std::adjacent_find(tape.overrides.begin(), tape.overrides.end(), SameName);
  if (twice != tape.overrides.end()) return Bad("overridden twice: " + twice->name.ToString());
  return tape;
}

std::string Tape::ToText() const {
  std::string text = std::string(kHeader) + std::to_string(kVersion) + '\n';
  for (const auto& [name, value] : options) text += "option " + name + " = " + value + '\n';
  for (const OperationId& operation : omitted) {
    text += "omit " + operation.actor.ToString() + '/' + std::to_string(operation.number) + '\n';
  }
  for (const ChoiceMade& made : overrides) text += made.name.ToString() + " = " + std::to_string(made.value) + '\n';
  return text;
}

std::optional<std::string> Tape::Option(std::string_view name) const {
  for (const auto& [key, value] : options) {
    if (key == name) return value;
  }
  return std::nullopt;
}

void Tape::SetOption(std::string_view name, std::string_view value) {
  for (auto& option : options) {
    if (option.first == name) {
      option.second = value;
      return;
    }
  }
  options.emplace_back(name, value);
}

bool Tape::Omits(const OperationId& operation) const {
  return std::binary_search(omitted.begin(), omitted.end(), operation);
}

}  // namespace reprise
