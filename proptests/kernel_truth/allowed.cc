#include "proptests/kernel_truth/allowed.h"

#include <array>

#include "loop/check.h"
#include "proptests/kernel_truth/player.h"
#include "proptests/kernel_truth/stage.h"
#include "sim/seeded_source.h"
#include "sim/sim_world.h"

namespace reprise::kernel_truth {
namespace {

struct Source {
  Site site;
  std::string_view text;
};

constexpr std::array kSources = {
    Source{Site::kWaitInterrupted, "epoll_wait(2), EINTR; kevent(2), EINTR"},
    Source{Site::kWaitLate, "epoll_wait(2): the interval is rounded up, and scheduling delays may overrun it"},
    Source{Site::kWaitFew,
           "epoll_wait(2), NOTES: with more ready than maxevents, later calls report the others in turn"},
    Source{Site::kReadySpurious,
           "select(2), BUGS: reported readable, and then reading blocks, as after a wrong checksum"},
    Source{Site::kReadyLate, "RFC 9293 3.8.6.3: acknowledgements, which make room, may be delayed by less than 0.5 s"},
    Source{Site::kReadyReorder, "epoll_wait(2), NOTES: goes round in turn; no order is promised among what is ready"},
    Source{Site::kReadySplit,
           "kqueue(2): an event is known by its descriptor and filter, so reading and writing are two"},
    Source{Site::kReadyMerge,
           "select(2), BUGS: there may be other circumstances in which what is not ready is reported"},
    Source{Site::kReadyHangup, "epoll_ctl(2): EPOLLHUP and EPOLLERR are always reported, and need not be asked for"},
    Source{Site::kReadyRepeat, "epoll(7): several pieces of data may come as several events, even edge-triggered"},
    Source{Site::kReadyStale,
           "epoll(7), pitfalls, event cache: an event of a batch may be of a descriptor closed meanwhile"},
    Source{Site::kHandleReuse, "socket(2): the lowest number that is not open"},
    Source{Site::kReadShort, "recv(2): any data available is returned, up to the amount asked for"},
    Source{Site::kReadWouldBlock,
           "select(2), BUGS: the data that made it readable may be discarded for a wrong checksum"},
    Source{Site::kWriteShort, "write(2): fewer bytes than asked may be taken, for want of room or after a signal"},
    Source{Site::kWriteWouldBlock, "tcp(7), tcp_mem: under pressure TCP moderates its memory"},
    Source{Site::kSegmentCut, "RFC 9293 3.7: segments need not correspond to writes, nor to reads"},
    Source{Site::kSegmentDelay,
           "RFC 6298 2.4, 5.4 and 5.5: what is lost is sent again after a second, then two, four ..."},
    Source{Site::kBufferSmallSend, "socket(7), SO_SNDBUF: at least 2,048 bytes, bookkeeping included"},
    Source{Site::kBufferSmallReceive, "socket(7), SO_RCVBUF: at least 256 bytes, bookkeeping included"},
    Source{Site::kPeerTrickle, "RFC 896, the small-packet problem: packets with one byte of data"},
    Source{Site::kConnReset,
           "RFC 9293 3.5.3: a reset aborts the connection; iptables-extensions(8): a device between may send one"},
    Source{Site::kConnVanish,
           "RFC 9293 3.8.3 and 3.8.4: given up on after 100 s or more of sending again, or by keep-alives, if at all"},
    Source{Site::kConnClose, "RFC 9293 3.6: either user may close, at any time"},
    Source{Site::kConnHalfClose, "RFC 9293 3.6: who has closed may go on receiving until the other closes"},
    Source{Site::kPeerStall, "RFC 9293 3.8.6.1: a receiver may keep its window closed indefinitely"},
    Source{Site::kResetDiscards, "RFC 9293 3.10.7.4, second: on a reset all segment queues should be flushed"},
    Source{Site::kConnectFail, "connect(2): ECONNREFUSED, ETIMEDOUT, ENETUNREACH; RFC 9293 3.10.7.3, second: a reset"},
    Source{Site::kConnectDelay,
           "tcp(7), tcp_syn_retries: six times, over 127 s; RFC 6298 2.1 and 5.5: after 1, 2, 4 ... s"},
    Source{Site::kAcceptWouldBlock,
           "accept(2), NOTES: a connection may be removed by a network error before it is accepted"},
    Source{Site::kAcceptAborted, "accept(2), ECONNABORTED"},
    Source{Site::kAcceptTooMany, "accept(2), EMFILE and ENFILE"},
    Source{Site::kAcceptNoMemory, "accept(2), ENOBUFS and ENOMEM"},
    Source{Site::kRegisterFail, "epoll_ctl(2), ENOSPC and ENOMEM"},
    Source{Site::kChangeFail, "epoll_ctl(2), ENOMEM"},
    Source{Site::kClockWallJump,
           "clock_gettime(2): CLOCK_REALTIME jumps when it is set, and goes back for a leap second"},
    Source{Site::kClockTimerLate, "epoll_wait(2): the time may be overrun, for its granularity and scheduling delays"},
    Source{Site::kClockSlowTurn, "sched(7): all scheduling is preemptive"},
    Source{Site::kClockTie, "RFC 791 1.2: datagrams are independent of each other, so those of two connections are"},
    Source{Site::kProcessKill, "signal(7), SIGKILL; _exit(2): the descriptors of a process that ends are closed"},
    Source{Site::kProcessPowerLoss, "RFC 9293 3.5.1: an end that has lost its memory answers what arrives by a reset"},
    Source{Site::kProcessDown, "systemd.service(5), RestartSec: a service is started again after a time"},
};

struct Cause {
  std::string_view act;  // empty: any
  std::string_view outcome;
  Site site;
};

constexpr std::array kCauses = {
    Cause{"accept", "too many open handles", Site::kAcceptTooMany},
    Cause{"accept", "out of memory", Site::kAcceptNoMemory},
    Cause{"accept", "connection aborted", Site::kAcceptAborted},
    Cause{"watch", "out of memory", Site::kChangeFail},
    Cause{"write", "ok, in part", Site::kWriteShort},
    Cause{"gather", "ok, in part", Site::kWriteShort},
    Cause{"relieve", "connection reset", Site::kConnReset},
    Cause{"result", "would block", Site::kConnectDelay},
    Cause{"half_close", "not connected", Site::kConnReset},
    // A connect that failed, and is then read from or written to.
    Cause{"", "timed out", Site::kConnectFail},
    Cause{"", "unreachable", Site::kConnectFail},
    Cause{"", "connection refused", Site::kConnectFail},
    Cause{"", "not connected", Site::kConnectDelay},
    Cause{"", "would block, not all was there", Site::kSegmentDelay},
    Cause{"", "connection reset, not all was there", Site::kConnReset},
    Cause{"", "end of stream, not all was there", Site::kConnReset},
    Cause{"", "not connected, not all was there", Site::kConnectDelay},
};

// A world with the faults of a seed. Time passes as it does for a program that now and then waits.
class FaultyStage : public Stage {
 public:
  explicit FaultyStage(uint64_t seed) : source_(seed), world_(source_, ProfileOf(seed), Options()) {}

