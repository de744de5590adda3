// BreakWatch: notes which connections a fault was out to break, so that all others are held to a higher standard.
#ifndef REPRISE_PROPTESTS_SIMULATION_BREAK_WATCH_H_
#define REPRISE_PROPTESTS_SIMULATION_BREAK_WATCH_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "sim/choice_source.h"

namespace reprise {

class BreakWatch final : public ChoiceSource {
 public:
  // Borrows the source that answers.
  explicit BreakWatch(ChoiceSource& source) : source_(source) {}

  uint64_t Answer(const ChoiceRequest& request) override {
    const uint64_t value = source_.Answer(request);
    if (value != 0 && Breaks(request.name.site)) {
      Note(request.name.actor);
    }
    return value;
  }
  bool KeepsToRates() const override { return source_.KeepsToRates(); }

  // Something else was out to break this connection.
  void NoteBroken(uint32_t client, uint32_t connection) {
    broken_.push_back({ActorKind::kConnection, client, connection});
  }

  // Something was out to break a connection, and nobody knows which.
  bool anyones() const { return anyones_; }
  // The connections of this client that something was out to break, by their numbers from 0.
  std::vector<uint32_t> Of(uint32_t client) const {
    std::vector<uint32_t> connections;
    for (const ActorName& name : broken_) {
      if (name.index == client) {
        connections.push_back(name.part);
      }
    }
    return connections;
  }

 private:
  static bool Breaks(Site site) {
    static constexpr std::array kBreaking = {Site::kConnReset,     Site::kConnVanish,  Site::kConnClose,
                                             Site::kConnHalfClose, Site::kConnectFail, Site::kAcceptAborted,
                                             Site::kRegisterFail,  Site::kChangeFail};
    return std::find(kBreaking.begin(), kBreaking.end(), site) != kBreaking.end();
  }
  void Note(const ActorName& actor) {
    if (actor.kind == ActorKind::kConnection) {
      broken_.push_back(actor);
    } else {
      anyones_ = true;
    }
  }

  ChoiceSource& source_;
  std::vector<ActorName> broken_;
  bool anyones_ = false;
};

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_SIMULATION_BREAK_WATCH_H_
