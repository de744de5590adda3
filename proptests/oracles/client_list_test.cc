#include "proptests/oracles/client_list.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proptests/oracles/client_line.h"
#include "proptests/oracles/history_testing.h"

namespace reprise {
namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kS = 1'000'000'000;

// What a server may say of a client, to be changed.
struct Line {
  int64_t id = 1;
  int port = 50'000;
  int handle = 8;
  std::string name = {};
  int age_s = 0;
  int idle_s = 0;
  std::string flags = "N";
  int db = 0;
  int unsent = 0;
  std::string command = "client|list";
  int resp = 2;

  std::string Text() const {
    return fmt::format(
        "id={} addr=127.0.0.1:{} laddr=127.0.0.1:6379 fd={} name={} age={} idle={} flags={} db={} sub=0 psub=0 ssub=0 "
        "multi=-1 qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl={} oll=0 omem=0 tot-mem=300 events={} "
        "cmd={} user=default redir=-1 resp={}\n",
        id, port, handle, name, age_s, idle_s, flags, db, unsent, unsent > 0 ? "rw" : "r", command, resp);
  }
};

// Two clients. The first one has been silent since 1 s, and asks again at 9 s; the second one asks for the list at 5 s.
struct Scene {
  Scene() : asker_(1, Keys::kBlind), other_(0, Keys::kBlind) {
    for (int64_t i = 0; i < 100; ++i) {
      moments_.Note(i * kS / 10, 1'000'000 + i * 100);
    }
    other_.history().links.push_back({0, 50'000});
    other_.Ask("CLIENT ID", kMs, 2 * kMs, ReplyValue::Integer(1))
        .Ask("SELECT 3", 10 * kMs, 11 * kMs, ReplyValue::Ok())
        .Ask("HELLO 3", 12 * kMs, 13 * kMs, ReplyValue{'%', false, 0, {}, {}})
        .Ask("CLIENT SETNAME somebody", kS, kS + kMs, ReplyValue::Ok());
    asker_.history().links.push_back({2 * kS, 50'001});
    asker_.Ask("CLIENT ID", 2 * kS, 2 * kS + kMs, ReplyValue::Integer(2));
    line_ = {.name = "somebody", .age_s = 5, .idle_s = 4, .db = 3, .command = "client|setname", .resp = 3};
    own_ = {.id = 2, .port = 50'001, .handle = 9, .age_s = 3};
  }

  // The list is asked for, and the other one asks again later.
  std::string Check(const std::string& text, const std::string& words = "CLIENT LIST") {
    asker_.Ask(words, 5 * kS, 5 * kS + kMs, ReplyValue::Bulk(text));
    other_.Ask("PING", 9 * kS, 9 * kS + kMs, ReplyValue::Simple("PONG"));
    return Judge();
  }
  std::string Judge() {
    const ClientHistory* const histories[] = {&other_.history(), &asker_.history()};
    return CheckClientList(histories, moments_, {.peace_ns = 0, .hears_ns = kMs}).problem;
  }

  Moments moments_;
  HistoryMaker asker_;
  HistoryMaker other_;
  Line line_;
  Line own_;
};
class ClientList : public testing::Test, protected Scene {
 protected:
  // The list as it is a second earlier, with this handle of the first client.
  std::string FourSecondsIn(int handle) const {
    Line line = line_;
    Line own = own_;
    line.handle = handle;
    line.age_s = 4;
    line.idle_s = 3;
    own.age_s = 2;
    return line.Text() + own.Text();
  }
};

TEST_F(ClientList, WhatIsRightPasses) { EXPECT_EQ(Check(line_.Text() + own_.Text()), ""); }

TEST_F(ClientList, WhoWasAnsweredBeforeAndAsksAgainLaterHasToBeThere) {
  EXPECT_NE(Check(own_.Text()).find("is missing"), std::string::npos);
}

TEST_F(ClientList, WhoAsksIsThere) { EXPECT_NE(Check(line_.Text()).find("is missing"), std::string::npos); }

TEST_F(ClientList, NobodyIsThereTwice) {
  EXPECT_NE(Check(line_.Text() + line_.Text() + own_.Text()).find("twice"), std::string::npos);
}

TEST_F(ClientList, NobodyIsThereWhomTheWorldDoesNotKnow) {
  line_.port = 50'002;
  EXPECT_NE(Check(line_.Text() + own_.Text()).find("nobody is"), std::string::npos);
}

TEST_F(ClientList, AnIdIsThatOfItsAddress) {
  std::swap(line_.id, own_.id);
  EXPECT_NE(Check(line_.Text() + own_.Text()).find("nobody is"), std::string::npos);
}

TEST_F(ClientList, AHandleStays) {
  asker_.Ask("CLIENT LIST", 4 * kS, 4 * kS + kMs, ReplyValue::Bulk(FourSecondsIn(8)));
  EXPECT_EQ(Check(line_.Text() + own_.Text()), "");
  Scene other;
  other.asker_.Ask("CLIENT LIST", 4 * kS, 4 * kS + kMs, ReplyValue::Bulk(FourSecondsIn(7)));
  EXPECT_NE(other.Check(other.line_.Text() + other.own_.Text()).find("nobody is"), std::string::npos);
}

TEST_F(ClientList, EachFieldThatFollowsFromTheRequestsIsCompared) {
  const std::vector<Line> wrong = {
      {.name = "other", .age_s = 5, .idle_s = 4, .db = 3, .command = "client|setname", .resp = 3},
      {.name = "somebody", .age_s = 4, .idle_s = 4, .db = 3, .command = "client|setname", .resp = 3},
      {.name = "somebody", .age_s = 5, .idle_s = 5, .db = 3, .command = "client|setname", .resp = 3},
      {.name = "somebody", .age_s = 5, .idle_s = 4, .flags = "c", .db = 3, .command = "client|setname", .resp = 3},
      {.name = "somebody", .age_s = 5, .idle_s = 4, .db = 0, .command = "client|setname", .resp = 3},
      {.name = "somebody", .age_s = 5, .idle_s = 4, .db = 3, .unsent = 9, .command = "client|setname", .resp = 3},
      {.name = "somebody", .age_s = 5, .idle_s = 4, .db = 3, .command = "hello", .resp = 3},
      {.name = "somebody", .age_s = 5, .idle_s = 4, .db = 3, .command = "client|setname", .resp = 2}};
  for (const Line& line : wrong) {
    Scene fresh = *this;
    EXPECT_NE(fresh.Check(line.Text() + own_.Text()), "") << line.Text();
  }
}

TEST_F(ClientList, TheOwnLineIsAsOfTheRequestItself) {
  own_.command = "client|id";
  EXPECT_NE(Check(line_.Text() + own_.Text()).find("cmd should be"), std::string::npos);
}

TEST_F(ClientList, WhatIsUnderWayMayOrMayNotHaveBeenDone) {
  other_.Ask("SELECT 4", 5 * kS - kMs, 5 * kS + 2 * kMs, ReplyValue::Ok());
  Scene done = *this;
  line_.idle_s = 0;
  EXPECT_EQ(Check(line_.Text() + own_.Text()), "");
  line_.db = 4;
  line_.command = "select";
  EXPECT_EQ(done.Check(line_.Text() + own_.Text()), "");
}

TEST_F(ClientList, ByIdThereIsWhoWasAskedFor) {
  EXPECT_EQ(Scene(*this).Check(line_.Text(), "CLIENT LIST ID 1 77"), "");
  EXPECT_NE(Scene(*this).Check("", "CLIENT LIST ID 1 77"), "");
  EXPECT_NE(Scene(*this).Check(line_.Text() + own_.Text(), "CLIENT LIST ID 1"), "");
  EXPECT_EQ(Scene(*this).Check("", "CLIENT LIST TYPE pubsub"), "");
  EXPECT_NE(Scene(*this).Check(own_.Text(), "CLIENT LIST TYPE pubsub"), "");
}

TEST_F(ClientList, InfoIsOfWhoAsks) {
  own_.command = "client|info";
  EXPECT_EQ(Scene(*this).Check(own_.Text(), "CLIENT INFO"), "");
  EXPECT_NE(Scene(*this).Check(line_.Text(), "CLIENT INFO"), "");
}

TEST_F(ClientList, WhoWasKilledIsGone) {
  asker_.Ask("CLIENT KILL ID 1", 3 * kS, 3 * kS + kMs, ReplyValue::Integer(1));
  other_.history().endings.push_back({0, 3 * kS + kMs, 0, Ending::How::kUnexpected, ErrorCode::kEndOfStream});
  Scene listed = *this;
  asker_.Ask("CLIENT LIST", 5 * kS, 5 * kS + kMs, ReplyValue::Bulk(own_.Text()));
  EXPECT_EQ(Judge(), "");
  listed.asker_.Ask("CLIENT LIST", 5 * kS, 5 * kS + kMs, ReplyValue::Bulk(line_.Text() + own_.Text()));
  EXPECT_NE(listed.Judge().find("should not be there"), std::string::npos);
}

TEST_F(ClientList, KillTellsWhetherSomebodyWasThere) {
  asker_.Ask("CLIENT KILL ID 1", 3 * kS, 3 * kS + kMs, ReplyValue::Integer(0));
  other_.Ask("PING", 9 * kS, 9 * kS + kMs, ReplyValue::Simple("PONG"));
  EXPECT_NE(Judge().find("answered"), std::string::npos);
}

TEST_F(ClientList, WhoWasKilledHearsOfIt) {
  asker_.Ask("CLIENT KILL 127.0.0.1:50000", 3 * kS, 3 * kS + kMs, ReplyValue::Ok());
  other_.history().endings.push_back({0, 9 * kS, 0, Ending::How::kByClient, ErrorCode::kOk});
  EXPECT_NE(Judge().find("has not ended"), std::string::npos);
}

TEST_F(ClientList, ANameIsTheOneThatWasGiven) {
  other_.Ask("CLIENT GETNAME", 4 * kS, 4 * kS + kMs, ReplyValue::Bulk("nobody"));
  EXPECT_NE(Judge().find("was named"), std::string::npos);
}

TEST(ClientLine, TheFieldsStandInTheirOrder) {
  ClientLine line;
  std::string text = Line().Text();
  text.pop_back();
  EXPECT_EQ(line.Parse(text), "");
  EXPECT_EQ(line.Number(ClientLine::Field::kTotalMemory), 300);
  EXPECT_NE(line.Parse("id=1 laddr=127.0.0.1:6379"), "");
  EXPECT_NE(line.Parse(text + " more=1"), "");
}

}  // namespace
}  // namespace reprise