  Network& network() override { return world_.network(); }
  Poller& poller() override { return world_.poller(); }
  Address ListenerAddress() override { return {Address::Family::kIpv4, "127.0.0.1", 0}; }
  void BeginOperation(uint64_t) override { Pass(); }
  std::optional<int64_t> AwaitUntil(uint64_t round) override {
    constexpr uint64_t kRounds = 20;
    if (round == kRounds) return std::nullopt;
    return world_.clock().MonotonicNanos() + kNanosPerMilli;
  }
  bool GoesOn(uint64_t round) override {
    constexpr uint64_t kRounds = 20;
    Pass();
    return round < kRounds;
  }
  uint64_t NeverFullBytes() const override { return 1U << 20U; }

 private:
  // The player takes for granted that it can watch what it has.
  static SwarmProfile ProfileOf(uint64_t seed) {
    SwarmProfile profile = SwarmProfile::FromSeed(seed);
    profile.SetRate(Site::kRegisterFail, 0);
    return profile;
  }
  static SimOptions Options() {
    SimOptions options;
    options.turn_ns = kNanosPerMilli;
    return options;
  }
  void Pass() {
    std::array<Event, 1> events;
    (void)world_.poller().Wait(events, 0);
  }

  SeededSource source_;
  SimWorld world_;
};

}  // namespace

std::string_view SourceOf(Site site) {
  for (const Source& source : kSources) {
    if (source.site == site) return source.text;
  }
  CHECK(false);  // a fault that nobody has said can happen
}

std::optional<Site> FaultBehind(const std::string& act, const std::string& outcome) {
  for (const Cause& cause : kCauses) {
    if ((cause.act.empty() || cause.act == act) && cause.outcome == outcome) return cause.site;
  }
  return std::nullopt;
}

History PlayUnderFaults(const History& history, uint64_t seed) {
  FaultyStage stage(seed);
  Player player(stage);
  History played;
  for (size_t i = 0; i < history.size(); ++i) {
    stage.BeginOperation(i);
    if (!player.CanPlay(history[i].operation)) continue;
    played.push_back({history[i].operation, player.Play(history[i].operation)});
  }
  return played;
}

std::vector<OnlySimulated> OnlyIn(const Coverage& simulated, const Coverage& kernel) {
  std::vector<OnlySimulated> only;
  for (const auto& [key, count] : simulated.counts()) {
    if (!kernel.counts().contains(key)) only.push_back({key.first, key.second, count});
  }
  return only;
}

}  // namespace reprise::kernel_truth
