#include "sim/enumerator.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/choices.h"
#include "sim/echo_scenario.h"

namespace reprise {
namespace {

// Asks a choice and gives its answer, as a run would.
class Asker {
 public:
  explicit Asker(Enumerator& source) : choices_(source, SwarmProfile::Quiet(), actors_, trace_) {}
  uint64_t Ask(Site site, uint64_t most) { return choices_.FaultAmount(ActorTable::kServer, site, most); }

 private:
  ActorTable actors_;
  Trace trace_;
  Choices choices_;
};

// Every string of `length` answers below 3 that a plain nest of loops would give, at most `most` of them not 0.
size_t CountByHand(int length, int most) {
  size_t count = 0;
  int total = 1;
  for (int i = 0; i < length; ++i) total *= 3;
  for (int code = 0; code < total; ++code) {
    int used = 0;
    for (int rest = code; rest > 0; rest /= 3) used += rest % 3 != 0 ? 1 : 0;
    count += used <= most ? 1 : 0;
  }
  return count;
}

TEST(Enumerator, WalksEveryScheduleOnceAndCountsThem) {
  for (const int most : {0, 1, 2, 3, 6}) {
    std::set<std::vector<uint64_t>> seen;
    const uint64_t runs =
        Enumerator::Walk({{{Site::kReadShort}, static_cast<uint32_t>(most), 2, {}}}, [&](Enumerator& source) {
          Asker asker(source);
          std::vector<uint64_t> answers;
          for (int i = 0; i < 6; ++i) answers.push_back(asker.Ask(Site::kReadShort, 5));
          EXPECT_TRUE(seen.insert(answers).second);
          return true;
        });
    EXPECT_EQ(runs, CountByHand(6, most));
    EXPECT_EQ(seen.size(), runs);
  }
}

TEST(Enumerator, WithoutALimitEachAnswerIsTried) {
  std::set<uint64_t> seen;
  const uint64_t runs = Enumerator::Walk({{{Site::kReadShort}, 1, ~0u, {}}}, [&](Enumerator& source) {
    seen.insert(Asker(source).Ask(Site::kReadShort, 20));
    return true;
  });
  EXPECT_EQ(runs, 21u);
  EXPECT_EQ(seen.size(), 21u);
}

TEST(Enumerator, ClassesAreCrossed) {
  // Up to two of four cuts, crossed with at most one of three faults: (1 + 4 + 6) * (1 + 3).
  const uint64_t runs =
      Enumerator::Walk({{{Site::kSegmentCut}, 2, 1, {}}, {{Site::kConnReset, Site::kReadWouldBlock}, 1, 1, {}}},
                       [&](Enumerator& source) {
                         Asker asker(source);
                         for (int i = 0; i < 4; ++i) (void)asker.Ask(Site::kSegmentCut, 9);
                         for (int i = 0; i < 3; ++i)
                           (void)asker.Ask(i == 1 ? Site::kConnReset : Site::kReadWouldBlock, 1);
                         (void)asker.Ask(Site::kWriteShort, 7);
                         return true;
                       });
  EXPECT_EQ(runs, 11u * 4);
}

TEST(Enumerator, ChoicesMayDependOnEarlierAnswers) {
  // A 1 at the first is followed by two more choices, a 0 by none: 1 + 2 * 2.
  uint64_t runs = Enumerator::Walk({{{Site::kReadShort}, 9, 1, {}}}, [](Enumerator& source) {
    Asker asker(source);
    if (asker.Ask(Site::kReadShort, 1) == 1) {
      (void)asker.Ask(Site::kReadShort, 1);
      (void)asker.Ask(Site::kReadShort, 1);
    }
    return true;
  });
  EXPECT_EQ(runs, 5u);
}

TEST(Enumerator, StopsWhenThePlayerSaysSo) {
  uint64_t played = 0;
  const uint64_t runs = Enumerator::Walk({{{Site::kReadShort}, 9, 3, {}}}, [&](Enumerator& source) {
    Asker asker(source);
    (void)asker.Ask(Site::kReadShort, 9);
    return ++played < 2;
  });
  EXPECT_EQ(runs, 2u);
}

TEST(Enumerator, OnlyTheNamedChoicesVary) {
  const uint64_t runs = Enumerator::Walk(
      {{{Site::kReadShort}, 9, 9, [](const ChoiceName& name) { return name.key == 2; }}}, [](Enumerator& source) {
        Asker asker(source);
        for (int i = 0; i < 5; ++i) (void)asker.Ask(Site::kReadShort, 3);
        return true;
      });
  EXPECT_EQ(runs, 4u);
}

TEST(Enumerator, EveryCutOfAShortMessageWithEveryWouldBlockIsEchoed) {
  uint64_t failures = 0;
  const EchoOptions options{.clients = 1, .messages = 1, .message_bytes = 6, .heal_after_ns = kNanosPerSecond};
  std::set<uint64_t> hashes;
  const uint64_t runs =
      Enumerator::Walk({{{Site::kSegmentCut}, 2, ~0u, {}},
                        {{Site::kReadWouldBlock, Site::kWriteWouldBlock, Site::kWriteShort}, 1, ~0u, {}}},
                       [&](Enumerator& source) {
                         SimWorld world(source, SwarmProfile::Quiet());
                         const EchoOutcome outcome = RunEcho(world, 3, options);
                         failures += outcome.failure.empty() ? 0u : 1u;
                         hashes.insert(outcome.hash);
                         return true;
                       });
  EXPECT_GT(runs, 50u);
  EXPECT_EQ(failures, 0u);
  EXPECT_EQ(hashes.size(), runs);  // no two of them are the same run
}

}  // namespace
}  // namespace reprise
