#include "server/commands/argument_syntax.h"

#include <gtest/gtest.h>

#include <string>

#include "server/commands/command_table.h"

namespace reprise {
namespace {

// The only argument of `syntax`.
Argument Only(std::string_view syntax) {
  const auto arguments = ParseArguments(syntax);
  EXPECT_TRUE(arguments.has_value()) << syntax;
  if (!arguments || arguments->size() != 1) {
    ADD_FAILURE() << syntax;
    return {};
  }
  return arguments->front();
}

TEST(ArgumentSyntaxTest, NothingIsNoArguments) { EXPECT_TRUE(ParseArguments("")->empty()); }

TEST(ArgumentSyntaxTest, ANameAloneIsAString) {
  const Argument argument = Only("connection-name");
  EXPECT_EQ(argument.name, "connection-name");
  EXPECT_EQ(argument.type, "string");
  EXPECT_EQ(argument.key_spec, -1);
  EXPECT_FALSE(argument.optional || argument.multiple || argument.multiple_token);
}

TEST(ArgumentSyntaxTest, ATokenAloneIsAPureTokenAndWithATypeStandsBeforeIt) {
  EXPECT_EQ(Only("nx=NX").type, "pure-token");
  EXPECT_EQ(Only("nx=NX").token, "NX");
  EXPECT_EQ(Only("count=COUNT:integer").type, "integer");
  EXPECT_EQ(Only("count=COUNT:integer").token, "COUNT");
}

TEST(ArgumentSyntaxTest, AKeyTellsItsSpecification) {
  EXPECT_EQ(Only("source:key").key_spec, 0);
  EXPECT_EQ(Only("destination:key1").key_spec, 1);
  EXPECT_EQ(Only("destination:key1").type, "key");
}

TEST(ArgumentSyntaxTest, VersionsAndQuotedNames) {
  const Argument argument = Only("'ip:port'=ADDR:string@2.8.12!7.0.0");
  EXPECT_EQ(argument.name, "ip:port");
  EXPECT_EQ(argument.since, "2.8.12");
  EXPECT_EQ(argument.deprecated_since, "7.0.0");
}

TEST(ArgumentSyntaxTest, OptionalAndMultiple) {
  EXPECT_TRUE(Only("[get=GET]").optional);
  EXPECT_TRUE(Only("key:key...").multiple);
  EXPECT_FALSE(Only("key:key...").multiple_token);
  EXPECT_TRUE(Only("[prefix=PREFIX:string+...]").multiple_token);
  EXPECT_TRUE(Only("[a@6.0.0...]").multiple);
  EXPECT_EQ(Only("[a@6.0.0...]").since, "6.0.0");
}

TEST(ArgumentSyntaxTest, NestedChoicesAndBlocks) {
  const Argument argument = Only("[mode=MODE@6.2.0(a=A|b{c d:integer}...|[e=E])]");
  EXPECT_EQ(argument.type, "oneof");
  ASSERT_EQ(argument.arguments.size(), 3U);
  EXPECT_EQ(argument.arguments[1].type, "block");
  EXPECT_TRUE(argument.arguments[1].multiple);
  ASSERT_EQ(argument.arguments[1].arguments.size(), 2U);
  EXPECT_EQ(argument.arguments[1].arguments[1].type, "integer");
  EXPECT_TRUE(argument.arguments[2].optional);
}

TEST(ArgumentSyntaxTest, WhatIsNotInTheNotationIsRefused) {
  for (const std::string_view wrong :
       {" ",  "a ",  " a", "a  b", "[a", "a]", "a(b", "a(b|)", "a()",   "a{b|c}", "a(b c)",
        "a+", "a+b", "=A", "a=",   "a:", "a@", "'a",  "[a]]",  "[[a]]", "a b|c"}) {
    EXPECT_FALSE(ParseArguments(wrong).has_value()) << wrong;
  }
  std::string deep;
  for (int i = 0; i < 100'000; ++i) {
    deep += "a(";
  }
  EXPECT_FALSE(ParseArguments(deep).has_value());
}

// A command without arguments has none declared, every other one has, and each key specification has its key.
TEST(ArgumentSyntaxTest, EveryCommandsArgumentsAreInTheNotation) {
  const CommandTable table;
  for (size_t i = 0; i < table.index_count(); ++i) {
    const Command& command = *table.at(i).command;
    const auto arguments = ParseArguments(command.arguments);
    ASSERT_TRUE(arguments.has_value()) << table.at(i).FullName() << ": " << command.arguments;
    const int names = command.parent.empty() ? 1 : 2;
    if (command.arity == names) {
      EXPECT_TRUE(arguments->empty()) << table.at(i).FullName();
    } else if (command.arity > names) {
      EXPECT_EQ(arguments->size(), static_cast<size_t>(command.arity - names)) << table.at(i).FullName();
    }
  }
}

}  // namespace
}  // namespace reprise
