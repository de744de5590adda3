// The table of all sites: every place in the simulated world where a run can go one way or another.
//
// A fault may only do what the contracts of loop/ allow, and its answer 0 is always the harmless one. Sites of the
// group kWorkload are not faults: they are for the clients' own choices, and healing the world does not silence them.
//
// To add a fault: a line here, a line in fault_sites.cc, one Choices call where it happens, and the branch of the loop
// or the server that shows it was seen (ledger.h). A sweep fails on a site that never fires or is never seen.
#ifndef REPRISE_SIM_FAULT_SITES_H_
#define REPRISE_SIM_FAULT_SITES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace reprise {

enum class Site : uint8_t {
  // Readiness: what Poller::Wait reports, and when.
  kWaitInterrupted,
  kWaitLate,
  kWaitFew,
  kReadySpurious,
  kReadyLate,
  kReadyReorder,
  kReadySplit,
  kReadyMerge,
  kReadyHangup,
  kReadyRepeat,
  kReadyStale,
  kHandleReuse,
  // Bytes: how much an operation moves, and how streams are cut.
  kReadShort,
  kReadWouldBlock,
  kWriteShort,
  kWriteWouldBlock,
  kSegmentCut,
  kSegmentDelay,
  kBufferSmallSend,
  kBufferSmallReceive,
  kPeerTrickle,
  // Connections: how they begin and end.
  kConnReset,
  kConnVanish,
  kConnClose,
  kConnHalfClose,
  kPeerStall,
  kResetDiscards,
  kConnectFail,
  kConnectDelay,
  kAcceptWouldBlock,
  kAcceptAborted,
  kAcceptTooMany,
  kAcceptNoMemory,
  kRegisterFail,
  kChangeFail,
  // Clock.
  kClockWallJump,
  kClockTimerLate,
  kClockSlowTurn,
  kClockTie,
  // Process: how the program dies, and how it comes back.
  kProcessKill,
  kProcessPowerLoss,
  kProcessDown,
  // Workload: for the actors that live in proptests/.
  kScriptOperation,
  kScriptArgument,
  kScriptLength,
  kScriptPause,
  kScriptTemper,
  kScriptOther,
};

inline constexpr size_t kSiteCount = static_cast<size_t>(Site::kScriptOther) + 1;

enum class SiteGroup : uint8_t { kReadiness, kBytes, kConnections, kClock, kProcess, kWorkload };
inline constexpr size_t kSiteGroupCount = 6;

// A rate is the chance, out of kRateOne, that a site answers something other than 0 when it is asked.
inline constexpr uint32_t kRateOne = 65536;

struct SiteFacts {
  Site site;
  SiteGroup group;
  std::string_view name;  // as tapes write it
  std::string_view does;  // in words, and what the answer's value means
  uint32_t rate_low;      // a seed in which the site is on draws its rate between these, both out of kRateOne
  uint32_t rate_high;
};

const SiteFacts& FactsOf(Site site);
inline std::string_view SiteName(Site site) { return FactsOf(site).name; }
std::optional<Site> SiteByName(std::string_view name);
std::string_view GroupName(SiteGroup group);
std::optional<SiteGroup> GroupByName(std::string_view name);
inline bool IsFault(Site site) { return site < Site::kScriptOperation; }
inline Site SiteAt(size_t index) { return static_cast<Site>(index); }

}  // namespace reprise

#endif  // REPRISE_SIM_FAULT_SITES_H_
