#include "proptests/workload/batch.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "proptests/model/model.h"

namespace reprise {
namespace {

constexpr std::string_view kCursor = "{cursor}";

// CLIENT REPLY ON is answered; what stands before it is not.
void AppendUnanswered(std::string& bytes) {
  static const std::vector<std::vector<std::string>> kRequests = {
      {"CLIENT", "REPLY", "SKIP"}, {"ECHO", "skipped"}, {"CLIENT", "REPLY", "OFF"}, {"ECHO", "silent"}, {"nothing"}};
  for (const std::vector<std::string>& words : kRequests) {
    AppendRequest(words, bytes);
  }
}

void AppendOperation(const Operation& operation, const std::vector<std::string>& words, std::string& bytes) {
  if (words == std::vector<std::string>{"client", "reply", "on"}) {
    AppendUnanswered(bytes);
  }
  switch (operation.kind) {
    case Operation::Kind::kRequest:
      return AppendRequest(words, bytes);
    case Operation::Kind::kInline:
      return AppendInline(words, bytes);
    case Operation::Kind::kBroken:
      bytes += operation.raw;
  }
}

}  // namespace

Batch NextBatch(std::span<const Operation> operations, size_t most, const std::string& cursor) {
  Batch batch;
  for (size_t i = 0; i < std::min(most, operations.size()) && !batch.ends; ++i) {
    const Operation& operation = operations[i];
    std::vector<std::string> words = operation.words;
    std::replace(words.begin(), words.end(), std::string(kCursor), cursor);
    const size_t before = batch.bytes.size();
    AppendOperation(operation, words, batch.bytes);
    const bool quits = words.size() == 1 && LowerCase(words[0]) == "quit";
    batch.ends = quits || operation.kind == Operation::Kind::kBroken;
    batch.asked.push_back({&operation, std::move(words), batch.bytes.size() - before});
  }
  return batch;
}

}  // namespace reprise
