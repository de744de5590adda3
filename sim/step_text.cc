#include "sim/step_text.h"

#include <array>
#include <cinttypes>
#include <cstdio>

#include "loop/check.h"
#include "loop/clock.h"
#include "loop/handle.h"
#include "loop/poller.h"
#include "loop/status.h"
#include "sim/sim_context.h"

namespace reprise {
namespace {

std::string Number(int64_t number) { return std::to_string(number); }

std::string Hex(uint64_t number) {
  std::array<char, 24> text;
  std::snprintf(text.data(), text.size(), "%016" PRIx64, number);
  return text.data();
}

std::string CodeText(int64_t code) { return std::string(ErrorCodeName(static_cast<ErrorCode>(code))); }

std::string Duration(int64_t ns) {
  if (ns % kNanosPerMilli == 0) return Number(ns / kNanosPerMilli) + " ms";
  return Number(ns / 1000) + " us";
}

std::string InterestText(int64_t interest) {
  constexpr std::array<std::string_view, 4> kTexts = {"nothing", "reading", "writing", "reading and writing"};
  return std::string(kTexts[static_cast<size_t>(interest) % kTexts.size()]);
}

// The name of a listener is its own; everything else that a handle stands for is named by who is behind it.
std::string Behind(const Recording& run, const Step& step) {
  const ActorName& name = run.actors.name(step.actor);
  return (name.kind == ActorKind::kListener ? "" : "the connection of ") + ActorText(name);
}

std::string JumpText(uint64_t step) {
  const int64_t by_ms = int64_t{1} << ((step - 1) / 2);
  return "wall time jumps " + std::string(step % 2 == 1 ? "forwards" : "back") + " by " + Number(by_ms) + " ms";
}

// "1st", "22nd", "113th"
std::string Ordinal(uint64_t number) {
  const uint64_t last = number % 100 - number % 10 == 10 ? 0 : number % 10;
  return std::to_string(number) + (last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th");
}

// Puts the value where the table of sites says V.
std::string ReplaceValue(std::string_view does, uint64_t value) {
  std::string text(does);
  const size_t at = text.find('V');
  if (at == std::string::npos) return text;
  if (text.compare(at, 3, "Vth") == 0) return text.replace(at, 3, Ordinal(value));
  const bool one_byte = value == 1 && text.compare(at, 7, "V bytes") == 0;
  return one_byte ? text.replace(at, 7, "1 byte") : text.replace(at, 1, std::to_string(value));
}

std::string IoText(const Recording& run, const Step& step, std::string_view did, std::string_view which,
                   size_t bytes_most) {
  const std::string who = ActorText(run.actors.name(step.actor));
  if (step.b > 0) {
    return "the server " + std::string(did) + ' ' + BytesCount(static_cast<uint64_t>(step.b)) +
           (did == "reads" ? " from " : " to ") + who + ": " + QuotedBytes(run.trace.BytesOf(step), bytes_most);
  }
  return "the server's " + std::string(which) + " for " + who + " answers: " + CodeText(-step.b);
}

std::string EventText(const Step& step) {
  constexpr std::array<std::string_view, 4> kKinds = {"ready", "completion", "wake", "stop"};
  constexpr std::array<std::string_view, 4> kOrigins = {"", ", though it is not", ", though its registration has ended",
                                                        ", once more"};
  const auto kind = static_cast<Event::Kind>(step.b & 0xff);
  if (kind != Event::Kind::kReady) return "the server is told: " + std::string(kKinds[static_cast<size_t>(kind)]);
  const bool readable = (step.b >> 8 & 1) != 0;
  const bool writable = (step.b >> 9 & 1) != 0;
  const Token token = Token::Unpack(static_cast<uint64_t>(step.a));
  return "the server is told: registration " + std::to_string(token.slot) + ':' + std::to_string(token.generation) +
         " is " +
         (readable && writable ? "readable and writable"
          : readable           ? "readable"
          : writable           ? "writable"
                               : "hung up") +
         std::string(kOrigins[static_cast<size_t>(step.b >> 10 & 3)]);
}

std::string ChoiceStepText(const Recording& run, const Step& step) {
  const ChoiceMade made = ChoiceOf(run, step);
  const std::string name = made.name.ToString() + " = " + std::to_string(made.value);
  if (made.value == 0 || !IsFault(made.name.site)) return "choice: " + name;
  return "fault: " + ChoiceText(made.name.site, made.value) + " (" + name + ")";
}

std::string NetworkText(const Recording& run, const Step& step) {
  const std::string who = ActorText(run.actors.name(step.actor));
  switch (step.kind) {
    case StepKind::kSegment:
      return BytesCount(static_cast<uint64_t>(step.b)) + (step.a == 0 ? " from " : " for ") + who + " arrive" +
             (step.b == 1 ? "s" : "");
    case StepKind::kEndArrives:
      return "the end of the stream " + std::string(step.a == 0 ? "from " : "for ") + who + " arrives";
    case StepKind::kResetArrives:
      return "a reset " + std::string(step.a == 0 ? "from " : "for ") + who + " arrives";
    case StepKind::kTimeout:
      return "the connection of " + who + " is given up after a long silence";
    case StepKind::kConnTorn:
      return "the connection of " + who + " is torn down: " + CodeText(step.a);
    case StepKind::kConnVanished:
      return "nothing passes any more between the server and " + who;
    case StepKind::kConnRefused:
      return who + " can't connect: " + CodeText(step.a);
    default:
      return "the connection of " + who + " waits to be accepted";
  }
}

std::string ServerText(const Recording& run, const Step& step) {
  switch (step.kind) {
    case StepKind::kListen:
      return "the server listens on port " + Number(step.b);
    case StepKind::kAccept:
      if (step.a < 0) return "the server's accept answers: " + CodeText(step.b);
      return "the server accepts " + ActorText(run.actors.name(step.actor)) + ", handle " + Number(step.a);
    case StepKind::kConnect:
      return "the server connects, handle " + Number(step.a);
    case StepKind::kConnectResult:
      return "the server asks how its connect went: " + CodeText(step.b);
    case StepKind::kShutdown:
      return "the server ends its direction to " + ActorText(run.actors.name(step.actor)) +
             (step.b == 0 ? "" : ": " + CodeText(step.b));
    case StepKind::kClose:
      return "the server closes " + Behind(run, step);
    case StepKind::kAbort:
      return "the server resets " + Behind(run, step);
    case StepKind::kRegister:
    case StepKind::kChange:
      if (step.b < 0) return "the server can't watch " + Behind(run, step) + ": " + CodeText(-step.b);
      return "the server watches " + Behind(run, step) + " for " + InterestText(step.b);
    case StepKind::kForget:
      return "the server watches " + Behind(run, step) + " no longer";
    case StepKind::kDied:
      return step.a == static_cast<int64_t>(Death::kKilled) ? "the server is killed"
                                                            : "the server's machine loses power";
    case StepKind::kStarts:
      return "the server is started again, with nothing (life " + Number(step.a + 1) + ")";
    case StepKind::kWait:
      return "the server waits";
    default:
      return "the server wakes with " + Number(step.a) + (step.a == 1 ? " event" : " events");
  }
}

std::string PeerText(const Recording& run, const Step& step, size_t bytes_most) {
  const std::string who = ActorText(run.actors.name(step.actor));
  switch (step.kind) {
    case StepKind::kPeerConnect:
      return who + " begins to connect to port " + Number(step.a);
    case StepKind::kPeerConnected:
      return who + " is connected";
    case StepKind::kPeerSend:
      return who + " sends " + BytesCount(static_cast<uint64_t>(step.b)) + ": " +
             QuotedBytes(run.trace.BytesOf(step), bytes_most);
    case StepKind::kPeerBytes:
      return who + " gets " + BytesCount(static_cast<uint64_t>(step.b)) + ": " +
             QuotedBytes(run.trace.BytesOf(step), bytes_most);
    case StepKind::kPeerShutdown:
      return who + " ends its direction";
    case StepKind::kPeerClose:
      return who + " closes";
    case StepKind::kPeerAbort:
      return who + " resets its connection";
    case StepKind::kPeerEnd:
      return who + " finds the end of the server's stream";
    case StepKind::kPeerLost:
      return step.a == 0 ? who + " is made to close" : who + " loses its connection: " + CodeText(step.a);
    default:
      return who + (step.a != 0 ? " reads again" : " stops reading");
  }
}

}  // namespace

std::string TimeText(int64_t time_ns) {
  std::array<char, 48> text;
  std::snprintf(text.data(), text.size(), "%" PRId64 ".%03" PRId64 " ms", time_ns / kNanosPerMilli,
                time_ns / 1000 % 1000);
  return text.data();
}

std::string BytesCount(uint64_t bytes) { return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes"); }

std::string QuotedBytes(std::string_view bytes, size_t most) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text = "\"";
  for (const char c : bytes.substr(0, most)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r') {
      text += "\\r";
    } else if (c == '\n') {
      text += "\\n";
    } else if (c == '\t') {
      text += "\\t";
    } else if (c == '"' || c == '\\') {
      text += {'\\', c};
    } else if (byte < 0x20 || byte >= 0x7f) {
      text += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      text += c;
    }
  }
  text += '"';
  if (bytes.size() > most) text += "... and " + std::to_string(bytes.size() - most) + " more";
  return text;
}

std::string ActorText(const ActorName& name) {
  const std::string number = std::to_string(name.index);
  switch (name.kind) {
    case ActorKind::kWorld:
      return "the world";
    case ActorKind::kServer:
      return "the server";
    case ActorKind::kClient:
      return "client " + number;
    case ActorKind::kConnection:
      return "client " + number + (name.part == 0 ? "" : ", connection " + std::to_string(name.part + 1));
    case ActorKind::kOutgoing:
      return "outgoing connection " + number;
    case ActorKind::kIncoming:
      return "incoming connection " + number;
    case ActorKind::kListener:
      return "listener " + number;
    case ActorKind::kScript:
      return "script " + number;
  }
  return "?";
}

ChoiceMade ChoiceOf(const Recording& run, const Step& step) {
  CHECK(step.kind == StepKind::kChoice);
  const auto a = static_cast<uint64_t>(step.a);
  return {{run.actors.name(step.actor), SiteAt(a & 0xff), (a & 0x100) != 0, a >> 9}, static_cast<uint64_t>(step.b)};
}

std::string ChoiceText(Site site, uint64_t value) {
  switch (site) {
    case Site::kSegmentDelay:
      return "a segment takes " + Duration(DelayOfStep(value)) + " longer";
    case Site::kConnectDelay:
      return "a connect takes " + Duration(DelayOfStep(value)) + " longer";
    case Site::kClockSlowTurn:
      return "a turn of the server takes " + Duration(DelayOfStep(value)) + " longer";
    case Site::kProcessDown:
      return "the server is started " + Duration(DelayOfStep(value)) + " later";
    case Site::kClockTimerLate:
      return "a wait ends " + std::to_string(value * 100) + " us after its deadline";
    case Site::kPeerStall:
      return "the peer stops reading for " + std::to_string(value * 10) + " ms";
    case Site::kClockWallJump:
      return JumpText(value);
    case Site::kBufferSmallSend:
      return "a send buffer has room for " + std::to_string(16'384 >> value) + " bytes only";
    case Site::kBufferSmallReceive:
      return "a receive buffer has room for " + std::to_string(16'384 >> value) + " bytes only";
    case Site::kReadySplit:
      return std::string("readable and writable are reported apart, ") + (value == 1 ? "readable" : "writable") +
             " first";
    case Site::kPeerTrickle:
      return "the peer's first " + std::to_string(value * 16) + " bytes arrive one at a time";
    case Site::kConnectFail: {
      constexpr std::array<std::string_view, 4> kWays = {"refused", "timed out", "unreachable", "reset"};
      return "a connect fails: " + std::string(kWays[(value - 1) % kWays.size()]);
    }
    case Site::kClockTie:
      return "of several clients to whom something happens at one moment, the " + Ordinal(value + 1) + " is first";
    case Site::kRegisterFail:
      return std::string("registering fails: ") + (value == 1 ? "too many handles" : "out of memory");
    default:
      return ReplaceValue(FactsOf(site).does, value);
  }
}

std::string StepText(const Recording& run, const Step& step, size_t bytes_most) {
  switch (step.kind) {
    case StepKind::kChoice:
      return ChoiceStepText(run, step);
    case StepKind::kRead:
      return IoText(run, step, "reads", "read", bytes_most);
    case StepKind::kWrite:
      return IoText(run, step, "writes", "write", bytes_most);
    case StepKind::kEvent:
      return EventText(step);
    case StepKind::kClockJump:
      return "wall time jumps by " + Number(step.a / 1000) + " ms";
    case StepKind::kHeal:
      return "the world heals: no more faults";
    case StepKind::kStuck:
      return "nothing will ever happen any more";
    case StepKind::kStepLimit:
      return "the limit of steps is passed";
    case StepKind::kTimer:
      return "timer " + Number(step.b) + " of the workload, for " + Number(step.a);
    case StepKind::kNote:
      return "note: " + std::string(run.trace.BytesOf(step)) +
             (step.bytes == 0 ? Number(step.a) + ' ' + Number(step.b) : "");
    case StepKind::kDigest:
      return "digest of the server's state: " + Hex(static_cast<uint64_t>(step.a));
    default:
      break;
  }
  if (step.kind < StepKind::kListen) return NetworkText(run, step);
  return step.kind < StepKind::kPeerConnect ? ServerText(run, step) : PeerText(run, step, bytes_most);
}

bool IsBackground(const Step& step) {
  return step.kind == StepKind::kWait || step.kind == StepKind::kWaitDone || step.kind == StepKind::kTimer ||
         (step.kind == StepKind::kChoice && step.b == 0);
}

std::string StepLine(const Recording& run, const Step& step, size_t bytes_most) {
  std::array<char, 64> head;
  std::snprintf(head.data(), head.size(), "%8" PRIu64 " %14s  ", step.number, TimeText(step.time_ns).c_str());
  return head.data() + StepText(run, step, bytes_most);
}

}  // namespace reprise
