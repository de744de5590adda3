#include "proptests/reprise_sim/isolation.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "loop/check.h"

namespace reprise {
namespace {

using SteadyClock = std::chrono::steady_clock;

bool SendAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) {
      return false;
    }
    bytes.remove_prefix(sent > 0 ? static_cast<size_t>(sent) : 0);
  }
  return true;
}

bool SendFrame(int descriptor, std::string_view bytes) {
  const auto size = static_cast<uint64_t>(bytes.size());
  std::string head(sizeof size, '\0');
  std::memcpy(head.data(), &size, sizeof size);
  return SendAll(descriptor, head) && SendAll(descriptor, bytes);
}

constexpr int64_t kWatchMs = 100;

// How long to wait for bytes, and who may break it off.
struct Patience {
  std::optional<SteadyClock::time_point> until = {};
  std::function<bool()> go_on = {};
};

enum class Received : uint8_t { kAll, kEnd, kTimedOut, kStopped };

// Waits until something can be read (kAll).
Received AwaitBytes(int descriptor, const Patience& patience) {
  for (;;) {
    int64_t wait_ms = patience.go_on ? kWatchMs : -1;
    if (patience.until) {
      const auto left = *patience.until - SteadyClock::now();
      const int64_t left_ms = std::chrono::duration_cast<std::chrono::milliseconds>(left).count();
      if (left_ms <= 0) {
        return Received::kTimedOut;
      }
      wait_ms = std::min(left_ms, patience.go_on ? kWatchMs : int64_t{60'000});
    }
    pollfd watched{descriptor, POLLIN, 0};
    const int ready = poll(&watched, 1, static_cast<int>(wait_ms));
    if (ready > 0) {
      return Received::kAll;
    }
    if (patience.go_on && !patience.go_on()) {
      return Received::kStopped;
    }
  }
}

Received ReceiveExactly(int descriptor, char* to, size_t size, const Patience& patience) {
  while (size > 0) {
    if (const Received awaited = AwaitBytes(descriptor, patience); awaited != Received::kAll) {
      return awaited;
    }
    const ssize_t count = read(descriptor, to, size);
    if (count == 0 || (count < 0 && errno != EINTR)) {
      return Received::kEnd;
    }
    to += count > 0 ? count : 0;
    size -= count > 0 ? static_cast<size_t>(count) : 0;
  }
  return Received::kAll;
}

Received ReceiveFrame(int descriptor, std::string& bytes, const Patience& patience) {
  uint64_t size = 0;
  char head[sizeof size];
  if (const Received received = ReceiveExactly(descriptor, head, sizeof head, patience); received != Received::kAll) {
    return received;
  }
  std::memcpy(&size, head, sizeof size);
  bytes.resize(size);
  return ReceiveExactly(descriptor, bytes.data(), bytes.size(), patience);
}

// SIGPROF ends the process after so much of its own time; 0: never.
void SetCpuTimer(int64_t milliseconds) {
  itimerval timer{};
  timer.it_value.tv_sec = milliseconds / 1000;
  timer.it_value.tv_usec = milliseconds % 1000 * 1000;
  (void)setitimer(ITIMER_PROF, &timer, nullptr);
}

}  // namespace

ErrorOutput::ErrorOutput() : file_(std::tmpfile()) { CHECK(file_ != nullptr); }

ErrorOutput::~ErrorOutput() { std::fclose(file_); }

void ErrorOutput::Redirect() const { (void)dup2(fileno(file_), STDERR_FILENO); }

std::string ErrorOutput::Take() const {
  const int descriptor = fileno(file_);
  std::string text;
  char buffer[4096];
  ssize_t count = 0;
  while ((count = pread(descriptor, buffer, sizeof buffer, static_cast<off_t>(text.size()))) > 0) {
    text.append(buffer, static_cast<size_t>(count));
  }
  (void)(ftruncate(descriptor, 0) == 0 && lseek(descriptor, 0, SEEK_SET) == 0);
  return text;
}

std::string TellingLine(std::string_view errors) {
  static constexpr std::array<std::string_view, 4> kSigns = {"CHECK failed",
                                                             "SUMMARY: ", "runtime error: ", "Assertion "};
  while (!errors.empty()) {
    const std::string_view line = errors.substr(0, errors.find('\n'));
    errors.remove_prefix(std::min(errors.size(), line.size() + 1));
    for (const std::string_view sign : kSigns) {
      if (line.find(sign) != std::string_view::npos) {
        return std::string(line);
      }
    }
  }
  return {};
}

void EndWithParent(int64_t parent) {
#ifdef __linux__
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (getppid() != static_cast<pid_t>(parent)) {
    std::_Exit(1);  // it has gone before it could be asked for
  }
}

Isolation::Isolation(Play play, Watch watch) : play_(std::move(play)), watch_(std::move(watch)) {
  void* const shared = mmap(nullptr, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK(shared != MAP_FAILED);
  mark_ = static_cast<uint64_t*>(shared);
}

Isolation::~Isolation() {
  if (child_ > 0) {
    Answer ignored;
    Bury(true, 0, ignored);
  }
  munmap(const_cast<uint64_t*>(mark_), sizeof(uint64_t));
}

bool Isolation::Start() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
    return false;
  }
  std::fflush(nullptr);
  const pid_t parent = getpid();
  child_ = fork();
  if (child_ == 0) {
    close(ends[0]);
    EndWithParent(parent);
    Serve(ends[1]);
  }
  close(ends[1]);
  if (child_ < 0) {
    close(ends[0]);
    return false;
  }
  descriptor_ = ends[0];
  return true;
}

