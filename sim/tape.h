// Tape: the answers of a run, as a small text file that plays it again.
//
//   reprise-tape 1
//   option clients = 3
//   omit client.2/5
//   client.2/script.operation/17 = 3
//   conn.2.3/segment.cut/@128 = 5
//   # a comment
//
// The first line is the format's version. `option` lines (any number, each name once) belong to whoever runs the world:
// how many clients, which workload. `omit` lines name operations of the workload, by actor and number, that are left
// out. Every other line overrides one choice; all choices that are not named are 0. A value is decimal, below 2^64.
// Blank lines and lines that begin with '#' mean nothing. The order of lines means nothing either, and ToText writes
// one order.
#ifndef REPRISE_SIM_TAPE_H_
#define REPRISE_SIM_TAPE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/choice_source.h"

namespace reprise {

// One operation of the workload's script.
struct OperationId {
  ActorName actor;
  uint64_t number = 0;

  friend auto operator<=>(const OperationId&, const OperationId&) = default;
};

struct Tape {
  static constexpr int kVersion = 1;

  std::vector<std::pair<std::string, std::string>> options;
  std::vector<OperationId> omitted;
  std::vector<ChoiceMade> overrides;  // no two of one name, none with the value 0

  // From Choices::made(): answers asked for again under one name are kept once.
  static Tape FromChoices(const std::vector<ChoiceMade>& made);
  // Errors: kInvalidArgument, with the line's number and what is wrong with it.
  static Result<Tape> FromText(std::string_view text);
  std::string ToText() const;

  // The option's value, if it is there.
  std::optional<std::string> Option(std::string_view name) const;
  // Sets it, or replaces it. REQUIRES: name and value have no line break, the name no blank and no '='.
  void SetOption(std::string_view name, std::string_view value);
  bool Omits(const OperationId& operation) const;

  friend bool operator==(const Tape&, const Tape&) = default;
};

}  // namespace reprise

#endif  // REPRISE_SIM_TAPE_H_
