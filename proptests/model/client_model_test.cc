#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "proptests/model/model.h"

namespace reprise {
namespace {

Expected Ask(Model& model, const std::string& request) {
  std::istringstream in(request);
  std::vector<std::string> words;
  for (std::string word; in >> word;) {
    words.push_back(word);
  }
  return model.Apply(words, 0);
}

ReplyValue Hello(int64_t version, int64_t id) {
  ReplyValue reply = ReplyValue::Array(
      {ReplyValue::Bulk("server"), ReplyValue::Bulk("redis"), ReplyValue::Bulk("version"), ReplyValue::Bulk("7.0.15"),
       ReplyValue::Bulk("proto"), ReplyValue::Integer(version), ReplyValue::Bulk("id"), ReplyValue::Integer(id),
       ReplyValue::Bulk("mode"), ReplyValue::Bulk("standalone"), ReplyValue::Bulk("role"), ReplyValue::Bulk("master"),
       ReplyValue::Bulk("modules"), ReplyValue::Array({})});
  reply.type = version == 3 ? '%' : '*';
  return reply;
}

TEST(ClientModel, HelloTellsAllFactsButTheId) {
  Model model;
  EXPECT_TRUE(Ask(model, "HELLO 3").Accepts(Hello(3, 7)));
  EXPECT_FALSE(Ask(model, "HELLO 3").Accepts(Hello(2, 7)));
  EXPECT_FALSE(Ask(model, "HELLO 3").Accepts(Hello(3, 0)));
  ReplyValue wrong = Hello(3, 7);
  wrong.parts[11] = ReplyValue::Bulk("replica");
  EXPECT_FALSE(Ask(model, "HELLO 3").Accepts(wrong));
}

TEST(ClientModel, WhatHelloDidBeforeItsErrorStaysDone) {
  Model model;
  EXPECT_EQ(Ask(model, "hello 3 setname a nonsense").exact->text, "ERR Syntax error in HELLO option 'nonsense'");
  EXPECT_FALSE(model.resp3());
  EXPECT_EQ(Ask(model, "client getname").exact, ReplyValue::Bulk("a"));
}

TEST(ClientModel, APasswordIsAskedForOnlyWhereThereIsOne) {
  Model model;
  EXPECT_TRUE(Ask(model, "auth sesame").exact->text.starts_with("ERR AUTH <password> called without"));
  EXPECT_EQ(Ask(model, "auth default any").exact, ReplyValue::Ok());
  model.set_server_password("sesame");
  EXPECT_EQ(Ask(model, "auth sesame").exact, ReplyValue::Ok());
  EXPECT_TRUE(Ask(model, "auth default any").exact->text.starts_with("WRONGPASS"));
  EXPECT_TRUE(Ask(model, "auth nobody sesame").exact->text.starts_with("WRONGPASS"));
  EXPECT_TRUE(Ask(model, "hello 2 auth default any").exact->text.starts_with("WRONGPASS"));
}

TEST(ClientModel, FiltersOfKillAreReadOneAfterTheOther) {
  Model model;
  EXPECT_EQ(Ask(model, "client kill type pubsub").exact, ReplyValue::Integer(0));
  EXPECT_EQ(Ask(model, "client kill id 0 type other").exact->text, "ERR client-id should be greater than 0");
  EXPECT_EQ(Ask(model, "client kill type other id 0").exact->text, "ERR Unknown client type 'other'");
  EXPECT_EQ(Ask(model, "client kill id 1000000007 skipme").exact->text, "ERR syntax error");
  EXPECT_EQ(Ask(model, "client kill 192.0.2.1:1").exact->text, "ERR No such client");
}

TEST(ClientModel, AListOfNobodyIsEmpty) {
  Model model;
  EXPECT_EQ(Ask(model, "client list type replica").exact, ReplyValue::Bulk(""));
  EXPECT_EQ(Ask(model, "client list id 1000000007 2000000000").exact, ReplyValue::Bulk(""));
  EXPECT_FALSE(Ask(model, "client list type normal").Accepts(ReplyValue::Bulk("")));
  EXPECT_EQ(Ask(model, "client list id x").exact->text, "ERR Invalid client ID");
}

TEST(ClientModel, SubcommandsHaveArities) {
  Model model;
  EXPECT_EQ(Ask(model, "client id x").exact->text, "ERR wrong number of arguments for 'client|id' command");
  EXPECT_EQ(Ask(model, "client pause").exact->text, "ERR wrong number of arguments for 'client|pause' command");
}

TEST(ClientModel, EachConnectionHasToLogInBeforeItIsServed) {
  Model model;
  model.set_server_password("sesame");
  EXPECT_EQ(Ask(model, "get k").exact->text, kNotLoggedIn);
  EXPECT_TRUE(Ask(model, "get").exact->text.starts_with("ERR wrong number")) << "that comes first";
  EXPECT_TRUE(Ask(model, "client").exact->text.starts_with("ERR wrong number"));
  EXPECT_EQ(Ask(model, "client id").exact->text, kNotLoggedIn);
  EXPECT_TRUE(Ask(model, "hello 3").exact->text.starts_with("NOAUTH HELLO"));
  EXPECT_FALSE(model.resp3());
  EXPECT_TRUE(Ask(model, "auth wrong").exact->text.starts_with("WRONGPASS"));
  EXPECT_EQ(Ask(model, "get k").exact->text, kNotLoggedIn);
  EXPECT_EQ(Ask(model, "auth sesame").exact, ReplyValue::Ok());
  EXPECT_TRUE(Ask(model, "get k").exact->IsNull());
  (void)Ask(model, "auth wrong");
  EXPECT_TRUE(Ask(model, "get k").exact->IsNull()) << "a wrong word takes nothing back";
  (void)Ask(model, "reset");
  EXPECT_EQ(Ask(model, "get k").exact->text, kNotLoggedIn);
  (void)Ask(model, "hello 3 auth default sesame");
  EXPECT_TRUE(Ask(model, "get k").exact->IsNull());
  model.NewConnection();
  EXPECT_EQ(Ask(model, "get k").exact->text, kNotLoggedIn);
}

TEST(ClientModel, AnUnknownCommandIsToldWithItsFirstWords) {
  Model model;
  EXPECT_EQ(Ask(model, "un-known a b").exact->text,
            "ERR unknown command 'un-known', with args beginning with: 'a' 'b' ");
  const std::string a100(100, 'a');
  EXPECT_EQ(Ask(model, "un-known " + a100 + " " + a100 + " c").exact->text,
            "ERR unknown command 'un-known', with args beginning with: '" + a100 + "' '" + a100.substr(0, 25) + "' ");
  EXPECT_EQ(Ask(model, "client un-known").exact->text, "ERR unknown subcommand 'un-known'. Try CLIENT HELP.");
}

}  // namespace
}  // namespace reprise
