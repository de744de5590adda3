#include "proptests/kernel_truth/history.h"

#include <optional>
#include <sstream>

namespace reprise::kernel_truth {
namespace {

constexpr std::array<std::string_view, kActCount> kActNames = {
    "listen", "close_listener", "connect",     "result", "accept",       "read",    "write",
    "gather", "half_close",     "close",       "abort",  "fill",         "drain",   "relieve",
    "look",   "await_read",     "await_write", "watch",  "peer_address", "no_delay"};

constexpr std::array<std::string_view, 4> kReadinessNames = {"-", "r", "w", "rw"};

std::string_view ReadinessName(bool readable, bool writable) {
  return kReadinessNames[(readable ? 1U : 0U) | (writable ? 2U : 0U)];
}

bool HasAmount(Act act) {
  return act == Act::kListen || act == Act::kRead || act == Act::kWrite || act == Act::kGather || act == Act::kNoDelay;
}
bool HasBytes(Act act) {
  return act == Act::kRead || act == Act::kWrite || act == Act::kGather || act == Act::kFill || act == Act::kDrain;
}

std::optional<Party> ParseParty(std::string_view word) {
  if (word.size() != 2 || word[1] < '0' || word[1] > '9') return std::nullopt;
  const auto number = static_cast<uint8_t>(word[1] - '0');
  switch (word[0]) {
    case 'c':
      return Party{Party::Kind::kOpener, number};
    case 's':
      return Party{Party::Kind::kAcceptor, number};
    case 'L':
      return Party{Party::Kind::kListener, number};
    default:
      return std::nullopt;
  }
}

std::optional<Act> ParseAct(std::string_view word) {
  for (size_t i = 0; i < kActCount; ++i) {
    if (kActNames[i] == word) return static_cast<Act>(i);
  }
  return std::nullopt;
}

std::optional<ErrorCode> ParseCode(std::string_view text) {
  for (size_t i = 0; i <= static_cast<size_t>(ErrorCode::kUnknown); ++i) {
    if (ErrorCodeName(static_cast<ErrorCode>(i)) == text) return static_cast<ErrorCode>(i);
  }
  return std::nullopt;
}

std::optional<size_t> ParseReadiness(std::string_view word) {
  for (size_t i = 0; i < kReadinessNames.size(); ++i) {
    if (kReadinessNames[i] == word) return i;
  }
  return std::nullopt;
}

bool ParseOperation(const std::string& text, Operation& operation) {
  std::istringstream words(text);
  std::string word;
  words >> word;
  const std::optional<Act> act = ParseAct(word);
  if (!act) return false;
  operation.act = *act;
  if (*act == Act::kLook) return true;
  words >> word;
  const std::optional<Party> party = ParseParty(word);
  if (!party) return false;
  operation.party = *party;
  if (*act == Act::kConnect) {
    words >> word;
    const std::optional<Party> listener = ParseParty(word);
    if (!listener || listener->kind != Party::Kind::kListener) return false;
    operation.listener = listener->number;
  }
  if (HasAmount(*act)) words >> operation.amount;
  if (*act == Act::kAccept && words >> word) {
    const std::optional<Party> guess = ParseParty(word);
    if (!guess) return false;
    operation.guess = guess->number;
  }
  if (*act == Act::kGather) words >> operation.pieces;
  if (*act == Act::kWatch) {
    words >> word;
    const std::optional<size_t> interest = ParseReadiness(word);
    if (!interest) return false;
    operation.interest = static_cast<Interest>(*interest);
  }
  return *act == Act::kAccept || static_cast<bool>(words);
}

bool ParseReports(const std::string& text, Outcome& outcome) {
  std::istringstream words(text);
  std::string who;
  std::string what;
  while (words >> who >> what) {
    const std::optional<Party> party = ParseParty(who);
    const std::optional<size_t> readiness = ParseReadiness(what);
    if (!party || !readiness) return false;
    outcome.reports.push_back({*party, (*readiness & 1) != 0, (*readiness & 2) != 0});
  }
  return true;
}

bool ParsePart(const std::string& part, Outcome& outcome) {
  if (const std::optional<ErrorCode> code = ParseCode(part)) {
    outcome.code = *code;
  } else if (part == "all") {
    outcome.whole = true;
  } else if (part == "corrupt") {
    outcome.intact = false;
  } else if (part == "ready") {
    outcome.ready = true;
  } else if (part.ends_with(" bytes")) {
    outcome.bytes = std::stoull(part);
  } else if (const std::optional<Party> party = ParseParty(part)) {
    outcome.accepted = party->number;
  } else {
    return part == "not ready" || part == "c?";
  }
  return true;
}

bool ParseOutcome(Act act, const std::string& text, Outcome& outcome) {
  if (act == Act::kLook) return ParseReports(text, outcome);
  for (size_t at = 0; at < text.size();) {
    const size_t comma = std::min(text.find(", ", at), text.size());
    if (!ParsePart(text.substr(at, comma - at), outcome)) return false;
    at = comma + 2;
  }
  return true;
}

bool ParseStep(const std::string& line, Step& step) {
  const size_t arrow = line.find(" -> ");
  if (arrow == std::string::npos || !ParseOperation(line.substr(0, arrow), step.operation)) return false;
  return ParseOutcome(step.operation.act, line.substr(arrow + 4), step.outcome);
}

}  // namespace

std::string_view ActName(Act act) { return kActNames[static_cast<size_t>(act)]; }

std::string Party::ToString() const {
  constexpr std::string_view kLetters = "csL";
  return kLetters[static_cast<size_t>(kind)] + std::to_string(number);
}

std::string Operation::ToString() const {
  std::string text(ActName(act));
  if (act == Act::kLook) return text;
  text += ' ' + party.ToString();
  if (act == Act::kConnect) text += " L" + std::to_string(listener);
  if (HasAmount(act)) text += ' ' + std::to_string(amount);
  if (act == Act::kAccept && guess != kNobody) text += " c" + std::to_string(guess);
  if (act == Act::kGather) text += ' ' + std::to_string(pieces);
  if (act == Act::kWatch) text += ' ' + std::string(ReadinessName(WantsRead(interest), WantsWrite(interest)));
  return text;
}

std::string Outcome::ToString(Act act) const {
  std::string text;
  if (act == Act::kLook) {
    for (const Report& report : reports) {
      text += (text.empty() ? "" : " ") + report.party.ToString() + ' ';
      text += ReadinessName(report.readable, report.writable);
    }
    return text;
  }
  if (act == Act::kAwaitRead || act == Act::kAwaitWrite) return ready ? "ready" : "not ready";
  text = ErrorCodeName(code);
  if (HasBytes(act) && (bytes > 0 || code == ErrorCode::kOk)) text += ", " + std::to_string(bytes) + " bytes";
  if (whole) text += ", all";
  if (!intact) text += ", corrupt";
  if (act == Act::kAccept && code == ErrorCode::kOk)
    text += accepted == kNobody ? ", c?" : ", c" + std::to_string(accepted);
  return text;
}

std::string Step::ToString() const { return operation.ToString() + " -> " + outcome.ToString(operation.act); }

std::string ToString(const History& history) {
  std::string text;
  for (const Step& step : history) text += step.ToString() + '\n';
  return text;
}

Result<History> ParseHistory(std::string_view text) {
  History history;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    line.erase(0, line.find_first_not_of(' '));
    if (line.empty()) continue;
    Step step;
    if (!ParseStep(line, step)) return Status(ErrorCode::kInvalidArgument, line);
    history.push_back(step);
  }
  return history;
}

}  // namespace reprise::kernel_truth
