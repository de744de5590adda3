#include "sim/lanes.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>

#include "loop/status.h"

namespace reprise {
namespace {

enum class Group : uint8_t { kClient, kServer, kNetwork, kWorld };

Group GroupOf(const ActorTable& actors, const Step& step) {
  if (step.kind == StepKind::kChoice) {
    switch (FactsOf(SiteAt(static_cast<size_t>(step.a) & 0xff)).group) {
      case SiteGroup::kReadiness:
      case SiteGroup::kProcess:
        return Group::kServer;
      case SiteGroup::kClock:
        return Group::kWorld;
      case SiteGroup::kWorkload:
        return actors.name(step.actor).kind == ActorKind::kClient ? Group::kClient : Group::kWorld;
      default:
        return Group::kNetwork;
    }
  }
  if (step.kind >= StepKind::kPeerConnect && step.kind <= StepKind::kPeerReading) return Group::kClient;
  if (step.kind >= StepKind::kListen && step.kind <= StepKind::kStarts) return Group::kServer;
  return step.kind <= StepKind::kConnWaits && step.kind >= StepKind::kSegment ? Group::kNetwork : Group::kWorld;
}

Lanes::Look LookOf(const Step& step) {
  switch (step.kind) {
    case StepKind::kChoice:
      return IsFault(SiteAt(static_cast<size_t>(step.a) & 0xff)) ? Lanes::Look::kFault : Lanes::Look::kOther;
    case StepKind::kWrite:
      return step.b > 0 ? Lanes::Look::kSend : Lanes::Look::kOther;
    case StepKind::kRead:
      return step.b > 0 ? Lanes::Look::kReceive : Lanes::Look::kOther;
    case StepKind::kPeerSend:
      return Lanes::Look::kSend;
    case StepKind::kPeerBytes:
    case StepKind::kSegment:
      return Lanes::Look::kReceive;
    case StepKind::kConnTorn:
    case StepKind::kConnVanished:
    case StepKind::kClockJump:
    case StepKind::kTimeout:
    case StepKind::kDied:
      return Lanes::Look::kFault;
    case StepKind::kEndArrives:
    case StepKind::kResetArrives:
    case StepKind::kConnRefused:
    case StepKind::kShutdown:
    case StepKind::kClose:
    case StepKind::kAbort:
    case StepKind::kPeerShutdown:
    case StepKind::kPeerClose:
    case StepKind::kPeerAbort:
    case StepKind::kPeerEnd:
    case StepKind::kPeerLost:
    case StepKind::kStuck:
    case StepKind::kStepLimit:
      return Lanes::Look::kEnd;
    case StepKind::kListen:
    case StepKind::kAccept:
    case StepKind::kConnect:
    case StepKind::kPeerConnect:
    case StepKind::kPeerConnected:
    case StepKind::kHeal:
    case StepKind::kStarts:
      return Lanes::Look::kBegin;
    default:
      return Lanes::Look::kOther;
  }
}

bool IsShown(const Step& step) {
  if (step.kind == StepKind::kWait) return false;
  if (step.kind == StepKind::kWaitDone || step.kind == StepKind::kTimer) return false;
  return step.kind != StepKind::kChoice || step.b != 0;
}

// Finds, for each connection and direction, which receiving item got the first of the bytes of a sending one.
class ArrowFinder {
 public:
  explicit ArrowFinder(const Recording& run) : run_(run) {}

  void Look(Lanes& lanes, size_t item) {
    const Step& step = run_.trace.steps()[lanes.items[item].step];
    const ActorName& name = run_.actors.name(step.actor);
    switch (step.kind) {
      case StepKind::kPeerConnect:
        connection_of_client_[name.index] = static_cast<uint32_t>(step.b);
        return;
      case StepKind::kPeerSend:
        Sent(There(ConnectionOf(name)), item, step.b);
        return;
      case StepKind::kWrite:
        if (step.b > 0) Sent(Back(name), item, step.b);
        return;
      case StepKind::kRead:
        if (step.b > 0) Received(lanes, There(name), item, step.b);
        return;
      case StepKind::kPeerBytes:
        Received(lanes, Back(ConnectionOf(name)), item, step.b);
        return;
      default:
        return;
    }
  }

 private:
  struct Direction {
    ActorName connection;
    bool back = false;
    friend auto operator<=>(const Direction&, const Direction&) = default;
  };
  struct Waiting {
    size_t item = 0;
    int64_t begin = 0;  // the offset of its first byte
  };
  struct Stream {
    int64_t sent = 0;
    int64_t received = 0;
    std::deque<Waiting> waiting;
  };

  static Direction There(const ActorName& connection) { return {connection, false}; }
  static Direction Back(const ActorName& connection) { return {connection, true}; }

  ActorName ConnectionOf(const ActorName& client) {
    return {ActorKind::kConnection, client.index, connection_of_client_[client.index]};
  }

  void Sent(const Direction& direction, size_t item, int64_t bytes) {
    Stream& stream = streams_[direction];
    stream.waiting.push_back({item, stream.sent});
    stream.sent += bytes;
  }

  void Received(Lanes& lanes, const Direction& direction, size_t item, int64_t bytes) {
    Stream& stream = streams_[direction];
    stream.received += bytes;
    while (!stream.waiting.empty() && stream.waiting.front().begin < stream.received) {
      lanes.arrows.push_back({stream.waiting.front().item, item});
      stream.waiting.pop_front();
    }
  }

  const Recording& run_;
  std::map<uint32_t, uint32_t> connection_of_client_;
  std::map<Direction, Stream> streams_;
};

}  // namespace

std::string_view LookName(Lanes::Look look) {
  constexpr std::array<std::string_view, 6> kNames = {"send", "receive", "fault", "end", "begin", "other"};
  return kNames[static_cast<size_t>(look)];
}

Lanes MakeLanes(const Recording& run) {
  Lanes lanes;
  std::vector<uint32_t> clients;
  for (size_t i = 0; i < run.actors.size(); ++i) {
    const ActorName& name = run.actors.name({static_cast<uint32_t>(i)});
    if (name.kind == ActorKind::kClient) clients.push_back(name.index);
  }
  std::sort(clients.begin(), clients.end());
  for (const uint32_t client : clients) lanes.names.push_back("client " + std::to_string(client));
  const size_t server_lane = lanes.names.size();
  lanes.names.insert(lanes.names.end(), {"server", "network", "world"});

  ArrowFinder arrows(run);
  for (size_t i = 0; i < run.trace.steps().size(); ++i) {
    const Step& step = run.trace.steps()[i];
    if (!IsShown(step)) continue;
    const Group group = GroupOf(run.actors, step);
    size_t lane = server_lane + static_cast<size_t>(group) - 1;
    if (group == Group::kClient) {
      const uint32_t client = run.actors.name(step.actor).index;
      lane = static_cast<size_t>(std::lower_bound(clients.begin(), clients.end(), client) - clients.begin());
    }
    lanes.items.push_back({i, lane, LookOf(step)});
    arrows.Look(lanes, lanes.items.size() - 1);
  }
  return lanes;
}

void AppendJsonString(std::string& json, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  json += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += {'\\', c};
    } else if (byte < 0x20 || byte >= 0x7f || c == '<') {  // '<' so that the text can stand in a page's script
      json += {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      json += c;
    }
  }
  json += '"';
}

}  // namespace reprise
