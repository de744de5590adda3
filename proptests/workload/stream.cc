#include "proptests/workload/stream.h"

#include <algorithm>
#include <array>
#include <utility>

#include "proptests/model/model.h"

namespace reprise {
namespace {

constexpr std::array<std::string_view, 6> kTelling = {"info", "client", "object", "memory", "latency", "slowlog"};

// What is sent in place of a command that tells of the world. What a SKIP skips may be nothing at all.
constexpr auto kInstead = std::to_array<std::string_view>(
    {"PING\r\n", "CLIENT REPLY SKIP\r\n", "CLIENT REPLY OFF\r\n", "CLIENT REPLY ON\r\n", "CLIENT REPLY SKIP\r\n\r\n",
     "CLIENT REPLY SKIP\r\n*0\r\n", "CLIENT REPLY SKIP\r\n*-1\r\n", "FLUSHALL\r\n", "RESET\r\n", "\r\n", "*0\r\n",
     "CLIENT SETNAME somebody\r\n", "CLIENT PAUSE 20\r\n", "CLIENT PAUSE 3 WRITE\r\n"});

bool TellsOfTheWorld(const std::vector<std::string>& words) {
  return std::find(kTelling.begin(), kTelling.end(), LowerCase(words[0])) != kTelling.end();
}

}  // namespace

std::string MakeStream(Generator& generator, uint32_t requests_max) {
  ScriptShape shape;
  shape.operations_max = requests_max;
  shape.audit = false;
  const ScriptClient client = generator.MakeClient(shape, 0, Keys::kBlind, Temper::kMalformed);
  std::string bytes;
  // More requests at once than a server does for one client in a turn; the replies count them.
  if (generator.draw().Chance(1, 10)) {
    for (uint64_t i = generator.draw().Below(3000); i > 0; --i) {
      bytes += "INCR n\r\n";
    }
  }
  for (const Operation& operation : client.operations) {
    if (operation.kind == Operation::Kind::kBroken) {
      // Behind it nothing is executed, so most streams have none.
      bytes += generator.draw().Chance(1, 4) ? operation.raw : "";
    } else if (TellsOfTheWorld(operation.words) || generator.draw().Chance(1, 8)) {
      bytes += generator.draw().OneOf(kInstead);
    } else if (operation.kind == Operation::Kind::kInline) {
      AppendInline(operation.words, bytes);
    } else {
      AppendRequest(operation.words, bytes);
    }
  }
  return bytes;
}

bool MayTellOfTheWorld(std::string_view bytes) {
  // Of CLIENT it is INFO and LIST that do.
  static constexpr std::array<std::string_view, 6> kWords = {"info", "list", "object", "memory", "latency", "slowlog"};
  const std::string lower = LowerCase(bytes);
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

std::string StreamText(std::string_view bytes) {
  Operation operation;
  operation.words = {std::string(bytes)};
  return OperationText(operation);
}

Result<std::string> ParseStream(std::string_view text) {
  Result<Operation> operation = ParseOperation(text);
  if (!operation.ok()) {
    return operation.status();
  }
  if (operation.value().words.size() != 1) {
    return Status(ErrorCode::kInvalidArgument, "a stream is one word");
  }
  return std::move(operation).value().words[0];
}

}  // namespace reprise
