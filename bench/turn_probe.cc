// turn_probe: a library to be preloaded into any server that waits with epoll_wait, which finds the longest turn of its
// loop: from the return of one wait to the call of the next.
//
// CPU time of the thread is what counts: a turn that was interrupted by another process is not the server's own doing.
// What the kernel does for others in its interrupts, and what the host takes from a virtual machine, is in it all the
// same. So it is told as well what the longest turn asked of the kernel's memory management, which is what makes a turn
// long beside the work itself: its page faults, and the bytes that it gave back. The counts lie in a file
// (REPRISE_TURN_PROBE) that is mapped into memory, where tools/bench reads and clears them while the server runs.
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>

namespace {

// Read by harness/turns.py.
struct Counts {
  uint64_t turns;
  uint64_t cpu_ns_max;
  uint64_t wall_ns_max;
  uint64_t by_cpu_log2[64];  // turns that took from 2^i ns up to twice that
  uint64_t longest_faults;   // of the turn that took cpu_ns_max
  uint64_t longest_given_back_bytes;
  uint64_t faults;  // of all turns
  uint64_t given_back_bytes_max;
  uint64_t giving_back_ns_max;  // CPU time of a turn in the calls that give memory back
};

int64_t Nanos(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * int64_t{1'000'000'000} + now.tv_nsec;
}

uint64_t PageFaults() {
  rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  return static_cast<uint64_t>(usage.ru_minflt + usage.ru_majflt);
}

// The one place where state may outlive a call: the library is a guest in someone else's program.
class Probe {
 public:
  Probe() {
    wait_ = reinterpret_cast<Wait>(dlsym(RTLD_NEXT, "epoll_wait"));
    advise_ = reinterpret_cast<Advise>(dlsym(RTLD_NEXT, "madvise"));
    unmap_ = reinterpret_cast<Unmap>(dlsym(RTLD_NEXT, "munmap"));
    const char* const path = std::getenv("REPRISE_TURN_PROBE");
    if (path == nullptr) return;
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, sizeof(Counts)) != 0) return;
    void* const memory = mmap(nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (memory != MAP_FAILED) counts_ = static_cast<Counts*>(memory);
  }

  int WaitAndTime(int epoll, epoll_event* events, int max, int timeout_ms) {
    if (counts_ != nullptr && cpu_ns_ != 0) {
      const auto cpu_ns = static_cast<uint64_t>(Nanos(CLOCK_THREAD_CPUTIME_ID) - cpu_ns_);
      const auto wall_ns = static_cast<uint64_t>(Nanos(CLOCK_MONOTONIC) - wall_ns_);
      const uint64_t faults = PageFaults() - faults_;
      ++counts_->turns;
      counts_->faults += faults;
      if (cpu_ns > counts_->cpu_ns_max) {
        counts_->cpu_ns_max = cpu_ns;
        counts_->longest_faults = faults;
        counts_->longest_given_back_bytes = given_back_bytes_;
      }
      counts_->given_back_bytes_max = std::max(counts_->given_back_bytes_max, given_back_bytes_);
      counts_->giving_back_ns_max = std::max(counts_->giving_back_ns_max, giving_back_ns_);
      counts_->wall_ns_max = std::max(counts_->wall_ns_max, wall_ns);
      ++counts_->by_cpu_log2[cpu_ns == 0 ? 0 : std::bit_width(cpu_ns) - 1];
    }
    const int result = wait_(epoll, events, max, timeout_ms);
    thread_ = pthread_self();
    given_back_bytes_ = 0;
    giving_back_ns_ = 0;
    faults_ = PageFaults();
    cpu_ns_ = Nanos(CLOCK_THREAD_CPUTIME_ID);
    wall_ns_ = Nanos(CLOCK_MONOTONIC);
    return result;
  }

  int AdviseAndTime(void* memory, size_t bytes, int advice) {
    return GiveBack(bytes, [&] { return advise_(memory, bytes, advice); });
  }
  int UnmapAndTime(void* memory, size_t bytes) {
    return GiveBack(bytes, [&] { return unmap_(memory, bytes); });
  }

 private:
  using Wait = int (*)(int, epoll_event*, int, int);
  using Advise = int (*)(void*, size_t, int);
  using Unmap = int (*)(void*, size_t);

  template <typename Call>
  int GiveBack(size_t bytes, Call&& call) {
    if (!pthread_equal(pthread_self(), thread_)) return call();
    const int64_t before_ns = Nanos(CLOCK_THREAD_CPUTIME_ID);
    const int result = call();
    giving_back_ns_ += static_cast<uint64_t>(Nanos(CLOCK_THREAD_CPUTIME_ID) - before_ns);
    given_back_bytes_ += bytes;
    return result;
  }

  Wait wait_;
  Advise advise_;
  Unmap unmap_;
  Counts* counts_ = nullptr;
  pthread_t thread_ = {};  // that waits
  int64_t cpu_ns_ = 0;
  int64_t wall_ns_ = 0;
  uint64_t faults_ = 0;
  uint64_t given_back_bytes_ = 0;
  uint64_t giving_back_ns_ = 0;
};

Probe& TheProbe() {
  static Probe probe;
  return probe;
}

}  // namespace

extern "C" int epoll_wait(int epoll, epoll_event* events, int max, int timeout_ms) {
  return TheProbe().WaitAndTime(epoll, events, max, timeout_ms);
}

extern "C" int madvise(void* memory, size_t bytes, int advice) noexcept {
  return TheProbe().AdviseAndTime(memory, bytes, advice);
}

extern "C" int munmap(void* memory, size_t bytes) noexcept { return TheProbe().UnmapAndTime(memory, bytes); }
