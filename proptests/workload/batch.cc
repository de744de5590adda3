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
  if (words.size() == 3 && words[0] == "client" && words[1] == "reply" && words[2] == "on") {
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

Batch NextBatch(std::span<const Operation> operations, size_t most, const std::string& cursor,
                std::span<const std::vector<std::string>> after_reset) {
  Batch batch;
  for (size_t i = 0; i < std::min(most, operations.size()) && !batch.ends; ++i) {
    const Operation& operation = operations[i];
    std::vector<std::string> words = operation.words;
    std::replace(words.begin(), words.end(), std::string(kCursor), cursor);
    const size_t before = batch.bytes.size();
    AppendOperation(operation, words, batch.bytes);
    const bool alone = words.size() == 1;
    const bool resets = alone && IsWord(words[0], "reset");
    batch.ends = (alone && IsWord(words[0], "quit")) || operation.kind == Operation::Kind::kBroken;
    batch.asked.push_back({&operation, std::move(words), batch.bytes.size() - before});
    ++batch.operations;
    if (resets) {
      for (const std::vector<std::string>& request : after_reset) {
        const size_t begin = batch.bytes.size();
        AppendRequest(request, batch.bytes);
        batch.asked.push_back({&operation, request, batch.bytes.size() - begin});
      }
    }
  }
  return batch;
}

}  // namespace reprise
