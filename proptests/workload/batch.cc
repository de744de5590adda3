#include "proptests/workload/batch.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "proptests/model/model.h"

namespace reprise {
namespace {

constexpr std::string_view kCursor = "{cursor}";

// What is no request, and not answered; in front of some.
std::string_view EmptyRequest(uint32_t number) {
  static constexpr std::array<std::string_view, 7> kEmpty = {"",        "\r\n",  "*0\r\n",  "\n",
                                                             "*-1\r\n", " \r\n", "*-10\r\n"};
  return kEmpty[number % kEmpty.size()];
}

void AppendOperation(const Operation& operation, const std::vector<std::string>& words, std::string& bytes) {
  for (const std::vector<std::string>& unanswered : UnansweredBefore(words)) {
    AppendRequest(unanswered, bytes);
  }
  switch (operation.kind) {
    case Operation::Kind::kRequest:
      return AppendRequest(words, bytes);
    case Operation::Kind::kInline:
      bytes += EmptyRequest(operation.number);
      return AppendInline(words, bytes);
    case Operation::Kind::kBroken:
      bytes += operation.raw;
  }
}

}  // namespace

std::span<const std::vector<std::string>> UnansweredBefore(const std::vector<std::string>& words) {
  static const std::vector<std::vector<std::string>> kRequests = {
      {"CLIENT", "REPLY", "SKIP"}, {"ECHO", "skipped"}, {"CLIENT", "REPLY", "OFF"}, {"ECHO", "silent"},
      {"CLIENT", "REPLY", "SKIP"}, {"nothing"},         {"ECHO", "still silent"}};
  static const std::vector<std::vector<std::string>> kBeforeReset = {{"CLIENT", "REPLY", "OFF"}, {"ECHO", "silent"}};
  static const std::vector<std::string> kOn = {"client", "reply", "on"};
  static const std::vector<std::string> kReset = {"reset"};
  return words == kOn      ? std::span(kRequests)
         : words == kReset ? std::span(kBeforeReset)
                           : std::span<const std::vector<std::string>>();
}

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
