// turn_probe: a library to be preloaded into any server that waits with epoll_wait, which finds the longest turn of its
// loop: from the return of one wait to the call of the next.
//
// CPU time of the thread is what counts: a turn that was interrupted by another process is not the server's own doing.
// What the kernel does for others in its interrupts, and what the host takes from a virtual machine, is in it all the
// same; so the page faults of the longest turn are told too: memory that is touched for the first time is what makes a
// turn long beside the work itself. The counts lie in a file (REPRISE_TURN_PROBE) that is mapped into memory, where tools/bench reads and clears them
// while the server runs.
#include <dlfcn.h>
#include <fcntl.h>
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
  uint64_t faults;           // of all turns
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
      }
      counts_->wall_ns_max = std::max(counts_->wall_ns_max, wall_ns);
      ++counts_->by_cpu_log2[cpu_ns == 0 ? 0 : std::bit_width(cpu_ns) - 1];
    }
    const int result = wait_(epoll, events, max, timeout_ms);
    faults_ = PageFaults();
    cpu_ns_ = Nanos(CLOCK_THREAD_CPUTIME_ID);
    wall_ns_ = Nanos(CLOCK_MONOTONIC);
    return result;
  }

 private:
  using Wait = int (*)(int, epoll_event*, int, int);

  Wait wait_;
  Counts* counts_ = nullptr;
  int64_t cpu_ns_ = 0;
  int64_t wall_ns_ = 0;
  uint64_t faults_ = 0;
};

}  // namespace

extern "C" int epoll_wait(int epoll, epoll_event* events, int max, int timeout_ms) {
  static Probe probe;
  return probe.WaitAndTime(epoll, events, max, timeout_ms);
}
