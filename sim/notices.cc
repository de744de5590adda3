#include "sim/notices.h"

#include <array>
#include <bit>
#include <utility>

#include "loop/check.h"

namespace reprise {
namespace {

using enum Site;
using Counters = const LoopCounters&;

uint64_t EmptyWaits(Counters c) { return c.empty_waits; }
uint64_t StaleEvents(Counters c) { return c.stale_events; }
uint64_t ReadsBlocked(Counters c) { return c.reads_blocked; }
uint64_t ReadsOrAcceptsEmpty(Counters c) { return c.reads_blocked + c.accepts_empty; }
uint64_t ReadsEnded(Counters c) { return c.reads_ended; }
uint64_t InputsKept(Counters c) { return c.inputs_kept + c.requests_unfinished; }
uint64_t WritesBlocked(Counters c) { return c.writes_blocked; }
uint64_t OutputKept(Counters c) { return c.writes_short + c.writes_blocked; }
uint64_t Broken(Counters c) { return c.reads_failed + c.writes_failed; }
uint64_t AcceptsEmpty(Counters c) { return c.accepts_empty; }
uint64_t AcceptsAborted(Counters c) { return c.accepts_aborted; }
uint64_t AcceptsRefused(Counters c) { return c.accepts_refused; }
uint64_t RegistersRefused(Counters c) { return c.registers_refused; }
uint64_t ChangesRefused(Counters c) { return c.changes_refused; }

constexpr std::string_view kLater =
    "nobody: the same comes later, which a program without a clock of its own can't tell";
constexpr std::string_view kOrder = "nobody: the same comes in another order, and none was promised";

constexpr std::string_view kAnotherLife =
    "nobody: who could notice is dead, and who comes after knows nothing of it; clients and oracles do";

constexpr auto kNotices = std::to_array<std::pair<Site, Notice>>({
    {kWaitInterrupted, {"a wait that ends without events", EmptyWaits}},
    {kWaitLate, {kLater}},
    {kWaitFew, {kLater}},
    {kReadySpurious, {"a read or an accept that finds nothing", ReadsOrAcceptsEmpty}},
    {kReadyLate, {kLater}},
    {kReadyReorder, {kOrder}},
    {kReadySplit, {kOrder}},
    {kReadyMerge, {"a read that finds nothing", ReadsBlocked}},
    {kReadyHangup, {"nobody: the program reads, and finds what there is as it always does"}},
    {kReadyRepeat, {"a read that finds nothing", ReadsBlocked}},
    {kReadyStale, {"an event that is dropped for its generation", StaleEvents}},
    {kHandleReuse, {"nobody: handles are numbers, and tokens tell connections apart"}},
    {kReadShort, {"an unfinished request that is kept", InputsKept}},
    {kReadWouldBlock, {"a read that finds nothing", ReadsBlocked}},
    {kWriteShort, {"output that is kept", OutputKept}},
    {kWriteWouldBlock, {"a write that is not taken", WritesBlocked}},
    {kSegmentCut, {"an unfinished request that is kept", InputsKept}},
    {kSegmentDelay, {kLater}},
    {kBufferSmallSend, {"output that is kept", OutputKept}},
    {kBufferSmallReceive, {"output that is kept", OutputKept}},
    {kPeerTrickle, {"an unfinished request that is kept", InputsKept}},
    {kConnReset, {"a read or a write that fails", Broken}},
    {kConnVanish, {"a read or a write that fails, once the connection is given up", Broken}},
    {kConnClose, {"the end of a stream", ReadsEnded}},
    {kConnHalfClose, {"the end of a stream", ReadsEnded}},
    {kPeerStall, {"output that is kept", OutputKept}},
    {kResetDiscards, {"a read or a write that fails", Broken}},
    {kConnectFail, {"nobody: the program never learns of a connection that was not made to it"}},
    {kConnectDelay, {"nobody: the program never learns how long connecting to it took"}},
    {kAcceptWouldBlock, {"an accept that finds nobody", AcceptsEmpty}},
    {kAcceptAborted, {"an accept whose connection is gone", AcceptsAborted}},
    {kAcceptTooMany, {"accepting pauses", AcceptsRefused}},
    {kAcceptNoMemory, {"accepting pauses", AcceptsRefused}},
    {kRegisterFail, {"a handle that can't be watched", RegistersRefused}},
    {kChangeFail, {"a watch that can't be changed", ChangesRefused}},
    {kClockWallJump, {"nobody: wall time is taken as it is; expiry follows it, as the model does"}},
    {kClockTimerLate, {kLater}},
    {kClockSlowTurn, {kLater}},
    {kClockTie, {kOrder}},
    {kProcessKill, {kAnotherLife}},
    {kProcessPowerLoss, {kAnotherLife}},
    {kProcessDown, {kAnotherLife}},
});

constexpr bool AllInOrder() {
  for (size_t i = 0; i < kNotices.size(); ++i) {
    if (static_cast<size_t>(kNotices[i].first) != i) return false;
  }
  return kNotices.size() == static_cast<size_t>(kScriptOperation);
}
static_assert(AllInOrder(), "one entry for each fault, in the order of the enumeration");

constexpr auto kRarePaths = std::to_array<RarePath>({
    {"empty_waits", "a wait ended with nothing, before its deadline", &LoopCounters::empty_waits},
    {"stale_events", "an event came for a registration that had ended", &LoopCounters::stale_events},
    {"registers_refused", "a handle could not be watched", &LoopCounters::registers_refused},
    {"changes_refused", "a watch could not be changed", &LoopCounters::changes_refused},
    {"accepts_empty", "readable, but nobody waited", &LoopCounters::accepts_empty},
    {"accepts_aborted", "the peer had gone before it was accepted", &LoopCounters::accepts_aborted},
    {"accepts_refused", "no handle or memory was left, and accepting paused", &LoopCounters::accepts_refused},
    {"accepts_deferred", "a turn had accepted its fill, and more waited", &LoopCounters::accepts_deferred},
    {"reads_blocked", "readable, but no byte was there", &LoopCounters::reads_blocked},
    {"reads_failed", "a read failed", &LoopCounters::reads_failed},
    {"inputs_kept", "an unfinished request was kept", &LoopCounters::inputs_kept},
    {"requests_unfinished", "the same, by a handler that keeps it itself", &LoopCounters::requests_unfinished},
    {"inputs_continued", "whole requests were left for a later turn", &LoopCounters::inputs_continued},
    {"writes_short", "a write took a part", &LoopCounters::writes_short},
    {"writes_blocked", "a write took nothing", &LoopCounters::writes_blocked},
    {"writes_failed", "a write failed", &LoopCounters::writes_failed},
    {"reads_paused", "too much was unsent, and reading paused", &LoopCounters::reads_paused},
    {"drained_after_end", "the peer had finished, and got its answers before the close",
     &LoopCounters::drained_after_end},
});

}  // namespace

const Notice& NoticeOf(Site site) {
  CHECK(IsFault(site));
  return kNotices[static_cast<size_t>(site)].second;
}

std::span<const RarePath> RarePaths() { return kRarePaths; }

LoopCounters Sum(const LoopCounters& a, const LoopCounters& b) {
  using Numbers = std::array<uint64_t, sizeof(LoopCounters) / sizeof(uint64_t)>;
  auto sum = std::bit_cast<Numbers>(a);
  const auto more = std::bit_cast<Numbers>(b);
  for (size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
  return std::bit_cast<LoopCounters>(sum);
}

}  // namespace reprise
