// Network: bytes on their way, and what happens when there is no room or nothing to read.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "proptests/contract/harness.h"

namespace reprise {
namespace {

class NetworkStream : public StreamTest {
 protected:
  ErrorCode ReadCode(Handle handle) {
    std::array<char, 16> buffer;
    return network().Read(handle, buffer).code;
  }
};
REPRISE_OVER_ALL_STREAMS(NetworkStream);

TEST_P(NetworkStream, ReadWouldBlockWhenNothingHasCome) {
  const Pair pair = Connected(family());
  EXPECT_EQ(ReadCode(pair.server), ErrorCode::kWouldBlock);
  WriteAll(pair.client, "x");
  EXPECT_EQ(ReadBytes(pair.server, 1), "x");
  EXPECT_EQ(ReadCode(pair.server), ErrorCode::kWouldBlock);
}

TEST_P(NetworkStream, ReadGivesNoMoreThanAsked) {
  const Pair pair = Connected(family());
  WriteAll(pair.client, "abcdef");
  std::array<char, 8> buffer;
  buffer.fill('-');
  std::string got;
  while (got.size() < 6) {
    const IoResult result = ReadSome(pair.server, std::span(buffer).first(2));
    ASSERT_TRUE(result.ok());
    ASSERT_LE(result.bytes, 2U);
    got.append(buffer.data(), result.bytes);
    EXPECT_EQ(buffer[2], '-');
  }
  EXPECT_EQ(got, "abcdef");
}

TEST_P(NetworkStream, BytesArriveInOrderAndWithoutLossWhateverThePieces) {
  const Pair pair = Connected(family());
  constexpr size_t kTotal = 1 << 20;
  const std::string all = Pattern(0, kTotal);
  std::string received;
  size_t sent = 0;
  std::vector<char> buffer(70'001);
  for (size_t turn = 0; received.size() < kTotal; ++turn) {
    const size_t size = std::min(kTotal - sent, 1 + turn * 7'919 % 200'000);
    if (size > 0) {
      const std::string_view piece = std::string_view(all).substr(sent, size);
      sent += network().Write(pair.client, std::span(&piece, 1)).bytes;
    }
    // Reads a little slower than it writes, so that the buffers fill up.
    const size_t room = 1 + turn * 6'007 % buffer.size();
    if (sent > received.size()) {
      const IoResult result = ReadSome(pair.server, std::span(buffer).first(room));
      ASSERT_TRUE(result.ok());
      received.append(buffer.data(), result.bytes);
    }
  }
  EXPECT_TRUE(received == all);
}

TEST_P(NetworkStream, BothDirectionsAreIndependent) {
  const Pair pair = Connected(family());
  const size_t there = FillCompletely(pair.client);
  const size_t back = FillCompletely(pair.server);
  EXPECT_TRUE(ReadBytes(pair.client, back) == Pattern(0, back));
  EXPECT_TRUE(ReadBytes(pair.server, there) == Pattern(0, there));
}

TEST_P(NetworkStream, AWriteThatDoesNotFitTakesThePrefixThatDoes) {
  const Pair pair = Connected(family());
  const std::string bytes = Pattern(0, 64 << 20);
  const IoResult result = WriteSome(pair.client, bytes);
  ASSERT_TRUE(result.ok());
  EXPECT_LT(result.bytes, bytes.size());
  EXPECT_TRUE(ReadBytes(pair.server, result.bytes) == bytes.substr(0, result.bytes));
  Settle();
  EXPECT_EQ(ReadCode(pair.server), ErrorCode::kWouldBlock);  // and not a byte more
}

TEST_P(NetworkStream, AGatherWriteThatDoesNotFitTakesThePrefixThatDoes) {
  const Pair pair = Connected(family());
  const std::string bytes = Pattern(0, 64 << 20);
  std::vector<std::string_view> pieces;
  for (size_t i = 0; i < Network::kMaxGather; ++i) {
    pieces.push_back(std::string_view(bytes).substr(i << 20, 1 << 20));
  }
  const IoResult result = WriteSome(pair.client, pieces);
  ASSERT_TRUE(result.ok());
  EXPECT_LT(result.bytes, bytes.size());
  EXPECT_TRUE(ReadBytes(pair.server, result.bytes) == bytes.substr(0, result.bytes));
}

TEST_P(NetworkStream, WriteWouldBlockWhenThereIsNoRoomAndGoesOnWhenThereIs) {
  const Pair pair = Connected(family());
  const size_t filled = FillCompletely(pair.client);
  const std::string_view more = "more";
  EXPECT_EQ(network().Write(pair.client, std::span(&more, 1)).code, ErrorCode::kWouldBlock);
  EXPECT_EQ(network().Write(pair.client, std::span(&more, 1)).bytes, 0U);
  EXPECT_TRUE(ReadBytes(pair.server, filled) == Pattern(0, filled));
  WriteAll(pair.client, more);
  EXPECT_EQ(ReadBytes(pair.server, 4), "more");
}

TEST_P(NetworkStream, PiecesAreWrittenInOrderAsIfTheyWereOne) {
  const Pair pair = Connected(family());
  std::string whole;
  std::vector<std::string> parts;
  for (size_t i = 0; i < Network::kMaxGather; ++i) {
    parts.push_back(Pattern(whole.size(), i * 37 % 100));  // some of them empty
    whole += parts.back();
  }
  std::vector<std::string_view> pieces(parts.begin(), parts.end());
  size_t written = 0;
  while (written < whole.size()) {
    const IoResult result = WriteSome(pair.client, pieces);
    ASSERT_TRUE(result.ok());
    written += result.bytes;
    size_t skip = result.bytes;
    for (std::string_view& piece : pieces) {
      const size_t cut = std::min(skip, piece.size());
      piece.remove_prefix(cut);
      skip -= cut;
    }
  }
  EXPECT_EQ(ReadBytes(pair.server, whole.size()), whole);
}

TEST_P(NetworkStream, BytesOfEveryValuePassUnchanged) {
  const Pair pair = Connected(family());
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  WriteAll(pair.client, all);
  EXPECT_EQ(ReadBytes(pair.server, all.size()), all);
}

TEST_P(NetworkStream, ConnectionsDoNotMixTheirBytes) {
  const Pair one = Connected(family());
  const Pair other = Connected(family());
  WriteAll(one.client, "one");
  WriteAll(other.server, "other");
  EXPECT_EQ(ReadBytes(one.server, 3), "one");
  EXPECT_EQ(ReadBytes(other.client, 5), "other");
  EXPECT_EQ(ReadCode(one.client), ErrorCode::kWouldBlock);
  EXPECT_EQ(ReadCode(other.server), ErrorCode::kWouldBlock);
}

}  // namespace
}  // namespace reprise
