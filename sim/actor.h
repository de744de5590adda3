// Actor: who asks for a choice, or does a step, in a simulated run.
//
// An ActorName is what people and tapes read: "server", "client.2", "conn.2.3" (the third connection that client 2
// opened). Within a run an Actor is its number in the ActorTable, in the order of first appearance.
#ifndef REPRISE_SIM_ACTOR_H_
#define REPRISE_SIM_ACTOR_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "loop/status.h"

namespace reprise {

enum class ActorKind : uint8_t {
  kWorld,       // "world": the network between, and the clocks
  kServer,      // "server": the program under test
  kClient,      // "client.I": one client of the workload
  kConnection,  // "conn.I.N": the Nth connection (from 0) of client I
  kOutgoing,    // "out.N": the Nth connection that the server opened
  kIncoming,    // "in.N": the accepting end of that connection, when the server has it too
  kListener,    // "listener.N": the Nth listener
  kScript,      // "script.I": the workload's own choices
};

struct ActorName {
  ActorKind kind = ActorKind::kWorld;
  uint32_t index = 0;
  uint32_t part = 0;  // kConnection only

  uint64_t Hash() const;
  std::string ToString() const;
  // Errors: kInvalidArgument.
  static Result<ActorName> Parse(std::string_view text);

  friend auto operator<=>(const ActorName&, const ActorName&) = default;
};

struct Actor {
  uint32_t id = 0;

  friend bool operator==(Actor, Actor) = default;
};

class ActorTable {
 public:
  ActorTable();

  static constexpr Actor kWorld{0};
  static constexpr Actor kServer{1};

  // A new actor. REQUIRES: no actor has this name yet (two with one name would share their choices).
  Actor Add(ActorName name);
  const ActorName& name(Actor actor) const { return names_[actor.id]; }
  uint64_t hash(Actor actor) const { return hashes_[actor.id]; }
  size_t size() const { return names_.size(); }

 private:
  std::vector<ActorName> names_;
  std::vector<uint64_t> hashes_;
};

}  // namespace reprise

#endif  // REPRISE_SIM_ACTOR_H_
