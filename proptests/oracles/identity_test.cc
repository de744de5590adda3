#include "proptests/oracles/identity.h"

#include <gtest/gtest.h>

#include "proptests/oracles/history_testing.h"

namespace reprise {
namespace {

HistoryMaker WithId(int64_t id) {
  HistoryMaker maker(0, Keys::kBlind);
  maker.Ask("CLIENT ID", 0, 10, ReplyValue::Integer(id));
  return maker;
}

std::string ProblemWith(int64_t id, const std::string& request, ReplyValue reply) {
  return CheckIdentity(WithId(id).Ask(request, 20, 30, std::move(reply)).history()).problem;
}

TEST(Identity, AnIdThatChangesIsToldOf) {
  EXPECT_EQ(ProblemWith(3, "client id", ReplyValue::Integer(3)), "");
  EXPECT_NE(ProblemWith(3, "client id", ReplyValue::Integer(4)), "");
}

TEST(Identity, ClientInfoIsOfTheVeryConnection) {
  EXPECT_EQ(ProblemWith(3, "CLIENT info", ReplyValue::Bulk("id=3 addr=a name=\n")), "");
  EXPECT_NE(ProblemWith(3, "client info", ReplyValue::Bulk("id=33 addr=a name=\n")), "");
  EXPECT_NE(ProblemWith(3, "client info", ReplyValue::Bulk("id=3 addr=a\nid=4 addr=b\n")), "");
}

TEST(Identity, HelloTellsTheSameId) {
  const auto hello = [](int64_t id) {
    return ReplyValue::Array(
        {ReplyValue::Bulk("server"), ReplyValue::Bulk("redis"), ReplyValue::Bulk("id"), ReplyValue::Integer(id)});
  };
  EXPECT_EQ(ProblemWith(3, "hello", hello(3)), "");
  EXPECT_NE(ProblemWith(3, "hello", hello(4)), "");
}

TEST(Identity, TheTextOfResp3IsReadBehindItsMark) {
  ReplyValue verbatim;
  verbatim.type = '=';
  verbatim.text = "txt:id=3 addr=a\n";
  EXPECT_EQ(ProblemWith(3, "client info", verbatim), "");
  EXPECT_NE(ProblemWith(4, "client info", verbatim), "");
}

TEST(Identity, ClientListHasTheConnectionOnce) {
  EXPECT_EQ(ProblemWith(3, "client list", ReplyValue::Bulk("id=2 addr=a\nid=3 addr=b\n")), "");
  EXPECT_NE(ProblemWith(3, "client list", ReplyValue::Bulk("id=2 addr=a\n")), "");
  EXPECT_NE(ProblemWith(3, "client list", ReplyValue::Bulk("id=3 addr=a\nid=3 addr=b\n")), "");
}

TEST(Identity, AnIdThatCameBeforeIsToldOf) {
  HistoryMaker maker = WithId(3);
  maker.Reconnect().Ask("CLIENT ID", 20, 30, ReplyValue::Integer(4));
  EXPECT_EQ(CheckIdentity(maker.history()).problem, "");
  maker.Reconnect().Ask("CLIENT ID", 40, 50, ReplyValue::Integer(4));
  EXPECT_NE(CheckIdentity(maker.history()).problem, "");
}

TEST(Identity, AnIdComesAgainFromAnotherProcessOnly) {
  HistoryMaker maker = WithId(3);
  maker.Reconnect().Ask("client id", 20, 30, ReplyValue::Integer(3));
  EXPECT_FALSE(CheckIdentity(maker.history()).ok());
  maker.history().lives = {0, 1};
  EXPECT_TRUE(CheckIdentity(maker.history()).ok());
}

}  // namespace
}  // namespace reprise
