#include "proptests/reprise_sim/supervisor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "loop/check.h"
#include "proptests/reprise_sim/isolation.h"

namespace reprise {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kLookMs = 100;

bool WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    bytes.remove_prefix(written > 0 ? static_cast<size_t>(written) : 0);
  }
  return true;
}

// What a child has to say and has not sent yet. To send each report by itself would cost as much as a short run. It
// lies in memory that the parent sees, too, so that nothing is lost with a child that crashes.
class Outbox {
 public:
  Outbox() {
    void* const shared = mmap(nullptr, sizeof(Box), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED);
    box_ = static_cast<Box*>(shared);
  }
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;
  ~Outbox() { munmap(box_, sizeof(Box)); }

  // In the child. Answers false when nobody is there any more to read it.
  bool Put(int to, std::string_view bytes) {
    if (bytes.size() > sizeof box_->bytes - box_->size && !Send(to)) {
      return false;
    }
    if (bytes.size() > sizeof box_->bytes) {
      return WriteAll(to, bytes);
    }
    std::memcpy(box_->bytes + box_->size, bytes.data(), bytes.size());
    box_->size += bytes.size();
    return SteadyClock::now() - sent_at_ < kKept || Send(to);
  }
  bool Send(int to) {
    const bool sent = WriteAll(to, left());
    box_->size = 0;
    sent_at_ = SteadyClock::now();
    return sent;
  }

  // In the parent, of a child that has ended.
  std::string_view left() const { return {box_->bytes, box_->size}; }
  void Clear() { box_->size = 0; }

 private:
  static constexpr auto kKept = std::chrono::milliseconds(5);
  struct Box {
    size_t size;
    char bytes[64 * 1024 - sizeof(size_t)];
  };

  Box* box_;
  SteadyClock::time_point sent_at_ = SteadyClock::now();
};

// A child process that plays every `step`th run from `next` on.
class Worker {
 public:
  Worker(const Supervision& supervision, uint32_t index) : supervision_(supervision), next_(supervision.first + index) {
    finished_ = next_ > supervision_.last;
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() { End(); }

  bool finished() const { return finished_; }
  int descriptor() const { return descriptor_; }

  bool Start(const std::function<std::string(uint64_t)>& play) {
    int ends[2];
    if (pipe(ends) != 0) {
      return false;
    }
    std::fflush(nullptr);
    outbox_.Clear();
    const pid_t parent = getpid();
    child_ = fork();
    if (child_ < 0) {
      close(ends[0]);
      close(ends[1]);
      return false;
    }
    if (child_ == 0) {
      close(ends[0]);
      EndWithParent(parent);
      errors_.Redirect();
      Play(ends[1], play);
    }
    close(ends[1]);
    descriptor_ = ends[0];
    received_.clear();
    busy_since_ = SteadyClock::now();
    return true;
  }

  // Takes in what has come. Answers false when the child has closed its end.
  bool Receive() {
    char buffer[64 * 1024];
    const ssize_t count = read(descriptor_, buffer, sizeof buffer);
    if (count <= 0) {
      return count < 0 && errno == EINTR;
    }
    received_.append(buffer, static_cast<size_t>(count));
    return true;
  }

  // Hands out the reports that are whole. Answers false when `ended` did.
  bool HandOut(const std::function<bool(const Ended&)>& ended) {
    size_t at = 0;
    bool go_on = true;
    while (go_on && received_.size() - at >= sizeof(Head)) {
      Head head;
      std::memcpy(&head, received_.data() + at, sizeof head);
      if (received_.size() - at - sizeof head < head.bytes) {
        break;
      }
      const std::string_view report = std::string_view(received_).substr(at + sizeof head, head.bytes);
      at += sizeof head + head.bytes;
      if (finished_ || head.run != next_) {
        continue;  // a child was ended as it sent what it had kept, which has come twice
      }
      go_on = ended(Ended{next_, Ended::How::kReported, report, {}, {}});
      Advance();
    }
    received_.erase(0, at);
    return go_on;
  }

  bool TimedOut() const {
    return SteadyClock::now() - busy_since_ > std::chrono::seconds(supervision_.run_seconds_max);
  }

  // The child has ended, or is to be ended for having taken too long; says what there is to say of its present run.
  bool Bury(bool timed_out, const std::function<bool(const Ended&)>& ended) {
    if (timed_out) {
      kill(child_, SIGKILL);
    }
    int status = 0;
    while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    child_ = -1;
    while (Receive()) {
    }
    close(descriptor_);
    descriptor_ = -1;
    received_ += outbox_.left();
    const std::string errors = errors_.Take();
    fmt::print(stderr, "{}", errors);
    if (!HandOut(ended)) {
      return false;
    }
    if (finished_ && status == 0) {
      return true;
    }
    std::string details = timed_out ? fmt::format("it took more than {} s", supervision_.run_seconds_max)
                          : WIFSIGNALED(status)
                              ? fmt::format("ended by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)))
                              : fmt::format("ended with code {}", WEXITSTATUS(status));
    const Ended::How how = timed_out ? Ended::How::kTimedOut : Ended::How::kCrashed;
    // A child that comes to a bad end after its last run has leaked memory in one of them.
    const uint64_t run = finished_ ? supervision_.last : next_;
    if (const std::string line = TellingLine(errors); !timed_out && !line.empty()) {
      details += ": " + line;
    }
    const bool go_on = ended(Ended{run, how, {}, details, errors});
    Advance();
    return go_on;
  }

 private:
  // What stands before a report.
  struct Head {
    uint64_t run;
    uint64_t bytes;
  };

  [[noreturn]] void Play(int to, const std::function<std::string(uint64_t)>& play) {
    for (uint64_t run = next_; run <= supervision_.last; run += supervision_.jobs) {
      const std::string report = play(run);
      const Head head{run, report.size()};
      std::string frame(sizeof head, '\0');
      std::memcpy(frame.data(), &head, sizeof head);
      if (!outbox_.Put(to, frame + report) || supervision_.last - run < supervision_.jobs) {
        break;  // the last run may be the largest number that there is
      }
    }
    (void)outbox_.Send(to);
    std::exit(0);
  }

  void Advance() {
    busy_since_ = SteadyClock::now();
    finished_ = finished_ || supervision_.last - next_ < supervision_.jobs;
    next_ += supervision_.jobs;
  }

  void End() {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      int status = 0;
      while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
      }
    }
    if (descriptor_ >= 0) {
      close(descriptor_);
    }
  }

