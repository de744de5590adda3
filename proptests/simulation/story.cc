#include "proptests/simulation/story.h"

#include <fmt/format.h>

#include "loop/poller.h"
#include "proptests/model/reply_value.h"

namespace reprise {
namespace {

std::string CodeName(int64_t code) { return std::string(ErrorCodeName(static_cast<ErrorCode>(code))); }

std::string ChoiceText(const Step& step) {
  const Site site = SiteAt(static_cast<size_t>(step.a & 0xff));
  const auto key = static_cast<uint64_t>(step.a) >> 9;
  const bool keyed = (step.a & 0x100) != 0;
  return fmt::format("{}/{}{} = {}{}", SiteName(site), keyed ? "@" : "", key, step.b,
                     step.b == 0 ? std::string() : fmt::format("  ({})", FactsOf(site).does));
}

std::string IoText(std::string_view verb, const Step& step, const Trace& trace) {
  if (step.b < 0) {
    return fmt::format("{} handle {}: {}", verb, step.a, CodeName(-step.b));
  }
  return fmt::format("{} handle {}: {} bytes {}", verb, step.a, step.b, Quoted(trace.BytesOf(step), 100));
}

std::string EventText(const Step& step) {
  const auto kind = static_cast<uint64_t>(step.b) & 0xff;
  const bool readable = (step.b & 0x100) != 0;
  const bool writable = (step.b & 0x200) != 0;
  static constexpr const char* kOrigins[] = {"", " (spurious)", " (stale)", " (again)"};
  if (kind != 0) {
    return fmt::format("event of kind {}", kind);
  }
  return fmt::format("token {:x} is{}{}{}", static_cast<uint64_t>(step.a), readable ? " readable" : "",
                     writable ? " writable" : "", kOrigins[static_cast<uint64_t>(step.b) >> 10 & 3]);
}

std::string What(const Step& step, const Trace& trace) {
  switch (step.kind) {
    case StepKind::kChoice:
      return ChoiceText(step);
    case StepKind::kRead:
      return IoText("reads", step, trace);
    case StepKind::kWrite:
      return IoText("writes", step, trace);
    case StepKind::kEvent:
      return EventText(step);
    case StepKind::kPeerSend:
      return fmt::format("sends {} bytes {}", step.b, Quoted(trace.BytesOf(step), 100));
    case StepKind::kPeerBytes:
      return fmt::format("receives {} bytes {}", step.b, Quoted(trace.BytesOf(step), 100));
    case StepKind::kPeerLost:
      return fmt::format("has lost its connection: {}", CodeName(step.a));
    case StepKind::kPeerConnect:
      return fmt::format("connects to port {}", step.a);
    case StepKind::kPeerConnected:
      return "is connected";
    case StepKind::kPeerShutdown:
      return "ends its direction";
    case StepKind::kPeerClose:
      return step.a == 1 ? "is made to close by a fault" : "closes";
    case StepKind::kPeerAbort:
      return "aborts";
    case StepKind::kPeerEnd:
      return "finds the end of the server's direction";
    case StepKind::kPeerReading:
      return step.a == 1 ? "reads again" : "stops reading";
    case StepKind::kAccept:
      return step.a >= 0 ? fmt::format("is accepted as handle {}", step.a)
                         : fmt::format("accept: {}", CodeName(step.b));
    case StepKind::kHeal:
      return "heals: no fault strikes from here on";
    default:
      return fmt::format("{} {} {}", StepName(step.kind), step.a, step.b);
  }
}

}  // namespace

std::string DescribeStep(const Step& step, const Trace& trace, const ActorTable& actors) {
  return fmt::format("{:>7} {:>10}.{:03} us  {:<10} {}", step.number, step.time_ns / 1000, step.time_ns % 1000,
                     actors.name(step.actor).ToString(), What(step, trace));
}

bool IsOfInterest(const Step& step) {
  switch (step.kind) {
    case StepKind::kChoice:
      return step.b != 0;
    case StepKind::kWait:
    case StepKind::kWaitDone:
    case StepKind::kTimer:
    case StepKind::kSegment:
      return false;
    default:
      return true;
  }
}

}  // namespace reprise
