// What a redis.conf in use may say that this server doesn't do.
#include "server/config_directives.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/config.h"
#include "server/config_parameters.h"

namespace reprise {
namespace {

using Lines = std::vector<std::string>;

// Reads `text` as the file a.conf, then `options`. Returns the error, or the warnings.
struct Outcome {
  std::string error;
  Lines warnings;
};
Outcome Start(const std::string& text, const std::vector<std::string_view>& options = {}) {
  std::vector<std::string_view> args = {"a.conf"};
  args.insert(args.end(), options.begin(), options.end());
  Config config;
  const Status status = config.ParseCommandLine(args, [&](std::string_view) -> Result<std::string> { return text; });
  return {status.detail(), config.Warnings()};
}

TEST(ConfigDirectives, NoneIsAParameterTooAndEachNameIsThereOnce) {
  for (const ConfigParameter& parameter : ConfigParameters()) {
    EXPECT_EQ(FindConfigDirective(parameter.name), nullptr) << parameter.name;
  }
  EXPECT_EQ(FindConfigDirective(""), nullptr);
  EXPECT_EQ(FindConfigDirective("slaveof"), FindConfigDirective("ReplicaOf"));
  EXPECT_NE(FindConfigDirective("slaveof"), nullptr);
}

TEST(ConfigDirectives, TuningIsTakenInSilenceButNotAValueThatIsNone) {
  const Outcome fine = Start("hash-max-ziplist-entries 1\nREPL-BACKLOG-SIZE 2mb\nappendfsync ALWAYS\nrdbchecksum no");
  EXPECT_EQ(fine.error, "");
  EXPECT_EQ(fine.warnings, Lines());
  EXPECT_EQ(Start("repl-timeout soon").error,
            "a.conf, line 1, 'repl-timeout soon': argument couldn't be parsed into an integer");
  EXPECT_EQ(Start("appendfsync often").error,
            "a.conf, line 1, 'appendfsync often': argument(s) must be one of the following: everysec, always, no");
  EXPECT_EQ(Start("rdbchecksum yes yes").error, "a.conf, line 1, 'rdbchecksum yes yes': wrong number of arguments");
}

TEST(ConfigDirectives, WhatSomebodyWouldMissIsALineOfTheLog) {
  const Outcome outcome = Start("notify-keyspace-events KEA\nslowlog-log-slower-than 10000\nio-threads 4");
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.warnings,
            (Lines{"a.conf, line 1, 'notify-keyspace-events KEA': has no effect, this server supports "
                   "no value but \"\"",
                   "a.conf, line 3, 'io-threads 4': has no effect, this server supports no value but "
                   "\"1\""}));
}

TEST(ConfigDirectives, SafetyAndDurabilityAreNotTakenInVain) {
  for (const char* line : {"appendonly yes", "save 900 1", "save 3600 1 900 1", "save 3600", "cluster-enabled yes",
                           "maxmemory 1gb", "replicaof 127.0.0.1 6379", "min-slaves-to-write 1", "tls-port 6380",
                           "rename-command FLUSHALL \"\"", "user alice on", "aclfile /a", "loadmodule /m.so"}) {
    const Outcome outcome = Start(line);
    EXPECT_NE(outcome.error.find("a.conf, line 1, '" + std::string(line) + "': this server supports no value but"),
              std::string::npos)
        << outcome.error;
  }
  EXPECT_EQ(Start("replicaof no one\nmaxmemory 0\nappendonly no").error, "");
}

TEST(ConfigDirectives, TheSnapshotsOfAStockFileAreWarnedOf) {
  for (const char* text : {"save 3600 1 300 100 60 10000", "save 3600 1\nsave 300 100\nsave 60 10000"}) {
    const Outcome outcome = Start(text);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.warnings.size(), 1U);
  }
}

TEST(ConfigDirectives, WhatComesLastCounts) {
  EXPECT_EQ(Start("appendonly yes\nsave 900 1", {"--appendonly", "no", "--save", ""}).error, "");
  EXPECT_EQ(Start("io-threads 4\nio-threads 1").warnings, Lines());
  EXPECT_EQ(Start("io-threads 4\nio-threads 8").warnings.size(), 1U);
  EXPECT_NE(Start("appendonly no", {"--appendonly", "yes"}).error, "");
  // Lines of `save` add up.
  EXPECT_NE(Start("save 900 1\nsave 3600 1").error, "");
  EXPECT_EQ(Start("save 900 1\nsave \"\"\nsave 3600 1").error, "");
}

TEST(ConfigDirectives, UnknownNamesStayErrors) {
  EXPECT_EQ(Start("no-such-name 1").error,
            "a.conf, line 1, 'no-such-name 1': Bad directive or wrong number of arguments");
}

}  // namespace
}  // namespace reprise
