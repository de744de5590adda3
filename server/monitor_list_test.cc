#include "server/monitor_list.h"

#include <gtest/gtest.h>

#include <vector>

#include "server/commands/command_table.h"

namespace reprise {
namespace {

std::string LineOf(std::vector<std::string_view> args) {
  static const CommandTable table;
  return MonitorLine(1'700'000'000'000'042, 3, "1.2.3.4:5", *CommandTable::Resolve(*table.Find(args[0]), args), args);
}

TEST(MonitorLineTest, TellsMomentDatabaseClientAndWords) {
  EXPECT_EQ(LineOf({"GeT", "key"}), "+1700000000.000042 [3 1.2.3.4:5] \"GeT\" \"key\"\r\n");
}

TEST(MonitorLineTest, BytesThatAreNoTextAreEscaped) {
  EXPECT_EQ(LineOf({"echo", std::string_view("a\"\\\n\r\t\a\b\0\x1f\x7f\xff ~", 14)}),
            "+1700000000.000042 [3 1.2.3.4:5] \"echo\" \"a\\\"\\\\\\n\\r\\t\\a\\b\\x00\\x1f\\x7f\\xff ~\"\r\n");
}

TEST(MonitorLineTest, PasswordsAreNotShown) {
  EXPECT_EQ(LineOf({"auth", "secret"}), "+1700000000.000042 [3 1.2.3.4:5] \"auth\" \"(redacted)\"\r\n");
  EXPECT_EQ(LineOf({"AUTH", "joe", "secret"}),
            "+1700000000.000042 [3 1.2.3.4:5] \"AUTH\" \"(redacted)\" \"(redacted)\"\r\n");
  EXPECT_EQ(LineOf({"hello", "3", "SETNAME", "me", "Auth", "joe", "secret"}),
            "+1700000000.000042 [3 1.2.3.4:5] \"hello\" \"3\" \"SETNAME\" \"me\" \"Auth\" \"(redacted)\" "
            "\"(redacted)\"\r\n");
}

TEST(MonitorLineTest, AdministratorsAreNotWatched) {
  const CommandTable table;
  EXPECT_TRUE(IsMonitored(*table.Find("set")));
  EXPECT_TRUE(IsMonitored(*table.FindFullName("client|id")));
  EXPECT_FALSE(IsMonitored(*table.FindFullName("client|kill")));
  EXPECT_FALSE(IsMonitored(*table.FindFullName("config|set")));
}

}  // namespace
}  // namespace reprise
