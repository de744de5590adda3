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
    Source{Site::kWaitFew, "epoll_wait(2): with more ready than maxevents, later calls report the others in turn"},
    Source{Site::kReadySpurious, "select(2), BUGS: reported readable, and then would-block, as after a wrong checksum"},
    Source{Site::kReadyLate, "RFC 1122 4.2.3.2: acknowledgements, which make room, are delayed up to 0.5 s"},
    Source{Site::kReadyReorder, "epoll_wait(2): no order is promised among what is ready"},
    Source{Site::kReadySplit, "kqueue(2): EVFILT_READ and EVFILT_WRITE are events of their own"},
    Source{Site::kReadyMerge, "select(2), BUGS: a direction may be reported that is not ready"},
    Source{Site::kReadyHangup, "epoll_ctl(2): EPOLLHUP and EPOLLERR are reported whatever was asked for"},
    Source{Site::kReadyRepeat, "epoll(7): several events may be generated for several pieces of data"},
    Source{Site::kReadyStale, "epoll(7), pitfalls: an event of a batch may be of a descriptor closed meanwhile"},
    Source{Site::kHandleReuse, "open(2): the lowest number that is not open"},
    Source{Site::kReadShort, "recv(2): any data available is returned, up to the amount asked for"},
    Source{Site::kReadWouldBlock, "select(2), BUGS: data that made it ready may be discarded"},
    Source{Site::kWriteShort, "write(2): fewer bytes than asked may be taken, for want of room or after a signal"},
    Source{Site::kWriteWouldBlock, "tcp(7), tcp_mem: under memory pressure buffers shrink"},
    Source{Site::kSegmentCut, "RFC 9293 3.8: a stream has no boundaries, and is cut as the sender sees fit"},
    Source{Site::kSegmentDelay, "RFC 6298 2: what is lost is sent again after a second or more"},
    Source{Site::kBufferSmallSend, "socket(7), SO_SNDBUF: down to 2,048 bytes with their accounting"},
    Source{Site::kBufferSmallReceive, "socket(7), SO_RCVBUF: down to 256 bytes with their accounting"},
    Source{Site::kPeerTrickle, "RFC 896: segments of one byte"},
    Source{Site::kConnReset, "RFC 9293 3.5.2: a reset, from either end or a device between, ends both directions"},
    Source{Site::kConnVanish, "RFC 1122 4.2.3.5 and 4.2.3.6: a peer that is silent, for minutes or for ever"},
    Source{Site::kConnClose, "RFC 9293 3.6: either side may close at any time"},
    Source{Site::kConnHalfClose, "RFC 9293 3.6: who has closed goes on receiving"},
    Source{Site::kPeerStall, "RFC 9293 3.8.6.1: a window may stay closed for as long as the receiver likes"},
    Source{Site::kResetDiscards, "RFC 9293 3.10.7.4: on a reset all segment queues should be flushed"},
    Source{Site::kConnectFail, "connect(2): ECONNREFUSED, ETIMEDOUT, ENETUNREACH; RFC 9293 3.10.7.3: a reset"},
    Source{Site::kConnectDelay, "tcp(7), tcp_syn_retries: a request to connect is sent again after 1, 2, 4 ... s"},
    Source{Site::kAcceptWouldBlock, "accept(2), NOTES: a connection may be gone again before it is accepted"},
    Source{Site::kAcceptAborted, "accept(2), ECONNABORTED"},
    Source{Site::kAcceptTooMany, "accept(2), EMFILE and ENFILE"},
    Source{Site::kAcceptNoMemory, "accept(2), ENOBUFS and ENOMEM"},
    Source{Site::kRegisterFail, "epoll_ctl(2), ENOSPC and ENOMEM"},
    Source{Site::kChangeFail, "epoll_ctl(2), ENOMEM"},
    Source{Site::kClockWallJump, "clock_gettime(2): CLOCK_REALTIME jumps when an administrator or NTP sets it"},
    Source{Site::kClockTimerLate, "epoll_wait(2): a timeout may be overrun by scheduling delays"},
    Source{Site::kClockSlowTurn, "sched(7): a process may be preempted at any time, for any time"},
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
