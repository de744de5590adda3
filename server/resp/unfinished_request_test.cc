#include "server/resp/unfinished_request.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "server/resp/parse_pieces_testing.h"

namespace reprise {
namespace {

std::string Bulk(const std::string& payload) {
  return "$" + std::to_string(payload.size()) + "\r\n" + payload + "\r\n";
}

std::string Pattern(size_t size) {
  std::string text(size, 0);
  for (size_t i = 0; i < size; ++i) {
    text[i] = static_cast<char>('a' + i * 7 % 26);
  }
  return text;
}

// Feeds `bytes` in pieces of `piece_bytes`; all but the last must leave the request unfinished.
ParseOutcome FeedPieces(UnfinishedRequest* request, std::string_view bytes, size_t piece_bytes) {
  size_t consumed = 0;
  ParseOutcome outcome = ParseOutcome::kNeedMore;
  while (!bytes.empty() && outcome == ParseOutcome::kNeedMore) {
    const std::string piece(bytes.substr(0, piece_bytes));
    outcome = request->Feed(piece, {}, &consumed);
    EXPECT_TRUE(consumed == piece.size() || outcome == ParseOutcome::kError);
    bytes.remove_prefix(piece.size());
  }
  EXPECT_TRUE(bytes.empty());
  return outcome;
}

// Puts `payload` where ReceiveTarget wants it, as long as it wants it, in reads of at most `read_bytes`; answers how
// much was put.
size_t ReceiveAll(UnfinishedRequest* request, std::string_view payload, size_t read_bytes, ParseOutcome* outcome) {
  size_t done = 0;
  *outcome = ParseOutcome::kNeedMore;
  while (*outcome == ParseOutcome::kNeedMore) {
    const std::span<char> target = request->ReceiveTarget();
    const size_t bytes = std::min({target.size(), payload.size() - done, read_bytes});
    if (bytes == 0) {
      break;
    }
    std::memcpy(target.data(), payload.data() + done, bytes);
    done += bytes;
    *outcome = request->Received(bytes);
  }
  return done;
}

TEST(UnfinishedRequestTest, TheLastInputMayBeDroppedOnceTheArgumentsAreOwned) {
  const std::string bytes = "*4\r\n" + Bulk("SET") + Bulk("key") + Bulk("") + Bulk("some value");
  for (size_t cut = 1; cut < bytes.size(); ++cut) {
    UnfinishedRequest request;
    size_t consumed = 0;
    ASSERT_EQ(request.Feed(bytes.substr(0, cut), {}, &consumed), ParseOutcome::kNeedMore) << cut;
    std::string rest = bytes.substr(cut);
    ASSERT_EQ(request.Feed(rest, {}, &consumed), ParseOutcome::kRequest) << cut;
    request.OwnArguments();
    const size_t memory = request.memory_bytes();
    request.OwnArguments();
    EXPECT_EQ(request.memory_bytes(), memory) << cut;
    std::fill(rest.begin(), rest.end(), '?');
    ASSERT_EQ(request.arguments().size(), 4U) << cut;
    EXPECT_EQ(request.arguments()[0], "SET") << cut;
    EXPECT_EQ(request.arguments()[1], "key") << cut;
    EXPECT_EQ(request.arguments()[2], "") << cut;
    EXPECT_EQ(request.arguments()[3], "some value") << cut;
  }
}

TEST(UnfinishedRequestTest, OwningTheArgumentsCopiesNoPayloadThatIsOwnedAlready) {
  const std::string payload = Pattern(200'000);
  const std::string bytes = "*2\r\n$4\r\nECHO\r\n" + Bulk(payload);
  UnfinishedRequest request;
  size_t consumed = 0;
  ASSERT_EQ(request.Feed(std::string_view(bytes).substr(0, 30), {}, &consumed), ParseOutcome::kNeedMore);
  ParseOutcome outcome = ParseOutcome::kNeedMore;
  const size_t received = ReceiveAll(&request, std::string_view(bytes).substr(30), 50'000, &outcome);
  if (outcome == ParseOutcome::kNeedMore) {
    outcome = request.Feed(std::string_view(bytes).substr(30 + received), {}, &consumed);
  }
  ASSERT_EQ(outcome, ParseOutcome::kRequest);
  const size_t memory = request.memory_bytes();
  request.OwnArguments();
  EXPECT_EQ(request.memory_bytes(), memory);
  EXPECT_EQ(request.arguments()[1], payload);
}

TEST(UnfinishedRequestTest, InputMayBeDroppedAfterEachFeed) {
  std::string bytes = "*4\r\n" + Bulk("SET") + Bulk("key") + Bulk("") + Bulk("some value");
  for (size_t cut = 0; cut < bytes.size(); ++cut) {
    UnfinishedRequest request;
    size_t consumed = 0;
    std::string first = bytes.substr(0, cut);
    EXPECT_EQ(request.Feed(first, {}, &consumed), ParseOutcome::kNeedMore);
    std::fill(first.begin(), first.end(), '!');
    const std::string second = bytes.substr(cut) + "PING\r\n";
    EXPECT_EQ(request.Feed(second, {}, &consumed), ParseOutcome::kRequest);
    EXPECT_EQ(second.substr(consumed), "PING\r\n");
    ASSERT_EQ(request.arguments().size(), 4U);
    EXPECT_EQ(request.arguments()[0], "SET");
    EXPECT_EQ(request.arguments()[1], "key");
    EXPECT_EQ(request.arguments()[2], "");
    EXPECT_EQ(request.arguments()[3], "some value");
  }
}

TEST(UnfinishedRequestTest, LimitsOfTheMomentHoldForEachLine) {
  UnfinishedRequest request;
  size_t consumed = 0;
  EXPECT_EQ(request.Feed("*2\r\n$20\r\n0123", {}, &consumed), ParseOutcome::kNeedMore);
  ParseLimits limits;
  limits.max_bulk_bytes = 10;
  EXPECT_EQ(request.Feed("4567890123456789\r\n$1", limits, &consumed), ParseOutcome::kNeedMore);
  EXPECT_EQ(request.Feed("1\r\n", limits, &consumed), ParseOutcome::kError);
  EXPECT_EQ(request.error().kind, ProtocolError::Kind::kInvalidBulkLength);
}

TEST(UnfinishedRequestTest, BigPayloadIsReceivedInPlaceAndCanBeTaken) {
  const std::string value = Pattern(1 << 20);
  UnfinishedRequest request;
  size_t consumed = 0;
  EXPECT_EQ(request.Feed("*3\r\n" + Bulk("SET") + Bulk("key") + "$1048576\r\n" + value.substr(0, 100), {}, &consumed),
            ParseOutcome::kNeedMore);
  const char* place = request.ReceiveTarget().data();
  ParseOutcome outcome = ParseOutcome::kNeedMore;
  const std::string rest = value.substr(100) + "\r\n";
  EXPECT_EQ(ReceiveAll(&request, rest.substr(0, 1000000), 65536, &outcome), 1000000U);
  EXPECT_EQ(ReceiveAll(&request, rest.substr(1000000), 1 << 20, &outcome), rest.size() - 1000000);
  ASSERT_EQ(outcome, ParseOutcome::kRequest);
  EXPECT_EQ(request.arguments()[0], "SET");
  EXPECT_EQ(request.arguments()[2], value);
  const Blob taken = request.TakeArgument(2);
  EXPECT_EQ(taken.view(), value);
  EXPECT_EQ(taken.data() + 100, place) << "up to 1 MiB the payload should never move";
  EXPECT_EQ(request.TakeArgument(2).capacity(), 0U);
  EXPECT_EQ(request.TakeArgument(0).capacity(), 0U);
  EXPECT_EQ(request.arguments()[2], value) << "the view should outlive the taking";
}

TEST(UnfinishedRequestTest, TargetIsOfferedWhileMuchIsMissingOnly) {
  UnfinishedRequest request;
  size_t consumed = 0;
  EXPECT_TRUE(request.ReceiveTarget().empty());
  EXPECT_EQ(request.Feed("*2\r\n$100000\r\n", {}, &consumed), ParseOutcome::kNeedMore);
  EXPECT_EQ(request.ReceiveTarget().size(), 100002U);
  EXPECT_EQ(request.Feed(Pattern(67234), {}, &consumed), ParseOutcome::kNeedMore);
  EXPECT_EQ(request.ReceiveTarget().size(), UnfinishedRequest::kDirectReceiveBytes);
  EXPECT_EQ(request.Feed("x", {}, &consumed), ParseOutcome::kNeedMore);
  EXPECT_TRUE(request.ReceiveTarget().empty());
  EXPECT_EQ(request.Feed(Pattern(40000) + "\r\n", {}, &consumed), ParseOutcome::kError);
}

TEST(UnfinishedRequestTest, ArgumentsMayFollowABigOne) {
  const std::string value = Pattern(300000);
  const std::string bytes = "*5\r\n" + Bulk("SET") + Bulk("key") + Bulk(value) + Bulk("EX") + Bulk("10");
  for (const size_t piece : std::initializer_list<size_t>{1000, 16384, 65536, 299999}) {
    const ParsedStream stream = ParseInPieces(bytes,
                                              [&] {
                                                std::vector<size_t> cuts;
                                                for (size_t at = piece; at < bytes.size(); at += piece) {
                                                  cuts.push_back(at);
                                                }
                                                return cuts;
                                              }(),
                                              {});
    EXPECT_EQ(stream.requests, (std::vector<std::vector<std::string>>{{"SET", "key", value, "EX", "10"}}));
  }
}

TEST(UnfinishedRequestTest, MemoryFollowsWhatArrivedNotWhatWasAnnounced) {
  constexpr size_t kAtOnce = UnfinishedRequest::kReserveAtOnceBytes + 4096;
  UnfinishedRequest request;
  size_t consumed = 0;
  EXPECT_EQ(request.Feed("*2147483647\r\n$536870912\r\n", {}, &consumed), ParseOutcome::kNeedMore);
  EXPECT_LE(request.memory_bytes(), kAtOnce);
  const std::string piece = Pattern(50000);
  size_t arrived = 0;
  size_t memory_bytes = request.memory_bytes();
  int growths = 0;
  while (arrived < 20 << 20) {
    ParseOutcome outcome = ParseOutcome::kNeedMore;
    ASSERT_EQ(ReceiveAll(&request, piece, piece.size(), &outcome), piece.size());
    arrived += piece.size();
    ASSERT_LE(request.memory_bytes(), std::max(kAtOnce, 2 * (arrived + UnfinishedRequest::kDirectReceiveBytes) + 4096));
    growths += request.memory_bytes() != memory_bytes ? 1 : 0;
    memory_bytes = request.memory_bytes();
  }
  EXPECT_LE(growths, 5) << "memory should double, or what was received is copied again and again";
}

TEST(UnfinishedRequestTest, SmallPayloadTakesItsExactSize) {
  UnfinishedRequest request;
  size_t consumed = 0;
  EXPECT_EQ(request.Feed("*1\r\n$50000\r\n", {}, &consumed), ParseOutcome::kNeedMore);
  EXPECT_LE(request.memory_bytes(), 50000 + 1000U);
}

TEST(UnfinishedRequestTest, WorkIsLinearInArgumentsInPieces) {
  for (const size_t piece : std::initializer_list<size_t>{1, 7, 16384}) {
    const size_t count = piece < 100 ? 20000 : 1000000;
    std::string bytes = "*" + std::to_string(count) + "\r\n";
    for (size_t i = 0; i < count; ++i) {
      bytes += "$5\r\nabcde\r\n";
    }
    UnfinishedRequest request;
    EXPECT_EQ(FeedPieces(&request, bytes, piece), ParseOutcome::kRequest);
    EXPECT_EQ(request.arguments().size(), count);
    EXPECT_LE(request.steps(), 6 * bytes.size()) << "in pieces of " << piece;
  }
}

TEST(UnfinishedRequestTest, WorkIsLinearInOneLineOrPayloadInPieces) {
  for (const std::string& bytes : {std::string(65536, 'x') + "\r\n", "*1\r\n" + Bulk(Pattern(65536))}) {
    for (const size_t piece : std::initializer_list<size_t>{1, 100}) {
      UnfinishedRequest request;
      EXPECT_EQ(FeedPieces(&request, bytes, piece), ParseOutcome::kRequest);
      EXPECT_LE(request.steps(), 6 * bytes.size());
    }
  }
}

TEST(UnfinishedRequestTest, WorkIsLinearInACountLineInPieces) {
  for (const std::string& bytes :
       {"*1" + std::string(65533, '0') + "\r\n", "*1\r\n$1" + std::string(65533, '0') + "\r\n"}) {
    UnfinishedRequest request;
    EXPECT_EQ(FeedPieces(&request, bytes, 1), ParseOutcome::kError);
    EXPECT_LE(request.steps(), 6 * bytes.size());
  }
}

TEST(UnfinishedRequestTest, JoiningALineToALongInputIsCheap) {
  UnfinishedRequest request;
  size_t consumed = 0;
  EXPECT_EQ(request.Feed("*", {}, &consumed), ParseOutcome::kNeedMore);
  std::string rest = "2\r\n" + Bulk("GET") + Bulk("key");
  const size_t request_bytes = rest.size();
  rest += Pattern(1 << 20);
  EXPECT_EQ(request.Feed(rest, {}, &consumed), ParseOutcome::kRequest);
  EXPECT_EQ(consumed, request_bytes);
  EXPECT_LE(request.steps(), 200U);
}

TEST(UnfinishedRequestTest, EmptyRequestInPiecesIsEmpty) {
  for (const std::string bytes : {"*0\r\n", "*-1\r\n", "\r\n", "  \n"}) {
    UnfinishedRequest request;
    EXPECT_EQ(FeedPieces(&request, bytes, 1), ParseOutcome::kEmpty);
    EXPECT_EQ(request.arguments().size(), 0U);
  }
}

}  // namespace
}  // namespace reprise
