// What a client may send before and after it has given the password, however its requests lie in what is read: a
// request that changes how the next one is to be read holds for those that were parsed ahead, too. In the simulated
// world.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "proptests/session_testing.h"

namespace reprise {
namespace {

constexpr std::string_view kNoAuth = "-NOAUTH Authentication required.\r\n";
constexpr std::string_view kTooLong = "-ERR Protocol error: unauthenticated bulk length\r\n";
constexpr std::string_view kTooMany = "-ERR Protocol error: unauthenticated multibulk length\r\n";
constexpr std::string_view kInvalid = "-ERR Protocol error: invalid bulk length\r\n";

std::string Bulk(const std::string& bytes) { return fmt::format("${}\r\n{}\r\n", bytes.size(), bytes); }
std::string Echo(size_t bytes) { return "*2\r\n" + Bulk("ECHO") + Bulk(std::string(bytes, 'x')); }
std::string Exists(size_t keys) {
  std::string request = fmt::format("*{}\r\n", keys + 1) + Bulk("EXISTS");
  for (size_t i = 0; i < keys; ++i) {
    request += Bulk("k");
  }
  return request;
}

class SessionLoginTest : public SessionTest {
 protected:
  void StartWithPassword() { Start({{"requirepass", {"secret"}}}); }
  // What comes back when `bytes` are sent in one piece on a new connection; with "(closed)" behind it if that is
  // closed.
  std::string Send(const std::string& bytes) {
    KeepingClient& client = NewClient();
    client.Send(bytes);
    RunFor(20);
    return client.received + (client.ended ? "(closed)" : "");
  }
};

TEST_F(SessionLoginTest, BeforeThePasswordRequestsAreSmallOrRefusedUnread) {
  StartWithPassword();
  EXPECT_EQ(Send(Echo(16'384)), kNoAuth);
  EXPECT_EQ(Send(Echo(16'385)), fmt::format("{}(closed)", kTooLong));
  EXPECT_EQ(Send(Exists(9)), kNoAuth);
  EXPECT_EQ(Send(Exists(10)), fmt::format("{}(closed)", kTooMany));
}

TEST_F(SessionLoginTest, BehindThePasswordTheyMayBeLargeInTheSamePieceToo) {
  StartWithPassword();
  const std::string large = Bulk(std::string(20'000, 'x'));
  EXPECT_EQ(Send("AUTH secret\r\n" + Echo(20'000)), "+OK\r\n" + large);
  EXPECT_EQ(Send("AUTH secret\r\n" + Exists(20)), "+OK\r\n:0\r\n");
  EXPECT_TRUE(Send("HELLO 2 AUTH default secret\r\n" + Echo(20'000)).ends_with(large));
  EXPECT_EQ(Send("AUTH wrong\r\n" + Echo(20'000)),
            fmt::format("-WRONGPASS invalid username-password pair or user is disabled.\r\n{}(closed)", kTooLong));
}

TEST_F(SessionLoginTest, AResetTakesThatBackForWhatIsBehindItInTheSamePiece) {
  StartWithPassword();
  EXPECT_EQ(Send("AUTH secret\r\nRESET\r\nPING\r\n"), fmt::format("+OK\r\n+RESET\r\n{}", kNoAuth));
  EXPECT_EQ(Send("AUTH secret\r\nRESET\r\n" + Echo(20'000)), fmt::format("+OK\r\n+RESET\r\n{}(closed)", kTooLong));
  EXPECT_EQ(Send("AUTH secret\r\nRESET\r\n" + Exists(20)), fmt::format("+OK\r\n+RESET\r\n{}(closed)", kTooMany));
}

TEST_F(SessionLoginTest, EachWordBehindHelloAuthCounts) {
  StartWithPassword();
  EXPECT_TRUE(Send("HELLO 3 AUTH default secret SETNAME me\r\nCLIENT GETNAME\r\n").ends_with("$2\r\nme\r\n"));
  EXPECT_TRUE(Send("HELLO 3 AUTH default\r\n").starts_with("-ERR Syntax error in HELLO option 'AUTH'"));
}

TEST_F(SessionLoginTest, WhoCameWhileAPasswordWasAskedForIsGreetedOnlyWhenLoggedIn) {
  StartWithPassword();
  KeepingClient& newcomer = NewClient();
  KeepingClient& admin = NewClient();
  EXPECT_EQ(Ask(admin, "AUTH secret"), "+OK\r\n");
  EXPECT_EQ(Ask(admin, "CONFIG SET requirepass \"\""), "+OK\r\n");
  EXPECT_EQ(Ask(newcomer, "PING"), "+PONG\r\n");
  EXPECT_TRUE(Ask(newcomer, "HELLO 2").starts_with("-NOAUTH HELLO must"));
  EXPECT_EQ(Ask(newcomer, "AUTH default any"), "+OK\r\n");
  EXPECT_TRUE(Ask(newcomer, "HELLO 2").starts_with("*14\r\n"));
}

TEST_F(SessionLoginTest, AShorterPasswordThatBeginsTheSameIsWrong) {
  StartWithPassword();
  for (const char* wrong : {"s", "secre", "secrets", "SECRET", "secretsecret"}) {
    EXPECT_TRUE(Send(fmt::format("AUTH {}\r\n", wrong)).starts_with("-WRONGPASS ")) << wrong;
  }
}

TEST_F(SessionLoginTest, APasswordThatIsSetAtRunTimeIsAskedOfNewcomersAndALimitHoldsAtOnce) {
  Start({});
  KeepingClient& admin = NewClient();
  admin.Send("CONFIG SET requirepass secret\r\n" + Echo(20'000));
  RunFor(20);
  EXPECT_EQ(admin.received, "+OK\r\n" + Bulk(std::string(20'000, 'x'))) << "who was there before stays logged in";
  EXPECT_EQ(Send("PING\r\n"), kNoAuth);
  EXPECT_EQ(Send("AUTH secret\r\nCONFIG SET proto-max-bulk-len 1mb\r\n*2\r\n$4\r\nECHO\r\n$1048577\r\n"),
            fmt::format("+OK\r\n+OK\r\n{}(closed)", kInvalid));
  EXPECT_EQ(Send("AUTH secret\r\n*2\r\n$4\r\nECHO\r\n$1048576\r\n"), "+OK\r\n") << "the rest is waited for";
  EXPECT_EQ(Send("AUTH secret\r\nCONFIG SET proto-max-bulk-len 2mb\r\n*2\r\n$4\r\nECHO\r\n$1048577\r\n"),
            "+OK\r\n+OK\r\n");
}

}  // namespace
}  // namespace reprise
