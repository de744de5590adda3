// What only an operating system has: other threads, signals, and files that sockets leave behind.
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "backends/unique_fd.h"
#include "proptests/contract/harness.h"

namespace reprise {
namespace {

class KernelOnly : public WorldTest {
 protected:
  Address UnixAddress() { return {Address::Family::kUnix, world().NewUnixPath(), 0}; }
};
INSTANTIATE_TEST_SUITE_P(Contract, KernelOnly, ::testing::ValuesIn(KernelWorlds()), NameOf());

// --- Threads

TEST_P(KernelOnly, AWakeFromAnotherThreadEndsAWaitThatIsUnderWay) {
  for (int i = 1; i <= 50; ++i) {
    std::thread waker([this] { poller().Wake(); });
    while (wakes() < i) WaitOnce(kNoDeadline);
    waker.join();
  }
  EXPECT_EQ(wakes(), 50);
}

TEST_P(KernelOnly, AWaitWithoutADeadlineGoesOnUntilSomethingComes) {
  std::thread waker([this] {
    Harness other(GetParam().make());
    other.Settle();  // a while, in which nothing comes
    poller().Wake();
  });
  constexpr int kFew = 20;
  int waits = 0;
  for (; wakes() == 0; ++waits) WaitOnce(kNoDeadline);
  waker.join();
  EXPECT_LT(waits, kFew);  // else it is a busy loop
}

TEST_P(KernelOnly, NoWakeIsLostWhileManyThreadsCallAndOneWaits) {
  constexpr int kThreads = 4;
  constexpr int kEach = 500;
  // Each call is counted before it is made. When all have been made, one more report must follow the last of them.
  std::atomic<int> made{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        made.fetch_add(1);
        poller().Wake();
      }
    });
  }
  int made_at_last_report = 0;
  while (made_at_last_report < kThreads * kEach) {
    const int before = wakes();
    WaitOnce(kNoDeadline);  // hangs where a wake was lost
    if (wakes() > before) made_at_last_report = made.load();
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(wakes(), kThreads * kEach);
}

TEST_P(KernelOnly, CompletionsFromOtherThreadsAreReportedOnceAndInTheOrderOfEachThread) {
  constexpr uint32_t kThreads = 4;
  constexpr int64_t kEach = 2'000;
  std::vector<std::thread> threads;
  for (uint32_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      for (int64_t i = 0; i < kEach; ++i) world().PostCompletion({.slot = t, .generation = 1}, i);
    });
  }
  while (completions().size() < kThreads * kEach) WaitOnce(kNoDeadline, 16);
  for (std::thread& thread : threads) thread.join();
  Settle();
  ASSERT_EQ(completions().size(), kThreads * kEach);
  std::array<int64_t, kThreads> next{};
  for (const Event& event : completions()) EXPECT_EQ(event.result, next[event.token.slot]++);
}

// --- Signals

// The handler finds its poller in the signal's value: there is no global for it.
void WakeFromHandler(int, siginfo_t* info, void*) {
  const int error_before = errno;
  errno = EDOM;
  static_cast<Poller*>(info->si_value.sival_ptr)->Wake();
  if (errno != EDOM) std::abort();
  errno = error_before;
}

class SignalHandler {
 public:
  explicit SignalHandler(int signal) : signal_(signal) {
    struct sigaction action {};
    action.sa_sigaction = &WakeFromHandler;
    action.sa_flags = SA_SIGINFO;  // and no SA_RESTART: calls under way are interrupted
    CHECK(::sigaction(signal_, &action, &before_) == 0);
  }
  ~SignalHandler() { ::sigaction(signal_, &before_, nullptr); }
  SignalHandler(const SignalHandler&) = delete;
  SignalHandler& operator=(const SignalHandler&) = delete;

  void Send(pthread_t to, Poller& poller) const {
    sigval value{};
    value.sival_ptr = &poller;
    CHECK(::pthread_sigqueue(to, signal_, value) == 0);
  }

 private:
  int signal_;
  struct sigaction before_ {};
};

TEST_P(KernelOnly, ASignalHandlerMayWakeTheThreadThatItInterrupts) {
  const SignalHandler handler(SIGUSR1);
  const pthread_t waiting_thread = ::pthread_self();
  for (int i = 1; i <= 20; ++i) {
    std::thread sender([&] { handler.Send(waiting_thread, poller()); });
    while (wakes() < i) WaitOnce(kNoDeadline);
    sender.join();
  }
  EXPECT_EQ(wakes(), 20);
}