void Isolation::Child::AnswerAndEnd(std::string_view report) const {
  std::fflush(nullptr);
  (void)SendFrame(descriptor_, report);
  std::_Exit(0);  // nothing of the run that was broken off is to be torn down
}

void Isolation::Child::LimitCpu(int64_t milliseconds) const { SetCpuTimer(milliseconds); }

void Isolation::Serve(int descriptor) {
  errors_.Redirect();
  const rlimit no_core{0, 0};  // many runs end badly, and a dump of each takes longer than the run
  (void)setrlimit(RLIMIT_CORE, &no_core);
  std::string request;
  while (ReceiveFrame(descriptor, request, {}) == Received::kAll) {
    const std::string report = play_(request, Child(descriptor, *mark_));
    SetCpuTimer(0);
    std::fflush(nullptr);
    if (!SendFrame(descriptor, report)) {
      break;
    }
  }
  std::exit(0);  // where a sanitizer looks for leaks
}

void Isolation::Bury(bool made_to, int64_t seconds_max, Answer& answer) {
  if (made_to) {
    kill(static_cast<pid_t>(child_), SIGKILL);
  }
  int status = 0;
  while (waitpid(static_cast<pid_t>(child_), &status, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
  close(descriptor_);
  descriptor_ = -1;
  answer.errors = errors_.Take();
  if (!made_to && status == 0) {
    return;
  }
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF) {
    answer.how = Answer::How::kTimedOut;
    answer.details = "it took more of the processor's time than it may";
    return;
  }
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE) {
    // Nobody reads our output any more: it is no verdict on a run. We end as any program does then.
    (void)signal(SIGPIPE, SIG_DFL);
    (void)raise(SIGPIPE);
  }
  answer.how = made_to ? Answer::How::kTimedOut : Answer::How::kCrashed;
  answer.details = made_to ? fmt::format("it took more than {} s", seconds_max)
                   : WIFSIGNALED(status)
                       ? fmt::format("ended by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)))
                       : fmt::format("ended with code {}", WEXITSTATUS(status));
  const std::string line = TellingLine(answer.errors);
  if (!made_to && !line.empty()) {
    answer.details += ": " + line;
  }
}

Isolation::Answer Isolation::Finish(int64_t seconds_max) {
  Answer answer;
  if (child_ < 0) {
    return answer;
  }
  (void)shutdown(descriptor_, SHUT_WR);
  std::string nothing;
  const Patience patience{SteadyClock::now() + std::chrono::seconds(seconds_max)};
  Bury(ReceiveFrame(descriptor_, nothing, patience) == Received::kTimedOut, seconds_max, answer);
  return answer;
}

Isolation::Answer Isolation::Ask(std::string_view request, int64_t seconds_max) {
  Answer answer;
  if (child_ < 0 && !Start()) {
    answer.how = Answer::How::kCrashed;
    answer.details = "no process can be had";
    return answer;
  }
  *mark_ = 0;
  Patience patience{SteadyClock::now() + std::chrono::seconds(seconds_max)};
  if (watch_) {
    patience.go_on = [this] { return watch_(*mark_); };
  }
  Received received = Received::kEnd;
  if (SendFrame(descriptor_, request)) {
    received = ReceiveFrame(descriptor_, answer.report, patience);
  }
  if (received == Received::kAll) {
    answer.errors = errors_.Take();
  } else {
    answer.report.clear();
    Bury(received == Received::kTimedOut || received == Received::kStopped, seconds_max, answer);
    if (received == Received::kStopped) {
      answer.how = Answer::How::kStopped;
      answer.details = "it was stopped";
    } else if (answer.how == Answer::How::kReported) {
      answer.how = Answer::How::kCrashed;
      answer.details = "ended in the middle of a run, with code 0";
    }
  }
  answer.mark = *mark_;
  return answer;
}

}  // namespace reprise
