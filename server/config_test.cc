#include "server/config.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "server/config_parameters.h"

namespace reprise {
namespace {

using Names = std::vector<std::string>;
using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;

std::vector<std::string_view> Views(const std::vector<std::string>& words) { return {words.begin(), words.end()}; }

// The files that a command line may name, with their texts.
using Files = std::map<std::string, std::string>;

Status Parse(Config& config, const std::vector<std::string>& args, const Files& files = {}) {
  return config.ParseCommandLine(Views(args), [&](std::string_view path) -> Result<std::string> {
    const auto found = files.find(std::string(path));
    if (found == files.end()) {
      return Status(ErrorCode::kNotFound, "no such file: " + std::string(path));
    }
    return found->second;
  });
}

std::string Set(Config& config, const Pairs& pairs) { return config.SetAtRunTime(pairs).detail(); }

std::string Get(const Config& config, std::string_view name) {
  const std::string_view patterns[] = {name};
  const auto found = config.Get(patterns);
  return found.size() == 1 ? found[0].second : "not one value";
}

std::string Refusal(std::string_view name, std::string_view reason) {
  return "CONFIG SET failed (possibly related to argument '" + std::string(name) + "') - " + std::string(reason);
}

// ---- The command line ----

TEST(ConfigCommandLineTest, OptionsSetParameters) {
  Config config;
  ASSERT_TRUE(Parse(config, {"--port", "7000", "--PROTECTED-MODE", "No", "--bind", "127.0.0.1", "::1"}).ok());
  EXPECT_EQ(config.values().port, 7000);
  EXPECT_FALSE(config.values().protected_mode);
  EXPECT_EQ(config.values().bind, (Names{"127.0.0.1", "::1"}));
  EXPECT_EQ(config.file_path(), "");
}

TEST(ConfigCommandLineTest, OneArgumentMayHoldNameAndValue) {
  Config config;
  ASSERT_TRUE(Parse(config, {"--port 7000", "--bind", "127.0.0.1 ::1"}).ok());
  EXPECT_EQ(config.values().port, 7000);
  EXPECT_EQ(config.values().bind, (Names{"127.0.0.1", "::1"}));
}

TEST(ConfigCommandLineTest, WhatFollowsANameIsItsValueEvenWithDashes) {
  Config config;
  ASSERT_TRUE(Parse(config, {"--requirepass", "--port", "--port", "1"}).ok());
  EXPECT_EQ(config.values().requirepass, "--port");
  EXPECT_EQ(config.values().port, 1);
}

TEST(ConfigCommandLineTest, SaveAloneMeansNothingToSave) {
  for (const std::vector<std::string>& args :
       {std::vector<std::string>{"--save", "--port", "1"}, {"--port", "1", "--save"}, {"--save", "", "--port", "1"}}) {
    Config config;
    EXPECT_TRUE(Parse(config, args).ok());
    EXPECT_EQ(config.values().port, 1);
  }
}

TEST(ConfigCommandLineTest, ValuesAreTakenAsTheyAreWithoutUnquoting) {
  Config config;
  ASSERT_TRUE(Parse(config, {"--requirepass", "\"a b\\x41"}).ok());
  EXPECT_EQ(config.values().requirepass, "\"a b\\x41");
}

TEST(ConfigCommandLineTest, AFileComesFirstAndOptionsWin) {
  Config config;
  const Files files = {{"a.conf", "port 1\ntimeout 5\n"}};
  ASSERT_TRUE(Parse(config, {"a.conf", "--port", "2"}, files).ok());
  EXPECT_EQ(config.values().port, 2);
  EXPECT_EQ(config.values().timeout_s, 5);
  EXPECT_EQ(config.file_path(), "a.conf");
}

TEST(ConfigCommandLineTest, ADashReadsStandardInput) {
  Config config;
  ASSERT_TRUE(Parse(config, {"-"}, Files{{"-", "port 3"}}).ok());
  EXPECT_EQ(config.values().port, 3);
}

TEST(ConfigCommandLineTest, AFileIncludesOthersWhereItSaysSo) {
  Config config;
  const Files files = {{"a.conf", "port 1\nINCLUDE b.conf\ntimeout 5\n"}, {"b.conf", "port 2\ntimeout 6\n"}};
  ASSERT_TRUE(Parse(config, {"a.conf"}, files).ok());
  EXPECT_EQ(config.values().port, 2);
  EXPECT_EQ(config.values().timeout_s, 5);
}

TEST(ConfigCommandLineTest, AFileThatIncludesItselfIsAnError) {
  Config config;
  EXPECT_EQ(Parse(config, {"a.conf"}, Files{{"a.conf", "include a.conf"}}).detail(),
            "a.conf: too many files that include each other");
}

TEST(ConfigCommandLineTest, AMissingFileIsTheReadersError) {
  Config config;
  const Status status = Parse(config, {"a.conf"});
  EXPECT_EQ(status.code(), ErrorCode::kNotFound);
  EXPECT_EQ(status.detail(), "no such file: a.conf");
}

TEST(ConfigCommandLineTest, ErrorsNameTheFileTheLineAndTheReason) {
  Config config;
  const Files files = {{"a.conf", "port 1\n\nfoo bar\n"}, {"b.conf", "include a.conf"}, {"c.conf", "port 1 2"}};
  EXPECT_EQ(Parse(config, {"a.conf"}, files).detail(),
            "a.conf, line 3, 'foo bar': Bad directive or wrong number of arguments");
  EXPECT_EQ(Parse(config, {"b.conf"}, files).detail(),
            "a.conf, line 3, 'foo bar': Bad directive or wrong number of arguments");
  EXPECT_EQ(Parse(config, {"c.conf"}, files).detail(), "c.conf, line 1, 'port 1 2': wrong number of arguments");
  EXPECT_EQ(Parse(config, {"-"}, Files{{"-", "port x"}}).detail(),
            "standard input, line 1, 'port x': argument couldn't be parsed into an integer");
}

TEST(ConfigCommandLineTest, ErrorsNameTheOption) {
  const auto refusal = [](const std::vector<std::string>& args) {
    Config config;
    return Parse(config, args).detail();
  };
  EXPECT_EQ(refusal({"--port", "x"}), "'--port x': argument couldn't be parsed into an integer");
  EXPECT_EQ(refusal({"--port", "1", "-x"}), "'--port 1 -x': wrong number of arguments");
  EXPECT_EQ(refusal({"--port"}), "'--port': wrong number of arguments");
  EXPECT_EQ(refusal({"--bogus", "1"}), "'--bogus 1': Bad directive or wrong number of arguments");
  EXPECT_EQ(refusal({"--"}), "'--': Bad directive or wrong number of arguments");
  EXPECT_EQ(refusal({"-x"}), "'-x': an option begins with --");
}

TEST(ConfigCommandLineTest, WhatDoesNotExistHereCanNotBeTurnedOn) {
  Config config;
  EXPECT_TRUE(Parse(config, {"--appendonly", "NO", "--maxmemory", "0mb", "--maxmemory-policy", "NoEviction"}).ok());
  const auto refusal = [](const std::vector<std::string>& args) {
    Config fresh;
    return Parse(fresh, args).detail();
  };
  EXPECT_EQ(refusal({"--appendonly", "yes"}), "'--appendonly yes': this server supports no value but \"no\"");
  EXPECT_EQ(refusal({"--save", "900", "1"}), "'--save 900 1': this server supports no value but \"\"");
  EXPECT_EQ(Parse(config, {"--maxmemory", "lots"}).detail(), "'--maxmemory lots': argument must be a memory value");
}

// ---- CONFIG SET ----

TEST(ConfigSetTest, ChangesSeveralParametersInAnyCase) {
  Config config;
  EXPECT_EQ(Set(config, {{"TIMEOUT", "100"}, {"loglevel", "Warning"}, {"proto-max-bulk-len", "1mb"}}), "");
  EXPECT_EQ(config.values().timeout_s, 100);
  EXPECT_EQ(config.values().loglevel, LogLevel::kWarning);
  EXPECT_EQ(config.values().proto_max_bulk_len, 1 << 20);
}

TEST(ConfigSetTest, AnErrorLeavesEverythingAsItWas) {
  Config config;
  EXPECT_EQ(Set(config, {{"timeout", "100"}, {"hz", "x"}}),
            Refusal("hz", "argument couldn't be parsed into an integer"));
  EXPECT_EQ(config.values().timeout_s, 0);
}

TEST(ConfigSetTest, ErrorsAreThoseOfRedis) {
  Config config;
  const std::string unknown = "Unknown option or number of arguments for CONFIG SET - ";
  EXPECT_EQ(Set(config, {{"bogus", "1"}}), unknown + "'bogus'");
  EXPECT_EQ(Set(config, {{"", "1"}}), unknown + "''");
  EXPECT_EQ(Set(config, {{"DATABASES", "1"}}), Refusal("DATABASES", "can't set immutable config"));
  EXPECT_EQ(Set(config, {{"timeout", "1"}, {"TIMEOUT", "2"}}), Refusal("TIMEOUT", "duplicate parameter"));
  EXPECT_EQ(Set(config, {{"TIMEOUT", "-1"}}),
            Refusal("timeout", "argument must be between 0 and 2147483647 inclusive"));
  EXPECT_EQ(Set(config, {{"maxclients", "0"}}),
            Refusal("maxclients", "argument must be between 1 and 4294967295 inclusive"));
  EXPECT_EQ(Set(config, {{"proto-max-bulk-len", "1"}}),
            Refusal("proto-max-bulk-len", "argument must be between 1048576 and 9223372036854775807 inclusive"));
  EXPECT_EQ(Set(config, {{"proto-max-bulk-len", "9223372036854775808"}}),
            Refusal("proto-max-bulk-len", "argument must be between 1048576 and 9223372036854775807 inclusive"));
  EXPECT_EQ(Set(config, {{"protected-mode", "maybe"}}), Refusal("protected-mode", "argument must be 'yes' or 'no'"));
  EXPECT_EQ(Set(config, {{"loglevel", "loud"}}),
            Refusal("loglevel", "argument(s) must be one of the following: debug, verbose, notice, warning"));
}

TEST(ConfigSetTest, AnImmutableParameterIsNamedBeforeAnUnknownOneBehindIt) {
  Config config;
  EXPECT_EQ(Set(config, {{"databases", "1"}, {"bogus", "1"}}), Refusal("databases", "can't set immutable config"));
  EXPECT_EQ(Set(config, {{"bogus", "1"}, {"databases", "1"}}),
            "Unknown option or number of arguments for CONFIG SET - 'bogus'");
}

TEST(ConfigSetTest, HzIsBroughtIntoItsRange) {
  Config config;
  EXPECT_EQ(Set(config, {{"hz", "0"}}), "");
  EXPECT_EQ(config.values().hz, 1);
  EXPECT_EQ(Set(config, {{"hz", "1000"}}), "");
  EXPECT_EQ(config.values().hz, 500);
}

TEST(ConfigSetTest, OutputLimitsOfClassesThatAreNotNamedStay) {
  Config config;
  EXPECT_EQ(Set(config, {{"client-output-buffer-limit", "normal 1mb 512kb 60 replica 1 2 3"}}), "");
  EXPECT_EQ(Get(config, "client-output-buffer-limit"),
            "normal 1048576 524288 60 slave 1 2 3 pubsub 33554432 8388608 60");
  EXPECT_EQ(Set(config, {{"client-output-buffer-limit", ""}}), "");
  EXPECT_EQ(Get(config, "client-output-buffer-limit"),
            "normal 1048576 524288 60 slave 1 2 3 pubsub 33554432 8388608 60");
}

TEST(ConfigSetTest, WrongOutputLimitsChangeNothing) {
  Config config;
  const std::string before = Get(config, "client-output-buffer-limit");
  const auto refusal = [&](std::string_view value) { return Set(config, {{"client-output-buffer-limit", value}}); };
  const auto expected = [](std::string_view reason) { return Refusal("client-output-buffer-limit", reason); };
  EXPECT_EQ(refusal("normal 1 1"), expected("Wrong number of arguments in buffer limit configuration."));
  EXPECT_EQ(refusal("normal  1 1 1"), expected("Wrong number of arguments in buffer limit configuration."));
  EXPECT_EQ(refusal("normal 1 1 1 bogus 1 1 1"),
            expected("Invalid client class specified in buffer limit configuration."));
  EXPECT_EQ(refusal("master 1 1 1"), expected("Invalid client class specified in buffer limit configuration."));
  EXPECT_EQ(refusal("normal 1 1 -1"),
            expected("Error in hard, soft or soft_seconds setting in buffer limit configuration."));
  EXPECT_EQ(Get(config, "client-output-buffer-limit"), before);
}

TEST(ConfigSetTest, BindTakesSixteenAddressesAndNone) {
  Config config;
  std::string many = "127.0.0.1";
  for (int i = 1; i < 16; ++i) {
    many += " 127.0.0.1";
  }
  EXPECT_EQ(Set(config, {{"bind", many}}), "");
  EXPECT_EQ(config.values().bind.size(), 16U);
  EXPECT_EQ(Set(config, {{"bind", many + " ::1"}}), Refusal("bind", "Too many bind addresses specified."));
  EXPECT_EQ(Set(config, {{"bind", ""}}), "");
  EXPECT_TRUE(config.values().bind.empty());
}

TEST(ConfigSetTest, TheObserverHearsOfWhatHasChangedAndOfNothingElse) {
  Config config;
  Names heard;
  config.OnChanged([&](std::string_view name) {
    heard.emplace_back(name);
    return Status::Ok();
  });
  EXPECT_EQ(Set(config, {{"timeout", "0"}, {"PORT", "7000"}, {"hz", "20"}}), "");
  EXPECT_EQ(heard, (Names{"port", "hz"}));
  EXPECT_NE(Set(config, {{"hz", "30"}, {"port", "x"}}), "");
  EXPECT_EQ(heard.size(), 2U);
}

TEST(ConfigSetTest, WhatTheObserverRefusesIsTakenBackWithAllThatCameWithIt) {
  Config config;
  std::vector<std::pair<std::string, int64_t>> heard;
  config.OnChanged([&](std::string_view name) {
    heard.emplace_back(name, config.values().port);
    return name == "port" && config.values().port == 7000 ? Status(ErrorCode::kAddressInUse, "it is taken")
                                                          : Status::Ok();
  });
  EXPECT_EQ(Set(config, {{"hz", "20"}, {"port", "7000"}, {"timeout", "5"}}), Refusal("port", "it is taken"));
  EXPECT_EQ(config.values().hz, 10);
  EXPECT_EQ(config.values().port, 6379);
  EXPECT_EQ(config.values().timeout_s, 0);
  const std::vector<std::pair<std::string, int64_t>> expected = {
      {"hz", 7000}, {"port", 7000}, {"hz", 6379}, {"port", 6379}};
  EXPECT_EQ(heard, expected);
}

// ---- CONFIG GET ----

TEST(ConfigGetTest, PatternsFindNamesInAnyCaseAndEachOnce) {
  const Config config;
  const std::string_view patterns[] = {"PROTO-*", "proto-max-bulk-le?", "bogus*", "proto-max-bulk-len"};
  const auto found = config.Get(patterns);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].first, "proto-max-bulk-len");
  EXPECT_EQ(found[0].second, "536870912");
}

TEST(ConfigGetTest, ANameComesBackAsItWasSpelt) {
  const Config config;
  const std::string_view patterns[] = {"DataBases", "databases"};
  const auto found = config.Get(patterns);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].first, "DataBases");
}

TEST(ConfigGetTest, AStarFindsAllInTheOrderOfTheirNames) {
  const Config config;
  const std::string_view patterns[] = {"*"};
  const auto found = config.Get(patterns);
  EXPECT_EQ(found.size(), ConfigParameters().size());
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
}

TEST(ConfigGetTest, EveryValueCanBeSetToWhatItIs) {
  for (const ConfigParameter& parameter : ConfigParameters()) {
    Config config;
    const std::string before = Get(config, parameter.name);
    if (parameter.Has(ConfigParameter::kAtStartOnly)) {
      const std::string_view words[] = {before};
      EXPECT_TRUE(config.SetAtStart(parameter.name, words).ok()) << parameter.name;
    } else {
      EXPECT_EQ(Set(config, {{parameter.name, before}}), "") << parameter.name;
    }
    EXPECT_EQ(Get(config, parameter.name), before);
  }
}

}  // namespace
}  // namespace reprise
