#include "sim/fault_sites.h"

#include <array>

#include "loop/check.h"

namespace reprise {
namespace {

using enum Site;
using enum SiteGroup;

constexpr std::array<std::string_view, kSiteGroupCount> kGroupNames = {"readiness", "bytes",   "connections",
                                                                       "clock",     "process", "workload"};

constexpr std::array<SiteFacts, kSiteCount> kFacts = {{
    {kWaitInterrupted, kReadiness, "wait.interrupted", "Wait returns nothing, at once, though something may be ready",
     200, 8000},
    {kWaitLate, kReadiness, "wait.late", "the program is woken V microseconds after the first event, with more at once",
     500, 20000},
    {kWaitFew, kReadiness, "wait.few", "only V of the ready handles are reported now, the others later", 500, 20000},
    {kReadySpurious, kReadiness, "ready.spurious", "the Vth watched handle is reported ready though it is not", 200,
     6000},
    {kReadyLate, kReadiness, "ready.late", "a ready handle is not reported for V microseconds", 200, 8000},
    {kReadyReorder, kReadiness, "ready.reorder", "an event changes places with the Vth after it", 1000, 30000},
    {kReadySplit, kReadiness, "ready.split", "1: readable and writable arrive as two events, 2: writable first", 2000,
     50000},
    {kReadyMerge, kReadiness, "ready.merge", "a handle ready in one direction is reported for both it is watched for",
     200, 10000},
    {kReadyHangup, kReadiness, "ready.hangup",
     "the peer's end is reported with data still unread, in all directions, or to a handle watched for none", 2000,
     50000},
    {kReadyRepeat, kReadiness, "ready.repeat", "an event is reported twice in a row", 200, 8000},
    {kReadyStale, kReadiness, "ready.stale", "an event comes for a registration that was ended, the Vth from the last",
     1000, 40000},
    {kHandleReuse, kReadiness, "handle.reuse", "a new handle gets the number that was closed last", 16000, 65536},
    {kReadShort, kBytes, "read.short", "a read returns only V of the bytes that are there", 500, 30000},
    {kReadWouldBlock, kBytes, "read.would_block", "a read answers would-block though bytes are there", 200, 10000},
    {kWriteShort, kBytes, "write.short", "a write takes only V bytes", 500, 30000},
    {kWriteWouldBlock, kBytes, "write.would_block", "a write answers would-block though there is room", 200, 10000},
    {kSegmentCut, kBytes, "segment.cut", "what is sent from this offset on is cut after V bytes", 500, 40000},
    {kSegmentDelay, kBytes, "segment.delay", "a segment takes longer, by the Vth step of a growing scale", 200, 8000},
    {kBufferSmallSend, kBytes, "buffer.small_send", "a direction's send buffer is small: 16384 >> V bytes", 4000,
     32000},
    {kBufferSmallReceive, kBytes, "buffer.small_receive", "a direction's receive buffer is small: 16384 >> V bytes",
     4000, 32000},
    {kPeerTrickle, kBytes, "peer.trickle", "a peer's first V*16 bytes on a connection arrive one at a time", 1000,
     12000},
    {kConnReset, kConnections, "conn.reset", "the connection is torn down, for both sides at once", 20, 800},
    {kConnVanish, kConnections, "conn.vanish", "nothing passes between the peer and the program any more", 10, 300},
    {kConnClose, kConnections, "conn.close", "the peer closes, whatever was left to be said", 20, 800},
    {kConnHalfClose, kConnections, "conn.half_close",
     "the peer ends its direction after what it has sent, and goes on reading", 20, 800},
    {kPeerStall, kConnections, "peer.stall", "the peer stops reading for V*10 milliseconds", 50, 1500},
    {kResetDiscards, kConnections, "reset.discards", "a reset takes the bytes with it that were there but not read",
     8000, 50000},
    {kConnectFail, kConnections, "connect.fail", "a connect fails: 1 refused, 2 timed out, 3 unreachable, 4 reset", 200,
     6000},
    {kConnectDelay, kConnections, "connect.delay", "a connect takes longer, by the Vth step of a growing scale", 500,
     12000},
    {kAcceptWouldBlock, kConnections, "accept.would_block", "accept answers would-block though a connection waits", 500,
     12000},
    {kAcceptAborted, kConnections, "accept.aborted", "the connection that waited first is gone: ECONNABORTED", 200,
     6000},
    {kAcceptTooMany, kConnections, "accept.too_many",
     "accept fails with EMFILE or ENFILE, the connection keeps waiting", 200, 8000},
    {kAcceptNoMemory, kConnections, "accept.no_memory", "accept fails for want of memory, the connection keeps waiting",
     100, 4000},
    {kRegisterFail, kConnections, "register.fail", "Register fails: 1 too many handles, 2 out of memory", 50, 2000},
    {kChangeFail, kConnections, "change.fail", "Change fails for want of memory", 50, 2000},
    {kClockWallJump, kClock, "clock.wall_jump", "wall time jumps: odd V forwards, even V back, growing with V", 100,
     4000},
    {kClockTimerLate, kClock, "clock.timer_late", "a wait ends V*100 microseconds after its deadline", 1000, 30000},
    {kClockSlowTurn, kClock, "clock.slow_turn",
     "a turn of the program takes longer, by the Vth step of a growing scale", 500, 12000},
    {kClockTie, kClock, "clock.tie",
     "of several clients for whom something happens at one moment, the Vth further one comes first", 8000, 50000},
    {kProcessKill, kProcess, "process.kill",
     "the process is killed before its Vth operation of a turn, or before it waits again", 10, 240},
    {kProcessPowerLoss, kProcess, "process.power_loss",
     "the machine loses power before the process's Vth operation of a turn, or before it waits again", 5, 120},
    {kProcessDown, kProcess, "process.down", "the process is started again later, by the Vth step of a growing scale",
     16000, 50000},
    {kScriptOperation, kWorkload, "script.operation", "what a client does next", 0, 0},
    {kScriptArgument, kWorkload, "script.argument", "which key or value it uses", 0, 0},
    {kScriptLength, kWorkload, "script.length", "how long a value or a pipeline is", 0, 0},
    {kScriptPause, kWorkload, "script.pause", "how long it waits before it goes on", 0, 0},
    {kScriptTemper, kWorkload, "script.temper", "what kind of client it is", 0, 0},
    {kScriptOther, kWorkload, "script.other", "anything else the workload chooses", 0, 0},
}};

constexpr bool InOrder() {
  for (size_t i = 0; i < kSiteCount; ++i) {
    if (static_cast<size_t>(kFacts[i].site) != i) return false;
  }
  return true;
}
static_assert(InOrder(), "one entry for each site, in the order of the enumeration");

}  // namespace

const SiteFacts& FactsOf(Site site) {
  CHECK(static_cast<size_t>(site) < kSiteCount);
  return kFacts[static_cast<size_t>(site)];
}

std::optional<Site> SiteByName(std::string_view name) {
  for (const SiteFacts& facts : kFacts) {
    if (facts.name == name) return facts.site;
  }
  return std::nullopt;
}

std::string_view GroupName(SiteGroup group) { return kGroupNames[static_cast<size_t>(group)]; }

std::optional<SiteGroup> GroupByName(std::string_view name) {
  for (size_t i = 0; i < kSiteGroupCount; ++i) {
    if (kGroupNames[i] == name) return static_cast<SiteGroup>(i);
  }
  return std::nullopt;
}

}  // namespace reprise