  const Supervision& supervision_;
  ErrorOutput errors_;
  Outbox outbox_;
  uint64_t next_;
  bool finished_ = false;
  pid_t child_ = -1;
  int descriptor_ = -1;
  std::string received_;
  SteadyClock::time_point busy_since_;
};

}  // namespace

bool Supervise(const Supervision& supervision, const std::function<std::string(uint64_t run)>& play,
               const std::function<bool(const Ended&)>& ended) {
  std::vector<std::unique_ptr<Worker>> workers;
  for (uint32_t i = 0; i < supervision.jobs; ++i) {
    auto worker = std::make_unique<Worker>(supervision, i);
    if (worker->finished()) {
      break;
    }
    if (!worker->Start(play)) {
      return false;
    }
    workers.push_back(std::move(worker));
  }
  while (!workers.empty()) {
    std::vector<pollfd> watched;
    watched.reserve(workers.size());
    for (const auto& worker : workers) {
      watched.push_back({worker->descriptor(), POLLIN, 0});
    }
    (void)poll(watched.data(), watched.size(), kLookMs);
    if (supervision.enough && supervision.enough()) {
      return true;
    }
    for (size_t i = workers.size(); i > 0; --i) {
      Worker& worker = *workers[i - 1];
      const bool ready = watched[i - 1].revents != 0;
      const bool open = !ready || worker.Receive();
      if (!worker.HandOut(ended)) {
        return true;
      }
      const bool timed_out = open && !worker.finished() && worker.TimedOut();
      if (open && !timed_out) {
        continue;
      }
      if (!worker.Bury(timed_out, ended)) {
        return true;
      }
      if (worker.finished()) {
        workers.erase(workers.begin() + static_cast<std::ptrdiff_t>(i - 1));
      } else if (!worker.Start(play)) {
        return false;
      }
    }
  }
  return true;
}

int64_t CpuMilliseconds() {
  int64_t micros = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    (void)getrusage(who, &usage);
    micros +=
        (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1'000'000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
  }
  return micros / 1000;
}

}  // namespace reprise
