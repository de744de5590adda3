#include "sim/story.h"

#include <vector>

#include "loop/poller.h"
#include "loop/status.h"

namespace reprise {
namespace {

bool IsFaultStep(const Step& step) {
  return step.kind == StepKind::kChoice && step.b != 0 && IsFault(SiteAt(static_cast<size_t>(step.a) & 0xff));
}

bool IsStop(const Step& step) {
  return step.kind == StepKind::kEvent && static_cast<Event::Kind>(step.b & 0xff) == Event::Kind::kStop;
}

// How every run ends: the server is told to stop, and closes its listeners.
bool IsFarewell(const Recording& run, const Step& step) {
  return IsStop(step) || (step.kind == StepKind::kClose && run.actors.name(step.actor).kind == ActorKind::kListener);
}

// Worth telling whatever else happened.
bool IsTold(const Step& step) {
  switch (step.kind) {
    case StepKind::kChoice:
      return IsFaultStep(step);
    case StepKind::kRead:
    case StepKind::kWrite:
      return step.b != -static_cast<int64_t>(ErrorCode::kWouldBlock);
    case StepKind::kAccept:
      return step.a >= 0 || step.b != static_cast<int64_t>(ErrorCode::kWouldBlock);
    case StepKind::kEvent:
      return (step.b >> 10 & 3) != 0 || (step.b & 0xff) != 0;  // unreal, or a wake, completion or stop
    case StepKind::kRegister:
    case StepKind::kChange:
      return step.b < 0;
    case StepKind::kListen:
    case StepKind::kSegment:
    case StepKind::kEndArrives:
    case StepKind::kConnWaits:
    case StepKind::kForget:
    case StepKind::kWait:
    case StepKind::kWaitDone:
    case StepKind::kConnectResult:
    case StepKind::kPeerConnected:
    case StepKind::kTimer:
    case StepKind::kDigest:
      return false;
    default:
      return true;
  }
}

std::string Line(const Recording& run, const Step& step, size_t bytes_most) {
  std::string time = TimeText(step.time_ns);
  if (time.size() < 14) time.insert(0, 14 - time.size(), ' ');
  return time + (IsFaultStep(step) ? "  * " : "    ") + StepText(run, step, bytes_most) + '\n';
}

}  // namespace

std::string TellStory(const Recording& run, const StoryOptions& options) {
  std::vector<const Step*> told;
  bool stopped = false;
  for (const Step& step : run.trace.steps()) {
    stopped = stopped || IsStop(step);
    if (IsTold(step) && !(stopped && IsFarewell(run, step))) told.push_back(&step);
  }
  std::string text;
  size_t first = 0;
  if (told.size() > options.lines_most) {
    first = told.size() - options.lines_most;
    text = "(" + std::to_string(first) + " things happened before)\n";
  }
  for (size_t i = first; i < told.size(); ++i) text += Line(run, *told[i], options.bytes_most);
  return text;
}

}  // namespace reprise
