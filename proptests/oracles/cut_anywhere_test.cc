#include "proptests/oracles/cut_anywhere.h"

#include <gtest/gtest.h>

#include "sim/seeded_source.h"

namespace reprise {
namespace {

// Stands for a server, right or wrong: how it answers bytes that come in pieces of this size.
PlayBytes ServerThat(const std::function<std::string(std::string_view bytes, size_t piece)>& answers) {
  return [answers](std::string_view bytes, ChoiceSource& source) {
    const ChoiceName name{ActorName{ActorKind::kServer, 0, 0}, Site::kReadShort, false, 0};
    ChoiceRequest request{name, name.Hash(), ChoiceRequest::Shape::kFault, kRateOne, 10, {}};
    const uint64_t cut = source.Answer(request);
    StreamResult result;
    result.replies = answers(bytes, cut == 0 ? bytes.size() : cut);
    return result;
  };
}

TEST(CutAnywhere, AServerThatAnswersBytesIsRight) {
  SeededSource source(1);
  const PlayBytes play = ServerThat([](std::string_view bytes, size_t) { return std::string(bytes); });
  EXPECT_TRUE(CheckCutAnywhere("PING\r\n", source, play).ok());
}

TEST(CutAnywhere, AServerThatAnswersReadsIsWrong) {
  SeededSource source(1);
  const PlayBytes play = ServerThat([](std::string_view bytes, size_t piece) {
    std::string replies;
    for (size_t at = 0; at < bytes.size(); at += piece) {
      replies += "+PONG\r\n";
    }
    return replies;
  });
  EXPECT_FALSE(CheckCutAnywhere("PING\r\nPING\r\n", source, play).ok());
}

TEST(CutAnywhere, AResetMayTakeRepliesWithItButChangeNone) {
  SeededSource source(1);
  const auto cut_off = [](std::string replies) {
    return [replies](std::string_view bytes, ChoiceSource&) mutable {
      StreamResult result;
      result.reset = true;
      result.replies = std::exchange(replies, std::string(bytes));
      return result;
    };
  };
  EXPECT_TRUE(CheckCutAnywhere("abcd", source, cut_off("ab")).ok());
  EXPECT_FALSE(CheckCutAnywhere("abcd", source, cut_off("xb")).ok());
}

TEST(CutAnywhere, TheServerAnswersBytes) {
  std::string bytes =
      "SET k v\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\nECHO \"a b\"\r\nCLIENT REPLY SKIP\r\nPING\r\nHELLO 3\r\nGET n\r\n";
  bytes += "*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$40000\r\n" + std::string(40'000, 'b') + "\r\nGET b\r\nQUIT\r\n";
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    SeededSource source(seed);
    const Finding finding = CheckCutAnywhere(bytes, source, [](std::string_view sent, ChoiceSource& choices) {
      return PlayStream(sent, choices, SwarmProfile::Everything());
    });
    EXPECT_TRUE(finding.ok()) << "seed " << seed << ": " << finding.problem;
    EXPECT_EQ(finding.definite, 1u);
  }
}

}  // namespace
}  // namespace reprise
