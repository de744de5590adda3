#include "proptests/oracles/counts.h"

#include <gtest/gtest.h>

#include <string>

#include "proptests/oracles/history_testing.h"
#include "proptests/oracles/server_testing.h"
#include "server/info.h"

namespace reprise {
namespace {

class Counts : public ServerInWorld {
 protected:
  Counts() : client_(world_), maker_(0, Keys::kBlind) {
    Say("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n", "SET k v", ReplyValue::Ok());
    Say("*5\r\n$3\r\nSET\r\n$1\r\nl\r\n$1\r\nv\r\n$2\r\nEX\r\n$4\r\n1000\r\n", "SET l v EX 1000", ReplyValue::Ok());
    Say("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n", "GET k", ReplyValue::Bulk("v"));
    Say("*2\r\n$3\r\nGET\r\n$1\r\nz\r\n", "GET z", ReplyValue{'$', true, 0, {}, {}});
    Say("*2\r\n$4\r\nINCR\r\n$1\r\nk\r\n", "INCR k", ReplyValue::Error("ERR value is not an integer or out of range"));
    Say("*1\r\n$3\r\nGET\r\n", "GET", ReplyValue::Error("ERR wrong number of arguments for 'get' command"));
    Say("*1\r\n$4\r\nnone\r\n", "none", ReplyValue::Error("ERR unknown command"));
    RunFor(kNanosPerSecond);
  }

  // As if INFO had been asked for by nobody: between two turns.
  std::string Check() { return Check(FactsOf(*server_, world_.network())); }
  std::string Check(const WorldFacts& facts) {
    const std::string_view everything[] = {"everything"};
    const std::string text = InfoText(*server_, everything, loop_.wall_ms());
    RequestCounts requests;
    requests.Add(maker_.history());
    return DescribeWrongCounts({text, facts, facts, 0, 0, &requests});
  }

  SilentClient client_;
  HistoryMaker maker_;

 private:
  void Say(const std::string& bytes, const std::string& words, const ReplyValue& reply) {
    client_.peer().Send(bytes);
    maker_.Ask(words, 0, 1, reply);
  }
};

TEST_F(Counts, OfARightServerAreRight) { EXPECT_EQ(Check(), ""); }

TEST_F(Counts, OfConnectionsAndBytesAreTheNetworks) {
  ++server_->stats().total_connections_received;
  EXPECT_NE(Check().find("total_connections_received"), std::string::npos);
  --server_->stats().total_connections_received;
  ++loop_.counters().bytes_read;
  EXPECT_NE(Check().find("total_net_input_bytes"), std::string::npos);
  --loop_.counters().bytes_read;
  --loop_.counters().bytes_written;
  EXPECT_NE(Check().find("total_net_output_bytes"), std::string::npos);
}

TEST_F(Counts, OfKeysAndClientsAreThoseThatAreThere) {
  const WorldFacts right = FactsOf(*server_, world_.network());
  EXPECT_EQ(Check(right), "");
  for (const uint64_t more : {uint64_t{1}, ~uint64_t{0}}) {  // one more, one less
    WorldFacts wrong = right;
    wrong.connections += more;
    EXPECT_NE(Check(wrong).find("connected_clients"), std::string::npos) << Check(wrong);
    wrong = right;
    wrong.keys[0].all += more;
    EXPECT_NE(Check(wrong).find("keys of db0"), std::string::npos) << Check(wrong);
    wrong = right;
    wrong.keys[0].expiring += more;
    EXPECT_NE(Check(wrong).find("expires of db0"), std::string::npos) << Check(wrong);
  }
  WorldFacts wrong = right;
  wrong.keys[3].all = 1;
  EXPECT_NE(Check(wrong).find("db3"), std::string::npos);
}

TEST_F(Counts, OfRequestsFollowFromTheHistories) {
  Stats& stats = server_->stats();
  ++stats.total_commands_processed;
  EXPECT_NE(Check().find("total_commands_processed"), std::string::npos);
  --stats.total_commands_processed;
  ++stats.error_replies;
  EXPECT_NE(Check().find("total_error_replies"), std::string::npos);
  --stats.error_replies;
  --stats.keyspace_hits;
  EXPECT_NE(Check().find("keyspace_hits"), std::string::npos);
  ++stats.keyspace_hits;
  ++stats.keyspace_misses;
  EXPECT_NE(Check().find("keyspace_misses"), std::string::npos);
  --stats.keyspace_misses;
  stats.expired_keys = 2;
  EXPECT_NE(Check().find("expired_keys"), std::string::npos);
}

TEST_F(Counts, OfEachCommandFollowFromTheHistories) {
  CommandStats& get = server_->stats().commands[server_->commands().Find("get")->index];
  CommandStats& incr = server_->stats().commands[server_->commands().Find("incr")->index];
  ++get.calls;
  EXPECT_NE(Check().find("calls of get"), std::string::npos);
  --get.calls;
  --get.rejected_calls;
  EXPECT_NE(Check().find("rejected calls of get"), std::string::npos);
  ++get.rejected_calls;
  --incr.failed_calls;
  EXPECT_NE(Check().find("failed calls of incr"), std::string::npos);
  ++incr.failed_calls;
  ++server_->stats().commands[server_->commands().Find("append")->index].calls;
  EXPECT_NE(Check().find("append"), std::string::npos) << "nobody has asked for it";
}

TEST_F(Counts, OfErrorsAreByTheirFirstWord) {
  server_->stats().error_codes["WRONGTYPE"] = 1;
  EXPECT_NE(Check().find("WRONGTYPE"), std::string::npos);
  server_->stats().error_codes.erase("WRONGTYPE");
  ++server_->stats().error_codes.find("ERR")->second;
  EXPECT_NE(Check().find("errors ERR"), std::string::npos);
}

TEST_F(Counts, OfRequestsThatWereLostMayOrMayNotBeThere) {
  maker_.Lose("APPEND k v", 2, 3);
  EXPECT_EQ(Check(), "");
  ++server_->stats().commands[server_->commands().Find("append")->index].calls;
  ++server_->stats().total_commands_processed;
  EXPECT_EQ(Check(), "");
}

TEST(InfoFields, GrowthIsThatOfANumber) {
  const InfoFields before = FieldsOf("# Stats\r\nhits:3\r\n");
  const InfoFields after = FieldsOf("# Stats\r\nhits:5\r\n");
  EXPECT_EQ(Growth(before, after, "hits"), 2);
  EXPECT_EQ(Growth(before, after, "misses"), -1);
}

}  // namespace
}  // namespace reprise