TEST_P(KernelOnly, AStopRequestFromTheProcessIsReportedAndDoesNotEndIt) {
  world().RequestStop();
  while (stops() == 0) WaitOnce(kNoDeadline);
  EXPECT_EQ(stops(), 1);
  ASSERT_EQ(::kill(::getpid(), SIGTERM), 0);
  while (stops() == 1) WaitOnce(kNoDeadline);
  EXPECT_EQ(stops(), 2);
}

TEST_P(KernelOnly, ASecondStopRequestThatNobodyWaitedForDoesNotEndTheProcessLater) {
  {
    const auto another = GetParam().make();
    another->RequestStop();
    another->RequestStop();
  }
  SUCCEED();
}

TEST_P(KernelOnly, WritingToAPeerThatIsGoneRaisesNoSignal) {
  struct sigaction before {};
  ASSERT_EQ(::sigaction(SIGPIPE, nullptr, &before), 0);
  ASSERT_EQ(before.sa_handler, SIG_DFL);  // else this test would show nothing
  const Pair pair = Connected();
  Abort(pair.client);
  EXPECT_EQ(ReadToEnd(pair.server).code, ErrorCode::kConnectionReset);
  const std::array<std::string_view, 2> pieces = {"x", "y"};
  EXPECT_EQ(network().Write(pair.server, std::span(pieces).first(1)).code, ErrorCode::kBrokenPipe);
  EXPECT_EQ(network().Write(pair.server, pieces).code, ErrorCode::kBrokenPipe);
}

// --- Files of Unix sockets

// Leaves what a process leaves that was killed: a socket's file on which nobody listens.
void LeaveStaleSocket(const std::string& path) {
  const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  CHECK(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
}

bool Exists(const std::string& path) {
  struct stat facts {};
  return ::lstat(path.c_str(), &facts) == 0;
}

TEST_P(KernelOnly, AStaleUnixSocketsFileIsReplaced) {
  const Address address = UnixAddress();
  LeaveStaleSocket(address.host);
  EXPECT_EQ(TryConnect(address).status().code(), ErrorCode::kConnectionRefused);
  const Handle listener = Listen(address);
  Connect(address);
  EXPECT_TRUE(Accept(listener).valid());
}

TEST_P(KernelOnly, AFileThatIsNoSocketIsLeftAlone) {
  const Address address = UnixAddress();
  std::ofstream(address.host) << "precious";
  EXPECT_EQ(network().Listen(address, {}).status().code(), ErrorCode::kAddressInUse);
  std::ifstream file(address.host);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "precious");
}

TEST_P(KernelOnly, ALinkToAStaleSocketIsLeftAlone) {
  const Address target = UnixAddress();
  LeaveStaleSocket(target.host);
  const Address link = UnixAddress();
  ASSERT_EQ(::symlink(target.host.c_str(), link.host.c_str()), 0);
  EXPECT_EQ(network().Listen(link, {}).status().code(), ErrorCode::kAddressInUse);
  EXPECT_TRUE(Exists(target.host));
  EXPECT_TRUE(Exists(link.host));
}

TEST_P(KernelOnly, AUnixListenersFileIsGoneAfterClose) {
  const Address address = UnixAddress();
  const Handle listener = Listen(address);
  EXPECT_TRUE(Exists(address.host));
  Close(listener);
  EXPECT_FALSE(Exists(address.host));
}

TEST_P(KernelOnly, AFileThatTookTheListenersPlaceSurvivesItsClose) {
  const Address address = UnixAddress();
  const Handle first = Listen(address);
  ASSERT_EQ(::unlink(address.host.c_str()), 0);
  const Handle second = Listen(address);
  Close(first);
  EXPECT_TRUE(Exists(address.host));
  Connect(address);
  EXPECT_TRUE(Accept(second).valid());
}

TEST_P(KernelOnly, AUnixSocketsFileGetsTheModeThatWasAsked) {
  for (const mode_t mode : {0600U, 0770U, 0777U}) {
    const Address address = UnixAddress();
    Own(network().Listen(address, {.backlog = 1, .unix_mode = mode}).value());
    struct stat facts {};
    ASSERT_EQ(::stat(address.host.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, mode);
  }
}

}  // namespace
}  // namespace reprise
